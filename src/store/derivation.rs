//! Works that derive from others, what providers attest of them, and contracts that share one account.
//! Never says what is owed.

use super::fetch::{field, kind, limit_to_sql, to_sql};
use super::{Reader, StoreError, query};
use crate::admission::{AttestedRow, DerivationRow};
use crate::record::{Digest, EntryNumber, Kind, Timestamp};
use rusqlite::params;

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The works that derive directly from a work.
    pub fn derived_from(
        &self,
        work: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::DERIVED_FROM, [to_sql(work), limit_to_sql(limit)])
    }

    /// What a work derives from directly, by number.
    pub fn derivations_of(&self, work: EntryNumber) -> Result<Vec<DerivationRow>, StoreError> {
        self.rows(query::DERIVATIONS_OF, [to_sql(work)])
    }

    /// What derives directly from a work, in order of registration.
    pub fn derivations_from(
        &self,
        work: EntryNumber,
        limit: usize,
    ) -> Result<Vec<DerivationRow>, StoreError> {
        self.rows(query::DERIVATIONS_FROM, [to_sql(work), limit_to_sql(limit)])
    }

    /// What providers attest of the content with this digest, in order of registration.
    pub fn attested_with(
        &self,
        digest: &Digest,
        limit: usize,
    ) -> Result<Vec<AttestedRow>, StoreError> {
        let parameters = params![digest.as_bytes(), limit_to_sql(limit)];
        self.rows(query::ATTESTED_WITH, parameters)
    }

    /// The works that derive directly from any work under a contract.
    pub fn derived_from_those_under(
        &self,
        contract: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        let parameters = [to_sql(contract), limit_to_sql(limit)];
        self.numbers(query::DERIVED_FROM_THOSE_UNDER, parameters)
    }

    /// The works under a contract of which somebody else than this party may hold a part or be owed
    /// one at a moment: all but those that derive from no other and that it alone has held since
    /// they were registered, at that moment or earlier.
    pub fn shared_under(
        &self,
        contract: EntryNumber,
        party: EntryNumber,
        at: Timestamp,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        let (contract, party) = (to_sql(contract), to_sql(party));
        let parameters = [contract, party, at.as_millis(), limit_to_sql(limit)];
        self.numbers(query::SHARED_UNDER, parameters)
    }

    /// The works that have accounts of their own, in order of registration.
    pub fn work_accounts(&self, limit: usize) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::LIST_WORK_ACCOUNTS, [limit_to_sql(limit)])
    }

    /// Those of them that were made under a contract.
    pub fn work_accounts_under(
        &self,
        contract: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        let parameters = [to_sql(contract), limit_to_sql(limit)];
        self.numbers(query::WORK_ACCOUNTS_UNDER, parameters)
    }

    /// Whether a contract, or a work, has an account with lines.
    pub fn has_account(&self, of: EntryNumber) -> Result<bool, StoreError> {
        Ok(self.one(query::HAS_ACCOUNT, [to_sql(of)], |_| Ok(()))?.is_some())
    }

    /// The registrations and assignments that are about a party: whatever made it a holder by name.
    pub fn given_title_by(
        &self,
        party: EntryNumber,
        limit: usize,
    ) -> Result<Vec<(EntryNumber, Kind)>, StoreError> {
        self.all(query::GIVEN_TITLE_BY, [to_sql(party), limit_to_sql(limit)], |row| {
            Ok((field(row, "entry", (0, "number"))?, kind(row, 1)?))
        })
    }

    /// The contracts of the pool whose account this contract has, itself included.
    pub fn pooled(&self, first: EntryNumber, limit: usize) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::POOLED, [to_sql(first), limit_to_sql(limit)])
    }
}
