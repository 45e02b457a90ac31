//! Publishing the whole log as files that any static host serves (C2SP tlog-tiles): tiles of
//! hashes, bundles of entries, and the checkpoint, which comes last.
//!
//! Every file is written beside its place and then given its name, so that nobody reads half of
//! one; all but the checkpoint never change. What is published is recomputed from the entries and
//! must lead to the signed checkpoint. Nothing is ever removed.

use super::proof::checked_leaf;
use super::{Flaw, Integrity, Ledger, LedgerError};
use crate::record::Entry;
use crate::store::{EntryRow, Reader};
use crate::tlog::{
    Checkpoint, Frontier, HASH_SIZE_BYTES, Hash, MAX_NOTE_SIZE_BYTES, NodeAddress, NodeReader as _,
    SignedCheckpoint, TILE_WIDTH, Tile, push_bundled, root_at,
};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The file with the latest checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// Levels of tiles in the largest tree.
const MAX_LEVELS: u8 = 8;
/// The tree levels from one level of tiles to the next: 256 hashes are one.
const TILE_HEIGHT: u8 = 8;

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The checkpoint that is published now.
    pub checkpoint: Checkpoint,
    /// How many entries were published before.
    pub old_size: u64,
    /// How many files were written.
    pub files: u64,
    /// What they hold, in bytes.
    pub size_bytes: u64,
}

impl Ledger {
    /// Publishes the log to a directory, which is made where it is not there. What is published
    /// already stays, and only what is new is written. `progress` hears how many entries are done.
    ///
    /// # Errors
    /// A directory with another log, or with more of this one; what the operating system says;
    /// entries that do not lead to the checkpoint, which then stays the old one.
    pub fn publish(
        &self,
        directory: &Path,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Published, LedgerError> {
        std::fs::create_dir_all(directory).map_err(failed("make", directory))?;
        let lock = lock(directory)?;
        let reader = self.read()?;
        let SignedCheckpoint { checkpoint, note } = self.checkpoint(&reader, None)?;
        let old_size = self.published(&reader, directory, &checkpoint)?;
        let mut writing = Writing { directory, files: 0, size_bytes: 0, made: PathBuf::new() };
        if old_size < checkpoint.size {
            let start = old_size - old_size % TILE_WIDTH;
            let mut tiles = Tiles::load(&reader, start)?;
            reader.entries(start..checkpoint.size, |row| {
                tiles.take(&row, &mut writing)?;
                progress(row.number.get() + 1);
                Ok::<(), LedgerError>(())
            })?;
            tiles.finish(old_size, &checkpoint, &mut writing)?;
            force(&lock).map_err(failed("write", directory))?;
            writing.write_last(CHECKPOINT, note.as_bytes())?;
            lock.sync_all().map_err(failed("write", directory))?;
        }
        let Writing { files, size_bytes, .. } = writing;
        Ok(Published { checkpoint, old_size, files, size_bytes })
    }

    /// How many entries are published, as the checkpoint there says; that is none of them where
    /// there is no checkpoint.
    fn published(
        &self,
        reader: &Reader<'_>,
        directory: &Path,
        head: &Checkpoint,
    ) -> Result<u64, LedgerError> {
        let path = directory.join(CHECKPOINT);
        let mut note = String::new();
        match File::open(&path) {
            Ok(file) => {
                let limit = MAX_NOTE_SIZE_BYTES as u64 + 1;
                file.take(limit).read_to_string(&mut note).map_err(failed("read", &path))?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(failed("read", &path)(error)),
        }
        let found = self.verifier.verify(&note).map_err(|error| LedgerError::PublishedOther {
            path: directory.to_owned(),
            reason: error.to_string(),
        })?;
        if found.size > head.size {
            let (found, needed) = (head.size, found.size);
            return Err(Integrity::whole(Flaw::PublishedAhead { found, needed }).into());
        }
        if root_at(found.size, reader)? != found.root {
            return Err(Integrity::whole(Flaw::PublishedFork { size: found.size }).into());
        }
        Ok(found.size)
    }
}

/// The tiles and the bundle that are being filled.
struct Tiles {
    frontier: Frontier,
    bundle: Vec<u8>,
    /// Of each level, from the leaves up, the hashes of the tile that is not full yet.
    levels: Vec<Vec<u8>>,
}

impl Tiles {
    /// Where the tree of `start` leaves, full bundles of them, ends.
    fn load(reader: &Reader<'_>, start: u64) -> Result<Self, LedgerError> {
        let frontier = Frontier::load(start, reader)?;
        let mut levels = vec![Vec::new()];
        for level in 1..MAX_LEVELS {
            let end = start >> (level * TILE_HEIGHT);
            let address = |index| NodeAddress { level: level * TILE_HEIGHT, index };
            let addresses: Vec<_> = (end - end % TILE_WIDTH..end).map(address).collect();
            let hashes = reader.read_nodes(&addresses)?;
            levels.push(hashes.iter().flat_map(|hash| hash.to_bytes()).collect());
        }
        Ok(Self { frontier, bundle: Vec::new(), levels })
    }

    /// Takes an entry in, and writes what it fills.
    fn take(&mut self, row: &EntryRow, writing: &mut Writing<'_>) -> Result<(), LedgerError> {
        let number = row.number.get();
        if number != self.frontier.size() {
            return Err(Integrity::of(self.frontier.size(), Flaw::Gap).into());
        }
        let data = Entry::leaf_data(row.registered_at, &row.statement);
        let completed = self.frontier.append(checked_leaf(row, &data)?)?;
        if completed != row.nodes {
            return Err(Integrity::of(number, Flaw::Node).into());
        }
        push_bundled(&mut self.bundle, &data)?;
        let size = number + 1;
        if size.is_multiple_of(TILE_WIDTH) {
            writing.write(&Tile::entries(number / TILE_WIDTH, TILE_WIDTH), &self.bundle)?;
            self.bundle.clear();
        }
        for (level, hashes) in (0..).zip(&mut self.levels) {
            // The node of this level that the entry completes, if it completes one.
            let Some(hash) = completed.get(usize::from(level * TILE_HEIGHT)) else {
                break;
            };
            push_hash(hashes, *hash);
            if hashes.len() == TILE_WIDTH as usize * HASH_SIZE_BYTES {
                let index = (size >> (level * TILE_HEIGHT)) / TILE_WIDTH - 1;
                writing.write(&Tile::hashes(level, index, TILE_WIDTH), hashes)?;
                hashes.clear();
            }
        }
        Ok(())
    }

    /// Writes what is not full, unless it is published like that already, once the tree is found
    /// to be the one of the checkpoint.
    fn finish(
        &self,
        old_size: u64,
        checkpoint: &Checkpoint,
        writing: &mut Writing<'_>,
    ) -> Result<(), LedgerError> {
        let size = self.frontier.size();
        if size != checkpoint.size || self.frontier.root() != checkpoint.root {
            let reason = "is not of this tree".to_owned();
            return Err(Integrity::whole(Flaw::Checkpoint { size, reason }).into());
        }
        if !self.bundle.is_empty() {
            let tile = Tile::entries(size / TILE_WIDTH, size % TILE_WIDTH);
            writing.write(&tile, &self.bundle)?;
        }
        for (level, hashes) in (0..).zip(&self.levels) {
            let count = size >> (level * TILE_HEIGHT);
            if !hashes.is_empty() && count != old_size >> (level * TILE_HEIGHT) {
                let tile = Tile::hashes(level, count / TILE_WIDTH, count % TILE_WIDTH);
                writing.write(&tile, hashes)?;
            }
        }
        Ok(())
    }
}

fn push_hash(hashes: &mut Vec<u8>, hash: Hash) {
    hashes.extend_from_slice(hash.as_bytes());
}

/// The directory, and what was written there.
struct Writing<'a> {
    directory: &'a Path,
    files: u64,
    size_bytes: u64,
    /// The directory that was made last.
    made: PathBuf,
}

impl Writing<'_> {
    /// Writes a file and gives it its name. It is not forced to the disk.
    fn write(&mut self, tile: &Tile, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(&tile.path(), bytes, false)
    }

    /// Writes the file that comes last, forced to the disk before it gets its name.
    fn write_last(&mut self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(name, bytes, true)
    }

    fn put(&mut self, name: &str, bytes: &[u8], forced: bool) -> Result<(), LedgerError> {
        let path = self.directory.join(name);
        if let Some(parent) = path.parent().filter(|parent| *parent != self.made) {
            std::fs::create_dir_all(parent).map_err(failed("make", parent))?;
            self.made = parent.to_owned();
        }
        // A name of no tile: hosts serve it to nobody who asks for one.
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(path.file_name().unwrap_or_default());
        let new = path.with_file_name(hidden);
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(bytes)?;
            if forced { file.sync_all() } else { Ok(()) }
        });
        written.map_err(failed("write", &new))?;
        std::fs::rename(&new, &path).map_err(failed("write", &path))?;
        self.files += 1;
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Keeps other processes from publishing to the directory.
fn lock(directory: &Path) -> Result<File, LedgerError> {
    let file = File::open(directory).map_err(failed("read", directory))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => {
            Err(LedgerError::BeingPublished { path: directory.to_owned() })
        }
        Err(error) => Err(failed("lock", directory)(error.into())),
    }
}

/// Forces everything that was written to the disk, all at once, before the checkpoint names it.
#[cfg(target_os = "linux")]
fn force(directory: &File) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(directory)?)
}

/// Forces everything that was written to the disk, all at once, before the checkpoint names it.
#[cfg(not(target_os = "linux"))]
fn force(_: &File) -> std::io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> LedgerError {
    let path = path.to_owned();
    move |error| LedgerError::Making { action, path, kind: error.kind() }
}
