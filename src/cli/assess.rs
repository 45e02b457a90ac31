//! `assess`: what the record of a creation holds, element by element.

use super::question::{Question, object};
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{Assessed, Assessment, Held, Needed, assess, day_or_moment};
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;

const EXAMPLE: &str = "Example:\n  deedbook assess spring.png";

/// List what the record of a creation holds and lacks, by what published decisions looked at
///
/// For each element: what the record holds, in which entry, since when that can be shown, what is missing,
/// and the decisions that looked at it, with court, number, date and the account in which that was read. A
/// checklist with sources: no score, no prediction, no legal advice.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// As the ledger knew it on this day [default: now]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let work = question.entry(&reader, &self.work, Needed::Work)?;
        let known_at = question.moments(&reader, None, self.known_at.as_deref())?.known_at;
        Ok(assess(&reader, work, known_at)?.into())
    }
}

impl Output for Assessment {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("The record of \"{}\" ({})", self.work.title, self.work.entry));
        text.line(self.caveat);
        text.field("its origin", self.attestation.in_words());
        for (place, element) in (1..).zip(&self.elements) {
            text.blank();
            text.heading(format!("{place}. {}", element.question));
            assessed(element, text);
        }
    }
}

fn assessed(element: &Assessed, text: &mut Text) {
    for held in &element.held {
        let registered = day_or_moment(held.registered_at);
        text.line(format!("   held     {} ({}, registered {registered})", held.says, held.entry));
        if let Some(seen) = &held.seen {
            let at = day_or_moment(seen.at);
            text.remark(format!("            shown by others since {at} ({})", seen.by));
        }
    }
    text_of_clock(element, text);
    if element.more > 0 {
        text.remark(format!("            and {} more", element.more));
    }
    for missing in &element.missing {
        text.line(format!("   missing  {missing}"));
    }
    for examined in &element.decisions {
        let decision = examined.decision;
        let number = match decision.number {
            "" => String::new(),
            number => format!(", {number}"),
        };
        let (court, name, date) = (decision.court, decision.name, decision.date);
        text.remark(format!("   source   {court}, {name}{number}, {date}: {}", examined.what));
        text.remark(format!("            read in {}", decision.source));
    }
}

/// Whose clock the times are by, of what nobody else has seen.
fn text_of_clock(element: &Assessed, text: &mut Text) {
    let is_seen = |held: &&Held| held.seen.is_some();
    let seen = element.held.iter().filter(is_seen).count();
    let which = match element.held.len() - seen {
        0 => return,
        _ if seen == 0 => "registered by the register's own clock; nobody else certifies it",
        _ => "the others: registered by the register's own clock; nobody else certifies it",
    };
    text.remark(format!("            {which}"));
}
