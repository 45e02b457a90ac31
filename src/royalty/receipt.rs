//! A confirmed payment, as the engine takes it in.

use super::RoyaltyError;
use crate::money::{Amount, Currency};
use crate::record::{EntryNumber, Timestamp};

/// A payment that its payee confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The entry that stands for it in derivations.
    pub entry: EntryNumber,
    /// When it arrived.
    pub on: Timestamp,
    /// How much; more than zero.
    pub amount: Amount,
    /// The work that it pays for, if it names one.
    pub work: Option<EntryNumber>,
}

impl Receipt {
    /// Refuses what is no payment in this currency.
    pub(super) fn check(&self, currency: Currency) -> Result<(), RoyaltyError> {
        if self.amount.currency() != currency {
            return Err(RoyaltyError::ReceiptCurrency {
                entry: self.entry,
                found: self.amount.currency(),
                needed: currency,
            });
        }
        if !self.amount.is_positive() {
            return Err(RoyaltyError::ReceiptAmount { entry: self.entry, found: self.amount });
        }
        Ok(())
    }
}
