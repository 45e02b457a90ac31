//! `session show`: replays a session, and opens what is committed in it.

use super::question::{Question, object, short};
use super::session_start::SESSIONS;
use super::{Align, CliError, Exit, Output, Session, Table, Text};
use crate::ledger::answer::{
    GenerationTold, Opened, OpenedText, SessionAnswer, SessionStep, session,
};
use crate::record::TextRole;
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;

/// Replay a session: every step in order, when it happened and since when it is recorded
///
/// What is committed to stays closed. With `--reveal` prompts, reasons and notes are opened from the
/// vault, each is checked against its commitment, and what could not be opened is named.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  deedbook session show #12 --reveal")]
pub(super) struct Arguments {
    /// The session
    #[arg(value_name = "SESSION")]
    session: OsString,
    /// Open prompts, reasons and notes with the vault
    #[arg(long)]
    reveal: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, run: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(run)?;
        let reader = question.reader()?;
        let entry = question.entry(&reader, &self.session, SESSIONS)?;
        let vault = run.vault();
        let answer = session(&reader, entry, self.reveal.then_some(&vault))?;
        Ok(Replayed { answer, revealed: self.reveal }.into())
    }
}

/// A session, and whether it was to be opened.
struct Replayed {
    answer: SessionAnswer,
    revealed: bool,
}

impl Replayed {
    /// Commitments that were opened, and those that were not.
    fn counts(&self) -> (usize, usize) {
        let opened = self.answer.committed().filter(|it| it.is_open()).count();
        (opened, self.answer.committed().count() - opened)
    }

    fn head(&self, text: &mut Text) {
        let SessionAnswer { label, contract, started_at, registered_at, stopped, steps, .. } =
            &self.answer;
        text.heading(format!(
            "Session \"{}\" of {} ({}), {} steps",
            label.title,
            label.party,
            label.entry,
            steps.len()
        ));
        text.field("started", format!("{started_at}, registered {registered_at}"));
        if let Some(contract) = contract {
            text.field("contract", contract);
        }
        text.field(
            "ended",
            match stopped {
                Some(end) => {
                    format!("{}, registered {} ({})", end.at, end.registered_at, end.entry)
                }
                None => "not yet: the session is open".to_owned(),
            },
        );
    }

    fn table(&self) -> Table {
        let columns = ["step", "happened", "what", "file", "before", "committed", "registered"];
        let align = |name| (name, if name == "step" { Align::Right } else { Align::Left });
        let mut table = Table::new(columns.map(align).into_iter().chain([("entry", Align::Right)]));
        for (number, step) in (1..).zip(&self.answer.steps) {
            let committed = counted(step.committed.iter().map(named));
            table.row([
                number.to_string(),
                step.at.to_string(),
                step.act.to_string(),
                step.digest.map_or_else(String::new, short),
                step.before.map_or_else(String::new, short),
                committed,
                step.registered_at.to_string(),
                step.entry.to_string(),
            ]);
        }
        table
    }
}

/// One step in full, what is committed in it opened.
fn show_step(number: usize, step: &SessionStep, text: &mut Text) {
    text.blank();
    text.heading(format!("{number}. {} at {}", step.act, step.at));
    if let Some(before) = step.before {
        text.field("before", before);
    }
    if let Some(digest) = step.digest {
        text.field("file", digest);
    }
    if let Some(told) = &step.generation {
        show_generation(told, text);
    }
    for claim in &step.claimed {
        text.line(format!(
            "Claimed by the file in `{}`, written as {} does:",
            claim.place, claim.source
        ));
        if let Some(told) = &claim.generation {
            show_generation(told, text);
        }
        for (name, value) in &claim.fields {
            text.field(name.0.as_str(), value);
        }
    }
    for work in &step.works {
        text.field("work", format!("\"{}\" ({})", work.title, work.entry));
    }
    text.field("signed by", &step.signer);
    text.field("registered", format!("{} ({})", step.registered_at, step.entry));
    for committed in &step.committed {
        show_committed(committed, text);
    }
}

fn show_generation(told: &GenerationTold, text: &mut Text) {
    let names = [
        ("model", told.model.as_ref()),
        ("model digest", told.model_digest.as_ref()),
        ("tool", told.tool.as_ref()),
        ("account", told.account.as_ref()),
    ];
    for (name, value) in names {
        if let Some(value) = value {
            text.field(name, value);
        }
    }
    if let Some(seed) = told.seed {
        text.field("seed", seed);
    }
    told.loras.iter().for_each(|lora| text.field("LoRA", lora));
    for (name, value) in &told.parameters {
        text.field(name.0.as_str(), value);
    }
}

/// What a text is, and where it stands in a file that says it.
pub(super) fn named(committed: &OpenedText) -> String {
    match (&committed.place, committed.role) {
        (Some(place), TextRole::Claim) => format!("exact bytes of `{place}`"),
        (_, role) => role.to_string(),
    }
}

/// Names that follow each other and are the same, once with their number: a workflow has many prompts.
fn counted(names: impl Iterator<Item = String>) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for name in names {
        match counts.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            Some(_) | None => counts.push((name, 1)),
        }
    }
    let told = counts.into_iter().map(|(name, count)| match count {
        1 => name,
        count => format!("{count} x {name}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

fn show_committed(committed: &OpenedText, text: &mut Text) {
    let (what, commitment) = (named(committed), short(committed.commitment));
    match &committed.opened {
        // The bytes of a file's claims go into many pages, and say again what stands above them.
        Some(Opened::Opened { text: bytes }) if committed.role == TextRole::Claim => {
            let size_bytes = bytes.len();
            text.line(format!("{what}, {size_bytes} bytes, open commitment {commitment}"));
        }
        Some(Opened::Opened { text: bytes }) => {
            text.line(format!("{what}, opens commitment {commitment}:"));
            for line in String::from_utf8_lossy(bytes).lines() {
                text.line(format!("    {line}"));
            }
        }
        Some(Opened::NotInVault) => {
            text.line(format!("{what}: commitment {commitment} is not in this vault"));
        }
        Some(Opened::DoesNotMatch) => {
            text.line(format!("{what}: what the vault keeps does not match {commitment}"));
        }
        None => text.line(format!("{what}: commitment {commitment}")),
    }
}

impl Output for Replayed {
    fn json(&self) -> Value {
        let mut answer = object(&self.answer);
        if self.revealed {
            let (opened, closed) = self.counts();
            answer["opened"] = json!(opened);
            answer["not_opened"] = json!(closed);
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        self.head(text);
        if let Some(note) = &self.answer.note {
            show_committed(note, text);
        }
        if self.revealed {
            for (number, step) in (1..).zip(&self.answer.steps) {
                show_step(number, step, text);
            }
            let (opened, closed) = self.counts();
            text.blank();
            text.line(format!(
                "{opened} opened and checked against the record, {closed} not opened"
            ));
            if self.answer.committed().any(|it| it.role == TextRole::Claim && it.is_open()) {
                text.remark(
                    "`prompt show` with `--only` and the first digits writes what a file says, byte for byte",
                );
            }
        } else if !self.answer.steps.is_empty() {
            text.blank();
            text.table(self.table());
            text.blank();
            text.remark(
                "`--reveal` opens what is committed, with the vault of who committed to it",
            );
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.answer.truncated {
            warnings.push("the session has more statements than are shown".to_owned());
        }
        let (late, steps) = (self.answer.late, self.answer.steps.len());
        if late > 0 {
            warnings.push(format!(
                "{late} of {steps} steps entered the log a day or more after the moment that they state, and nothing here shows that they happened then"
            ));
        }
        warnings
    }

    /// What was to be opened and could not be is not found.
    fn exit(&self) -> Exit {
        if self.revealed && self.counts().1 > 0 { Exit::Refused } else { Exit::Done }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_itself_is_counted() {
        let names = ["prompt", "prompt", "note", "prompt"].map(str::to_owned);
        assert_eq!(counted(names.into_iter()), "2 x prompt, note, prompt");
    }
}
