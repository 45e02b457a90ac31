//! How rows are read: from SQLite's values to fields, refusing what a column cannot hold.
//! Never says which rows.

use super::{EntryRow, Reader, StoreError};
use crate::admission::{Column, Row, Value, ValueError};
use crate::record::{EntryNumber, Kind, RecordId};
use crate::tlog::Hash;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension as _, Params};

/// An entry number as SQLite counts; the log cannot reach the limit of 63 bits.
pub(super) fn to_sql(entry: EntryNumber) -> i64 {
    number_to_sql(entry.get())
}

/// A count or a place as SQLite counts: what is beyond 63 bits is beyond every row.
pub(super) fn number_to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit as SQLite counts.
pub(super) fn limit_to_sql(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn value(found: ValueRef<'_>) -> Result<Value, StoreError> {
    let corrupt = |reason: String| StoreError::Corrupt { reason };
    match found {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(|text| Value::Text(text.to_owned()))
            .map_err(|error| corrupt(format!("a text is not UTF-8: {error}"))),
        ValueRef::Real(_) => Err(corrupt("a floating-point number is stored".to_owned())),
    }
}

/// All values of a row of a query.
pub(super) fn values(row: &rusqlite::Row<'_>) -> Result<Vec<Value>, StoreError> {
    (0..row.as_ref().column_count()).map(|column| value(row.get_ref(column)?)).collect()
}

/// The field in one column of a row of a query.
pub(super) fn field<T: Column>(
    row: &rusqlite::Row<'_>,
    table: &'static str,
    (place, column): (usize, &'static str),
) -> Result<T, StoreError> {
    let found = value(row.get_ref(place)?)?;
    T::from_value(&found).ok_or_else(|| {
        StoreError::Value(ValueError { table, column, found, needed: std::any::type_name::<T>() })
    })
}

/// The kind of an entry, by its stored name.
pub(super) fn kind(row: &rusqlite::Row<'_>, place: usize) -> Result<Kind, StoreError> {
    let name: String = field(row, "entry", (place, "kind"))?;
    let found = Kind::ALL.iter().copied().find(|kind| kind.name() == name);
    found.ok_or(StoreError::Value(ValueError {
        table: "entry",
        column: "kind",
        found: Value::Text(name),
        needed: "the kind of a record",
    }))
}

/// The identifier of an entry.
pub(super) fn record_id(row: &rusqlite::Row<'_>, place: usize) -> Result<RecordId, StoreError> {
    let bytes: Vec<u8> = field(row, "entry", (place, "id"))?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|found| {
        StoreError::Value(ValueError {
            table: "entry",
            column: "id",
            found: Value::Blob(found),
            needed: "32 bytes",
        })
    })?;
    Ok(RecordId::from_bytes(bytes))
}

/// A whole row of the log.
pub(super) fn entry_row(row: &rusqlite::Row<'_>) -> Result<EntryRow, StoreError> {
    let nodes: Vec<u8> = field(row, "entry", (5, "nodes"))?;
    let nodes =
        nodes.chunks(crate::tlog::HASH_SIZE_BYTES).map(Hash::try_from).collect::<Result<_, _>>()?;
    Ok(EntryRow {
        number: field(row, "entry", (0, "number"))?,
        registered_at: field(row, "entry", (1, "registered_at"))?,
        id: record_id(row, 2)?,
        kind: kind(row, 3)?,
        signer: field(row, "entry", (4, "signer"))?,
        nodes,
        checkpoint: field(row, "entry", (6, "checkpoint"))?,
        statement: field(row, "entry", (7, "statement"))?,
    })
}

impl Reader<'_> {
    /// What the query's only row says, if it has one.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.store.connection.prepare_cached(sql)?;
        let found = statement.query_row(parameters, |row| Ok(read(row)));
        found.optional()?.transpose()
    }

    /// Hands each row of the query on. Memory stays bounded: one row at a time is held.
    pub(super) fn each<E: From<StoreError>>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut each: impl FnMut(&rusqlite::Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let connection = &self.store.connection;
        let mut statement = connection.prepare_cached(sql).map_err(StoreError::from)?;
        let mut rows = statement.query(parameters).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            each(row)?;
        }
        Ok(())
    }

    /// What every row of the query says.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, parameters, |row| {
            found.push(read(row)?);
            Ok::<(), StoreError>(())
        })?;
        Ok(found)
    }

    /// The derived row that the query finds.
    pub(super) fn row<R: Row>(
        &self,
        sql: &str,
        parameters: impl Params,
    ) -> Result<Option<R>, StoreError> {
        self.one(sql, parameters, |row| Ok(R::from_values(&values(row)?)?))
    }

    /// The derived rows that the query finds.
    pub(super) fn rows<R: Row>(
        &self,
        sql: &str,
        parameters: impl Params,
    ) -> Result<Vec<R>, StoreError> {
        self.all(sql, parameters, |row| Ok(R::from_values(&values(row)?)?))
    }

    /// The entry number in the first column of the query's only row.
    pub(super) fn number(
        &self,
        sql: &str,
        parameters: impl Params,
    ) -> Result<Option<EntryNumber>, StoreError> {
        self.one(sql, parameters, |row| field(row, "entry", (0, "number")))
    }

    /// The entry numbers in the first column of the query.
    pub(super) fn numbers(
        &self,
        sql: &str,
        parameters: impl Params,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.all(sql, parameters, |row| field(row, "entry", (0, "number")))
    }
}
