//! The texts in Exif data: comment, maker's note, and the fields into which some tools write theirs.
//! Damaged entries are passed over, the others read.

use super::ClaimFault;
use super::found::{Carrier, Found, FoundText};
use exif::{Context, Exif, Field, Reader, Tag, Value};

/// The comment of the user.
pub(super) const COMMENT: &str = "UserComment";
/// The note of the maker, into which Fooocus writes the scheme of the comment.
pub(super) const NOTE: &str = "MakerNote";
/// Most fields that are looked at.
const MAX_FIELDS: usize = 2000;

/// The fields of the first directory into which tools write texts of their own.
const TEXTS: &[(Tag, &str)] = &[
    (Tag::ImageDescription, "ImageDescription"),
    (Tag::Make, "Make"),
    (Tag::Model, "Model"),
    (Tag::Software, "Software"),
];

/// Reads Exif data, from the TIFF header on.
pub(super) fn read(bytes: &[u8], found: &mut Found) {
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let mut damaged = false;
    let exif = reader.read_raw(bytes.to_vec());
    let exif = exif.or_else(|error| error.distill_partial_result(|_| damaged = true));
    let before = found.texts.len();
    match exif {
        Ok(exif) => texts(&exif, found),
        Err(_) => damaged = true,
    }
    // Many writers end Exif data a little early. What they say is there all the same.
    if damaged && found.texts.len() == before {
        found.faults.push(ClaimFault::DamagedText { reason: "a part of the Exif data".to_owned() });
    }
}

fn texts(exif: &Exif, found: &mut Found) {
    for field in exif.fields().take(MAX_FIELDS) {
        if field.tag == Tag::UserComment {
            comment(field, exif.little_endian(), found);
        } else if field.tag == Tag::MakerNote {
            if let Value::Undefined(bytes, _) = &field.value {
                let text = String::from_utf8_lossy(bytes);
                let text = text.trim_end_matches('\0').to_owned();
                if text.chars().all(|letter| letter.is_ascii_graphic()) {
                    add(NOTE, text, bytes, found);
                }
            }
        } else if field.tag.context() == Context::Tiff
            && let Some((_, name)) = TEXTS.iter().find(|(tag, _)| *tag == field.tag)
            && let Value::Ascii(parts) = &field.value
        {
            for part in parts.iter().filter(|part| !part.is_empty()) {
                found.latin1(Carrier::Exif, name, place(name), part.clone());
            }
        }
    }
}

fn place(name: &str) -> String {
    format!("Exif {name}")
}

fn add(name: &str, text: String, bytes: &[u8], found: &mut Found) {
    let (carrier, key, bytes) = (Carrier::Exif, name.to_owned(), bytes.to_vec());
    found.add(FoundText { carrier, key, place: place(name), text, bytes });
}

/// A comment: eight bytes say in what characters, the others are the text (Exif 2.32, 4.6.5).
fn comment(field: &Field, little_endian: bool, found: &mut Found) {
    let (Value::Undefined(bytes, _) | Value::Byte(bytes)) = &field.value else { return };
    let (code, text) = bytes.split_at(bytes.len().min(8));
    let wrong = |encoding| ClaimFault::Encoding { place: place(COMMENT), encoding };
    let decoded = match code {
        b"UNICODE\0" => utf16(text, little_endian).ok_or_else(|| wrong("UTF-16")),
        // Writers that do not say put UTF-8 there, as do those that say ASCII.
        b"ASCII\0\0\0" | [0, 0, 0, 0, 0, 0, 0, 0] => {
            String::from_utf8(text.to_vec()).map_err(|_| wrong("UTF-8"))
        }
        b"JIS\0\0\0\0\0" => return found.faults.push(wrong("UTF-8 or UTF-16 (it says JIS)")),
        _ => String::from_utf8(bytes.clone()).map_err(|_| wrong("UTF-8")),
    };
    match decoded {
        Ok(text) => {
            let text = text.trim_matches('\0').to_owned();
            if !text.is_empty() {
                add(COMMENT, text, bytes, found);
            }
        }
        Err(fault) => found.faults.push(fault),
    }
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
