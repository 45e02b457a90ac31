//! Handles of parties and slugs of terms.

use super::RecordError;
use super::checked_text::checked_text;

/// The shape of handles, slugs and categories.
pub(super) fn check(what: &'static str, text: &str) -> Result<(), RecordError> {
    let shape = !text.is_empty()
        && text.len() <= Handle::MAX_CHARS
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--");
    if shape { Ok(()) } else { Err(RecordError::Handle { what, found: text.to_owned() }) }
}

/// A short name, as it fits a column of a table.
macro_rules! handle_type {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        checked_text! {
            $(#[$doc])*
            $name, at most 40 characters, |text: &str, _| check($what, text),
            refuses "Anything but 1 to 40 of `a-z`, `0-9` and single inner hyphens, with a letter."
        }
    };
}

handle_type! {
    /// The pseudonym of a party, unique in its ledger.
    ///
    /// ```
    /// use deedbook::record::Handle;
    /// assert!(Handle::new("northlight").is_ok());
    /// assert!(Handle::new("North Light").is_err());
    /// ```
    Handle, "handle"
}
handle_type! {
    /// The short name of a standard form, unique for its provider: `fee` in `northlight/fee@1`.
    Slug, "slug"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for good in ["a", "wen", "tencent-shenzhen", "0x", "a1", &"a".repeat(40)] {
            assert!(Handle::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "42", "é", "a/b", "a@1", &"a".repeat(41)] {
            assert!(Handle::new(bad).is_err(), "{bad}");
        }
    }
}
