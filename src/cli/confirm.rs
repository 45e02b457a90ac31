//! `confirm`: a payee confirms a payment.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook confirm #12 --as northlight";

/// Confirm that a payment arrived
///
/// From then on the payment counts, and title that hangs on it moves by itself.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The payment
    #[arg(value_name = "PAYMENT")]
    payment: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "confirm" })
    }
}
