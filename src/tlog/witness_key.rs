//! The public key of a witness and the checks that it makes possible. It never says whether the
//! witness is to be trusted: that is a policy's.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;

use super::checkpoint::open_note;
use super::verifier_key::SignatureType;
use super::{Checkpoint, Cosignature, CosignatureError, Origin, TlogError};

/// A witness by its name and Ed25519 key (C2SP tlog-cosignature). Shown, and read, as a verifier
/// key of type 0x04.
///
/// ```
/// use deedbook::tlog::{CosignatureSigner, Origin, WitnessKey};
/// use ed25519_dalek::SigningKey;
///
/// let name = Origin::new("witness.example/w1")?;
/// let signer = CosignatureSigner::new(name, SigningKey::from_bytes(&[9; 32]))?;
/// let text = signer.witness().to_string();
/// assert!(text.starts_with("witness.example/w1+"));
/// assert_eq!(&text.parse::<WitnessKey>()?, signer.witness());
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: Origin,
    key_id: u32,
    key: VerifyingKey,
}

impl WitnessKey {
    /// The witness of this name with this key.
    ///
    /// # Errors
    /// [`TlogError::KeyWeak`] for a key of small order.
    pub fn new(name: Origin, key: VerifyingKey) -> Result<Self, TlogError> {
        if key.is_weak() {
            return Err(TlogError::KeyWeak);
        }
        let key_id = SignatureType::Cosignature.key_id(&name, &key);
        Ok(Self { name, key_id, key })
    }

    /// The name under which the witness signs.
    pub const fn name(&self) -> &Origin {
        &self.name
    }

    /// The id of the key in signature lines.
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The key.
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The cosignature of this witness among the lines of an answer of a witness, not verified.
    /// Lines of other keys are not looked at, as C2SP tlog-witness asks.
    ///
    /// # Errors
    /// [`CosignatureError::Lines`], [`CosignatureError::Missing`],
    /// [`CosignatureError::Repeated`], [`CosignatureError::Length`] or
    /// [`CosignatureError::Time`].
    pub fn find(&self, lines: &str) -> Result<Cosignature, CosignatureError> {
        if lines.len() > super::MAX_NOTE_SIZE_BYTES || !lines.ends_with('\n') {
            return Err(CosignatureError::Lines);
        }
        let line = |line: &str| signed_note::Signature::from_bytes(line.as_bytes());
        let lines: Result<Vec<_>, _> = lines.lines().map(line).collect();
        self.own(&lines.map_err(|_| CosignatureError::Lines)?)
    }

    /// The checkpoint in this note and the cosignature of this witness on it, verified. Who signed
    /// the note beside the witness is not asked, and extension lines are allowed.
    ///
    /// # Errors
    /// [`CosignatureError::Note`] for a note that holds no checkpoint; those of
    /// [`WitnessKey::find`] and of [`Cosignature::verify`].
    pub fn verify(&self, note: &str) -> Result<(Checkpoint, Cosignature), CosignatureError> {
        let (text, lines) = open_note(note)?;
        let (checkpoint, _) = Checkpoint::from_extended_text(&text)?;
        let cosignature = self.own(&lines)?;
        cosignature.verify(&text)?;
        Ok((checkpoint, cosignature))
    }

    fn own(&self, lines: &[signed_note::Signature]) -> Result<Cosignature, CosignatureError> {
        let is_own = |line: &&signed_note::Signature| {
            line.name() == self.name.as_str() && line.id() == self.key_id
        };
        let own: Vec<_> = lines.iter().filter(is_own).collect();
        match own.as_slice() {
            [line] => Cosignature::from_bytes(self.clone(), line.signature()),
            [] => Err(CosignatureError::Missing { witness: self.name.clone() }),
            repeated => Err(CosignatureError::Repeated { found: repeated.len() }),
        }
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&SignatureType::Cosignature.write(&self.name, &self.key))
    }
}

/// Refuses all but the one text that the key is shown as, with [`TlogError::VerifierKeyMalformed`],
/// [`TlogError::VerifierKeyType`], [`TlogError::VerifierKeyId`], [`TlogError::KeyWeak`] or those of
/// [`Origin::new`].
impl FromStr for WitnessKey {
    type Err = TlogError;

    fn from_str(text: &str) -> Result<Self, TlogError> {
        let (name, key) = SignatureType::Cosignature.read(text)?;
        Self::new(name, key)
    }
}
