//! Fixed keys that sign.

use deedbook::record::{PublicKey, SignatureError, Signer};
use ed25519_dalek::Signer as _;

/// A private key made from one fixed byte, so that the same name always signs the same bytes.
pub(crate) enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Key {
    /// The ledger's own key.
    pub(crate) fn ledger() -> Self {
        Self::ed25519(1)
    }

    /// The key of the provider `northlight`.
    pub(crate) fn northlight() -> Self {
        Self::ed25519(2)
    }

    /// The key of the creator `wen`.
    pub(crate) fn wen() -> Self {
        Self::ed25519(3)
    }

    /// The Ed25519 key of a seed of 32 equal bytes.
    pub(crate) fn ed25519(seed: u8) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }

    /// The P-256 key of a secret of 32 equal bytes, which must not be zero.
    pub(crate) fn p256(seed: u8) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }
}

impl Signer for Key {
    fn public_key(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap(),
            Self::P256(key) => {
                let point = key.verifying_key().to_encoded_point(true);
                PublicKey::p256(point.as_bytes()).unwrap()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::P256(key) => {
                // RFC 6979: the same message always gets the same signature.
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        })
    }
}
