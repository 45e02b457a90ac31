//! `party add`: enrols a party.

use super::signing::StatementArguments;
use super::{CliError, Output, Session};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook party add wen --role creator\n  deedbook party add northlight --role provider --key ~/.ssh/id_ed25519";

/// Enrol a party with its first key
///
/// Makes a new key in the key directory unless `--key` names one, such as an SSH key you have. The
/// handle is a pseudonym: whom it stands for is kept apart from the register.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The handle: a-z, 0-9 and hyphens
    handle: String,
    /// What the party may be: creator, provider, designer, data-provider, licensee, arbiter
    #[arg(long = "role", value_name = "ROLE[,ROLE]")]
    roles: String,
    /// Protect the new key with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long, conflicts_with = "key")]
    passphrase: bool,
    #[command(flatten)]
    statement: StatementArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "party add",
        })
    }
}
