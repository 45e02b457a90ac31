//! The texts in Exif data: comment, maker's note, and the fields into which some tools write theirs.
//! Damaged entries are passed over, the others read.

use super::ClaimFault;
use super::found::{Carrier, Found, FoundText};
use crate::label::comment_text;
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
        found.faults.push(ClaimFault::DamagedText { what: "a part of the Exif data".to_owned() });
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

fn comment(field: &Field, little_endian: bool, found: &mut Found) {
    let (Value::Undefined(bytes, _) | Value::Byte(bytes)) = &field.value else { return };
    match comment_text(bytes, little_endian) {
        Ok(text) if text.is_empty() => {}
        Ok(text) => add(COMMENT, text, bytes, found),
        Err(encoding) => {
            let place = place(COMMENT);
            found.faults.push(ClaimFault::Encoding { place, encoding });
        }
    }
}
