//! Commitments to texts that stay private. A commitment is public and stands in a record; the
//! salt and the exact bytes that open it do not. Never hashes a text without a salt, because an
//! unsalted hash of a prompt can be guessed.

use std::fmt;
use std::str::FromStr;

use rand_core::{CryptoRngCore, Error};

use super::hex::{self, HexError};

/// Separates this use of BLAKE3 from every other (BLAKE3 paper, section 2.3, `derive_key`).
const KEY_CONTEXT: &str = "deedbook 2026-11 prompt commitment v1";

/// 32 secret random bytes, drawn afresh for every commitment.
///
/// There is no `Display`, and `Debug` hides the bytes: whoever has the salt can test guesses.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Draws a salt.
    ///
    /// # Errors
    /// The generator's own error, when it has no randomness to give.
    pub fn random(generator: &mut impl CryptoRngCore) -> Result<Self, Error> {
        let mut bytes = [0_u8; 32];
        generator.try_fill_bytes(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Takes a salt as it was stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(..)")
    }
}

/// The BLAKE3 keyed hash of exact bytes, under a key derived from a salt.
///
/// Written as 64 lower-case hexadecimal digits.
///
/// ```
/// use deedbook::record::{Commitment, Salt};
/// let salt = Salt::from_bytes([7; 32]);
/// let commitment = Commitment::of(&salt, b"a spring breeze");
/// assert_ne!(commitment, Commitment::of(&salt, b"a spring breeze\n"));
/// assert_eq!(commitment.to_string().parse(), Ok(commitment));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// Commits to exactly these bytes: no trimming, no change of line ends or Unicode form.
    pub fn of(salt: &Salt, bytes: &[u8]) -> Self {
        let key = blake3::derive_key(KEY_CONTEXT, &salt.0);
        Self(*blake3::keyed_hash(&key, bytes).as_bytes())
    }

    /// Takes a commitment as it stands in a record.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Commitment({self})")
    }
}

impl FromStr for Commitment {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        hex::decode_32(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same construction through the streaming interface of BLAKE3, the context spelled anew.
    fn by_hashers(salt: [u8; 32], bytes: &[u8]) -> [u8; 32] {
        let mut deriver = blake3::Hasher::new_derive_key("deedbook 2026-11 prompt commitment v1");
        for byte in salt {
            deriver.update(&[byte]);
        }
        let mut hasher = blake3::Hasher::new_keyed(deriver.finalize().as_bytes());
        for chunk in bytes.chunks(1000) {
            hasher.update(chunk);
        }
        *hasher.finalize().as_bytes()
    }

    #[test]
    fn the_streaming_interface_gives_the_same_commitment() {
        let salt: [u8; 32] = std::array::from_fn(|index| index as u8);
        for size in [0, 1, 63, 64, 1024, 1025, 100_000] {
            let bytes = vec![0x5a; size];
            let commitment = Commitment::of(&Salt::from_bytes(salt), &bytes);
            assert_eq!(commitment.as_bytes(), &by_hashers(salt, &bytes), "{size} bytes");
        }
    }

    #[test]
    fn golden_vector() {
        let salt = Salt::from_bytes(std::array::from_fn(|index| index as u8));
        assert_eq!(
            Commitment::of(&salt, "the spring breeze brings tenderness".as_bytes()).to_string(),
            "b0a5753aff9ce919fc3eefcf46d373ba66f3a5a24349c43f2c158968b469b218"
        );
    }

    #[test]
    fn salt_and_bytes_both_bind() {
        let commitment = Commitment::of(&Salt::from_bytes([1; 32]), b"text");
        assert_ne!(commitment, Commitment::of(&Salt::from_bytes([2; 32]), b"text"));
        assert_ne!(commitment, Commitment::of(&Salt::from_bytes([1; 32]), b"texT"));
        assert_ne!(commitment.as_bytes(), blake3::hash(b"text").as_bytes());
    }

    #[test]
    fn salts_are_random_and_hidden() -> Result<(), Error> {
        let first = Salt::random(&mut rand_core::OsRng)?;
        let second = Salt::random(&mut rand_core::OsRng)?;
        assert_ne!(first, second);
        assert_eq!(format!("{first:?}"), "Salt(..)");
        Ok(())
    }
}
