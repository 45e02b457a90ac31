//! `verify`: checks the whole ledger from the bytes up.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook verify";

/// Verify the whole ledger, from the bytes up
///
/// Recomputes every hash, signature and checkpoint, replays every admission and compares what is stored
/// with what follows from the entries. Names the first bad entry and exits with 3.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Check each signature by itself instead of in batches, as the strictest verifier does
    #[arg(long)]
    one_by_one: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "verify" })
    }
}
