//! `assign`: a holder transfers a share of its rights.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::money::{Amount, Share};
use crate::record::{Assignment, Note, Scope, Timestamp};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook assign spring.png --to gallery --share 1/2 --as wen --price \"100.00 CNY\"\n  deedbook assign spring.png --to gallery --share 1 --as wen --rights exhibition,reproduction --territory CN --until 2030-01-01";

/// Assign a share of the rights in a work
///
/// Transfers such rights as the assignor holds, and quits every further claim to them. Rights that are
/// not named are not granted.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// Who receives
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// The share of the whole that passes, such as 1/2 or 1
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true)]
    share: String,
    /// Kinds of right, separated by commas, or all
    #[arg(long, value_name = "LIST", default_value = "all")]
    rights: String,
    /// Country codes, separated by commas, or worldwide
    #[arg(long, value_name = "LIST", default_value = "worldwide")]
    territory: String,
    /// When the rights fall back [default: never]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The price, such as "100.00 CNY"
    #[arg(long, value_name = "AMOUNT")]
    price: Option<String>,
    /// Date and manner of payment
    #[arg(long, value_name = "TEXT")]
    payment_terms: Option<String>,
    /// Liability for breach
    #[arg(long, value_name = "TEXT")]
    breach: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let share: Share = self.share.parse()?;
        let scope = Scope { rights: self.rights.parse()?, territory: self.territory.parse()? };
        let until = self.until.as_deref().map(Timestamp::parse_start);
        let price = self.price.as_deref().map(|typed| {
            let price = Amount::parse_with_currency(typed)?;
            super::pay::storable(typed, price)
        });
        let (until, price) = (until.transpose()?, price.transpose()?);
        let breach = self.breach.map(Note::new).transpose()?;
        let payment_terms = self.payment_terms.map(Note::new).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let work = recorder.disposed(&self.work)?;
        let (assignee, to) = recorder.other_party(&self.to)?;
        let record = Assignment {
            work,
            price,
            scope,
            share,
            until,
            breach,
            assignee,
            effective_at: recorder.effective_at(),
            payment_terms,
        };
        let effective_at = record.effective_at;
        let registered = recorder.record(record, Vec::new())?;
        let id = registered.id.to_string();
        let sentence = format!("`{}` assigns {share} to `{to}`", recorder.handle());
        let ends = until.map_or("for the term of protection".to_owned(), |at| at.to_string());
        Ok(Entered::new(registered, sentence)
            .named("assignment", id)
            .named("work", work.to_string())
            .named("to", to)
            .named("share", share.to_string())
            .named("effective_at", effective_at.to_string())
            .field("work", work)
            .field("rights", scope)
            .field("from", effective_at)
            .field("until", ends)
            .into())
    }
}
