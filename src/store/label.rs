//! Labelled copies. Never says whether a label is right.

use super::fetch::limit_to_sql;
use super::{Reader, StoreError, query};
use crate::record::{Digest, EntryNumber};
use rusqlite::params;

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The entries that tell of a labelled copy of this file, or that this file is one, in order.
    pub fn labels_of(&self, digest: &Digest, limit: usize) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::LABELS_OF, params![digest.as_bytes(), limit_to_sql(limit)])
    }

    /// The works of which a file with this digest is said to be a labelled copy, in order of labels.
    pub fn works_labelled(
        &self,
        digest: &Digest,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::WORKS_LABELLED, params![digest.as_bytes(), limit_to_sql(limit)])
    }
}
