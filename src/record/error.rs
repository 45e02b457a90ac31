//! What can be wrong with a record or a statement taken by itself.

use super::Timestamp;
use crate::cbor::{self, CborError};
use crate::money::MoneyError;
use thiserror::Error;

/// A statement, a record or a part of one that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecordError {
    /// An identifier that is not 64 hexadecimal digits.
    #[error("identifier `{found}` is not 64 hexadecimal digits")]
    Identifier {
        /// What was found.
        found: String,
    },
    /// A handle or slug of the wrong shape.
    #[error("{what} `{found}` must be 1 to 40 of a-z, 0-9 and single inner hyphens, with a letter")]
    Handle {
        /// Handle or slug.
        what: &'static str,
        /// What was found.
        found: String,
    },
    /// A content code that is not one of 64 bits, or not of the kind that its place asks for.
    #[error(
        "content code `{found}` must be `ISCC:` and 16 digits of base32, 55 for a text, of the kind \
         asked for; an Instance code begins the digest"
    )]
    ContentCode {
        /// What was found.
        found: String,
    },
    /// A text without content.
    #[error("{what} is empty")]
    TextEmpty {
        /// Which text.
        what: &'static str,
    },
    /// A text with white space around it.
    #[error("{what} starts or ends with white space")]
    TextPadded {
        /// Which text.
        what: &'static str,
    },
    /// A text over its limit.
    #[error("{what} has {found_chars} characters, at most {max_chars} are allowed")]
    TextTooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        found_chars: usize,
        /// The limit.
        max_chars: usize,
    },
    /// A control character or one that changes the direction of the text.
    #[error("{what} contains the character U+{:04X}, which could deceive a reader", *character as u32)]
    TextCharacter {
        /// Which text.
        what: &'static str,
        /// The character.
        character: char,
    },
    /// Text that is neither a date nor an RFC 3339 moment, or a day that does not exist.
    #[error("`{found}` is not a date such as 2026-03-01 or a moment such as 2026-03-01T12:00:00Z")]
    Time {
        /// What was found.
        found: String,
    },
    /// A moment outside the years 1800 to 9999.
    #[error("the moment {millis} ms after 1970 is outside the years 1800 to 9999")]
    TimeOutOfRange {
        /// Milliseconds since the epoch.
        millis: i64,
    },
    /// A period that ends before it starts.
    #[error("the period ends at {until}, not after its start at {from}")]
    PeriodEmpty {
        /// Its start.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
    },
    /// A kind of right that the statute does not name.
    #[error("`{found}` is not a kind of right")]
    Right {
        /// What was found.
        found: String,
    },
    /// A country code that ISO 3166-1 does not assign.
    #[error("`{found}` is not a country code of ISO 3166-1")]
    Country {
        /// What was found.
        found: String,
    },
    /// A list with nothing in it, too much in it, a repetition, or out of order.
    #[error("{what}: {found} entries, must be {needed}")]
    List {
        /// Which list.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// What is needed.
        needed: &'static str,
    },
    /// A number out of range.
    #[error("{what} is {found}, must be {needed}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Its value.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// An amount or a share that does not hold.
    #[error("{what}: {error}")]
    Money {
        /// Where it stands.
        what: &'static str,
        /// What is wrong with it.
        error: MoneyError,
    },
    /// Bytes that are not the CBOR that the format asks for.
    #[error("not a Deedbook statement: {reason}")]
    Malformed {
        /// What was found, as the decoder says it.
        reason: String,
    },
    /// Bytes that say the right thing in another than the one canonical way (RFC 8949 section 4.2.1).
    #[error("{what} is not in canonical form")]
    NotCanonical {
        /// Which part.
        what: &'static str,
    },
    /// A statement or entry over its limit.
    #[error("{what} has {found_bytes} bytes, at most {max_bytes} are allowed")]
    TooLarge {
        /// Statement or entry.
        what: &'static str,
        /// Its size.
        found_bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
    /// A record format that this program does not know.
    #[error("record version {found} is unknown, this program knows version 1")]
    Version {
        /// What was found.
        found: u64,
    },
    /// A subject that is not the one its record has.
    #[error("the header names the subject `{found}`, the record has `{needed}`")]
    Subject {
        /// In the header.
        found: String,
        /// Of the record.
        needed: String,
    },
    /// A public key that cannot be used.
    #[error("{reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
    /// A signature that is not by the key that the statement names.
    #[error("the signature is not by the key {kid}")]
    Signature {
        /// The thumbprint of the key.
        kid: String,
    },
}

impl From<CborError> for RecordError {
    fn from(error: CborError) -> Self {
        match error {
            CborError::Malformed { reason } => Self::Malformed { reason },
            CborError::NotCanonical { what } => Self::NotCanonical { what },
        }
    }
}

/// The refusal of bytes that are not what the format asks for, shown so that it cannot deceive.
pub(super) fn malformed(reason: impl AsRef<str>) -> RecordError {
    cbor::malformed(reason).into()
}
