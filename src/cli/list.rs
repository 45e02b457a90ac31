//! `list`: works, parties, terms, contracts, payments or entries.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook list works\n  deedbook list entries --limit 20";

/// List works, parties, terms, contracts, payments or entries
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// works, parties, terms, contracts, payments or entries
    #[arg(default_value = "works", value_name = "WHAT")]
    what: String,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    /// Only entries after this number
    #[arg(long, value_name = "ENTRY")]
    after: Option<u64>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "list" })
    }
}
