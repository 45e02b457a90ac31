//! What the ledger holds about how a work was made, as the checklist takes it in.

use super::super::attested::{Attested, attested};
use super::super::{AnswerError, Names};
use crate::admission::View as _;
use crate::record::{EntryNumber, Labelled, Manner, Record, Step, Timestamp, Work};
use crate::store::Reader;
use std::collections::BTreeSet;

/// Sessions of one work that are looked at, and statements of steps of each.
const MAX_SESSIONS: usize = 20;
const MAX_STEP_STATEMENTS: usize = 1000;
/// Labelled copies of one file that are looked at.
const MAX_LABELS: usize = 1000;
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
    /// When the ledger learned of it.
    pub(super) registered_at: Timestamp,
    /// The contracts under which it was made: that of the registration, later versions of its terms, and
    /// those under which its sessions were begun; none twice.
    pub(super) accepted: Vec<Accepted>,
    /// Copies of its files that were labelled as generated.
    pub(super) labelled: Vec<LabelledFile>,
    /// The steps of the sessions out of which its files came.
    pub(super) steps: Vec<ToldStep>,
    /// Signatures of co-creators under the split.
    pub(super) splits: Vec<EntryNumber>,
}

/// A step with when it was told.
#[derive(Clone, Debug)]
pub(super) struct ToldStep {
    /// The entry that tells it.
    pub(super) entry: EntryNumber,
    /// When the ledger took that in.
    pub(super) registered_at: Timestamp,
    /// The step.
    pub(super) step: Step,
}

/// How terms were accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) entry: EntryNumber,
    pub(super) ground: Ground,
    pub(super) terms: String,
    pub(super) manner: Manner,
    pub(super) shown_at: Timestamp,
    pub(super) effective_at: Timestamp,
    pub(super) acknowledged: usize,
    pub(super) clauses: usize,
}

/// What a contract has to do with a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// The registration names it.
    Named,
    /// The contract that was made first, on which the one that is named goes on.
    First,
    /// A later version of its terms.
    Amendment,
    /// A session of the work was begun under it.
    Session,
}

/// A labelled copy of a file of the work.
#[derive(Clone, Debug)]
pub(super) struct LabelledFile {
    pub(super) entry: EntryNumber,
    pub(super) labelled: Labelled,
    pub(super) party: String,
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
        let registered_at = reader.registered_at(entry)?;
        if registered_at > known_at {
            let (made_at, as_of) = (work.effective_at, work.effective_at);
            let work = format!("work \"{}\" ({entry})", work.title);
            return Err(AnswerError::NotYet { work, made_at, registered_at, as_of, known_at });
        }
        let attested = attested(names, entry, &work, known_at)?;
        let mut splits = Vec::new();
        for about in reader.about(entry, MAX_STEP_STATEMENTS)? {
            let is_split = matches!(reader.statement(about)?.record(), Record::SplitAgreed(_));
            if is_split && reader.registered_at(about)? <= known_at {
                splits.push(about);
            }
        }
        let told = told(names, &work, known_at)?;
        let accepted = accepted(names, entry, &work, &told, known_at)?;
        let labelled = labelled(reader, entry, &work, known_at)?;
        let Told { steps, .. } = told;
        Ok(Self { entry, work, registered_at, attested, accepted, labelled, steps, splits })
    }
}

/// The contracts of a work that were registered by then, in the order of their grounds.
fn accepted(
    names: &Names<'_>,
    work: EntryNumber,
    record: &Work,
    told: &Told,
    known_at: Timestamp,
) -> Result<Vec<Accepted>, AnswerError> {
    let mut grounds = Vec::new();
    if let Some(named) = record.contract {
        grounds.push((names.entry(named)?, Ground::Named));
    }
    if let Some(first) = names.work(work)?.contract {
        grounds.push((first, Ground::First));
        let amendments = names.reader().amendments_of(first)?;
        grounds.extend(amendments.iter().map(|row| (row.entry, Ground::Amendment)));
    }
    grounds.extend(told.contracts.iter().map(|entry| (*entry, Ground::Session)));
    let mut seen = BTreeSet::new();
    let mut accepted = Vec::new();
    for (entry, ground) in grounds {
        if seen.insert(entry) && names.registered_at(entry)? <= known_at {
            accepted.extend(acceptance(names, entry, ground)?);
        }
    }
    Ok(accepted)
}

fn acceptance(
    names: &Names<'_>,
    entry: EntryNumber,
    ground: Ground,
) -> Result<Option<Accepted>, AnswerError> {
    let statement = names.reader().statement(entry)?;
    let Record::Contract(contract) = statement.record() else {
        return Ok(None);
    };
    let row = names.contract(entry)?;
    Ok(Some(Accepted {
        entry,
        ground,
        terms: names.terms_label(row.terms)?.name,
        manner: contract.notice.manner,
        shown_at: contract.notice.shown_at,
        effective_at: row.effective_at,
        acknowledged: contract.acknowledged.len(),
        clauses: names.terms(row.terms)?.terms.clauses.len(),
    }))
}

/// The log of labelling, as far as it names the work or one of its files, in order of entries.
fn labelled(
    reader: &Reader<'_>,
    work: EntryNumber,
    record: &Work,
    known_at: Timestamp,
) -> Result<Vec<LabelledFile>, AnswerError> {
    let mut entries: BTreeSet<EntryNumber> =
        reader.about(work, MAX_STEP_STATEMENTS)?.into_iter().collect();
    for content in &record.contents {
        entries.extend(reader.labels_of(&content.digest, MAX_LABELS)?);
    }
    let mut labelled = Vec::new();
    for entry in entries {
        let statement = reader.statement(entry)?;
        if let Record::Labelled(told) = statement.record()
            && reader.registered_at(entry)? <= known_at
        {
            let party = statement.header().issuer.clone();
            labelled.push(LabelledFile { entry, labelled: told.clone(), party });
        }
    }
    Ok(labelled)
}

/// What sessions tell of a work.
struct Told {
    steps: Vec<ToldStep>,
    contracts: Vec<EntryNumber>,
}

/// The steps by creators of the work in order of entries, and the contracts of those sessions.
fn told(names: &Names<'_>, work: &Work, known_at: Timestamp) -> Result<Told, AnswerError> {
    let reader = names.reader();
    let mut sessions = BTreeSet::new();
    for content in &work.contents {
        sessions.extend(reader.sessions_with(&content.digest, MAX_SESSIONS)?);
    }
    let mut creators = BTreeSet::new();
    for creator in &work.creators {
        creators.extend(reader.entry(&creator.party)?);
    }
    let (mut steps, mut contracts) = (Vec::new(), Vec::new());
    for session in sessions.into_iter().take(MAX_SESSIONS) {
        let row = names.session(session)?;
        if !creators.contains(&row.party) || reader.registered_at(session)? > known_at {
            continue;
        }
        contracts.extend(row.contract);
        for entry in reader.about(session, MAX_STEP_STATEMENTS)? {
            let registered_at = reader.registered_at(entry)?;
            if registered_at > known_at || steps.len() >= MAX_STEPS {
                continue;
            }
            if let Record::SessionSteps(told) = reader.statement(entry)?.record() {
                let told = told.steps.iter().cloned();
                steps.extend(told.map(|step| ToldStep { entry, registered_at, step }));
            }
        }
    }
    Ok(Told { steps, contracts })
}
