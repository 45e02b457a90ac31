//! `key revoke`: ends a key.

use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::record::{KeyRevoked, Note, Thumbprint};
use clap::Args;

/// Most keys of one party that are looked at.
const MAX_KEYS: usize = 1000;

const EXAMPLE: &str = "Example:\n  deedbook key revoke 496bd8af --as wen --reason \"laptop lost\"";

/// Revoke a key of a party
///
/// What it signed and had registered before stays valid; what comes after does not. The last key of a
/// party cannot be revoked: add another first.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The thumbprint of the key or its first digits, as `key list` shows it
    #[arg(value_name = "KID")]
    kid: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let reason = Note::new(self.reason.as_str())?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let kid = match self.kid.parse() {
            Ok(kid) => kid,
            Err(_) => find(&recorder, &self.kid)?,
        };
        let registered = recorder.record(KeyRevoked { kid, reason }, Vec::new())?;
        let sentence = format!("`{}` has revoked a key", recorder.handle());
        let mut entered =
            Entered::new(registered, sentence).named("kid", kid.to_string()).field("key id", kid);
        if recorder.on().is_some() {
            entered = entered.warning(
                "a revocation takes effect when it is registered, so `--on` changes nothing"
                    .to_owned(),
            );
        }
        Ok(entered.into())
    }
}

/// The key of the party whose thumbprint begins with these digits.
fn find(recorder: &Recorder<'_>, digits: &str) -> Result<Thumbprint, CliError> {
    let party = recorder.party()?;
    let reader = recorder.ledger("the keys of the party")?.read()?;
    let keys = reader.keys_of(party.entry, MAX_KEYS)?;
    let matching = |kid: &Thumbprint| !digits.is_empty() && kid.to_string().starts_with(digits);
    let found: Vec<Thumbprint> = keys.iter().map(|row| row.kid).filter(matching).collect();
    match found.as_slice() {
        [kid] => Ok(*kid),
        [] => Err(CliError::NotFound {
            found: digits.into(),
            needed: "a key of the party",
            hint: format!("`deedbook key list {}` shows them", party.handle),
        }),
        several => Err(CliError::Ambiguous {
            found: digits.into(),
            candidates: format!("{} keys of `{}`", several.len(), party.handle),
        }),
    }
}
