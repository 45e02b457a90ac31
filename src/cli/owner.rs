//! `owner`: who holds the rights in a work.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook owner spring.png\n  deedbook owner spring.png --as-of 2026-03-01 --known-at 2026-04-01";

/// Show who holds the rights in a work, since when, on what ground
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "owner" })
    }
}
