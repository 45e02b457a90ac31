//! `pay`: a payer reports a payment.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook pay spring.png 49.00 CNY --as wen --reference INV-2026-17";

/// Report a payment under a contract
///
/// It counts once the payee confirms it. Under a fee for each work, name the work; a contract with
/// exactly one unpaid work stands for that work.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work or the contract that is paid for
    #[arg(value_name = "WORK|CONTRACT")]
    reference_to: OsString,
    /// How much, such as 49.00
    #[arg(allow_negative_numbers = true)]
    amount: String,
    /// The currency, such as CNY
    currency: String,
    /// Your reference, by which a report sent twice is recognised [default: a random one]
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// How it was paid
    #[arg(long, value_name = "TEXT")]
    manner: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "pay" })
    }
}
