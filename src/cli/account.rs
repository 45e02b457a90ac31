//! `revenue`, `expense`, `refund`: lines of account, under a profit share or of a work by itself.

use super::recorder::{Recorder, WORK_OR_CONTRACT};
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, pay};
use crate::admission::View;
use crate::ledger::answer::Needed;
use crate::money::MoneyError;
use crate::record::{
    Account, AccountLine, Category, CountryCode, EntryNumber, Form, Kind, LineKind, RecordId,
};
use crate::store::Reader;
use clap::Args;
use std::ffi::OsString;

const REVENUE_EXAMPLE: &str =
    "Example:\n  deedbook revenue spring.png 1200.00 CNY --as wen --on 2026-04-12";
const EXPENSE_EXAMPLE: &str =
    "Example:\n  deedbook expense spring.png 85.50 CNY --as wen --category printing";
const REFUND_EXAMPLE: &str = "Example:\n  deedbook refund spring.png 30.00 CNY --as wen";

/// Report revenue, under a profit-share contract or of a work that is under none
///
/// Of a work without a share of profit it says what came in to you as its holder, so that what the holders of
/// works it derives from, and co-holders, are owed of it is computed.
#[derive(Debug, Args)]
#[command(after_long_help = REVENUE_EXAMPLE)]
pub(super) struct RevenueArguments {
    #[command(flatten)]
    line: LineArguments,
    /// The kind of revenue
    #[arg(long, value_name = "CATEGORY", default_value = "sales")]
    category: String,
    #[command(flatten)]
    signing: SigningArguments,
}

/// Report an expense, under a profit-share contract or of a work that is under none
#[derive(Debug, Args)]
#[command(after_long_help = EXPENSE_EXAMPLE)]
pub(super) struct ExpenseArguments {
    #[command(flatten)]
    line: LineArguments,
    /// The kind of expense, one that the terms allow to deduct
    #[arg(long, value_name = "CATEGORY")]
    category: String,
    #[command(flatten)]
    signing: SigningArguments,
}

/// Report revenue that was given back, under a profit-share contract or of a work that is under none
#[derive(Debug, Args)]
#[command(after_long_help = REFUND_EXAMPLE)]
pub(super) struct RefundArguments {
    #[command(flatten)]
    line: LineArguments,
    /// The kind of refund
    #[arg(long, value_name = "CATEGORY", default_value = "refunds")]
    category: String,
    #[command(flatten)]
    signing: SigningArguments,
}

/// What every line of account says.
#[derive(Debug, Args)]
struct LineArguments {
    /// The work or the contract that it is about
    #[arg(value_name = "WORK|CONTRACT")]
    subject: OsString,
    /// How much, such as 49.00; more than zero
    #[arg(allow_negative_numbers = true)]
    amount: String,
    /// The currency, such as CNY
    currency: String,
    /// How many copies or licences were sold or given back
    #[arg(long, value_name = "COUNT")]
    units: Option<u64>,
    /// In which country, such as CN
    #[arg(long, value_name = "COUNTRY")]
    territory: Option<String>,
    /// Your reference, by which a line sent twice is recognised [default: a random one]
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
}

impl RevenueArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(session, LineKind::Revenue, &self.line, &self.category, &self.signing)
    }
}

impl ExpenseArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(session, LineKind::Expense, &self.line, &self.category, &self.signing)
    }
}

impl RefundArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(session, LineKind::Refund, &self.line, &self.category, &self.signing)
    }
}

fn report(
    session: &Session<'_>,
    kind: LineKind,
    line: &LineArguments,
    category: &str,
    signing: &SigningArguments,
) -> Result<Box<dyn Output>, CliError> {
    let amount = pay::amount(&line.amount, &line.currency)?;
    let minor = i64::try_from(amount.minor()).map_err(|_| MoneyError::AmountOutOfRange {
        minor: amount.minor(),
        currency: amount.currency(),
    })?;
    let category: Category = category.parse()?;
    let territory = line.territory.as_deref().map(str::parse::<CountryCode>).transpose()?;
    let reference = pay::reference(line.reference.clone())?;
    let mut recorder = Recorder::open(session, signing)?;
    let subject = recorder.resolve(&line.subject, Needed::AnyOf(WORK_OR_CONTRACT))?;
    let (contract, work) = about(&recorder, subject)?;
    let on = recorder.effective_at();
    let record = Account {
        lines: vec![AccountLine {
            kind,
            on,
            minor,
            category: category.clone(),
            reference: reference.clone(),
            work: work.map(|_| 0),
            units: line.units,
            territory,
        }],
        works: work.into_iter().collect(),
        contract,
        currency: amount.currency(),
    };
    let registered = recorder.record(record, Vec::new())?;
    let id = registered.id.to_string();
    let what = match kind {
        LineKind::Revenue => "revenue",
        LineKind::Expense => "an expense",
        LineKind::Refund => "a refund",
    };
    let sentence = format!("`{}` reports {what} of {amount} ({category})", recorder.handle());
    let mut entered = Entered::new(registered, sentence)
        .named("account", id)
        .named("contract", contract.map(|id| id.to_string()))
        .named("work", work.map(|id| id.to_string()))
        .named("kind", kind.name())
        .named("amount", amount.to_decimal())
        .named("currency", amount.currency().code())
        .named("category", category.as_str())
        .named("units", line.units)
        .named("territory", territory.map(|country| country.as_str()))
        .named("reference", reference.as_str())
        .named("effective_at", on.to_string());
    entered = match contract {
        Some(contract) => entered.field("contract", contract),
        None => entered.field("account", "of the work, under no share of profit"),
    };
    if let Some(work) = work {
        entered = entered.field("work", work);
    }
    if let Some(units) = line.units {
        entered = entered.field("units", units);
    }
    if let Some(country) = territory {
        entered = entered.field("territory", country);
    }
    Ok(entered.field("reference", reference).field("on", on).into())
}

/// The contract and, where one is meant, the work; no contract, where none gives anybody a share of what
/// comes in for the work.
fn about(
    recorder: &Recorder<'_>,
    subject: EntryNumber,
) -> Result<(Option<RecordId>, Option<RecordId>), CliError> {
    let reader = recorder.ledger("the contract")?.read()?;
    let id = recorder.id_of(subject)?;
    if reader.kind(subject)? != Some(Kind::Work) {
        recorder.rest_on_opening(subject)?;
        return Ok((Some(id), None));
    }
    let contract = contract_by_share(&reader, subject)?;
    if let Some(contract) = contract {
        recorder.rest_on_opening(contract)?;
    }
    Ok((contract.map(|contract| recorder.id_of(contract)).transpose()?, Some(id)))
}

/// The contract by a share of profit under which a work was made.
pub(super) fn contract_by_share(
    reader: &Reader<'_>,
    work: EntryNumber,
) -> Result<Option<EntryNumber>, CliError> {
    let Some(contract) = reader.work(work)?.and_then(|facts| facts.contract) else {
        return Ok(None);
    };
    let row = reader.contract(contract)?;
    let terms = row.map(|row| reader.terms(row.terms)).transpose()?.flatten();
    Ok(terms.and_then(|facts| match &facts.terms.form {
        Form::ProfitShare(_) => Some(contract),
        Form::FeeForAssignment(_) => None,
    }))
}
