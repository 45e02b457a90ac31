//! Tree nodes as the log's arithmetic reads them: out of the rows of entries.

use super::fetch::{field, number_to_sql};
use super::{Reader, StoreError, query};
use crate::tlog::{HASH_SIZE_BYTES, Hash, NodeAddress, NodeReader, TlogError};
use rusqlite::params;

impl NodeReader for Reader<'_> {
    type Error = StoreError;

    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, StoreError> {
        addresses
            .iter()
            .map(|address| {
                // SQLite counts bytes from 1.
                let start = number_to_sql((address.position() * HASH_SIZE_BYTES + 1) as u64);
                let entry = number_to_sql(address.entry());
                let read = |row: &rusqlite::Row<'_>| field(row, "entry", (0, "nodes"));
                let bytes: Option<Vec<u8>> = self.one(query::NODE, params![entry, start], read)?;
                let missing = TlogError::NodeMissing { address: *address };
                let bytes = bytes.filter(|bytes| !bytes.is_empty()).ok_or(missing)?;
                Ok(Hash::try_from(bytes.as_slice())?)
            })
            .collect()
    }
}
