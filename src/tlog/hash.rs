//! The 32 bytes of a SHA-256 tree hash. It says nothing about what was hashed.

use std::fmt;
use std::str::FromStr;

use super::TlogError;

/// Size of a [`struct@Hash`] in bytes.
pub const HASH_SIZE_BYTES: usize = 32;

/// A SHA-256 hash of the log: of a leaf, a subtree or a whole tree (its root).
///
/// Shown as 64 lower-case hexadecimal digits, and read back from exactly that, so that one
/// hash has one spelling.
///
/// ```
/// use deedbook::tlog::{EMPTY_ROOT, Hash};
///
/// let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// assert_eq!(text.parse::<Hash>(), Ok(EMPTY_ROOT));
/// assert_eq!(EMPTY_ROOT.to_string(), text);
/// assert!(text.to_uppercase().parse::<Hash>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_SIZE_BYTES]);

impl Hash {
    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; HASH_SIZE_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    pub const fn to_bytes(self) -> [u8; HASH_SIZE_BYTES] {
        self.0
    }

    /// The bytes of the hash, borrowed.
    pub const fn as_bytes(&self) -> &[u8; HASH_SIZE_BYTES] {
        &self.0
    }
}

impl From<[u8; HASH_SIZE_BYTES]> for Hash {
    fn from(bytes: [u8; HASH_SIZE_BYTES]) -> Self {
        Self(bytes)
    }
}

impl From<Hash> for [u8; HASH_SIZE_BYTES] {
    fn from(hash: Hash) -> Self {
        hash.0
    }
}

/// Refuses any length but 32 with [`TlogError::HashLength`].
impl TryFrom<&[u8]> for Hash {
    type Error = TlogError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        match bytes.try_into() {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_) => Err(TlogError::HashLength { found: bytes.len() }),
        }
    }
}

impl From<tlog_tiles::Hash> for Hash {
    fn from(hash: tlog_tiles::Hash) -> Self {
        Self(hash.0)
    }
}

impl From<Hash> for tlog_tiles::Hash {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

/// Refuses all but 64 lower-case hexadecimal digits with [`TlogError::HashTextLength`] or
/// [`TlogError::HashDigit`].
impl FromStr for Hash {
    type Err = TlogError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 2 * HASH_SIZE_BYTES {
            return Err(TlogError::HashTextLength { found: text.len() });
        }
        let mut bytes = [0; HASH_SIZE_BYTES];
        for (position, found) in text.char_indices() {
            let digit = match found {
                '0'..='9' => found as u8 - b'0',
                'a'..='f' => found as u8 - b'a' + 10,
                _ => return Err(TlogError::HashDigit { found, position }),
            };
            let byte = &mut bytes[position / 2];
            *byte = (*byte << 4) | digit;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_and_only_its_own_spelling_is_read() {
        let bytes: [u8; HASH_SIZE_BYTES] = std::array::from_fn(|place| (place * 37) as u8);
        let hash = Hash::from_bytes(bytes);
        let text = hash.to_string();
        assert!(text.starts_with("00254a6f94b9de03"), "{text}");
        assert_eq!(text.parse(), Ok(hash));
        assert_eq!(format!("{hash:?}"), format!("Hash({text})"));
        assert_eq!(hash.to_bytes(), bytes);
        assert_eq!(Hash::try_from(bytes.as_slice()), Ok(hash));

        assert_eq!(text[1..].parse::<Hash>(), Err(TlogError::HashTextLength { found: 63 }));
        assert_eq!(
            text.replacen('a', "A", 1).parse::<Hash>(),
            Err(TlogError::HashDigit { found: 'A', position: 5 })
        );
        // A character of two bytes in the middle, with the length in bytes right.
        assert_eq!(
            format!("{}é{}", &text[..3], &text[5..]).parse::<Hash>(),
            Err(TlogError::HashDigit { found: 'é', position: 3 })
        );
        for found in [0, 31, 33] {
            assert_eq!(
                Hash::try_from(vec![0; found].as_slice()),
                Err(TlogError::HashLength { found })
            );
        }
    }
}
