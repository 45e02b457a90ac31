//! `agree`: a co-creator signs the split of a work.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook agree spring.png --as li";

/// Agree to the shares that a registration names
///
/// Until every creator has agreed, nobody can dispose of a share.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "agree" })
    }
}
