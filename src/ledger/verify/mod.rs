//! Verification of the whole ledger, from the bytes up.
//!
//! Entries are read in order by one thread, decoded, hashed and checked for their signatures on
//! all cores, and replayed through admission into a fresh view in memory by another thread, which
//! compares every derived row as it goes. Every stage hands on batches through short queues, so
//! that memory stays bounded whatever the size of the ledger, and failures are told in the order
//! of entries: the first one named is the first one there is.

mod checkpoints;
mod cosignatures;
mod examined;
mod replay;
mod tables;

pub(super) use cosignatures::cosignature_of;

use super::{Ledger, LedgerError, time_stamps};
use crate::store::{Access, EntryRow, Store, StoreError};
use crate::tlog::{CheckpointVerifier, Hash};
use examined::{Decoded, Examined, Examiner};
use replay::Replay;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tables::{Compared, Tables};

/// Entries that go through the stages together: enough to fill a signature batch on every core.
const BATCH_ENTRIES: usize = 2048;
/// Batches that may wait between two stages.
const QUEUED_BATCHES: usize = 1;
/// Pages that each connection keeps: they are read in order, and once.
const CACHE_SIZE_KIB: u16 = 1024;
/// But for the log, whose entries are looked up by their identifiers, in no order: 24 MiB.
const LOG_CACHE_SIZE_KIB: u16 = 24 * 1024;

/// The tables that are not derived.
const LOG_TABLES: [&str; 4] = ["entry", "document", "cosignature", "time_stamp"];

/// A ledger that was found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries it has.
    pub entries: u64,
    /// The root of its tree.
    pub root: Hash,
    /// How many signed checkpoints it keeps.
    pub checkpoints: u64,
    /// How many cosignatures of witnesses it keeps.
    pub cosignatures: u64,
}

/// Entries that were checked so far, of how many.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

impl Ledger {
    /// Recomputes every hash, node, signature and checkpoint, replays admission into a fresh view
    /// and compares every derived row, and checks texts, cosignatures, head file and SQLite's own
    /// structures.
    ///
    /// # Errors
    /// [`LedgerError::Integrity`] with the first bad entry and what is wrong with it.
    pub fn verify(&self, progress: &mut Progress<'_>) -> Result<Verification, LedgerError> {
        // Before the size: what others append meanwhile must not look like a roll-back.
        let head = self.head_file.read(&self.verifier)?;
        let path = self.store.path().to_owned();
        // A connection of its own for each thread, and a snapshot that no reader elsewhere holds.
        let open = || {
            let store = Store::open(&path, Access::ReadOnly)?;
            store.limit_pages(CACHE_SIZE_KIB)?;
            Ok(store)
        };
        let store = open()?;
        let reader = store.read()?;
        let size = reader.size()?;
        std::thread::scope(|scope| {
            let file = scope.spawn(move || {
                let store = open()?;
                store.check_file()?;
                store.limit_pages(LOG_CACHE_SIZE_KIB)?;
                LOG_TABLES.iter().try_for_each(|table| store.check_table(table))?;
                time_stamps::check_all(&store.read()?, |_| {})
            });
            let (rows_out, rows_in) = sync_channel(QUEUED_BATCHES);
            let (examined_out, examined_in) = sync_channel(QUEUED_BATCHES);
            let reading = scope.spawn(move || read_entries(open, size, &rows_out));
            let verifier = &self.verifier;
            scope.spawn(move || examine(verifier, &rows_in, &examined_out));
            let (spent, spending) = sync_channel::<Vec<Examined>>(0);
            scope.spawn(move || spending.into_iter().for_each(drop));
            let cosigned = scope.spawn(move || cosignatures::check(verifier, &open()?));
            let mut tables = Tables::start(scope, size, open);
            let mut replayed = 0;
            let verification = Replay::start(head, &reader, &mut tables).and_then(|mut replay| {
                let ended = replay_all(&mut replay, size, (&examined_in, spent), progress);
                replayed = replay.size();
                ended.and_then(|()| replay.finish(size))
            });
            // A failed replay leaves; the stages before it find their queues closed and end.
            drop(examined_in);
            let read = join(reading);
            let file = join(file);
            let cosigned = join(cosigned);
            let Compared { difference, unsound } = tables.finish(replayed);
            // A bad row of an earlier entry goes first.
            difference.map_or(Ok(()), Err)?;
            let verification = verification?;
            read?;
            file?;
            unsound.map_or(Ok(()), Err)?;
            let cosignatures = cosigned?;
            Ok(Verification { cosignatures, ..verification })
        })
    }
}

fn replay_all(
    replay: &mut Replay<'_, '_>,
    size: u64,
    (examined, spent): (&Receiver<Vec<Examined>>, SyncSender<Vec<Examined>>),
    progress: &mut Progress<'_>,
) -> Result<(), LedgerError> {
    for batch in examined {
        let replayed = batch.iter().try_for_each(|entry| replay.take(entry));
        // Many small allocations: another thread has more time to free them, and is waited for
        // rather than left behind.
        let _ = spent.send(batch);
        replayed?;
        progress(replay.size(), size);
    }
    Ok(())
}

/// Why a stage stopped before its end.
enum Stopped {
    /// The stage after it has failed, and says so itself.
    NobodyListens,
    /// The database could not be read.
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Reads the entries in order and hands them on in batches.
fn read_entries(
    open: impl Fn() -> Result<Store, StoreError>,
    size: u64,
    out: &SyncSender<Vec<EntryRow>>,
) -> Result<(), StoreError> {
    let store = open()?;
    let mut batch = Vec::with_capacity(BATCH_ENTRIES);
    let read = store.read()?.entries(0..size, |row| {
        batch.push(row);
        if batch.len() < BATCH_ENTRIES {
            return Ok(());
        }
        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ENTRIES));
        out.send(full).map_err(|_| Stopped::NobodyListens)
    });
    match read {
        Ok(()) => {
            // The receiver is gone only when it has failed, and says so itself.
            let _ = out.send(batch);
            Ok(())
        }
        Err(Stopped::NobodyListens) => Ok(()),
        Err(Stopped::Store(error)) => Err(error),
    }
}

/// Decodes, hashes and checks each batch on all cores, until either side leaves. A batch is
/// decoded while the one before it is checked, so that no core waits for the slowest.
fn examine(
    verifier: &CheckpointVerifier,
    rows: &Receiver<Vec<EntryRow>>,
    out: &SyncSender<Vec<Examined>>,
) {
    let mut examiner = Examiner::default();
    let mut decoded = Vec::new();
    loop {
        let batch = rows.recv();
        let at_end = batch.is_err();
        examiner.learn(&decoded);
        let (next, examined) = rayon::join(
            || Decoded::all(batch.unwrap_or_default(), verifier),
            || examiner.check(std::mem::take(&mut decoded)),
        );
        if out.send(examined).is_err() || at_end {
            return;
        }
        decoded = next;
    }
}

/// The result of a thread, or its panic carried on.
fn join<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
