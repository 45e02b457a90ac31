//! Why a chain of title does not hold: one closed, comparable list.

use super::MAX_HOLDINGS;
use crate::money::{Amount, Currency, Fraction, MoneyError, Share};
use crate::record::{EntryNumber, Period, Scope, Timestamp};
use thiserror::Error;

/// A fact that cannot be part of the title of the work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TitleError {
    /// The assignor does not hold that much of some right, in some place, at some time of the
    /// period: nobody can transfer more than they have.
    #[error(
        "{entry} assigns {wanted} of {scope}, {period}; {assignor} holds {held} there, must hold at least {wanted}"
    )]
    NotHeld {
        /// The assignment.
        entry: EntryNumber,
        /// Who assigns.
        assignor: EntryNumber,
        /// The share to transfer.
        wanted: Share,
        /// The smallest share that the assignor holds in any requested right, place and time.
        held: Fraction,
        /// Where it holds no more than that: part of what was to be transferred.
        scope: Box<Scope>,
        /// When it holds no more than that.
        period: Period,
    },
    /// A creator disposes of its share before all co-creators have signed the split.
    #[error("{entry} assigns a creator's share; {} of the co-creators must sign the split first", unsigned.len())]
    SplitUnsigned {
        /// The assignment.
        entry: EntryNumber,
        /// Whose signatures are missing.
        unsigned: Vec<EntryNumber>,
    },
    /// A provider disposes of what will pass to the creators when they pay: it would defeat the
    /// assignment that the terms promise.
    #[error("what is assigned passes to the creators once they pay, must be outside of that")]
    Expectancy {
        /// The assignment.
        entry: EntryNumber,
    },
    /// An assignment to oneself.
    #[error("the assignment is to the assignor itself, must be to another party")]
    SameParty {
        /// The assignment.
        entry: EntryNumber,
        /// The party.
        party: EntryNumber,
    },
    /// An assignment before there was anything to assign.
    #[error(
        "the assignment takes effect at {effective_at}, the work was made at {made_at}, must not be earlier"
    )]
    BeforeWork {
        /// The assignment.
        entry: EntryNumber,
        /// When it would take effect.
        effective_at: Timestamp,
        /// When the work was made.
        made_at: Timestamp,
    },
    /// An assignment that ends before it starts.
    #[error("the assignment ends at {until}, must be after its start at {effective_at}")]
    PeriodEmpty {
        /// The assignment.
        entry: EntryNumber,
        /// Its start.
        effective_at: Timestamp,
        /// Its end.
        until: Timestamp,
    },
    /// Two registrations among the facts about one work.
    #[error("the work is registered by {first} and by {second}, must be by one entry")]
    RegisteredTwice {
        /// The one that takes effect first.
        first: EntryNumber,
        /// The other one.
        second: EntryNumber,
    },
    /// One entry given as two facts, which would count a payment twice.
    #[error("{entry} is given twice, must be given once")]
    Repeated {
        /// The entry.
        entry: EntryNumber,
    },
    /// Creators' shares that do not sum to 1, or shares that exact arithmetic cannot represent.
    #[error("shares of {entry}: {error}")]
    Shares {
        /// The registration or the assignment.
        entry: EntryNumber,
        /// What is wrong with them.
        error: MoneyError,
    },
    /// A payment in another currency than the fee.
    #[error("{entry} confirms a payment in {found}, the fee is in {needed}, must be the same")]
    FeeCurrency {
        /// The confirmation.
        entry: EntryNumber,
        /// Its currency.
        found: Currency,
        /// The currency of the fee.
        needed: Currency,
    },
    /// A payment of nothing or less.
    #[error("{entry} confirms a payment of {amount}, must be above zero")]
    PaymentNotPositive {
        /// The confirmation.
        entry: EntryNumber,
        /// The amount.
        amount: Amount,
    },
    /// A payment for a work that was made under no contract.
    #[error("{entry} confirms a payment for a work without a contract, must be under a contract")]
    PaymentWithoutContract {
        /// The confirmation.
        entry: EntryNumber,
    },
    /// Terms by which title passes when the fee is paid, without a fee.
    #[error("under the terms of {entry} title passes when the fee is paid, must name a fee")]
    FeeMissing {
        /// The registration.
        entry: EntryNumber,
    },
    /// A signature under the split by someone whom the split does not name.
    #[error("{entry} is a signature under the split by {party}, must be by one of the creators")]
    NotCreator {
        /// The signature.
        entry: EntryNumber,
        /// Who signed.
        party: EntryNumber,
    },
    /// More pieces than are kept of one work.
    #[error("the title would be cut into more than {MAX_HOLDINGS} holdings, must be at most that")]
    TooFragmented {
        /// The entry at which the limit is passed.
        entry: EntryNumber,
    },
}
