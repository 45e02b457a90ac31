//! Rows of cosignatures, which stand beside the log. Never says whether one verifies.

use super::fetch::{field, number_to_sql};
use super::{Reader, StoreError, Writer, query};
use crate::record::EntryNumber;
use rusqlite::params;

const ADD_COSIGNATURE: &str = "INSERT OR FAIL INTO cosignature (witness, size, time, signature)
    SELECT ?1, ?2, ?3, ?4
    WHERE NOT EXISTS (SELECT 1 FROM cosignature WHERE witness = ?1 AND size = ?2)";

/// One cosignature as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignatureRow {
    /// The witness, as a verifier key.
    pub witness: String,
    /// The size of the checkpoint's tree.
    pub size: u64,
    /// When the witness signed: seconds since 1970.
    pub time_s: u64,
    /// The Ed25519 signature.
    pub signature: Vec<u8>,
}

fn row(row: &rusqlite::Row<'_>) -> Result<CosignatureRow, StoreError> {
    const TABLE: &str = "cosignature";
    let number = |place, name| -> Result<u64, StoreError> {
        let found: i64 = field(row, TABLE, (place, name))?;
        u64::try_from(found).map_err(|_| StoreError::Corrupt {
            reason: format!("the {name} of a cosignature is {found}"),
        })
    };
    Ok(CosignatureRow {
        witness: field(row, TABLE, (0, "witness"))?,
        size: number(1, "size")?,
        time_s: number(2, "time")?,
        signature: field(row, TABLE, (3, "signature"))?,
    })
}

impl Reader<'_> {
    /// The cosignatures on the checkpoint of this size, in order of the witness.
    ///
    /// # Errors
    /// Values that the columns cannot hold.
    pub fn cosignatures(&self, size: u64) -> Result<Vec<CosignatureRow>, StoreError> {
        let mut found = Vec::new();
        let keep = |read: &rusqlite::Row<'_>| {
            found.push(row(read)?);
            Ok::<(), StoreError>(())
        };
        self.each(query::COSIGNATURES, [number_to_sql(size)], keep)?;
        Ok(found)
    }

    /// The first checkpoint after this size that a witness cosigned.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn next_cosigned(&self, size: u64) -> Result<Option<u64>, StoreError> {
        let found = self.number(query::NEXT_COSIGNED, [number_to_sql(size)])?;
        Ok(found.map(EntryNumber::get))
    }

    /// Hands on every cosignature, in order of size, holding one at a time.
    ///
    /// # Errors
    /// Values that the columns cannot hold, or the callback's own error, which ends the reading.
    pub fn each_cosignature<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(CosignatureRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(query::LIST_COSIGNATURES, [], |read| each(row(read)?))
    }

    /// The largest size that a witness has cosigned, as far as it is kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cosigned_last(&self, witness: &str) -> Result<Option<u64>, StoreError> {
        let read =
            |read: &rusqlite::Row<'_>| field::<Option<i64>>(read, "cosignature", (0, "size"));
        let size = self.one(query::COSIGNED_LAST, [witness], read)?.flatten();
        Ok(size.and_then(|size| u64::try_from(size).ok()))
    }
}

impl Writer<'_> {
    /// Keeps a cosignature on a checkpoint of this log; the first of each witness and size.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] for a size at which no commit ended.
    pub fn add_cosignature(&mut self, row: &CosignatureRow) -> Result<(), StoreError> {
        let mut statement = self.store.connection.prepare_cached(ADD_COSIGNATURE)?;
        let (size, time) = (number_to_sql(row.size), number_to_sql(row.time_s));
        statement.execute(params![row.witness, size, time, row.signature])?;
        Ok(())
    }
}
