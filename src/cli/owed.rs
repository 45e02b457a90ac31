//! `owed`: what is earned, due, paid and owed.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook owed --as-of 2026-06-30 --explain\n  deedbook owed spring.png";

/// Show what is earned, due, paid and owed
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only this work, contract or party
    #[arg(value_name = "REF")]
    subject: Option<OsString>,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// Show how each figure follows from clauses and entries
    #[arg(long)]
    explain: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "owed" })
    }
}
