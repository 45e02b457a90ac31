//! The opening of a ledger: entry 0, signed by the ledger's own key.

use super::{Body, Name, Note, PublicKey, RecordError, wire};
use crate::tlog::Origin;
use serde::{Deserialize, Serialize};

/// The ledger's name, its origin in checkpoints, its key and its registration policy, which are
/// themselves registered, as the SCITT architecture asks (RFC 9943 section 5.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// The key that signs checkpoints; Ed25519.
    #[serde(with = "wire::public_key")]
    pub key: PublicKey,
    /// The name for people.
    pub name: Name,
    /// The name in checkpoints.
    #[serde(with = "wire::text")]
    pub origin: Origin,
    /// By which rules statements are admitted.
    pub policy: Note,
}

impl Body for Ledger {
    fn subject(&self) -> String {
        self.origin.to_string()
    }

    fn check(&self) -> Result<(), RecordError> {
        match self.key {
            PublicKey::Ed25519(_) => Ok(()),
            PublicKey::P256(_) => {
                Err(RecordError::Key { reason: "the ledger's key must be Ed25519".to_owned() })
            }
        }
    }
}
