//! `terms withdraw`: withdraws a version of a standard form.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook terms withdraw northlight/fee@1 --as northlight";

/// Withdraw a version of a standard form
///
/// It cannot be accepted any more; contracts made before stand.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1
    #[arg(value_name = "TERMS")]
    terms: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "terms withdraw",
        })
    }
}
