//! `key list`: the keys here and in the ledger.

use super::question::digest_of;
use super::{Align, CliError, Output, Session, Table, Text};
use crate::admission::View;
use crate::keys::ListedKey;
use crate::ledger::Ledger;
use crate::ledger::answer::{self, Needed};
use crate::record::{EntryNumber, Handle, Thumbprint};
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsStr;

/// Most keys of one party that are listed.
const MAX_KEYS: usize = 1000;
/// Digits of a thumbprint that are shown; enough to tell any keys apart.
const SHOWN_DIGITS: usize = 16;

const EXAMPLE: &str = "Example:\n  deedbook key list\n  deedbook key list wen";

/// List the keys of the key directory and of the ledger
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Only keys of this party
    #[arg(value_name = "PARTY")]
    party: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let ledger = session.read_if_there()?;
        let named = |typed: &str| handle_of(typed, ledger.as_ref());
        let party: Option<Handle> = self.party.as_deref().map(named).transpose()?;
        let local = session.keys().list()?;
        let mut keys = Vec::new();
        for key in &local {
            keys.push(Listed::local(key, ledger.as_ref())?);
        }
        if let Some(handle) = party {
            keys.retain(|key| key.party.as_ref() == Some(&handle));
            let ledger = ledger.as_ref();
            let ledger = ledger.ok_or_else(|| CliError::LedgerNeeded {
                path: session.ledger_path().to_owned(),
                needed: "which keys the party has",
            })?;
            elsewhere(ledger, &handle, &mut keys)?;
        }
        Ok(Keys(keys).into())
    }
}

/// The handle that was typed, or that of the party that another reference means.
fn handle_of(typed: &str, ledger: Option<&Ledger>) -> Result<Handle, CliError> {
    let handle: Result<Handle, _> = typed.parse();
    let (Err(malformed), Some(ledger)) = (&handle, ledger) else {
        return Ok(handle?);
    };
    let reader = ledger.read()?;
    let entry = answer::resolve(&reader, OsStr::new(typed), Needed::Party, None, digest_of)?;
    let party = reader.party(entry)?;
    party.map(|party| party.handle).ok_or_else(|| malformed.clone().into())
}

/// Adds the keys of the party that are not in the directory.
fn elsewhere(ledger: &Ledger, handle: &Handle, keys: &mut Vec<Listed>) -> Result<(), CliError> {
    let reader = ledger.read()?;
    let Some(party) = reader.party_named(handle)? else {
        let handle = handle.clone();
        return Err(CliError::UnknownParty { handle });
    };
    for row in reader.keys_of(party, MAX_KEYS)? {
        if keys.iter().any(|key| key.kid == row.kid) {
            continue;
        }
        let revoked_by = reader.key(&row.kid)?.and_then(|facts| facts.revoked_by);
        keys.push(Listed {
            name: None,
            kid: row.kid,
            algorithm: row.algorithm.to_string(),
            encrypted: None,
            party: Some(handle.clone()),
            revoked_by,
        });
    }
    Ok(())
}

/// A key of the directory, of the ledger, or of both.
struct Listed {
    name: Option<String>,
    kid: Thumbprint,
    algorithm: String,
    encrypted: Option<bool>,
    party: Option<Handle>,
    revoked_by: Option<EntryNumber>,
}

impl Listed {
    fn local(key: &ListedKey, ledger: Option<&Ledger>) -> Result<Self, CliError> {
        let mut listed = Self {
            name: Some(key.name.clone()),
            kid: key.thumbprint,
            algorithm: key.algorithm.to_string(),
            encrypted: Some(key.encrypted),
            party: None,
            revoked_by: None,
        };
        let Some(ledger) = ledger else {
            return Ok(listed);
        };
        let reader = ledger.read()?;
        if let Some(facts) = reader.key(&key.thumbprint)? {
            listed.party = reader.party(facts.party)?.map(|party| party.handle);
            listed.revoked_by = facts.revoked_by;
        }
        Ok(listed)
    }

    const fn status(&self) -> &'static str {
        match (&self.party, self.revoked_by) {
            (None, _) => "unregistered",
            (Some(_), None) => "valid",
            (Some(_), Some(_)) => "revoked",
        }
    }
}

struct Keys(Vec<Listed>);

impl Output for Keys {
    fn json(&self) -> Value {
        let key = |key: &Listed| {
            json!({
                "name": key.name,
                "kid": key.kid.to_string(),
                "algorithm": key.algorithm,
                "encrypted": key.encrypted,
                "party": key.party.as_ref().map(Handle::as_str),
                "status": key.status(),
                "revoked_by": key.revoked_by.map(EntryNumber::get),
            })
        };
        json!({ "keys": self.0.iter().map(key).collect::<Vec<_>>() })
    }

    fn text(&self, text: &mut Text) {
        if self.0.is_empty() {
            text.line("no keys; `deedbook party add` and `deedbook key new` make some");
            return;
        }
        let columns = ["file", "key id", "algorithm", "passphrase", "party", "status"];
        let mut table = Table::new(columns.map(|name| (name, Align::Left)));
        for key in &self.0 {
            let passphrase = match key.encrypted {
                Some(true) => "yes",
                Some(false) => "no",
                None => "-",
            };
            let kid = key.kid.to_string();
            let status = match key.revoked_by {
                Some(entry) => format!("revoked by {entry}"),
                None => key.status().to_owned(),
            };
            table.row([
                key.name.as_deref().unwrap_or("elsewhere"),
                &kid[..SHOWN_DIGITS],
                &key.algorithm,
                passphrase,
                key.party.as_ref().map_or("-", Handle::as_str),
                &status,
            ]);
        }
        text.table(table);
    }
}
