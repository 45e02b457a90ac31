//! A payer reports a payment.

use super::{Body, Note, RecordError, RecordId, Reference, Timestamp, wire};
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// A payment under a contract, as the payer reports it. It moves nothing until the payee confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The work that it pays for, where it is for one work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<RecordId>,
    /// Who is paid, where it is a part of the proceeds of the work; else the contract says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<RecordId>,
    /// How much; more than zero.
    #[serde(with = "wire::amount")]
    pub amount: Amount,
    /// How it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<Note>,
    /// What it is for; the fee or the share that the terms ask for, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The contract.
    pub contract: RecordId,
    /// The payer's reference, never used twice under one contract, so that a report sent twice is
    /// recognised as one.
    pub reference: Reference,
    /// When it was paid.
    pub effective_at: Timestamp,
}

/// What a payment is for, other than what the terms ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Paid in advance of what a share of profit will yield, by who owes the share; recouped from it.
    Advance,
    /// Paid back by the provider, who received it.
    Refund,
    /// A part of the proceeds of a work, paid by who reports its accounts to another holder, of it or
    /// of a work that it derives from.
    Proceeds,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &[Self] = &[Self::Advance, Self::Refund, Self::Proceeds];

    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Refund => "refund",
            Self::Proceeds => "proceeds",
        }
    }
}

impl Body for Payment {
    fn subject(&self) -> String {
        format!("contract:{}", self.contract)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        if !self.amount.is_positive() {
            return Err(RecordError::OutOfRange {
                what: "payment",
                found: self.amount.to_string(),
                needed: "more than zero",
            });
        }
        let is_part = self.purpose == Some(Purpose::Proceeds);
        let found = match (is_part, self.work, self.payee) {
            (true, Some(_), Some(_)) | (false, _, None) => return Ok(()),
            (true, None, _) => "no work",
            (true, Some(_), None) => "no payee",
            (false, _, Some(_)) => "a payee, and another purpose",
        };
        Err(RecordError::OutOfRange {
            what: "payment of proceeds",
            found: found.to_owned(),
            needed: "of a work and to a payee, both named",
        })
    }
}
