//! Gathering what a bundle of evidence needs: every entry that concerns a work, a contract or a
//! party, and the entries that those rest on, back to the opening of the ledger.
//!
//! It follows indexes from the subject and never goes through the log, so that the cost is that of
//! what it finds. It does not decide what is true of it: that is for who reads the bundle.

mod basis;
mod error;
mod thread;

pub use error::GatherError;

use crate::admission::View as _;
use crate::evidence::{MAX_ENTRIES, Selection, Subject, SubjectKind};
use crate::record::{Digest, EntryNumber, Kind, Record};
use crate::store::{EntryRow, Reader};
use basis::Basis;
use std::collections::BTreeMap;
use thread::Threads;

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
    /// The closed statements of account among them: closing, contract.
    pub closings: Vec<(EntryNumber, EntryNumber)>,
}

/// Everything that concerns a work, a contract or a party, with what it rests on.
///
/// Of a work that is its registration and every entry about it, conflicting registrations of the
/// same content, and the payments for its contract as a whole. Of a contract, every entry about it
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
        SubjectKind::Work => threads.work(subject)?,
        SubjectKind::Contract => threads.contract(subject)?,
        SubjectKind::Party => threads.party(subject)?,
    }
    let (concerns, works) = threads.finish();
    let Basis { rows, texts } = Basis::of(reader, &concerns)?;
    let supports = rows.keys().filter(|entry| !concerns.contains(entry)).copied().collect();
    let mut closings = Vec::new();
    for (row, statement) in rows.values() {
        if let Record::StatementClosed(closed) = statement.record()
            && let Some(contract) = reader.entry_number(&closed.contract)?
        {
            closings.push((row.number, contract));
        }
    }
    let id = rows.get(&subject).map(|(row, _)| row.id);
    let id = id.ok_or(GatherError::NotASubject { entry: subject, found })?;
    Ok(Gathered {
        subject: Subject { kind, entry: subject, id },
        selection: Selection { concerns, supports, works },
        rows: rows.into_values().map(|(row, _)| row).collect(),
        texts,
        closings,
    })
}

/// More than a bundle can have is refused before it is read.
fn check_count(found: usize) -> Result<(), GatherError> {
    if found > MAX_ENTRIES {
        return Err(GatherError::TooMany { found });
    }
    Ok(())
}
