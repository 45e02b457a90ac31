//! `owed`: what is earned, due, paid and owed.

use super::question::{Question, object};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::answer::{Needed, Owed, OwedLine, day_or_moment, owed};
use crate::record::Kind;
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook owed --as-of 2026-06-30 --explain\n  deedbook owed spring.png";

/// What something can be owed about.
const KINDS: &[Kind] = &[Kind::Party, Kind::Contract, Kind::Work];

/// Show what is earned, due, paid and owed
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only this work, contract or party
    #[arg(value_name = "REF")]
    subject: Option<OsString>,
    /// As things stood on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// Show how each figure follows from clauses and entries
    #[arg(long)]
    explain: bool,
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
        let owed = owed(&reader, about.transpose()?, moments)?;
        let explain = self.explain;
        Ok(Answer { owed, explain }.into())
    }
}

/// What is owed.
struct Answer {
    owed: Owed,
    explain: bool,
}

impl Output for Answer {
    fn json(&self) -> Value {
        let mut answer = object(&self.owed);
        let lines = answer.get_mut("lines").and_then(Value::as_array_mut);
        if let (Some(lines), false) = (lines, self.explain) {
            for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                line.remove("derivation");
            }
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        let (as_of, known_at) = (self.owed.as_of, self.owed.known_at);
        text.heading(format!("Owed as of {}", day_or_moment(as_of)));
        if known_at < as_of {
            let known_at = day_or_moment(known_at);
            text.remark(format!("From what the ledger knew on {known_at}"));
        }
        if self.owed.lines.is_empty() {
            text.line("Nothing: no contract that was known then says otherwise.");
            return;
        }
        let mut table = Table::new([
            ("contract", Align::Left),
            ("terms", Align::Left),
            ("work", Align::Left),
            ("payer", Align::Left),
            ("payee", Align::Left),
            ("", Align::Left),
            ("earned", Align::Right),
            ("due", Align::Right),
            ("paid", Align::Right),
            ("owed", Align::Right),
            ("next due", Align::Left),
        ]);
        for line in &self.owed.lines {
            table.row(cells(line));
        }
        text.table(table);
        if self.explain {
            for line in &self.owed.lines {
                explain(line, text);
            }
        } else {
            text.remark("How each figure follows from clauses and entries: `--explain`");
        }
    }
}

fn cells(line: &OwedLine) -> Vec<String> {
    let work = match (&line.title, line.work_entry) {
        (Some(title), Some(entry)) => Some(format!("{title} ({entry})")),
        (None, _) | (_, None) => None,
    };
    let next = line.next_due.as_ref().map(|next| {
        let (amount, at) = (next.amount.to_decimal(), day_or_moment(next.at));
        format!("{amount} on {at}")
    });
    vec![
        line.contract_entry.to_string(),
        line.terms.clone(),
        work.unwrap_or_default(),
        line.payer.to_string(),
        line.payee.to_string(),
        line.currency.to_string(),
        line.earned.to_decimal(),
        line.due.to_decimal(),
        line.paid.to_decimal(),
        line.owed.to_decimal(),
        next.unwrap_or_default(),
    ]
}

fn explain(line: &OwedLine, text: &mut Text) {
    text.blank();
    let (contract, terms) = (line.contract_entry, &line.terms);
    let work = line.work_entry.map_or_else(String::new, |work| format!(", work {work}"));
    text.heading(format!("Contract {contract}, terms {terms}{work}"));
    for branch in line.derivation.to_text_tree() {
        text.line(branch);
    }
}
