//! What an account must come to.

use super::Account;
use crate::money::Amount;
use time::Date;

/// What an account holds in one currency at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The day, in UTC.
    pub on: Date,
    /// The account.
    pub account: Account,
    /// What it holds.
    pub amount: Amount,
}
