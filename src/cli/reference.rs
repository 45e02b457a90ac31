//! What people type for a thing of the ledger: a path, an entry number, the first digits of an
//! identifier, a handle, `provider/slug@version`.
//!
//! The one place in which commands turn such a reference into an entry.

use super::CliError;
use crate::admission::View;
use crate::intake::Content;
use crate::ledger::Ledger;
use crate::record::{EntryNumber, Handle, Kind, Slug};
use crate::store::Reader;
use std::ffi::OsStr;
use std::path::Path;

/// Most candidates that an ambiguous reference lists.
const MAX_CANDIDATES: usize = 5;
/// Most entries with one prefix that are looked at: with four digits or more, of several millions.
const MAX_PREFIXED: usize = 100;
/// Fewest digits of an identifier: fewer are a typing error rather than a reference.
const MIN_PREFIX_DIGITS: usize = 4;
/// A number with as many digits or more is the beginning of an identifier.
const MIN_NUMERIC_PREFIX_DIGITS: usize = 8;

/// What a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// A registered work.
    Work,
    /// A contract.
    Contract,
    /// A work or a contract.
    WorkOrContract,
    /// A version of a standard form.
    Terms,
    /// A reported payment.
    Payment,
}

impl Needed {
    const fn name(self) -> &'static str {
        match self {
            Self::Work => "a work",
            Self::Contract => "a contract",
            Self::WorkOrContract => "a work or a contract",
            Self::Terms => "terms",
            Self::Payment => "a payment",
        }
    }

    const fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Work => matches!(kind, Kind::Work),
            Self::Contract => matches!(kind, Kind::Contract),
            Self::WorkOrContract => matches!(kind, Kind::Work | Kind::Contract),
            Self::Terms => matches!(kind, Kind::Terms),
            Self::Payment => matches!(kind, Kind::Payment),
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Work => {
                "name the file of a registered work, its entry or its identifier; `deedbook list works` shows them"
            }
            Self::Contract => {
                "name its entry or its identifier; `deedbook list contracts` shows them"
            }
            Self::WorkOrContract => "`deedbook list works` and `deedbook list contracts` show them",
            Self::Terms => "write them as provider/slug@version; `deedbook list terms` shows them",
            Self::Payment => {
                "name its entry or its identifier; `deedbook list payments` shows them"
            }
        }
    }
}

/// The entry that is meant. `party` is who asks: its own works and contracts come first where
/// several parties have one.
pub(super) fn resolve(
    ledger: &Ledger,
    typed: &OsStr,
    needed: Needed,
    party: Option<EntryNumber>,
) -> Result<EntryNumber, CliError> {
    let reader = ledger.read()?;
    let search = Search {
        reader: &reader,
        typed,
        needed,
        party,
    };
    let mut candidates = search.candidates()?;
    candidates.sort_unstable();
    candidates.dedup();
    match candidates.as_slice() {
        [] => Err(CliError::NotFound {
            found: typed.to_owned(),
            needed: needed.name(),
            hint: needed.hint().to_owned(),
        }),
        [one] => Ok(*one),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(MAX_CANDIDATES)
                .map(|entry| entry.to_string())
                .collect();
            Err(CliError::Ambiguous {
                found: typed.to_owned(),
                candidates: names.join(" or "),
            })
        }
    }
}

/// `#42`, or `42` where that is too short for the beginning of an identifier.
fn entry_number(text: &str) -> Option<EntryNumber> {
    let digits = match text.strip_prefix('#') {
        Some(digits) => digits,
        None if text.len() < MIN_NUMERIC_PREFIX_DIGITS => text,
        None => return None,
    };
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = all_digits.then(|| digits.parse().ok()).flatten();
    number.map(EntryNumber::new)
}

struct Search<'a> {
    reader: &'a Reader<'a>,
    typed: &'a OsStr,
    needed: Needed,
    party: Option<EntryNumber>,
}

impl Search<'_> {
    fn candidates(&self) -> Result<Vec<EntryNumber>, CliError> {
        if let Some(text) = self.typed.to_str() {
            if let Some(number) = entry_number(text) {
                return self.of_kind(std::iter::once(number));
            }
            let mut found = Vec::new();
            if text.len() >= MIN_PREFIX_DIGITS {
                found = self.prefixed(text)?;
            }
            if found.is_empty() {
                found = self.named(text)?;
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        match self.needed {
            Needed::Work | Needed::WorkOrContract => self.with_content(),
            Needed::Contract | Needed::Terms | Needed::Payment => Ok(Vec::new()),
        }
    }

    fn of_kind(
        &self,
        entries: impl Iterator<Item = EntryNumber>,
    ) -> Result<Vec<EntryNumber>, CliError> {
        let mut found = Vec::new();
        for entry in entries {
            let kind = self.reader.kind(entry)?;
            if kind.is_some_and(|kind| self.needed.takes(kind)) {
                found.push(entry);
            }
        }
        Ok(found)
    }

    fn prefixed(&self, text: &str) -> Result<Vec<EntryNumber>, CliError> {
        let found = self.reader.entry_ids_with_prefix(text, MAX_PREFIXED)?;
        let entries = found.into_iter().map(|(_, entry)| entry);
        self.of_kind(entries)
    }

    /// `provider/slug` is the latest version; for a contract, the one that the party made under it.
    fn named(&self, text: &str) -> Result<Vec<EntryNumber>, CliError> {
        let Some((provider, form)) = text.split_once('/') else {
            return Ok(Vec::new());
        };
        let (slug, version) = match form.split_once('@') {
            Some((slug, version)) => (slug, version.parse::<u32>().ok()),
            None => (form, None),
        };
        let (Ok(provider), Ok(slug)) = (Handle::new(provider), Slug::new(slug)) else {
            return Ok(Vec::new());
        };
        let Some(provider) = self.reader.party_named(&provider)? else {
            return Ok(Vec::new());
        };
        let terms = match version {
            Some(version) => self.reader.terms_version(provider, &slug, version)?,
            None if form.contains('@') => None,
            None => {
                let latest = self.reader.latest_terms(provider, &slug)?;
                latest.map(|(_, entry)| entry)
            }
        };
        let Some(terms) = terms else {
            return Ok(Vec::new());
        };
        match (self.needed, self.party) {
            (Needed::Terms, _) => Ok(vec![terms]),
            (Needed::Contract | Needed::WorkOrContract, Some(party)) => {
                Ok(self.reader.acceptance(party, terms)?.into_iter().collect())
            }
            (Needed::Contract | Needed::WorkOrContract | Needed::Work | Needed::Payment, _) => {
                Ok(Vec::new())
            }
        }
    }

    /// The works with the content of a file: those of the party that asks, if it has one.
    fn with_content(&self) -> Result<Vec<EntryNumber>, CliError> {
        let path = Path::new(self.typed);
        if std::fs::symlink_metadata(path).is_err() {
            return Ok(Vec::new());
        }
        let content = Content::read(path)?;
        let works = self.reader.works_with(&content.digest)?;
        let mut own = Vec::new();
        for work in &works {
            let facts = self.reader.work(*work)?;
            let is_own = |(creator, _): &(EntryNumber, _)| Some(*creator) == self.party;
            if facts.is_some_and(|facts| facts.creators.iter().any(is_own)) {
                own.push(*work);
            }
        }
        Ok(if own.is_empty() { works } else { own })
    }
}
