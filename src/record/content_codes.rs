//! Content codes (ISO 24138): how files that are alike are found.

use super::{Name, RecordError};
use serde::{Deserialize, Serialize};

/// The codes of one file, as ISCC-UNITs in their text form, `ISCC:` and base32.
///
/// Two files whose codes are near are similar; that is a reason to look, and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentCodes {
    /// Data code, of the bytes.
    pub data: Name,
    /// Text code, where the file is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Name>,
    /// Image code, where the file is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Name>,
    /// Instance code, which begins with the BLAKE3 of the bytes.
    pub instance: Name,
    /// What prepared the pixels or the text, with its version; the codes depend on it.
    pub preparation: Name,
}

impl ContentCodes {
    pub(super) fn check(&self) -> Result<(), RecordError> {
        let codes =
            [Some(&self.data), self.text.as_ref(), self.image.as_ref(), Some(&self.instance)];
        match codes.into_iter().flatten().find(|code| !is_unit(code.as_str())) {
            None => Ok(()),
            Some(code) => Err(RecordError::ContentCode { found: code.as_str().to_owned() }),
        }
    }
}

/// `ISCC:` and base32 without padding (RFC 4648 section 6).
fn is_unit(code: &str) -> bool {
    let body = code.strip_prefix("ISCC:").unwrap_or_default();
    let is_base32 = |byte: u8| matches!(byte, b'A'..=b'Z' | b'2'..=b'7');
    !body.is_empty() && body.bytes().all(is_base32)
}
