//! `terms publish`: publishes a version of a standard form.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook terms publish fee.toml --as northlight --dry-run\n  deedbook terms publish fee.toml --as northlight";

/// Publish a version of a standard form
///
/// Reads the form from TOML, numbers it as the next version, and registers it with the text that
/// whoever accepts it is shown.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The form, in TOML
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print the text in plain language and register nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "terms publish",
        })
    }
}
