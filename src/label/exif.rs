//! Labels in Exif data: read, and never written. A field there cannot grow without moving what other
//! fields and makers' notes point to by their distance, so the label goes on in XMP, and the one here
//! stays as its producer wrote it.

use super::png::names_label;
use super::{LabelError, Members};
use exif::{Exif, Field, Reader, Tag, Value};

/// What the place is called.
pub(super) const PLACE: &str = "EXIF";
/// Most fields that are looked at.
const MAX_FIELDS: usize = 2000;

/// The label in Exif data, from the TIFF header on; none where nothing of it is named there.
pub(super) fn existing(bytes: &[u8]) -> Result<Option<Members>, LabelError> {
    if !names_label(bytes) {
        return Ok(None);
    }
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = reader.read_raw(bytes.to_vec());
    let exif = exif.or_else(|error| error.distill_partial_result(|_| {}));
    let labels = exif.as_ref().map(labels).unwrap_or_default();
    match labels.as_slice() {
        // It stands where nobody looks for one.
        [] => Err(LabelError::Elsewhere { place: PLACE }),
        [label] => Ok(Some(Members::read(label)?.0)),
        several => Err(LabelError::Several { found: several.len() }),
    }
}

/// The texts that name a member of the label.
fn labels(exif: &Exif) -> Vec<String> {
    let fields = exif.fields().take(MAX_FIELDS);
    let texts = fields.flat_map(|field| texts(field, exif.little_endian()));
    texts.filter(|text| names_label(text.as_bytes())).collect()
}

fn texts(field: &Field, little_endian: bool) -> Vec<String> {
    match &field.value {
        Value::Undefined(bytes, _) | Value::Byte(bytes) if field.tag == Tag::UserComment => {
            comment_text(bytes, little_endian).into_iter().collect()
        }
        Value::Ascii(parts) => {
            parts.iter().map(|part| String::from_utf8_lossy(part).into_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// The text of a comment: eight bytes say in what characters the others are (Exif 2.32, 4.6.5).
///
/// # Errors
/// What it is not, in words: `UTF-16`, `UTF-8`.
pub(crate) fn comment_text(bytes: &[u8], little_endian: bool) -> Result<String, &'static str> {
    let (code, text) = bytes.split_at(bytes.len().min(8));
    let decoded = match code {
        b"UNICODE\0" => utf16(text, little_endian).ok_or("UTF-16")?,
        // Writers that do not say put UTF-8 there, as do those that say ASCII.
        b"ASCII\0\0\0" | [0, 0, 0, 0, 0, 0, 0, 0] => {
            String::from_utf8(text.to_vec()).map_err(|_| "UTF-8")?
        }
        b"JIS\0\0\0\0\0" => return Err("UTF-8 or UTF-16 (it says JIS)"),
        _ => String::from_utf8(bytes.to_vec()).map_err(|_| "UTF-8")?,
    };
    Ok(decoded.trim_matches('\0').to_owned())
}

/// UTF-16 in the order of its mark; else in the one in which more of it is Latin, since writers
/// disagree; else in that of the Exif data.
fn utf16(bytes: &[u8], little_endian: bool) -> Option<String> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units = |little: bool| {
        let unit = if little { u16::from_le_bytes } else { u16::from_be_bytes };
        bytes.chunks_exact(2).map(move |pair| unit([pair[0], pair[1]]))
    };
    let latin = |little: bool| units(little).filter(|unit| *unit < 0x100).count();
    let little = match bytes {
        [0xff, 0xfe, ..] => true,
        [0xfe, 0xff, ..] => false,
        _ => match latin(true).cmp(&latin(false)) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => little_endian,
        },
    };
    let text: Result<String, _> = char::decode_utf16(units(little)).collect();
    Some(text.ok()?.trim_start_matches('\u{feff}').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_in_either_order_and_refused_where_it_is_broken() {
        let big: Vec<u8> = "ab 春".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = "ab 春".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&big, &little] {
            for order in [true, false] {
                assert_eq!(utf16(bytes, order).as_deref(), Some("ab 春"));
            }
        }
        let spring: Vec<u8> = "春風".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16(&spring, true).as_deref(), Some("春風"));
        assert_ne!(utf16(&spring, false).as_deref(), Some("春風"));
        assert_eq!(utf16(&[0xff, 0xfe, b'a', 0], false).as_deref(), Some("a"));
        assert_eq!(utf16(b"abc", true), None, "half a unit");
        assert_eq!(utf16(&[0xd8, 0x00, 0, b'a'], false), None, "half a pair");
    }
}
