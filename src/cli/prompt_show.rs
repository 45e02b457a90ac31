//! `prompt show`: opens the prompts of a work.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook prompt show spring.png";

/// Open the prompts of a work and check them against the record
///
/// Written to a file or a pipe a prompt is byte for byte what was committed to.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "prompt show",
        })
    }
}
