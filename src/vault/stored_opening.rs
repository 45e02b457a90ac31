//! One record of the vault file: an opening as deterministic CBOR,
//! `{"v": 1, "salt": bstr, "opening": bstr, "commitment": bstr}`, keys in that order. Never
//! accepts other bytes for the same opening.

use std::fmt;
use std::io::{ErrorKind, Read};

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::VaultError;
use super::opening::{MAX_OPENING_SIZE_BYTES, Opening};
use crate::record::{Commitment, Salt};

/// The version of the record format that is written and read.
pub(super) const VERSION: u64 = 1;

/// Longest record: the longest opening, and 101 bytes of salt, commitment, keys and headers.
pub(super) const MAX_RECORD_SIZE_BYTES: u64 = MAX_OPENING_SIZE_BYTES as u64 + 101;

/// The last key of a record.
const LAST_KEY: &[u8] = b"commitment";

/// Bytes that follow the last key in a whole record: two of header and 32 of commitment.
const AFTER_LAST_KEY_SIZE_BYTES: usize = 34;

/// What stands next in a vault.
pub(super) enum Next {
    /// Nothing: the file ends where a record does.
    End,
    /// A whole record.
    Record { opening: Opening, stored: Commitment, size_bytes: u64 },
    /// The start of a record whose rest was never written, as a crash leaves it.
    Torn,
    /// A whole record of another version.
    Version { found: u64 },
    /// None of these.
    Damage,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOpening {
    v: u64,
    salt: ByteString,
    opening: ByteString,
    commitment: ByteString,
}

/// The record of an opening.
pub(super) fn encode(opening: &Opening) -> Result<Vec<u8>, VaultError> {
    StoredOpening {
        v: VERSION,
        salt: ByteString(opening.salt().as_bytes().to_vec()),
        opening: ByteString(opening.bytes().to_vec()),
        commitment: ByteString(opening.commitment().as_bytes().to_vec()),
    }
    .to_cbor()
}

/// Reads what stands next, of a file with `remaining` bytes more. Never takes more than the longest
/// record from the reader.
pub(super) fn read_next(reader: impl Read, remaining: u64) -> Result<Next, std::io::Error> {
    if remaining == 0 {
        return Ok(Next::End);
    }
    let mut seen = Seen { reader: reader.take(MAX_RECORD_SIZE_BYTES), bytes: Vec::new() };
    match ciborium::from_reader::<StoredOpening, _>(&mut seen) {
        Ok(stored) => Ok(stored.checked(&seen.bytes)),
        Err(ciborium::de::Error::Io(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            // A wrong length in the middle of the file also runs into its end. What tells the two
            // apart: behind a wrong length stands the end of at least one whole record, and that
            // must never be cut away.
            let torn = remaining <= MAX_RECORD_SIZE_BYTES && !holds_end_of_record(&seen.bytes);
            Ok(if torn { Next::Torn } else { Next::Damage })
        }
        Err(ciborium::de::Error::Io(error)) => Err(error),
        Err(_) => Ok(Next::Damage),
    }
}

fn holds_end_of_record(bytes: &[u8]) -> bool {
    bytes
        .windows(LAST_KEY.len() + AFTER_LAST_KEY_SIZE_BYTES)
        .any(|window| window.starts_with(LAST_KEY))
}

impl StoredOpening {
    fn to_cbor(&self) -> Result<Vec<u8>, VaultError> {
        let mut bytes = Vec::with_capacity(self.opening.0.len() + 101);
        ciborium::into_writer(self, &mut bytes).map_err(|_| VaultError::Encoding)?;
        Ok(bytes)
    }

    fn checked(self, seen: &[u8]) -> Next {
        if self.to_cbor().as_deref() != Ok(seen) {
            return Next::Damage;
        }
        if self.v != VERSION {
            return Next::Version { found: self.v };
        }
        let salt = <[u8; 32]>::try_from(self.salt.0.as_slice());
        let stored = <[u8; 32]>::try_from(self.commitment.0.as_slice());
        let (Ok(salt), Ok(stored)) = (salt, stored) else {
            return Next::Damage;
        };
        match Opening::new(Salt::from_bytes(salt), self.opening.0) {
            Ok(opening) => Next::Record {
                opening,
                stored: Commitment::from_bytes(stored),
                size_bytes: seen.len() as u64,
            },
            Err(_) => Next::Damage,
        }
    }
}

/// Keeps what was read, so that it can be compared with the one encoding that is accepted.
struct Seen<R> {
    reader: R,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Seen<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

/// A CBOR byte string; `Vec<u8>` itself would be an array of numbers.
struct ByteString(Vec<u8>);

impl Serialize for ByteString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for ByteString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(ByteStringVisitor)
    }
}

struct ByteStringVisitor;

impl Visitor<'_> for ByteStringVisitor {
    type Value = ByteString;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a byte string")
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<ByteString, E> {
        if bytes.len() > MAX_OPENING_SIZE_BYTES {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        Ok(ByteString(bytes))
    }
}
