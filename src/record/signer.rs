//! What signs records, and why a signature is refused. Never reads a key from anywhere:
//! whoever holds a key implements [`Signer`] and passes it in.

use thiserror::Error;

use super::public_key::{Algorithm, PublicKey};

/// Something that holds a private key and signs with it.
pub trait Signer {
    /// The public half of the key that [`Signer::sign`] uses.
    fn public_key(&self) -> PublicKey;

    /// Signs a message; the result verifies under [`Signer::public_key`].
    ///
    /// Both algorithms give 64 bytes: Ed25519 as RFC 8032 has them, ES256 as `r || s`
    /// (RFC 9053 section 2.1).
    ///
    /// # Errors
    /// [`SignatureError::NotSigned`] when the key cannot sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError>;
}

/// Why a signature could not be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The signature has a length that the algorithm does not give.
    #[error("{algorithm} signature has {found} bytes, must have {needed}")]
    Length {
        /// The algorithm of the key.
        algorithm: Algorithm,
        /// Bytes found.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// The bytes are not a signature of this key over this message.
    #[error("{algorithm} signature does not verify")]
    DoesNotVerify {
        /// The algorithm of the key.
        algorithm: Algorithm,
    },
    /// The key could not sign.
    #[error("{algorithm} key could not sign")]
    NotSigned {
        /// The algorithm of the key.
        algorithm: Algorithm,
    },
}
