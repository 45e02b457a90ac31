//! Deterministic CBOR by hand (RFC 8949 section 4.2.1): heads, strings and integers of the frame,
//! the protected header and the envelope of a record. Bodies of records go through serde.

use super::RecordError;
use super::text;
use ciborium_ll::{Decoder, Encoder};
use std::ops::Range;

pub(super) use ciborium_ll::Header as Item;

/// Longest text that is read here, in bytes: an issuer or a subject, and an origin, which may be
/// either, has at most 255.
const MAX_TEXT_SIZE_BYTES: usize = 255;
/// Most characters of a reason: what was found may be as long as the statement.
const MAX_REASON_CHARS: usize = 200;

/// The refusal of bytes that are not what the format asks for. The reason may quote those bytes,
/// so what could deceive a reader or drive a terminal is escaped, and the length is bounded.
pub(super) fn malformed(reason: impl AsRef<str>) -> RecordError {
    let mut shown = String::new();
    for (index, character) in reason.as_ref().chars().enumerate() {
        if index == MAX_REASON_CHARS {
            shown.push('\u{2026}');
            break;
        }
        if text::is_unprintable(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    RecordError::Malformed { reason: shown }
}

/// Appends the shortest form of one item head.
pub(super) fn push(out: &mut Vec<u8>, item: Item) {
    // Writing to a vector cannot fail.
    let _ = Encoder::from(out).push(item);
}

/// Appends a byte string.
pub(super) fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push(out, Item::Bytes(Some(bytes.len())));
    out.extend_from_slice(bytes);
}

/// Appends a text string.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    push(out, Item::Text(Some(text.len())));
    out.extend_from_slice(text.as_bytes());
}

/// Appends a CBOR integer.
pub(super) fn write_integer(out: &mut Vec<u8>, value: i64) {
    push(out, u64::try_from(value).map_or_else(|_| Item::Negative(!value as u64), Item::Positive));
}

/// The size of the shortest head for an item.
fn head_size_bytes(item: &Item) -> usize {
    let argument = match *item {
        Item::Positive(value) | Item::Negative(value) | Item::Tag(value) => value,
        Item::Bytes(Some(length))
        | Item::Text(Some(length))
        | Item::Array(Some(length))
        | Item::Map(Some(length)) => length as u64,
        // Indefinite lengths, breaks, simple values and floats: none of them is ever asked for.
        Item::Bytes(None)
        | Item::Text(None)
        | Item::Array(None)
        | Item::Map(None)
        | Item::Break
        | Item::Simple(_)
        | Item::Float(_) => 0,
    };
    match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        0x1_0000_0000.. => 9,
    }
}

/// Reads the fixed shapes of entry, frame, header and envelope, in deterministic form only.
pub(super) struct Reader<'a> {
    /// What is read, for refusals.
    part: &'static str,
    bytes: &'a [u8],
    decoder: Decoder<&'a [u8]>,
    /// How far strings, which are taken as slices, have moved past the decoder's own start.
    base: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { part, bytes, decoder: Decoder::from(bytes), base: 0 }
    }

    pub(super) fn offset(&mut self) -> usize {
        self.base + self.decoder.offset()
    }

    /// Reads a head, which must be the shortest for what it says.
    fn pull(&mut self, what: &str) -> Result<Item, RecordError> {
        let start = self.offset();
        let item = self
            .decoder
            .pull()
            .map_err(|_| malformed(format!("nothing where {what} must stand")))?;
        if self.offset() - start != head_size_bytes(&item) {
            return Err(RecordError::NotCanonical { what: self.part });
        }
        Ok(item)
    }

    /// Sees to it that nothing follows.
    pub(super) fn finish(&mut self) -> Result<(), RecordError> {
        if self.offset() == self.bytes.len() {
            Ok(())
        } else {
            Err(RecordError::NotCanonical { what: self.part })
        }
    }

    pub(super) fn expect(&mut self, item: Item, what: &str) -> Result<(), RecordError> {
        if self.pull(what)? == item { Ok(()) } else { Err(malformed(format!("not {what}"))) }
    }

    /// Moves past a text that must be this key of a map.
    pub(super) fn expect_key(&mut self, key: &str) -> Result<(), RecordError> {
        let found = self.text("key")?;
        if found == key {
            Ok(())
        } else {
            Err(malformed(format!("key `{found}` where `{key}` must stand")))
        }
    }

    /// Reads an integer of at least zero.
    pub(super) fn positive(&mut self, what: &str) -> Result<u64, RecordError> {
        let value = self.integer(what)?;
        u64::try_from(value).map_err(|_| malformed(format!("{what} is {value}, below zero")))
    }

    pub(super) fn integer(&mut self, what: &str) -> Result<i64, RecordError> {
        let refused = |_| malformed(format!("{what} does not fit 64 bits"));
        match self.pull(what)? {
            Item::Positive(value) => i64::try_from(value).map_err(refused),
            Item::Negative(value) => i64::try_from(value).map(|value| !value).map_err(refused),
            Item::Float(_)
            | Item::Simple(_)
            | Item::Tag(_)
            | Item::Break
            | Item::Bytes(_)
            | Item::Text(_)
            | Item::Array(_)
            | Item::Map(_) => Err(malformed(format!("{what} is not an integer"))),
        }
    }

    fn take(&mut self, length: usize, what: &str) -> Result<Range<usize>, RecordError> {
        let start = self.offset();
        let end = start
            .checked_add(length)
            .filter(|&end| end <= self.bytes.len())
            .ok_or_else(|| malformed(format!("{what} is cut off")))?;
        self.base = end;
        self.decoder = Decoder::from(&self.bytes[end..]);
        Ok(start..end)
    }

    pub(super) fn byte_string(&mut self, what: &str) -> Result<Range<usize>, RecordError> {
        match self.pull(what)? {
            Item::Bytes(Some(length)) => self.take(length, what),
            _ => Err(malformed(format!("{what} is not a byte string"))),
        }
    }

    pub(super) fn text(&mut self, what: &str) -> Result<&'a str, RecordError> {
        let bytes = self.bytes;
        let range = match self.pull(what)? {
            Item::Text(Some(length)) if length <= MAX_TEXT_SIZE_BYTES => self.take(length, what)?,
            _ => {
                return Err(malformed(format!("{what} is not a text of at most 255 bytes")));
            }
        };
        let text = std::str::from_utf8(&bytes[range])
            .map_err(|_| malformed(format!("{what} is not UTF-8")))?;
        match text.chars().find(|&found| text::is_unprintable(found)) {
            Some(found) => {
                Err(malformed(format!("{what} contains the character U+{:04X}", u32::from(found))))
            }
            None => Ok(text),
        }
    }
}
