//! Texts of strangers, with nothing in them that cannot be seen.

use std::fmt::Write;

/// One line, with everything that could move the cursor, turn the direction of the text or stand in
/// it unseen shown as an escape.
///
/// ```
/// use deedbook::narration::visible;
/// assert_eq!(visible("spring"), "spring");
/// assert_eq!(visible("gnp.\u{202e}exe\n"), "gnp.\\u{202e}exe\\n");
/// ```
pub fn visible(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for character in line.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

/// One character of such a line.
pub fn push_visible(text: &mut String, character: char) {
    if character.is_control() || turns(character) || hides(character) {
        // Writing to a string does not fail.
        let _ = write!(text, "{}", character.escape_default());
    } else {
        text.push(character);
    }
}

/// Whether it turns the direction of text, or ends a line or a paragraph (UAX #9, section 2).
const fn turns(character: char) -> bool {
    matches!(character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether it has no width and joins nothing, so that two texts that differ in it look alike.
const fn hides(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
