//! Short texts that people write: bounded, one line, without tricks of direction.

use super::RecordError;
use super::checked_text::checked_text;
use crate::cbor::is_unprintable;

fn check(what: &'static str, text: &str, max_chars: usize) -> Result<(), RecordError> {
    let found_chars = text.chars().count();
    if found_chars > max_chars {
        return Err(RecordError::TextTooLong { what, found_chars, max_chars });
    }
    if text.trim().is_empty() {
        return Err(RecordError::TextEmpty { what });
    }
    if text.trim() != text {
        return Err(RecordError::TextPadded { what });
    }
    match text.chars().find(|&c| is_unprintable(c)) {
        Some(character) => Err(RecordError::TextCharacter { what, character }),
        None => Ok(()),
    }
}

/// A text of one line for people.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal) => {
        checked_text! {
            $(#[$doc])*
            $name, at most $max characters, |text: &str, max| check($what, text, max),
            refuses "Empty, padded or too long text; control characters; directional overrides."
        }
    };
}

text_type! {
    /// The title of a work.
    ///
    /// ```
    /// use deedbook::record::Title;
    /// assert!(Title::new("the spring breeze brings tenderness").is_ok());
    /// assert!(Title::new("gnp.\u{202E}exe").is_err(), "direction override");
    /// ```
    Title, "title", 200
}
text_type! {
    /// A name: of a ledger, a model, a parameter, a tool.
    Name, "name", 200
}
text_type! {
    /// A remark, or one clause in words.
    Note, "note", 1000
}
text_type! {
    /// A party's own reference for a payment or an account line: an invoice or bank reference.
    Reference, "reference", 80
}
text_type! {
    /// The short name of a material clause, as it is acknowledged: `assignment`, `refunds`.
    ClauseName, "clause name", 40
}
text_type! {
    /// A language tag (BCP 47) such as `en` or `zh-Hans`.
    Language, "language", 35
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_could_deceive_a_reader() {
        for (text, expected) in [
            ("", RecordError::TextEmpty { what: "title" }),
            ("   ", RecordError::TextEmpty { what: "title" }),
            (" spring", RecordError::TextPadded { what: "title" }),
            ("a\nb", RecordError::TextCharacter { what: "title", character: '\n' }),
            ("a\u{7}b", RecordError::TextCharacter { what: "title", character: '\u{7}' }),
            ("a\u{202E}b", RecordError::TextCharacter { what: "title", character: '\u{202E}' }),
            ("a\u{2066}b", RecordError::TextCharacter { what: "title", character: '\u{2066}' }),
            ("a\u{FEFF}b", RecordError::TextCharacter { what: "title", character: '\u{FEFF}' }),
        ] {
            assert_eq!(Title::new(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn keeps_scripts_written_from_the_right() {
        for text in ["نسيم الربيع", "春风送来了温柔", "אביב", "family 👨\u{200D}👩\u{200D}👧"]
        {
            assert_eq!(Title::new(text).map(|title| title.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert!(Title::new("春".repeat(200)).is_ok());
        assert_eq!(
            Title::new("春".repeat(201)),
            Err(RecordError::TextTooLong { what: "title", found_chars: 201, max_chars: 200 })
        );
    }
}
