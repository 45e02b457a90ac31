//! Everything that the engine concludes from, but for the clauses.

use super::{Categories, Event, RateTable, Receipt};
use crate::money::Amount;
use crate::record::{Category, EntryNumber, ProfitShare, Territory, Timestamp};

/// A version of the clauses and from when on it applies.
///
/// Events before it keep the version before; what they reached counts toward its tiers.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// From when on. That of the first version does not matter: it applies from the beginning.
    pub from: Timestamp,
    /// The clauses.
    pub clauses: &'a ProfitShare,
}

/// The facts about one contract, or about the contracts of one pool.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// When the contract was made: terms in months, and days of instalments, are counted from it.
    pub start: Timestamp,
    /// Where the rights were granted; nothing is checked where it is none.
    pub territory: Option<Territory>,
    /// The categories that events name by place.
    pub categories: &'a Categories,
    /// Revenue, expenses and refunds, in any order.
    pub events: &'a [Event],
    /// Advances that were paid beside those that the clauses name, in any order.
    pub advances: &'a [Advance],
    /// Where an account was moved here from elsewhere.
    pub opening: Option<&'a Opening>,
    /// Confirmed payments, in any order.
    pub receipts: &'a [Receipt],
    /// Published exchange rates.
    pub rates: &'a RateTable,
}

impl<'a> Facts<'a> {
    /// Events and payments, and nothing else.
    pub const fn of(
        start: Timestamp,
        categories: &'a Categories,
        events: &'a [Event],
        receipts: &'a [Receipt],
    ) -> Self {
        Self {
            start,
            territory: None,
            categories,
            events,
            advances: &[],
            opening: None,
            receipts,
            rates: RateTable::EMPTY,
        }
    }
}

/// Money that was paid beforehand and is recouped from what is earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The entry that states it.
    pub entry: EntryNumber,
    /// When it was paid.
    pub on: Timestamp,
    /// How much, in the settlement currency; more than zero.
    pub amount: Amount,
    /// The work that it was paid for, where works are accounted for one by one.
    pub work: Option<EntryNumber>,
}

/// How an account stood when it was moved here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The entry that states it.
    pub entry: EntryNumber,
    /// From when on events are recorded here; none may be dated before.
    pub on: Timestamp,
    /// The loss that is carried: of the base under `full`, of the yield under `share`.
    pub loss: Amount,
    /// What is not recouped of advances.
    pub unrecouped: Amount,
    /// What was earned before, which counts toward guarantee and cap of the term.
    pub earned: Amount,
    /// What was due and not paid.
    pub owed: Amount,
    /// What was paid back, on its day or later, of money that had been paid before it: it is owed again.
    pub given_back: Vec<Receipt>,
    /// What was reached on the way through the tiers.
    pub reached: Vec<Reached>,
}

/// What was reached on the way through tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The kind of revenue, where it has its own rate.
    pub kind: Option<Category>,
    /// The base of all periods before.
    pub base: Amount,
    /// The units of all periods before.
    pub units: u64,
}
