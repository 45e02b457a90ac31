//! Lists: works, parties, terms, contracts, payments, entries; the newest last.

use super::history::fact;
use super::{AnswerError, Fact, Names, json};
use crate::admission::{ContractRow, PaymentRow, TitleRow, View, WorkRow};
use crate::money::{Amount, Currency, Share};
use crate::record::{
    EntryNumber, Handle, Kind, Name, RecordId, Reference, Roles, Timestamp, Title,
};
use crate::store::{EntryFilter, EntryRow, Reader, WorkFilter};
use crate::title::Status;
use serde::Serialize;
use std::collections::VecDeque;

/// Rows that are looked at together.
const PAGE: usize = 500;

/// What a list is to show. What is not given does not restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFilter {
    /// The moment for which holders are shown.
    pub now: Timestamp,
    /// Works that this party holds a share of, at that moment.
    pub holder: Option<EntryNumber>,
    /// Contracts and payments of this party, on either side; entries that it signed; works that it
    /// made.
    pub party: Option<EntryNumber>,
    /// Works and payments under this contract.
    pub contract: Option<EntryNumber>,
    /// Entries of this kind.
    pub kind: Option<Kind>,
    /// The title contains this, in upper or lower case.
    pub title: Option<String>,
    /// The name of the model contains this, in upper or lower case.
    pub model: Option<String>,
    /// From this moment on: when a work was made, a contract accepted, a payment made; for parties,
    /// terms and entries, when they were registered.
    pub from: Option<Timestamp>,
    /// Up to this moment.
    pub to: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: usize,
}

impl ListFilter {
    /// The newest so many of everything.
    pub const fn newest(limit: usize, now: Timestamp) -> Self {
        Self {
            now,
            holder: None,
            party: None,
            contract: None,
            kind: None,
            title: None,
            model: None,
            from: None,
            to: None,
            limit,
        }
    }

    fn covers(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| moment >= from) && self.to.is_none_or(|to| moment <= to)
    }
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing<T> {
    /// The lines, the newest last.
    pub lines: Vec<T>,
    /// Whether older ones were left out.
    pub truncated: bool,
}

/// A work in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkLine {
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub work: RecordId,
    /// Its entry.
    pub entry: EntryNumber,
    /// Its title.
    pub title: Title,
    /// The model, where it is told.
    pub model: Option<Name>,
    /// Who registered it.
    #[serde(serialize_with = "json::text")]
    pub registered_by: Handle,
    /// Who holds it at the moment of the list.
    pub holders: Vec<ShareLine>,
    /// Under which contract it was made.
    pub contract_entry: Option<EntryNumber>,
    /// When it was made.
    #[serde(serialize_with = "json::text")]
    pub made_at: Timestamp,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// A share in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareLine {
    /// Who holds.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// Which share.
    #[serde(serialize_with = "json::text")]
    pub share: Share,
    /// How firmly.
    #[serde(serialize_with = "json::text")]
    pub status: Status,
}

/// A party in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyLine {
    /// Its handle.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// Its entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// What it may be.
    pub roles: Roles,
    /// Keys that are not revoked.
    pub live_keys: usize,
    /// When it enrolled.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

/// Terms in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermsLine {
    /// The identifier.
    #[serde(serialize_with = "json::text")]
    pub terms: RecordId,
    /// The entry.
    pub entry: EntryNumber,
    /// `northlight/fee@1`.
    pub name: String,
    /// The name for people.
    pub title: Title,
    /// `fee-for-assignment` or `profit-share`.
    pub form: &'static str,
    /// From when on they can be accepted.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
    /// From when on they expire by themselves.
    #[serde(serialize_with = "json::optional_text")]
    pub expires_at: Option<Timestamp>,
    /// From when on they are withdrawn.
    #[serde(serialize_with = "json::optional_text")]
    pub withdrawn_at: Option<Timestamp>,
}

/// A contract in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractLine {
    /// The identifier.
    #[serde(serialize_with = "json::text")]
    pub contract: RecordId,
    /// The entry.
    pub entry: EntryNumber,
    /// The terms: `northlight/fee@1`.
    pub terms: String,
    /// Who accepted.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// Whose terms.
    #[serde(serialize_with = "json::text")]
    pub provider: Handle,
    /// When it took effect.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
    /// The contract that goes on under these terms; an amendment has no account of its own.
    pub amends: Option<EntryNumber>,
}

/// A payment in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentLine {
    /// The identifier.
    #[serde(serialize_with = "json::text")]
    pub payment: RecordId,
    /// The entry.
    pub entry: EntryNumber,
    /// Under which contract; none for a part of the proceeds of a work.
    pub contract_entry: Option<EntryNumber>,
    /// For which work, where it names one.
    pub work_entry: Option<EntryNumber>,
    /// Who paid.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// To whom.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// How much.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
    /// In which currency.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// The payer's reference.
    pub reference: Reference,
    /// When it was paid.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
    /// The confirmation, where there is one.
    pub confirmed_by: Option<EntryNumber>,
}

/// An entry in a list.
pub type EntryLine = Fact;

/// Lists of one snapshot of the ledger.
///
/// # Errors
/// Every method: a ledger that cannot be read.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    names: Names<'a>,
    filter: &'a ListFilter,
}

/// The lists that a filter leaves.
pub const fn list<'a>(reader: &'a Reader<'a>, filter: &'a ListFilter) -> Lists<'a> {
    Lists { names: Names::new(reader), filter }
}

impl Lists<'_> {
    /// Works.
    pub fn works(&self) -> Result<Listing<WorkLine>, AnswerError> {
        let filter = self.filter;
        if filter.holder.is_some() || filter.contract.is_some() {
            return self.works_by_index();
        }
        self.newest(Kind::Work, |entry| {
            let Some(row) = self.names.reader().work_row(entry.number)? else {
                return Ok(None);
            };
            if self.takes(&row)? { self.work(row).map(Some) } else { Ok(None) }
        })
    }

    fn takes(&self, row: &WorkRow) -> Result<bool, AnswerError> {
        let filter = self.filter;
        let contains = |needle: &Option<String>, text: Option<&str>| match (needle, text) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(needle), Some(text)) => text.to_lowercase().contains(&needle.to_lowercase()),
        };
        if !filter.covers(row.effective_at)
            || !contains(&filter.title, Some(row.title.as_str()))
            || !contains(&filter.model, row.model.as_ref().map(Name::as_str))
        {
            return Ok(false);
        }
        let Some(party) = filter.party else {
            return Ok(true);
        };
        let creators = self.names.work(row.entry)?.creators;
        Ok(creators.iter().any(|(creator, _)| *creator == party))
    }

    fn works_by_index(&self) -> Result<Listing<WorkLine>, AnswerError> {
        let mut filter = WorkFilter {
            title_contains: self.filter.title.clone(),
            model_contains: self.filter.model.clone(),
            holder: self.filter.holder,
            holding_at: Some(self.filter.now),
            contract: self.filter.contract,
            from: self.filter.from,
            to: self.filter.to,
            ..WorkFilter::first(PAGE)
        };
        let mut newest = VecDeque::new();
        let mut truncated = false;
        loop {
            let page = self.names.reader().works(&filter)?;
            let is_last = page.len() < PAGE;
            filter.after = page.last().map(|row| row.entry);
            for row in page {
                if self.takes(&row)? {
                    newest.push_back(row);
                }
                if newest.len() > self.filter.limit {
                    newest.pop_front();
                    truncated = true;
                }
            }
            if is_last {
                break;
            }
        }
        let lines = newest.into_iter().map(|row| self.work(row));
        Ok(Listing { lines: lines.collect::<Result<_, _>>()?, truncated })
    }

    fn work(&self, row: WorkRow) -> Result<WorkLine, AnswerError> {
        let reader = self.names.reader();
        let rows = reader.title_rows(row.entry)?;
        let held = rows.iter().filter(|title| is_held(title, self.filter.now));
        let holders = held.map(|title| {
            Ok(ShareLine {
                party: self.names.handle(title.holder)?,
                share: title.share,
                status: title.status,
            })
        });
        Ok(WorkLine {
            work: self.names.id(row.entry)?,
            entry: row.entry,
            title: row.title,
            model: row.model,
            registered_by: self.names.handle(self.names.work(row.entry)?.signer)?,
            holders: holders.collect::<Result<_, AnswerError>>()?,
            contract_entry: row.contract,
            made_at: row.effective_at,
            registered_at: reader.registered_at(row.entry)?,
        })
    }

    /// Parties.
    pub fn parties(&self) -> Result<Listing<PartyLine>, AnswerError> {
        self.newest(Kind::Party, |entry| {
            let party = self.names.party(entry.number)?;
            let line = || {
                Ok(PartyLine {
                    party: party.handle.clone(),
                    entry: entry.number,
                    id: entry.id,
                    roles: party.roles.clone(),
                    live_keys: self.names.reader().live_keys(entry.number)?,
                    registered_at: entry.registered_at,
                })
            };
            self.filter.covers(entry.registered_at).then(line).transpose()
        })
    }

    /// Terms; with a party, those of this provider.
    pub fn terms(&self) -> Result<Listing<TermsLine>, AnswerError> {
        self.newest(Kind::Terms, |entry| {
            let facts = self.names.terms(entry.number)?;
            let is_provider = self.filter.party.is_none_or(|party| facts.provider == party);
            if !is_provider || !self.filter.covers(entry.registered_at) {
                return Ok(None);
            }
            Ok(Some(TermsLine {
                terms: entry.id,
                entry: entry.number,
                name: self.names.form(facts.provider, &facts.terms)?,
                title: facts.terms.title.clone(),
                form: facts.terms.form.name(),
                effective_at: facts.terms.effective_at,
                expires_at: facts.terms.expires_at,
                withdrawn_at: facts.withdrawn_at,
            }))
        })
    }

    /// Contracts.
    pub fn contracts(&self) -> Result<Listing<ContractLine>, AnswerError> {
        self.newest(Kind::Contract, |entry| {
            let row = self.names.contract(entry.number)?;
            let sides = [row.party, row.provider];
            let is_side = self.filter.party.is_none_or(|party| sides.contains(&party));
            if !is_side || !self.filter.covers(row.effective_at) {
                return Ok(None);
            }
            self.contract(entry.id, &row).map(Some)
        })
    }

    fn contract(&self, id: RecordId, row: &ContractRow) -> Result<ContractLine, AnswerError> {
        Ok(ContractLine {
            contract: id,
            entry: row.entry,
            terms: self.names.terms_label(row.terms)?.name,
            party: self.names.handle(row.party)?,
            provider: self.names.handle(row.provider)?,
            effective_at: row.effective_at,
            amends: row.amends,
        })
    }

    /// Payments.
    pub fn payments(&self) -> Result<Listing<PaymentLine>, AnswerError> {
        self.newest(Kind::Payment, |entry| {
            let row = self.names.payment(entry.number)?;
            let sides = [row.payer, row.payee];
            let is_meant = self.filter.party.is_none_or(|party| sides.contains(&party))
                && self.filter.contract.is_none_or(|contract| row.contract == contract)
                && self.filter.covers(row.effective_at);
            if !is_meant {
                return Ok(None);
            }
            self.payment(entry.id, row).map(Some)
        })
    }

    fn payment(&self, id: RecordId, row: PaymentRow) -> Result<PaymentLine, AnswerError> {
        Ok(PaymentLine {
            payment: id,
            entry: row.entry,
            contract_entry: row.under(),
            work_entry: row.work,
            payer: self.names.handle(row.payer)?,
            payee: self.names.handle(row.payee)?,
            amount: Amount::new(i128::from(row.minor), row.currency)?,
            currency: row.currency,
            reference: row.reference,
            effective_at: row.effective_at,
            confirmed_by: self.names.reader().confirmation(row.entry)?,
        })
    }

    /// Entries.
    pub fn entries(&self) -> Result<Listing<EntryLine>, AnswerError> {
        self.newest(self.filter.kind, |entry| {
            let is_signer = self.filter.party.is_none_or(|party| entry.signer == Some(party));
            if !is_signer || !self.filter.covers(entry.registered_at) {
                return Ok(None);
            }
            fact(&self.names, entry.number, &[]).map(Some)
        })
    }

    /// The newest entries of a kind of which a line is made, from the end of the log backwards.
    fn newest<T>(
        &self,
        kind: impl Into<Option<Kind>>,
        line: impl Fn(&EntryRow) -> Result<Option<T>, AnswerError>,
    ) -> Result<Listing<T>, AnswerError> {
        let mut filter = EntryFilter {
            kind: kind.into(),
            ..EntryFilter::newest(PAGE.min(self.filter.limit.saturating_add(1)))
        };
        let mut lines = Vec::new();
        loop {
            let page = self.names.reader().entry_list(&filter)?;
            filter.before = page.last().map(|row| row.number);
            for row in &page {
                let Some(line) = line(row)? else { continue };
                if lines.len() == self.filter.limit {
                    lines.reverse();
                    return Ok(Listing { lines, truncated: true });
                }
                lines.push(line);
            }
            if page.len() < filter.limit {
                lines.reverse();
                return Ok(Listing { lines, truncated: false });
            }
        }
    }
}

fn is_held(row: &TitleRow, now: Timestamp) -> bool {
    row.valid_from <= now && row.valid_until.is_none_or(|until| now < until)
}
