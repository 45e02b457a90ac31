//! One content code (ISO 24138): 64 bits that files which are alike have mostly in common. Texts have longer
//! ones: see [`super::TextCode`].

use super::{Digest, RecordError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

pub(super) const PREFIX: &str = "ISCC:";
/// Base32 without padding (RFC 4648 section 6).
pub(super) const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Two bytes of header and eight of body are sixteen digits of five bits.
const DIGITS: usize = 16;
pub(super) const DIGIT_BITS: usize = 5;
/// The second byte of the header: version 0, 64 bits (ISO 24138, the length field).
const VERSION_AND_LENGTH: u8 = 0x01;
/// Where fewer bits of a segment are set, a picture has next to no features: a regular code has 32, the
/// rest are ties. The bound is that of the reference's own check, iscc-sdk.
const LEAST_FEATURES: u32 = 8;

/// What a code was taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// The bytes, cut where their content says.
    Data,
    /// The brightness of a picture.
    Image,
    /// The bytes as a whole: the beginning of their BLAKE3.
    Instance,
}

impl CodeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Data, Self::Image, Self::Instance];

    /// The first byte of the header: main type and subtype (ISO 24138).
    const fn header(self) -> u8 {
        match self {
            Self::Data => 0x30,
            Self::Image => 0x21,
            Self::Instance => 0x40,
        }
    }

    /// The name for people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Image => "image",
            Self::Instance => "instance",
        }
    }
}

/// A code of 64 bits, written `ISCC:` and sixteen digits of base32.
///
/// ```
/// use deedbook::record::{CodeKind, ContentCode};
/// let code: ContentCode = "ISCC:EEAXL2XYM5BQIAZ3".parse()?;
/// assert_eq!(code.kind(), CodeKind::Image);
/// assert_eq!(code.to_string(), "ISCC:EEAXL2XYM5BQIAZ3");
/// assert_eq!(code.distance(ContentCode::new(CodeKind::Image, code.bits() ^ 5)), Some(2));
/// # Ok::<(), deedbook::record::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentCode {
    kind: CodeKind,
    bits: u64,
}

impl ContentCode {
    /// The code of these bits, the first one highest.
    pub const fn new(kind: CodeKind, bits: u64) -> Self {
        Self { kind, bits }
    }

    /// The Instance code of the bytes with this digest.
    pub fn instance(digest: &Digest) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
        Self::new(CodeKind::Instance, u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// What it was taken of.
    pub const fn kind(self) -> CodeKind {
        self.kind
    }

    /// Its bits, the first one highest.
    pub const fn bits(self) -> u64 {
        self.bits
    }

    /// In how many of the 64 bits two codes of one kind differ; none for codes of different kinds.
    pub fn distance(self, other: Self) -> Option<u32> {
        (self.kind == other.kind).then(|| (self.bits ^ other.bits).count_ones())
    }

    /// Whether so few bits are set that pictures without features have nearly the same code, whatever
    /// they show: uniform areas, stripes, gradients along one axis.
    pub const fn is_featureless(self) -> bool {
        matches!(self.kind, CodeKind::Image) && self.bits.count_ones() < LEAST_FEATURES
    }
}

impl fmt::Display for ContentCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = u128::from(u16::from_be_bytes([self.kind.header(), VERSION_AND_LENGTH]));
        let all = header << u64::BITS | u128::from(self.bits);
        formatter.write_str(PREFIX)?;
        for digit in (0..DIGITS).rev() {
            let value = (all >> (digit * DIGIT_BITS)) & 31;
            let letter = ALPHABET.get(usize::try_from(value).unwrap_or_default());
            write!(formatter, "{}", char::from(*letter.unwrap_or(&b'A')))?;
        }
        Ok(())
    }
}

impl FromStr for ContentCode {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self, RecordError> {
        let refused = || RecordError::ContentCode { found: text.to_owned() };
        let digits = text.strip_prefix(PREFIX).ok_or_else(refused)?;
        if digits.len() != DIGITS {
            return Err(refused());
        }
        let mut all = 0_u128;
        for digit in digits.bytes() {
            let value = ALPHABET.iter().position(|letter| *letter == digit).ok_or_else(refused)?;
            all = all << DIGIT_BITS | value as u128;
        }
        let [.., main, rest, a, b, c, d, e, f, g, h] = all.to_be_bytes();
        let kind = CodeKind::ALL.into_iter().find(|kind| kind.header() == main);
        match kind {
            Some(kind) if rest == VERSION_AND_LENGTH => {
                Ok(Self { kind, bits: u64::from_be_bytes([a, b, c, d, e, f, g, h]) })
            }
            Some(_) | None => Err(refused()),
        }
    }
}

impl TryFrom<String> for ContentCode {
    type Error = RecordError;

    fn try_from(text: String) -> Result<Self, RecordError> {
        text.parse()
    }
}

impl From<ContentCode> for String {
    fn from(code: ContentCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_the_standard_does() {
        // The same body in the three headers, as the reference writes them.
        for (text, kind) in [
            ("ISCC:EEAXL2XYM5BQIAZ3", CodeKind::Image),
            ("ISCC:GAAXL2XYM5BQIAZ3", CodeKind::Data),
            ("ISCC:IAAXL2XYM5BQIAZ3", CodeKind::Instance),
        ] {
            let code: ContentCode = text.parse().unwrap();
            assert_eq!((code.kind(), code.bits()), (kind, 0x75ea_f867_4304_033b));
            assert_eq!(code.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_code_of_64_bits_is_refused() {
        for bad in [
            "",
            "ISCC:",
            "EEAXL2XYM5BQIAZ3",
            "ISCC:EEAXL1XYM5BQIAZ3",
            "ISCC:eeaxl2xym5bqiaz3",
            "ISCC:EEAXL2XYM5BQIAZ",
            "ISCC:EEAXL2XYM5BQIAZ33",
            // A text code, an audio code, a code of 128 bits, a later version.
            "ISCC:EAAXL2XYM5BQIAZ3",
            "ISCC:EIAXL2XYM5BQIAZ3",
            "ISCC:EEBXL2XYM5BQIAZ3",
            "ISCC:EEIXL2XYM5BQIAZ3",
        ] {
            let expected = RecordError::ContentCode { found: bad.to_owned() };
            assert_eq!(bad.parse::<ContentCode>(), Err(expected));
        }
    }

    #[test]
    fn distance_is_within_a_kind() {
        let image = ContentCode::new(CodeKind::Image, 0);
        assert_eq!(image.distance(ContentCode::new(CodeKind::Image, u64::MAX)), Some(64));
        assert_eq!(image.distance(ContentCode::new(CodeKind::Data, 0)), None);
        assert!(image.is_featureless());
        assert!(!ContentCode::new(CodeKind::Image, 0xff).is_featureless());
        assert!(!ContentCode::new(CodeKind::Data, 0).is_featureless());
    }
}
