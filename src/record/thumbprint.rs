//! The name of a key: its COSE key thumbprint (RFC 9679) with SHA-256. Never holds a key.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::hex::{self, HexError};

/// The COSE key thumbprint of a public key (RFC 9679), 32 bytes of SHA-256.
///
/// This is the `kid` of a statement. It is written as 64 lower-case hexadecimal digits.
///
/// ```
/// use deedbook::record::Thumbprint;
/// let text = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
/// let thumbprint: Thumbprint = text.parse()?;
/// assert_eq!(thumbprint.to_string(), text);
/// # Ok::<(), deedbook::record::hex::HexError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Takes a thumbprint as it stands in a statement's protected header or in a stored row.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Hashes the deterministic CBOR of a COSE_Key that holds its required members only
    /// (RFC 9679 sections 3 and 4).
    pub(super) fn of_cose_key(deterministic_cbor: &[u8]) -> Self {
        Self(Sha256::digest(deterministic_cbor).into())
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Thumbprint({self})")
    }
}

impl FromStr for Thumbprint {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        hex::decode_32(text).map(Self)
    }
}
