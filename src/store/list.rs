//! The lists and rows that answers are made of. Every list stops at its limit and, where nothing
//! else is said, comes in order of entries.

use super::fetch::{entry_row, limit_to_sql, number_to_sql, to_sql, values};
use super::{EntryFilter, EntryRow, Reader, StoreError, WorkFilter, query};
use crate::admission::{
    ConfirmationRow, ConflictRow, ContentRow, ContractRow, KeyRow, PartyRow, PaymentRow, Row as _,
    StatementClosedRow, TermsRow, TitleRow, WorkRow,
};
use crate::record::{Content, EntryNumber, Kind, Record, Slug, Timestamp};
use rusqlite::params;

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The enrolled parties.
    pub fn parties(&self, limit: usize) -> Result<Vec<PartyRow>, StoreError> {
        self.rows(query::LIST_PARTIES, [limit_to_sql(limit)])
    }

    /// The keys of a party, revoked ones included.
    pub fn keys_of(&self, party: EntryNumber, limit: usize) -> Result<Vec<KeyRow>, StoreError> {
        self.rows(query::KEYS_OF, [to_sql(party), limit_to_sql(limit)])
    }

    /// The published versions of standard forms.
    pub fn terms_list(&self, limit: usize) -> Result<Vec<TermsRow>, StoreError> {
        self.rows(query::LIST_TERMS, [limit_to_sql(limit)])
    }

    /// The entry that published this version of a provider's form.
    pub fn terms_version(
        &self,
        provider: EntryNumber,
        slug: &Slug,
        version: u32,
    ) -> Result<Option<EntryNumber>, StoreError> {
        let parameters = params![to_sql(provider), slug.as_str(), version];
        self.number(query::TERMS_VERSION, parameters)
    }

    /// The entry that withdrew a version, if one did.
    pub fn withdrawal_of(&self, terms: EntryNumber) -> Result<Option<EntryNumber>, StoreError> {
        self.number(query::WITHDRAWAL_OF, [to_sql(terms)])
    }

    /// The contracts that a party accepted.
    pub fn contracts_of(
        &self,
        party: EntryNumber,
        limit: usize,
    ) -> Result<Vec<ContractRow>, StoreError> {
        self.rows(query::CONTRACTS_OF, [to_sql(party), limit_to_sql(limit)])
    }

    /// The contracts under all terms of a provider.
    pub fn contracts_offered_by(
        &self,
        provider: EntryNumber,
        limit: usize,
    ) -> Result<Vec<ContractRow>, StoreError> {
        let parameters = [to_sql(provider), limit_to_sql(limit)];
        self.rows(query::CONTRACTS_OFFERED_BY, parameters)
    }

    /// The contracts under one version.
    pub fn contracts_under(
        &self,
        terms: EntryNumber,
        limit: usize,
    ) -> Result<Vec<ContractRow>, StoreError> {
        self.rows(query::CONTRACTS_UNDER, [to_sql(terms), limit_to_sql(limit)])
    }

    /// The amendments of a contract, in order of effect: from each one's `effective_at` on, its terms
    /// hold for what happens under the contract.
    pub fn amendments_of(&self, contract: EntryNumber) -> Result<Vec<ContractRow>, StoreError> {
        self.rows(query::AMENDMENTS_OF, [to_sql(contract)])
    }

    /// The row of a registered work.
    pub fn work_row(&self, work: EntryNumber) -> Result<Option<WorkRow>, StoreError> {
        self.row(query::WORK_ROW, [to_sql(work)])
    }

    /// The works that pass a filter, in order of registration.
    pub fn works(&self, filter: &WorkFilter) -> Result<Vec<WorkRow>, StoreError> {
        let after = filter.after.map_or(-1, to_sql);
        let mut list = WorkList::new(filter);
        let each = |row: &rusqlite::Row<'_>| list.take(WorkRow::from_values(&values(row)?)?);
        let ended = match (filter.holder, filter.contract) {
            (Some(holder), _) => {
                let moment = filter.holding_at.map(Timestamp::as_millis);
                let parameters = params![after, to_sql(holder), moment];
                self.each(query::LIST_WORKS_HELD_AFTER, parameters, each)
            }
            (None, Some(contract)) => {
                let parameters = [after, to_sql(contract)];
                self.each(query::WORKS_UNDER_AFTER, parameters, each)
            }
            (None, None) => self.each(query::LIST_WORKS, [after], each),
        };
        match ended {
            Ok(()) | Err(End::Full) => Ok(list.found),
            Err(End::Failed(error)) => Err(error),
        }
    }

    /// The files of a work, the main one first.
    pub fn contents_of(&self, work: EntryNumber) -> Result<Vec<ContentRow>, StoreError> {
        let statement = self.statement(work)?;
        let Record::Work(registered) = statement.record() else {
            let (entry, needed) = (work, "registration of a work");
            return Err(StoreError::Missing { entry, needed });
        };
        let row = |content: &Content| ContentRow {
            entry: work,
            digest: content.digest,
            size: number_to_sql(content.size),
        };
        Ok(registered.contents.iter().map(row).collect())
    }

    /// The conflicting claims that a work is part of, as the later or as the earlier one.
    pub fn conflicts_of(
        &self,
        work: EntryNumber,
        limit: usize,
    ) -> Result<Vec<ConflictRow>, StoreError> {
        self.rows(query::CONFLICTS_OF, [to_sql(work), limit_to_sql(limit)])
    }

    /// The present title of a work: the rows of the latest entry that changed it.
    pub fn title_rows(&self, work: EntryNumber) -> Result<Vec<TitleRow>, StoreError> {
        self.rows(query::TITLE_ROWS, [to_sql(work)])
    }

    /// The payments reported under a contract.
    pub fn payments_under(
        &self,
        contract: EntryNumber,
        limit: usize,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        self.rows(query::PAYMENTS_UNDER, [to_sql(contract), limit_to_sql(limit)])
    }

    /// The payments reported for a work by name.
    pub fn payments_for(
        &self,
        work: EntryNumber,
        limit: usize,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        self.rows(query::PAYMENTS_FOR, [to_sql(work), limit_to_sql(limit)])
    }

    /// The confirmed payments under a contract for exactly this work, or for no named work.
    pub fn confirmations(
        &self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
        limit: usize,
    ) -> Result<Vec<ConfirmationRow>, StoreError> {
        let parameters = params![to_sql(contract), work.map(to_sql), limit_to_sql(limit)];
        self.rows(query::CONFIRMATIONS, parameters)
    }

    /// All confirmed payments under a contract.
    pub fn confirmations_under(
        &self,
        contract: EntryNumber,
        limit: usize,
    ) -> Result<Vec<ConfirmationRow>, StoreError> {
        let parameters = [to_sql(contract), limit_to_sql(limit)];
        self.rows(query::CONFIRMATIONS_UNDER, parameters)
    }

    /// The closings of the statement of the period of a contract that starts then, in order.
    pub fn closings(
        &self,
        contract: EntryNumber,
        starts_at: Timestamp,
        limit: usize,
    ) -> Result<Vec<StatementClosedRow>, StoreError> {
        let parameters = params![to_sql(contract), starts_at.as_millis(), limit_to_sql(limit)];
        self.rows(query::CLOSINGS, parameters)
    }

    /// The entries that are about an entry, in order.
    pub fn about(&self, target: EntryNumber, limit: usize) -> Result<Vec<EntryNumber>, StoreError> {
        self.numbers(query::ABOUT, [to_sql(target), limit_to_sql(limit)])
    }

    /// The entries that a party signed, in order.
    pub fn entries_by_signer(
        &self,
        party: EntryNumber,
        limit: usize,
    ) -> Result<Vec<EntryNumber>, StoreError> {
        let parameters = [to_sql(party), limit_to_sql(limit)];
        let mut entries = self.numbers(query::SIGNED_BY, parameters)?;
        entries.extend(self.numbers(query::WORKS_SIGNED_BY, parameters)?);
        entries.sort_unstable();
        entries.truncate(limit);
        Ok(entries)
    }

    /// The entries that pass a filter, the newest first.
    pub fn entry_list(&self, filter: &EntryFilter) -> Result<Vec<EntryRow>, StoreError> {
        let size = self.size()?;
        let start = match filter.from {
            Some(from) => self.first_registered(size, |moment| moment >= from)?,
            None => 0,
        };
        let mut end = match filter.to {
            Some(to) => self.first_registered(size, |moment| moment > to)?,
            None => size,
        };
        end = filter.before.map_or(end, |before| end.min(before.get()));
        let (start, end) = (number_to_sql(start), number_to_sql(end));
        let limit = limit_to_sql(filter.limit);
        match filter.kind {
            Some(Kind::Work) => self.all(query::LIST_NEWEST_WORKS, [start, end, limit], entry_row),
            Some(kind) => {
                let parameters = params![start, end, limit, kind.name()];
                self.all(query::NEWEST_OF_KIND, parameters, entry_row)
            }
            None => self.all(query::LIST_NEWEST, [start, end, limit], entry_row),
        }
    }

    /// The first entry that was registered at such a moment, found by halving: time never runs
    /// backwards in the log. The size of the log where there is none.
    fn first_registered(
        &self,
        size: u64,
        late_enough: impl Fn(Timestamp) -> bool,
    ) -> Result<u64, StoreError> {
        let (mut low, mut high) = (0, size);
        while low < high {
            let middle = low + (high - low) / 2;
            if late_enough(self.registered_at(EntryNumber::new(middle))?) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }
}

/// Why the reading of a list ended before its table did.
enum End {
    Full,
    Failed(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<crate::admission::ValueError> for End {
    fn from(error: crate::admission::ValueError) -> Self {
        Self::Failed(error.into())
    }
}

/// A list of works on its way to its limit.
struct WorkList<'a> {
    filter: &'a WorkFilter,
    title: Option<String>,
    model: Option<String>,
    found: Vec<WorkRow>,
}

impl<'a> WorkList<'a> {
    fn new(filter: &'a WorkFilter) -> Self {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        Self {
            filter,
            title: lower(&filter.title_contains),
            model: lower(&filter.model_contains),
            found: Vec::new(),
        }
    }

    fn take(&mut self, work: WorkRow) -> Result<(), End> {
        if self.found.len() >= self.filter.limit {
            return Err(End::Full);
        }
        if self.passes(&work) {
            self.found.push(work);
        }
        if self.found.len() >= self.filter.limit {
            return Err(End::Full);
        }
        Ok(())
    }

    fn passes(&self, work: &WorkRow) -> bool {
        let contains = |needle: &Option<String>, text: Option<&str>| match (needle, text) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(needle), Some(text)) => text.to_lowercase().contains(needle),
        };
        let filter = self.filter;
        filter.contract.is_none_or(|contract| work.contract == Some(contract))
            && filter.from.is_none_or(|from| work.effective_at >= from)
            && filter.to.is_none_or(|to| work.effective_at <= to)
            && contains(&self.title, Some(work.title.as_str()))
            && contains(&self.model, work.model.as_ref().map(|model| model.as_str()))
    }
}
