//! `party add`: enrols a party.

use super::recorder::{Recorder, open_ledger};
use super::registered::Entered;
use super::signing::StatementArguments;
use super::{CliError, Output, Session};
use crate::admission::{Refusal, View};
use crate::keys::KeyFile;
use crate::ledger::{Ledger, LedgerError};
use crate::record::{Handle, Party, Roles, Signer};
use clap::Args;

const EXAMPLE: &str = "Example:\n  deedbook party add wen --role creator\n  deedbook party add northlight --role provider --key ~/.ssh/id_ed25519";

/// Enrol a party with its first key
///
/// Makes a new key in the key directory unless `--key` names one, such as an SSH key you have. The
/// handle is a pseudonym: whom it stands for is kept apart from the register.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The handle: a-z, 0-9 and hyphens
    handle: String,
    /// What the party may be: creator, provider, designer, data-provider, licensee, arbiter
    #[arg(long = "role", value_name = "ROLE[,ROLE]")]
    roles: String,
    /// Protect the new key with a passphrase, asked twice or taken from $DEEDBOOK_PASSPHRASE
    #[arg(long, conflicts_with = "key")]
    passphrase: bool,
    #[command(flatten)]
    statement: StatementArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let handle: Handle = self.handle.parse()?;
        let roles: Roles = self.roles.parse()?;
        let on = super::on::On::parse(self.statement.on.as_deref())?;
        let ledger = open_ledger(session, &self.statement)?;
        if let Some(ledger) = &ledger {
            check_free(ledger, &handle)?;
        }
        let (key, made) = match &self.statement.key {
            Some(path) => (session.key_file(path)?, None),
            None => {
                let path = session.keys().path_of(handle.as_str())?;
                if path.exists() {
                    return Err(CliError::KeyThere { path });
                }
                let (key, path) = session.new_key(handle.as_str(), self.passphrase)?;
                (key, Some(path))
            }
        };
        let public = key.public_key();
        let mut recorder =
            Recorder::enrolling(session, &self.statement, ledger, handle.clone(), key);
        let party = Party { key: public, roles: roles.clone(), handle: handle.clone() };
        let registered = recorder.record(party, Vec::new());
        if let (Err(error), Some(path)) = (&registered, &made)
            && is_refusal(error)
        {
            // Nothing was recorded, so that nothing needs the key.
            KeyFile::remove(path)?;
        }
        let registered = registered?;
        let mut entered = Entered::new(registered, format!("`{handle}` is enrolled as {roles}"))
            .named("party", handle.to_string())
            .named("handle", handle.to_string())
            .named("kid", public.thumbprint().to_string())
            .field("key id", public.thumbprint());
        if let Some(path) = made {
            entered = entered.named("key", path.to_string_lossy()).field("key", path.display());
        }
        if on.is_some() {
            entered = entered.warning(
                "an enrolment takes effect when it is registered, so `--on` changes nothing"
                    .to_owned(),
            );
        }
        Ok(entered.into())
    }
}

/// Refuses a handle that is taken, as admission would, before a key is made for it.
fn check_free(ledger: &Ledger, handle: &Handle) -> Result<(), CliError> {
    let Some(entry) = ledger.read()?.party_named(handle)? else {
        return Ok(());
    };
    let handle = handle.clone();
    let refusal = Box::new(Refusal::HandleTaken { handle, entry });
    Err(LedgerError::Refused { position: 0, refusal }.into())
}

/// Whether it is certain that nothing was recorded: the ledger may answer with an error of another
/// kind after it has committed.
pub(super) fn is_refusal(error: &CliError) -> bool {
    match error {
        CliError::Ledger(error) => {
            matches!(**error, LedgerError::Refused { .. } | LedgerError::Record { .. })
        }
        other => matches!(
            other,
            CliError::Record(_) | CliError::FileExists { .. } | CliError::File { .. }
        ),
    }
}
