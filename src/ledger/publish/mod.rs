//! Publishing the whole log as files that any static host serves (C2SP tlog-tiles): tiles of
//! hashes, bundles of entries, and the checkpoint, which comes last.
//!
//! The checkpoint is written beside its place and then given its name, so that nobody reads half of
//! one. A file that it covers never changes; those that it does not cover yet are written where
//! they belong, once more where publishing was stopped half-way. What is published is recomputed from the entries and
//! must lead to the signed checkpoint. Nothing is ever removed.

mod bundle;
mod directory;
mod tiles;

use super::{Flaw, Integrity, Ledger, LedgerError};
use crate::store::{Access, Reader, Store, StoreError};
use crate::tlog::{Checkpoint, MAX_NOTE_SIZE_BYTES, SignedCheckpoint, TILE_WIDTH, root_at};
use bundle::Bundle;
use directory::{Directory, failed};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tiles::Tiles;

/// Bundles that one thread reads one behind the other: ten megabytes of a usual log.
const RUN_BUNDLES: u64 = 64;
/// After so many bundles the disk begins to write them, while others are read: about as many bytes as
/// a disk takes in a tenth of a second.
const FORCED_BUNDLES: u64 = 256;
/// Bundles that wait until those before them are there: a hash of each, and no entries.
const BUNDLES_WAITING: usize = 1024;

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
        let directory = Directory::lock(directory)?;
        let reader = self.read()?;
        let SignedCheckpoint { checkpoint, note } = self.checkpoint(&reader, None)?;
        let old_size = self.published(&reader, &directory, &checkpoint)?;
        if old_size < checkpoint.size {
            let start = old_size - old_size % TILE_WIDTH;
            let mut tiles = Tiles::load(&reader, start)?;
            self.copy(start..checkpoint.size, &mut tiles, &directory, progress)?;
            tiles.finish(old_size, &checkpoint, &directory)?;
            directory.force()?;
            directory.write_checkpoint(&note)?;
        }
        let (files, size_bytes) = directory.written();
        Ok(Published { checkpoint, old_size, files, size_bytes })
    }

    /// How many entries are published, as the checkpoint there says; that is none of them where
    /// there is no checkpoint.
    fn published(
        &self,
        reader: &Reader<'_>,
        directory: &Directory,
        head: &Checkpoint,
    ) -> Result<u64, LedgerError> {
        let path = directory.checkpoint();
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
            path: directory.path().to_owned(),
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

    /// Reads, hashes and writes the bundles on as many threads as there are cores, each with a
    /// connection of its own, and joins on this thread what they found. Entries never change, so
    /// that it does not matter which snapshots those connections see.
    fn copy(
        &self,
        entries: Range<u64>,
        tiles: &mut Tiles,
        directory: &Directory,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), LedgerError> {
        let bundles = entries.start / TILE_WIDTH..entries.end.div_ceil(TILE_WIDTH);
        let path = self.store.path();
        let open = || Store::open(path, Access::ReadOnly);
        let next = AtomicU64::new(bundles.start);
        let runs = (bundles.end - bundles.start).div_ceil(RUN_BUNDLES);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let (out, read) = sync_channel(BUNDLES_WAITING);
            let start = |_| {
                let (next, out) = (&next, out.clone());
                scope.spawn(move || read_runs(open, entries.end, next, directory, &out))
            };
            let readers: Vec<_> = (0..runs.min(cores as u64)).map(start).collect();
            drop(out);
            let (force, asked) = sync_channel(1);
            let forcing = scope.spawn(move || asked.iter().try_for_each(|()| directory.force()));
            let taken = take_in_order(&read, bundles.start, tiles, directory, |size| {
                progress(size);
                if size.is_multiple_of(FORCED_BUNDLES * TILE_WIDTH) {
                    // Where it is at work already, what is new waits for the next time.
                    let _ = force.try_send(());
                }
            });
            drop((read, force));
            let joined = readers.into_iter().try_for_each(|reader| {
                reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            let forced = forcing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            // What is wrong with an entry goes first; a reader that failed leaves a gap.
            taken.and(joined.map_err(LedgerError::from)).and(forced)
        })
    }
}

/// A bundle by its place among all.
type Found = (u64, Result<Bundle, LedgerError>);

/// Takes runs of bundles, reads and writes them, and hands on what their entries lead to; until there
/// are no more, one of them is wrong, or nobody listens.
fn read_runs(
    open: impl Fn() -> Result<Store, StoreError>,
    size: u64,
    next: &AtomicU64,
    directory: &Directory,
    out: &SyncSender<Found>,
) -> Result<(), StoreError> {
    let store = open()?;
    let reader = store.read()?;
    let mut buffer = Vec::new();
    loop {
        let first = next.fetch_add(RUN_BUNDLES, Ordering::Relaxed);
        if first >= size.div_ceil(TILE_WIDTH) {
            return Ok(());
        }
        for index in first..size.div_ceil(TILE_WIDTH).min(first + RUN_BUNDLES) {
            let bundle = Bundle::copy(&reader, index, size, &mut buffer, directory);
            let is_wrong = bundle.is_err();
            if out.send((index, bundle)).is_err() || is_wrong {
                return Ok(());
            }
        }
    }
}

/// Joins bundles in their order, in whatever order they come, so that the first that is wrong is told.
fn take_in_order(
    read: &Receiver<Found>,
    first: u64,
    tiles: &mut Tiles,
    directory: &Directory,
    mut progress: impl FnMut(u64),
) -> Result<(), LedgerError> {
    let mut waiting = BTreeMap::new();
    let mut next = first;
    for (index, bundle) in read {
        waiting.insert(index, bundle);
        while let Some(bundle) = waiting.remove(&next) {
            tiles.take(bundle?, directory)?;
            next += 1;
            progress(tiles.size());
        }
    }
    Ok(())
}
