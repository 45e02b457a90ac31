//! `submit`: admits statements that were signed elsewhere.

use super::terms_publish::{MAX_TEXT_SIZE_BYTES, read_text};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::intake::read_short_file;
use crate::ledger::{LedgerError, Recorded, Submission};
use crate::record::{Kind, MAX_ENTRY_SIZE_BYTES};
use clap::Args;
use serde_json::{Value, json};
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
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let read = |path: &PathBuf| read_short_file(path, MAX_ENTRY_SIZE_BYTES as u64);
        let statements = self.files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let text = |path: &PathBuf| read_text(path, MAX_TEXT_SIZE_BYTES);
        let documents = self.texts.iter().map(text).collect::<Result<Vec<_>, _>>()?;
        let mut ledger = session.append()?;
        let submission = Submission { statements, documents };
        let recorded = ledger.submit(submission);
        let recorded = recorded.map_err(|error| named(&self.files, error))?;
        let reader = ledger.read()?;
        let mut lines = Vec::new();
        for recorded in recorded {
            let kind = reader.statement(recorded.entry)?.record().kind();
            lines.push((recorded, kind));
        }
        Ok(Submitted(lines).into())
    }
}

/// The error with the file that it is about.
fn named(files: &[PathBuf], error: LedgerError) -> CliError {
    let (LedgerError::Refused { position, .. } | LedgerError::Record { position, .. }) = &error
    else {
        return error.into();
    };
    match files.get(*position) {
        Some(path) => CliError::Statement { path: path.clone(), error: Box::new(error) },
        None => error.into(),
    }
}

/// Statements that were submitted together.
struct Submitted(Vec<(Recorded, Kind)>);

impl Output for Submitted {
    fn json(&self) -> Value {
        let line = |(recorded, kind): &(Recorded, Kind)| {
            json!({
                "entry": recorded.entry.get(),
                "id": recorded.id.to_string(),
                "kind": kind.name(),
                "registered_at": recorded.registered_at.to_string(),
                "new": recorded.is_new,
            })
        };
        let mut object = json!({ "recorded": self.0.iter().map(line).collect::<Vec<_>>() });
        if let [(only, _)] = self.0.as_slice() {
            object["entry"] = json!(only.entry.get());
            object["id"] = json!(only.id.to_string());
        }
        object
    }

    fn text(&self, text: &mut Text) {
        let columns = [
            ("entry", Align::Right),
            ("kind", Align::Left),
            ("id", Align::Left),
            ("", Align::Left),
        ];
        let mut table = Table::new(columns);
        for (recorded, kind) in &self.0 {
            let known = if recorded.is_new { "" } else { "recorded before" };
            table.row([
                recorded.entry.to_string(),
                kind.name().to_owned(),
                recorded.id.to_string(),
                known.to_owned(),
            ]);
        }
        text.table(table);
    }
}
