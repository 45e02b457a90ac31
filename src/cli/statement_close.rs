//! `statement close`, `accept`, `dispute`: one side closes the statement of a period, the other
//! answers.

use super::recorder::{Recorder, WORK_OR_CONTRACT};
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::ledger::answer::{Moments, Needed, accounted, statement};
use crate::money::MoneyError;
use crate::record::{Kind, StatementAccepted, StatementClosed, StatementDisputed};
use crate::royalty::SettlementSpan;
use clap::{Args, Subcommand};
use std::ffi::OsString;

/// Steps on a statement.
#[derive(Debug, Subcommand)]
pub(super) enum Step {
    Close(Close),
    Accept(Accept),
    Dispute(Dispute),
}

impl Step {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        match self {
            Self::Close(close) => close.run(session),
            Self::Accept(accept) => accept.run(session),
            Self::Dispute(dispute) => dispute.run(session),
        }
    }
}

const CLOSINGS: &[Kind] = &[Kind::StatementClosed];

/// Close the statement of a period that is over, as the party that owes the accounts
///
/// The digest of the figures and the closing balance are recorded. A closed statement stays as it is;
/// what becomes known later is a true-up in the next one.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook statement close northlight/share@1 --period 2026-Q1 --as wen"
)]
pub(super) struct Close {
    /// The contract, or the terms that were accepted, or a work under the contract
    #[arg(value_name = "CONTRACT")]
    contract: OsString,
    /// The period: 2026-03, 2026-Q1, 2026-H1 or 2026
    #[arg(long, value_name = "PERIOD")]
    period: String,
    #[command(flatten)]
    signing: SigningArguments,
}

/// The period that was typed.
pub(super) fn span(typed: &str) -> Result<SettlementSpan, CliError> {
    let needed = "a period such as 2026-03, 2026-Q1, 2026-H1 or 2026";
    typed.parse().map_err(|_| CliError::Value { found: typed.into(), needed })
}

impl Close {
    fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let span = span(&self.period)?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let effective_at = recorder.effective_at();
        let about = recorder.resolve(&self.contract, Needed::AnyOf(WORK_OR_CONTRACT))?;
        let drawn = {
            let ledger = recorder.ledger("the account of the period")?;
            let reader = ledger.read()?;
            let contract = accounted(&reader, about)?;
            let now = Moments::new(&reader, None, None, ledger.now())?;
            statement(&reader, contract, span, Moments { as_of: effective_at, ..now })?
        };
        // Of a pool, the contract that has the account.
        let id = drawn.contract.contract;
        let balance = drawn.balance()?;
        let (minor, currency) = (balance.minor(), balance.currency());
        let record = StatementClosed {
            digest: drawn.digest(),
            ends_at: span.end(),
            closing: i64::try_from(minor)
                .map_err(|_| MoneyError::AmountOutOfRange { minor, currency })?,
            contract: id,
            currency,
            known_at: drawn.known_at,
            starts_at: span.start(),
            effective_at,
        };
        let registered = recorder.record(record, Vec::new())?;
        let closing = registered.id.to_string();
        let sentence = format!("`{}` closes the statement of {span}", recorder.handle());
        let next = registered.entry.map(|entry| {
            let payee = &drawn.payee;
            format!("the other side answers: deedbook statement accept '{entry}' --as {payee}")
        });
        let mut entered = Entered::new(registered, sentence)
            .named("closing", closing)
            .named("contract", id.to_string())
            .named("period", span.to_string())
            .named("balance", balance.to_decimal())
            .named("currency", currency.code())
            .named("digest", drawn.digest().to_string())
            .named("effective_at", effective_at.to_string())
            .field("balance", balance)
            .field("digest", drawn.digest());
        if let Some(next) = next {
            entered = entered.field("next", next);
        }
        Ok(entered.into())
    }
}

/// Accept a closed statement, as the other side of the contract
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  deedbook statement accept '#20' --as northlight")]
pub(super) struct Accept {
    /// The closing
    #[arg(value_name = "CLOSING")]
    closing: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Accept {
    fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let closing = recorder.id(&self.closing, Needed::AnyOf(CLOSINGS))?;
        let registered = recorder.record(StatementAccepted { closing }, Vec::new())?;
        let sentence = format!("`{}` accepts the statement", recorder.handle());
        let entered = Entered::new(registered, sentence);
        Ok(entered.named("closing", closing.to_string()).field("closing", closing).into())
    }
}

/// Dispute a closed statement, as the other side of the contract
///
/// It counts no more then, and may be closed anew.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook statement dispute '#20' --as northlight --reason \"a sale of March is missing\""
)]
pub(super) struct Dispute {
    /// The closing
    #[arg(value_name = "CLOSING")]
    closing: OsString,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Dispute {
    fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let reason = self.reason.parse()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let closing = recorder.id(&self.closing, Needed::AnyOf(CLOSINGS))?;
        let registered = recorder.record(StatementDisputed { reason, closing }, Vec::new())?;
        let sentence = format!("`{}` disputes the statement", recorder.handle());
        let entered = Entered::new(registered, sentence);
        Ok(entered.named("closing", closing.to_string()).field("closing", closing).into())
    }
}
