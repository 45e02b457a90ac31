//! What was read once and need not be read again: what cannot change, as who is who, contracts,
//! standard forms and keys; and, within one writer, what only its own entries can change. Never
//! outlives a writer that was rolled back, since what it entered was not.

use super::account::Reported;
use crate::admission::{ContractRow, KeyFacts, PartyFacts, TermsFacts};
use crate::record::{EntryNumber, Kind, PublicKey, RecordId, Terms, Thumbprint};
use crate::title::Fact;
use std::collections::HashMap;
use std::sync::Arc;

/// At most so many forms are kept; each takes some kilobytes.
const MAX_TERMS: usize = 256;
/// At most so many parties, contracts and identifiers are kept; each takes some hundred bytes.
const MAX_FACTS: usize = 16_384;
/// At most so many keys are kept; each takes some hundred bytes.
const MAX_KEYS: usize = 16_384;

/// Decoded records, by where they stand.
#[derive(Debug, Default)]
pub(super) struct Memo {
    terms: HashMap<EntryNumber, Arc<Terms>>,
    keys: HashMap<Thumbprint, PublicKey>,
    parties: HashMap<EntryNumber, PartyFacts>,
    contracts: HashMap<EntryNumber, ContractRow>,
    /// Entries that many others name, by identifier: never works, of which there are too many.
    entries: HashMap<RecordId, EntryNumber>,
    kinds: HashMap<EntryNumber, Kind>,
    passing: Passing,
    /// The last account that was asked for.
    account: Option<(EntryNumber, Reported)>,
}

/// What can change, but only by what the one writer adds: good for as long as it adds nothing but
/// works.
#[derive(Debug, Default)]
struct Passing {
    keys: HashMap<Thumbprint, KeyFacts>,
    terms: HashMap<EntryNumber, TermsFacts>,
    contract_payments: HashMap<EntryNumber, Vec<Fact>>,
}

/// Keeps a fact; when there are too many, the others are forgotten.
fn keep<K: Eq + std::hash::Hash, V>(facts: &mut HashMap<K, V>, key: K, fact: V, max: usize) {
    if facts.len() >= max {
        facts.clear();
    }
    facts.insert(key, fact);
}

impl Memo {
    pub(super) fn terms(&self, entry: EntryNumber) -> Option<Arc<Terms>> {
        self.terms.get(&entry).cloned()
    }

    pub(super) fn keep_terms(&mut self, entry: EntryNumber, terms: Arc<Terms>) {
        keep(&mut self.terms, entry, terms, MAX_TERMS);
    }

    pub(super) fn key(&self, kid: &Thumbprint) -> Option<PublicKey> {
        self.keys.get(kid).copied()
    }

    pub(super) fn keep_key(&mut self, kid: Thumbprint, key: PublicKey) {
        keep(&mut self.keys, kid, key, MAX_KEYS);
    }

    pub(super) fn party(&self, entry: EntryNumber) -> Option<PartyFacts> {
        self.parties.get(&entry).cloned()
    }

    pub(super) fn keep_party(&mut self, facts: PartyFacts) {
        keep(&mut self.parties, facts.entry, facts, MAX_FACTS);
    }

    pub(super) fn contract(&self, entry: EntryNumber) -> Option<ContractRow> {
        self.contracts.get(&entry).cloned()
    }

    pub(super) fn keep_contract(&mut self, row: ContractRow) {
        keep(&mut self.contracts, row.entry, row, MAX_FACTS);
    }

    pub(super) fn entry(&self, id: &RecordId) -> Option<EntryNumber> {
        self.entries.get(id).copied()
    }

    pub(super) fn kind(&self, entry: EntryNumber) -> Option<Kind> {
        self.kinds.get(&entry).copied()
    }

    pub(super) fn keep_entry(&mut self, id: RecordId, entry: EntryNumber, kind: Kind) {
        if !matches!(kind, Kind::Party | Kind::Contract | Kind::Terms) {
            return;
        }
        keep(&mut self.entries, id, entry, MAX_FACTS);
        keep(&mut self.kinds, entry, kind, MAX_FACTS);
    }

    pub(super) fn key_facts(&self, kid: &Thumbprint) -> Option<KeyFacts> {
        self.passing.keys.get(kid).cloned()
    }

    pub(super) fn keep_key_facts(&mut self, kid: Thumbprint, facts: KeyFacts) {
        keep(&mut self.passing.keys, kid, facts, MAX_FACTS);
    }

    pub(super) fn terms_facts(&self, entry: EntryNumber) -> Option<TermsFacts> {
        self.passing.terms.get(&entry).cloned()
    }

    pub(super) fn keep_terms_facts(&mut self, facts: TermsFacts) {
        keep(&mut self.passing.terms, facts.entry, facts, MAX_TERMS);
    }

    pub(super) fn contract_payments(&self, contract: EntryNumber) -> Option<Vec<Fact>> {
        self.passing.contract_payments.get(&contract).cloned()
    }

    pub(super) fn keep_contract_payments(&mut self, contract: EntryNumber, facts: Vec<Fact>) {
        keep(&mut self.passing.contract_payments, contract, facts, MAX_FACTS);
    }

    /// Forgets what can change.
    pub(super) fn pass(&mut self) {
        self.passing = Passing::default();
    }

    pub(super) fn account(&self, entry: EntryNumber) -> Option<Reported> {
        let (last, reported) = self.account.as_ref()?;
        (*last == entry).then(|| reported.clone())
    }

    pub(super) fn keep_account(&mut self, entry: EntryNumber, account: Reported) {
        self.account = Some((entry, account));
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
