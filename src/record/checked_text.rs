//! The shape that all checked texts of records share. Decides nothing about what a text may be:
//! each says so itself.

/// Defines a text that exists only where it passed a check: private inside, written and read as a
/// plain text, checked again whenever it is read.
macro_rules! checked_text {
    (
        $(#[$doc:meta])*
        $name:ident, at most $max:literal characters, $check:expr, refuses $refuses:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest text allowed, in Unicode scalar values.
            pub const MAX_CHARS: usize = $max;

            /// Checks the text.
            ///
            /// # Errors
            #[doc = $refuses]
            pub fn new(text: impl Into<String>) -> Result<Self, $crate::record::RecordError> {
                let text = text.into();
                $check(&text, Self::MAX_CHARS)?;
                Ok(Self(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::record::RecordError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::record::RecordError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(super) use checked_text;
