//! The log of labelling: each copy that was labelled, by whom, with what, and to whom it was provided
//! without a label that people see.

use super::history::read;
use super::{AnswerError, Listing, Names, json};
use crate::narration::WorkLabel;
use crate::record::{
    Carrier, Certainty, Digest, EntryNumber, Handle, ImplicitLabel, Kind, Labelled, Name, Record,
    RecordId, SourceType, Timestamp,
};
use crate::store::{EntryFilter, Reader};
use serde::Serialize;

/// Entries that are looked at together.
const PAGE: usize = 500;

/// Which labels are shown. What is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelFilter {
    /// Of this work.
    pub work: Option<EntryNumber>,
    /// Signed by this party.
    pub party: Option<EntryNumber>,
    /// Only those provided without an explicit label.
    pub without_explicit: bool,
    /// Made at or after this moment.
    pub from: Option<Timestamp>,
    /// Made at or before this moment.
    pub to: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: usize,
}

/// A labelled copy in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelLine {
    /// Its entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// Who labelled.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// The work, where one is named.
    pub work: Option<WorkLabel>,
    /// The digest of the file.
    #[serde(serialize_with = "json::text")]
    pub original: Digest,
    /// The digest of the copy.
    #[serde(serialize_with = "json::text")]
    pub labelled: Digest,
    /// The label as it stands in the copy.
    pub label: LabelShown,
    /// Where in the copy.
    #[serde(serialize_with = "json::text")]
    pub carrier: Carrier,
    /// The address of the digital source type, where the copy names one.
    pub source_type: Option<&'static str>,
    /// The pseudonym of whom it was provided to without an explicit label.
    pub provided_to: Option<Name>,
    /// The contract that makes the duty to label that user's.
    pub agreement_entry: Option<EntryNumber>,
    /// When the copy was made.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// A label with the names of the standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LabelShown {
    /// `1`, `2` or `3`.
    pub label: &'static str,
    /// Who generated it.
    pub content_producer: Name,
    /// Its number there.
    #[serde(rename = "ProduceID")]
    pub produce_id: Name,
    /// Who passed it on.
    pub content_propagator: Option<Name>,
    /// Its number there.
    #[serde(rename = "PropagateID")]
    pub propagate_id: Option<Name>,
}

impl From<&ImplicitLabel> for LabelShown {
    fn from(label: &ImplicitLabel) -> Self {
        Self {
            label: Certainty::value(label.label),
            content_producer: label.producer.clone(),
            produce_id: label.produce_id.clone(),
            content_propagator: label.propagator.clone(),
            propagate_id: label.propagate_id.clone(),
        }
    }
}

/// The labels that the filter lets through, the newest last.
///
/// # Errors
/// What the store says, and a statement that cannot be read.
pub fn labels(
    reader: &Reader<'_>,
    filter: &LabelFilter,
) -> Result<Listing<LabelLine>, AnswerError> {
    let names = Names::new(reader);
    let mut page = EntryFilter { kind: Some(Kind::Labelled), ..EntryFilter::newest(PAGE) };
    let mut lines = Vec::new();
    let mut truncated = false;
    'pages: loop {
        let rows = reader.entry_list(&page)?;
        page.before = rows.last().map(|row| row.number);
        for row in &rows {
            if filter.party.is_some_and(|party| row.signer != Some(party)) {
                continue;
            }
            let (row, statement) = read(reader, row.number)?;
            let Record::Labelled(labelled) = statement.record() else { continue };
            let party = &statement.header().issuer;
            let at = (row.number, row.id, row.registered_at);
            let Some(line) = line(&names, at, party, labelled, filter)? else { continue };
            if lines.len() == filter.limit {
                truncated = true;
                break 'pages;
            }
            lines.push(line);
        }
        if rows.len() < PAGE {
            break;
        }
    }
    lines.reverse();
    Ok(Listing { lines, truncated })
}

fn line(
    names: &Names<'_>,
    (entry, id, registered_at): (EntryNumber, RecordId, Timestamp),
    party: &str,
    labelled: &Labelled,
    filter: &LabelFilter,
) -> Result<Option<LabelLine>, AnswerError> {
    let at = labelled.effective_at;
    let is_covered =
        filter.from.is_none_or(|from| at >= from) && filter.to.is_none_or(|to| at <= to);
    let without = labelled.without_explicit.as_ref();
    if !is_covered || (filter.without_explicit && without.is_none()) {
        return Ok(None);
    }
    let work = labelled.work.map(|work| names.entry(work)).transpose()?;
    if filter.work.is_some() && work != filter.work {
        return Ok(None);
    }
    let agreement = without.and_then(|without| without.agreement);
    Ok(Some(LabelLine {
        entry,
        id,
        party: party.parse()?,
        work: work.map(|work| names.work_label(work)).transpose()?,
        original: labelled.original,
        labelled: labelled.labelled,
        label: (&labelled.label).into(),
        carrier: labelled.carrier,
        source_type: labelled.source_type.map(SourceType::uri),
        provided_to: without.map(|without| without.recipient.clone()),
        agreement_entry: agreement.map(|agreement| names.entry(agreement)).transpose()?,
        effective_at: at,
        registered_at,
    }))
}
