//! `label log`: the log of labelling that Article 9 of the Labelling Measures asks to be kept.

use super::question::{Question, end, object, short, start};
use super::recorder::write_new;
use super::{Align, CliError, Output, Session, Table, Text};
use crate::journal::csv_cell;
use crate::ledger::answer::{LabelFilter, LabelLine, Listing, Needed, day_or_moment, labels};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:
  deedbook label log --work spring.png
  deedbook label log --without-explicit-label --from 2026-01-01 --format csv -o log.csv";

/// Print the log of labelled copies, the newest last
///
/// Article 9 of the Measures for Labelling AI-Generated Synthetic Content asks a provider that hands out
/// content without an explicit label at a user's request to keep the log of it, to whom included, for six
/// months or more. The ledger keeps it for good.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE, visible_alias = "list")]
pub(super) struct Arguments {
    /// Only copies of files of this work
    #[arg(long, value_name = "WORK")]
    work: Option<OsString>,
    /// Only those that this party labelled
    #[arg(long, value_name = "PARTY")]
    party: Option<OsString>,
    /// Only those provided without a label that people see
    #[arg(long)]
    without_explicit_label: bool,
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only up to this day
    #[arg(long, alias = "until", value_name = "DATE")]
    to: Option<String>,
    /// How many at most, the newest
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    limit: usize,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Write it to this file, which must not be there yet
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For spreadsheets: a row for each copy
    Csv,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let entry = |typed: &Option<OsString>, needed| {
            let entry = typed.as_deref().map(|typed| question.entry(&reader, typed, needed));
            entry.transpose()
        };
        let filter = LabelFilter {
            work: entry(&self.work, Needed::Work)?,
            party: entry(&self.party, Needed::Party)?,
            without_explicit: self.without_explicit_label,
            from: start(self.from.as_deref())?,
            to: end(self.to.as_deref())?,
            limit: self.limit,
        };
        let listing = labels(&reader, &filter)?;
        let answer = Answer { listing, format: self.format, path: self.output };
        if let Some(path) = &answer.path {
            write_new(path, &answer.bytes())?;
        }
        Ok(answer.into())
    }
}

struct Answer {
    listing: Listing<LabelLine>,
    format: Format,
    path: Option<PathBuf>,
}

impl Answer {
    fn bytes(&self) -> Vec<u8> {
        match self.format {
            Format::Csv => csv(&self.listing.lines).into_bytes(),
            Format::Text => {
                let mut text = Text::default();
                self.tell(&mut text);
                text.spans(false).into_iter().flat_map(|span| span.bytes).collect()
            }
        }
    }

    fn tell(&self, text: &mut Text) {
        let lines = &self.listing.lines;
        if lines.is_empty() {
            text.line("No labelled copies.");
            return;
        }
        if self.listing.truncated {
            text.remark(format!("The newest {} copies; `--limit` shows more", lines.len()));
        }
        text.table(table(lines));
    }
}

impl Output for Answer {
    fn json(&self) -> Value {
        let path = self.path.as_ref().map(|path| path.to_string_lossy().into_owned());
        let mut answer = json!({
            "labels": object(&self.listing.lines),
            "truncated": self.listing.truncated,
        });
        if let (Some(path), Some(answer)) = (path, answer.as_object_mut()) {
            answer.insert("file".to_owned(), path.into());
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        match (&self.path, self.format) {
            (Some(path), _) => {
                let count = self.listing.lines.len();
                text.line(format!("`{}` has the log of {count} labelled copies.", path.display()));
            }
            (None, Format::Csv) => text.exact(&self.bytes()),
            (None, Format::Text) => self.tell(text),
        }
    }
}

fn table(lines: &[LabelLine]) -> Table {
    let names = [
        "entry",
        "made",
        "by",
        "work",
        "label",
        "producer",
        "number",
        "no visible label for",
        "copy",
    ];
    let mut table = Table::new(names.map(|name| (name, Align::Left)));
    for line in lines {
        table.row([
            line.entry.to_string(),
            day_or_moment(line.effective_at),
            line.party.to_string(),
            line.work.as_ref().map_or_else(String::new, |work| work.entry.to_string()),
            line.label.label.to_owned(),
            line.label.content_producer.to_string(),
            shortened(line.label.produce_id.as_str()),
            line.provided_to.as_ref().map_or_else(String::new, ToString::to_string),
            short(line.labelled),
        ]);
    }
    table
}

/// A number of the register by its first digits; a number of others as it is.
fn shortened(number: &str) -> String {
    let is_digest = number.len() == 64 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest { short(number) } else { number.to_owned() }
}

/// The columns of CSV.
const COLUMNS: [&str; 17] = [
    "entry",
    "id",
    "registered_at",
    "effective_at",
    "party",
    "work",
    "title",
    "original",
    "labelled",
    "Label",
    "ContentProducer",
    "ProduceID",
    "ContentPropagator",
    "PropagateID",
    "source_type",
    "provided_to",
    "agreement",
];

fn csv(lines: &[LabelLine]) -> String {
    let row = |cells: [String; 17]| {
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        format!("{}\r\n", cells.join(","))
    };
    let mut page = row(COLUMNS.map(str::to_owned));
    for line in lines {
        let (label, work) = (&line.label, line.work.as_ref());
        let text = |it: Option<String>| it.unwrap_or_default();
        page.push_str(&row([
            line.entry.get().to_string(),
            line.id.to_string(),
            line.registered_at.to_string(),
            line.effective_at.to_string(),
            line.party.to_string(),
            text(work.map(|work| work.entry.get().to_string())),
            text(work.map(|work| work.title.to_string())),
            line.original.to_string(),
            line.labelled.to_string(),
            label.label.to_owned(),
            label.content_producer.to_string(),
            label.produce_id.to_string(),
            text(label.content_propagator.as_ref().map(ToString::to_string)),
            text(label.propagate_id.as_ref().map(ToString::to_string)),
            line.source_type.unwrap_or_default().to_owned(),
            text(line.provided_to.as_ref().map(ToString::to_string)),
            text(line.agreement_entry.map(|entry| entry.get().to_string())),
        ]));
    }
    page
}
