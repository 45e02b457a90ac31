//! `statement`: the account of one period under a contract, as text, CSV, HTML or JSON.

use super::question::{Question, object};
use super::recorder::{WORK_OR_CONTRACT, write_new};
use super::statement_close::{Step, span};
use super::{CliError, Output, Session, Text, statement_csv, statement_html, statement_text};
use crate::ledger::answer::{Needed, StatementOfAccount, accounted, statement};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:
  deedbook statement northlight/share@1 --period 2026-Q1
  deedbook statement '#7' --period 2026-Q1 --format html -o 2026-Q1.html
  deedbook statement close '#7' --period 2026-Q1 --as wen";

/// Print the statement of account of one period under a contract
///
/// What was owed before, what the period earned and how, what was paid, and what is owed after it. Of a
/// period that is not over the figures are those so far.
#[derive(Debug, Args)]
#[command(
    after_long_help = EXAMPLE,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    step: Option<Step>,
    /// The contract, or the terms that were accepted, or a work under the contract
    #[arg(value_name = "CONTRACT", required = true)]
    contract: Option<OsString>,
    /// The period, as the terms settle: 2026-03, 2026-Q1, 2026-H1 or 2026
    #[arg(long, value_name = "PERIOD", required = true)]
    period: Option<String>,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Write it to this file, which must not be there yet
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a statement is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal or a letter
    Text,
    /// For spreadsheets: a row for each figure
    Csv,
    /// One page that needs nothing else, to read or to print
    Html,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        if let Some(step) = self.step {
            return step.run(session);
        }
        let span = span(&self.period.unwrap_or_default())?;
        let contract = self.contract.unwrap_or_default();
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let (as_of, known_at) = (self.as_of.as_deref(), self.known_at.as_deref());
        let moments = question.moments(&reader, as_of, known_at)?;
        let about = question.entry(&reader, &contract, Needed::AnyOf(WORK_OR_CONTRACT))?;
        let contract = accounted(&reader, about)?;
        let statement = statement(&reader, contract, span, moments)?;
        let answer = Answer { statement, format: self.format };
        match self.output {
            None => Ok(answer.into()),
            Some(path) => {
                if path.exists() {
                    return Err(CliError::FileExists { path });
                }
                write_new(&path, &answer.bytes())?;
                Ok(Written { path, statement: answer.statement }.into())
            }
        }
    }
}

/// A statement.
struct Answer {
    statement: StatementOfAccount,
    format: Format,
}

impl Answer {
    fn bytes(&self) -> Vec<u8> {
        let mut text = Text::default();
        self.text(&mut text);
        text.spans(false).into_iter().flat_map(|span| span.bytes).collect()
    }
}

impl Output for Answer {
    fn json(&self) -> Value {
        object(&self.statement)
    }

    fn text(&self, text: &mut Text) {
        match self.format {
            Format::Text => statement_text::write(&self.statement, text),
            Format::Csv => text.exact(statement_csv::write(&self.statement).as_bytes()),
            Format::Html => text.exact(statement_html::write(&self.statement).as_bytes()),
        }
    }
}

/// A statement in a file.
struct Written {
    path: PathBuf,
    statement: StatementOfAccount,
}

impl Output for Written {
    fn json(&self) -> Value {
        let mut answer = object(&self.statement);
        answer["out"] = json!(self.path.to_string_lossy());
        answer
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("the statement of {} is written", self.statement.period));
        text.field("file", self.path.display());
    }
}
