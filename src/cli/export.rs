//! `export`: writes what other programs read.

use super::question::Question;
use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::journal;
use crate::ledger::answer::{self, Moments, Needed, day_or_moment};
use crate::record::Kind;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook export --format beancount -o books.beancount\n  deedbook export northlight --format hledger --as-of 2026-06-30";

/// Whose books can be asked for.
const KINDS: &[Kind] = &[Kind::Party, Kind::Contract];

/// Write the books of contracts for accounting programs
///
/// Double entry: every line of account and every confirmed payment with its entry and reference,
/// what fell due on its day, and the assertion of what every payable comes to, which is minus what
/// `deedbook owed` answers for the same moments.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only this party's contracts, or this contract
    #[arg(value_name = "REF")]
    subject: Option<OsString>,
    /// In which form
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// Write to this new file instead of the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A form to write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Double entry for Beancount 3
    Beancount,
    /// Double entry for hledger, which Ledger reads as well
    Hledger,
    /// Double entry as comma-separated values, a row for each posting
    Csv,
    /// Double entry as one JSON object
    Json,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let (as_of, known_at) = (self.as_of.as_deref(), self.known_at.as_deref());
        let moments = question.moments(&reader, as_of, known_at)?;
        let about = self.subject.as_deref();
        let about = about.map(|about| question.entry(&reader, about, Needed::AnyOf(KINDS)));
        let journal = answer::journal(&reader, about.transpose()?, moments)?;
        let format = match self.format {
            Format::Beancount => journal::Format::Beancount,
            Format::Hledger => journal::Format::Hledger,
            Format::Csv => journal::Format::Csv,
            Format::Json => journal::Format::Json,
        };
        let written = journal.write(format);
        if let Some(path) = &self.output {
            write_new(path, written.as_bytes())?;
        }
        let counts = (journal.transactions().len(), journal.balances().len());
        Ok(Books { format: self.format, moments, counts, written, path: self.output }.into())
    }
}

/// What was written.
struct Books {
    format: Format,
    moments: Moments,
    /// Transactions and assertions.
    counts: (usize, usize),
    written: String,
    path: Option<PathBuf>,
}

impl Output for Books {
    fn json(&self) -> Value {
        let format = self.format.to_possible_value();
        let mut object = json!({
            "format": format.as_ref().map(|format| format.get_name()),
            "as_of": self.moments.as_of.to_string(),
            "known_at": self.moments.known_at.to_string(),
            "transactions": self.counts.0,
            "balances": self.counts.1,
        });
        match &self.path {
            Some(path) => object["path"] = path.to_string_lossy().into(),
            None => object["text"] = self.written.as_str().into(),
        }
        object
    }

    fn text(&self, text: &mut Text) {
        let Some(path) = &self.path else {
            text.exact(self.written.as_bytes());
            return;
        };
        text.heading(format!("Books as of {}", day_or_moment(self.moments.as_of)));
        text.field("file", path.display());
        text.field("transactions", self.counts.0);
        text.field("balances", self.counts.1);
    }
}
