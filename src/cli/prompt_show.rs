//! `prompt show`: opens the prompts of a work.

use super::question::{Question, object, short};
use super::{CliError, Exit, Output, Session, Text};
use crate::ledger::answer::{Needed, Opened, PromptAnswer, PromptOpened, prompts};
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook prompt show spring.png";

/// Open the prompts of a work and check them against the record
///
/// Only what opens its commitment is shown. One prompt alone is written, to a file or a pipe, byte for
/// byte as it was committed to; several have a line each between them.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let work = question.entry(&reader, &self.work, Needed::Work)?;
        Ok(prompts(&reader, work, &session.vault())?.into())
    }
}

impl Output for PromptAnswer {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        // One prompt alone is written byte for byte; several need to be told apart.
        let several = self.prompts.len() > 1;
        for (index, prompt) in self.prompts.iter().enumerate() {
            let Opened::Opened { text: bytes } = &prompt.opened else {
                continue;
            };
            if several {
                let (number, role) = (index + 1, prompt.role);
                let commitment = short(prompt.commitment);
                text.heading(format!("{number}. {role}, opens commitment {commitment}"));
            }
            text.exact(bytes);
            if several {
                text.blank();
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let (title, entry) = (&self.work.title, self.work.entry);
        if self.prompts.is_empty() {
            return vec![format!("work \"{title}\" ({entry}) commits to no prompts")];
        }
        let mut warnings = Vec::new();
        for (index, prompt) in self.prompts.iter().enumerate() {
            let (number, role) = (index + 1, prompt.role);
            let commitment = short(prompt.commitment);
            match prompt.opened {
                Opened::Opened { .. } => {}
                Opened::NotInVault => warnings.push(format!(
                    "{role} {number}, commitment {commitment}, is not in this vault"
                )),
                Opened::DoesNotMatch => warnings.push(format!(
                    "{role} {number}: what the vault keeps does not match commitment {commitment}"
                )),
            }
        }
        warnings
    }

    /// A prompt that cannot be shown, or is not the one committed to, is not found.
    fn exit(&self) -> Exit {
        let is_open = |prompt: &PromptOpened| matches!(prompt.opened, Opened::Opened { .. });
        if self.prompts.iter().all(is_open) { Exit::Done } else { Exit::Refused }
    }
}
