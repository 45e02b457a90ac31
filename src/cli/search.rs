//! `search`: everything whose name contains a text.

use super::question::{Question, digest_of, end, object, short, start};
use super::{Align, CliError, Output, Session, Table, Text};
use crate::ledger::answer::{Found, Needed, SearchFilter, search};
use clap::Args;
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Examples:\n  deedbook search spring\n  deedbook search northlight-xl --from 2026-03-01\n  deedbook search copy-found-online.png";

/// Search titles, models, handles, terms, identifiers, digests and files
///
/// The text may be part of a title, of a model's name, of a handle or of terms, in upper or lower case;
/// the beginning of an identifier; a content digest; or the path of a file, which finds the works with
/// the same content.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// What to look for
    #[arg(value_name = "TEXT", required_unless_present_any = ["party", "digest", "file", "model", "from", "until"])]
    text: Option<OsString>,
    /// Only works made by this party
    #[arg(long, value_name = "PARTY")]
    party: Option<OsString>,
    /// Only works with this content
    #[arg(long, value_name = "DIGEST", conflicts_with = "file")]
    digest: Option<String>,
    /// Only works with the content of this file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Only works with this in the name of their model
    #[arg(long, value_name = "TEXT")]
    model: Option<String>,
    /// Only what took effect on this day or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only what took effect on this day or earlier
    #[arg(long, alias = "to", value_name = "DATE")]
    until: Option<String>,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let question = Question::open(session)?;
        let reader = question.reader()?;
        let party = self.party.as_deref();
        let party = party.map(|party| question.entry(&reader, party, Needed::Party));
        let digest = match (&self.digest, &self.file) {
            (Some(digest), _) => Some(digest.parse()?),
            (None, Some(file)) => Some(digest_of(file)?),
            (None, None) => None,
        };
        let named = self.text.as_deref().map(Path::new);
        let named = named.filter(|path| path.is_file()).map(digest_of);
        let filter = SearchFilter {
            file: named.transpose()?,
            text: self.text.as_deref(),
            digest,
            model: self.model.as_deref(),
            party: party.transpose()?,
            from: start(self.from.as_deref())?,
            to: end(self.until.as_deref())?,
            limit: self.limit,
        };
        Ok(search(&reader, &filter)?.into())
    }
}

impl Output for Found {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        if self.hits.is_empty() {
            text.line("Nothing found.");
            return;
        }
        let names = ["entry", "what", "found in", "date", "id"];
        let mut table = Table::new(names.map(|name| (name, Align::Left)));
        for hit in &self.hits {
            table.row([
                hit.entry.to_string(),
                hit.what.clone(),
                hit.matched.to_owned(),
                hit.date(),
                short(hit.id),
            ]);
        }
        text.table(table);
        if self.truncated {
            text.remark("There is more: `--limit` shows it");
        }
    }
}
