//! A dated line of account, as the engine takes it in.

use crate::money::Currency;
use crate::record::{Category, EntryNumber, LineKind, Timestamp};

/// One line of account under a contract: money received, spent or given back.
///
/// The caller hands in each line once; lines are told apart by entry and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The entry that states it.
    pub entry: EntryNumber,
    /// The place of the line in the entry, from 0.
    pub line: u32,
    /// When it happened.
    pub on: Timestamp,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Which kind of revenue or expense.
    pub category: Category,
    /// How much, in minor units of the currency; more than zero for every kind.
    pub minor: i64,
    /// In which currency; it must be the one that the clauses settle in.
    pub currency: Currency,
    /// The work that it is about, if it is about one.
    pub work: Option<EntryNumber>,
}
