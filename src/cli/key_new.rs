//! `key new`: makes a key.

use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook key new wen-laptop --passphrase";

/// Make a key in the key directory
///
/// An Ed25519 key in the OpenSSH format, readable by you only. It signs for a party once it is enrolled
/// or added: `party add`, `key add`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The name of the key
    name: String,
    /// Protect it with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long)]
    passphrase: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "key new" })
    }
}
