//! The one way 32-byte values are written for people: 64 lower-case hexadecimal digits.
//! Never accepts a second spelling of the same value.

use thiserror::Error;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Digits in the written form of 32 bytes.
pub const DIGITS_OF_32_BYTES: usize = 64;

/// Why a text is not 32 bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HexError {
    /// The text has another length than 64 characters.
    #[error("hexadecimal text has {found} characters, must have {needed}")]
    Length {
        /// Characters found.
        found: usize,
        /// Characters needed.
        needed: usize,
    },
    /// A character is not one of `0-9a-f`.
    #[error("character `{}` at position {position} is not one of 0-9 or a-f", found.escape_debug())]
    Digit {
        /// The character found.
        found: char,
        /// Where it stands, counted from 0.
        position: usize,
    },
}

/// Writes bytes as lower-case hexadecimal digits.
///
/// ```
/// assert_eq!(deedbook::record::hex::encode(&[0x0a, 0xff]), "0aff");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
    }
    text
}

/// Reads 32 bytes from exactly 64 lower-case hexadecimal digits.
///
/// # Errors
/// [`HexError`] for another length or another character; upper case is another character.
///
/// ```
/// use deedbook::record::hex;
/// assert_eq!(hex::decode_32(&"0f".repeat(32)), Ok([0x0f; 32]));
/// assert!(hex::decode_32("0f").is_err());
/// ```
pub fn decode_32(text: &str) -> Result<[u8; 32], HexError> {
    let found = text.chars().count();
    if found != DIGITS_OF_32_BYTES {
        return Err(HexError::Length { found, needed: DIGITS_OF_32_BYTES });
    }
    let mut bytes = [0_u8; 32];
    for (position, found) in text.chars().enumerate() {
        let value = match found {
            '0'..='9' => found as u8 - b'0',
            'a'..='f' => found as u8 - b'a' + 10,
            _ => return Err(HexError::Digit { found, position }),
        };
        bytes[position / 2] = bytes[position / 2] << 4 | value;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_the_round_trip() {
        for start in (0..=255_u8).step_by(32) {
            let bytes: [u8; 32] = std::array::from_fn(|index| start + index as u8);
            assert_eq!(decode_32(&encode(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn other_lengths_and_spellings_are_refused() {
        assert_eq!(decode_32("ab"), Err(HexError::Length { found: 2, needed: 64 }));
        assert_eq!(decode_32(&"ä".repeat(32)), Err(HexError::Length { found: 32, needed: 64 }));
        let upper = format!("{}A{}", "0".repeat(9), "0".repeat(54));
        assert_eq!(decode_32(&upper), Err(HexError::Digit { found: 'A', position: 9 }));
        let wide = format!("{}é", "0".repeat(63));
        assert_eq!(decode_32(&wide), Err(HexError::Digit { found: 'é', position: 63 }));
    }
}
