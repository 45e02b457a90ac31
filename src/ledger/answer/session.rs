//! A session replayed: every step in order, and what is committed in it opened with the vault.

use super::opened::Opener;
use super::{AnswerError, Names, OpenedText, WorkLabel, json};
use crate::admission::View;
use crate::record::{
    Act, ClaimSource, Content, Digest, EntryNumber, FileClaim, Generation, Handle, Name, Parameter,
    Record, RecordId, Step, Timestamp, Title,
};
use crate::store::Reader;
use crate::vault::Vault;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Statements of one session that are read: at a thousand steps each, far more than anybody makes.
const MAX_STATEMENTS: usize = 10_000;
/// Sessions of one content that are told.
const MAX_SESSIONS: usize = 16;

/// A session as answers name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionLabel {
    /// The identifier of its beginning.
    #[serde(serialize_with = "json::text")]
    pub session: RecordId,
    /// The entry of its beginning.
    pub entry: EntryNumber,
    /// What its party calls it.
    pub title: Title,
    /// Whose.
    pub party: Handle,
}

/// A session, replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionAnswer {
    /// Which.
    #[serde(flatten)]
    pub label: SessionLabel,
    /// The contract under which the party creates.
    pub contract: Option<EntryNumber>,
    /// When it began, as the party says.
    #[serde(serialize_with = "json::text")]
    pub started_at: Timestamp,
    /// When the ledger learned that it began.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// The commitment to what the party meant to make.
    pub note: Option<OpenedText>,
    /// Its end; nothing while it is open.
    pub stopped: Option<SessionEnd>,
    /// The steps, in order of time.
    pub steps: Vec<SessionStep>,
    /// How many of them the ledger learned of a day or more after the moment that they state.
    pub late: usize,
    /// Whether there are more statements than were read.
    pub truncated: bool,
}

/// How many whole days after the moment that a step states the ledger learned of it. Within a day counts
/// as told at the time, so that whoever works without a connection is covered; what is later is not
/// doubted, only told.
pub(super) fn days_late(at: Timestamp, registered_at: Timestamp) -> i64 {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    registered_at.as_millis().saturating_sub(at.as_millis()) / DAY_MS
}

/// The end of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionEnd {
    /// The entry.
    pub entry: EntryNumber,
    /// When it ended, as the party says.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// When the ledger learned of it.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionStep {
    /// The statement that tells it.
    pub entry: EntryNumber,
    /// What was done.
    #[serde(serialize_with = "json::text")]
    pub act: Act,
    /// When, as the party says.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// Who signed.
    pub signer: String,
    /// When the ledger learned of it.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// The file that came out, or was judged.
    #[serde(serialize_with = "json::optional_text")]
    pub digest: Option<Digest>,
    /// Its size in bytes.
    pub size_bytes: Option<u64>,
    /// What the file was before an edit.
    #[serde(serialize_with = "json::optional_text")]
    pub before: Option<Digest>,
    /// How it was generated.
    pub generation: Option<GenerationTold>,
    /// What the file says of itself; nobody vouches for that.
    pub claimed: Vec<ClaimTold>,
    /// Prompts and reasons, as far as they can be shown.
    pub committed: Vec<OpenedText>,
    /// The works that were registered with this file.
    pub works: Vec<WorkLabel>,
}

/// A generation without its prompts, which are committed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GenerationTold {
    /// Model and version.
    pub model: Option<Name>,
    /// Its digest, as the tool writes it.
    pub model_digest: Option<Name>,
    /// The program that ran it.
    pub tool: Option<Name>,
    /// Pseudonym of the account with the provider.
    pub account: Option<Name>,
    /// The seed.
    pub seed: Option<u64>,
    /// Low-rank adaptations with their weights.
    pub loras: Vec<Name>,
    /// Further parameters.
    pub parameters: BTreeMap<Parameter, Name>,
}

/// A claim that stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimTold {
    /// Whose convention it follows.
    #[serde(serialize_with = "json::text")]
    pub source: ClaimSource,
    /// Where in the file.
    pub place: Name,
    /// How it says that the file was generated.
    pub generation: Option<GenerationTold>,
    /// What else it says.
    pub fields: BTreeMap<Parameter, Name>,
}

impl From<&FileClaim> for ClaimTold {
    fn from(claim: &FileClaim) -> Self {
        Self {
            source: claim.source,
            place: claim.place.clone(),
            generation: claim.generation.as_ref().map(GenerationTold::from),
            fields: claim.fields.clone(),
        }
    }
}

impl SessionAnswer {
    /// Every commitment with what opens it.
    pub fn committed(&self) -> impl Iterator<Item = &OpenedText> {
        self.note.iter().chain(self.steps.iter().flat_map(|step| &step.committed))
    }
}

impl From<&Generation> for GenerationTold {
    fn from(generation: &Generation) -> Self {
        let Generation { seed, tool, loras, model, account, parameters, model_digest, .. } =
            generation.clone();
        Self { model, model_digest, tool, account, seed, loras, parameters }
    }
}

/// The sessions out of which the files of a work came, by number.
///
/// # Errors
/// An entry that is no work; a ledger that cannot be read.
pub fn sessions_of(
    reader: &Reader<'_>,
    contents: &[Content],
) -> Result<Vec<EntryNumber>, AnswerError> {
    let mut sessions = BTreeSet::new();
    for content in contents {
        sessions.extend(reader.sessions_with(&content.digest, MAX_SESSIONS)?);
    }
    Ok(sessions.into_iter().collect())
}

/// A session as answers name it.
///
/// # Errors
/// An entry that is no session; a ledger that cannot be read.
pub fn session_label(names: &Names<'_>, entry: EntryNumber) -> Result<SessionLabel, AnswerError> {
    let row = names.session(entry)?;
    let party = names.handle(row.party)?;
    Ok(SessionLabel { session: names.id(entry)?, entry, title: row.title, party })
}

/// A session, replayed; with a vault, what is committed is opened and checked.
///
/// # Errors
/// An entry that is no session; a vault that cannot be read or is damaged; a ledger that cannot be
/// read.
pub fn session(
    reader: &Reader<'_>,
    entry: EntryNumber,
    vault: Option<&Vault>,
) -> Result<SessionAnswer, AnswerError> {
    let names = Names::new(reader);
    let label = session_label(&names, entry)?;
    let row = names.session(entry)?;
    let mut told = Vec::new();
    let mut stopped = None;
    let mut statements = reader.about(entry, MAX_STATEMENTS + 1)?;
    let truncated = statements.len() > MAX_STATEMENTS;
    statements.truncate(MAX_STATEMENTS);
    for entry in statements {
        let registered_at = names.registered_at(entry)?;
        let statement = reader.statement(entry)?;
        if let Record::SessionSteps(steps) = statement.record() {
            let signer = statement.header().issuer.clone();
            let steps = steps.steps.iter().cloned();
            told.extend(steps.map(|step| (entry, registered_at, signer.clone(), step)));
        } else if let Record::SessionStopped(end) = statement.record() {
            stopped = Some(SessionEnd { entry, at: end.effective_at, registered_at });
        }
    }
    // Of the same moment, in the order in which the ledger learned of them.
    told.sort_by_key(|(_, _, _, step)| step.at);
    let start = reader.statement(entry)?;
    let note = start.record().committed();
    let commitments = told.iter().flat_map(|(_, _, _, step)| step.commitments());
    let opener = Opener::new(vault, commitments.chain(note.iter().map(|it| it.commitment)))?;
    let mut steps = Vec::with_capacity(told.len());
    for told in &told {
        steps.push(step_of(&names, told, &opener)?);
    }
    Ok(SessionAnswer {
        label,
        contract: row.contract,
        started_at: row.effective_at,
        registered_at: names.registered_at(entry)?,
        note: note.first().map(|note| opener.committed(entry, note)),
        stopped,
        late: steps.iter().filter(|step| days_late(step.at, step.registered_at) > 0).count(),
        steps,
        truncated,
    })
}

fn step_of(
    names: &Names<'_>,
    (entry, registered_at, signer, step): &(EntryNumber, Timestamp, String, Step),
    opener: &Opener,
) -> Result<SessionStep, AnswerError> {
    let committed = step.committed().map(|committed| opener.committed(*entry, &committed));
    let mut works = Vec::new();
    if let Some(output) = step.output() {
        for work in names.reader().works_with(&output)? {
            works.push(names.work_label(work)?);
        }
    }
    Ok(SessionStep {
        entry: *entry,
        act: step.act,
        at: step.at,
        signer: signer.clone(),
        registered_at: *registered_at,
        digest: step.file.as_ref().map(|file| file.digest),
        size_bytes: step.file.as_ref().map(|file| file.size),
        before: step.before,
        generation: step.generation.as_ref().map(GenerationTold::from),
        claimed: step.file.iter().flat_map(|file| &file.claims).map(ClaimTold::from).collect(),
        committed: committed.collect(),
        works,
    })
}
