//! `key revoke`: ends a key.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook key revoke 496bd8af --as wen --reason \"laptop lost\"";

/// Revoke a key of a party
///
/// What it signed and had registered before stays valid; what comes after does not. The last key of a
/// party cannot be revoked: add another first.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The thumbprint of the key or its first digits, as `key list` shows it
    #[arg(value_name = "KID")]
    kid: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "key revoke",
        })
    }
}
