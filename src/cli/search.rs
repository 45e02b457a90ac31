//! `search`: works by what is known of them.

use super::{CliError, Output, Session};
use clap::Args;
use std::path::PathBuf;

const EXAMPLE: &str =
    "Example:\n  deedbook search spring\n  deedbook search --party wen --from 2026-03-01";

/// Search works by title, party, content, model or date
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Words of the title
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// The party that registered it
    #[arg(long, value_name = "HANDLE")]
    party: Option<String>,
    /// The digest of a file of it, or its first digits
    #[arg(long, value_name = "DIGEST")]
    digest: Option<String>,
    /// A file of it
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Words of the model
    #[arg(long, value_name = "TEXT")]
    model: Option<String>,
    /// Made on this day or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Made on this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Err(CliError::NotAvailable { command: "search" })
    }
}
