//! `history`: every fact about something, in order.

use super::question::{Question, object, short};
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{Fact, History, MAX_FACTS, Moments, Needed, day_or_moment, history};
use crate::record::Timestamp;
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook history spring.png";

/// Show every fact about a work, a party, terms or a contract, in order
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What it is about
    #[arg(value_name = "REF")]
    subject: OsString,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
    /// How many facts at most, the oldest first
    #[arg(long, value_name = "COUNT", default_value_t = MAX_FACTS)]
    limit: usize,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let as_of = Some(Timestamp::MAX);
        let known_at = question.moments(&reader, None, self.known_at.as_deref())?.known_at;
        let about = question.entry(&reader, &self.subject, Needed::Entry)?;
        let moments = Moments::new(&reader, as_of, Some(known_at), known_at)?;
        Ok(history(&reader, about, moments, self.limit)?.into())
    }
}

impl Output for History {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("History of {}", self.about));
        show_facts(&self.facts, text);
        if self.truncated {
            text.remark(format!(
                "There is more than these {} facts: `--limit` shows more",
                self.facts.len()
            ));
        }
    }
}

/// Statements in order, with how title passed by them, and who signed them.
pub(super) fn show_facts<'a>(facts: impl IntoIterator<Item = &'a Fact>, text: &mut Text) {
    for fact in facts {
        text.line(format!("{:>5}  {}", fact.entry.to_string(), fact.sentence));
        for passing in &fact.title {
            let at = day_or_moment(passing.at);
            text.line(format!("{:7}as of {at}: {}", "", passing.sentence));
        }
        text.remark(format!("{:7}{}", "", signed(fact)));
    }
}

/// Who signed a fact, and its times: when it took effect, when signed, when registered.
fn signed(fact: &Fact) -> String {
    let effective = fact.effective_at.map_or_else(
        || "took effect when registered".to_owned(),
        |at| format!("took effect {}", day_or_moment(at)),
    );
    let revoked =
        fact.key_revoked_by.map_or_else(String::new, |entry| format!(" (revoked later, {entry})"));
    format!(
        "signed by {} with key {}{revoked} on {}; {effective}; registered {}; id {}",
        fact.signer,
        short(fact.key),
        day_or_moment(fact.signed_at),
        day_or_moment(fact.registered_at),
        short(fact.id),
    )
}
