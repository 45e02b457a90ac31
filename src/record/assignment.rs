//! An assignment: a holder transfers a share of its rights.

use super::{Body, Note, RecordError, RecordId, Scope, Timestamp, wire};
use crate::money::{Amount, Share};
use serde::{Deserialize, Serialize};

/// A transfer, with what Article 27 of the Copyright Law of the PRC asks of the contract: the work,
/// the kinds of right and territory, the price, date and manner of payment, liability for breach.
/// It transfers such rights as the assignor holds, and quits every further claim to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The work.
    pub work: RecordId,
    /// The price, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::optional_amount")]
    pub price: Option<Amount>,
    /// Which rights, and where.
    pub scope: Scope,
    /// The share of the whole that passes: `1/3` of the work, not of what the assignor has.
    #[serde(with = "wire::share")]
    pub share: Share,
    /// When the rights fall back; never, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Liability for breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<Note>,
    /// Who receives.
    pub assignee: RecordId,
    /// When the transfer takes effect.
    pub effective_at: Timestamp,
    /// Date and manner of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_terms: Option<Note>,
}

impl Body for Assignment {
    fn subject(&self) -> String {
        format!("work:{}", self.work)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        super::Period::new(self.effective_at, self.until)?;
        match self.price {
            Some(price) if price.is_negative() => Err(RecordError::OutOfRange {
                what: "price",
                found: price.to_string(),
                needed: "zero or more",
            }),
            Some(_) | None => Ok(()),
        }
    }
}
