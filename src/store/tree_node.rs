//! Tree nodes as the log's arithmetic reads them: out of the rows of entries.

use super::fetch::{field, number_to_sql};
use super::{Reader, StoreError, query};
use crate::tlog::{HASH_SIZE_BYTES, Hash, NodeAddress, NodeReader, TlogError};
use rusqlite::OptionalExtension as _;
use rusqlite::params;
use rusqlite::types::ValueRef;

/// From this level on nodes are kept in memory: every proof asks for those near the root. Those
/// below lie in the rows of sixteen entries, which are neighbours in the file.
const KEPT_LEVEL: u8 = 4;

impl NodeReader for Reader<'_> {
    type Error = StoreError;

    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, StoreError> {
        let mut statement = self.store.connection.prepare_cached(query::NODE)?;
        let mut read = |address: NodeAddress| {
            // SQLite counts bytes from 1.
            let start = number_to_sql((address.position() * HASH_SIZE_BYTES + 1) as u64);
            let entry = number_to_sql(address.entry());
            let found = statement.query_row(params![entry, start], |row| Ok(hash(row)));
            let missing = TlogError::NodeMissing { address };
            found.optional()?.transpose()?.flatten().ok_or(missing.into())
        };
        let node = |address: &NodeAddress| {
            if address.level < KEPT_LEVEL {
                return read(*address);
            }
            if let Some(hash) = self.store.memo.borrow().node(address) {
                return Ok(hash);
            }
            let hash = read(*address)?;
            self.store.memo.borrow_mut().keep_node(*address, hash);
            Ok(hash)
        };
        addresses.iter().map(node).collect()
    }
}

/// The hash in a row, if it holds one at that position.
fn hash(row: &rusqlite::Row<'_>) -> Result<Option<Hash>, StoreError> {
    match row.get_ref(0)? {
        ValueRef::Blob([]) => Ok(None),
        ValueRef::Blob(bytes) => Ok(Some(Hash::try_from(bytes)?)),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => {
            let bytes: Vec<u8> = field(row, "entry", (0, "nodes"))?;
            Ok(Some(Hash::try_from(bytes.as_slice())?))
        }
    }
}
