//! `revenue`, `expense`, `refund`: lines of account under a profit share.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::record::LineKind;
use clap::Args;
use std::ffi::OsString;

const REVENUE_EXAMPLE: &str =
    "Example:\n  deedbook revenue spring.png 1200.00 CNY --as wen --on 2026-04-12";
const EXPENSE_EXAMPLE: &str =
    "Example:\n  deedbook expense spring.png 85.50 CNY --as wen --category printing";
const REFUND_EXAMPLE: &str = "Example:\n  deedbook refund spring.png 30.00 CNY --as wen";

/// Report revenue under a profit-share contract
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

/// Report an expense under a profit-share contract
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

/// Report revenue that was given back under a profit-share contract
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
    /// Your reference, by which a line sent twice is recognised [default: a random one]
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
}

impl RevenueArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(
            session,
            LineKind::Revenue,
            &self.line,
            &self.category,
            &self.signing,
        )
    }
}

impl ExpenseArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(
            session,
            LineKind::Expense,
            &self.line,
            &self.category,
            &self.signing,
        )
    }
}

impl RefundArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        report(
            session,
            LineKind::Refund,
            &self.line,
            &self.category,
            &self.signing,
        )
    }
}

fn report(
    _session: &Session<'_>,
    _kind: LineKind,
    _line: &LineArguments,
    _category: &str,
    _signing: &SigningArguments,
) -> Result<Box<dyn Output>, CliError> {
    Err(CliError::NotAvailable { command: "account" })
}
