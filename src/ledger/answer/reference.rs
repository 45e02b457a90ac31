//! What people type for a thing, resolved to its entry.
//!
//! Forms, in the order in which they are tried: `#42` or `42`; a whole identifier or content digest
//! of 64 hexadecimal digits; a handle; `provider/slug@version`, or `provider/slug` for the latest
//! version; at least [`MIN_PREFIX_CHARS`] digits of an identifier; the path of a file; the exact
//! title of a work. A file is read only where no form before it fits, and titles, which have no
//! index, are looked through last.

use super::{AnswerError, Names};
use crate::admission::View;
use crate::record::{Digest, EntryNumber, Handle, Kind, RecordId, Slug};
use crate::store::{Reader, WorkFilter};
use std::ffi::OsStr;
use std::path::Path;

/// Fewest digits of an identifier that are looked up.
const MIN_PREFIX_CHARS: usize = 4;
/// A number with as many digits or more is the beginning of an identifier.
const MIN_NUMERIC_PREFIX_CHARS: usize = 8;
/// Candidates that an ambiguous reference shows.
const MAX_CANDIDATES: usize = 5;

/// What a reference is to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A work.
    Work,
    /// A contract. Terms do as well: the acceptance of them is meant.
    Contract,
    /// A party.
    Party,
    /// Terms.
    Terms,
    /// A payment.
    Payment,
    /// Anything.
    Entry,
    /// One of several kinds.
    AnyOf(&'static [Kind]),
}

impl Needed {
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Work => &[Kind::Work],
            Self::Contract => &[Kind::Contract],
            Self::Party => &[Kind::Party],
            Self::Terms => &[Kind::Terms],
            Self::Payment => &[Kind::Payment],
            Self::Entry => Kind::ALL,
            Self::AnyOf(kinds) => kinds,
        }
    }

    fn takes(self, kind: Kind) -> bool {
        self.kinds().contains(&kind)
    }

    fn in_words(self) -> String {
        if self == Self::Entry {
            return "an entry".to_owned();
        }
        let words: Vec<_> =
            self.kinds().iter().map(|kind| AnswerError::kind_with_article(*kind)).collect();
        words.join(" or ")
    }
}

/// The entry that is meant.
///
/// `on_behalf_of` is the party that asks, where there is one: of several works with one content it
/// means its own, and by terms its own acceptance of them. Otherwise the earliest work is meant,
/// and the only contract; so it is where a provider names its own terms.
///
/// `digest_of` reads a file; it is called once at most, and only where no cheaper form fits.
///
/// # Errors
/// Nothing or several things that go by this name, something of another kind, and those of
/// `digest_of`.
pub fn resolve<E: From<AnswerError>>(
    reader: &Reader<'_>,
    text: &OsStr,
    needed: Needed,
    on_behalf_of: Option<EntryNumber>,
    digest_of: impl FnOnce(&Path) -> Result<Digest, E>,
) -> Result<EntryNumber, E> {
    let lookup = Lookup {
        names: Names::new(reader),
        typed: text,
        text: text.to_str(),
        shown: text.to_string_lossy().into_owned(),
        needed,
        on_behalf_of,
    };
    let mut refused = match lookup.by_name()? {
        Named::Found(entry) => return Ok(entry),
        Named::SomethingElse(refused) => Some(refused),
        Named::Nothing => None,
    };
    if needed.takes(Kind::Work) {
        if let Some(path) = lookup.path(refused.is_some()) {
            let digest = digest_of(path)?;
            if let Some(entry) = lookup.with_content(&digest)? {
                return Ok(entry);
            }
            let path = path.to_owned();
            refused = Some(AnswerError::NotRegistered { path, digest });
        }
        if let Some(entry) = lookup.titled()? {
            return Ok(entry);
        }
    }
    Err(refused.unwrap_or_else(|| lookup.not_found()).into())
}

/// What the names that have an index say.
enum Named {
    Found(EntryNumber),
    SomethingElse(AnswerError),
    Nothing,
}

struct Lookup<'a> {
    names: Names<'a>,
    typed: &'a OsStr,
    /// As far as it is UTF-8.
    text: Option<&'a str>,
    shown: String,
    needed: Needed,
    on_behalf_of: Option<EntryNumber>,
}

type Found = Result<Option<EntryNumber>, AnswerError>;

impl Lookup<'_> {
    fn by_name(&self) -> Result<Named, AnswerError> {
        let Some(text) = self.text else {
            return Ok(Named::Nothing);
        };
        if let Some(number) = entry_number(text) {
            let entry = match self.numbered(number) {
                // The first digits of an identifier may all be decimal ones.
                Err(missing @ AnswerError::NoEntry { .. }) => match self.prefixed(text)? {
                    Some(entry) => self.fit(entry),
                    None => Err(missing),
                },
                numbered => numbered,
            };
            return entry.map(Named::Found);
        }
        let forms: [fn(&Self, &str) -> Found; 4] =
            [Self::identified, Self::named, Self::versioned, Self::prefixed];
        let mut other = Named::Nothing;
        for form in forms {
            let Some(entry) = form(self, text)? else {
                continue;
            };
            match (self.fit(entry), &other) {
                (Err(error @ AnswerError::WrongKind { .. }), Named::Nothing) => {
                    other = Named::SomethingElse(error);
                }
                (Err(AnswerError::WrongKind { .. }), _) => {}
                (fitting, _) => return fitting.map(Named::Found),
            }
        }
        Ok(other)
    }

    fn not_found(&self) -> AnswerError {
        AnswerError::NotFound { text: self.shown.clone(), tried: self.needed.in_words() }
    }

    fn numbered(&self, number: Option<EntryNumber>) -> Result<EntryNumber, AnswerError> {
        let size = self.names.reader().size()?;
        match number {
            Some(entry) if entry.get() < size => self.fit(entry),
            Some(entry) => Err(AnswerError::NoEntry { entry, size }),
            None => Err(AnswerError::NotFound {
                text: self.shown.clone(),
                tried: "an entry number, such as `#42`".to_owned(),
            }),
        }
    }

    /// The entry itself, or what it stands for, where that is of a kind that is needed.
    fn fit(&self, entry: EntryNumber) -> Result<EntryNumber, AnswerError> {
        let reader = self.names.reader();
        let Some(kind) = View::kind(reader, entry)? else {
            let size = reader.size()?;
            return Err(AnswerError::NoEntry { entry, size });
        };
        if self.needed.takes(kind) {
            return Ok(entry);
        }
        if kind == Kind::Terms && self.needed.takes(Kind::Contract) {
            return self.accepted(entry);
        }
        Err(AnswerError::WrongKind {
            text: self.shown.clone(),
            found: self.names.of(entry)?,
            needed: self.needed.in_words(),
            instead: self.instead(entry, kind)?,
        })
    }

    /// What of a needed kind belongs to an entry of another kind.
    fn instead(&self, entry: EntryNumber, kind: Kind) -> Found {
        let (contract, work) = match kind {
            Kind::Payment => {
                let payment = self.names.payment(entry)?;
                (payment.under(), payment.work)
            }
            Kind::Work => (self.names.work(entry)?.contract, None),
            Kind::Confirmation => {
                let statement = self.names.reader().statement(entry)?;
                let crate::record::Record::Confirmation(confirmation) = statement.record() else {
                    return Ok(None);
                };
                let payment = self.names.entry(confirmation.payment)?;
                if self.needed.takes(Kind::Payment) {
                    return Ok(Some(payment));
                }
                let payment = self.names.payment(payment)?;
                (payment.under(), payment.work)
            }
            Kind::Ledger
            | Kind::Party
            | Kind::KeyAdded
            | Kind::KeyRevoked
            | Kind::Terms
            | Kind::TermsWithdrawn
            | Kind::Contract
            | Kind::SplitAgreed
            | Kind::Assignment
            | Kind::Licence
            | Kind::Attestation
            | Kind::Labelled
            | Kind::Account
            | Kind::Correction
            | Kind::Opening
            | Kind::OpeningAgreed
            | Kind::ExchangeRate
            | Kind::StatementClosed
            | Kind::StatementAccepted
            | Kind::StatementDisputed
            | Kind::SessionStarted
            | Kind::SessionSteps
            | Kind::SessionStopped => (None, None),
        };
        let work = work.filter(|_| self.needed.takes(Kind::Work));
        Ok(work.or(contract.filter(|_| self.needed.takes(Kind::Contract))))
    }

    /// The contract by which terms were accepted.
    fn accepted(&self, terms: EntryNumber) -> Result<EntryNumber, AnswerError> {
        let reader = self.names.reader();
        let refused = |party| {
            let terms = self.names.terms_label(terms)?.name;
            Err(AnswerError::NotAccepted { terms, party })
        };
        if let Some(party) = self.on_behalf_of {
            match reader.acceptance(party, terms)? {
                Some(contract) => return Ok(contract),
                // The provider means the contract of whoever accepted its terms.
                None if self.names.terms(terms)?.provider == party => {}
                None => return refused(self.names.handle(party)?.to_string()),
            }
        }
        let contracts = reader.contracts_under(terms, MAX_CANDIDATES + 1)?;
        let entries: Vec<_> = contracts.iter().map(|row| row.entry).collect();
        match self.only(&entries)? {
            Some(contract) => Ok(contract),
            None => refused("nobody".to_owned()),
        }
    }

    fn identified(&self, text: &str) -> Found {
        let Ok(id) = text.parse::<RecordId>() else {
            return Ok(None);
        };
        if let Some(entry) = self.names.reader().entry_number(&id)? {
            return Ok(Some(entry));
        }
        self.with_content(&Digest::from_bytes(*id.as_bytes()))
    }

    fn named(&self, text: &str) -> Found {
        match Handle::new(text) {
            Ok(handle) => Ok(self.names.reader().party_named(&handle)?),
            Err(_) => Ok(None),
        }
    }

    fn versioned(&self, text: &str) -> Found {
        let Some((provider, form)) = text.split_once('/') else {
            return Ok(None);
        };
        let (slug, version) = match form.split_once('@') {
            Some((slug, version)) => (slug, Some(version.parse::<u32>())),
            None => (form, None),
        };
        let (Ok(provider), Ok(slug)) = (Handle::new(provider), Slug::new(slug)) else {
            return Ok(None);
        };
        let reader = self.names.reader();
        let Some(provider) = reader.party_named(&provider)? else {
            return Ok(None);
        };
        Ok(match version {
            None => reader.latest_terms(provider, &slug)?.map(|(_, entry)| entry),
            Some(Ok(version)) => reader.terms_version(provider, &slug, version)?,
            Some(Err(_)) => None,
        })
    }

    fn prefixed(&self, text: &str) -> Found {
        if text.len() < MIN_PREFIX_CHARS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let reader = self.names.reader();
        let found = reader.entry_ids_with_prefix(text, MAX_CANDIDATES + 1)?;
        let mut fitting = Vec::new();
        for (_, entry) in &found {
            if View::kind(reader, *entry)?.is_some_and(|kind| self.needed.takes(kind)) {
                fitting.push(*entry);
            }
        }
        if fitting.is_empty() {
            fitting = found.iter().map(|(_, entry)| *entry).collect();
        }
        self.only(&fitting)
    }

    /// The path that is meant: one with a separator, or a file that is there.
    fn path(&self, is_something_else: bool) -> Option<&Path> {
        let path = Path::new(self.typed);
        let has_separator = self.typed.as_encoded_bytes().contains(&b'/');
        ((has_separator && !is_something_else) || path.is_file()).then_some(path)
    }

    /// The work with this content: that of the party that asks, else the earliest; else the one of which
    /// a file with this content was labelled.
    fn with_content(&self, digest: &Digest) -> Found {
        let works = self.names.reader().works_with(digest)?;
        if let Some(party) = self.on_behalf_of {
            for work in &works {
                let creators = self.names.work(*work)?.creators;
                if creators.iter().any(|(creator, _)| *creator == party) {
                    return Ok(Some(*work));
                }
            }
        }
        if let Some(work) = works.first() {
            return Ok(Some(*work));
        }
        // A labelled copy has another digest than the file of the work.
        Ok(self.names.reader().works_labelled(digest, 1)?.first().copied())
    }

    fn titled(&self) -> Found {
        let Some(text) = self.text else {
            return Ok(None);
        };
        let mut filter =
            WorkFilter { title_contains: Some(text.to_owned()), ..WorkFilter::first(64) };
        let mut exact = Vec::new();
        loop {
            let works = self.names.reader().works(&filter)?;
            let is_last = works.len() < filter.limit;
            filter.after = works.last().map(|work| work.entry);
            let same = works.iter().filter(|work| work.title.as_str() == text);
            exact.extend(same.map(|work| work.entry));
            if is_last || exact.len() > MAX_CANDIDATES {
                return self.only(&exact);
            }
        }
    }

    /// The one entry there is; none, or an error where there are several.
    fn only(&self, entries: &[EntryNumber]) -> Found {
        match entries {
            [] => Ok(None),
            [entry] => Ok(Some(*entry)),
            several => {
                let shown = several.iter().take(MAX_CANDIDATES);
                Err(AnswerError::Ambiguous {
                    text: self.shown.clone(),
                    candidates: shown
                        .map(|entry| self.names.of(*entry))
                        .collect::<Result<_, _>>()?,
                    more: several.len() > MAX_CANDIDATES,
                })
            }
        }
    }
}

/// The number, where the text is meant as one; nothing inside where it cannot be one.
fn entry_number(text: &str) -> Option<Option<EntryNumber>> {
    let digits = match text.strip_prefix('#') {
        Some(digits) => digits,
        None if text.len() < MIN_NUMERIC_PREFIX_CHARS => text,
        None => return None,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return Some(digits.parse().ok().map(EntryNumber::new));
    }
    text.starts_with('#').then_some(None)
}
