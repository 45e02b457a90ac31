//! Which work a report means by a name: one of the works of its account, or, where the line names no
//! contract, any.

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
/// Works that are looked at together.
const PAGE: usize = 256;
/// Works that an error lists.
const MAX_LISTED: usize = 10;

/// A work with its identifier.
pub(super) type Work = (EntryNumber, RecordId);

/// Which works lines may be about.
#[derive(Clone, Copy)]
enum Among {
    /// Those of a contract.
    Contract(EntryNumber),
    /// One that has an account of its own.
    Only(EntryNumber),
}

/// The works of an account, by the names that lines gave them.
pub(super) struct Works {
    among: Among,
    known: HashMap<WorkName, Result<Work, ImportFault>>,
    /// None until a line names a work by title.
    titles: Option<HashMap<String, Vec<EntryNumber>>>,
}

impl Works {
    pub(super) fn of(contract: EntryNumber) -> Self {
        Self { among: Among::Contract(contract), known: HashMap::new(), titles: None }
    }

    /// The account of this work alone.
    pub(super) fn only(work: EntryNumber) -> Self {
        Self { among: Among::Only(work), known: HashMap::new(), titles: None }
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
        let works = match name.by {
            WorkBy::Title => self.titled(reader, &name.text)?,
            WorkBy::Reference => referenced(reader, &name.text)?,
            WorkBy::Digest => match name.text.parse::<Digest>() {
                Ok(digest) => reader.works_with(&digest)?,
                Err(_) => Vec::new(),
            },
        };
        let (found, by) = (name.text.to_string(), name.by);
        let all = works.clone();
        let mut fitting = Vec::new();
        for work in works {
            let is_its = match self.among {
                Among::Contract(contract) => reader.contract_of_work(work)? == Some(Some(contract)),
                Among::Only(only) => work == only,
            };
            if is_its {
                fitting.push(work);
            }
        }
        match (fitting.as_slice(), all.as_slice()) {
            ([work], _) => Ok(Ok((*work, reader.statement(*work)?.id()))),
            ([], [work]) if reader.contract_of_work(*work)?.is_some() => {
                Ok(Err(match self.among {
                    Among::Contract(contract) => {
                        let refusal = Refusal::WorkOfOtherContract { work: *work, contract };
                        ImportFault::Rule(Box::new(refusal))
                    }
                    Among::Only(account) => ImportFault::OtherWork { work: *work, account },
                }))
            }
            ([], _) => Ok(Err(ImportFault::UnknownWork { found, by })),
            (_, _) => {
                fitting.truncate(MAX_LISTED);
                Ok(Err(ImportFault::AmbiguousWork { found, by, works: fitting }))
            }
        }
    }

    fn titled(
        &mut self,
        reader: &Reader<'_>,
        title: &str,
    ) -> Result<Vec<EntryNumber>, LedgerError> {
        let contract = match self.among {
            Among::Contract(contract) => contract,
            Among::Only(_) => return with_title(reader, title),
        };
        if self.titles.is_none() {
            let filter = WorkFilter { contract: Some(contract), ..WorkFilter::first(MAX_WORKS) };
            let mut titles: HashMap<String, Vec<EntryNumber>> = HashMap::new();
            for row in reader.works(&filter)? {
                titles.entry(row.title.into()).or_default().push(row.entry);
            }
            self.titles = Some(titles);
        }
        Ok(self.titles.as_ref().and_then(|titles| titles.get(title)).cloned().unwrap_or_default())
    }
}

/// The work that is meant by a line that names no contract, whatever its account.
pub(super) fn anywhere(
    reader: &Reader<'_>,
    name: &WorkName,
) -> Result<Result<EntryNumber, ImportFault>, LedgerError> {
    let (found, by) = (name.text.to_string(), name.by);
    let named = match by {
        WorkBy::Title => with_title(reader, &name.text)?,
        WorkBy::Reference => referenced(reader, &name.text)?,
        WorkBy::Digest => match name.text.parse::<Digest>() {
            Ok(digest) => reader.works_with(&digest)?,
            Err(_) => Vec::new(),
        },
    };
    let mut works = Vec::new();
    for work in named {
        if reader.contract_of_work(work)?.is_some() {
            works.push(work);
        }
    }
    Ok(match works.as_slice() {
        [work] => Ok(*work),
        [] => Err(ImportFault::UnknownWork { found, by }),
        [_, ..] => {
            works.truncate(MAX_LISTED);
            Err(ImportFault::AmbiguousWork { found, by, works })
        }
    })
}

/// The works with exactly this title, up to one more than are listed.
fn with_title(reader: &Reader<'_>, title: &str) -> Result<Vec<EntryNumber>, LedgerError> {
    let mut filter =
        WorkFilter { title_contains: Some(title.to_owned()), ..WorkFilter::first(PAGE) };
    let mut exact = Vec::new();
    loop {
        let works = reader.works(&filter)?;
        filter.after = works.last().map(|work| work.entry);
        let same = works.iter().filter(|work| work.title.as_str() == title);
        exact.extend(same.map(|work| work.entry));
        if works.len() < PAGE || exact.len() > MAX_LISTED {
            return Ok(exact);
        }
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
