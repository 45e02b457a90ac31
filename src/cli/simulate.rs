//! `simulate`: tries terms on events, without a ledger.

use super::simulation::{Simulation, Tried};
use super::terms_publish::read_text;
use super::{CliError, Output, Session};
use crate::intake::{EventSheet, EventSheetError};
use crate::record::Timestamp;
use crate::royalty::{self, Facts, FeeObligation};
use crate::terms::{self, MAX_TOML_SIZE_BYTES};
use clap::Args;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Example:\n  deedbook simulate share.toml --events events.csv --as-of 2026-12-31 --explain\n  deedbook simulate share.toml tiers.toml --events events.csv";

/// Try terms on events, without a ledger
///
/// Computes what a form would have earned from the events of a file, as `owed` computes it from a
/// ledger; of two forms also the difference, figure by figure. Nothing is recorded, and no ledger is
/// needed.
///
/// The events are CSV under the heading
/// date,kind,category,amount,currency,units,territory,work,reference.
/// In the derivation #7 is line 7 of that file, and #0 is the contract.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The form, in TOML
    #[arg(value_name = "TERMS")]
    terms: PathBuf,
    /// Another form to compare it with
    #[arg(value_name = "OTHER")]
    other: Option<PathBuf>,
    /// What happens, in CSV
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// As things stand on this day [default: the day of the last event]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The day of the contract [default: the day of the first event]
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    /// Show how each figure follows from clauses and lines
    #[arg(long)]
    explain: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let start = self.start.as_deref().map(Timestamp::parse_start).transpose()?;
        let as_of = self.as_of.as_deref().map(Timestamp::parse_end).transpose()?;
        let refused =
            |error| CliError::Events { path: self.events.clone(), error: Box::new(error) };
        let sheet = EventSheet::open(&self.events).map_err(refused)?;
        let (first, last) = sheet.days.ok_or_else(|| refused(EventSheetError::NoEvents))?;
        let start = start.unwrap_or(first);
        let as_of = match as_of {
            Some(as_of) => as_of,
            None => Timestamp::parse_end(&last.date().to_string())?,
        };
        let forms = [Some(&self.terms), self.other.as_ref()];
        let tried = forms.into_iter().flatten().map(|path| tried(path, &sheet, start, as_of));
        let tried = tried.collect::<Result<Vec<_>, _>>()?;
        let works = sheet.works.into_iter().map(|work| (work.entry, work.label)).collect();
        Ok(Simulation { start, as_of, works, tried, explain: self.explain }.into())
    }
}

/// What one form yields.
fn tried(
    path: &Path,
    sheet: &EventSheet,
    start: Timestamp,
    as_of: Timestamp,
) -> Result<Tried, CliError> {
    let toml = read_text(path, MAX_TOML_SIZE_BYTES as u64)?;
    let draft = terms::parse(&toml, start)
        .map_err(|error| CliError::Terms { path: path.to_owned(), error: Box::new(error) })?;
    let facts = Facts {
        territory: Some(draft.scope.territory),
        advances: &sheet.advances,
        opening: sheet.opening.as_ref(),
        rates: &sheet.rates,
        ..Facts::of(start, &sheet.categories, &sheet.events, &sheet.receipts)
    };
    let works: Vec<FeeObligation> = sheet
        .works
        .iter()
        .map(|work| FeeObligation { entry: work.entry, work: Some(work.entry), from: work.from })
        .collect();
    let account = royalty::trial(&draft.form, &facts, &works, as_of)
        .map_err(|error| CliError::Trial { path: path.to_owned(), error: Box::new(error) })?;
    Ok(Tried { path: path.to_owned(), draft, account })
}
