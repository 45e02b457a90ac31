//! Sessions by party and by what came out of them. Never says what a step was.

use super::fetch::{limit_to_sql, to_sql};
use super::{Reader, StoreError, query};
use crate::record::{Digest, EntryNumber};
use rusqlite::params;

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The sessions out of which a file with this content came, by number.
    pub fn sessions_with(
        &self,
        digest: &Digest,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::SESSIONS_WITH, params![digest.as_bytes(), limit_to_sql(limit)])
    }

    /// The sessions of a party that are not over, by number.
    pub fn open_sessions_of(
        &self,
        party: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::OPEN_SESSIONS_OF, [to_sql(party), limit_to_sql(limit)])
    }
}
