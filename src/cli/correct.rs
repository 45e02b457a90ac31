//! `correct`: reverses a line of account.

use super::account::contract_by_share;
use super::recorder::{Recorder, WORK_OR_CONTRACT};
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, pay};
use crate::admission::{AccountLineFacts, Refusal, View};
use crate::ledger::LedgerError;
use crate::ledger::answer::Needed;
use crate::money::MoneyError;
use crate::record::{
    Account, AccountLine, Correction, CountryCode, EntryNumber, Kind, LineKind, Note, RecordId,
    Reference,
};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:
  deedbook correct '#12' SALE-17 --reason \"reported twice\" --as wen
  deedbook correct '#12' SALE-18 --amount 12.00 --reason \"a digit too many\" --as wen";

/// Reverse a line of account, and say why
///
/// The line stays in the log, and statements that were closed stay as they were; what is owed from now
/// on is computed without it. With `--amount`, `--kind`, `--category`, `--units` or `--territory` a
/// line that says this, and otherwise what the reversed one said, takes its place.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The contract under which the line was reported, or the work whose account it is of
    #[arg(value_name = "CONTRACT|WORK")]
    subject: OsString,
    /// The reference of the line
    #[arg(value_name = "REFERENCE")]
    line: String,
    /// Why it is reversed
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The right amount, in the currency of the contract
    #[arg(long, value_name = "AMOUNT")]
    amount: Option<String>,
    /// The right kind: revenue, expense or refund
    #[arg(long, value_name = "KIND", value_parser = ["revenue", "expense", "refund"])]
    kind: Option<String>,
    /// The right category
    #[arg(long, value_name = "CATEGORY")]
    category: Option<String>,
    /// The right count of copies
    #[arg(long, value_name = "COUNT")]
    units: Option<u64>,
    /// The right country
    #[arg(long, value_name = "COUNTRY")]
    territory: Option<String>,
    /// The reference of the line that takes its place [default: that of the reversed one with
    /// `-corrected` after it]
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    fn replaces(&self) -> bool {
        let texts = [&self.amount, &self.kind, &self.category, &self.territory];
        texts.iter().any(|text| text.is_some()) || self.units.is_some()
    }

    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let reason = Note::new(self.reason.clone())?;
        let reference = Reference::new(self.line.clone())?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let subject = recorder.resolve(&self.subject, Needed::AnyOf(WORK_OR_CONTRACT))?;
        let entry = account_of(&recorder, subject)?;
        let id = recorder.id_of(entry)?;
        let is_work = recorder.ledger("the line")?.read()?.kind(entry)? == Some(Kind::Work);
        let (contract, work) = if is_work { (None, Some(id)) } else { (Some(id), None) };
        if !is_work {
            recorder.rest_on_opening(entry)?;
        }
        let line = recorder.ledger("the line")?.read()?.account_line(entry, &reference)?;
        let Some(line) = line else {
            let refusal = Box::new(Refusal::UnknownLine { reference, contract: entry });
            return Err(LedgerError::Refused { position: 0, refusal }.into());
        };
        let replacement = match self.replaces() {
            true => {
                let work = line.work.map(|work| recorder.id_of(work)).transpose()?;
                Some(self.replacement(&line, contract, work, recorder.on())?)
            }
            false => None,
        };
        let instead = replacement.as_ref().and_then(|account| account.lines.first());
        let instead = instead.map(|line| line.reference.to_string());
        let record =
            Correction { work, reason, contract, reference: reference.clone(), replacement };
        let registered = recorder.record(record, Vec::new())?;
        let sentence = format!("`{}` reverses line {reference}", recorder.handle());
        let mut entered = Entered::new(registered, sentence)
            .named("contract", contract.map(|id| id.to_string()))
            .named("work", work.map(|id| id.to_string()))
            .named("reference", reference.as_str())
            .named("reversed_entry", line.entry.get())
            .named("replacement", instead.clone())
            .field(if is_work { "work" } else { "contract" }, id)
            .field("line", format!("{reference} of {}", line.entry));
        if let Some(instead) = instead {
            entered = entered.field("instead", instead);
        }
        Ok(entered.into())
    }

    /// The line that takes the place of the reversed one.
    fn replacement(
        &self,
        line: &AccountLineFacts,
        contract: Option<RecordId>,
        work: Option<RecordId>,
        on: Option<crate::record::Timestamp>,
    ) -> Result<Account, CliError> {
        let minor = match &self.amount {
            None => line.minor,
            Some(amount) => {
                let amount = pay::amount(amount, line.currency.code())?;
                let (minor, currency) = (amount.minor(), amount.currency());
                i64::try_from(minor)
                    .map_err(|_| MoneyError::AmountOutOfRange { minor, currency })?
            }
        };
        let kind = self.kind.as_deref();
        let kind = LineKind::ALL
            .iter()
            .copied()
            .find(|known| kind == Some(known.name()))
            .unwrap_or(line.kind);
        let reference = match &self.reference {
            Some(reference) => reference.clone(),
            None => format!("{}-corrected", line.reference),
        };
        let category = self.category.as_deref().map(str::parse).transpose()?;
        let territory = self.territory.as_deref().map(str::parse::<CountryCode>).transpose()?;
        Ok(Account {
            lines: vec![AccountLine {
                kind,
                on: on.unwrap_or(line.effective_at),
                minor,
                category: category.unwrap_or_else(|| line.category.clone()),
                reference: reference.parse()?,
                work: work.map(|_| 0),
                units: self.units.or(line.units),
                territory: territory.or(line.territory),
            }],
            works: work.into_iter().collect(),
            contract,
            currency: line.currency,
        })
    }
}

/// The contract that has the account of a work, or the work itself where no contract has.
fn account_of(recorder: &Recorder<'_>, subject: EntryNumber) -> Result<EntryNumber, CliError> {
    let reader = recorder.ledger("the line")?.read()?;
    match reader.kind(subject)? {
        Some(Kind::Work) => Ok(contract_by_share(&reader, subject)?.unwrap_or(subject)),
        Some(_) | None => Ok(subject),
    }
}
