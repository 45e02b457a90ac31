//! Gathering what a bundle of evidence needs: every entry that concerns a work, a contract or a
//! party, and the entries that those rest on, back to the opening of the ledger.
//!
//! It follows indexes from the subject and never goes through the log, so that the cost is that of
//! what it finds. It does not decide what is true of it: that is for who reads the bundle.

mod basis;
mod error;
mod seen;
mod thread;

pub use error::GatherError;

use super::answer::{self, Moments};
use crate::admission::View as _;
use crate::evidence::{Draft, DraftEntry, MAX_ENTRIES, Selection, Subject, SubjectKind};
use crate::record::{Digest, Entry, EntryNumber, Kind, Record, SettlementPeriod, StatementClosed};
use crate::royalty::SettlementSpan;
use crate::store::{EntryRow, Reader, StoreError};
use crate::tlog::inclusion_proof;
use basis::Basis;
use std::collections::BTreeMap;
use thread::Threads;

/// By which accounts are settled.
const PERIODS: [SettlementPeriod; 4] = [
    SettlementPeriod::Month,
    SettlementPeriod::Quarter,
    SettlementPeriod::HalfYear,
    SettlementPeriod::Year,
];

/// What was found in one snapshot of a ledger.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What it is about.
    pub subject: Subject,
    /// Which entries it takes, and why.
    pub selection: Selection,
    /// Those entries, in order.
    pub rows: Vec<EntryRow>,
    /// The texts of the standard forms among them.
    pub texts: BTreeMap<Digest, String>,
    /// The figures of closed statements of account, by the entry that closed them, where the ledger
    /// still computes what was signed.
    pub accounts: BTreeMap<EntryNumber, String>,
}

impl Gathered {
    /// The draft of a bundle: with the head of the log, and for each entry the proof that leads
    /// there. Nothing is revealed yet, and there is no page.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn draft(self, reader: &Reader<'_>) -> Result<Draft, GatherError> {
        let head = reader.head()?;
        let numbers = self.rows.iter().map(|row| row.number.get());
        let (checkpoint, earlier) = seen::checkpoints(reader, head.size, numbers)?;
        let entry = |row: EntryRow| {
            Ok(DraftEntry {
                number: row.number,
                leaf: Entry::leaf_data(row.registered_at, &row.statement),
                proof: inclusion_proof(row.number.get(), head.size, reader)?,
            })
        };
        let entries: Result<_, StoreError> = self.rows.into_iter().map(entry).collect();
        Ok(Draft {
            subject: self.subject,
            selection: self.selection,
            checkpoint,
            earlier,
            entries: entries?,
            texts: self.texts,
            accounts: self.accounts,
            openings: Vec::new(),
        })
    }
}

/// Everything that concerns a work, a contract or a party, with what it rests on.
///
/// Of a work that is its registration and every entry about it, conflicting registrations of the
/// same content, the sessions of its creators out of which its files came, and the payments for its contract as a whole; under a share of profit the account of
/// its contract, unless that has more than 4,096 entries. Of a contract, every entry about it
/// and all works under it. Of a party, everything that it signed or that is about it, its contracts
/// and its works.
///
/// # Errors
/// [`GatherError::NotASubject`] for an entry of another kind, [`GatherError::TooMany`] where more
/// entries than a bundle can have bear on it, or a ledger that cannot be read.
pub fn gather(reader: &Reader<'_>, subject: EntryNumber) -> Result<Gathered, GatherError> {
    let found = reader.kind(subject)?;
    let kind = match found {
        Some(Kind::Work) => SubjectKind::Work,
        Some(Kind::Contract) => SubjectKind::Contract,
        Some(Kind::Party) => SubjectKind::Party,
        found => return Err(GatherError::NotASubject { entry: subject, found }),
    };
    let mut threads = Threads::new(reader);
    match kind {
        SubjectKind::Work => {
            threads.work(subject)?;
            threads.account_of(subject)?;
        }
        SubjectKind::Contract => threads.contract(subject)?,
        SubjectKind::Party => threads.party(subject)?,
    }
    let (concerns, works) = threads.finish();
    let Basis { rows, texts } = Basis::of(reader, &concerns)?;
    let supports = rows.keys().filter(|entry| !concerns.contains(entry)).copied().collect();
    let mut accounts = BTreeMap::new();
    for (row, statement) in rows.values() {
        if let Record::StatementClosed(closed) = statement.record()
            && let Some(figures) = figures(reader, closed)?
        {
            accounts.insert(row.number, figures);
        }
    }
    let id = rows.get(&subject).map(|(row, _)| row.id);
    let id = id.ok_or(GatherError::NotASubject { entry: subject, found })?;
    Ok(Gathered {
        subject: Subject { kind, entry: subject, id },
        selection: Selection { concerns, supports, works },
        rows: rows.into_values().map(|(row, _)| row).collect(),
        texts,
        accounts,
    })
}

/// The figures that were closed: those that the ledger computes from what it knew then. Nothing
/// where they are others, as only who closed them could show them.
fn figures(reader: &Reader<'_>, closed: &StatementClosed) -> Result<Option<String>, GatherError> {
    let Some(contract) = reader.entry_number(&closed.contract)? else {
        return Ok(None);
    };
    let mut spans = Vec::new();
    for period in PERIODS {
        spans.push(SettlementSpan::containing(period, closed.starts_at)?);
    }
    let is_closed = |span: &&SettlementSpan| span.end() == closed.ends_at;
    let Some(span) = spans.iter().find(is_closed).copied() else {
        return Ok(None);
    };
    let moments = Moments { as_of: closed.ends_at, known_at: closed.known_at };
    let found = answer::statement(reader, contract, span, moments)?;
    Ok((found.digest() == closed.digest).then(|| found.figures()))
}

/// More than a bundle can have is refused before it is read.
fn check_count(found: usize) -> Result<(), GatherError> {
    if found > MAX_ENTRIES {
        return Err(GatherError::TooMany { found });
    }
    Ok(())
}
