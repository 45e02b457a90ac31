//! What was decoded once and cannot change: standard forms and keys. Never outlives a writer that
//! was rolled back, since what it entered was not.

use super::account::Reported;
use crate::record::{EntryNumber, PublicKey, Terms, Thumbprint};
use std::collections::HashMap;
use std::sync::Arc;

/// At most so many forms are kept; each takes some kilobytes.
const MAX_TERMS: usize = 256;
/// At most so many keys are kept; each takes some hundred bytes.
const MAX_KEYS: usize = 16_384;

/// Decoded records, by where they stand.
#[derive(Debug, Default)]
pub(super) struct Memo {
    terms: HashMap<EntryNumber, Arc<Terms>>,
    keys: HashMap<Thumbprint, PublicKey>,
    /// The last account that was asked for.
    account: Option<(EntryNumber, Reported)>,
}

impl Memo {
    pub(super) fn terms(&self, entry: EntryNumber) -> Option<Arc<Terms>> {
        self.terms.get(&entry).cloned()
    }

    pub(super) fn keep_terms(&mut self, entry: EntryNumber, terms: Arc<Terms>) {
        if self.terms.len() >= MAX_TERMS {
            self.terms.clear();
        }
        self.terms.insert(entry, terms);
    }

    pub(super) fn key(&self, kid: &Thumbprint) -> Option<PublicKey> {
        self.keys.get(kid).copied()
    }

    pub(super) fn keep_key(&mut self, kid: Thumbprint, key: PublicKey) {
        if self.keys.len() >= MAX_KEYS {
            self.keys.clear();
        }
        self.keys.insert(kid, key);
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
        self.terms.clear();
        self.keys.clear();
        self.account = None;
    }
}
