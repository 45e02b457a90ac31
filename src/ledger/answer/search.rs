//! Search: everything whose name contains a text.

use super::{AnswerError, Names, day_or_moment, json};
use crate::admission::View;
use crate::record::{Digest, EntryNumber, Kind, Record, RecordId, Timestamp};
use crate::store::{EntryFilter, Reader, WorkFilter};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;

/// Fewest digits that are looked up as the beginning of an identifier.
const MIN_PREFIX_CHARS: usize = 4;
/// Entries that are looked at together.
const PAGE: usize = 500;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The hits, in order of entries.
    pub hits: Vec<Hit>,
    /// Whether there are perhaps more.
    pub truncated: bool,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// What it is.
    #[serde(serialize_with = "json::text")]
    pub kind: Kind,
    /// The same in words.
    pub what: String,
    /// Where the text was found: `title`, `model`, `handle`, `terms`, `identifier`,
    /// `content`; `work` where only restrictions were given.
    pub matched: &'static str,
    /// When it took effect.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// What to look for. What is not given does not restrict; where only restrictions are given, works
/// are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchFilter<'a> {
    /// Part of a title, of the name of a model, of a handle or of terms, in upper or lower case; the
    /// beginning of an identifier; a content digest.
    pub text: Option<&'a OsStr>,
    /// Digest of the file that the text names, where it names one.
    pub file: Option<Digest>,
    /// Works with this content.
    pub digest: Option<Digest>,
    /// Works with this in the name of their model.
    pub model: Option<&'a str>,
    /// Works made by this party.
    pub party: Option<EntryNumber>,
    /// What took effect at this moment or later.
    pub from: Option<Timestamp>,
    /// What took effect at this moment or earlier.
    pub to: Option<Timestamp>,
    /// At most so many hits.
    pub limit: usize,
}

/// Everything that passes. Looks through the names of all works, so that it takes longer in a
/// larger ledger.
///
/// # Errors
/// A ledger that cannot be read.
pub fn search(reader: &Reader<'_>, filter: &SearchFilter<'_>) -> Result<Found, AnswerError> {
    let mut search = Search { names: Names::new(reader), filter, found: BTreeMap::new() };
    match (filter.text, filter.digest) {
        (Some(text), _) => {
            if let Some(text) = text.to_str() {
                search.identifiers(text)?;
                search.parties_and_terms(text)?;
                search.works(Some(text))?;
            }
            if let Some(digest) = filter.file {
                search.content(&digest)?;
            }
        }
        (None, Some(digest)) => search.content(&digest)?,
        (None, None) => search.works(None)?,
    }
    let truncated = search.found.len() > filter.limit;
    let hits = search.found.into_values().take(filter.limit).collect();
    Ok(Found { hits, truncated })
}

struct Search<'a> {
    names: Names<'a>,
    filter: &'a SearchFilter<'a>,
    found: BTreeMap<EntryNumber, Hit>,
}

impl Search<'_> {
    fn is_full(&self) -> bool {
        self.found.len() > self.filter.limit
    }

    fn add(&mut self, entry: EntryNumber, matched: &'static str) -> Result<(), AnswerError> {
        if self.found.contains_key(&entry) || self.is_full() {
            return Ok(());
        }
        let (row, statement) = super::history::read(self.names.reader(), entry)?;
        let effective_at = statement.record().effective_at().unwrap_or(row.registered_at);
        if self.passes(statement.record(), effective_at)? {
            let hit = Hit {
                entry,
                id: row.id,
                kind: row.kind,
                what: self.names.of(entry)?,
                matched,
                effective_at,
                registered_at: row.registered_at,
            };
            self.found.insert(entry, hit);
        }
        Ok(())
    }

    /// Whether it was in time and, where works are asked for, is one that is meant.
    fn passes(&self, record: &Record, effective_at: Timestamp) -> Result<bool, AnswerError> {
        let filter = self.filter;
        let is_in_time = filter.from.is_none_or(|from| effective_at >= from)
            && filter.to.is_none_or(|to| effective_at <= to);
        if !is_in_time {
            return Ok(false);
        }
        if filter.digest.is_none() && filter.model.is_none() && filter.party.is_none() {
            return Ok(true);
        }
        let Record::Work(work) = record else {
            return Ok(false);
        };
        let model = work.generation.as_ref().and_then(|made| made.model.as_ref());
        let model = model.map_or_else(String::new, |model| model.as_str().to_lowercase());
        let party = filter.party.map(|party| self.names.id(party)).transpose()?;
        Ok(filter.model.is_none_or(|part| model.contains(&part.to_lowercase()))
            && filter
                .digest
                .is_none_or(|digest| work.contents.iter().any(|content| content.digest == digest))
            && party.is_none_or(|party| work.creators.iter().any(|creator| creator.party == party)))
    }

    fn identifiers(&mut self, text: &str) -> Result<(), AnswerError> {
        let reader = self.names.reader();
        if text.len() >= MIN_PREFIX_CHARS {
            for (_, entry) in
                reader.entry_ids_with_prefix(text, self.filter.limit.saturating_add(1))?
            {
                self.add(entry, "identifier")?;
            }
        }
        if let Ok(digest) = text.parse::<Digest>() {
            self.content(&digest)?;
        }
        Ok(())
    }

    fn content(&mut self, digest: &Digest) -> Result<(), AnswerError> {
        for work in self.names.reader().works_with(digest)? {
            self.add(work, "content")?;
        }
        Ok(())
    }

    fn parties_and_terms(&mut self, text: &str) -> Result<(), AnswerError> {
        let needle = text.to_lowercase();
        for kind in [Kind::Party, Kind::Terms] {
            let mut filter = EntryFilter { kind: Some(kind), ..EntryFilter::newest(PAGE) };
            while !self.is_full() {
                let page = self.names.reader().entry_list(&filter)?;
                filter.before = page.last().map(|row| row.number);
                for row in &page {
                    self.add_named(row.number, kind, &needle)?;
                }
                if page.len() < PAGE {
                    break;
                }
            }
        }
        Ok(())
    }

    fn add_named(
        &mut self,
        entry: EntryNumber,
        kind: Kind,
        needle: &str,
    ) -> Result<(), AnswerError> {
        if kind == Kind::Party {
            if self.names.handle(entry)?.as_str().contains(needle) {
                self.add(entry, "handle")?;
            }
            return Ok(());
        }
        let facts = self.names.terms(entry)?;
        let name = self.names.form(facts.provider, &facts.terms)?;
        let title = facts.terms.title.as_str().to_lowercase();
        if name.contains(needle) || title.contains(needle) {
            self.add(entry, "terms")?;
        }
        Ok(())
    }

    fn works(&mut self, text: Option<&str>) -> Result<(), AnswerError> {
        let containing = |title: Option<&str>, model: Option<&str>| WorkFilter {
            title_contains: title.map(str::to_owned),
            model_contains: model.map(str::to_owned),
            ..WorkFilter::first(PAGE)
        };
        let filters = match text {
            Some(_) => vec![(containing(text, None), "title"), (containing(None, text), "model")],
            None if self.filter.model.is_some() => {
                vec![(containing(None, self.filter.model), "model")]
            }
            None => vec![(containing(None, None), "work")],
        };
        for (mut filter, matched) in filters {
            while !self.is_full() {
                let page = self.names.reader().works(&filter)?;
                filter.after = page.last().map(|row| row.entry);
                for row in &page {
                    self.add(row.entry, matched)?;
                }
                if page.len() < PAGE {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Hit {
    /// When it took effect, as people write it.
    pub fn date(&self) -> String {
        day_or_moment(self.effective_at)
    }
}
