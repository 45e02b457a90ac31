//! `accept`: a party accepts a version of a standard form.

use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook accept northlight/fee@1 --as wen\n  deedbook accept northlight/fee@1 --as wen --manner screen --shown-at 2026-03-01T09:30:00Z";

/// Accept a version of a standard form, which makes a contract
///
/// Shows the text in full. On a terminal each material clause is then asked for by itself, and a no
/// records nothing. In a script the clauses are listed and acknowledged by running the command, and the
/// record says so.
///
/// Where the text was shown somewhere else, say how and when with --manner and --shown-at.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1
    #[arg(value_name = "TERMS")]
    terms: OsString,
    /// The language of the text, where there are several
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// How the text was shown: terminal, output, screen, paper, message
    #[arg(long, value_name = "MANNER", requires = "shown_at")]
    manner: Option<String>,
    /// When the text was shown
    #[arg(long, value_name = "DATE", requires = "manner")]
    shown_at: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "accept" })
    }
}
