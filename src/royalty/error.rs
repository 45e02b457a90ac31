//! Why no figure can be given.

use crate::money::{Amount, Currency, MoneyError};
use crate::record::{EntryNumber, RecordError};
use thiserror::Error;

/// An input that the clauses give no figure for, or a figure out of range.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RoyaltyError {
    /// A line of account of nothing or of less.
    #[error("line {line} of entry {entry} is of {found} minor units, must be more than 0")]
    EventAmount {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// Its minor units.
        found: i64,
    },
    /// A line of account in another currency than the clauses settle in.
    #[error(
        "line {line} of entry {entry} is in {found}, must be in {needed}, which the terms settle in"
    )]
    EventCurrency {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// Its currency.
        found: Currency,
        /// The currency of the clauses.
        needed: Currency,
    },
    /// A payment in another currency than the clauses settle in.
    #[error("payment {entry} is in {found}, must be in {needed}, which the terms settle in")]
    ReceiptCurrency {
        /// The payment.
        entry: EntryNumber,
        /// Its currency.
        found: Currency,
        /// The currency of the clauses.
        needed: Currency,
    },
    /// A payment of nothing or of less.
    #[error("payment {entry} is of {found}, must be more than 0")]
    ReceiptAmount {
        /// The payment.
        entry: EntryNumber,
        /// Its amount.
        found: Amount,
    },
    /// A fee for each work, asked for without a work.
    #[error("entry {entry} owes a fee for each work but names no work, must name one")]
    ObligationWithoutWork {
        /// The entry.
        entry: EntryNumber,
    },
    /// A fee asked for twice: for the same work, or for the same contract.
    #[error("entries {first} and {second} owe the same fee, must be owed once")]
    ObligationTwice {
        /// The entry that owes it first.
        first: EntryNumber,
        /// The entry that owes it again.
        second: EntryNumber,
    },
    /// An amount or a fraction out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date out of range.
    #[error(transparent)]
    Time(#[from] RecordError),
}
