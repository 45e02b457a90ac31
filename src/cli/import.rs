//! `import`: lines of account from a sales report.

use super::recorder::{Recorder, WORK_OR_CONTRACT, write_statements};
use super::signing::{SigningArguments, StatementArguments};
use super::table::{Align, Table};
use super::{CliError, Output, Session, Text};
use crate::admission::AccountLineFacts;
use crate::intake::{MAX_MAPPING_BYTES, Mapping, SalesReport};
use crate::ledger::answer::Needed;
use crate::ledger::{ImportError, Imported, MAX_SHOWN};
use crate::money::{Amount, MoneyError};
use crate::record::EntryNumber;
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:
  deedbook import sales.csv --mapping platform.toml --contract '#12' --as wen --dry-run
  deedbook import sales.csv --mapping platform.toml --contract '#12' --as wen
  deedbook import march.csv april.csv --mapping all-contracts.toml --as wen --out sales.statement";

/// Report the lines of sales reports, under profit-share contracts or of works that are under none
///
/// All lines of all reports are recorded or none. Lines that are recorded already are left out, by
/// their reference, so that a report can be imported again, or one that overlaps it. The mapping says
/// what the columns are, and may say that one names the contract; where nothing does, the work of each line
/// says whose account it belongs to: that of its contract or, under a fee or no contract, its own. See
/// schema/sales-report-v1.md.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The reports: CSV in UTF-8, UTF-16 or the encoding that the mapping names
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,
    /// What their columns are, in TOML
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// The contract under which the lines are owed, or a work under none whose own account they are of,
    /// where neither mapping nor lines say it; repeated, one for each report
    #[arg(long = "contract", value_name = "CONTRACT")]
    contracts: Vec<OsString>,
    /// Show what would be recorded, and record nothing
    #[arg(long)]
    dry_run: bool,
    /// The party that owes the accounts
    #[arg(long = "as", value_name = "HANDLE", help_heading = "Signing")]
    party: String,
    /// An OpenSSH private key to sign with [default: the party's key among `deedbook key list`]
    #[arg(long, value_name = "FILE", help_heading = "Signing")]
    key: Option<PathBuf>,
    /// Sign only, against a copy of the ledger: write the statements to this file and, if there are
    /// more than one, to others with .2, .3 after its name, and submit nothing
    #[arg(long, value_name = "FILE", help_heading = "Signing", conflicts_with = "dry_run")]
    out: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let text = super::terms_publish::read_text(&self.mapping, MAX_MAPPING_BYTES)?;
        let mapping = Mapping::parse(&text).map_err(|error| {
            let path = self.mapping.clone();
            CliError::Mapping { path, error: Box::new(error) }
        })?;
        self.check_contracts(&mapping)?;
        let statement =
            StatementArguments { key: self.key.clone(), out: self.out.clone(), on: None };
        let signing = SigningArguments { party: self.party.clone(), statement };
        let mut recorder = Recorder::open(session, &signing)?;
        let contracts = self.contracts(&recorder)?;
        let open = |path: &PathBuf| SalesReport::open(path, &mapping);
        let reports = contracts.into_iter().zip(self.reports.iter().map(open));
        let failed = |error| failed(&self.reports, error);
        let progress = session.printer().progress("lines", None);
        let (imported, signed) = match &self.out {
            None => (recorder.import(reports, self.dry_run).map_err(failed)?, Vec::new()),
            Some(out) => {
                let mut copy = session.rehearse()?;
                let (imported, statements) =
                    recorder.sign_import(&mut copy, reports).map_err(failed)?;
                (imported, write_statements(out, &statements)?)
            }
        };
        drop(progress);
        let of = |account: &EntryNumber| recorder.id_of(*account).map(|id| id.to_string());
        let contracts = imported.contracts.iter().map(of).collect::<Result<_, _>>()?;
        let works = imported.works.iter().map(of).collect::<Result<_, _>>()?;
        let fate = match self.out {
            Some(_) => Fate::Signed(signed),
            None if self.dry_run => Fate::TakenBack,
            None => Fate::Recorded,
        };
        Ok(Answer { imported, contracts, works, fate }.into())
    }

    /// One contract for all reports or one for each, unless the mapping says them.
    fn check_contracts(&self, mapping: &Mapping) -> Result<(), CliError> {
        let (found, reports) = (self.contracts.len(), self.reports.len());
        let needed = match (mapping.names_contracts(), found) {
            (true, 0) | (false, 1) => return Ok(()),
            (false, 0) if mapping.names_works() => return Ok(()),
            (true, _) => "none, since the mapping says the contract".to_owned(),
            (false, _) if found == reports => return Ok(()),
            (false, _) if reports == 1 => "one".to_owned(),
            (false, _) => format!("one, or one for each of the {reports} reports"),
        };
        Err(CliError::Contracts { found, needed })
    }

    /// The contract of each report; none where its lines say it.
    fn contracts(&self, recorder: &Recorder<'_>) -> Result<Vec<Option<EntryNumber>>, CliError> {
        let needed = Needed::AnyOf(WORK_OR_CONTRACT);
        let found = self.contracts.iter().map(|typed| recorder.resolve(typed, needed));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let place = |report| found.get(report).or(found.first()).copied();
        Ok((0..self.reports.len()).map(place).collect())
    }
}

/// The error with the report that it is about.
fn failed(paths: &[PathBuf], error: ImportError) -> CliError {
    let report = match &error {
        ImportError::Ledger(_) => 0,
        ImportError::Report { report, .. } | ImportError::Lines { report, .. } => *report,
        ImportError::TooManyToSign { .. } => 1,
    };
    match (error, report.checked_sub(1).and_then(|place| paths.get(place))) {
        (ImportError::Ledger(error), _) => error.into(),
        (error, path) => {
            let path = path.cloned().unwrap_or_default();
            CliError::Import { path, error: Box::new(error) }
        }
    }
}

/// What became of the statements.
enum Fate {
    Recorded,
    TakenBack,
    /// Written to these files.
    Signed(Vec<PathBuf>),
}

struct Answer {
    imported: Imported,
    /// Their identifiers, in the order of those in `imported`.
    contracts: Vec<String>,
    /// Of works with accounts of their own, likewise.
    works: Vec<String>,
    fate: Fate,
}

fn amount(line: &AccountLineFacts) -> Result<Amount, MoneyError> {
    Amount::new(i128::from(line.minor), line.currency)
}

fn decimal(line: &AccountLineFacts) -> String {
    amount(line).map_or_else(|_| line.minor.to_string(), |amount| amount.to_decimal())
}

/// The contract of a line; none where it is of the account of its work.
fn contract(line: &AccountLineFacts) -> Option<EntryNumber> {
    (line.work != Some(line.contract)).then_some(line.contract)
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
        match (new_lines, &self.fate) {
            (0, Fate::Signed(_)) => format!("nothing is new, and nothing was signed{known}"),
            (0, _) => format!("nothing is new, and nothing was added{known}"),
            (new, Fate::TakenBack) => {
                format!("{} in {statements} would be recorded{known}", lines(new))
            }
            (new, Fate::Recorded) => format!("recorded {} in {statements}{known}", lines(new)),
            (new, Fate::Signed(_)) => format!(
                "signed {} in {statements}, and submitted to no ledger yet: `deedbook submit` does \
                that{known}",
                lines(new)
            ),
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
            ("contract", Align::Left),
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
                contract(line).map_or(String::new(), |contract| contract.to_string()),
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
            .filter(|_| matches!(self.fate, Fate::Recorded))
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
                    "contract_entry": contract(line).map(EntryNumber::get),
                    "work_entry": line.work.map(|work| work.get()),
                    "units": line.units,
                    "territory": line.territory.map(|country| country.as_str()),
                    "effective_at": line.effective_at.to_string(),
                })
            })
            .collect();
        let only = match (self.contracts.as_slice(), self.works.as_slice()) {
            ([only], []) => Some(only),
            _ => None,
        };
        let mut answer = json!({
            "contract": only,
            "contracts": self.contracts,
            "works": self.works,
            "dry_run": matches!(self.fate, Fate::TakenBack),
            "new_lines": imported.new_lines,
            "known_lines": imported.known_lines,
            "statements": imported.statements.len(),
            "entries": entries,
            "totals": totals,
            "first_lines": shown,
        });
        if let Fate::Signed(paths) = &self.fate {
            let signed = imported.statements.iter().zip(paths).map(|(recorded, path)| {
                json!({ "id": recorded.id.to_string(), "out": path.to_string_lossy() })
            });
            answer["signed"] = signed.collect();
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        text.heading(self.sentence());
        let imported = &self.imported;
        if matches!(self.fate, Fate::TakenBack) && !imported.shown.is_empty() {
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
        if let Fate::Signed(paths) = &self.fate {
            for path in paths {
                text.field("statement", path.display());
            }
        }
        if matches!(self.fate, Fate::Recorded)
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
