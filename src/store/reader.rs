//! A reader: one consistent snapshot of the ledger, and what stands in the log of it.
//! Never changes anything.

use super::fetch::{
    entry_row, field, kind, limit_to_sql, number_to_sql, record_id, to_sql, values,
};
use super::{EntryRow, Store, StoreError, query};
use crate::admission::{Effect, Value};
use crate::record::{Digest, EntryNumber, RecordId, Statement, Timestamp};
use rusqlite::params;
use std::ops::Range;

/// The end of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub size: u64,
    /// The checkpoint of the last entry, a signed note; none in a ledger without entries, or one
    /// that was tampered with.
    pub checkpoint: Option<String>,
}

/// A consistent snapshot of a ledger. What other processes append meanwhile does not show.
#[derive(Debug)]
pub struct Reader<'store> {
    pub(super) store: &'store Store,
    /// Whether the snapshot is that of a writer, which ends it itself.
    pub(super) within_writer: bool,
}

impl<'store> Reader<'store> {
    pub(super) fn begin(store: &'store Store) -> Result<Self, StoreError> {
        if store.readers.get() == 0 {
            store.run("BEGIN DEFERRED")?;
        }
        store.readers.set(store.readers.get() + 1);
        let reader = Self { store, within_writer: false };
        // The first read fixes the snapshot.
        reader.size()?;
        Ok(reader)
    }

    pub(super) fn within_writer(store: &'store Store) -> Self {
        Self { store, within_writer: true }
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// What SQLite says; so with every question below.
    pub fn size(&self) -> Result<u64, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field(row, "entry", (0, "number"));
        let size: Option<EntryNumber> = self.one(query::SIZE, [], read)?;
        Ok(size.unwrap_or_default().get())
    }

    /// The end of the log.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn head(&self) -> Result<Head, StoreError> {
        let head = self.one(query::HEAD, [], |row| {
            let size: EntryNumber = field(row, "entry", (0, "number"))?;
            Ok(Head { size: size.get(), checkpoint: field(row, "entry", (1, "checkpoint"))? })
        })?;
        Ok(head.unwrap_or(Head { size: 0, checkpoint: None }))
    }

    /// When the last entry was registered.
    ///
    /// # Errors
    /// What SQLite says, or a stored moment out of range.
    pub fn last_registered_at(&self) -> Result<Option<Timestamp>, StoreError> {
        match self.size()?.checked_sub(1) {
            Some(last) => self.registered_at(EntryNumber::new(last)).map(Some),
            None => Ok(None),
        }
    }

    /// When an entry was registered.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn registered_at(&self, entry: EntryNumber) -> Result<Timestamp, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field(row, "entry", (0, "registered_at"));
        let found = self.one(query::REGISTERED_AT, [to_sql(entry)], read)?;
        found.ok_or(missing_entry(entry))
    }

    /// A row of the log, if it is there.
    ///
    /// # Errors
    /// Values that the columns cannot hold.
    pub fn entry_row(&self, entry: EntryNumber) -> Result<Option<EntryRow>, StoreError> {
        self.one(query::ENTRY, [to_sql(entry)], entry_row)
    }

    /// Hands on the rows of the log in this range, in order, holding one at a time.
    ///
    /// # Errors
    /// Values that the columns cannot hold, or the callback's own error, which ends the reading.
    pub fn entries<E: From<StoreError>>(
        &self,
        range: Range<u64>,
        mut each: impl FnMut(EntryRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let bounds = [number_to_sql(range.start), number_to_sql(range.end)];
        self.each(query::LIST_ENTRIES, bounds, |row| each(entry_row(row)?))
    }

    /// The statement of an entry, decoded; its signature is not checked.
    ///
    /// # Errors
    /// [`StoreError::Missing`], or [`StoreError::Statement`] for bytes that are not one.
    pub fn statement(&self, entry: EntryNumber) -> Result<Statement, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field::<Vec<u8>>(row, "entry", (0, "statement"));
        let bytes = self.one(query::STATEMENT, [to_sql(entry)], read)?;
        decode(entry, &bytes.ok_or(missing_entry(entry))?)
    }

    /// The identifier of the statement of an entry, if it is there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn record_id(&self, entry: EntryNumber) -> Result<Option<RecordId>, StoreError> {
        self.one(query::ID, [to_sql(entry)], |row| record_id(row, 0))
    }

    /// The entry of a statement.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn entry_number(&self, id: &RecordId) -> Result<Option<EntryNumber>, StoreError> {
        if let Some(entry) = self.store.memo.borrow().entry(id) {
            return Ok(Some(entry));
        }
        let found = self.one(query::ENTRY_NUMBER, [id.as_bytes()], |row| {
            Ok((field(row, "entry", (0, "number"))?, kind(row, 1)?))
        })?;
        Ok(found.map(|(entry, kind)| {
            self.store.memo.borrow_mut().keep_entry(*id, entry, kind);
            entry
        }))
    }

    /// The statements whose identifiers begin with these hexadecimal digits, in order of the
    /// identifier, at most `limit`; none where the text is not 1 to 64 such digits.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn entry_ids_with_prefix(
        &self,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<(RecordId, EntryNumber)>, StoreError> {
        let bound = |filler: &str| {
            let digits =
                format!("{prefix}{}", filler.repeat(64_usize.saturating_sub(prefix.len())));
            digits.parse::<RecordId>()
        };
        let (Ok(low), Ok(high), false) = (bound("0"), bound("f"), prefix.is_empty()) else {
            return Ok(Vec::new());
        };
        let parameters = params![low.as_bytes(), high.as_bytes(), limit_to_sql(limit)];
        self.all(query::IDS_BETWEEN, parameters, |row| {
            Ok((record_id(row, 0)?, field(row, "entry", (1, "number"))?))
        })
    }

    /// The checkpoint that covers exactly so many entries, if a commit ended there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn checkpoint_at(&self, size: u64) -> Result<Option<String>, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field(row, "entry", (0, "checkpoint"));
        Ok(self.one(query::CHECKPOINT, [number_to_sql(size)], read)?.flatten())
    }

    /// The text with this digest, if it was handed in. That it has the digest is not checked.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn document(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        let read = |row: &rusqlite::Row<'_>| field(row, "document", (0, "text"));
        self.one(query::DOCUMENT, [digest.as_bytes()], read)
    }

    /// Hands on every text with its digest, in the order in which they came.
    ///
    /// # Errors
    /// What SQLite says, or the callback's own error, which ends the reading.
    pub fn documents<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(Digest, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(query::LIST_DOCUMENTS, [], |row| {
            let text: String = field(row, "document", (1, "text"))?;
            each(field(row, "document", (0, "digest"))?, &text)
        })
    }

    /// Hands on all values of a derived table of [`Effect::TABLES`], row by row in no
    /// particular order, for comparison with a replay.
    ///
    /// # Errors
    /// [`StoreError::UnknownTable`], values of no column, or the callback's own error, which ends
    /// the reading.
    pub fn table_rows<E: From<StoreError>>(
        &self,
        table: &str,
        mut each: impl FnMut(&[Value]) -> Result<(), E>,
    ) -> Result<(), E> {
        let known = Effect::TABLES.iter().find(|(name, _)| *name == table);
        let Some((name, columns)) = known else {
            let table = table.to_owned();
            return Err(StoreError::UnknownTable { table }.into());
        };
        let sql = format!("SELECT {} FROM {name}", columns.join(", "));
        self.each(&sql, [], |row| each(&values(row)?))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if self.within_writer {
            return;
        }
        let left = self.store.readers.get().saturating_sub(1);
        self.store.readers.set(left);
        if left == 0 {
            // Nothing was written, so that there is nothing to lose.
            let _ = self.store.run("COMMIT");
        }
    }
}

pub(super) fn missing_entry(entry: EntryNumber) -> StoreError {
    StoreError::Missing { entry, needed: "entry" }
}

pub(super) fn decode(entry: EntryNumber, bytes: &[u8]) -> Result<Statement, StoreError> {
    Statement::decode(bytes).map_err(|error| StoreError::Statement { entry, error })
}
