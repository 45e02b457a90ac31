//! What a work or a session commits to: each commitment in the ledger, opened with what the vault keeps.

use super::opened::Opener;
use super::{
    AnswerError, Names, OpenedText, json, session as replayed, session_label, sessions_of,
};
use crate::admission::View as _;
use crate::record::{EntryNumber, Record, RecordId, Title, Work};
use crate::store::Reader;
use crate::vault::Vault;
use serde::Serialize;
use std::collections::BTreeSet;

/// What a work or a session commits to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromptAnswer {
    /// The work; nothing where it is a session.
    #[serde(serialize_with = "json::optional_text")]
    pub work: Option<RecordId>,
    /// The session; nothing where it is a work.
    #[serde(serialize_with = "json::optional_text")]
    pub session: Option<RecordId>,
    /// Its entry.
    pub entry: EntryNumber,
    /// Its title.
    pub title: Title,
    /// Every text that it commits to: of a work what its registration tells, what its files claim, and
    /// the steps of the sessions of its creators out of which its files came, in that order.
    pub prompts: Vec<OpenedText>,
}

/// What a work or a session commits to, each opening checked against its commitment.
///
/// `only` keeps those whose commitment begins with these digits.
///
/// # Errors
/// An entry that is neither; a vault that cannot be read or is damaged; a ledger that cannot be read.
pub fn prompts(
    reader: &Reader<'_>,
    entry: EntryNumber,
    vault: &Vault,
    only: Option<&str>,
) -> Result<PromptAnswer, AnswerError> {
    let names = Names::new(reader);
    let statement = reader.statement(entry)?;
    let mut prompts = Vec::new();
    let id = Some(statement.id());
    let (work, session, title) = if let Record::Work(work) = statement.record() {
        let told = statement.record().committed();
        let opener = Opener::new(Some(vault), told.iter().map(|it| it.commitment))?;
        prompts.extend(told.iter().map(|committed| opener.committed(entry, committed)));
        for session in own_sessions(&names, work)? {
            prompts.extend(session_texts(reader, session, vault)?);
        }
        (id, None, work.title.clone())
    } else {
        let label = session_label(&names, entry)?;
        prompts.extend(session_texts(reader, entry, vault)?);
        (None, id, label.title)
    };
    if let Some(digits) = only {
        prompts.retain(|prompt| prompt.commitment.to_string().starts_with(digits));
    }
    Ok(PromptAnswer { work, session, entry, title, prompts })
}

/// The sessions of creators of the work; those of others, who may tell of the same file, are theirs.
fn own_sessions(names: &Names<'_>, work: &Work) -> Result<Vec<EntryNumber>, AnswerError> {
    let mut creators = BTreeSet::new();
    for creator in &work.creators {
        creators.extend(names.reader().entry(&creator.party)?);
    }
    let mut sessions = Vec::new();
    for session in sessions_of(names.reader(), &work.contents)? {
        if creators.contains(&names.session(session)?.party) {
            sessions.push(session);
        }
    }
    Ok(sessions)
}

fn session_texts(
    reader: &Reader<'_>,
    entry: EntryNumber,
    vault: &Vault,
) -> Result<Vec<OpenedText>, AnswerError> {
    let answer = replayed(reader, entry, Some(vault))?;
    let steps = answer.steps.into_iter().flat_map(|step| step.committed);
    Ok(answer.note.into_iter().chain(steps).collect())
}
