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

const EXAMPLE: &str = "Example:\n  deedbook export --format beancount -o books.beancount\n  deedbook export northlight --format hledger --as-of 2026-06-30\n  deedbook export northlight/fee@1 --format odrl";

/// Whose books can be asked for.
const KINDS: &[Kind] = &[Kind::Party, Kind::Contract];

/// What can be said in ODRL.
const POLICIES: &[Kind] = &[Kind::Terms, Kind::Contract];

/// Write books for accounting programs, or terms and contracts in ODRL
///
/// Double entry: every line of account and every confirmed payment with its entry and reference,
/// what fell due on its day, and the assertion of what every payable comes to, which is minus what
/// `deedbook owed` answers for the same moments. With `--format odrl` terms as an Offer and a contract
/// as an Agreement in the Open Digital Rights Language (ODRL 2.2, JSON-LD).
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only this party's contracts, or this contract; for `odrl` the terms, or the contract
    #[arg(value_name = "REF", required_if_eq("format", "odrl"))]
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
    /// Terms or a contract as a policy of ODRL 2.2, in JSON-LD
    Odrl,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let (as_of, known_at) = (self.as_of.as_deref(), self.known_at.as_deref());
        let moments = question.moments(&reader, as_of, known_at)?;
        let about = |kinds| {
            let about = self.subject.as_deref();
            about.map(|about| question.entry(&reader, about, Needed::AnyOf(kinds))).transpose()
        };
        let form = match self.format {
            Format::Beancount => Some(journal::Format::Beancount),
            Format::Hledger => Some(journal::Format::Hledger),
            Format::Csv => Some(journal::Format::Csv),
            Format::Json => Some(journal::Format::Json),
            Format::Odrl => None,
        };
        let (written, counts) = match (form, about(if form.is_some() { KINDS } else { POLICIES })?)
        {
            (Some(form), about) => {
                let journal = answer::journal(&reader, about, moments)?;
                let counts = (journal.transactions().len(), journal.balances().len());
                (journal.write(form), Some(counts))
            }
            (None, Some(about)) => (policy(&answer::odrl(&reader, about, moments)?), None),
            // The definition of the arguments asks for it.
            (None, None) => {
                let needed = "with terms or a contract before it";
                return Err(CliError::Value { found: "--format odrl".into(), needed });
            }
        };
        if let Some(path) = &self.output {
            write_new(path, written.as_bytes())?;
        }
        Ok(Exported { format: self.format, moments, counts, written, path: self.output }.into())
    }
}

/// A policy as a file that people can read too.
fn policy(policy: &Value) -> String {
    // A value of texts, numbers and lists is written whatever it says.
    let mut text = serde_json::to_string_pretty(policy).unwrap_or_default();
    text.push('\n');
    text
}

/// What was written.
struct Exported {
    format: Format,
    moments: Moments,
    /// Transactions and assertions, of books.
    counts: Option<(usize, usize)>,
    written: String,
    path: Option<PathBuf>,
}

impl Output for Exported {
    fn json(&self) -> Value {
        let format = self.format.to_possible_value();
        let mut object = json!({
            "format": format.as_ref().map(|format| format.get_name()),
            "as_of": self.moments.as_of.to_string(),
            "known_at": self.moments.known_at.to_string(),
        });
        if let Some((transactions, balances)) = self.counts {
            object["transactions"] = transactions.into();
            object["balances"] = balances.into();
        }
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
        text.heading(format!("Exported as of {}", day_or_moment(self.moments.as_of)));
        text.field("file", path.display());
        if let Some((transactions, balances)) = self.counts {
            text.field("transactions", transactions);
            text.field("balances", balances);
        }
    }
}
