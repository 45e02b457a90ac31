//! What is earned, due, paid and owed under contracts, with the derivation of every figure.

use super::accounts::{MAX_ROWS, bounded};
use super::{Accounts, Amendment, AnswerError, Moments, Names, json};
use crate::admission::{ContractRow, View};
use crate::money::{Amount, Currency};
use crate::record::{EntryNumber, Form, Handle, Kind, Pool, RecordId, Slug, Timestamp, Title};
use crate::royalty::{Derivation, Instalment, Line};
use crate::store::{EntryFilter, Reader};
use serde::Serialize;

/// Entries that are looked at together.
const PAGE: usize = 1000;
/// Contracts that are answered by one thread before another is worth its start.
const FEW_CONTRACTS: usize = 64;

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
    /// The pool whose account it is, where the terms name one.
    #[serde(serialize_with = "json::optional_text")]
    pub pool: Option<Slug>,
    /// The contracts of the pool, this one first.
    pub pooled: Vec<EntryNumber>,
    /// The terms that were accepted first: `northlight/fee@1`.
    pub terms: String,
    /// The later versions of them under which the contract went on by the moment asked about.
    pub amended_by: Vec<Amendment>,
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
    /// What falls due when, oldest first: the periods of a share, the parts of a fee.
    pub instalments: Vec<OwedInstalment>,
    /// How what is owed came about.
    pub derivation: Derivation,
}

/// What falls due for one period, or as one part of a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwedInstalment {
    /// The period, `2026-Q1`, or what it is for.
    pub label: String,
    /// How much, in the currency of the line.
    #[serde(serialize_with = "json::decimal")]
    pub payable: Amount,
    /// When.
    #[serde(serialize_with = "json::text")]
    pub due_at: Timestamp,
    /// What payments cover of it.
    #[serde(serialize_with = "json::decimal")]
    pub paid: Amount,
    /// Payable less paid.
    #[serde(serialize_with = "json::decimal")]
    pub outstanding: Amount,
    /// Whole days since it fell due, where something is outstanding.
    pub overdue_days: Option<u32>,
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
    let question = Question::new(reader, moments)?;
    let work = match about {
        Some(entry) if View::kind(reader, entry)? == Some(Kind::Work) => about,
        Some(_) | None => None,
    };
    let contracts = question.asked_about(about)?;
    let lines = reader.side_by_side(&contracts, FEW_CONTRACTS, |reader, contracts| {
        let question = Question::new(reader, moments)?;
        let mut lines = Vec::new();
        for contract in contracts {
            if question.has_account(contract)? {
                question.lines(contract, work, &mut lines)?;
            }
        }
        Ok::<_, AnswerError>(lines)
    })?;
    let lines = lines.into_iter().flatten().collect();
    Ok(Owed { as_of: moments.as_of, known_at: moments.known_at, lines })
}

/// The contracts with accounts of which [`owed()`] answers, in order.
///
/// # Errors
/// As [`owed()`].
pub(super) fn accounted_for(
    reader: &Reader<'_>,
    about: Option<EntryNumber>,
    moments: Moments,
) -> Result<Vec<ContractRow>, AnswerError> {
    Question::new(reader, moments)?.contracts(about)
}

/// The contract that has the account: an amendment goes on with the one of the first, and the
/// contracts of a pool share that of the one that named it first.
pub(super) fn first(names: &Names<'_>, contract: EntryNumber) -> Result<ContractRow, AnswerError> {
    let row = names.contract(contract)?;
    let row = row.amends.map_or(Ok(row), |first| names.contract(first))?;
    match names.pool_of(&row, &names.terms(row.terms)?.terms)? {
        Some(first) if first != row.entry => names.contract(first),
        Some(_) | None => Ok(row),
    }
}

struct Question<'a> {
    names: Names<'a>,
    moments: Moments,
    accounts: Accounts<'a>,
}

impl<'a> Question<'a> {
    fn new(reader: &'a Reader<'a>, moments: Moments) -> Result<Self, AnswerError> {
        let (names, accounts) = (Names::new(reader), Accounts::new(reader, moments)?);
        Ok(Self { names, moments, accounts })
    }
}

type Contracts = Vec<ContractRow>;

impl Question<'_> {
    /// The contracts that have accounts, known and in force, that are asked about.
    fn contracts(&self, about: Option<EntryNumber>) -> Result<Contracts, AnswerError> {
        let mut contracts = Vec::new();
        for contract in self.asked_about(about)? {
            if self.has_account(&contract)? {
                contracts.push(contract);
            }
        }
        Ok(contracts)
    }

    /// The contracts that are asked about, whether or not they have accounts.
    fn asked_about(&self, about: Option<EntryNumber>) -> Result<Contracts, AnswerError> {
        let names = &self.names;
        let kind = match about {
            Some(entry) => View::kind(names.reader(), entry)?.map(|kind| (entry, kind)),
            None => None,
        };
        Ok(match kind {
            Some((work, Kind::Work)) => match names.work(work)?.contract {
                Some(contract) => vec![first(names, contract)?],
                None => Vec::new(),
            },
            Some((contract, Kind::Contract)) => vec![first(names, contract)?],
            Some((party, Kind::Party)) => self.of_party(party)?,
            Some((entry, _)) => {
                return Err(AnswerError::WrongKind {
                    text: entry.to_string(),
                    found: names.of(entry)?,
                    needed: "a party, a contract or a work".to_owned(),
                    instead: None,
                });
            }
            None => self.all()?,
        })
    }

    fn of_party(&self, party: EntryNumber) -> Result<Contracts, AnswerError> {
        let reader = self.names.reader();
        let mut contracts = bounded(reader.contracts_of(party, MAX_ROWS + 1)?, "contracts")?;
        let offered = reader.contracts_offered_by(party, MAX_ROWS + 1)?;
        contracts.extend(bounded(offered, "contracts")?);
        contracts.sort_unstable_by_key(|contract| contract.entry);
        contracts.dedup_by_key(|contract| contract.entry);
        Ok(contracts)
    }

    fn all(&self) -> Result<Contracts, AnswerError> {
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
        contracts.into_iter().rev().map(|contract| self.names.contract(contract)).collect()
    }

    fn has_account(&self, contract: &ContractRow) -> Result<bool, AnswerError> {
        // An amendment has no account of its own: the one of the contract goes on. Nor has a
        // contract that names a pool after another.
        if contract.amends.is_some()
            || !self.accounts.is_known(contract.entry)
            || contract.effective_at > self.moments.as_of
        {
            return Ok(false);
        }
        let terms = self.names.terms(contract.terms)?;
        let pooled = self.names.pool_of(contract, &terms.terms)?;
        Ok(pooled.is_none_or(|first| first == contract.entry))
    }

    /// The lines of a contract; only those that concern the work, where one is given.
    fn lines(
        &self,
        contract: &ContractRow,
        work: Option<EntryNumber>,
        lines: &mut Vec<OwedLine>,
    ) -> Result<(), AnswerError> {
        let terms = self.names.terms(contract.terms)?;
        let account = self.accounts.of(contract, work)?;
        let id = self.names.id(contract.entry)?;
        let form = self.names.form(contract.provider, &terms.terms)?;
        let payer = self.names.handle(contract.party)?;
        let payee = self.names.handle(contract.provider)?;
        let (pool, members) = self.pool(contract, &terms.terms.form)?;
        let amended_by = self.accounts.amendments(contract.entry)?;
        for line in account.lines {
            let work = line.work.map(|work| self.names.work_label(work)).transpose()?;
            lines.push(OwedLine {
                contract: id,
                contract_entry: contract.entry,
                pool: pool.clone(),
                pooled: members.clone(),
                terms: form.clone(),
                amended_by: amended_by.clone(),
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
                instalments: line.instalments.iter().map(instalment).collect(),
                derivation: line.derivation,
            });
        }
        Ok(())
    }
}

impl Question<'_> {
    /// The pool that the terms name, and the contracts of it that are known.
    fn pool(
        &self,
        contract: &ContractRow,
        form: &Form,
    ) -> Result<(Option<Slug>, Vec<EntryNumber>), AnswerError> {
        match form {
            Form::ProfitShare(share) => match &share.pool {
                Some(Pool::Named(name)) => {
                    let members = self.accounts.members(contract, share)?;
                    Ok((Some(name.clone()), members.iter().map(|row| row.entry).collect()))
                }
                Some(Pool::Work) | None => Ok((None, Vec::new())),
            },
            Form::FeeForAssignment(_) => Ok((None, Vec::new())),
        }
    }
}

fn instalment(instalment: &Instalment) -> OwedInstalment {
    OwedInstalment {
        label: instalment.label.clone(),
        payable: instalment.earned,
        due_at: instalment.due_at,
        paid: instalment.paid,
        outstanding: instalment.outstanding,
        overdue_days: instalment.overdue_days,
    }
}

fn next_due(line: &Line) -> Option<NextDue> {
    line.next_due.map(|(at, amount)| NextDue { at, amount })
}
