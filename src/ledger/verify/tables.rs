//! The derived tables, read row by row beside the replay that must make the same rows.

use super::Stopped;
use crate::admission::{Effect, Value};
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::{Store, StoreError};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

/// Rows that are handed over together.
const BATCH_ROWS: usize = 512;
/// Batches that may wait for the replay, for each table.
const QUEUED_BATCHES: usize = 2;

type Batch = Result<Vec<Vec<Value>>, StoreError>;

/// One table, from its first row on.
struct Table {
    rows: std::vec::IntoIter<Vec<Value>>,
    batches: Receiver<Batch>,
}

/// Every derived table.
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// Reads each table in a thread of its own, up to the size of the log at the start.
    pub(super) fn start<'scope, F>(scope: &'scope Scope<'scope, '_>, size: u64, open: F) -> Self
    where
        F: Fn() -> Result<Store, StoreError> + Copy + Send + 'scope,
    {
        let start_one = |(name, _): &(&'static str, &[&str])| {
            let name = *name;
            let (out, batches) = sync_channel(QUEUED_BATCHES);
            scope.spawn(move || {
                let mut batch = Vec::with_capacity(BATCH_ROWS);
                let mut each = |row: &[Value], present: u64| {
                    // What another process appends meanwhile is not of this tree. A row of an
                    // entry that is not even there now is of no tree.
                    if entry_of(row).is_some_and(|entry| (size..present).contains(&entry)) {
                        return Ok(());
                    }
                    batch.push(row.to_vec());
                    if batch.len() < BATCH_ROWS {
                        return Ok(());
                    }
                    out.send(Ok(std::mem::take(&mut batch))).map_err(|_| Stopped::NobodyListens)
                };
                let read = open().map_err(Stopped::from).and_then(|store| {
                    let reader = store.read()?;
                    let present = reader.size()?;
                    reader.table_rows(name, |row| each(row, present))
                });
                // Where the replay is gone it has failed, and says so itself.
                let _ = match read {
                    Ok(()) => out.send(Ok(batch)),
                    Err(Stopped::Store(error)) => out.send(Err(error)),
                    Err(Stopped::NobodyListens) => Ok(()),
                };
            });
            Table { rows: Vec::new().into_iter(), batches }
        };
        Self(Effect::TABLES.iter().map(start_one).collect())
    }

    /// The next row of the effect's table must be the effect.
    pub(super) fn compare(&mut self, entry: u64, effect: &Effect) -> Result<(), LedgerError> {
        let place = effect.table();
        let differs = || {
            let table = Effect::TABLES.get(place).map_or("", |(name, _)| name);
            LedgerError::from(Integrity::of(entry, Flaw::Row { table }))
        };
        let table = self.0.get_mut(place).ok_or_else(differs)?;
        match table.next()? {
            Some(row) if row == effect.values() => Ok(()),
            Some(_) | None => Err(differs()),
        }
    }

    /// No table may hold a row that no entry made.
    pub(super) fn finish(mut self) -> Result<(), LedgerError> {
        for (table, (name, _)) in self.0.iter_mut().zip(Effect::TABLES) {
            if let Some(row) = table.next()? {
                let flaw = Flaw::Row { table: name };
                let integrity = entry_of(&row).map_or_else(
                    || Integrity::whole(flaw.clone()),
                    |entry| Integrity::of(entry, flaw.clone()),
                );
                return Err(integrity.into());
            }
        }
        Ok(())
    }
}

/// The entry that made a row: its first column.
fn entry_of(row: &[Value]) -> Option<u64> {
    match row.first() {
        Some(Value::Integer(entry)) => u64::try_from(*entry).ok(),
        Some(Value::Null | Value::Text(_) | Value::Blob(_)) | None => None,
    }
}

impl Table {
    fn next(&mut self) -> Result<Option<Vec<Value>>, StoreError> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            match self.batches.recv() {
                Ok(batch) => self.rows = batch?.into_iter(),
                Err(_) => return Ok(None),
            }
        }
    }
}
