//! `key new`: makes a key.

use super::{CliError, Output, Session, Text};
use crate::record::Signer;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook key new wen-laptop --passphrase";

/// Make a key in the key directory
///
/// An Ed25519 key in the OpenSSH format, readable by you only. It signs for a party once it is enrolled
/// or added: `party add`, `key add`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The name of the key
    name: String,
    /// Protect it with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long)]
    passphrase: bool,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let (key, path) = session.new_key(&self.name, self.passphrase)?;
        let public = key.public_key();
        Ok(NewKey {
            name: self.name,
            kid: public.thumbprint().to_string(),
            algorithm: public.algorithm().to_string(),
            encrypted: self.passphrase,
            path,
        }
        .into())
    }
}

struct NewKey {
    name: String,
    kid: String,
    algorithm: String,
    encrypted: bool,
    path: PathBuf,
}

impl Output for NewKey {
    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "kid": self.kid,
            "algorithm": self.algorithm,
            "encrypted": self.encrypted,
            "path": self.path.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading(format_args!("key `{}` is made", self.name));
        text.field("key id", &self.kid);
        text.field("file", self.path.display());
        let passphrase = if self.encrypted { "yes" } else { "no" };
        text.field("passphrase", passphrase);
    }
}
