//! Why something cannot stand in a journal.

use crate::money::{Amount, MoneyError};
use thiserror::Error;
use time::Date;

/// A transaction or an account that no books take.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JournalError {
    /// A name that not every program takes.
    #[error("`{name}` is not a name of an account: ASCII letters, digits and hyphens are needed")]
    AccountName {
        /// The name.
        name: String,
    },
    /// A balance that no program could assert, since Beancount does so when the next day begins.
    #[error("{on} is the last day of the calendar, the balance must be of an earlier one")]
    LastDay {
        /// The day.
        on: Date,
    },
    /// An account whose postings do not come to what is asserted.
    #[error("the postings to `{account}` come to {found}, must come to {needed}")]
    Balance {
        /// The account.
        account: String,
        /// What they come to.
        found: Amount,
        /// What is asserted.
        needed: Amount,
    },
    /// An amount out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
