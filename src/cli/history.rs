//! `history`: every fact about something, in order.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook history spring.png";

/// Show every fact about a work, a party, terms or a contract, in order
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What it is about
    #[arg(value_name = "REF")]
    subject: OsString,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "history" })
    }
}
