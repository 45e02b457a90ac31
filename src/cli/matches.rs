//! `match`: registered works that are the same as a file, or like it.

use super::question::{Question, object};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::admission::TextBand;
use crate::intake::{Coded, Contrast, Examined, Picture};
use crate::ledger::answer::{Likeness, MatchFilter, Matches, day_or_moment, matches};
use crate::record::Digest;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:\n  deedbook match copy-found-online.jpg\n  deedbook match essay.txt --max-distance 30\n  deedbook match cropped.png --limit 5 --json";

/// Find registered works that are the same as a file, or like it
///
/// The same bytes are found by their digest. Crops, resized and newly compressed copies, edited texts and
/// files with many bytes in common are found by their content codes (ISO 24138): the distance says in how many
/// of 64 bits two codes differ, or in how many of 64 features two texts. Likeness is a reason to look at both.
/// It proves nothing, and works that are alike may be by different people.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The file to look for
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// In how many of 64 bits or features codes may differ, up to 46; of pictures and bytes, 11 at most count
    /// [default: 46 of texts, 8 of pictures and bytes, 5 of parts of pictures]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(0..=i64::from(TextBand::MAX_DISTANCE)))]
    max_distance: Option<u32>,
    /// How many works at most, the likest first
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    limit: usize,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let examined = {
            let _progress = session.printer().progress("reading the file", None);
            Examined::read_to_find(&self.file)?
        };
        let reader = question.reader()?;
        let filter = MatchFilter {
            digest: examined.digest,
            codes: &examined.coded.codes,
            windows: &examined.coded.windows,
            max_distance: self.max_distance,
            is_unreliable: examined.coded.is_unreliable(),
            limit: self.limit,
        };
        let matches = matches(&reader, &filter)?;
        Ok(Answer { digest: examined.digest, coded: examined.coded, matches }.into())
    }
}

struct Answer {
    digest: Digest,
    coded: Coded,
    matches: Matches,
}

impl Output for Answer {
    fn json(&self) -> Value {
        let mut answer = object(&self.matches);
        answer["digest"] = json!(self.digest.to_string());
        answer["codes"] = object(&self.coded.codes);
        answer["unreliable"] = json!(self.coded.is_unreliable());
        answer["contrast"] = match &self.coded.picture {
            Picture::Coded(contrast) => json!(contrast.variance()),
            Picture::No | Picture::Uncoded(_) => Value::Null,
        };
        answer["proof"] = json!(false);
        answer
    }

    fn text(&self, text: &mut Text) {
        let found = &self.matches.matches;
        if found.is_empty() {
            text.line("No registered work is the same, and none is like it.");
            return;
        }
        let names =
            ["entry", "title", "registered by", "registered", "by", "distance", "what that means"];
        let align = |name| (name, if name == "distance" { Align::Right } else { Align::Left });
        let mut table = Table::new(names.map(align));
        for line in found {
            table.row([
                line.work.entry.to_string(),
                line.work.title.to_string(),
                line.registered_by.to_string(),
                day_or_moment(line.registered_at),
                by(line.likeness).to_owned(),
                line.distance.to_string(),
                line.meaning.to_owned(),
            ]);
        }
        text.table(table);
        if self.matches.truncated {
            text.remark("There is more: `--limit` shows it");
        }
        if found.iter().any(|line| line.likeness != Likeness::Same) {
            text.remark("Likeness is a reason to look at both; it proves nothing");
        }
    }

    fn warnings(&self) -> Vec<String> {
        let least = Contrast::LEAST.variance();
        match &self.coded.picture {
            Picture::Uncoded(error) => {
                vec![format!("{error}, so that only the same bytes are found")]
            }
            Picture::Coded(contrast) if self.coded.is_unreliable() => vec![format!(
                "unreliable: the picture has next to no contrast or features (variance {}, needed {least}); \
                 what is like it may show something else, and the same picture may not be found",
                contrast.variance()
            )],
            Picture::Coded(_) | Picture::No => Vec::new(),
        }
    }
}

/// What was compared, in a word or two.
const fn by(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Same => "digest",
        Likeness::Picture => "picture",
        Likeness::Text => "text",
        Likeness::Bytes => "bytes",
        Likeness::Region => "part of the picture",
    }
}
