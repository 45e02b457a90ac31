//! Why no figure can be given.

use crate::money::{Amount, Currency, Fraction, MoneyError};
use crate::record::{CountryCode, EntryNumber, RecordError, Timestamp};
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
    /// A line of a kind of revenue that the clauses do not name.
    #[error(
        "line {line} of entry {entry} is of `{found}`, must be a kind of revenue that the terms name"
    )]
    EventCategory {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// Its category.
        found: String,
    },
    /// A line that names a category by a place where none is.
    #[error("line {line} of entry {entry} names category {found}, must be one of those handed in")]
    EventCategoryPlace {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// The place of the category.
        found: usize,
    },
    /// A line before the account is kept here, or outside the term of the contract.
    #[error("line {line} of entry {entry} is dated {found}, must be {needed}")]
    EventDate {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// Its date.
        found: Timestamp,
        /// From when to when.
        needed: String,
    },
    /// A line from a country that the terms do not cover.
    #[error("line {line} of entry {entry} is from {}, must be from the territory of the terms", found.as_str())]
    EventTerritory {
        /// The entry.
        entry: EntryNumber,
        /// The place of the line, from 0.
        line: u32,
        /// Its country.
        found: CountryCode,
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
    /// An opening balance of another currency, or below zero.
    #[error("the opening balance {entry} names {found}, must be zero or more, in {needed}")]
    OpeningAmount {
        /// The entry.
        entry: EntryNumber,
        /// The amount.
        found: Amount,
        /// The currency of the clauses.
        needed: Currency,
    },
    /// An opening balance that has reached something under a rate that the clauses do not have.
    #[error(
        "the opening balance {entry} has reached something of `{found}`, must name a kind that has a rate of its own"
    )]
    OpeningKind {
        /// The entry.
        entry: EntryNumber,
        /// The kind.
        found: String,
    },
    /// No published rate where one is needed.
    #[error("no rate from {from} to {to} was published for {on}, must be published first")]
    ExchangeRateMissing {
        /// The currency of the event.
        from: Currency,
        /// The settlement currency.
        to: Currency,
        /// The day, or the days.
        on: String,
    },
    /// Two published rates of one pair and day.
    #[error(
        "entries {first} and {second} publish two rates from {from} to {to} for {on}, must be one"
    )]
    ExchangeRateTwice {
        /// The entry that publishes one.
        first: EntryNumber,
        /// The entry that publishes another.
        second: EntryNumber,
        /// The currency that is turned into the other.
        from: Currency,
        /// The currency that comes out.
        to: Currency,
        /// The day.
        on: String,
    },
    /// A published rate of nothing or of less.
    #[error("entry {entry} publishes a rate of {found}, must be more than 0")]
    ExchangeRateAmount {
        /// The entry.
        entry: EntryNumber,
        /// The rate.
        found: Fraction,
    },
    /// Versions of the terms that cannot follow each other in one account.
    #[error("a later version of the terms changes {what}, must keep it")]
    VersionChanges {
        /// What it changes.
        what: &'static str,
    },
    /// No version of the terms at all.
    #[error("no version of the terms is given, must be one or more")]
    NoVersion,
    /// More categories than an account may have.
    #[error("more than {max} categories, must be at most {max}")]
    TooManyCategories {
        /// The limit.
        max: usize,
    },
    /// An account over more periods than is reasonable.
    #[error("more than {max} periods, must be at most {max}")]
    TooManyPeriods {
        /// The limit.
        max: usize,
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
    /// More given back than was paid.
    #[error("refunds of {refunded} exceed the payments of {paid}, must not")]
    RefundExceedsPayments {
        /// What was given back.
        refunded: Amount,
        /// What was paid.
        paid: Amount,
    },
    /// A day that nobody held the title on.
    #[error("nobody holds the title on {on}, must be held by somebody")]
    NoHolder {
        /// The day.
        on: Timestamp,
    },
    /// Works that derive from each other in a circle.
    #[error("work {work} derives from itself, must not")]
    DerivationCycle {
        /// One of them.
        work: EntryNumber,
    },
    /// Shares of derivation that exceed the whole.
    #[error("the works that {work} derives from take {found} of it, must be at most the whole")]
    DerivationShares {
        /// The work.
        work: EntryNumber,
        /// The sum of their shares.
        found: Fraction,
    },
    /// The same licence named twice.
    #[error("work {child} derives from {parent} twice, must do so once")]
    DerivationTwice {
        /// The derived work.
        child: EntryNumber,
        /// The work it derives from.
        parent: EntryNumber,
    },
    /// More works, or more parents of one work, than is bearable.
    #[error("{what}: {found}, must be at most {max}")]
    DerivationTooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// An amount or a fraction out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date out of range.
    #[error(transparent)]
    Time(#[from] RecordError),
}
