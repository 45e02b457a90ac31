//! Works that derive from others, and contracts that share one account. Never says what is owed.

use super::fetch::{limit_to_sql, to_sql};
use super::{Reader, StoreError, query};
use crate::record::EntryNumber;

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The works under a contract that derive from others.
    pub fn derived_under(
        &self,
        contract: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::DERIVED_UNDER, [to_sql(contract), limit_to_sql(limit)])
    }

    /// The works that derive directly from a work.
    pub fn derived_from(
        &self,
        work: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::DERIVED_FROM, [to_sql(work), limit_to_sql(limit)])
    }

    /// The contracts of the pool whose account this contract has, itself included.
    pub fn pooled(&self, first: EntryNumber, limit: usize) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::POOLED, [to_sql(first), limit_to_sql(limit)])
    }
}
