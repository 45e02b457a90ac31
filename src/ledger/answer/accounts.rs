//! The account of a contract: what the ledger knew by one moment, handed to the royalty engine as of
//! another. What is owed, statements and books are all drawn from it.

use super::{AnswerError, Moments, Names};
use crate::admission::ContractRow;
use crate::money::Amount;
use crate::record::{EntryNumber, Fee, FeeUnit, Form, ProfitShare, Purpose, Timestamp};
use crate::royalty::{self, Account, Categories, Event, Facts, FeeObligation, Receipt, Version};
use crate::store::{EntryFilter, Reader, WorkFilter};

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
        let filter = EntryFilter { to: Some(moments.known_at), ..EntryFilter::newest(1) };
        let known = reader.entry_list(&filter)?.first().map(|row| row.number);
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
            Form::FeeForAssignment(fee) => self.fee(fee, contract, work),
            Form::ProfitShare(share) => self.profit_share(share, contract),
        }
    }

    fn fee(
        &self,
        fee: &Fee,
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
        let receipts = self.receipts(contract.entry, only)?;
        Ok(royalty::fee(fee, &obligations, &receipts, &[], self.moments.as_of)?)
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
    ) -> Result<Account, AnswerError> {
        let as_of = self.moments.as_of;
        let lines = self.names.reader().account_lines(
            contract.entry,
            Some(as_of),
            self.known,
            MAX_ROWS + 1,
        )?;
        let mut categories = Categories::new();
        let mut events = Vec::new();
        for line in bounded(lines, "lines of account")? {
            events.push(Event {
                entry: line.entry,
                on: line.effective_at,
                minor: line.minor,
                units: 0,
                currency: line.currency,
                work: line.work,
                line: line.line,
                line_count: 1,
                category: categories.place(&line.category)?,
                kind: line.kind,
                country: None,
            });
        }
        let receipts = self.receipts(contract.entry, None)?;
        let start = contract.effective_at;
        let facts = Facts::of(start, &categories, &events, &receipts);
        let version = Version { from: start, clauses: share };
        Ok(royalty::profit_share(&[version], &facts, as_of)?)
    }

    /// The confirmed payments under a contract, or for one work of it.
    fn receipts(
        &self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
    ) -> Result<Vec<Receipt>, AnswerError> {
        let reader = self.names.reader();
        let rows = match work {
            Some(work) => reader.confirmations(contract, Some(work), MAX_ROWS + 1)?,
            None => reader.confirmations_under(contract, MAX_ROWS + 1)?,
        };
        let known = bounded(rows, "payments")?.into_iter();
        // What was paid back is taken from the payments before it, the latest first.
        let (refunds, mut known): (Vec<_>, Vec<_>) = known
            .filter(|row| self.is_known(row.entry) && row.effective_at <= self.moments.as_of)
            .partition(|row| row.purpose == Some(Purpose::Refund));
        for refund in refunds {
            let mut rest = refund.minor;
            for row in known.iter_mut().rev().filter(|row| row.work == refund.work) {
                let taken = rest.min(row.minor);
                row.minor -= taken;
                rest -= taken;
            }
        }
        known
            .into_iter()
            .filter(|row| row.minor > 0)
            .map(|row| {
                Ok(Receipt {
                    entry: row.entry,
                    on: row.effective_at,
                    amount: Amount::new(i128::from(row.minor), row.currency)?,
                    work: row.work,
                })
            })
            .collect()
    }
}
