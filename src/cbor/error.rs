//! What can be wrong with bytes that should be CBOR, said so that it cannot deceive.

use thiserror::Error;

/// Most characters of a reason: what was found may be as long as the bytes.
const MAX_REASON_CHARS: usize = 200;

/// Bytes that are not the items that a format asks for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CborError {
    /// Something else than must stand there.
    #[error("{reason}")]
    Malformed {
        /// What was found, with everything escaped that could deceive a reader.
        reason: String,
    },
    /// The right thing in another than the one canonical form.
    #[error("{what} is not in canonical form")]
    NotCanonical {
        /// Which part.
        what: &'static str,
    },
}

/// The refusal of bytes that are not what the format asks for. The reason may quote those bytes,
/// so what could deceive a reader or drive a terminal is escaped, and the length is bounded.
///
/// ```
/// use deedbook::cbor::malformed;
/// assert_eq!(malformed("gnp.\u{202E}exe").to_string(), "gnp.\\u{202e}exe");
/// ```
pub fn malformed(reason: impl AsRef<str>) -> CborError {
    let mut shown = String::new();
    for (index, character) in reason.as_ref().chars().enumerate() {
        if index == MAX_REASON_CHARS {
            shown.push('\u{2026}');
            break;
        }
        if is_unprintable(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    CborError::Malformed { reason: shown }
}

/// Characters that change the direction or the layout of what follows them, so that a title could
/// be shown as something it is not (Unicode Standard Annex 9, explicit directional formatting).
fn is_deceptive(character: char) -> bool {
    matches!(character,
        '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// Whether a character may not stand in what people are shown: a control character, which could
/// drive a terminal, or one that deceives.
pub fn is_unprintable(character: char) -> bool {
    character.is_control() || is_deceptive(character)
}
