//! The policy of a ledger: the file beside it that names its witnesses and how many are enough. It is
//! a policy file like any other, so that a verifier takes it as it is.

use super::{CliError, Session};
use crate::file::{appended, sync_directory_of};
use crate::intake::read_short_file;
use crate::ledger::Ledger;
use crate::tlog::{MAX_POLICY_SIZE_BYTES, PolicyWitness, WitnessPolicy};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// Reads a policy.
pub(super) fn read(path: &Path) -> Result<WitnessPolicy, CliError> {
    let bytes = read_short_file(path, MAX_POLICY_SIZE_BYTES as u64)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| CliError::NotText { path: path.to_owned() })?;
    WitnessPolicy::from_toml(&text)
        .map_err(|error| CliError::Policy { path: path.to_owned(), error: Box::new(error.into()) })
}

/// The policy of the ledger; one without witnesses where there is no file.
pub(super) fn of_ledger(session: &Session<'_>, ledger: &Ledger) -> Result<WitnessPolicy, CliError> {
    let path = session.witnesses_path();
    if !path.exists() {
        return with(ledger, path, Vec::new(), 0);
    }
    let policy = read(path)?;
    if !policy.ledgers().contains(ledger.verifier()) {
        return Err(CliError::PolicyOfOther { path: path.to_owned() });
    }
    Ok(policy)
}

/// The policy of the ledger with these witnesses.
pub(super) fn with(
    ledger: &Ledger,
    path: &Path,
    witnesses: Vec<PolicyWitness>,
    quorum: usize,
) -> Result<WitnessPolicy, CliError> {
    let ledgers = vec![ledger.verifier().clone()];
    WitnessPolicy::new(ledgers, witnesses, quorum)
        .map_err(|error| CliError::Policy { path: path.to_owned(), error: Box::new(error.into()) })
}

/// Writes the policy of the ledger; a reader finds the old one or the new one.
pub(super) fn write(session: &Session<'_>, policy: &WitnessPolicy) -> Result<(), CliError> {
    let path = session.witnesses_path();
    let new = appended(path, ".new");
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(true).open(&new);
    let mut file = opened.map_err(CliError::file("write", &new))?;
    file.write_all(policy.to_toml().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&new, path))
        .and_then(|()| sync_directory_of(path))
        .map_err(CliError::file("write", path))
}
