//! The opening balance of accounts that move here from elsewhere, and the other side's agreement.

use super::{Body, MAX_UNITS, RecordError, RecordId, Timestamp};
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// Where the accounts under a contract stood when they moved here. It counts once the other side
/// has agreed; lines of account are then of this moment or later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The base of all periods before, in minor units: what tiers by cumulative base count on from.
    pub base: i64,
    /// What was paid before, in minor units.
    pub paid: i64,
    /// How many copies were sold before.
    pub units: u64,
    /// What was earned before, in minor units.
    pub earned: i64,
    /// What of an advance is not recouped yet, in minor units.
    pub advance: i64,
    /// The contract.
    pub contract: RecordId,
    /// The currency of every amount.
    pub currency: Currency,
    /// What losses are carried forward, in minor units.
    pub carried_loss: i64,
    /// As of when: lines before this moment are in the balance.
    pub effective_at: Timestamp,
}

impl Body for Opening {
    fn subject(&self) -> String {
        format!("contract:{}", self.contract)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        let amounts = [self.base, self.paid, self.earned, self.advance, self.carried_loss];
        if let Some(found) = amounts.into_iter().find(|minor| *minor < 0) {
            return Err(RecordError::OutOfRange {
                what: "amount of an opening balance",
                found: found.to_string(),
                needed: "zero or more",
            });
        }
        if self.units > MAX_UNITS {
            return Err(RecordError::OutOfRange {
                what: "units of an opening balance",
                found: self.units.to_string(),
                needed: "0 to 1000000000000",
            });
        }
        Ok(())
    }
}

/// The other side of the contract agrees to an opening balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningAgreed {
    /// The opening balance.
    pub opening: RecordId,
}

impl Body for OpeningAgreed {
    fn subject(&self) -> String {
        format!("opening:{}", self.opening)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
