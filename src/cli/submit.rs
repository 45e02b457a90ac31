//! `submit`: admits statements that were signed elsewhere.

use super::{CliError, Output, Session};
use clap::Args;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook submit wen.statement register.statement\n  deedbook submit terms.statement --text terms.statement.en.txt";

/// Submit statements that were signed elsewhere with --out
///
/// All of them or none, in the order given. Each is checked in full. Texts of terms are handed in with
/// --text; they lie beside a statement of `terms publish --out`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The statements
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A text that terms among them name; may be repeated
    #[arg(long = "text", value_name = "FILE")]
    texts: Vec<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "submit" })
    }
}
