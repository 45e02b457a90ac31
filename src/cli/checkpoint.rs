//! `checkpoint show` and `checkpoint export`: the ledger's signed head.

use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::ledger::Ledger;
use crate::tlog::SignedCheckpoint;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const SHOW_EXAMPLE: &str = "Example:\n  deedbook checkpoint show";
const EXPORT_EXAMPLE: &str = "Example:\n  deedbook checkpoint export -o 2026-03-01.checkpoint";

/// Show the ledger's latest checkpoint
///
/// A checkpoint says how many entries there are and what the root of their hash tree is, signed with
/// the ledger's key. Whoever keeps one can tell later whether the ledger was rolled back or replaced.
#[derive(Debug, Args)]
#[command(after_long_help = SHOW_EXAMPLE)]
pub(super) struct ShowArguments {
    /// The one over this number of entries, where a commit ended there [default: the latest]
    #[arg(long, value_name = "SIZE")]
    size: Option<u64>,
}

/// Write a checkpoint to a file
///
/// A C2SP signed note (tlog-checkpoint), which witnesses and other log tools read as it is.
#[derive(Debug, Args)]
#[command(after_long_help = EXPORT_EXAMPLE)]
pub(super) struct ExportArguments {
    /// The one over this number of entries, where a commit ended there [default: the latest]
    #[arg(long, value_name = "SIZE")]
    size: Option<u64>,
    /// Write to this new file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl ShowArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        Ok(Shown::of(&session.read()?, self.size, None)?.into())
    }
}

impl ExportArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let shown = Shown::of(&session.read()?, self.size, Some(self.output.clone()))?;
        write_new(&self.output, shown.signed.note.as_bytes())?;
        Ok(shown.into())
    }
}

/// A checkpoint.
struct Shown {
    signed: SignedCheckpoint,
    verifier_key: String,
    path: Option<PathBuf>,
}

impl Shown {
    fn of(ledger: &Ledger, size: Option<u64>, path: Option<PathBuf>) -> Result<Self, CliError> {
        let signed = ledger.checkpoint(&ledger.read()?, size)?;
        Ok(Self { signed, verifier_key: ledger.verifier().verifier_key(), path })
    }
}

impl Output for Shown {
    fn json(&self) -> Value {
        let checkpoint = &self.signed.checkpoint;
        json!({
            "origin": checkpoint.origin.as_str(),
            "size": checkpoint.size,
            "root": checkpoint.root.to_string(),
            "verifier_key": self.verifier_key,
            "note": self.signed.note,
            "path": self.path.as_ref().map(|path| path.to_string_lossy()),
        })
    }

    fn text(&self, text: &mut Text) {
        let checkpoint = &self.signed.checkpoint;
        text.heading(format!("Checkpoint of {}", checkpoint.origin));
        if let Some(path) = &self.path {
            text.field("file", path.display());
        }
        text.field("entries", checkpoint.size);
        text.field("root", checkpoint.root);
        text.field("verifier key", &self.verifier_key);
        if self.path.is_none() {
            text.blank();
            for line in self.signed.note.lines() {
                text.line(line);
            }
        }
    }
}
