//! What every asking command does first: open the ledger, read the dates, find what is meant.

use super::{CliError, Session};
use crate::intake::Content;
use crate::ledger::Ledger;
use crate::ledger::answer::{Moments, Needed, resolve};
use crate::record::{Digest, EntryNumber, Timestamp};
use crate::store::Reader;
use std::ffi::OsStr;
use std::path::Path;

/// The ledger, opened to be asked.
pub(super) struct Question {
    ledger: Ledger,
}

impl Question {
    /// Opens the ledger.
    pub(super) fn open(session: &Session<'_>) -> Result<Self, CliError> {
        Ok(Self { ledger: session.read()? })
    }

    /// What is asked.
    pub(super) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// One consistent snapshot of it.
    pub(super) fn reader(&self) -> Result<Reader<'_>, CliError> {
        Ok(self.ledger.read()?)
    }

    /// What a reference means, whoever asks.
    pub(super) fn entry(
        &self,
        reader: &Reader<'_>,
        typed: &OsStr,
        needed: Needed,
    ) -> Result<EntryNumber, CliError> {
        resolve(reader, typed, needed, None, digest_of)
    }

    /// The two moments of a question; a date stands for the end of that day.
    pub(super) fn moments(
        &self,
        reader: &Reader<'_>,
        as_of: Option<&str>,
        known_at: Option<&str>,
    ) -> Result<Moments, CliError> {
        let (as_of, known_at) = (end(as_of)?, end(known_at)?);
        Ok(Moments::new(reader, as_of, known_at, self.ledger.now())?)
    }
}

/// The digest of a file, by which its work is found.
pub(super) fn digest_of(path: &Path) -> Result<Digest, CliError> {
    Ok(Content::read(path)?.digest)
}

/// The last moment that a date covers.
pub(super) fn end(date: Option<&str>) -> Result<Option<Timestamp>, CliError> {
    Ok(date.map(Timestamp::parse_end).transpose()?)
}

/// The first moment that a date covers.
pub(super) fn start(date: Option<&str>) -> Result<Option<Timestamp>, CliError> {
    Ok(date.map(Timestamp::parse_start).transpose()?)
}

/// The first digits of an identifier, as text for people shows it.
pub(super) fn short(id: impl ToString) -> String {
    let mut text = id.to_string();
    text.truncate(8);
    text.push('…');
    text
}

/// An answer that serializes, as the object of `--json`.
pub(super) fn object(answer: &impl serde::Serialize) -> serde_json::Value {
    // Every answer is made of texts, numbers and lists, which serialize.
    serde_json::to_value(answer).unwrap_or_default()
}
