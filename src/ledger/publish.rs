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
use rayon::prelude::*;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

/// The file with the latest checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// Levels of tiles in the largest tree.
const MAX_LEVELS: u8 = 8;
/// The tree levels from one level of tiles to the next: 256 hashes are one.
const TILE_HEIGHT: u8 = 8;
/// Bundles with at least so many bytes of statements are hashed and written together.
const BATCH_BYTES: usize = 1 << 22;
/// So many such batches wait in memory at most.
const BATCHES_WAITING: usize = 2;

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
        let writing = Writing { directory, files: 0.into(), size_bytes: 0.into() };
        if old_size < checkpoint.size {
            let start = old_size - old_size % TILE_WIDTH;
            let mut tiles = Tiles::load(&reader, start)?;
            copy(&reader, start..checkpoint.size, &mut tiles, &writing, progress)?;
            tiles.finish(old_size, &checkpoint, &writing)?;
            force(&lock).map_err(failed("write", directory))?;
            writing.write_last(CHECKPOINT, note.as_bytes())?;
            lock.sync_all().map_err(failed("write", directory))?;
        }
        let (files, size_bytes) = (writing.files.into_inner(), writing.size_bytes.into_inner());
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

/// Reads entries on this thread, while those read before are hashed on all others and written.
fn copy(
    reader: &Reader<'_>,
    range: Range<u64>,
    tiles: &mut Tiles,
    writing: &Writing<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), LedgerError> {
    std::thread::scope(|scope| {
        let (out, batches) = sync_channel::<Vec<EntryRow>>(BATCHES_WAITING);
        let taken = scope.spawn(move || {
            batches.iter().try_for_each(|batch: Vec<EntryRow>| tiles.take(batch, writing))
        });
        let read = read(reader, range, |batch, size| {
            let sent = out.send(batch).is_ok();
            if sent {
                progress(size);
            }
            sent
        });
        drop(out);
        taken.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(read)
    })
}

/// Hands on the entries of whole bundles, as many as make a batch, with the number of the entry after
/// them; until there are no more, or nobody takes them.
fn read(
    reader: &Reader<'_>,
    range: Range<u64>,
    mut take: impl FnMut(Vec<EntryRow>, u64) -> bool,
) -> Result<(), LedgerError> {
    let (mut batch, mut size_bytes) = (Vec::new(), 0);
    for from in range.clone().step_by(TILE_WIDTH as usize) {
        let until = range.end.min(from + TILE_WIDTH);
        reader.entries(from..until, |row| {
            size_bytes += row.statement.len();
            batch.push(row);
            Ok::<(), LedgerError>(())
        })?;
        if size_bytes < BATCH_BYTES && until < range.end {
            continue;
        }
        size_bytes = 0;
        // The other side is gone only when it has failed, and says so itself.
        if !take(std::mem::take(&mut batch), until) {
            break;
        }
    }
    Ok(())
}

/// The entries of one bundle, as far as they are there.
struct Bundle {
    /// Of each entry its leaf, and the nodes that its row says it completes.
    leaves: Vec<(Hash, Vec<Hash>)>,
    bytes: Vec<u8>,
}

impl Bundle {
    /// Hashes entries, the first of which is to be `first`, and writes them where they are all.
    fn of(first: u64, rows: &[EntryRow], writing: &Writing<'_>) -> Result<Self, LedgerError> {
        let mut bundle = Self { leaves: Vec::with_capacity(rows.len()), bytes: Vec::new() };
        for (number, row) in (first..).zip(rows) {
            if row.number.get() != number {
                return Err(Integrity::of(number, Flaw::Gap).into());
            }
            let data = Entry::leaf_data(row.registered_at, &row.statement);
            bundle.leaves.push((checked_leaf(row, &data)?, row.nodes.clone()));
            push_bundled(&mut bundle.bytes, &data)?;
        }
        if rows.len() == TILE_WIDTH as usize {
            writing.write(&Tile::entries(first / TILE_WIDTH, TILE_WIDTH), &bundle.bytes)?;
            bundle.bytes.clear();
        }
        Ok(bundle)
    }
}

/// The tiles and the bundle that are being filled.
struct Tiles {
    frontier: Frontier,
    /// The last bundle, where it is not full.
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

    /// Takes entries in, whole bundles of them but for the last, and writes what they fill.
    fn take(&mut self, rows: Vec<EntryRow>, writing: &Writing<'_>) -> Result<(), LedgerError> {
        let start = self.frontier.size();
        let firsts: Vec<u64> =
            (start..start + rows.len() as u64).step_by(TILE_WIDTH as usize).collect();
        let bundles: Vec<Result<Bundle, LedgerError>> = rows
            .par_chunks(TILE_WIDTH as usize)
            .zip(firsts)
            .map(|(rows, first)| Bundle::of(first, rows, writing))
            .collect();
        for bundle in bundles {
            let Bundle { leaves, bytes } = bundle?;
            for (leaf, nodes) in leaves {
                self.append(leaf, &nodes, writing)?;
            }
            self.bundle = bytes;
        }
        Ok(())
    }

    /// Takes a leaf in, and writes the tiles that it fills.
    fn append(
        &mut self,
        leaf: Hash,
        nodes: &[Hash],
        writing: &Writing<'_>,
    ) -> Result<(), LedgerError> {
        let number = self.frontier.size();
        let completed = self.frontier.append(leaf)?;
        if completed != nodes {
            return Err(Integrity::of(number, Flaw::Node).into());
        }
        let size = number + 1;
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
        writing: &Writing<'_>,
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

/// The directory, and what was written there by any thread.
struct Writing<'a> {
    directory: &'a Path,
    files: AtomicU64,
    size_bytes: AtomicU64,
}

impl Writing<'_> {
    /// Writes a file and gives it its name. It is not forced to the disk.
    fn write(&self, tile: &Tile, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(&tile.path(), bytes, false)
    }

    /// Writes the file that comes last, forced to the disk before it gets its name.
    fn write_last(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        self.put(name, bytes, true)
    }

    fn put(&self, name: &str, bytes: &[u8], forced: bool) -> Result<(), LedgerError> {
        let path = self.directory.join(name);
        // A name of no tile: hosts serve it to nobody who asks for one.
        let mut hidden = std::ffi::OsString::from(".");
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
