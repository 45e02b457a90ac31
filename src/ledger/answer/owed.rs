//! What is earned, due, paid and owed under contracts, with the derivation of every figure.

use super::{AnswerError, Moments, Names, json};
use crate::admission::{ContractRow, View};
use crate::money::{Amount, Currency};
use crate::record::{
    EntryNumber, Fee, FeeUnit, Form, Handle, Kind, ProfitShare, Purpose, RecordId, Timestamp, Title,
};
use crate::royalty::{
    self, Categories, Derivation, Event, Facts, FeeObligation, Line, Receipt, Version,
};
use crate::store::{EntryFilter, Reader, WorkFilter};
use serde::Serialize;

/// Lines of account, works or payments of one contract that are taken into memory.
const MAX_ROWS: usize = 2_000_000;
/// Entries that are looked at together.
const PAGE: usize = 1000;

/// What is owed, contract by contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The moment asked about.
    #[serde(serialize_with = "json::text")]
    pub as_of: Timestamp,
    /// Only what the ledger had registered by then counts.
    #[serde(serialize_with = "json::text")]
    pub known_at: Timestamp,
    /// The lines, in order of contracts, then of works.
    pub lines: Vec<OwedLine>,
}

/// What is owed for one work, or under one contract as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwedLine {
    /// The contract.
    #[serde(serialize_with = "json::text")]
    pub contract: RecordId,
    /// Its entry.
    pub contract_entry: EntryNumber,
    /// The terms that were accepted: `northlight/fee@1`.
    pub terms: String,
    /// The work, where the line is for one.
    #[serde(serialize_with = "json::optional_text")]
    pub work: Option<RecordId>,
    /// Its entry.
    pub work_entry: Option<EntryNumber>,
    /// Its title.
    pub title: Option<Title>,
    /// Who pays.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// Who receives.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// The currency of every amount of the line.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// What the clauses yield so far.
    #[serde(serialize_with = "json::decimal")]
    pub earned: Amount,
    /// What of it has fallen due, or was paid before it did.
    #[serde(serialize_with = "json::decimal")]
    pub due: Amount,
    /// What is confirmed received.
    #[serde(serialize_with = "json::decimal")]
    pub paid: Amount,
    /// Due less paid; below zero where more was paid than was earned.
    #[serde(serialize_with = "json::decimal")]
    pub owed: Amount,
    /// What falls due next.
    pub next_due: Option<NextDue>,
    /// How what is owed came about.
    pub derivation: Derivation,
}

/// What falls due next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextDue {
    /// When.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// How much, in the currency of the line.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
}

/// What is owed at a moment, as the ledger knew it at another: about a party, a contract or a work,
/// or under every contract.
///
/// # Errors
/// A ledger that cannot be read; figures out of range.
pub fn owed(
    reader: &Reader<'_>,
    about: Option<EntryNumber>,
    moments: Moments,
) -> Result<Owed, AnswerError> {
    let names = Names::new(reader);
    let question = Question { names, moments, known: last_known(reader, moments.known_at)? };
    let mut lines = Vec::new();
    let kind = match about {
        Some(entry) => View::kind(reader, entry)?.map(|kind| (entry, kind)),
        None => None,
    };
    match kind {
        Some((work, Kind::Work)) => {
            if let Some(contract) = names.work(work)?.contract {
                question.contract(names.contract(contract)?, Some(work), &mut lines)?;
            }
        }
        Some((contract, Kind::Contract)) => {
            question.contract(names.contract(contract)?, None, &mut lines)?;
        }
        Some((party, Kind::Party)) => question.party(party, &mut lines)?,
        Some((entry, _)) => {
            return Err(AnswerError::WrongKind {
                text: entry.to_string(),
                found: names.of(entry)?,
                needed: "a party, a contract or a work".to_owned(),
                instead: None,
            });
        }
        None => question.everything(&mut lines)?,
    }
    Ok(Owed { as_of: moments.as_of, known_at: moments.known_at, lines })
}

/// The last entry that was registered by a moment.
fn last_known(
    reader: &Reader<'_>,
    known_at: Timestamp,
) -> Result<Option<EntryNumber>, AnswerError> {
    let filter = EntryFilter { to: Some(known_at), ..EntryFilter::newest(1) };
    Ok(reader.entry_list(&filter)?.first().map(|row| row.number))
}

fn bounded<T>(rows: Vec<T>, what: &'static str) -> Result<Vec<T>, AnswerError> {
    if rows.len() > MAX_ROWS {
        return Err(AnswerError::TooMany { what, limit: MAX_ROWS });
    }
    Ok(rows)
}

struct Question<'a> {
    names: Names<'a>,
    moments: Moments,
    /// The last entry that counts; none before the ledger was opened.
    known: Option<EntryNumber>,
}

type Lines = Vec<OwedLine>;

impl Question<'_> {
    fn is_known(&self, entry: EntryNumber) -> bool {
        self.known.is_some_and(|known| entry <= known)
    }

    fn party(&self, party: EntryNumber, lines: &mut Lines) -> Result<(), AnswerError> {
        let reader = self.names.reader();
        let mut contracts = bounded(reader.contracts_of(party, MAX_ROWS + 1)?, "contracts")?;
        let offered = reader.contracts_offered_by(party, MAX_ROWS + 1)?;
        contracts.extend(bounded(offered, "contracts")?);
        contracts.sort_unstable_by_key(|contract| contract.entry);
        contracts.dedup_by_key(|contract| contract.entry);
        contracts.into_iter().try_for_each(|contract| self.contract(contract, None, lines))
    }

    fn everything(&self, lines: &mut Lines) -> Result<(), AnswerError> {
        let reader = self.names.reader();
        let mut filter = EntryFilter {
            kind: Some(Kind::Contract),
            to: Some(self.moments.known_at),
            ..EntryFilter::newest(PAGE)
        };
        let mut contracts = Vec::new();
        loop {
            let page = reader.entry_list(&filter)?;
            contracts.extend(page.iter().map(|row| row.number));
            filter.before = page.last().map(|row| row.number);
            if page.len() < PAGE {
                break;
            }
        }
        contracts
            .into_iter()
            .rev()
            .try_for_each(|contract| self.contract(self.names.contract(contract)?, None, lines))
    }

    /// The lines of a contract; only those that concern the work, where one is given.
    fn contract(
        &self,
        contract: ContractRow,
        work: Option<EntryNumber>,
        lines: &mut Lines,
    ) -> Result<(), AnswerError> {
        if !self.is_known(contract.entry) || contract.effective_at > self.moments.as_of {
            return Ok(());
        }
        let terms = self.names.terms(contract.terms)?;
        let account = match &terms.terms.form {
            Form::FeeForAssignment(fee) => self.fee(fee, &contract, work)?,
            Form::ProfitShare(share) => self.profit_share(share, &contract)?,
        };
        let id = self.names.id(contract.entry)?;
        let form = self.names.form(contract.provider, &terms.terms)?;
        let payer = self.names.handle(contract.party)?;
        let payee = self.names.handle(contract.provider)?;
        for line in account.lines {
            let work = line.work.map(|work| self.names.work_label(work)).transpose()?;
            lines.push(OwedLine {
                contract: id,
                contract_entry: contract.entry,
                terms: form.clone(),
                work: work.as_ref().map(|work| work.work),
                work_entry: line.work,
                title: work.map(|work| work.title),
                payer: payer.clone(),
                payee: payee.clone(),
                currency: line.currency,
                earned: line.earned,
                due: line.due,
                paid: line.paid,
                owed: line.owed,
                next_due: next_due(&line),
                derivation: line.derivation,
            });
        }
        Ok(())
    }

    fn fee(
        &self,
        fee: &Fee,
        contract: &ContractRow,
        work: Option<EntryNumber>,
    ) -> Result<royalty::Account, AnswerError> {
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
    ) -> Result<royalty::Account, AnswerError> {
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

fn next_due(line: &Line) -> Option<NextDue> {
    line.next_due.map(|(at, amount)| NextDue { at, amount })
}
