//! What a path leads to, before and after it is read.

use super::IntakeError;
use crate::file::open_at_once;
use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A regular file with something in it, as it stood at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RegularFile {
    /// Its size in bytes.
    pub(super) size_bytes: u64,
    device: u64,
    inode: u64,
    modified_s: i64,
    modified_ns: i64,
}

impl RegularFile {
    /// Looks at what the path leads to, links followed.
    pub(super) fn look(path: &Path, max_bytes: u64) -> Result<Self, IntakeError> {
        let metadata = std::fs::metadata(path).map_err(IntakeError::io(path))?;
        let file = Self::accept(path, &metadata)?;
        let path = || path.to_owned();
        match file.size_bytes {
            0 => Err(IntakeError::Empty { path: path() }),
            found_bytes if found_bytes > max_bytes => {
                Err(IntakeError::TooLarge { path: path(), found_bytes, max_bytes })
            }
            _ => Ok(file),
        }
    }

    /// Looks at what the path leads to, and opens it to be read.
    pub(super) fn open(path: &Path, max_bytes: u64) -> Result<(Self, File), IntakeError> {
        let file = Self::look(path, max_bytes)?;
        let opened = open_at_once(OpenOptions::new().read(true), path);
        let opened = opened.map_err(IntakeError::io(path))?;
        file.check_open(path, &opened)?;
        Ok((file, opened))
    }

    /// Refuses a file that is not the one, or not as, it was.
    pub(super) fn check_unchanged(self, path: &Path) -> Result<(), IntakeError> {
        let metadata = std::fs::metadata(path).map_err(IntakeError::io(path))?;
        self.compare(path, &metadata)
    }

    /// As [`Self::check_unchanged`], for a file that is open.
    pub(super) fn check_open(self, path: &Path, file: &File) -> Result<(), IntakeError> {
        let metadata = file.metadata().map_err(IntakeError::io(path))?;
        self.compare(path, &metadata)
    }

    fn compare(self, path: &Path, metadata: &Metadata) -> Result<(), IntakeError> {
        if Self::accept(path, metadata)? == self {
            return Ok(());
        }
        Err(IntakeError::Changed { path: path.to_owned() })
    }

    fn accept(path: &Path, metadata: &Metadata) -> Result<Self, IntakeError> {
        let path = || path.to_owned();
        if metadata.is_dir() {
            return Err(IntakeError::Directory { path: path() });
        }
        if !metadata.is_file() {
            return Err(IntakeError::NotRegular { path: path() });
        }
        Ok(Self {
            size_bytes: metadata.len(),
            device: metadata.dev(),
            inode: metadata.ino(),
            modified_s: metadata.mtime(),
            modified_ns: metadata.mtime_nsec(),
        })
    }
}
