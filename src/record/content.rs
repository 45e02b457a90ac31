//! One file: its bytes by their digest, how similar files are found, and what it says of itself.

use super::{ContentCodes, Digest, FileClaim, RecordError};
use serde::{Deserialize, Serialize};

/// Most claims that are taken from one file: the conventions are few, and none is read twice.
pub const MAX_CLAIMS: usize = 16;

/// One file of a work, or of a step on the way to one.
///
/// ```
/// use deedbook::record::{Content, Digest};
/// let content = Content::new(3, Digest::of(b"ink"));
/// assert!(content.codes.is_none() && content.claims.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Its size in bytes.
    pub size: u64,
    /// Its content codes, where they were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<ContentCodes>,
    /// What the file says of itself. Nobody vouches for that, not even who signs this record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<FileClaim>,
    /// BLAKE3-256 of its bytes.
    pub digest: Digest,
}

impl Content {
    /// A file of which nothing is told but its bytes.
    pub const fn new(size: u64, digest: Digest) -> Self {
        Self { size, codes: None, claims: Vec::new(), digest }
    }

    pub(super) fn check(&self) -> Result<(), RecordError> {
        let found = self.claims.len();
        if found > MAX_CLAIMS {
            let what = "claims of a file";
            return Err(RecordError::List { what, found, needed: "at most 16" });
        }
        self.codes.as_ref().map_or(Ok(()), |codes| codes.check(&self.digest))?;
        self.claims.iter().try_for_each(FileClaim::check)
    }
}
