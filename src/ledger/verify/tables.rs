//! The derived tables, each compared with the rows that the replay makes by a thread of its own.

use super::{Stopped, join};
use crate::admission::{Effect, Value};
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::{Store, StoreError};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

/// Effects that are handed over together.
const BATCH_EFFECTS: usize = 2048;
/// Batches that may wait for a table.
const QUEUED_BATCHES: usize = 2;

/// Where a row belongs: the entry that makes it, and its place among what that entry makes.
type Place = (u64, usize);
type Batch = Vec<(Place, Effect)>;

/// A table is not as the replay makes it.
struct Difference {
    /// The first row that differs; nothing where all are there, and something more.
    at: Option<Place>,
    error: LedgerError,
}

/// One table, and what its thread has yet to compare.
struct Table<'scope> {
    batch: Batch,
    out: SyncSender<Batch>,
    compared: ScopedJoinHandle<'scope, Result<(), Difference>>,
}

/// Every derived table.
pub(super) struct Tables<'scope> {
    tables: Vec<Table<'scope>>,
    differs: bool,
}

impl<'scope> Tables<'scope> {
    /// Reads each table in a thread of its own, up to the size of the log at the start.
    pub(super) fn start<F>(scope: &'scope Scope<'scope, '_>, size: u64, open: F) -> Self
    where
        F: Fn() -> Result<Store, StoreError> + Copy + Send + 'scope,
    {
        let start_one = |(name, _): &(&'static str, &[&str])| {
            let name = *name;
            let (out, effects) = sync_channel(QUEUED_BATCHES);
            let compared = scope.spawn(move || compare(name, size, open, Expected::new(effects)));
            Table { batch: Vec::new(), out, compared }
        };
        Self { tables: Effect::TABLES.iter().map(start_one).collect(), differs: false }
    }

    /// The next rows of the effects' tables must be these.
    pub(super) fn expect(&mut self, entry: u64, effects: Vec<Effect>) {
        for (number, effect) in effects.into_iter().enumerate() {
            // Every effect has a table.
            let Some(table) = self.tables.get_mut(effect.table()) else { continue };
            table.batch.push(((entry, number), effect));
            if table.batch.len() >= BATCH_EFFECTS {
                self.differs |= !table.hand_on();
                // Tables that were this busy once will be again.
                table.batch.reserve_exact(BATCH_EFFECTS);
            }
        }
    }

    /// Whether a table was found that differs, so that the replay need not go on.
    pub(super) const fn differ(&self) -> bool {
        self.differs
    }

    /// The first failure in the order of entries. The rows of an entry come after what else can be
    /// wrong with it, except that the replay goes no further than the entry at which it fails; so
    /// every row that differs comes before that. No table may hold a row that no entry made.
    pub(super) fn finish(mut self, replayed: Result<(), LedgerError>) -> Result<(), LedgerError> {
        for table in &mut self.tables {
            table.hand_on();
        }
        let compared = self.tables.into_iter().filter_map(Table::finish);
        let (mut differing, more): (Vec<Difference>, Vec<Difference>) =
            compared.partition(|difference| difference.at.is_some());
        differing.sort_by_key(|difference| difference.at);
        if let Some(first) = differing.into_iter().next() {
            return Err(first.error);
        }
        replayed?;
        more.into_iter().next().map_or(Ok(()), |first| Err(first.error))
    }
}

impl Table<'_> {
    /// Whether the thread still listens: it leaves when it has found a difference.
    fn hand_on(&mut self) -> bool {
        self.out.send(std::mem::take(&mut self.batch)).is_ok()
    }

    fn finish(self) -> Option<Difference> {
        drop(self.out);
        join(self.compared).err()
    }
}

/// The rows that the replay makes of one table, in order.
struct Expected {
    batch: std::vec::IntoIter<(Place, Effect)>,
    batches: Receiver<Batch>,
}

impl Expected {
    fn new(batches: Receiver<Batch>) -> Self {
        Self { batch: Vec::new().into_iter(), batches }
    }
}

impl Iterator for Expected {
    type Item = (Place, Effect);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.batch.next() {
                return Some(next);
            }
            self.batch = self.batches.recv().ok()?.into_iter();
        }
    }
}

/// Reads a table beside the replay that must make the same rows.
fn compare(
    table: &'static str,
    size: u64,
    open: impl Fn() -> Result<Store, StoreError>,
    mut expected: Expected,
) -> Result<(), Difference> {
    let flawed = |entry: Option<u64>| {
        let flaw = Flaw::Row { table };
        match entry {
            Some(entry) => Integrity::of(entry, flaw).into(),
            None => Integrity::whole(flaw).into(),
        }
    };
    let compare_one = |row: &[Value], present: u64, expected: &mut Expected| {
        // What another process appends meanwhile is not of this tree. A row of an entry that is not
        // even there now is of no tree.
        let entry = entry_of(row);
        if entry.is_some_and(|entry| (size..present).contains(&entry)) {
            return Ok(());
        }
        match expected.next() {
            Some((_, effect)) if effect.values() == row => Ok(()),
            Some((at, _)) => {
                Err(Stopped::At(Difference { at: Some(at), error: flawed(Some(at.0)) }))
            }
            None => Err(Stopped::At(Difference { at: None, error: flawed(entry) })),
        }
    };
    let read = open().map_err(Stopped::from).and_then(|store| {
        let reader = store.read()?;
        let present = reader.size()?;
        reader.table_rows(table, |row| compare_one(row, present, &mut expected))
    });
    let unread = match read {
        Ok(()) => None,
        Err(Stopped::At(difference)) => return Err(difference),
        Err(Stopped::Store(error)) => Some(LedgerError::from(error)),
    };
    // The rows are at an end.
    match (expected.next(), unread) {
        (None, None) => Ok(()),
        (next, unread) => {
            let at = next.map(|(at, _)| at);
            let error = unread.unwrap_or_else(|| flawed(at.map(|(entry, _)| entry)));
            Err(Difference { at, error })
        }
    }
}

/// The entry that made a row: its first column.
fn entry_of(row: &[Value]) -> Option<u64> {
    match row.first() {
        Some(Value::Integer(entry)) => u64::try_from(*entry).ok(),
        Some(Value::Null | Value::Text(_) | Value::Blob(_)) | None => None,
    }
}
