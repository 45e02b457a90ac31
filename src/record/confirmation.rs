//! A payee confirms a payment.

use super::{Body, RecordError, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

/// The payee says that a reported payment arrived in full. Only now does it count, and title that
/// hangs on it moves at the moment named here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The payment.
    pub payment: RecordId,
    /// When it arrived.
    pub effective_at: Timestamp,
}

impl Body for Confirmation {
    fn subject(&self) -> String {
        format!("payment:{}", self.payment)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
