//! Every fact about a work, a contract, a party or terms, in the order in which the ledger learned
//! of it.

use super::owner::{chain, changes};
use super::{AnswerError, ChangeOfTitle, Moments, Names, json, sentence};
use crate::admission::View;
use crate::record::{
    EntryNumber, FeeUnit, Form, Handle, Kind, RecordId, Statement, Thumbprint, Timestamp,
};
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

/// One entry, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// The kind of its record.
    #[serde(serialize_with = "json::text")]
    pub kind: Kind,
    /// What it says.
    pub sentence: String,
    /// How title passed by it; only in the history of a work.
    pub title: Vec<ChangeOfTitle>,
    /// Who signed it: a handle, or the origin of the ledger.
    pub signer: String,
    /// The key that signed it.
    #[serde(serialize_with = "json::text")]
    pub key: Thumbprint,
    /// The entry that revoked that key afterwards; what it had signed before stays valid.
    pub key_revoked_by: Option<EntryNumber>,
    /// When it took effect, as it says; nothing where it takes effect when it is registered.
    #[serde(serialize_with = "json::optional_text")]
    pub effective_at: Option<Timestamp>,
    /// When it was signed, as the signer says.
    #[serde(serialize_with = "json::text")]
    pub signed_at: Timestamp,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// The facts about an entry that had taken effect and were known then, `limit` at most.
///
/// For a work that is its registration and every entry about it, the contract under which it was
/// made and its terms, the payments for that contract as a whole, and registrations of the same
/// content by others.
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
        | Kind::Confirmation
        | Kind::Account
        | Kind::Correction
        | Kind::Opening
        | Kind::OpeningAgreed
        | Kind::ExchangeRate
        | Kind::StatementClosed
        | Kind::StatementAccepted
        | Kind::StatementDisputed => {}
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
    for conflict in reader.conflicts_of(work, limit)? {
        entries.extend([conflict.entry, conflict.earlier]);
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
    let header = statement.header();
    let signer = match row.signer {
        Some(party) => names.handle(party).map(Handle::into)?,
        None => header.issuer.clone(),
    };
    let key = View::key(names.reader(), &header.kid)?;
    Ok(Fact {
        entry,
        id: row.id,
        kind: row.kind,
        sentence: sentence(&statement, names)?,
        title: passings.iter().filter(|passing| passing.entry == entry).cloned().collect(),
        signer,
        key: header.kid,
        key_revoked_by: key.and_then(|key| key.revoked_by),
        effective_at: statement.record().effective_at(),
        signed_at: Timestamp::from_millis(header.issued_at_s.saturating_mul(1000))?,
        registered_at: row.registered_at,
    })
}
