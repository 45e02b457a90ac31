//! `lineage`: what a work was made from and what was made from it, as text or as a picture.

use super::lineage_svg::svg;
use super::question::{Question, object};
use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::ledger::answer::{
    Derivation, Lineage, LineageWork, MAX_LINEAGE, Needed, Relation, lineage,
};
use crate::record::{DerivationKind, EntryNumber};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:\n  deedbook lineage spring.png\n  deedbook lineage spring.png --format svg -o spring.svg";

/// Show what a work was made from and what was made from it
///
/// As a tree of text, in which a work that is met again is named again and not told again; or as one SVG
/// picture that needs nothing else.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work
    #[arg(value_name = "WORK")]
    work: OsString,
    /// As text or as a picture
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: FormatChoice,
    /// The file for the picture, which must not be there yet [default: the output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many works at most, the nearest ones
    #[arg(long, value_name = "COUNT", default_value_t = MAX_LINEAGE)]
    limit: usize,
}

/// As text or as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// A tree
    Text,
    /// A picture
    Svg,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let work = question.entry(&reader, &self.work, Needed::Work)?;
        let found = lineage(&reader, work, self.limit.max(1))?;
        match (self.format, self.output) {
            (FormatChoice::Text, None) => Ok(found.into()),
            (FormatChoice::Text, Some(path)) => Err(CliError::Value {
                found: path.into(),
                needed: "a file for a picture: add `--format svg`",
            }),
            (FormatChoice::Svg, path) => {
                let picture = svg(&found);
                if let Some(path) = &path {
                    write_new(path, picture.as_bytes())?;
                }
                Ok(Drawn { lineage: found, picture, path }.into())
            }
        }
    }
}

/// A picture, written or to be written to the output.
struct Drawn {
    lineage: Lineage,
    picture: String,
    path: Option<PathBuf>,
}

impl Output for Drawn {
    fn json(&self) -> Value {
        let mut answer = object(&self.lineage);
        match &self.path {
            Some(path) => answer["out"] = json!(path.to_string_lossy()),
            None => answer["svg"] = json!(self.picture),
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        match &self.path {
            Some(path) => {
                let count = self.lineage.works.len();
                text.heading(format!("drew the lineage of \"{}\"", self.lineage.work.title));
                text.field("works", count);
                text.field("picture", path.display());
            }
            None => text.exact(self.picture.as_bytes()),
        }
    }
}

impl Output for Lineage {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("Lineage of \"{}\" ({})", self.work.title, self.work.entry));
        for (relation, heading, none) in [
            (
                Relation::Ancestor,
                "Made from",
                "No other work is named as one that it was made from.",
            ),
            (
                Relation::Descendant,
                "Made into",
                "No registered work names it as one that it was made from.",
            ),
        ] {
            text.blank();
            text.heading(heading);
            if !self.tree(relation, text) {
                text.line(none);
            }
        }
        if self.truncated {
            text.remark(format!(
                "There is more than these {} works: `--limit` shows more",
                self.works.len()
            ));
        }
    }
}

impl Lineage {
    /// The works on one side as a tree; whether there are any.
    fn tree(&self, side: Relation, text: &mut Text) -> bool {
        let mut waiting = self.next(self.work.entry, side);
        waiting.reverse();
        let mut waiting: Vec<_> = waiting.into_iter().map(|row| (0, row)).collect();
        let any = !waiting.is_empty();
        let mut told = BTreeSet::new();
        while let Some((depth, row)) = waiting.pop() {
            let entry = other(row, side);
            let is_new = told.insert(entry);
            let again = if is_new { "" } else { " (see above)" };
            let named = self.named(entry);
            text.line(format!("{:indent$}{named}{}{again}", "", how(row), indent = 2 + 4 * depth));
            if is_new {
                let next = self.next(entry, side);
                waiting.extend(next.into_iter().rev().map(|row| (depth + 1, row)));
            }
        }
        any
    }

    /// What a work was made from, or what was made from it.
    fn next(&self, of: EntryNumber, side: Relation) -> Vec<&Derivation> {
        let is_next = |row: &&Derivation| match side {
            Relation::Ancestor => row.entry == of,
            Relation::Descendant => row.from == of,
            Relation::Itself => false,
        };
        self.derivations.iter().filter(is_next).collect()
    }

    fn named(&self, entry: EntryNumber) -> String {
        let found = self.works.iter().find(|work| work.label.entry == entry);
        found.map_or_else(
            || entry.to_string(),
            |LineageWork { label, registered_by, .. }| {
                format!("{entry} \"{}\" by {registered_by}", label.title)
            },
        )
    }
}

fn other(row: &Derivation, side: Relation) -> EntryNumber {
    match side {
        Relation::Ancestor => row.from,
        Relation::Descendant | Relation::Itself => row.entry,
    }
}

/// What was done, and under which licence.
fn how(row: &Derivation) -> String {
    let kind = row.kind.map_or("derived, how is not told", DerivationKind::name);
    let licence = row.licence.map_or_else(
        || "without a licence".to_owned(),
        |licence| format!("under licence {licence}"),
    );
    format!(": {kind}, {licence}")
}
