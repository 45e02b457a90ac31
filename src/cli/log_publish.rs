//! `log publish`: the whole log as files for any static host.

use super::{CliError, Output, Session, Text};
use crate::ledger::Published;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook log publish /srv/www/log";

/// Publish the whole log as files that any static host serves
///
/// Tiles, entries and the checkpoint in the C2SP tlog-tiles layout, for monitors and witnesses. A
/// second time only what is new is written, the checkpoint last. Entries hold titles, names, amounts
/// and notes: whoever can read the files can read them.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The directory, of this log alone
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let ledger = session.read()?;
        let total = ledger.read()?.size()?;
        let progress = session.printer().progress("entries", Some(total));
        let published = ledger.publish(&self.directory, &mut |done| progress.at(done))?;
        Ok(Done { published, directory: self.directory }.into())
    }
}

/// What was published.
struct Done {
    published: Published,
    directory: PathBuf,
}

impl Output for Done {
    fn json(&self) -> Value {
        let Published { checkpoint, old_size, files, size_bytes } = &self.published;
        json!({
            "path": self.directory.to_string_lossy(),
            "origin": checkpoint.origin.as_str(),
            "size": checkpoint.size,
            "root": checkpoint.root.to_string(),
            "old_size": old_size,
            "files": files,
            "size_bytes": size_bytes,
        })
    }

    fn text(&self, text: &mut Text) {
        let Published { checkpoint, old_size, files, size_bytes } = &self.published;
        if *files == 0 {
            text.heading(format!("{} is published already", checkpoint.origin));
        } else {
            text.heading(format!("Published {}", checkpoint.origin));
        }
        text.field("directory", self.directory.display());
        text.field("entries", checkpoint.size);
        text.field("of these new", checkpoint.size - old_size);
        text.field("files written", files);
        text.field("bytes written", size_bytes);
        text.field("root", checkpoint.root);
    }
}
