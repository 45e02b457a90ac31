//! The derived tables, compared with the rows that the replay makes.
//!
//! Rows are compared as sums: for each table and each entry, the digests of the rows that the
//! replay makes are added and those of the rows in the file are taken away. What remains is zero
//! only where they are the same rows, in whatever order they lie. The digests are keyed with a key
//! that is drawn afresh, so that nobody can prepare rows that cancel out: 2^-64 for each attempt.

use crate::admission::{Effect, Value};
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::{Reader, Store, StoreError};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{Scope, ScopedJoinHandle};

/// Entries whose sums are allocated together, when the first of them has a row.
const CHUNK_ENTRIES: usize = 4096;
/// Entries whose rows are handed over together.
const BATCH_ENTRIES: usize = 2048;
/// Batches that may wait.
const QUEUED_BATCHES: usize = 2;

type Chunk = Box<[AtomicU64]>;

/// What remains of one table, entry by entry.
struct Remainder {
    chunks: Vec<OnceLock<Chunk>>,
}

/// The remainders of all tables, and the key of the digests.
struct Sums {
    key: RandomState,
    tables: Vec<Remainder>,
}

/// Rows that the replay makes, with their entry.
type Batch = Vec<(u64, Vec<Effect>)>;

/// Every derived table, being read.
pub(super) struct Tables<'scope> {
    sums: Arc<Sums>,
    batch: Batch,
    out: SyncSender<Batch>,
    adder: ScopedJoinHandle<'scope, ()>,
    readers: Vec<ScopedJoinHandle<'scope, Result<(), LedgerError>>>,
}

/// What the comparison has found.
pub(super) struct Compared {
    /// The first row that differs from what the replay makes, of those before the end of it.
    pub(super) difference: Option<LedgerError>,
    /// A row of no entry, or a table that SQLite finds unsound.
    pub(super) unsound: Option<LedgerError>,
}

impl Sums {
    fn new(size: u64) -> Self {
        let chunks = usize::try_from(size).unwrap_or(usize::MAX).div_ceil(CHUNK_ENTRIES);
        let table = |_| Remainder { chunks: (0..chunks).map(|_| OnceLock::new()).collect() };
        Self { key: RandomState::new(), tables: Effect::TABLES.iter().map(table).collect() }
    }

    fn digest(&self, row: &[Value]) -> u64 {
        self.key.hash_one(row)
    }

    fn add(&self, batch: Batch) {
        for (entry, effects) in batch {
            for effect in effects {
                if let Some(sum) = self.of(effect.table(), entry) {
                    sum.fetch_add(self.digest(&effect.values()), Ordering::Relaxed);
                }
            }
        }
    }

    /// The sum of one entry in one table; nothing where there is no such place.
    fn of(&self, table: usize, entry: u64) -> Option<&AtomicU64> {
        let entry = usize::try_from(entry).ok()?;
        let chunk = self.tables.get(table)?.chunks.get(entry / CHUNK_ENTRIES)?;
        let zero = || (0..CHUNK_ENTRIES).map(|_| AtomicU64::new(0)).collect();
        chunk.get_or_init(zero).get(entry % CHUNK_ENTRIES)
    }

    /// The first entry below `limit` with a row that differs, and its table.
    fn first_difference(&self, limit: u64) -> Option<(u64, &'static str)> {
        let first = |(table, (name, _)): (&Remainder, &(&'static str, &[&str]))| {
            let differs = |(place, chunk): (usize, &OnceLock<Chunk>)| {
                let sums = chunk.get()?.iter();
                let within =
                    sums.map(|sum| sum.load(Ordering::Relaxed)).position(|sum| sum != 0)?;
                Some((place * CHUNK_ENTRIES + within) as u64)
            };
            let entry = table.chunks.iter().enumerate().find_map(differs)?;
            (entry < limit).then_some((entry, *name))
        };
        let differences = self.tables.iter().zip(Effect::TABLES).filter_map(first);
        // The first table where several differ at one entry.
        differences.min_by_key(|(entry, _)| *entry)
    }
}

impl<'scope> Tables<'scope> {
    /// Reads the tables, up to the size of the log at the start, in as many threads as there are
    /// cores; where the log is short, in one, since a thread needs a connection of its own.
    pub(super) fn start<F>(scope: &'scope Scope<'scope, '_>, size: u64, open: F) -> Self
    where
        F: Fn() -> Result<Store, StoreError> + Copy + Send + 'scope,
    {
        let sums = Arc::new(Sums::new(size));
        let next = Arc::new(AtomicUsize::new(0));
        let start = |_| {
            let (sums, next) = (Arc::clone(&sums), Arc::clone(&next));
            scope.spawn(move || read_tables(&sums, &next, size, &open()?))
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let chunks = usize::try_from(size).unwrap_or(usize::MAX).div_ceil(CHUNK_ENTRIES);
        let readers = (0..cores.min(chunks).max(1)).map(start).collect();
        let (out, batches) = sync_channel(QUEUED_BATCHES);
        let adder = {
            let sums = Arc::clone(&sums);
            scope.spawn(move || batches.into_iter().for_each(|batch| sums.add(batch)))
        };
        Self { sums, batch: Vec::new(), out, adder, readers }
    }

    /// The replay has made these rows of this entry.
    pub(super) fn expect(&mut self, entry: u64, effects: Vec<Effect>) {
        self.batch.push((entry, effects));
        if self.batch.len() >= BATCH_ENTRIES {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        // The adder listens until this end is dropped.
        let _ = self.out.send(std::mem::take(&mut self.batch));
    }

    /// Once the replay has come to entry `limit` and every table is read: no row of an entry
    /// before it may be missing, changed or too many.
    pub(super) fn finish(mut self, limit: u64) -> Compared {
        self.hand_on();
        drop(self.out);
        super::join(self.adder);
        let read: Vec<_> = self.readers.into_iter().map(super::join).collect();
        let first = self.sums.first_difference(limit);
        let differs = |(entry, table)| Integrity::of(entry, Flaw::Row { table }).into();
        Compared { difference: first.map(differs), unsound: read.into_iter().find_map(Result::err) }
    }
}

/// Reads table after table while there are any left. Says what is wrong with the first bad one,
/// having read them all.
fn read_tables(
    sums: &Sums,
    next: &AtomicUsize,
    size: u64,
    store: &Store,
) -> Result<(), LedgerError> {
    let reader = store.read()?;
    let mut result = Ok(());
    loop {
        let table = next.fetch_add(1, Ordering::Relaxed);
        let Some((name, _)) = Effect::TABLES.get(table) else {
            return result;
        };
        let read = read_table(sums, (table, name), size, &reader);
        result = result.and(read).and(store.check_table(name).map_err(LedgerError::from));
    }
}

/// Takes away the digest of each row of a table.
fn read_table(
    sums: &Sums,
    (table, name): (usize, &'static str),
    size: u64,
    reader: &Reader<'_>,
) -> Result<(), LedgerError> {
    let present = reader.size()?;
    let mut stray = None;
    reader.table_rows(name, |row| {
        let entry = entry_of(row);
        match entry.filter(|entry| *entry < size).and_then(|entry| sums.of(table, entry)) {
            Some(sum) => {
                sum.fetch_sub(sums.digest(row), Ordering::Relaxed);
            }
            // What another process appends meanwhile is not of this tree. A row of an entry that
            // is not even there now is of no tree.
            None if entry.is_some_and(|entry| (size..present).contains(&entry)) => {}
            None => stray = stray.or(Some(entry)),
        }
        Ok::<(), LedgerError>(())
    })?;
    let flaw = Flaw::Row { table: name };
    match stray {
        None => Ok(()),
        Some(None) => Err(Integrity::whole(flaw).into()),
        Some(Some(entry)) => Err(Integrity::of(entry, flaw).into()),
    }
}

/// The entry that made a row: its first column.
fn entry_of(row: &[Value]) -> Option<u64> {
    match row.first() {
        Some(Value::Integer(entry)) => u64::try_from(*entry).ok(),
        Some(Value::Null | Value::Text(_) | Value::Blob(_)) | None => None,
    }
}
