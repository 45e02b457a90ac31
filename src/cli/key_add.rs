//! `key add`: gives a party a further key.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook key add --as wen\n  deedbook key add --as wen --new-key ~/.ssh/id_ed25519";

/// Add a further key to a party
///
/// Signed with a key that the party has; the new key proves by a signature of its own that the party
/// holds it.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The private key to add [default: a new one named after the party]
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// Protect the new key with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long, conflicts_with = "new_key")]
    passphrase: bool,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "key add" })
    }
}
