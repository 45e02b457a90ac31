//! The log's own signature on its checkpoints. It never looks at what the tree holds: sign only
//! roots that were computed.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use signed_note::{Note, Signature};

use super::verifier_key::SignatureType;
use super::{Checkpoint, Hash, Origin, SignedCheckpoint, TlogError};

/// Signs the checkpoints of one log with its Ed25519 key. The key is wiped when this is
/// dropped and never shown.
#[derive(Debug)]
pub struct CheckpointSigner {
    origin: Origin,
    key_id: u32,
    key: SigningKey,
}

impl CheckpointSigner {
    /// The signer of the log `origin` with `key`.
    pub fn new(origin: Origin, key: SigningKey) -> Self {
        let key_id = SignatureType::Ed25519.key_id(&origin, &key.verifying_key());
        Self { origin, key_id, key }
    }

    /// The name of the log.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The public half of the key.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The key, for the receipts of the same log.
    pub(crate) const fn signing_key(&self) -> &SigningKey {
        &self.key
    }

    /// The signed checkpoint of the tree of `size` leaves with this `root`. Ed25519 is
    /// deterministic: the same checkpoint gives the same note.
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`] or [`TlogError::EmptyTreeRoot`]: what a verifier would
    /// refuse is not signed.
    ///
    /// ```
    /// use deedbook::tlog::{CheckpointSigner, CheckpointVerifier, EMPTY_ROOT, Origin};
    /// use ed25519_dalek::SigningKey;
    ///
    /// let origin = Origin::new("register.example")?;
    /// let signer = CheckpointSigner::new(origin.clone(), SigningKey::from_bytes(&[7; 32]));
    /// let signed = signer.sign(0, EMPTY_ROOT)?;
    /// let verifier = CheckpointVerifier::new(origin, signer.verifying_key())?;
    /// assert_eq!(verifier.verify(&signed.note)?, signed.checkpoint);
    /// # Ok::<(), deedbook::tlog::TlogError>(())
    /// ```
    pub fn sign(&self, size: u64, root: Hash) -> Result<SignedCheckpoint, TlogError> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        checkpoint.check()?;
        let text = checkpoint.to_text();
        let signature = self.key.sign(text.as_bytes()).to_vec();
        let name = self.origin.as_str().to_owned();
        let note = Signature::new(name, self.key_id, signature)
            .and_then(|signature| Note::new(text.as_bytes(), &[signature]))
            .map_err(|_| TlogError::NoteMalformed)?;
        let note = String::from_utf8(note.to_bytes()).map_err(|_| TlogError::NoteMalformed)?;
        Ok(SignedCheckpoint { checkpoint, note })
    }
}
