//! Lines of account, which only their statements hold, and the sums over them. Never adds up what
//! the sums say already.

use super::fetch::{field, limit_to_sql, to_sql};
use super::{Reader, StoreError, query};
use crate::admission::{
    AccountLineFacts, AccountRow, AccountSumRow, CorrectionRow, ExchangeRateRow, OpeningRow,
    View as _, line_facts, reported,
};
use crate::money::Currency;
use crate::record::{Account, Category, EntryNumber, LineKind, RecordId, Reference, Timestamp};
use rusqlite::params;
use std::collections::HashSet;
use std::sync::Arc;

/// Rows before that are looked at for the same kind, category and currency.
const HEADINGS: usize = 16;

/// An account as an entry reports it, and the works that its lines name by place.
#[derive(Clone, Debug)]
pub(super) struct Reported {
    account: Arc<Account>,
    works: Arc<[EntryNumber]>,
}

/// Which of the sums of a contract, or of one of its works, comes next.
struct Heading {
    month: Timestamp,
    kind: LineKind,
    category: Category,
    currency: Currency,
}

/// # Errors
/// Every method answers with what SQLite says, or with a value that its column cannot hold.
impl Reader<'_> {
    /// The lines of account under a contract that took effect at `as_of` or earlier, stand in
    /// entries up to `known` and were not reversed by one of those; by the moment at which they
    /// took effect.
    ///
    /// Every statement that has such a line is decoded: for what is owed, ask for
    /// [`Reader::account_sums`], which cost the same however many lines there are.
    pub fn account_lines(
        &self,
        contract: EntryNumber,
        as_of: Option<Timestamp>,
        known: Option<EntryNumber>,
        limit: usize,
    ) -> Result<Vec<AccountLineFacts>, StoreError> {
        let as_of = as_of.unwrap_or(Timestamp::MAX);
        let parameters =
            params![to_sql(contract), known.map_or(i64::MAX, to_sql), as_of.as_millis()];
        let accounts: Vec<AccountRow> = self.rows(query::ACCOUNTS, parameters)?;
        let corrections = self.corrections(contract, known)?;
        let reversed: HashSet<(EntryNumber, u32)> =
            corrections.iter().map(|row| (row.reversed, row.line)).collect();
        let mut found = Vec::new();
        for row in accounts {
            let Reported { account, works } = self.reported(row.entry)?;
            let lines = (0..).zip(&account.lines).filter(|(place, line)| {
                line.on <= as_of && !reversed.contains(&(row.entry, *place))
            });
            found.extend(lines.map(|(place, line)| {
                line_facts((row.entry, place), contract, &account, line, &works)
            }));
        }
        found.sort_by_key(|line| line.effective_at);
        found.truncate(limit);
        Ok(found)
    }

    /// The reversals of lines under a contract that stand in entries up to `known`.
    pub fn corrections(
        &self,
        contract: EntryNumber,
        known: Option<EntryNumber>,
    ) -> Result<Vec<CorrectionRow>, StoreError> {
        let parameters = [to_sql(contract), known.map_or(i64::MAX, to_sql)];
        self.rows(query::CORRECTIONS, parameters)
    }

    /// The rates that a party published for a pair, base and quote, of the days from one to another
    /// and in entries up to `known`; by day.
    pub fn exchange_rates(
        &self,
        publisher: EntryNumber,
        (base, quote): (Currency, Currency),
        days: (Timestamp, Timestamp),
        known: Option<EntryNumber>,
        limit: usize,
    ) -> Result<Vec<ExchangeRateRow>, StoreError> {
        let parameters = params![
            to_sql(publisher),
            base.code(),
            quote.code(),
            days.0.as_millis(),
            days.1.as_millis(),
            known.map_or(i64::MAX, to_sql),
            limit_to_sql(limit),
        ];
        self.rows(query::EXCHANGE_RATES, parameters)
    }

    /// The opening balance of a contract that both sides agreed to, as of the last entry known.
    pub fn opening_of(
        &self,
        contract: EntryNumber,
        known: Option<EntryNumber>,
    ) -> Result<Option<OpeningRow>, StoreError> {
        match self.opening_agreed(contract)? {
            Some(agreed) if known.is_none_or(|known| agreed.entry <= known) => {
                self.opening(agreed.opening)
            }
            Some(_) | None => Ok(None),
        }
    }

    /// The sums of a contract as a whole, or of one of its works, as of the last entry that is
    /// known; by month, kind, category and currency.
    ///
    /// Their number is that of the months, kinds and categories, however many lines there are. A
    /// sum whose `last_on` lies behind the moment asked about has to be made from the lines of its
    /// month instead.
    pub fn account_sums(
        &self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
        known: Option<EntryNumber>,
    ) -> Result<Vec<AccountSumRow>, StoreError> {
        let (contract, work) = (to_sql(contract), work.map_or(0, to_sql));
        let known = known.map_or(i64::MAX, to_sql);
        let mut sums = Vec::new();
        let mut next = self.one(query::FIRST_SUM, [contract, work], heading)?;
        while let Some(Heading { month, kind, category, currency }) = next {
            let (month, kind) = (month.as_millis(), kind.name());
            let (category, currency) = (category.as_str(), currency.code());
            let parameters = params![contract, work, month, kind, category, currency, known];
            sums.extend(self.row::<AccountSumRow>(query::SUM_AT, parameters)?);
            let parameters = params![contract, work, month, kind, category, currency];
            next = self.one(query::NEXT_SUM, parameters, heading)?;
        }
        Ok(sums)
    }

    /// How the sums of a contract as a whole, or of one of its works, came about: every row of them,
    /// by month, kind, category and currency, and of each sum in order of entries. What a row has
    /// over the one before it of the same sum, its entry added.
    ///
    /// Nothing where there are more than `limit` rows: one for each statement and each sum that the
    /// statement changes.
    pub fn account_changes(
        &self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
        limit: usize,
    ) -> Result<Option<Vec<AccountSumRow>>, StoreError> {
        let work = work.unwrap_or_default();
        let parameters = [to_sql(contract), to_sql(work), limit_to_sql(limit.saturating_add(1))];
        let count = self.one(query::SUM_CHANGES_COUNT, parameters, |row| {
            field::<i64>(row, "account_sum", (0, "entry"))
        })?;
        if count.is_some_and(|count| limit_to_sql(limit) < count) {
            return Ok(None);
        }
        let mut changes: Vec<AccountSumRow> = Vec::new();
        self.each(query::SUM_CHANGES, parameters, |row| {
            changes.push(change((contract, work), row, &changes)?);
            Ok::<(), StoreError>(())
        })?;
        Ok((changes.len() <= limit).then_some(changes))
    }

    /// The works of a contract that lines were ever about, in order of registration.
    pub fn works_with_sums(&self, contract: EntryNumber) -> Result<Vec<EntryNumber>, StoreError> {
        let mut works = Vec::new();
        let mut last = EntryNumber::default();
        while let Some(work) = self.number(query::NEXT_WORK, [to_sql(contract), to_sql(last)])? {
            works.push(work);
            last = work;
        }
        Ok(works)
    }

    /// The line with a reference.
    pub(super) fn line_referenced(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AccountLineFacts>, StoreError> {
        let parameters = params![to_sql(contract), reference.as_str()];
        let found = self.one(query::ACCOUNT_LINE, parameters, |row| {
            let entry: EntryNumber = field(row, "account_line", (0, "entry"))?;
            Ok((entry, field::<u32>(row, "account_line", (1, "line"))?))
        })?;
        let Some((entry, place)) = found else {
            return Ok(None);
        };
        let Reported { account, works } = self.reported(entry)?;
        let line = usize::try_from(place).ok().and_then(|place| account.lines.get(place));
        let line = line.filter(|line| line.reference == *reference);
        let line = line.ok_or(StoreError::Missing { entry, needed: "line of account" })?;
        Ok(Some(line_facts((entry, place), contract, &account, line, &works)))
    }

    /// The account that an entry reports; the last one that was asked for is remembered, since
    /// lines of one statement are asked for together.
    fn reported(&self, entry: EntryNumber) -> Result<Reported, StoreError> {
        if let Some(reported) = self.store.memo.borrow().account(entry) {
            return Ok(reported);
        }
        let statement = self.statement(entry)?;
        let account =
            reported(&statement).ok_or(StoreError::Missing { entry, needed: "account" })?;
        let missing = || StoreError::Missing { entry, needed: "account of registered works" };
        let work = |id: &RecordId| self.entry(id)?.ok_or_else(missing);
        let works = account.works.iter().map(work).collect::<Result<_, _>>()?;
        let reported = Reported { account: Arc::new(account.clone()), works };
        self.store.memo.borrow_mut().keep_account(entry, reported.clone());
        Ok(reported)
    }
}

/// A row of sums. Kind, category and currency are mostly those of a row shortly before, and are not
/// read from their texts again.
fn change(
    (contract, work): (EntryNumber, EntryNumber),
    row: &rusqlite::Row<'_>,
    before: &[AccountSumRow],
) -> Result<AccountSumRow, StoreError> {
    let table = "account_sum";
    let text = |place| row.get_ref(place).ok().and_then(|value| value.as_bytes().ok());
    let is_known = |known: &&AccountSumRow| {
        text(2) == Some(known.kind.name().as_bytes())
            && text(3) == Some(known.category.as_str().as_bytes())
            && text(4) == Some(known.currency.code().as_bytes())
    };
    let known = before.iter().rev().take(HEADINGS).find(is_known);
    let (kind, category, currency) = match known {
        Some(known) => (known.kind, known.category.clone(), known.currency),
        None => (
            field(row, table, (2, "kind"))?,
            field(row, table, (3, "category"))?,
            field(row, table, (4, "currency"))?,
        ),
    };
    Ok(AccountSumRow {
        entry: field(row, table, (0, "entry"))?,
        contract,
        work,
        month: field(row, table, (1, "month"))?,
        kind,
        category,
        currency,
        minor: field(row, table, (5, "minor"))?,
        units: field(row, table, (6, "units"))?,
        lines: field(row, table, (7, "lines"))?,
        first_on: field(row, table, (8, "first_on"))?,
        last_on: field(row, table, (9, "last_on"))?,
    })
}

fn heading(row: &rusqlite::Row<'_>) -> Result<Heading, StoreError> {
    let table = "account_sum";
    Ok(Heading {
        month: field(row, table, (0, "month"))?,
        kind: field(row, table, (1, "kind"))?,
        category: field(row, table, (2, "category"))?,
        currency: field(row, table, (3, "currency"))?,
    })
}
