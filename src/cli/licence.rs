//! `licence`: a holder lets others make works out of a work.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::money::Rate;
use crate::record::{Licence, Note, Passing, Scope, Timestamp};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook licence spring.png --rate 5% --passing every-ancestor --as wen\n  deedbook licence spring.png --rate 10% --passing direct-parents --to bo --until 2030-01-01 --as wen";

/// Let others make works out of a work, for a share of what these earn
///
/// The licence is not exclusive, and is given by whoever holds the rights; each co-holder may give it, and
/// all of them get their part of what it brings. `register --derived-from WORK:LICENCE` makes use of it.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// What is owed of each payment, such as 5% or 1/20
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    rate: String,
    /// Of which payments: of those for every work derived from it, however far, or of what the works
    /// made from it directly receive
    #[arg(long, value_name = "RULE", value_parser = PossibleValuesParser::new(PASSINGS))]
    passing: String,
    /// Who may use it [default: anybody]
    #[arg(long, value_name = "HANDLE")]
    to: Option<String>,
    /// Kinds of right, separated by commas, or all
    #[arg(long, value_name = "LIST", default_value = "adaptation")]
    rights: String,
    /// Country codes, separated by commas, or worldwide
    #[arg(long, value_name = "LIST", default_value = "worldwide")]
    territory: String,
    /// When it ends; works made before stay licensed [default: never]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Date and manner of payment
    #[arg(long, value_name = "TEXT")]
    payment_terms: Option<String>,
    /// Liability for breach
    #[arg(long, value_name = "TEXT")]
    breach: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

const PASSINGS: [&str; 2] = [Passing::EveryAncestor.name(), Passing::DirectParents.name()];

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let rate: Rate = self.rate.parse()?;
        let passing = Passing::ALL.iter().find(|passing| passing.name() == self.passing);
        let passing = *passing.ok_or_else(|| CliError::Value {
            found: self.passing.clone().into(),
            needed: "every-ancestor or direct-parents",
        })?;
        let scope = Scope { rights: self.rights.parse()?, territory: self.territory.parse()? };
        let until = self.until.as_deref().map(Timestamp::parse_start).transpose()?;
        let breach = self.breach.map(Note::new).transpose()?;
        let payment_terms = self.payment_terms.map(Note::new).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let work = recorder.disposed(&self.work)?;
        let to = self.to.as_deref().map(|party| recorder.other_party(party)).transpose()?;
        let (licensee, to) = to.unzip();
        let effective_at = recorder.effective_at();
        let record = Licence {
            rate,
            work,
            scope,
            until,
            breach,
            passing,
            licensee,
            effective_at,
            payment_terms,
        };
        let registered = recorder.record(record, Vec::new())?;
        let id = registered.id.to_string();
        let whom = to.as_deref().unwrap_or("anybody");
        let sentence = format!("`{}` licenses `{whom}` for {rate}", recorder.handle());
        let ends = until.map_or("for the term of protection".to_owned(), |at| at.to_string());
        Ok(Entered::new(registered, sentence)
            .named("licence", id)
            .named("work", work.to_string())
            .named("rate", rate.to_string())
            .named("passing", passing.name())
            .named("to", to)
            .named("effective_at", effective_at.to_string())
            .field("work", work)
            .field("rights", scope)
            .field("of", passing.name())
            .field("from", effective_at)
            .field("until", ends)
            .into())
    }
}
