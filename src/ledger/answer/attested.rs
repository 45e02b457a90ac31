//! What providers attest of the files of a work, held against what its creator says.

use super::{AnswerError, Names, json};
use crate::admission::AttestedRow;
use crate::narration::Standing;
use crate::record::{Commitment, Digest, EntryNumber, Generation, RecordId, Timestamp, Work};
use serde::Serialize;

/// Attestations of one file that one answer shows: a file that is attested more often is not a picture
/// that one service gave out.
const MAX_ATTESTED: usize = 100;

/// What is attested of a work, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attested {
    /// Whether the provider of the contract vouches for a file of the work.
    pub standing: Standing,
    /// Every attestation of a file of the work, by whomever, in order of registration.
    pub outputs: Vec<AttestedFile>,
    /// Whether there are more than are shown.
    pub truncated: bool,
}

/// One attestation of a file of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttestedFile {
    /// The attestation.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// Who attests.
    #[serde(serialize_with = "json::text")]
    pub by: crate::record::Handle,
    /// Whether that is the provider of the contract of the work.
    pub by_the_provider: bool,
    /// The file.
    #[serde(serialize_with = "json::text")]
    pub digest: Digest,
    /// When it was given out, as the attestation claims.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// When the attestation was registered.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// The pseudonym of the account.
    pub account: String,
    /// The model.
    pub model: String,
    /// The provider's reference.
    pub reference: String,
    /// The commitment to the prompt, where one is given.
    #[serde(serialize_with = "json::optional_text")]
    pub prompt_commitment: Option<Commitment>,
    /// Whether that is one of the commitments of the registration; nothing where either gives none.
    /// Two commitments to one prompt differ where each was made under a salt of its own, so that `false`
    /// says nothing about the prompts.
    pub prompt_met: Option<bool>,
    /// What the registration says otherwise.
    pub differences: Vec<Difference>,
}

/// What an attestation and a registration say differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `model` or `account`.
    pub what: &'static str,
    /// What the provider says.
    pub attested: String,
    /// What the creator says.
    pub registered: String,
}

/// What is attested of the files of a work that was registered with this entry, as it was known then.
pub(super) fn attested(
    names: &Names<'_>,
    entry: EntryNumber,
    work: &Work,
    known_at: Timestamp,
) -> Result<Attested, AnswerError> {
    let reader = names.reader();
    let provider = match names.work(entry)?.contract {
        Some(contract) => Some(names.contract(contract)?.provider),
        None => None,
    };
    let mut rows: Vec<AttestedRow> = Vec::new();
    for content in &work.contents {
        rows.extend(reader.attested_with(&content.digest, MAX_ATTESTED + 1)?);
    }
    rows.sort_by_key(|row| (row.entry, row.place));
    let (mut outputs, mut truncated) = (Vec::new(), false);
    for row in rows {
        let registered_at = reader.registered_at(row.entry)?;
        if registered_at > known_at {
            continue;
        }
        if outputs.len() == MAX_ATTESTED {
            truncated = true;
            break;
        }
        let by_the_provider = provider == Some(row.provider);
        outputs.push(file(names, row, registered_at, by_the_provider, work)?);
    }
    let standing = Standing::of(outputs.iter().map(|output| output.by_the_provider));
    Ok(Attested { standing, outputs, truncated })
}

fn file(
    names: &Names<'_>,
    row: AttestedRow,
    registered_at: Timestamp,
    by_the_provider: bool,
    work: &Work,
) -> Result<AttestedFile, AnswerError> {
    let generation = work.generation.as_ref();
    let committed = generation.map_or(&[][..], |generation| &generation.prompts);
    let met = |prompt: Commitment| {
        let same = committed.iter().any(|known| known.commitment == prompt);
        (!committed.is_empty()).then_some(same)
    };
    Ok(AttestedFile {
        entry: row.entry,
        id: names.id(row.entry)?,
        by: names.handle(row.provider)?,
        by_the_provider,
        digest: row.digest,
        at: row.effective_at,
        registered_at,
        differences: generation.map_or_else(Vec::new, |told| differences(&row, told)),
        account: row.account.to_string(),
        model: row.model.to_string(),
        reference: row.reference.to_string(),
        prompt_commitment: row.prompt,
        prompt_met: row.prompt.and_then(met),
    })
}

/// Names differ where their letters do; what a creator leaves out differs from nothing.
fn differences(row: &AttestedRow, told: &Generation) -> Vec<Difference> {
    let pairs = [("model", &row.model, &told.model), ("account", &row.account, &told.account)];
    let differ = pairs.into_iter().filter_map(|(what, attested, registered)| {
        let registered = registered.as_ref().filter(|name| *name != attested)?;
        let (attested, registered) = (attested.to_string(), registered.to_string());
        Some(Difference { what, attested, registered })
    });
    differ.collect()
}
