//! `head accept`: remembers the present head of the ledger.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook head accept";

/// Remember the present head of the ledger
///
/// Do this only after you made sure that the ledger is the true one, for instance after you moved it to
/// another machine without its head file.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "head accept",
        })
    }
}
