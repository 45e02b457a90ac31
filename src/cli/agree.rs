//! `agree`: a co-creator signs the split of a work; a side of a contract its opening balance.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::ledger::answer::Needed;
use crate::record::{OpeningAgreed, SplitAgreed};
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str =
    "Example:\n  deedbook agree spring.png --as li\n  deedbook agree '#20' --as wen";

/// Agree to the shares that a registration names, or to an opening balance
///
/// Until every creator has agreed, nobody can dispose of a share; until the other side of the contract
/// has agreed, an opening balance counts for nothing.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work, or the opening balance
    #[arg(value_name = "WORK|OPENING")]
    subject: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let mut entered = match recorder.opening(&self.subject)? {
            Some(opening) => {
                let registered = recorder.record(OpeningAgreed { opening }, Vec::new())?;
                let sentence = format!("`{}` agrees to the opening balance", recorder.handle());
                Entered::new(registered, sentence)
                    .named("opening", opening.to_string())
                    .field("opening", opening)
            }
            None => {
                let work = recorder.id(&self.subject, Needed::Work)?;
                let registered = recorder.record(SplitAgreed { work }, Vec::new())?;
                let sentence = format!("`{}` agrees to the shares", recorder.handle());
                Entered::new(registered, sentence)
                    .named("work", work.to_string())
                    .field("work", work)
            }
        };
        if recorder.on().is_some() {
            entered = entered.warning(
                "an agreement takes effect when it is registered, so `--on` changes nothing"
                    .to_owned(),
            );
        }
        Ok(entered.into())
    }
}
