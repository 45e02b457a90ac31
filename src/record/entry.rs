//! An entry: what the ledger took in, and when.

use super::error::malformed;
use super::{RecordError, Statement, Timestamp};
use crate::cbor::{Item, Reader, write_integer};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The largest leaf of the log, in bytes: C2SP tlog-tiles writes the length of an entry in 16 bits.
pub const MAX_ENTRY_SIZE_BYTES: usize = 65_535;

/// The place of an entry in the log, counted from 0, which is the ledger's own opening.
///
/// ```
/// use deedbook::record::EntryNumber;
/// assert_eq!("#42".parse(), Ok(EntryNumber::new(42)));
/// assert_eq!("42".parse(), Ok(EntryNumber::new(42)));
/// assert_eq!(EntryNumber::new(42).to_string(), "#42");
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct EntryNumber(u64);

impl EntryNumber {
    /// The entry at this place.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The place, from 0.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for EntryNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl FromStr for EntryNumber {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        // The parser of the standard library also takes a plus sign.
        if !digits.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(malformed(format!("`{text}` is not an entry number")));
        }
        digits.parse().map(Self).map_err(|_| malformed(format!("`{text}` is not an entry number")))
    }
}

/// A statement with the moment the ledger registered it; the leaf data of the log.
///
/// Wire form: canonical CBOR `[registered_at_ms, statement]`, the statement embedded as it is
/// (tag 18), so that any CBOR tool shows all of it.
///
/// ```
/// use deedbook::record::{Entry, RecordError};
/// assert!(matches!(Entry::decode(b"not an entry"), Err(RecordError::Malformed { .. })));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the ledger took it in.
    pub registered_at: Timestamp,
    /// What was said.
    pub statement: Statement,
}

impl Entry {
    /// The leaf data of an entry, from its parts.
    pub fn leaf_data(registered_at: Timestamp, statement_bytes: &[u8]) -> Vec<u8> {
        let mut data = Vec::with_capacity(statement_bytes.len() + 10);
        data.push(0x82);
        write_integer(&mut data, registered_at.as_millis());
        data.extend_from_slice(statement_bytes);
        data
    }

    /// The leaf data, at most [`MAX_ENTRY_SIZE_BYTES`].
    pub fn to_bytes(&self) -> Vec<u8> {
        Self::leaf_data(self.registered_at, self.statement.as_bytes())
    }

    /// Reads leaf data.
    ///
    /// # Errors
    /// Bytes that are too many, malformed or not canonical.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > MAX_ENTRY_SIZE_BYTES {
            return Err(RecordError::TooLarge {
                what: "entry",
                found_bytes: bytes.len(),
                max_bytes: MAX_ENTRY_SIZE_BYTES,
            });
        }
        let mut reader = Reader::new("the entry", bytes);
        reader.expect(Item::Array(Some(2)), "an entry, an array of two")?;
        let millis = reader.integer("the time of an entry")?;
        Ok(Self {
            registered_at: Timestamp::from_millis(millis)?,
            statement: Statement::decode(&bytes[reader.offset()..])?,
        })
    }
}
