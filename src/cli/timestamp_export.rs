//! `timestamp export`: a time stamp and what it is over, for programs that are not ours.

use super::recorder::write_new;
use super::timestamp_list::{fields, object};
use super::{CliError, Output, Session, Text};
use crate::file::appended;
use crate::ledger::KeptTimestamp;
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook timestamp export 0 -o today.tsr\n  openssl ts -verify -in today.tsr -data today.tsr.checkpoint -CAfile ca.pem";

/// Write a time stamp and the checkpoint that it is over to files
///
/// The answer is written as the authority gave it, and the checkpoint beside it with `.checkpoint`
/// after its name, byte for byte as it was stamped.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The number of the time stamp [default: the last]
    #[arg(value_name = "NUMBER")]
    number: Option<u64>,
    /// Write the answer to this new file
    #[arg(long, short, value_name = "FILE.tsr")]
    output: PathBuf,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let (kept, answer, checkpoint) = session.read()?.timestamp(self.number)?;
        let data = appended(&self.output, ".checkpoint");
        write_new(&data, checkpoint.note.as_bytes())?;
        write_new(&self.output, &answer)?;
        Ok(Exported { kept, path: self.output, data }.into())
    }
}

struct Exported {
    kept: KeptTimestamp,
    path: PathBuf,
    data: PathBuf,
}

impl Output for Exported {
    fn json(&self) -> Value {
        let mut exported = object(&self.kept);
        exported["out"] = self.path.to_string_lossy().into();
        exported["data"] = self.data.to_string_lossy().into();
        exported
    }

    fn text(&self, text: &mut Text) {
        let (answer, data) = (self.path.display(), self.data.display());
        text.heading(format!("Time stamp {}", self.kept.number));
        text.field("file", &answer);
        text.field("it is over", &data);
        fields(&self.kept, text);
        text.field("check", format!("openssl ts -verify -in {answer} -data {data} -CAfile CA.pem"));
    }
}
