//! The head file: the latest checkpoint, kept outside the ledger, so that a ledger that was
//! replaced by an older copy or by a fork is told.
//!
//! It is written after the commit and not forced to disk: it may lag behind the ledger after a
//! power failure, and never runs ahead of it.

use super::{Flaw, Integrity, LedgerError};
use crate::file::appended;
use crate::tlog::{Checkpoint, CheckpointVerifier, MAX_NOTE_SIZE_BYTES};
use rustix::fs::{FlockOperation, flock};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write as _};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Where the latest checkpoint is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadFile {
    path: PathBuf,
}

impl HeadFile {
    /// The head file at this path, whether it exists or not.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The head file that belongs beside a ledger: its path with `.head` appended.
    pub fn beside(ledger: &Path) -> Self {
        Self { path: appended(ledger, ".head") }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn error(&self, error: &std::io::Error) -> LedgerError {
        LedgerError::HeadFile { path: self.path.clone(), reason: error.to_string() }
    }

    /// The checkpoint that was seen last; nothing when there is no file.
    ///
    /// # Errors
    /// A file that cannot be read, or is not a checkpoint of this ledger.
    pub fn read(&self, verifier: &CheckpointVerifier) -> Result<Option<Checkpoint>, LedgerError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.error(&error)),
        };
        flock(&file, FlockOperation::LockShared).map_err(|error| self.error(&error.into()))?;
        self.parse(&file, verifier).map(Some)
    }

    fn text(&self, file: &File) -> Result<String, LedgerError> {
        let mut note = String::new();
        let limit = MAX_NOTE_SIZE_BYTES as u64 + 1;
        file.take(limit).read_to_string(&mut note).map_err(|error| self.error(&error))?;
        Ok(note)
    }

    fn parse(&self, file: &File, verifier: &CheckpointVerifier) -> Result<Checkpoint, LedgerError> {
        verifier.verify(&self.text(file)?).map_err(|error| {
            Integrity::whole(Flaw::ForeignHead { reason: error.to_string() }).into()
        })
    }

    /// Makes the file, with its first checkpoint, and forces it to the disk.
    ///
    /// # Errors
    /// [`LedgerError::InTheWay`] where anything is at the path, which is then left as it is; a file
    /// that cannot be written.
    pub(super) fn create(&self, note: &str) -> Result<(), LedgerError> {
        let created = OpenOptions::new().write(true).create_new(true).open(&self.path);
        let mut file = created.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => LedgerError::InTheWay { path: self.path.clone() },
            _ => self.error(&error),
        })?;
        let written = file.write_all(note.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| self.error(&error))
    }

    /// Takes the file away if it is what [`Self::create`] made of this checkpoint, whole or not.
    pub(super) fn remove_remains(&self, note: &str) -> std::io::Result<()> {
        let mut found = Vec::new();
        let opened = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        opened.take(note.len() as u64 + 1).read_to_end(&mut found)?;
        if note.as_bytes().starts_with(&found) { std::fs::remove_file(&self.path) } else { Ok(()) }
    }

    /// Remembers a checkpoint, unless a later one is remembered already.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(
        &self,
        note: &str,
        size: u64,
        verifier: &CheckpointVerifier,
    ) -> Result<(), LedgerError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)
            .map_err(|error| self.error(&error))?;
        flock(&file, FlockOperation::LockExclusive).map_err(|error| self.error(&error.into()))?;
        // Its signature was checked when the ledger was opened, and is at the next opening.
        let seen = self.text(&file).unwrap_or_default();
        if verifier.parse_unverified(&seen).is_ok_and(|(seen, _, _)| seen.size >= size) {
            return Ok(());
        }
        // One write of less than a sector: a crash leaves the old note or the new one.
        file.write_all_at(note.as_bytes(), 0).map_err(|error| self.error(&error))?;
        // To set the length is dearer than to look whether it is right.
        let length = file.metadata().map_err(|error| self.error(&error))?.len();
        if length == note.len() as u64 {
            return Ok(());
        }
        file.set_len(note.len() as u64).map_err(|error| self.error(&error))
    }
}
