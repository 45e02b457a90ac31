//! Reading of fixed shapes of CBOR, item by item.

use super::{CborError, is_unprintable, malformed};
use ciborium_ll::Decoder;
use std::ops::Range;

/// The head of an item: its kind with its number or length.
pub use ciborium_ll::Header as Item;

/// Longest text that is read here, in bytes: an issuer or a subject, and an origin, which may be
/// either, has at most 255.
const MAX_TEXT_SIZE_BYTES: usize = 255;

/// The key of an entry in a COSE map (RFC 9052 section 1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label<'a> {
    /// A number.
    Integer(i64),
    /// A text.
    Text(&'a str),
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

/// Reads CBOR item by item, in deterministic form only.
///
/// ```
/// use deedbook::cbor::Reader;
/// let mut reader = Reader::new("the pair", &[0x82, 0x01, 0x18, 0x2a]);
/// assert_eq!(reader.array("a pair"), Ok(2));
/// assert_eq!((reader.positive("one"), reader.positive("other")), (Ok(1), Ok(42)));
/// assert_eq!(reader.finish(), Ok(()));
/// // 42 in more bytes than it needs.
/// assert!(Reader::new("the number", &[0x19, 0, 42]).positive("the number").is_err());
/// ```
pub struct Reader<'a> {
    /// What is read, for refusals.
    part: &'static str,
    bytes: &'a [u8],
    decoder: Decoder<&'a [u8]>,
    /// How far strings, which are taken as slices, have moved past the decoder's own start.
    base: usize,
}

impl<'a> Reader<'a> {
    /// Reads these bytes, which refusals call by this name.
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { part, bytes, decoder: Decoder::from(bytes), base: 0 }
    }

    /// How many bytes were read.
    pub fn offset(&mut self) -> usize {
        self.base + self.decoder.offset()
    }

    /// Reads a head, which must be the shortest for what it says.
    fn pull(&mut self, what: &str) -> Result<Item, CborError> {
        let start = self.offset();
        let item = self
            .decoder
            .pull()
            .map_err(|_| malformed(format!("nothing where {what} must stand")))?;
        if self.offset() - start != head_size_bytes(&item) {
            return Err(CborError::NotCanonical { what: self.part });
        }
        Ok(item)
    }

    /// Sees to it that nothing follows.
    ///
    /// # Errors
    /// [`CborError::NotCanonical`] where something does.
    pub fn finish(&mut self) -> Result<(), CborError> {
        if self.offset() == self.bytes.len() {
            Ok(())
        } else {
            Err(CborError::NotCanonical { what: self.part })
        }
    }

    /// Moves past a head that must be this one.
    ///
    /// # Errors
    /// Any other one; one that is not the shortest for what it says. So with all that follow.
    pub fn expect(&mut self, item: Item, what: &str) -> Result<(), CborError> {
        if self.pull(what)? == item { Ok(()) } else { Err(malformed(format!("not {what}"))) }
    }

    /// Moves past a text that must be this key of a map.
    ///
    /// # Errors
    /// Anything else.
    pub fn expect_key(&mut self, key: &str) -> Result<(), CborError> {
        let found = self.text("key")?;
        if found == key {
            Ok(())
        } else {
            Err(malformed(format!("key `{found}` where `{key}` must stand")))
        }
    }

    /// Reads an integer of at least zero.
    ///
    /// # Errors
    /// Anything else, and an integer beyond 63 bits.
    pub fn positive(&mut self, what: &str) -> Result<u64, CborError> {
        let value = self.integer(what)?;
        u64::try_from(value).map_err(|_| malformed(format!("{what} is {value}, below zero")))
    }

    /// Reads an integer.
    ///
    /// # Errors
    /// Anything else, and an integer beyond 64 bits.
    pub fn integer(&mut self, what: &str) -> Result<i64, CborError> {
        match self.pull(what)? {
            Item::Positive(value) => fitting(value, what),
            Item::Negative(value) => fitting(value, what).map(|value| !value),
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

    fn take(&mut self, length: usize, what: &str) -> Result<Range<usize>, CborError> {
        let start = self.offset();
        let end = start
            .checked_add(length)
            .filter(|&end| end <= self.bytes.len())
            .ok_or_else(|| malformed(format!("{what} is cut off")))?;
        self.base = end;
        self.decoder = Decoder::from(&self.bytes[end..]);
        Ok(start..end)
    }

    /// Reads a byte string and says where it stands.
    ///
    /// # Errors
    /// Anything else, and one that is cut off.
    pub fn byte_string(&mut self, what: &str) -> Result<Range<usize>, CborError> {
        match self.pull(what)? {
            Item::Bytes(Some(length)) => self.take(length, what),
            _ => Err(malformed(format!("{what} is not a byte string"))),
        }
    }

    /// Reads a text of at most 255 bytes.
    ///
    /// # Errors
    /// Anything else; characters that could deceive a reader or drive a terminal.
    pub fn text(&mut self, what: &str) -> Result<&'a str, CborError> {
        match self.pull(what)? {
            Item::Text(Some(length)) => self.take_text(length, what),
            _ => Err(malformed(format!("{what} is not a text of at most 255 bytes"))),
        }
    }

    fn take_text(&mut self, length: usize, what: &str) -> Result<&'a str, CborError> {
        if length > MAX_TEXT_SIZE_BYTES {
            return Err(malformed(format!("{what} is not a text of at most 255 bytes")));
        }
        let bytes = self.bytes;
        let range = self.take(length, what)?;
        let text = std::str::from_utf8(&bytes[range])
            .map_err(|_| malformed(format!("{what} is not UTF-8")))?;
        match text.chars().find(|&found| is_unprintable(found)) {
            Some(found) => {
                Err(malformed(format!("{what} contains the character U+{:04X}", u32::from(found))))
            }
            None => Ok(text),
        }
    }

    /// Reads the head of an array: how many items follow. As many need not be there.
    ///
    /// # Errors
    /// Anything else.
    pub fn array(&mut self, what: &str) -> Result<usize, CborError> {
        match self.pull(what)? {
            Item::Array(Some(length)) => Ok(length),
            _ => Err(malformed(format!("{what} is not an array"))),
        }
    }

    /// Reads the head of a map: how many pairs follow. As many need not be there.
    ///
    /// # Errors
    /// Anything else.
    pub fn map(&mut self, what: &str) -> Result<usize, CborError> {
        match self.pull(what)? {
            Item::Map(Some(length)) => Ok(length),
            _ => Err(malformed(format!("{what} is not a map"))),
        }
    }

    /// Reads a label of COSE: an integer, or a text of at most 255 bytes.
    ///
    /// # Errors
    /// Anything else.
    pub fn label(&mut self, what: &str) -> Result<Label<'a>, CborError> {
        match self.pull(what)? {
            Item::Positive(value) => fitting(value, what).map(Label::Integer),
            Item::Negative(value) => fitting(value, what).map(|value| Label::Integer(!value)),
            Item::Text(Some(length)) => self.take_text(length, what).map(Label::Text),
            _ => Err(malformed(format!("{what} is neither an integer nor a text"))),
        }
    }

    /// Moves past one whole item, however it is nested, without recursion.
    ///
    /// # Errors
    /// One that is cut off, of indefinite length, or a floating-point number.
    pub fn skip(&mut self, what: &str) -> Result<(), CborError> {
        let mut left = 1_usize;
        while left > 0 {
            let inner = match self.pull(what)? {
                Item::Positive(_) | Item::Negative(_) | Item::Simple(_) => 0,
                Item::Tag(_) => 1,
                Item::Bytes(Some(length)) | Item::Text(Some(length)) => {
                    self.take(length, what)?;
                    0
                }
                Item::Array(Some(length)) => length,
                Item::Map(Some(length)) => length.saturating_mul(2),
                Item::Float(_)
                | Item::Break
                | Item::Bytes(None)
                | Item::Text(None)
                | Item::Array(None)
                | Item::Map(None) => {
                    return Err(malformed(format!("{what} holds what has no canonical form")));
                }
            };
            left = (left - 1).saturating_add(inner);
            // Each item that is still to come takes a byte at least.
            if left > self.bytes.len() - self.offset() {
                return Err(malformed(format!("{what} is cut off")));
            }
        }
        Ok(())
    }
}

/// The number where it fits.
fn fitting(value: u64, what: &str) -> Result<i64, CborError> {
    i64::try_from(value).map_err(|_| malformed(format!("{what} does not fit 64 bits")))
}
