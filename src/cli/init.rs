//! `init`: makes a ledger.

use super::session::LEDGER_KEY_SUFFIX;
use super::{CliError, Output, Session, Text};
use crate::keys::KeyFile;
use crate::ledger::{Founding, Ledger, LedgerError, Opening, SystemClock};
use crate::record::{EntryNumber, Name, RecordId, Signer};
use crate::tlog::Origin;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Longest part of an origin that is made from a name.
const MAX_SLUG_CHARS: usize = 60;

/// What follows the ledger's name in those of its key and of the public half.
const KEY_SUFFIXES: [&str; 2] = [LEDGER_KEY_SUFFIX, ".key.pub"];

const EXAMPLE: &str = "Example:\n  deedbook init --name \"Northlight register\"";

/// Make a new ledger
///
/// Writes the ledger file, its own key beside it (`.key`), which signs every checkpoint, and the head
/// file (`.head`), which later tells whether the ledger was replaced. Keep the head file where whoever
/// could replace the ledger cannot write.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The name of the ledger, for people
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The name of the ledger in checkpoints, unique in the world: a domain of yours with a path [default: made from the name and the key]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let name = Name::new(self.name)?;
        let path = session.ledger_path();
        if let Some(directory) = path.parent()
            && !directory.as_os_str().is_empty()
        {
            std::fs::metadata(directory).map_err(CliError::file("write in", directory))?;
        }
        let key = KeyFile::generate("deedbook ledger")?;
        let kid = key.public_key().thumbprint().to_string();
        let origin = match &self.origin {
            Some(origin) => Origin::new(origin)?,
            None => Origin::new(&default_origin(name.as_str(), &kid))?,
        };
        let secret = key.ed25519_secret().ok_or(LedgerError::WrongLedgerKey)?;
        let founding = Founding::begin(path, session.head_file(), &KEY_SUFFIXES)?;
        key.write_new(&founding.staged(KEY_SUFFIXES[0]), None)?;
        let opening = Opening { name, origin, key: secret.clone() };
        let ledger = founding.finish(opening, Box::new(SystemClock))?;
        Ok(Made::of(&ledger, session, kid)?.into())
    }
}

/// A name in checkpoints that no other ledger has: the ledger's name and the start of its key.
fn default_origin(name: &str, kid: &str) -> String {
    let letters = name.to_lowercase();
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(MAX_SLUG_CHARS).collect();
    let slug = if slug.is_empty() { "ledger" } else { &slug };
    format!("deedbook/{slug}-{}", &kid[..8])
}

/// A ledger that was made.
struct Made {
    id: RecordId,
    name: String,
    origin: String,
    kid: String,
    files: [(&'static str, PathBuf); 3],
}

impl Made {
    fn of(ledger: &Ledger, session: &Session<'_>, kid: String) -> Result<Self, CliError> {
        let opening = ledger.opening();
        Ok(Self {
            id: super::recorder::id_of(ledger, EntryNumber::new(0))?,
            name: opening.name.to_string(),
            origin: opening.origin.to_string(),
            kid,
            files: [
                ("ledger", session.ledger_path().to_owned()),
                ("key", session.ledger_key_path()),
                ("head", session.head_file().path().to_owned()),
            ],
        })
    }
}

impl Output for Made {
    fn json(&self) -> Value {
        let mut object = json!({
            "entry": 0,
            "id": self.id.to_string(),
            "name": self.name,
            "origin": self.origin,
            "kid": self.kid,
        });
        for (name, path) in &self.files {
            object[*name] = json!(path.to_string_lossy());
        }
        object
    }

    fn text(&self, text: &mut Text) {
        text.heading(format_args!("`{}` is open", self.name));
        for (name, path) in &self.files {
            text.field(name, path.display());
        }
        text.field("origin", &self.origin);
        text.field("key id", &self.kid);
        text.blank();
        text.remark(
            "Keep the key secret: who has it can append. Keep a copy of the head file elsewhere:",
        );
        text.remark("with it you can tell whether the ledger was replaced by an older one.");
    }
}

#[cfg(test)]
mod tests {
    use super::default_origin;

    #[test]
    fn origins_are_made_of_name_and_key() {
        let kid = "0123456789abcdef";
        for (name, expected) in [
            ("Northlight register", "deedbook/northlight-register-01234567"),
            ("  A + B  ", "deedbook/a-b-01234567"),
            ("\u{6625}\u{98a8}", "deedbook/ledger-01234567"),
        ] {
            assert_eq!(default_origin(name, kid), expected);
        }
    }
}
