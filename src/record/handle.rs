//! Handles of parties and slugs of terms.

use super::RecordError;
use serde::{Deserialize, Serialize, Serializer};
use std::{fmt, str::FromStr};

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

macro_rules! handle_type {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest allowed, in characters: it must fit a column of a table.
            pub const MAX_CHARS: usize = 40;

            /// Checks the shape.
            ///
            /// # Errors
            /// Anything but 1 to 40 of `a-z`, `0-9` and single inner hyphens, with a letter.
            pub fn new(text: impl Into<String>) -> Result<Self, RecordError> {
                let text = text.into();
                check($what, &text)?;
                Ok(Self(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = RecordError;
            fn try_from(text: String) -> Result<Self, RecordError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl FromStr for $name {
            type Err = RecordError;
            fn from_str(text: &str) -> Result<Self, RecordError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
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
