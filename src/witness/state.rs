//! What a witness remembers: a directory with one file for each log, the checkpoint cosigned last.
//!
//! A file is replaced whole: written under another name, forced to the disk, renamed, the directory
//! forced to the disk, all under a lock that threads and processes share. Killed at any moment, the
//! old checkpoint is there or the new one. A file that cannot be understood is never taken for none.

use super::WitnessError;
use super::witness::origin_hash;
use crate::file::sync_directory_of;
use crate::tlog::{MAX_NOTE_SIZE_BYTES, Origin};
use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The directory.
#[derive(Clone, Debug)]
pub struct StateDirectory {
    path: PathBuf,
}

/// The place of one log, locked against everybody else until it is dropped.
#[derive(Debug)]
pub(super) struct Locked {
    note: PathBuf,
    _lock: File,
}

impl StateDirectory {
    /// Opens the directory; one that is not there is made, for its owner alone.
    ///
    /// # Errors
    /// [`WitnessError::File`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, WitnessError> {
        let path = path.into();
        let made = DirBuilder::new().mode(0o700).create(&path);
        match made {
            Ok(()) => {
                sync_directory_of(&path).map_err(WitnessError::file("write beside", &path))?
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(error) => return Err(WitnessError::file("make the directory", &path)(error)),
        }
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the checkpoint of a log is kept, there or not: named for the SHA-256 of its origin, as
    /// in the URL at which it is shown.
    pub(super) fn note_path(&self, origin_hash: &str) -> PathBuf {
        self.path.join(format!("{origin_hash}.checkpoint"))
    }

    /// Waits for the place of a log and locks it.
    pub(super) fn lock(&self, origin: &Origin) -> Result<Locked, WitnessError> {
        let hash = origin_hash(origin);
        let path = self.path.join(format!("{hash}.lock"));
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
        let lock = opened.map_err(WitnessError::file("open", &path))?;
        flock(&lock, FlockOperation::LockExclusive)
            .map_err(|error| WitnessError::file("lock", &path)(error.into()))?;
        Ok(Locked { note: self.note_path(&hash), _lock: lock })
    }
}

/// The note in a file; none where there is no file.
pub(super) fn read_note(path: &Path) -> Result<Option<String>, WitnessError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(WitnessError::file("read", path)(error)),
    };
    let mut note = Vec::new();
    let limit = MAX_NOTE_SIZE_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut note).map_err(WitnessError::file("read", path))?;
    String::from_utf8(note).map(Some).map_err(|_| WitnessError::StateDamaged {
        path: path.to_owned(),
        reason: "it is not UTF-8 text".to_owned(),
    })
}

impl Locked {
    /// Where the checkpoint is kept.
    pub(super) fn path(&self) -> &Path {
        &self.note
    }

    /// Puts a note in the place of the one before. When this returns, it is on the disk.
    pub(super) fn replace(&self, note: &str) -> Result<(), WitnessError> {
        let new = self.note.with_extension("new");
        let mut options = OpenOptions::new();
        // What a killed process left is overwritten.
        let opened = options.write(true).create(true).truncate(true).mode(0o600).open(&new);
        let mut file = opened.map_err(WitnessError::file("write", &new))?;
        file.write_all(note.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(WitnessError::file("write", &new))?;
        std::fs::rename(&new, &self.note).map_err(WitnessError::file("replace", &self.note))?;
        sync_directory_of(&self.note).map_err(WitnessError::file("replace", &self.note))
    }
}
