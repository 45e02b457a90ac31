//! Whether a file is a text, and its Text code.

use crate::record::TextCode;

/// Four bits of each of the 64 minima: what changed texts are found by; see [`TextCode`].
const BITS: u32 = 4 * TextCode::FEATURES;

/// Longest text of which a code is taken: a long novel has three mebibytes. The memory for it is some
/// thirty times as much.
pub(super) const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;

/// The Text code of UTF-8 without control characters; none where the bytes are not that, or too many.
pub(super) fn text_code(bytes: &[u8]) -> Option<TextCode> {
    if bytes.len() > MAX_TEXT_BYTES {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_foreign = |letter: char| letter.is_control() && !"\t\n\r\u{c}".contains(letter);
    if text.contains(is_foreign) {
        return None;
    }
    iscc_lib::gen_text_code_v0(text, BITS).ok()?.iscc.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_a_code_and_other_bytes_none() {
        let plain = text_code(b"The spring breeze brings tenderness.\n").unwrap();
        // Marks, case and white space do not count.
        assert_eq!(text_code("the SPRING breeze\tbrings tenderness".as_bytes()), Some(plain));
        assert_ne!(text_code(b"Something else entirely, of the same length"), Some(plain));
        for bytes in [&b"\xff\xfe"[..], b"a\0b", b"\x1b[1m", "a\u{85}".as_bytes()] {
            assert_eq!(text_code(bytes), None, "{bytes:?}");
        }
        assert_eq!(text_code(&vec![b'a'; MAX_TEXT_BYTES + 1]), None);
    }
}
