//! The Text code of one text (ISO 24138): 256 bits, the lowest four bits of 64 minima.
//!
//! Each minimum is taken by a hash function of its own over all runs of thirteen letters of the text, so that
//! two texts have a minimum in common as often as their runs are the same ones. The shorter Text code of 64 bits
//! is the beginning of this one, and tells of a minimum its lowest bit alone: of two texts with every tenth
//! word changed it differs in 15 of 64 bits, of texts that have nothing in common in 32. With four bits, minima
//! that differ are the same by chance one time in sixteen instead of every other time.

use super::RecordError;
use super::content_code::{ALPHABET, DIGIT_BITS, PREFIX};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Main type and subtype Text, version 0, 256 bits (ISO 24138: the header of an ISCC-UNIT).
const HEADER: [u8; 2] = [0x20, 0x07];
/// Header and body are 272 bits, in digits of five; the last one has three bits that are nought.
const DIGITS: usize = 55;
const BYTES: usize = 34;

/// A Text code of 256 bits, written `ISCC:` and 55 digits of base32.
///
/// ```
/// use deedbook::record::TextCode;
/// let code = TextCode::from_bytes([0x5a; 32]);
/// assert_eq!(code.to_string().parse(), Ok(code));
/// // One bit of the first minimum, and two of the second.
/// let mut bytes = [0x5a; 32];
/// bytes[0] ^= 0b1100_0000;
/// bytes[8] ^= 0b0100_0000;
/// assert_eq!(code.distance(TextCode::from_bytes(bytes)), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextCode([u8; 32]);

impl TextCode {
    /// How many minima.
    pub const FEATURES: u32 = 64;

    /// The code of these bytes: the lowest bit of each minimum, then the next one of each.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// In how many of the 64 minima two texts differ, as far as four bits of each tell: 60 where they have
    /// nothing in common.
    pub fn distance(self, other: Self) -> u32 {
        let pairs = self.words().into_iter().zip(other.words());
        pairs.fold(0, |differing, (one, other)| differing | (one ^ other)).count_ones()
    }

    /// The four bits of a minimum, from 0 to 15.
    pub(crate) fn feature(self, place: u32) -> u8 {
        let shift = Self::FEATURES - 1 - place % Self::FEATURES;
        let bit = |feature: u8, word: u64| feature << 1 | u8::from(word >> shift & 1 == 1);
        self.words().into_iter().fold(0, bit)
    }

    /// The same bits, one of each minimum a word.
    fn words(self) -> [u64; 4] {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(self.0.chunks_exact(8)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        words
    }
}

impl fmt::Display for TextCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(PREFIX)?;
        let (mut held, mut bits) = (0_u32, 0);
        let mut written = 0;
        for byte in HEADER.iter().chain(&self.0).copied().chain([0]) {
            (held, bits) = (held << 8 | u32::from(byte), bits + 8);
            while bits >= DIGIT_BITS && written < DIGITS {
                bits -= DIGIT_BITS;
                let letter = ALPHABET.get((held >> bits & 31) as usize);
                write!(formatter, "{}", char::from(*letter.unwrap_or(&b'A')))?;
                written += 1;
            }
            held &= (1 << bits) - 1;
        }
        Ok(())
    }
}

impl FromStr for TextCode {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self, RecordError> {
        let refused = || RecordError::ContentCode { found: text.to_owned() };
        let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == DIGITS);
        let mut bytes = Vec::with_capacity(BYTES);
        let (mut held, mut bits) = (0_u32, 0);
        for digit in digits.ok_or_else(refused)?.bytes() {
            let value = ALPHABET.iter().position(|letter| *letter == digit).ok_or_else(refused)?;
            (held, bits) = (held << DIGIT_BITS | value as u32, bits + DIGIT_BITS);
            if bits >= 8 {
                bits -= 8;
                bytes.extend(u8::try_from(held >> bits));
                held &= (1 << bits) - 1;
            }
        }
        let body = bytes.strip_prefix(&HEADER).filter(|_| held == 0);
        let body = body.and_then(|body| body.try_into().ok());
        body.map(Self).ok_or_else(refused)
    }
}

impl TryFrom<String> for TextCode {
    type Error = RecordError;

    fn try_from(text: String) -> Result<Self, RecordError> {
        text.parse()
    }
}

impl From<TextCode> for String {
    fn from(code: TextCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// From PyPI iscc-core 1.5.0: `gen_text_code_v0("The spring breeze brings tenderness.", 256)`.
    const SPRING: &str = "ISCC:EAD6L2FVLYHYPWVA5WY6GTO56AXXPMHMJESHRTSLAUXKSZEVLMOPBSQ";

    #[test]
    fn what_the_reference_writes_is_read_and_written_again() {
        let code: TextCode = SPRING.parse().unwrap();
        assert_eq!(code.to_string(), SPRING);
    }

    #[test]
    fn what_is_no_text_code_of_256_bits_is_refused() {
        let other_type = SPRING.replacen("EAD", "EED", 1);
        let shorter = SPRING.replacen("EAD", "EAB", 1);
        // The last digit has three bits behind the code.
        let loose = format!("{}B", &SPRING[..SPRING.len() - 1]);
        for bad in ["", "ISCC:EAAXL2XYM5BQIAZ3", &SPRING[5..], &other_type, &shorter, &loose] {
            let expected = RecordError::ContentCode { found: bad.to_owned() };
            assert_eq!(bad.parse::<TextCode>(), Err(expected));
        }
    }

    proptest! {
        #[test]
        fn text_and_bytes_are_the_same_code(bytes: [u8; 32], other: [u8; 32]) {
            let code = TextCode::from_bytes(bytes);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
            let other = TextCode::from_bytes(other);
            let naive = (0..64).filter(|place| code.feature(*place) != other.feature(*place));
            prop_assert_eq!(code.distance(other) as usize, naive.count());
        }
    }
}
