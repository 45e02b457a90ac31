//! The directory that a log is published to, and what any thread has written there.

use crate::ledger::LedgerError;
use crate::tlog::Tile;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The file with the latest checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// The next one, until it is whole.
const NEW_CHECKPOINT: &str = ".checkpoint";

/// A directory that no other process publishes to meanwhile.
pub(super) struct Directory {
    path: PathBuf,
    /// The directory itself, locked until it is dropped.
    open: File,
    files: AtomicU64,
    size_bytes: AtomicU64,
}

impl Directory {
    /// Makes the directory where it is not there, and keeps other processes from publishing to it.
    pub(super) fn lock(path: &Path) -> Result<Self, LedgerError> {
        std::fs::create_dir_all(path).map_err(failed("make", path))?;
        let open = File::open(path).map_err(failed("read", path))?;
        match flock(&open, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(LedgerError::BeingPublished { path: path.to_owned() });
            }
            Err(error) => return Err(failed("lock", path)(error.into())),
        }
        Ok(Self { path: path.to_owned(), open, files: 0.into(), size_bytes: 0.into() })
    }

    /// The published checkpoint, whether it is there or not.
    pub(super) fn checkpoint(&self) -> PathBuf {
        self.path.join(CHECKPOINT)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many files were written, and with how many bytes.
    pub(super) fn written(&self) -> (u64, u64) {
        (self.files.load(Ordering::Relaxed), self.size_bytes.load(Ordering::Relaxed))
    }

    /// Writes a tile that the published checkpoint does not cover, under its own name: nobody asks
    /// for it before the next checkpoint is there. It is not forced to the disk.
    pub(super) fn write(&self, tile: &Tile, bytes: &[u8]) -> Result<(), LedgerError> {
        let path = self.path.join(tile.path());
        let written = create(&path).and_then(|mut file| file.write_all(bytes));
        written.map_err(failed("write", &path))?;
        self.count(bytes);
        Ok(())
    }

    /// Writes the checkpoint, forced to the disk before it gets its name and after.
    pub(super) fn write_checkpoint(&self, note: &str) -> Result<(), LedgerError> {
        let path = self.path.join(CHECKPOINT);
        let new = self.path.join(NEW_CHECKPOINT);
        let written = create(&new).and_then(|mut file| {
            file.write_all(note.as_bytes())?;
            file.sync_all()
        });
        written.map_err(failed("write", &new))?;
        std::fs::rename(&new, &path).map_err(failed("write", &path))?;
        self.count(note.as_bytes());
        self.open.sync_all().map_err(failed("write", &self.path))
    }

    fn count(&self, bytes: &[u8]) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.size_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }

    /// Forces everything that was written so far to the disk, all at once. What could not be written
    /// is told once: to whoever asks first.
    pub(super) fn force(&self) -> Result<(), LedgerError> {
        force(&self.open).map_err(failed("write", &self.path))
    }
}

/// A new file, and the directory for it where it is not there.
fn create(path: &Path) -> std::io::Result<File> {
    match (File::create(path), path.parent()) {
        (Err(error), Some(parent)) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(parent)?;
            File::create(path)
        }
        (made, _) => made,
    }
}

#[cfg(target_os = "linux")]
fn force(directory: &File) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(directory)?)
}

#[cfg(not(target_os = "linux"))]
fn force(_: &File) -> std::io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

pub(super) fn failed(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> LedgerError {
    let path = path.to_owned();
    move |error| LedgerError::Making { action, path, kind: error.kind() }
}
