//! A fee for assignment: how much, for what, in which parts.

use super::guarantee::{check_due_days, check_parts};
use super::{LateInterest, Part, RecordError, wire};
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// A fee, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// For each work, or once for all works of the contract.
    pub unit: FeeUnit,
    /// How much; zero where the form asks for nothing in money.
    #[serde(with = "wire::amount")]
    pub amount: Amount,
    /// Days of 24 hours until it is due, where it is not due in instalments: per work from the moment
    /// it was made, as its registration states it
    /// ([`Work::effective_at`](crate::record::Work::effective_at)); per contract from the moment the
    /// acceptance takes effect. Not from when the ledger took either of them in.
    pub due_days: u32,
    /// The parts it falls due in; they sum to the amount. None where it falls due at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Part>,
    /// Interest on what is paid late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_interest: Option<LateInterest>,
}

/// What one fee pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeeUnit {
    /// One work.
    Work,
    /// Every work under the contract.
    Contract,
}

impl Fee {
    /// A fee that falls due at once after so many days, without interest.
    pub const fn plain(unit: FeeUnit, amount: Amount, due_days: u32) -> Self {
        Self { unit, amount, due_days, instalments: Vec::new(), late_interest: None }
    }

    /// Refuses a fee below zero, instalments that do not sum to it, and days out of range.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`], [`RecordError::List`].
    pub fn check(&self) -> Result<(), RecordError> {
        check_due_days(self.due_days)?;
        if self.amount.is_negative() {
            return Err(RecordError::OutOfRange {
                what: "fee",
                found: self.amount.to_string(),
                needed: "zero or more",
            });
        }
        if !self.instalments.is_empty() {
            let sum = check_parts(&self.instalments, self.amount.currency())?;
            if sum != self.amount {
                return Err(RecordError::OutOfRange {
                    what: "sum of the instalments",
                    found: sum.to_string(),
                    needed: "the amount of the fee",
                });
            }
        }
        self.late_interest.map_or(Ok(()), |interest| interest.check())
    }
}
