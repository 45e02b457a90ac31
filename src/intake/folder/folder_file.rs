//! A file of a folder, as it stood at one moment.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file of a folder, as it stood at one moment. Two are equal where nothing about the file tells
/// that it was written in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    path: PathBuf,
    size_bytes: u64,
    device: u64,
    inode: u64,
    modified_s: i64,
    modified_ns: i64,
}

impl FolderFile {
    pub(super) fn new(path: PathBuf, metadata: &Metadata) -> Self {
        Self {
            path,
            size_bytes: metadata.len(),
            device: metadata.dev(),
            inode: metadata.ino(),
            modified_s: metadata.mtime(),
            modified_ns: metadata.mtime_nsec(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// When it was last written, in milliseconds since 1970, as its file system says.
    pub const fn modified_at_ms(&self) -> i64 {
        self.modified_s.saturating_mul(1000).saturating_add(self.modified_ns / 1_000_000)
    }

    /// The same in seconds and nanoseconds, exactly.
    pub const fn modified_at(&self) -> (i64, i64) {
        (self.modified_s, self.modified_ns)
    }

    /// Whether it was written less than so long ago.
    pub(super) const fn is_younger(&self, age_ms: i64, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.modified_at_ms()) < age_ms
    }
}
