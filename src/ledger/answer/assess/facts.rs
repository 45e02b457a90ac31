//! What the ledger holds about how a work was made, as the checklist takes it in.

use super::super::attested::{Attested, attested};
use super::super::{AnswerError, Names};
use crate::admission::View as _;
use crate::record::{EntryNumber, Manner, Record, Step, Timestamp, Work};
use crate::store::Reader;
use std::collections::BTreeSet;

/// Sessions of one work that are looked at, and statements of steps of each.
const MAX_SESSIONS: usize = 20;
const MAX_STEP_STATEMENTS: usize = 1000;
/// Steps that are looked at.
const MAX_STEPS: usize = 20_000;

/// The facts of one creation.
#[derive(Clone, Debug)]
pub(super) struct CreationFacts {
    /// The registration.
    pub(super) entry: EntryNumber,
    /// What it says.
    pub(super) work: Work,
    /// What providers attest of its files.
    pub(super) attested: Attested,
    /// The contract under which it was made.
    pub(super) accepted: Option<Accepted>,
    /// The steps of the sessions out of which its files came, each with the entry that tells it.
    pub(super) steps: Vec<(EntryNumber, Step)>,
    /// Signatures of co-creators under the split.
    pub(super) splits: Vec<EntryNumber>,
}

/// How terms were accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) entry: EntryNumber,
    pub(super) terms: String,
    pub(super) manner: Manner,
    pub(super) shown_at: Timestamp,
    pub(super) acknowledged: usize,
    pub(super) clauses: usize,
}

impl CreationFacts {
    /// The facts that were registered by a moment.
    pub(super) fn of(
        names: &Names<'_>,
        entry: EntryNumber,
        known_at: Timestamp,
    ) -> Result<Self, AnswerError> {
        let reader = names.reader();
        let statement = reader.statement(entry)?;
        let Record::Work(work) = statement.record() else {
            return Err(AnswerError::NoEntry { entry, size: reader.size()? });
        };
        let work = work.clone();
        let attested = attested(names, entry, &work, known_at)?;
        let mut splits = Vec::new();
        for about in reader.about(entry, MAX_STEP_STATEMENTS)? {
            let is_split = matches!(reader.statement(about)?.record(), Record::SplitAgreed(_));
            if is_split && reader.registered_at(about)? <= known_at {
                splits.push(about);
            }
        }
        let accepted = accepted(names, entry)?;
        let steps = steps(reader, &work, known_at)?;
        Ok(Self { entry, work, attested, accepted, steps, splits })
    }
}

fn accepted(names: &Names<'_>, work: EntryNumber) -> Result<Option<Accepted>, AnswerError> {
    let Some(entry) = names.work(work)?.contract else {
        return Ok(None);
    };
    let statement = names.reader().statement(entry)?;
    let Record::Contract(contract) = statement.record() else {
        return Ok(None);
    };
    let row = names.contract(entry)?;
    let terms = names.terms(row.terms)?;
    Ok(Some(Accepted {
        entry,
        terms: names.terms_label(row.terms)?.name,
        manner: contract.notice.manner,
        shown_at: contract.notice.shown_at,
        acknowledged: contract.acknowledged.len(),
        clauses: terms.terms.clauses.len(),
    }))
}

/// The steps by creators of the work, in order of entries.
fn steps(
    reader: &Reader<'_>,
    work: &Work,
    known_at: Timestamp,
) -> Result<Vec<(EntryNumber, Step)>, AnswerError> {
    let mut sessions = BTreeSet::new();
    for content in &work.contents {
        sessions.extend(reader.sessions_with(&content.digest, MAX_SESSIONS)?);
    }
    let mut creators = BTreeSet::new();
    for creator in &work.creators {
        creators.extend(reader.entry(&creator.party)?);
    }
    let mut steps = Vec::new();
    for session in sessions.into_iter().take(MAX_SESSIONS) {
        for entry in reader.about(session, MAX_STEP_STATEMENTS)? {
            let Some(row) = reader.entry_row(entry)? else { continue };
            let is_theirs = row.signer.is_some_and(|signer| creators.contains(&signer));
            if !is_theirs || row.registered_at > known_at || steps.len() >= MAX_STEPS {
                continue;
            }
            if let Record::SessionSteps(told) = reader.statement(entry)?.record() {
                steps.extend(told.steps.iter().map(|step| (entry, step.clone())));
            }
        }
    }
    Ok(steps)
}
