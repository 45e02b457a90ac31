//! `init`: makes a ledger.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook init --name \"Northlight register\"";

/// Make a new ledger
///
/// Writes the ledger file, its own key beside it (`.key`), which signs every checkpoint, and the head
/// file (`.head`), which later tells whether the ledger was replaced. Keep the head file where whoever
/// could replace the ledger cannot write.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The name of the ledger, for people
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The name of the ledger in checkpoints, unique in the world: a domain of yours with a path [default: made from the name and the key]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "init" })
    }
}
