//! `terms text`: prints the text of a standard form.

use super::question::{Question, object};
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{Needed, TermsTextAnswer, terms_text};
use crate::record::{Kind, Language};
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook terms text northlight/fee@1 --language en";

/// Whose text can be asked for; that of a contract is the one that was shown.
const KINDS: &[Kind] = &[Kind::Terms, Kind::Contract];

/// Print the text of a standard form, as it was shown
///
/// Written to a file or a pipe it is byte for byte the text that was registered.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The terms, such as northlight/fee@1, or a contract
    #[arg(value_name = "TERMS")]
    terms: OsString,
    /// Its language, where there are several
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let language = self.language.map(Language::new).transpose()?;
        let entry = question.entry(&reader, &self.terms, Needed::AnyOf(KINDS))?;
        Ok(terms_text(&reader, entry, language.as_ref())?.into())
    }
}

impl Output for TermsTextAnswer {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        text.exact(self.text.as_bytes());
    }
}
