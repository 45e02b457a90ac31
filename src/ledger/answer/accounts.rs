//! The account of a contract: what the ledger knew by one moment, handed to the royalty engine as of
//! another. What is owed, statements and books are all drawn from it.

use super::{Amendment, AnswerError, Moments, Names};
use crate::admission::{
    AccountLineFacts, AccountSumRow, ConfirmationRow, ContractRow, advances, fee_payments,
    line_event, opening_balance, receipts,
};
use crate::money::Currency;
use crate::record::{
    EntryNumber, Fee, FeeUnit, Form, Pool, ProfitShare, Territory, Timestamp, Vesting,
};
use crate::royalty::{
    self, Account, Categories, Event, ExchangeRate, Facts, FeeObligation, RateTable, Version,
};
use crate::store::{Reader, WorkFilter};
use std::collections::BTreeSet;

/// Up to so many rows of sums are read one by one, which names every entry that a figure rests on;
/// beyond, each sum is read as it stands, which costs the same however many statements there are.
const FEW_CHANGES: usize = 2000;
/// Up to so many lines of account are read where their sums do not say enough; beyond, the sums have
/// to do where they can.
const FEW_LINES: i64 = 2000;
/// Lines of account, works or payments of one contract that are taken into memory.
pub(super) const MAX_ROWS: usize = 2_000_000;

/// # Errors
/// More rows than are taken into memory.
pub(super) fn bounded<T>(rows: Vec<T>, what: &'static str) -> Result<Vec<T>, AnswerError> {
    if rows.len() > MAX_ROWS {
        return Err(AnswerError::TooMany { what, limit: MAX_ROWS });
    }
    Ok(rows)
}

/// Accounts, as of one moment and as known at another.
pub struct Accounts<'a> {
    names: Names<'a>,
    moments: Moments,
    /// The last entry that counts; none before the ledger was opened.
    known: Option<EntryNumber>,
}

impl<'a> Accounts<'a> {
    /// # Errors
    /// A ledger that cannot be read.
    pub fn new(reader: &'a Reader<'a>, moments: Moments) -> Result<Self, AnswerError> {
        let known = reader.last_known_at(moments.known_at)?;
        Ok(Self { names: Names::new(reader), moments, known })
    }

    /// Whether an entry was registered by the moment of which the question is.
    pub fn is_known(&self, entry: EntryNumber) -> bool {
        self.known.is_some_and(|known| entry <= known)
    }

    /// The account of a contract; where the fee is for each work, only of the work that is given.
    ///
    /// # Errors
    /// A ledger that cannot be read; figures out of range.
    pub fn of(
        &self,
        contract: &ContractRow,
        work: Option<EntryNumber>,
    ) -> Result<Account, AnswerError> {
        let terms = self.names.terms(contract.terms)?;
        match &terms.terms.form {
            Form::FeeForAssignment(fee) => self.fee((fee, terms.terms.vesting), contract, work),
            Form::ProfitShare(share) => {
                self.profit_share(share, contract, terms.terms.scope.territory)
            }
        }
    }

    fn fee(
        &self,
        (fee, vesting): (&Fee, Vesting),
        contract: &ContractRow,
        work: Option<EntryNumber>,
    ) -> Result<Account, AnswerError> {
        let obligations = match (fee.unit, work) {
            (FeeUnit::Contract, _) => vec![FeeObligation {
                entry: contract.entry,
                work: None,
                from: contract.effective_at,
            }],
            (FeeUnit::Work, Some(work)) => {
                let facts = self.names.work(work)?;
                self.obligations([(work, facts.effective_at)])
            }
            (FeeUnit::Work, None) => {
                let filter = WorkFilter {
                    contract: Some(contract.entry),
                    ..WorkFilter::first(MAX_ROWS + 1)
                };
                let works = bounded(self.names.reader().works(&filter)?, "works")?;
                self.obligations(works.iter().map(|work| (work.entry, work.effective_at)))
            }
        };
        let only = work.filter(|_| fee.unit == FeeUnit::Work);
        let payments = self.payments(contract.entry, only)?;
        let (receipts, refunds) = fee_payments((fee, vesting), &payments)?;
        Ok(royalty::fee(fee, &obligations, &receipts, &refunds, self.moments.as_of)?)
    }

    /// The fee of each work that is known; days are counted from the making of the work.
    fn obligations(
        &self,
        works: impl IntoIterator<Item = (EntryNumber, Timestamp)>,
    ) -> Vec<FeeObligation> {
        let known = works.into_iter().filter(|(work, _)| self.is_known(*work));
        known.map(|(entry, from)| FeeObligation { entry, work: Some(entry), from }).collect()
    }

    fn profit_share(
        &self,
        share: &ProfitShare,
        contract: &ContractRow,
        territory: Territory,
    ) -> Result<Account, AnswerError> {
        let as_of = self.moments.as_of;
        let amended = self.amended(contract)?;
        let mut events = Events::default();
        let mut payments = Vec::new();
        for member in self.members(contract, share)? {
            self.gather((share, &amended), (&member, territory), &mut events)?;
            payments.extend(self.payments(member.entry, None)?);
        }
        payments.sort_by_key(|row| (row.effective_at, row.entry));
        let opening = self.names.reader().opening_of(contract.entry, self.known)?;
        let opening = opening.filter(|row| row.effective_at <= as_of);
        let (receipts, given_back) = receipts(&payments, opening.as_ref())?;
        let opening = opening.as_ref().map(|row| opening_balance(row, given_back)).transpose()?;
        let rates = self.rates(share, contract, &events.list)?;
        let facts = Facts {
            start: contract.effective_at,
            territory: Some(territory),
            categories: &events.categories,
            events: &events.list,
            advances: &advances(&payments)?,
            opening: opening.as_ref(),
            receipts: &receipts,
            rates: &rates,
        };
        let versions = versions((contract.effective_at, share), &amended);
        Ok(royalty::profit_share(&versions, &facts, as_of)?)
    }

    /// The contracts that are accounted for together: those of its pool, itself first, or itself.
    /// What is dated before one of them took effect, admission refuses.
    pub(super) fn members(
        &self,
        contract: &ContractRow,
        share: &ProfitShare,
    ) -> Result<Vec<ContractRow>, AnswerError> {
        let Some(Pool::Named(_)) = &share.pool else {
            return Ok(vec![contract.clone()]);
        };
        let members = self.names.reader().pooled(contract.entry, MAX_ROWS + 1)?;
        let known = bounded(members, "contracts of a pool")?;
        known
            .into_iter()
            .filter(|it| self.is_known(*it))
            .map(|it| self.names.contract(it))
            .collect()
    }

    /// The lines of the account of a contract, one by one, and the rates for their currencies.
    pub(super) fn events(
        &self,
        contract: &ContractRow,
        share: &ProfitShare,
    ) -> Result<(Vec<Event>, RateTable), AnswerError> {
        let mut events = Events::default();
        for member in self.accounted_with(contract)? {
            let lines = self.lines(member)?;
            lines.iter().try_for_each(|line| events.add_line(line))?;
        }
        let rates = self.rates(share, contract, &events.list)?;
        Ok((events.list, rates))
    }

    /// The same, with the lines of a month about one work as one, where there are many lines, their
    /// sums say all that they say, and none of these moments lies between two of them.
    pub(super) fn events_by_work(
        &self,
        contract: &ContractRow,
        share: &ProfitShare,
        changes: &[Timestamp],
    ) -> Result<(Vec<Event>, RateTable), AnswerError> {
        let mut events = Events::default();
        for member in self.accounted_with(contract)? {
            if !self.sums_by_work(member, share, changes, &mut events)? {
                return self.events(contract, share);
            }
        }
        Ok((events.list, RateTable::new()))
    }

    /// Adds the sums of each work, and what is left of those of the contract; false where lines are
    /// needed.
    fn sums_by_work(
        &self,
        contract: EntryNumber,
        share: &ProfitShare,
        changes: &[Timestamp],
        events: &mut Events,
    ) -> Result<bool, AnswerError> {
        let reader = self.names.reader();
        let mut rest = reader.account_sums(contract, None, self.known)?;
        let lines: i64 = rest.iter().map(|sum| sum.lines).sum();
        if lines <= FEW_LINES || share.pool == Some(Pool::Work) {
            return Ok(false);
        }
        let does = |sum: &AccountSumRow| {
            let parted = changes.iter().any(|at| sum.first_on < *at && *at <= sum.last_on);
            let exact = sum.last_on <= self.moments.as_of && sum.currency == share.currency;
            exact && sum.minor >= 0 && !parted
        };
        for work in reader.works_with_sums(contract)? {
            for sum in reader.account_sums(contract, Some(work), self.known)? {
                let whole = rest.iter_mut().find(|whole| is_one(whole, &sum));
                let Some(whole) = whole.filter(|_| does(&sum)) else {
                    return Ok(false);
                };
                whole.minor -= sum.minor;
                whole.units -= sum.units;
                whole.lines -= sum.lines;
                events.add_work_sum(&sum, Some(work))?;
            }
        }
        for sum in rest.iter().filter(|sum| sum.lines != 0 || sum.minor != 0) {
            if !does(sum) {
                return Ok(false);
            }
            events.add_work_sum(sum, None)?;
        }
        Ok(true)
    }

    /// The lines of a contract or of a work that count, one by one.
    pub(super) fn lines(&self, account: EntryNumber) -> Result<Vec<AccountLineFacts>, AnswerError> {
        let (as_of, limit) = (Some(self.moments.as_of), MAX_ROWS + 1);
        let lines = self.names.reader().account_lines(account, as_of, self.known, limit)?;
        bounded(lines, "lines of account")
    }

    /// The moment of which the question is.
    pub(super) const fn as_of(&self) -> Timestamp {
        self.moments.as_of
    }

    /// The contracts whose lines and payments are in the account of a contract.
    pub(super) fn accounted_with(
        &self,
        contract: &ContractRow,
    ) -> Result<Vec<EntryNumber>, AnswerError> {
        match &self.names.terms(contract.terms)?.terms.form {
            Form::ProfitShare(share) => {
                Ok(self.members(contract, share)?.iter().map(|row| row.entry).collect())
            }
            Form::FeeForAssignment(_) => Ok(vec![contract.entry]),
        }
    }

    /// The amendments of a contract that are known and in force.
    pub(super) fn amendments(&self, contract: EntryNumber) -> Result<Vec<Amendment>, AnswerError> {
        Amendment::of(&self.names, contract, |row| self.is_in_force(row))
    }

    fn is_in_force(&self, contract: &ContractRow) -> bool {
        self.is_known(contract.entry) && contract.effective_at <= self.moments.as_of
    }

    /// The clauses of the amendments that are known, with the moment from which on they hold.
    pub(super) fn amended(
        &self,
        contract: &ContractRow,
    ) -> Result<Vec<(Timestamp, ProfitShare)>, AnswerError> {
        let mut amended = Vec::new();
        for row in self.names.reader().amendments_of(contract.entry)? {
            if !self.is_in_force(&row) {
                continue;
            }
            let terms = self.names.terms(row.terms)?;
            if let Form::ProfitShare(clauses) = &terms.terms.form {
                amended.push((row.effective_at, clauses.clone()));
            }
        }
        Ok(amended)
    }

    /// What each statement added to the sums of the contract, where that says all that its lines
    /// say; the sums alone, where there are many; or else the lines.
    fn gather(
        &self,
        (share, amended): (&ProfitShare, &[(Timestamp, ProfitShare)]),
        (contract, territory): (&ContractRow, Territory),
        events: &mut Events,
    ) -> Result<(), AnswerError> {
        let (reader, as_of) = (self.names.reader(), self.moments.as_of);
        let mut changes = reader.account_changes(contract.entry, None, FEW_CHANGES)?;
        if let Some(changes) = &mut changes {
            changes.retain(|change| self.is_known(change.entry));
        }
        let sums = match &changes {
            Some(changes) => latest(changes).cloned().collect(),
            None => reader.account_sums(contract.entry, None, self.known)?,
        };
        let sum_does = |sum: &AccountSumRow| {
            let parted =
                amended.iter().any(|(from, _)| sum.first_on < *from && *from <= sum.last_on);
            sum.last_on <= as_of && sum.currency == share.currency && sum.minor >= 0 && !parted
        };
        let by_work = share.pool == Some(Pool::Work);
        if !by_work && sums.iter().all(sum_does) {
            let lines: i64 = sums.iter().map(|sum| sum.lines).sum();
            // Only a line says in which country it was.
            let anywhere = territory == Territory::WORLDWIDE || lines > FEW_LINES;
            let added = changes.as_deref().filter(|_| anywhere).and_then(added);
            if let Some(added) = added {
                return added.iter().try_for_each(|sum| events.add_sum(sum));
            }
            if lines > FEW_LINES {
                let some = sums.iter().filter(|sum| sum.minor > 0);
                return some.into_iter().try_for_each(|sum| events.add_sum(sum));
            }
        }
        let lines = self.lines(contract.entry)?;
        lines.iter().try_for_each(|line| events.add_line(line))
    }

    /// The rates that the provider published for the currencies of the events.
    fn rates(
        &self,
        share: &ProfitShare,
        contract: &ContractRow,
        events: &[Event],
    ) -> Result<RateTable, AnswerError> {
        let foreign: BTreeSet<Currency> =
            events.iter().map(|event| event.currency).filter(|it| *it != share.currency).collect();
        let mut table = RateTable::new();
        for currency in foreign {
            let rows = self.names.reader().exchange_rates(
                contract.provider,
                (currency, share.currency),
                (Timestamp::MIN, self.moments.as_of),
                self.known,
                MAX_ROWS + 1,
            )?;
            for row in bounded(rows, "exchange rates")? {
                table.add(ExchangeRate {
                    entry: row.entry,
                    from: row.base,
                    to: row.quote,
                    on: row.day.date(),
                    rate: row.rate.as_fraction()?,
                })?;
            }
        }
        Ok(table)
    }

    /// The confirmed payments under a contract, or for one work of it, that count.
    fn payments(
        &self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
    ) -> Result<Vec<ConfirmationRow>, AnswerError> {
        let reader = self.names.reader();
        let rows = match work {
            Some(work) => reader.confirmations(contract, Some(work), MAX_ROWS + 1)?,
            None => reader.confirmations_under(contract, MAX_ROWS + 1)?,
        };
        let mut rows = bounded(rows, "payments")?;
        rows.retain(|row| self.is_known(row.entry) && row.effective_at <= self.moments.as_of);
        rows.sort_by_key(|row| (row.effective_at, row.entry));
        Ok(rows)
    }
}

/// The first version of the clauses and those of the amendments.
pub(super) fn versions<'a>(
    (from, clauses): (Timestamp, &'a ProfitShare),
    amended: &'a [(Timestamp, ProfitShare)],
) -> Vec<Version<'a>> {
    let later = amended.iter().map(|(from, clauses)| Version { from: *from, clauses });
    std::iter::once(Version { from, clauses }).chain(later).collect()
}

/// The events of an account and the categories that they name.
#[derive(Default)]
struct Events {
    categories: Categories,
    list: Vec<Event>,
}

impl Events {
    fn add_line(&mut self, line: &AccountLineFacts) -> Result<(), AnswerError> {
        self.list.push(line_event(line, &mut self.categories)?);
        Ok(())
    }

    /// The lines of a month as one: dated as the last of them, and resting on the entry that added
    /// them or, where several did, on the one that changed the sum last, in which the others are
    /// found.
    fn add_sum(&mut self, sum: &AccountSumRow) -> Result<(), AnswerError> {
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(Event {
            entry: sum.entry,
            on: sum.last_on,
            minor: sum.minor,
            units: u64::try_from(sum.units).unwrap_or_default(),
            currency: sum.currency,
            work: None,
            // No two sums of one entry are taken for the same line.
            line: place,
            line_count: u32::try_from(sum.lines).unwrap_or(u32::MAX),
            category: self.categories.place(&sum.category)?,
            kind: sum.kind,
            country: None,
        });
        Ok(())
    }

    /// The lines of a month about a work as one, dated as the first of them.
    fn add_work_sum(
        &mut self,
        sum: &AccountSumRow,
        work: Option<EntryNumber>,
    ) -> Result<(), AnswerError> {
        if sum.lines == 0 {
            return Ok(());
        }
        self.add_sum(sum)?;
        if let Some(event) = self.list.last_mut() {
            (event.on, event.work) = (sum.first_on, work);
        }
        Ok(())
    }
}

/// Whether two rows are of one sum.
fn is_one(row: &AccountSumRow, other: &AccountSumRow) -> bool {
    row.month == other.month
        && row.kind == other.kind
        && row.currency == other.currency
        && row.category == other.category
}

/// The sums as they stand after all changes.
fn latest(changes: &[AccountSumRow]) -> impl Iterator<Item = &AccountSumRow> {
    changes.chunk_by(is_one).filter_map(<[AccountSumRow]>::last)
}

/// What each change added to its sum; nothing where one took something away, so that lines of an
/// earlier one do not count.
fn added(changes: &[AccountSumRow]) -> Option<Vec<AccountSumRow>> {
    let mut added = Vec::with_capacity(changes.len());
    for sum in changes.chunk_by(is_one) {
        let (mut minor, mut units, mut lines) = (0, 0, 0);
        for change in sum {
            added.push(AccountSumRow {
                minor: change.minor.checked_sub(minor)?,
                units: change.units.checked_sub(units)?,
                lines: change.lines.checked_sub(lines)?,
                ..change.clone()
            });
            (minor, units, lines) = (change.minor, change.units, change.lines);
        }
    }
    let adds = |change: &AccountSumRow| change.lines > 0 && change.minor > 0;
    added.iter().all(adds).then_some(added)
}
