//! Time stamps over checkpoints: rows in and out. Never looks into an answer.

use super::fetch::{field, number_to_sql};
use super::{Reader, StoreError, Writer, query};
use crate::record::{Digest, EntryNumber};
use rusqlite::params;
use std::ops::ControlFlow;

const ADD_TIME_STAMP: &str =
    "INSERT OR FAIL INTO time_stamp (number, size, digest, answer) VALUES (?1, ?2, ?3, ?4)";

/// What an authority answered about a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampRow {
    /// Its place among the stamps, from 0.
    pub number: u64,
    /// The size of the tree whose checkpoint is stamped.
    pub size: u64,
    /// BLAKE3-256 of the answer. That it is that is not checked.
    pub digest: Digest,
    /// The answer, a TimeStampResp (RFC 3161) in DER.
    pub answer: Vec<u8>,
}

fn number(
    row: &rusqlite::Row<'_>,
    table: &'static str,
    column: (usize, &'static str),
) -> Result<u64, StoreError> {
    field::<EntryNumber>(row, table, column).map(EntryNumber::get)
}

fn time_stamp(row: &rusqlite::Row<'_>) -> Result<TimeStampRow, StoreError> {
    Ok(TimeStampRow {
        number: number(row, "time_stamp", (0, "number"))?,
        size: number(row, "time_stamp", (1, "size"))?,
        digest: field(row, "time_stamp", (2, "digest"))?,
        answer: field(row, "time_stamp", (3, "answer"))?,
    })
}

impl Reader<'_> {
    /// Hands on every checkpoint with the size of its tree, the newest first, until told to stop.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn checkpoints(
        &self,
        mut each: impl FnMut(u64, &str) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self.store.connection.prepare_cached(query::LIST_CHECKPOINTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let size = number(row, "entry", (0, "number"))?;
            let note: String = field(row, "entry", (1, "checkpoint"))?;
            if each(size, &note).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Hands on every time stamp, in the order in which they were attached.
    ///
    /// # Errors
    /// What SQLite says, or the callback's own error, which ends the reading.
    pub fn time_stamps<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(TimeStampRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(query::LIST_TIME_STAMPS, [], |row| each(time_stamp(row)?))
    }

    /// The time stamps over the checkpoint of a tree of this size.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn time_stamps_of(&self, size: u64) -> Result<Vec<TimeStampRow>, StoreError> {
        self.all(query::TIME_STAMPS_OF_SIZE, [number_to_sql(size)], time_stamp)
    }

    /// The first checkpoint after this size that an authority stamped.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_stamped(&self, size: u64) -> Result<Option<u64>, StoreError> {
        let found = self.number(query::NEXT_STAMPED, [number_to_sql(size)])?;
        Ok(found.map(EntryNumber::get))
    }

    /// A time stamp by its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn time_stamp(&self, number: u64) -> Result<Option<TimeStampRow>, StoreError> {
        self.one(query::TIME_STAMP, [number_to_sql(number)], time_stamp)
    }

    /// How many time stamps there are, which is the number of the next.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn time_stamp_count(&self) -> Result<u64, StoreError> {
        let read = |row: &rusqlite::Row<'_>| number(row, "time_stamp", (0, "number"));
        Ok(self.one(query::NEXT_TIME_STAMP, [], read)?.unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Keeps an answer about the checkpoint of a tree of this size, once. Says its number, and
    /// whether it was added now.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] where no commit ended at that size.
    pub fn add_time_stamp(&mut self, size: u64, answer: &[u8]) -> Result<(u64, bool), StoreError> {
        let digest = Digest::of(answer);
        let read = |row: &rusqlite::Row<'_>| number(row, "time_stamp", (0, "number"));
        if let Some(kept) = self.one(query::TIME_STAMP_OF, [digest.as_bytes()], read)? {
            return Ok((kept, false));
        }
        let next = self.time_stamp_count()?;
        let mut statement = self.store.connection.prepare_cached(ADD_TIME_STAMP)?;
        let (number, size) = (number_to_sql(next), number_to_sql(size));
        statement.execute(params![number, size, digest.as_bytes(), answer])?;
        Ok((next, true))
    }
}
