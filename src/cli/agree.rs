//! `agree`: a co-creator signs the split of a work.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::ledger::answer::Needed;
use crate::record::SplitAgreed;
use clap::Args;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook agree spring.png --as li";

/// Agree to the shares that a registration names
///
/// Until every creator has agreed, nobody can dispose of a share.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let work = recorder.id(&self.work, Needed::Work)?;
        let registered = recorder.record(SplitAgreed { work }, Vec::new())?;
        let sentence = format!("`{}` agrees to the shares", recorder.handle());
        let mut entered =
            Entered::new(registered, sentence).named("work", work.to_string()).field("work", work);
        if recorder.on().is_some() {
            entered = entered.warning(
                "an agreement takes effect when it is registered, so `--on` changes nothing"
                    .to_owned(),
            );
        }
        Ok(entered.into())
    }
}
