//! A view in memory: for tests, and for verification by an independent replay. It keeps what
//! admission may ask for and nothing else, compactly, so that a replay of a million entries fits.

mod apply;

use super::facts::{line_facts, regime};
use super::{
    AccountLineFacts, AccountSumKey, AccountSumRow, AttestedRow, ContractRow, ExchangeRateRow,
    KeyFacts, LicenceRow, OpeningAgreedRow, OpeningRow, PartyFacts, PaymentRow, SessionRow,
    StatementAnsweredRow, StatementClosedRow, TermsFacts, View, WorkFacts,
};
use crate::money::{Currency, MoneyError, Share};
use crate::record::{
    Account, Category, Digest, EntryNumber, Handle, Kind, LineKind, RecordId, Reference, Slug,
    Thumbprint, Timestamp,
};
use crate::royalty::Derived;
use crate::title::{Event, Fact, Regime, Registration};
use std::collections::{BTreeMap, HashMap, HashSet};
use thiserror::Error;

/// An effect that does not fit the view: the replay itself is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MemoryError {
    /// A row names an entry that is not there, or not of its kind.
    #[error("a row of {entry} does not fit the entries before it")]
    Unfit {
        /// The entry that added the row.
        entry: EntryNumber,
    },
    /// An amount out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// An entry that does not come next: a whole ledger has no gap, and a part of one is in order.
    #[error("entry {found} does not come next, must be {}{needed}", if *part { "at least " } else { "" })]
    OutOfOrder {
        /// The entry.
        found: EntryNumber,
        /// The first place that it could have.
        needed: EntryNumber,
        /// Whether the view is of a part of a ledger.
        part: bool,
    },
}

/// The kinds of the entries: of all of them, or of those that a part of a ledger has.
enum Kinds {
    /// By place, without a gap.
    Whole(Vec<Kind>),
    /// By number.
    Part(BTreeMap<EntryNumber, Kind>),
}

impl Default for Kinds {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

impl Kinds {
    fn len(&self) -> usize {
        match self {
            Self::Whole(kinds) => kinds.len(),
            Self::Part(kinds) => kinds.len(),
        }
    }

    fn get(&self, entry: EntryNumber) -> Option<Kind> {
        match self {
            Self::Whole(kinds) => {
                let place = usize::try_from(entry.get()).ok()?;
                kinds.get(place).copied()
            }
            Self::Part(kinds) => kinds.get(&entry).copied(),
        }
    }

    /// The first place that the next entry could have.
    fn next(&self) -> EntryNumber {
        EntryNumber::new(match self {
            Self::Whole(kinds) => kinds.len() as u64,
            Self::Part(kinds) => {
                kinds.last_key_value().map_or(0, |(last, _)| last.get().saturating_add(1))
            }
        })
    }

    fn check_next(&self, found: EntryNumber) -> Result<(), MemoryError> {
        let needed = self.next();
        let part = matches!(self, Self::Part(_));
        if found == needed || (part && found > needed) {
            return Ok(());
        }
        Err(MemoryError::OutOfOrder { found, needed, part })
    }

    fn add(&mut self, entry: EntryNumber, kind: Kind) {
        match self {
            Self::Whole(kinds) => kinds.push(kind),
            Self::Part(kinds) => {
                kinds.insert(entry, kind);
            }
        }
    }
}

/// A work, in as few bytes as it takes.
struct Work {
    entry: EntryNumber,
    signer: EntryNumber,
    contract: Option<EntryNumber>,
    effective_at: Timestamp,
    registered_at: Timestamp,
}

/// The state of a ledger, rebuilt from its statements.
#[derive(Default)]
pub struct MemoryView {
    entries: HashMap<RecordId, EntryNumber>,
    kinds: Kinds,
    parties: HashMap<EntryNumber, PartyFacts>,
    handles: HashMap<Handle, EntryNumber>,
    keys: HashMap<Thumbprint, KeyFacts>,
    terms: HashMap<EntryNumber, TermsFacts>,
    latest_terms: HashMap<(EntryNumber, Slug), (u32, EntryNumber)>,
    contracts: HashMap<EntryNumber, ContractRow>,
    acceptances: HashMap<(EntryNumber, EntryNumber), EntryNumber>,
    /// By the contract that they amend, in order of effect.
    amendments: HashMap<EntryNumber, Vec<ContractRow>>,
    /// In order of entries.
    works: Vec<Work>,
    /// The creators of the works that have more than one.
    co_creators: HashMap<EntryNumber, Vec<(EntryNumber, Share)>>,
    works_under: HashMap<EntryNumber, Vec<EntryNumber>>,
    first_with: HashMap<Digest, EntryNumber>,
    further_with: HashMap<Digest, Vec<EntryNumber>>,
    /// What happened to the title of a work after its registration.
    title_facts: HashMap<EntryNumber, Vec<Fact>>,
    contract_payments: HashMap<EntryNumber, Vec<Fact>>,
    licences: HashMap<EntryNumber, LicenceRow>,
    /// By provider and reference.
    attested: HashMap<(EntryNumber, Reference), AttestedRow>,
    /// By the work that derives.
    derivations: HashMap<EntryNumber, Vec<Derived>>,
    /// The contracts that have the accounts of pools, by party, provider and name.
    pools: HashMap<(EntryNumber, EntryNumber, Slug), EntryNumber>,
    /// By contract.
    pooled: HashMap<EntryNumber, EntryNumber>,
    payments: HashMap<EntryNumber, PaymentRow>,
    payment_references: HashMap<(EntryNumber, Reference), EntryNumber>,
    confirmations: HashMap<EntryNumber, EntryNumber>,
    /// Where each reference stands, for each contract.
    references: HashMap<EntryNumber, BTreeMap<Reference, (EntryNumber, u32)>>,
    /// The accounts that entries report, and the works that their lines name by place.
    accounts: HashMap<EntryNumber, (Account, Vec<EntryNumber>)>,
    /// Who signed them.
    reporters: HashMap<EntryNumber, EntryNumber>,
    /// What of the proceeds of a work one party paid another, less what that gave back.
    proceeds: HashMap<(EntryNumber, EntryNumber, EntryNumber, &'static str), i128>,
    sums: HashMap<SumPlace, AccountSumRow>,
    corrections: HashMap<(EntryNumber, Reference), EntryNumber>,
    first_lines: HashMap<EntryNumber, Timestamp>,
    openings: HashMap<EntryNumber, OpeningRow>,
    /// By contract.
    openings_agreed: HashMap<EntryNumber, OpeningAgreedRow>,
    /// By publisher, base, quote and day.
    rates: HashMap<RatePlace, ExchangeRateRow>,
    closings: HashMap<EntryNumber, StatementClosedRow>,
    /// By contract, and start and end of the period.
    last_closings: HashMap<(EntryNumber, Timestamp, Timestamp), EntryNumber>,
    /// By closing.
    statement_answers: HashMap<EntryNumber, StatementAnsweredRow>,
    sessions: HashMap<EntryNumber, SessionRow>,
    /// By session.
    sessions_stopped: HashMap<EntryNumber, EntryNumber>,
    /// By session and content.
    session_outputs: HashMap<(EntryNumber, Digest), EntryNumber>,
    documents: HashSet<Digest>,
}

type RatePlace = (EntryNumber, &'static str, &'static str, Timestamp);

/// Contract, work or 0, month, kind, category, currency.
type SumPlace = (EntryNumber, EntryNumber, Timestamp, LineKind, Category, &'static str);

impl MemoryView {
    /// A view of nothing, into which every entry of a ledger comes in turn.
    pub fn new() -> Self {
        Self::default()
    }

    /// A view of nothing, into which some entries of a ledger come in order, each with its own
    /// number: what a bundle of evidence has. What the part lacks is not known to the view.
    pub fn of_part() -> Self {
        Self { kinds: Kinds::Part(BTreeMap::new()), ..Self::default() }
    }

    /// How many entries were applied.
    pub fn size(&self) -> u64 {
        self.kinds.len() as u64
    }

    /// The text with this digest was handed in.
    pub fn add_document(&mut self, digest: Digest) {
        self.documents.insert(digest);
    }

    fn find_work(&self, entry: EntryNumber) -> Option<&Work> {
        let place = self.works.binary_search_by_key(&entry, |work| work.entry).ok()?;
        self.works.get(place)
    }

    fn creators(&self, work: &Work) -> Vec<(EntryNumber, Share)> {
        match self.co_creators.get(&work.entry) {
            Some(creators) => creators.clone(),
            None => vec![(work.signer, Share::WHOLE)],
        }
    }

    fn regime(&self, contract: Option<EntryNumber>) -> Option<Regime> {
        let Some(contract) = contract else {
            return Some(Regime::BareClaim);
        };
        let row = self.contracts.get(&contract)?;
        let terms = self.terms.get(&row.terms)?;
        Some(regime(contract, row.provider, &terms.terms))
    }
}

impl View for MemoryView {
    type Error = MemoryError;

    fn entry(&self, id: &RecordId) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.entries.get(id).copied())
    }

    fn kind(&self, entry: EntryNumber) -> Result<Option<Kind>, MemoryError> {
        Ok(self.kinds.get(entry))
    }

    fn party(&self, entry: EntryNumber) -> Result<Option<PartyFacts>, MemoryError> {
        Ok(self.parties.get(&entry).cloned())
    }

    fn party_named(&self, handle: &Handle) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.handles.get(handle).copied())
    }

    fn key(&self, kid: &Thumbprint) -> Result<Option<KeyFacts>, MemoryError> {
        Ok(self.keys.get(kid).cloned())
    }

    fn live_keys(&self, party: EntryNumber) -> Result<usize, MemoryError> {
        let live = |key: &&KeyFacts| key.party == party && key.revoked_by.is_none();
        Ok(self.keys.values().filter(live).count())
    }

    fn terms(&self, entry: EntryNumber) -> Result<Option<TermsFacts>, MemoryError> {
        Ok(self.terms.get(&entry).cloned())
    }

    fn latest_terms(
        &self,
        provider: EntryNumber,
        slug: &Slug,
    ) -> Result<Option<(u32, EntryNumber)>, MemoryError> {
        Ok(self.latest_terms.get(&(provider, slug.clone())).copied())
    }

    fn contract(&self, entry: EntryNumber) -> Result<Option<ContractRow>, MemoryError> {
        Ok(self.contracts.get(&entry).cloned())
    }

    fn acceptance(
        &self,
        party: EntryNumber,
        terms: EntryNumber,
    ) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.acceptances.get(&(party, terms)).copied())
    }

    fn amendment_at(
        &self,
        contract: EntryNumber,
        moment: Timestamp,
    ) -> Result<Option<ContractRow>, MemoryError> {
        let amendments = self.amendments.get(&contract).into_iter().flatten();
        Ok(amendments.rev().find(|row| row.effective_at <= moment).cloned())
    }

    fn work(&self, entry: EntryNumber) -> Result<Option<WorkFacts>, MemoryError> {
        Ok(self.find_work(entry).map(|work| WorkFacts {
            entry,
            signer: work.signer,
            creators: self.creators(work),
            contract: work.contract,
            effective_at: work.effective_at,
        }))
    }

    fn contract_of_work(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<Option<EntryNumber>>, MemoryError> {
        Ok(self.find_work(entry).map(|work| work.contract))
    }

    fn works_with(&self, digest: &Digest) -> Result<Vec<EntryNumber>, MemoryError> {
        let mut works: Vec<EntryNumber> =
            self.first_with.get(digest).copied().into_iter().collect();
        works.extend(self.further_with.get(digest).into_iter().flatten());
        Ok(works)
    }

    fn title_facts(&self, work: &WorkFacts) -> Result<Vec<Fact>, MemoryError> {
        let unfit = || MemoryError::Unfit { entry: work.entry };
        let stored = self.find_work(work.entry).ok_or_else(unfit)?;
        let mut facts = vec![Fact {
            entry: work.entry,
            effective_at: stored.effective_at,
            registered_at: stored.registered_at,
            event: Event::Registered(Registration {
                signer: stored.signer,
                creators: self.creators(stored),
                regime: self.regime(stored.contract).ok_or_else(unfit)?,
            }),
        }];
        facts.extend(self.title_facts.get(&work.entry).into_iter().flatten().cloned());
        if let Some(contract) = stored.contract {
            facts.extend(self.contract_payments(contract)?);
        }
        Ok(facts)
    }

    fn contract_payments(&self, contract: EntryNumber) -> Result<Vec<Fact>, MemoryError> {
        Ok(self.contract_payments.get(&contract).cloned().unwrap_or_default())
    }

    fn works_under(&self, contract: EntryNumber) -> Result<Vec<EntryNumber>, MemoryError> {
        Ok(self.works_under.get(&contract).cloned().unwrap_or_default())
    }

    fn split_agreed(&self, work: EntryNumber, party: EntryNumber) -> Result<bool, MemoryError> {
        let agreed = Event::SplitAgreed { party };
        Ok(self.title_facts.get(&work).into_iter().flatten().any(|fact| fact.event == agreed))
    }

    fn licence(&self, entry: EntryNumber) -> Result<Option<LicenceRow>, MemoryError> {
        Ok(self.licences.get(&entry).cloned())
    }

    fn attested(
        &self,
        provider: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AttestedRow>, MemoryError> {
        Ok(self.attested.get(&(provider, reference.clone())).cloned())
    }

    fn derived(&self, work: EntryNumber) -> Result<Vec<Derived>, MemoryError> {
        Ok(self.derivations.get(&work).cloned().unwrap_or_default())
    }

    fn pool(
        &self,
        party: EntryNumber,
        provider: EntryNumber,
        name: &Slug,
    ) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.pools.get(&(party, provider, name.clone())).copied())
    }

    fn pool_of(&self, contract: EntryNumber) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.pooled.get(&contract).copied())
    }

    fn payment(&self, entry: EntryNumber) -> Result<Option<PaymentRow>, MemoryError> {
        Ok(self.payments.get(&entry).cloned())
    }

    fn payment_referenced(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<PaymentRow>, MemoryError> {
        let entry = self.payment_references.get(&(contract, reference.clone()));
        Ok(entry.and_then(|entry| self.payments.get(entry)).cloned())
    }

    fn confirmation(&self, payment: EntryNumber) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.confirmations.get(&payment).copied())
    }

    fn proceeds_paid(
        &self,
        work: EntryNumber,
        (payer, payee): (EntryNumber, EntryNumber),
        currency: Currency,
    ) -> Result<i128, MemoryError> {
        let sum = self.proceeds.get(&(work, payer, payee, currency.code()));
        Ok(sum.copied().unwrap_or_default())
    }

    fn reporter(&self, account: EntryNumber) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.reporters.get(&account).copied())
    }

    fn account_line(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AccountLineFacts>, MemoryError> {
        let place = self.references.get(&contract).and_then(|places| places.get(reference));
        let Some(&(entry, line)) = place else {
            return Ok(None);
        };
        let unfit = || MemoryError::Unfit { entry };
        let (account, works) = self.accounts.get(&entry).ok_or_else(unfit)?;
        let place = usize::try_from(line).map_err(|_| unfit())?;
        let found = account.lines.get(place).ok_or_else(unfit)?;
        Ok(Some(line_facts((entry, line), contract, account, found, works)))
    }

    fn references_between(
        &self,
        contract: EntryNumber,
        first: &Reference,
        last: &Reference,
    ) -> Result<bool, MemoryError> {
        let places = self.references.get(&contract);
        Ok(places.is_some_and(|places| places.range(first..=last).next().is_some()))
    }

    fn account_sum(&self, key: &AccountSumKey) -> Result<Option<AccountSumRow>, MemoryError> {
        let AccountSumKey { contract, work, month, kind, category, currency } = key.clone();
        let place = (contract, work.unwrap_or_default(), month, kind, category, currency.code());
        Ok(self.sums.get(&place).cloned())
    }

    fn correction(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.corrections.get(&(contract, reference.clone())).copied())
    }

    fn first_line_on(&self, contract: EntryNumber) -> Result<Option<Timestamp>, MemoryError> {
        Ok(self.first_lines.get(&contract).copied())
    }

    fn opening(&self, entry: EntryNumber) -> Result<Option<OpeningRow>, MemoryError> {
        Ok(self.openings.get(&entry).cloned())
    }

    fn opening_agreed(
        &self,
        contract: EntryNumber,
    ) -> Result<Option<OpeningAgreedRow>, MemoryError> {
        Ok(self.openings_agreed.get(&contract).cloned())
    }

    fn exchange_rate(
        &self,
        publisher: EntryNumber,
        (base, quote): (Currency, Currency),
        day: Timestamp,
    ) -> Result<Option<ExchangeRateRow>, MemoryError> {
        Ok(self.rates.get(&(publisher, base.code(), quote.code(), day)).cloned())
    }

    fn statement_closed(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<StatementClosedRow>, MemoryError> {
        Ok(self.closings.get(&entry).cloned())
    }

    fn last_closing(
        &self,
        contract: EntryNumber,
        (starts_at, ends_at): (Timestamp, Timestamp),
    ) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.last_closings.get(&(contract, starts_at, ends_at)).copied())
    }

    fn statement_answered(
        &self,
        closing: EntryNumber,
    ) -> Result<Option<StatementAnsweredRow>, MemoryError> {
        Ok(self.statement_answers.get(&closing).cloned())
    }

    fn session(&self, entry: EntryNumber) -> Result<Option<SessionRow>, MemoryError> {
        Ok(self.sessions.get(&entry).cloned())
    }

    fn session_stopped(&self, session: EntryNumber) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.sessions_stopped.get(&session).copied())
    }

    fn session_output(
        &self,
        session: EntryNumber,
        digest: &Digest,
    ) -> Result<Option<EntryNumber>, MemoryError> {
        Ok(self.session_outputs.get(&(session, *digest)).copied())
    }

    fn document(&self, digest: &Digest) -> Result<bool, MemoryError> {
        Ok(self.documents.contains(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [u64; 3] = [0, 2, 7];

    #[test]
    fn a_whole_ledger_has_no_gap() {
        let mut kinds = Kinds::default();
        let [first, third, _] = NUMBERS.map(EntryNumber::new);
        kinds.check_next(first).unwrap();
        kinds.add(first, Kind::Ledger);
        let needed = EntryNumber::new(1);
        let refused = MemoryError::OutOfOrder { found: third, needed, part: false };
        assert_eq!(kinds.check_next(third), Err(refused));
    }

    #[test]
    fn a_part_keeps_the_numbers_of_its_entries() {
        let mut kinds = Kinds::Part(BTreeMap::new());
        for number in NUMBERS.map(EntryNumber::new) {
            kinds.check_next(number).unwrap();
            kinds.add(number, Kind::Party);
        }
        assert_eq!(kinds.get(EntryNumber::new(7)), Some(Kind::Party));
        assert_eq!(kinds.get(EntryNumber::new(1)), None);
        for found in [2, 7].map(EntryNumber::new) {
            let needed = EntryNumber::new(8);
            let refused = MemoryError::OutOfOrder { found, needed, part: true };
            assert_eq!(kinds.check_next(found), Err(refused));
        }
    }
}
