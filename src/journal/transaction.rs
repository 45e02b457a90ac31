//! A transaction: postings that come to nothing.

use super::{Account, JournalError};
use crate::money::Amount;
use crate::record::EntryNumber;
use time::Date;

/// What is added to an account; below zero, what is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// How much.
    pub amount: Amount,
}

/// One transaction of one day and one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    on: Date,
    narration: String,
    reference: Option<String>,
    entry: Option<EntryNumber>,
    postings: [Posting; 2],
}

impl Transaction {
    /// Moves an amount from one account to another.
    ///
    /// # Errors
    /// [`JournalError::Money`] for an amount that cannot be negated.
    pub fn transfer(
        on: Date,
        narration: impl Into<String>,
        amount: Amount,
        (from, to): (Account, Account),
    ) -> Result<Self, JournalError> {
        let postings = [
            Posting { account: to, amount },
            Posting { account: from, amount: amount.checked_neg()? },
        ];
        Ok(Self { on, narration: narration.into(), reference: None, entry: None, postings })
    }

    /// With the entry of the ledger that it rests on.
    #[must_use]
    pub fn entry(self, entry: EntryNumber) -> Self {
        Self { entry: Some(entry), ..self }
    }

    /// With the reporter's own reference.
    #[must_use]
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }

    /// The day, in UTC.
    pub const fn on(&self) -> Date {
        self.on
    }

    /// What it is about.
    pub fn narration(&self) -> &str {
        &self.narration
    }

    /// The postings, which come to nothing.
    pub const fn postings(&self) -> &[Posting; 2] {
        &self.postings
    }

    /// The entry that it rests on, and the reporter's reference, as metadata.
    pub(super) fn metadata(&self) -> Vec<(&'static str, String)> {
        let entry = self.entry.map(|entry| ("entry", entry.get().to_string()));
        let reference = self.reference.clone().map(|reference| ("reference", reference));
        entry.into_iter().chain(reference).collect()
    }

    pub(super) fn order(&self) -> (Date, Option<EntryNumber>, Option<&str>, &str) {
        (self.on, self.entry, self.reference.as_deref(), &self.narration)
    }
}
