//! The directory that a log is published to, and what any thread has written there.

use crate::ledger::LedgerError;
use crate::tlog::Tile;
use rustix::fs::{FlockOperation, flock};
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

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

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many files were written, and with how many bytes.
    pub(super) fn written(&self) -> (u64, u64) {
        (self.files.load(Ordering::Relaxed), self.size_bytes.load(Ordering::Relaxed))
    }

    /// Writes a file and gives it its name. It is not forced to the disk.
    pub(super) fn write(&self, tile: &Tile, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(&tile.path(), bytes, false)
    }

    /// Writes the file that comes last, forced to the disk before it gets its name and after.
    pub(super) fn write_last(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(name, bytes, true)?;
        self.open.sync_all().map_err(failed("write", &self.path))
    }

    fn put(&self, name: &str, bytes: &[u8], forced: bool) -> Result<(), LedgerError> {
        let path = self.path.join(name);
        // A name of no tile: hosts serve it to nobody who asks for one.
        let mut hidden = OsString::from(".");
        hidden.push(path.file_name().unwrap_or_default());
        let new = path.with_file_name(hidden);
        let written = create(&new).and_then(|mut file| {
            file.write_all(bytes)?;
            if forced { file.sync_all() } else { Ok(()) }
        });
        written.map_err(failed("write", &new))?;
        std::fs::rename(&new, &path).map_err(failed("write", &path))?;
        self.files.fetch_add(1, Ordering::Relaxed);
        self.size_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Forces everything that was written to the disk, all at once, before the checkpoint names it.
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
