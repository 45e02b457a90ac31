//! Rotation of keys: a party adds one and revokes another.

use super::{Body, Note, PublicKey, RecordError, RecordId, Thumbprint, wire};
use serde::{Deserialize, Serialize};

/// Signatures of both algorithms have this length.
const POSSESSION_SIZE_BYTES: usize = 64;

/// A further key of the party that signs, with proof that the party has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyAdded {
    /// The new key.
    #[serde(with = "wire::public_key")]
    pub key: PublicKey,
    /// Signature of [`possession_message`] by the new key, so that nobody can add a stranger's.
    #[serde(with = "wire::short_bytes")]
    pub possession: Vec<u8>,
}

/// What a new key signs to show that the party holds it.
pub fn possession_message(party: RecordId, key: Thumbprint) -> Vec<u8> {
    let mut message = b"deedbook key possession v1\n".to_vec();
    message.extend_from_slice(party.as_bytes());
    message.extend_from_slice(key.as_bytes());
    message
}

impl Body for KeyAdded {
    fn subject(&self) -> String {
        format!("key:{}", self.key.thumbprint())
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = self.possession.len();
        if found != POSSESSION_SIZE_BYTES {
            return Err(RecordError::Key {
                reason: format!(
                    "the proof of possession has {found} bytes, must be {POSSESSION_SIZE_BYTES}"
                ),
            });
        }
        Ok(())
    }
}

/// A key is not to be trusted from the registration of this record on. What it signed and had
/// registered before stays valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRevoked {
    /// The key.
    pub kid: Thumbprint,
    /// Why.
    pub reason: Note,
}

impl Body for KeyRevoked {
    fn subject(&self) -> String {
        format!("key:{}", self.kid)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
