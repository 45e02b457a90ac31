//! A payer reports a payment.

use super::{Body, Note, RecordError, RecordId, Reference, Timestamp, wire};
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// A payment, as the payer reports it: under a contract, or of a part of what came in for a work. It
/// moves nothing until the payee confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The work that it pays for, where it is for one work; always of a part of the proceeds.
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
    /// The contract; none for a part of the proceeds of a work, which is owed under no contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<RecordId>,
    /// The payer's reference, never used twice under one contract, or of the proceeds of one work, so
    /// that a report sent twice is recognised as one.
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
    /// A part of what came in for a work, paid by a holder who received it to another holder, of it or
    /// of a work that it derives from.
    Proceeds,
    /// Such a part, given back by the holder who received it.
    ProceedsRefund,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &[Self] = &[Self::Advance, Self::Refund, Self::Proceeds, Self::ProceedsRefund];

    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Refund => "refund",
            Self::Proceeds => "proceeds",
            Self::ProceedsRefund => "proceeds-refund",
        }
    }

    /// Whether it is a part of what came in for a work, or one given back: between holders, and of no
    /// account with a provider.
    pub const fn is_of_proceeds(self) -> bool {
        match self {
            Self::Proceeds | Self::ProceedsRefund => true,
            Self::Advance | Self::Refund => false,
        }
    }
}

impl Body for Payment {
    fn subject(&self) -> String {
        match (&self.contract, &self.work) {
            (Some(contract), _) => format!("contract:{contract}"),
            (None, Some(work)) => format!("work:{work}"),
            // Refused by the check.
            (None, None) => "work:".to_owned(),
        }
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
        if !self.purpose.is_some_and(Purpose::is_of_proceeds) {
            let found = match (self.contract, self.payee) {
                (Some(_), None) => return Ok(()),
                (_, Some(_)) => "a payee, and another purpose",
                (None, None) => "no contract, and another purpose",
            };
            return Err(RecordError::OutOfRange {
                what: "payment",
                found: found.to_owned(),
                needed: "under a contract, which says who is paid",
            });
        }
        let found = match (self.contract, self.work, self.payee) {
            (None, Some(_), Some(_)) => return Ok(()),
            (Some(_), _, _) => "a contract",
            (None, None, _) => "no work",
            (None, Some(_), None) => "no payee",
        };
        Err(RecordError::OutOfRange {
            what: "payment of proceeds",
            found: found.to_owned(),
            needed: "of a work and to a payee, both named, and no contract",
        })
    }
}
