//! `terms text`: prints the text of a standard form.

use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook terms text northlight/fee@1 --language en";

/// Print the text of a standard form, as it was shown
///
/// Written to a file or a pipe it is byte for byte the text that was registered.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1, or a contract
    #[arg(value_name = "TERMS")]
    terms: OsString,
    /// Its language, where there are several
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable {
            command: "terms text",
        })
    }
}
