//! Content codes (ISO 24138): how files that are alike are found.

use super::{CodeKind, ContentCode, Digest, Name, RecordError, TextCode};
use serde::{Deserialize, Serialize};

/// Most codes of regions of one picture.
pub const MAX_REGIONS: usize = 16;

/// The codes of one file.
///
/// Two files whose codes are near are similar; that is a reason to look, and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentCodes {
    /// Data code, of the bytes.
    pub data: ContentCode,
    /// Text code, where the file is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextCode>,
    /// Image code, where the file is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ContentCode>,
    /// Image codes of fixed regions of the picture, by which crops of it are found; the preparation
    /// says which regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<ContentCode>,
    /// Instance code, the beginning of the BLAKE3 of the bytes.
    pub instance: ContentCode,
    /// What prepared the pixels or the text, with its version; the codes depend on it.
    pub preparation: Name,
}

impl ContentCodes {
    pub(super) fn check(&self, digest: &Digest) -> Result<(), RecordError> {
        let found = self.regions.len();
        if found > MAX_REGIONS || (found > 0 && self.image.is_none()) {
            let needed = "at most 16, of a picture with a code";
            return Err(RecordError::List { what: "regions of a picture", found, needed });
        }
        let data = (Some(self.data), CodeKind::Data);
        let image = std::iter::once(self.image).chain(self.regions.iter().copied().map(Some));
        let image = image.map(|code| (code, CodeKind::Image));
        let mut codes = std::iter::once(data).chain(image);
        let other = codes.find_map(|(code, kind)| code.filter(|code| code.kind() != kind));
        match other {
            Some(code) => Err(RecordError::ContentCode { found: code.to_string() }),
            None if self.instance != ContentCode::instance(digest) => {
                Err(RecordError::ContentCode { found: self.instance.to_string() })
            }
            None => Ok(()),
        }
    }
}
