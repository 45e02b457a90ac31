//! `show`: one thing in full.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook show northlight/fee@1\n  deedbook show #42";

/// Show one work, party, terms, contract, payment or entry in full
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What to show
    #[arg(value_name = "REF")]
    subject: OsString,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "show" })
    }
}
