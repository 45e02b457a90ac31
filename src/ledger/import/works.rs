//! Which work a report means by a name.

use super::ImportFault;
use crate::admission::{Refusal, View as _};
use crate::intake::{WorkBy, WorkName};
use crate::ledger::LedgerError;
use crate::record::{Digest, EntryNumber, RecordId};
use crate::store::{Reader, WorkFilter};
use std::collections::HashMap;

/// Works of one contract whose titles are compared.
const MAX_WORKS: usize = 2_000_000;
/// Digits of an identifier that name a work at least.
const LEAST_DIGITS: usize = 4;
/// Works that an error lists.
const MAX_LISTED: usize = 10;

/// A work with its identifier.
pub(super) type Work = (EntryNumber, RecordId);

/// The works of a contract, by the names that lines gave them.
pub(super) struct Works {
    contract: EntryNumber,
    known: HashMap<WorkName, Result<Work, ImportFault>>,
    /// None until a line names a work by title.
    titles: Option<HashMap<String, Vec<EntryNumber>>>,
}

impl Works {
    pub(super) fn of(contract: EntryNumber) -> Self {
        Self { contract, known: HashMap::new(), titles: None }
    }

    /// The work that is meant.
    pub(super) fn find(
        &mut self,
        reader: &Reader<'_>,
        name: &WorkName,
    ) -> Result<Result<Work, ImportFault>, LedgerError> {
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        let found = self.look_up(reader, name)?;
        self.known.insert(name.clone(), found.clone());
        Ok(found)
    }

    fn look_up(
        &mut self,
        reader: &Reader<'_>,
        name: &WorkName,
    ) -> Result<Result<Work, ImportFault>, LedgerError> {
        let mut works = match name.by {
            WorkBy::Title => self.titled(reader, &name.text)?,
            WorkBy::Reference => referenced(reader, &name.text)?,
            WorkBy::Digest => match name.text.parse::<Digest>() {
                Ok(digest) => reader.works_with(&digest)?,
                Err(_) => Vec::new(),
            },
        };
        let (found, by) = (name.text.to_string(), name.by);
        let all = works.clone();
        let mut failed = None;
        works.retain(|work| match reader.contract_of_work(*work) {
            Ok(under) => under == Some(Some(self.contract)),
            Err(error) => {
                failed = Some(error);
                false
            }
        });
        if let Some(error) = failed {
            return Err(error.into());
        }
        match (works.as_slice(), all.as_slice()) {
            ([work], _) => Ok(Ok((*work, reader.statement(*work)?.id()))),
            ([], [work]) if reader.contract_of_work(*work)?.is_some() => {
                let (work, contract) = (*work, self.contract);
                let refusal = Refusal::WorkOfOtherContract { work, contract };
                Ok(Err(ImportFault::Rule(Box::new(refusal))))
            }
            ([], _) => Ok(Err(ImportFault::UnknownWork { found, by })),
            (_, _) => {
                works.truncate(MAX_LISTED);
                Ok(Err(ImportFault::AmbiguousWork { found, by, works }))
            }
        }
    }

    fn titled(
        &mut self,
        reader: &Reader<'_>,
        title: &str,
    ) -> Result<Vec<EntryNumber>, LedgerError> {
        if self.titles.is_none() {
            let filter =
                WorkFilter { contract: Some(self.contract), ..WorkFilter::first(MAX_WORKS) };
            let mut titles: HashMap<String, Vec<EntryNumber>> = HashMap::new();
            for row in reader.works(&filter)? {
                titles.entry(row.title.into()).or_default().push(row.entry);
            }
            self.titles = Some(titles);
        }
        Ok(self.titles.as_ref().and_then(|titles| titles.get(title)).cloned().unwrap_or_default())
    }
}

/// `#42`, a whole identifier or the start of one. Nothing in a report names a file.
fn referenced(reader: &Reader<'_>, text: &str) -> Result<Vec<EntryNumber>, LedgerError> {
    if let Some(Ok(number)) = text.starts_with('#').then(|| text.parse::<EntryNumber>()) {
        return Ok(vec![number]);
    }
    if text.len() < LEAST_DIGITS {
        return Ok(Vec::new());
    }
    let found = reader.entry_ids_with_prefix(text, MAX_LISTED)?;
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}
