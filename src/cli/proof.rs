//! `proof`: one text file that proves an entry to be in the log.

use super::question::Question;
use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::Needed;
use crate::record::EntryNumber;
use crate::tlog::LogProof;
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook proof '#42' -o 42.tlog-proof";

/// Write the proof that an entry is in the log, as a C2SP tlog-proof
///
/// Index, inclusion proof and signed checkpoint in one text, checkable offline with the ledger's
/// origin and public key. Needs no key: the checkpoint is signed already.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The entry
    #[arg(value_name = "REF")]
    entry: OsString,
    /// Under the checkpoint over this number of entries [default: the latest]
    #[arg(long, value_name = "SIZE")]
    size: Option<u64>,
    /// Put the entry itself into the file, as its extra data
    #[arg(long)]
    with_entry: bool,
    /// Write to this new file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let entry = question.entry(&reader, &self.entry, Needed::Entry)?;
        let ledger = question.ledger();
        let proof = ledger.log_proof(&reader, entry, self.size, self.with_entry)?;
        let tree_size = ledger.verifier().verify(proof.note())?.size;
        write_new(&self.output, proof.to_text().as_bytes())?;
        Ok(Written { proof, tree_size, path: self.output }.into())
    }
}

/// What was written.
struct Written {
    proof: LogProof,
    tree_size: u64,
    path: PathBuf,
}

impl Output for Written {
    fn json(&self) -> Value {
        json!({
            "entry": self.proof.index(),
            "tree_size": self.tree_size,
            "hashes": self.proof.path().hashes().len(),
            "with_entry": self.proof.extra().is_some(),
            "path": self.path.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("Proof of entry {}", EntryNumber::new(self.proof.index())));
        text.field("file", self.path.display());
        text.field("entries", self.tree_size);
        text.field("hashes", self.proof.path().hashes().len());
    }
}
