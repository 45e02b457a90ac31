//! `key list`: the keys here and in the ledger.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook key list\n  deedbook key list wen";

/// List the keys of the key directory and of the ledger
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only keys of this party
    #[arg(value_name = "PARTY")]
    party: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "key list",
        })
    }
}
