//! `terms withdraw`: withdraws a version of a standard form.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::ledger::answer::Needed;
use crate::record::TermsWithdrawn;
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook terms withdraw northlight/fee@1 --as northlight";

/// Withdraw a version of a standard form
///
/// It cannot be accepted any more; contracts made before stand.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1
    #[arg(value_name = "TERMS")]
    terms: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let terms = recorder.id(&self.terms, Needed::Terms)?;
        let effective_at = recorder.effective_at();
        let record = TermsWithdrawn { terms, effective_at };
        let registered = recorder.record(record, Vec::new())?;
        let sentence = "the terms are withdrawn; contracts made before stand";
        Ok(Entered::new(registered, sentence)
            .named("terms", terms.to_string())
            .named("effective_at", effective_at.to_string())
            .field("terms", terms)
            .field("as of", effective_at)
            .into())
    }
}
