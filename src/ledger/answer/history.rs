//! Every fact about a work, a contract, a party or terms, in the order in which the ledger learned
//! of it.

use super::owner::{chain, changes};
use super::{AnswerError, ChangeOfTitle, Moments, Names, json, sessions_of};
use crate::admission::View;
use crate::narration::Fact;
use crate::record::{EntryNumber, FeeUnit, Form, Kind, Record, RecordId, Statement};
use crate::store::{EntryRow, Reader, StoreError};
use serde::Serialize;
use std::collections::BTreeSet;

/// Facts that one answer shows, where nothing else is asked for.
pub const MAX_FACTS: usize = 1000;

/// What the ledger holds about something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct History {
    /// What it is about, in words.
    pub about: String,
    /// Its entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// The facts, in order of entries.
    pub facts: Vec<Fact>,
    /// Whether there are more facts than are shown.
    pub truncated: bool,
}

/// The facts about an entry that had taken effect and were known then, `limit` at most.
///
/// For a work that is its registration and every entry about it, the contract under which it was
/// made and its terms, the payments for that contract as a whole, registrations of the same content
/// by others, and the sessions out of which its files came, with every step.
///
/// # Errors
/// An entry that is not there; a ledger that cannot be read.
pub fn history(
    reader: &Reader<'_>,
    about: EntryNumber,
    moments: Moments,
    limit: usize,
) -> Result<History, AnswerError> {
    let names = Names::new(reader);
    let size = reader.size()?;
    let Some(kind) = View::kind(reader, about)? else {
        return Err(AnswerError::NoEntry { entry: about, size });
    };
    let mut entries: BTreeSet<EntryNumber> = BTreeSet::from([about]);
    // One more than is shown tells whether there are more.
    let limit_read = limit.saturating_add(1);
    entries.extend(reader.about(about, limit_read)?);
    let mut passings = Vec::new();
    match kind {
        Kind::Work => {
            entries.extend(threads_of_work(&names, about, limit_read)?);
            let title = chain(reader, &names.work(about)?, Moments::ALL)?;
            passings = title.map_or(Ok(Vec::new()), |title| changes(&names, &title))?;
        }
        Kind::Contract => {
            entries.insert(names.contract(about)?.terms);
        }
        Kind::Party => entries.extend(reader.entries_by_signer(about, limit_read)?),
        Kind::Payment => {
            let payment = names.payment(about)?;
            entries.extend([payment.contract].into_iter().chain(payment.work));
        }
        Kind::Ledger
        | Kind::KeyAdded
        | Kind::KeyRevoked
        | Kind::Terms
        | Kind::TermsWithdrawn
        | Kind::SplitAgreed
        | Kind::Assignment
        | Kind::Licence
        | Kind::Attestation
        | Kind::Labelled
        | Kind::Confirmation
        | Kind::Account
        | Kind::Correction
        | Kind::Opening
        | Kind::OpeningAgreed
        | Kind::ExchangeRate
        | Kind::StatementClosed
        | Kind::StatementAccepted
        | Kind::StatementDisputed
        | Kind::SessionStarted
        | Kind::SessionSteps
        | Kind::SessionStopped => {}
    }
    let mut facts = Vec::new();
    let mut truncated = false;
    for entry in entries {
        let fact = fact(&names, entry, &passings)?;
        let took_effect = fact.effective_at.unwrap_or(fact.registered_at) <= moments.as_of;
        if !took_effect || fact.registered_at > moments.known_at {
            continue;
        }
        if facts.len() == limit {
            truncated = true;
            break;
        }
        facts.push(fact);
    }
    Ok(History { about: names.of(about)?, entry: about, id: names.id(about)?, facts, truncated })
}

/// The entries that bear on a work without naming it.
fn threads_of_work(
    names: &Names<'_>,
    work: EntryNumber,
    limit: usize,
) -> Result<Vec<EntryNumber>, AnswerError> {
    let reader = names.reader();
    let mut entries = Vec::new();
    if let Record::Work(work) = reader.statement(work)?.record() {
        for session in sessions_of(reader, &work.contents)? {
            entries.push(session);
            entries.extend(reader.about(session, limit)?);
        }
    }
    for conflict in reader.conflicts_of(work, limit)? {
        entries.extend([conflict.entry, conflict.earlier]);
    }
    if let Record::Work(registered) = reader.statement(work)?.record() {
        for content in &registered.contents {
            let attested = reader.attested_with(&content.digest, limit)?;
            entries.extend(attested.into_iter().map(|row| row.entry));
        }
    }
    let Some(contract) = names.work(work)?.contract else {
        return Ok(entries);
    };
    let row = names.contract(contract)?;
    entries.extend([contract, row.terms]);
    let per_work = match &names.terms(row.terms)?.terms.form {
        Form::FeeForAssignment(fee) => fee.unit == FeeUnit::Work,
        Form::ProfitShare(_) => false,
    };
    if !per_work {
        for payment in reader.payments_under(contract, limit)? {
            if payment.work.is_none() {
                entries.push(payment.entry);
                entries.extend(reader.confirmation(payment.entry)?);
            }
        }
    }
    Ok(entries)
}

/// The row of an entry and its statement, decoded.
pub(super) fn read(
    reader: &Reader<'_>,
    entry: EntryNumber,
) -> Result<(EntryRow, Statement), AnswerError> {
    let size = reader.size()?;
    let row = reader.entry_row(entry)?;
    let row = row.ok_or(AnswerError::NoEntry { entry, size })?;
    let statement = Statement::decode(&row.statement)
        .map_err(|error| StoreError::Statement { entry, error })?;
    Ok((row, statement))
}

/// One entry as a fact.
pub(super) fn fact(
    names: &Names<'_>,
    entry: EntryNumber,
    passings: &[ChangeOfTitle],
) -> Result<Fact, AnswerError> {
    let (row, statement) = read(names.reader(), entry)?;
    let key = View::key(names.reader(), &statement.header().kid)?;
    let key_revoked_by = key.and_then(|key| key.revoked_by);
    Fact::of(names, (entry, row.registered_at), &statement, passings, key_revoked_by)
}
