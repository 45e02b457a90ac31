//! Why something cannot stand in a journal.

use crate::money::MoneyError;
use thiserror::Error;

/// A transaction or an account that no books take.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JournalError {
    /// A name that not every program takes.
    #[error("`{name}` is not a name of an account: ASCII letters, digits and hyphens are needed")]
    AccountName {
        /// The name.
        name: String,
    },
    /// An amount out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
