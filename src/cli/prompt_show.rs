//! `prompt show`: opens what a work or a session commits to.

use super::question::{Question, object, short};
use super::session_show::named;
use super::{CliError, Exit, Output, Session, Text};
use crate::ledger::answer::{Needed, Opened, OpenedText, PromptAnswer, prompts};
use crate::record::{Kind, TextRole};
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Examples:
  deedbook prompt show spring.png
  deedbook prompt show spring.png --only 3fa85c01 > workflow.json";

/// What commits to texts.
const KINDS: &[Kind] = &[Kind::Work, Kind::SessionStarted];
/// Fewest digits of a commitment that name it.
const MIN_DIGITS: usize = 8;

/// Open what a work or a session commits to, and check it against the record
///
/// Of a work: the prompts of its registration, the prompts and the exact bytes of what its files say of
/// themselves, and every prompt, reason and remark of the sessions of its creators in which it was made.
/// Only what opens its commitment is shown. One text alone is written, to a file or a pipe, byte for
/// byte as it was committed to; of several, each has a heading, and exact bytes are checked and counted.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work or the session
    #[arg(value_name = "WORK")]
    work: OsString,
    /// Only the text whose commitment begins with these digits, at least eight
    #[arg(long, value_name = "COMMITMENT")]
    only: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let entry = question.entry(&reader, &self.work, Needed::AnyOf(KINDS))?;
        let refused = |only: &String| CliError::Value {
            found: only.into(),
            needed: "eight digits or more of a commitment of this work or session, as `prompt show` prints them",
        };
        if let Some(only) = self.only.as_ref().filter(|only| only.len() < MIN_DIGITS) {
            return Err(refused(only));
        }
        let answer = prompts(&reader, entry, &session.vault(), self.only.as_deref())?;
        match &self.only {
            Some(only) if answer.prompts.is_empty() => Err(refused(only)),
            Some(_) | None => Ok(answer.into()),
        }
    }
}

impl Output for PromptAnswer {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        // One text alone is written byte for byte; several need to be told apart.
        let several = self.prompts.len() > 1;
        for (number, prompt) in (1..).zip(&self.prompts) {
            let Some(Opened::Opened { text: bytes }) = &prompt.opened else {
                continue;
            };
            if !several {
                text.exact(bytes);
                continue;
            }
            let (what, commitment, entry) = (named(prompt), short(prompt.commitment), prompt.entry);
            if prompt.role == TextRole::Claim {
                let size_bytes = bytes.len();
                text.heading(format!(
                    "{number}. {what}, {size_bytes} bytes, open commitment {commitment} of {entry}"
                ));
                let only = short(prompt.commitment).replace('…', "");
                text.remark(format!("`--only {only}` writes them"));
            } else {
                text.heading(format!("{number}. {what}, opens commitment {commitment} of {entry}"));
                text.exact(bytes);
            }
            text.blank();
        }
    }

    fn warnings(&self) -> Vec<String> {
        let (title, entry) = (&self.title, self.entry);
        if self.prompts.is_empty() {
            let what = if self.work.is_some() { "work" } else { "session" };
            return vec![format!("{what} \"{title}\" ({entry}) commits to no texts")];
        }
        let mut warnings = Vec::new();
        for (number, prompt) in (1..).zip(&self.prompts) {
            let (what, commitment) = (named(prompt), short(prompt.commitment));
            let entry = prompt.entry;
            match &prompt.opened {
                Some(Opened::Opened { .. }) => {}
                Some(Opened::NotInVault) | None => warnings.push(format!(
                    "{number}. {what}, commitment {commitment} of {entry}, is not in this vault"
                )),
                Some(Opened::DoesNotMatch) => warnings.push(format!(
                    "{number}. {what}: what the vault keeps does not match commitment {commitment} of {entry}"
                )),
            }
        }
        warnings
    }

    /// A text that cannot be shown, or is not the one committed to, is not found.
    fn exit(&self) -> Exit {
        if self.prompts.iter().all(OpenedText::is_open) { Exit::Done } else { Exit::Refused }
    }
}
