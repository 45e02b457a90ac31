//! The name of a log. It is not looked up anywhere.

use std::fmt;

use super::TlogError;

/// The longest origin, in bytes: it stands in every checkpoint twice.
pub const MAX_ORIGIN_SIZE_BYTES: usize = 255;

/// The unique name of a log, by convention a URL without scheme: the first line of its
/// checkpoints and the name under which it signs them (C2SP tlog-checkpoint, signed-note).
///
/// 1 to 255 bytes, without white space, `+`, control characters, and characters that are not seen
/// or change the direction of what follows, so that no origin can be shown as another one.
///
/// ```
/// use deedbook::tlog::Origin;
///
/// assert_eq!(Origin::new("register.example/deeds")?.as_str(), "register.example/deeds");
/// assert!(Origin::new("two words").is_err());
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// The origin with this name.
    ///
    /// # Errors
    /// [`TlogError::OriginEmpty`], [`TlogError::OriginTooLong`] or
    /// [`TlogError::OriginCharacter`].
    pub fn new(name: &str) -> Result<Self, TlogError> {
        if name.is_empty() {
            return Err(TlogError::OriginEmpty);
        }
        if name.len() > MAX_ORIGIN_SIZE_BYTES {
            return Err(TlogError::OriginTooLong { found: name.len() });
        }
        let foreign = |found: &char| {
            found.is_whitespace() || found.is_control() || *found == '+' || is_deceptive(*found)
        };
        match name.chars().find(foreign) {
            Some(found) => Err(TlogError::OriginCharacter { found }),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that are not seen, or that change the direction or the layout of others (Unicode
/// Standard Annex 9, explicit directional formatting; format characters).
fn is_deceptive(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

impl std::str::FromStr for Origin {
    type Err = TlogError;

    fn from_str(text: &str) -> Result<Self, TlogError> {
        Self::new(text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_one_bounded_word() {
        for name in ["a", "register.example/deeds", "登记.example", &"x".repeat(255)] {
            assert_eq!(Origin::new(name).map(|origin| origin.to_string()), Ok(name.to_owned()));
        }
        assert_eq!(Origin::new(""), Err(TlogError::OriginEmpty));
        assert_eq!(Origin::new(&"é".repeat(128)), Err(TlogError::OriginTooLong { found: 256 }));
        // Never seen, or turning what follows around.
        for found in [
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert_eq!(
                Origin::new(&format!("log{found}name")),
                Err(TlogError::OriginCharacter { found })
            );
        }
        for found in [' ', '\t', '\n', '\r', '+', '\0', '\u{7f}', '\u{85}', '\u{a0}', '\u{3000}'] {
            assert_eq!(
                Origin::new(&format!("log{found}name")),
                Err(TlogError::OriginCharacter { found })
            );
        }
    }
}
