//! `import`: lines of account from a sales report.

use super::recorder::Recorder;
use super::signing::{SigningArguments, StatementArguments};
use super::table::{Align, Table};
use super::{CliError, Output, Session, Text};
use crate::admission::AccountLineFacts;
use crate::intake::{MAX_MAPPING_BYTES, Mapping, SalesReport};
use crate::ledger::answer::Needed;
use crate::ledger::{ImportError, Imported, MAX_SHOWN};
use crate::money::{Amount, MoneyError};
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Example:
  deedbook import sales.csv --mapping platform.toml --contract '#12' --as wen --dry-run
  deedbook import sales.csv --mapping platform.toml --contract '#12' --as wen";

/// Report the lines of a sales report under a profit-share contract
///
/// All lines are recorded or none. Lines that are recorded already are left out, by their reference,
/// so that a report can be imported again, or one that overlaps it. The mapping says what the columns
/// are; see schema/sales-report-v1.md.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The report: CSV in UTF-8, UTF-16 or the encoding that the mapping names
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// What its columns are, in TOML
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// The contract under which the lines are owed
    #[arg(long, value_name = "CONTRACT")]
    contract: OsString,
    /// Show what would be recorded, and record nothing
    #[arg(long)]
    dry_run: bool,
    /// The party that owes the accounts
    #[arg(long = "as", value_name = "HANDLE", help_heading = "Signing")]
    party: String,
    /// An OpenSSH private key to sign with [default: the party's key among `deedbook key list`]
    #[arg(long, value_name = "FILE", help_heading = "Signing")]
    key: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let text = super::terms_publish::read_text(&self.mapping, MAX_MAPPING_BYTES)?;
        let mapping = Mapping::parse(&text).map_err(|error| {
            let path = self.mapping.clone();
            CliError::Mapping { path, error: Box::new(error) }
        })?;
        let failed = |error| failed(&self.report, error);
        let mut report = SalesReport::open(&self.report, &mapping)
            .map_err(|error| failed(ImportError::Report(error)))?;
        let statement = StatementArguments { key: self.key, out: None, on: None };
        let mut recorder =
            Recorder::open(session, &SigningArguments { party: self.party, statement })?;
        let contract = recorder.resolve(&self.contract, Needed::Contract)?;
        let progress = session.printer().progress("lines", None);
        let imported = recorder.import(&mut report, contract, self.dry_run).map_err(failed)?;
        drop(progress);
        let contract = recorder.id_of(contract)?.to_string();
        Ok(Answer { imported, contract, dry_run: self.dry_run }.into())
    }
}

fn failed(path: &Path, error: ImportError) -> CliError {
    match error {
        ImportError::Ledger(error) => error.into(),
        ImportError::Report(_) | ImportError::Lines { .. } => {
            CliError::Import { path: path.to_owned(), error: Box::new(error) }
        }
    }
}

struct Answer {
    imported: Imported,
    contract: String,
    dry_run: bool,
}

fn amount(line: &AccountLineFacts) -> Result<Amount, MoneyError> {
    Amount::new(i128::from(line.minor), line.currency)
}

fn decimal(line: &AccountLineFacts) -> String {
    amount(line).map_or_else(|_| line.minor.to_string(), |amount| amount.to_decimal())
}

impl Answer {
    fn sentence(&self) -> String {
        let Imported { new_lines, known_lines, statements, .. } = &self.imported;
        let lines =
            |count: &u64| if *count == 1 { "1 line".into() } else { format!("{count} lines") };
        let known = match known_lines {
            0 => String::new(),
            known => format!("; {} recorded before", lines(known)),
        };
        let count = statements.len();
        let statements =
            if count == 1 { "1 statement".into() } else { format!("{count} statements") };
        match (new_lines, self.dry_run) {
            (0, _) => format!("nothing is new, and nothing was added{known}"),
            (new, true) => format!("{} in {statements} would be recorded{known}", lines(new)),
            (new, false) => format!("recorded {} in {statements}{known}", lines(new)),
        }
    }

    fn line_table(&self) -> Table {
        let mut table = Table::new([
            ("day", Align::Left),
            ("kind", Align::Left),
            ("category", Align::Left),
            ("amount", Align::Right),
            ("units", Align::Right),
            ("in", Align::Left),
            ("work", Align::Left),
            ("reference", Align::Left),
        ]);
        for line in &self.imported.shown {
            table.row([
                crate::ledger::answer::day_or_moment(line.effective_at),
                line.kind.to_string(),
                line.category.to_string(),
                amount(line).map_or_else(|_| line.minor.to_string(), |amount| amount.to_string()),
                line.units.map_or(String::new(), |units| units.to_string()),
                line.territory.map_or(String::new(), |country| country.to_string()),
                line.work.map_or(String::new(), |work| work.to_string()),
                line.reference.to_string(),
            ]);
        }
        table
    }
}

impl Output for Answer {
    fn json(&self) -> Value {
        let imported = &self.imported;
        let entries: Vec<Value> = imported
            .statements
            .iter()
            .filter(|_| !self.dry_run)
            .map(|recorded| json!({ "entry": recorded.entry.get(), "id": recorded.id.to_string() }))
            .collect();
        let totals: Vec<Value> = imported
            .totals
            .iter()
            .map(|total| {
                json!({
                    "kind": total.kind.name(),
                    "category": total.category.as_str(),
                    "currency": total.amount.currency().code(),
                    "amount": total.amount.to_decimal(),
                    "units": total.units,
                    "lines": total.lines,
                })
            })
            .collect();
        let shown: Vec<Value> = imported
            .shown
            .iter()
            .map(|line| {
                json!({
                    "kind": line.kind.name(),
                    "category": line.category.as_str(),
                    "amount": decimal(line),
                    "currency": line.currency.code(),
                    "reference": line.reference.as_str(),
                    "work_entry": line.work.map(|work| work.get()),
                    "units": line.units,
                    "territory": line.territory.map(|country| country.as_str()),
                    "effective_at": line.effective_at.to_string(),
                })
            })
            .collect();
        json!({
            "contract": self.contract,
            "dry_run": self.dry_run,
            "new_lines": imported.new_lines,
            "known_lines": imported.known_lines,
            "statements": imported.statements.len(),
            "entries": entries,
            "totals": totals,
            "first_lines": shown,
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading(self.sentence());
        let imported = &self.imported;
        if self.dry_run && !imported.shown.is_empty() {
            text.table(self.line_table());
            if imported.new_lines > MAX_SHOWN as u64 {
                text.remark(format!("and {} more", imported.new_lines - MAX_SHOWN as u64));
            }
            text.blank();
        }
        if !imported.totals.is_empty() {
            let mut table = Table::new([
                ("kind", Align::Left),
                ("category", Align::Left),
                ("lines", Align::Right),
                ("units", Align::Right),
                ("total", Align::Right),
            ]);
            for total in &imported.totals {
                table.row([
                    total.kind.to_string(),
                    total.category.to_string(),
                    total.lines.to_string(),
                    total.units.to_string(),
                    total.amount.to_string(),
                ]);
            }
            text.table(table);
        }
        if !self.dry_run
            && let (Some(first), Some(last)) =
                (imported.statements.first(), imported.statements.last())
        {
            let entries = if first.entry == last.entry {
                first.entry.to_string()
            } else {
                format!("{} to {}", first.entry, last.entry)
            };
            text.field("entries", entries);
        }
    }
}
