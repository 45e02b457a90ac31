//! What the tree needs of a row of the log, lent for as long as the row is read. Never says whether
//! it is a good one.

use super::fetch::{field, number_to_sql};
use super::{Reader, StoreError, query};
use crate::admission::{Value, ValueError};
use crate::record::{EntryNumber, Timestamp};
use rusqlite::types::ValueRef;
use std::ops::Range;

/// What the leaf of an entry is made of, and the nodes that it completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafRow<'row> {
    /// Its place in the log.
    pub number: EntryNumber,
    /// When the ledger took it in.
    pub registered_at: Timestamp,
    /// The tree hashes that it completes, one behind the other, the leaf first.
    pub nodes: &'row [u8],
    /// The bytes of the statement.
    pub statement: &'row [u8],
}

impl Reader<'_> {
    /// Hands on of the rows of the log in this range, in order, what the tree needs; nothing is
    /// copied.
    ///
    /// # Errors
    /// Values that the columns cannot hold, or the callback's own error, which ends the reading.
    pub fn leaves<E: From<StoreError>>(
        &self,
        range: Range<u64>,
        mut each: impl FnMut(LeafRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let bounds = [number_to_sql(range.start), number_to_sql(range.end)];
        self.each(query::LIST_LEAVES, bounds, |row| {
            each(LeafRow {
                number: field(row, "entry", (0, "number"))?,
                registered_at: field(row, "entry", (1, "registered_at"))?,
                nodes: bytes(row, (2, "nodes"))?,
                statement: bytes(row, (3, "statement"))?,
            })
        })
    }
}

fn bytes<'row>(
    row: &'row rusqlite::Row<'_>,
    (place, column): (usize, &'static str),
) -> Result<&'row [u8], StoreError> {
    let found = match row.get_ref(place)? {
        ValueRef::Blob(bytes) => return Ok(bytes),
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Real(_) => {
            let reason = "a floating-point number is stored".to_owned();
            return Err(StoreError::Corrupt { reason });
        }
    };
    Err(StoreError::Value(ValueError { table: "entry", column, found, needed: "bytes" }))
}
