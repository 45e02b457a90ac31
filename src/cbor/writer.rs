//! Writing of CBOR items in their shortest form. Writing to memory cannot fail.

use super::Item;
use ciborium_ll::Encoder;

/// Appends the shortest form of one item head.
///
/// ```
/// use deedbook::cbor::{Item, push};
/// let mut out = Vec::new();
/// push(&mut out, Item::Map(Some(2)));
/// assert_eq!(out, [0xa2]);
/// ```
pub fn push(out: &mut Vec<u8>, item: Item) {
    // Writing to a vector cannot fail.
    let _ = Encoder::from(out).push(item);
}

/// Appends a byte string.
pub fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push(out, Item::Bytes(Some(bytes.len())));
    out.extend_from_slice(bytes);
}

/// Appends a text string.
pub fn push_text(out: &mut Vec<u8>, text: &str) {
    push(out, Item::Text(Some(text.len())));
    out.extend_from_slice(text.as_bytes());
}

/// Appends a CBOR integer.
///
/// ```
/// let mut out = Vec::new();
/// deedbook::cbor::write_integer(&mut out, -8);
/// assert_eq!(out, [0x27]);
/// ```
pub fn write_integer(out: &mut Vec<u8>, value: i64) {
    push(out, u64::try_from(value).map_or_else(|_| Item::Negative(!value as u64), Item::Positive));
}
