//! `key add`: gives a party a further key.

use super::party_add::is_refusal;
use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::keys::KeyFile;
use crate::record::{KeyAdded, RecordError, Signer, possession_message};
use clap::Args;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook key add --as wen\n  deedbook key add --as wen --new-key ~/.ssh/id_ed25519";

/// Add a further key to a party
///
/// Signed with a key that the party has; the new key proves by a signature of its own that the party
/// holds it.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The private key to add [default: a new one named after the party]
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// Protect the new key with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long, conflicts_with = "new_key")]
    passphrase: bool,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let party = recorder.party()?.id;
        let handle = recorder.handle().clone();
        let (key, made) = match &self.new_key {
            Some(path) => (session.key_file(path)?, None),
            None => {
                let name = free_name(session, handle.as_str())?;
                let (key, path) = session.new_key(&name, self.passphrase)?;
                (key, Some(path))
            }
        };
        let public = key.public_key();
        let kid = public.thumbprint();
        let possession = key
            .sign(&possession_message(party, kid))
            .map_err(|error| RecordError::Key { reason: error.to_string() })?;
        let record = KeyAdded { key: public, possession };
        let registered = recorder.record(record, Vec::new());
        if let (Err(error), Some(path)) = (&registered, &made)
            && is_refusal(error)
        {
            // Nothing was recorded, so that nothing needs the key.
            KeyFile::remove(path)?;
        }
        let mut entered = Entered::new(registered?, format!("`{handle}` has a further key"))
            .named("kid", kid.to_string())
            .named("party", handle.to_string())
            .field("key id", kid);
        if let Some(path) = made {
            entered = entered.named("key", path.to_string_lossy()).field("key", path.display());
        }
        if recorder.on().is_some() {
            entered = entered.warning(
                "a key is valid from its registration, so `--on` changes nothing".to_owned(),
            );
        }
        Ok(entered.into())
    }
}

/// The first of `wen-2`, `wen-3` and so on that is not there yet.
fn free_name(session: &Session<'_>, handle: &str) -> Result<String, CliError> {
    let keys = session.keys();
    let mut number = 2_u32;
    loop {
        let name = format!("{handle}-{number}");
        if !keys.path_of(&name)?.exists() {
            return Ok(name);
        }
        number += 1;
    }
}
