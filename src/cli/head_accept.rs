//! `head accept`: remembers the present head of the ledger.

use super::{CliError, Output, Session, Text};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook head accept";

/// Remember the present head of the ledger
///
/// Do this only after you made sure that the ledger is the true one, for instance after you moved it to
/// another machine without its head file.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let ledger = session.read_unwarned()?;
        ledger.remember_head()?;
        let entries = ledger.read()?.size()?;
        Ok(Remembered { entries, head: session.head_file().path().to_owned() }.into())
    }
}

struct Remembered {
    entries: u64,
    head: PathBuf,
}

impl Output for Remembered {
    fn json(&self) -> Value {
        json!({ "entries": self.entries, "head": self.head.to_string_lossy() })
    }

    fn text(&self, text: &mut Text) {
        text.heading("the present head is remembered");
        text.field("entries", self.entries);
        text.field("head file", self.head.display());
    }
}
