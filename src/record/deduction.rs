//! What may be deducted, and up to where.

use super::{Category, RecordError, wire};
use crate::money::{Amount, Currency, Rate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An expense category that may be deducted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deduction {
    /// How much of it at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<DeductionCap>,
    /// The payee's own share of the expense, taken off what the rate yields; without one the
    /// expense is taken off the base, before the rate.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::optional_rate")]
    pub share: Option<Rate>,
    /// The category.
    pub category: Category,
}

/// The most that may be deducted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionCap {
    /// What the limit is for.
    pub over: Over,
    /// The limit.
    pub limit: Limit,
}

/// What a limit or a guarantee is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Each settlement period by itself.
    Period,
    /// The whole term.
    Term,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// An amount in the settlement currency.
    Amount(#[serde(with = "wire::amount")] Amount),
    /// A share of gross.
    Share(#[serde(with = "wire::rate")] Rate),
}

impl Over {
    /// `period` or `term`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Term => "term",
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Share(rate) => write!(f, "{rate} of gross"),
        }
    }
}

impl Deduction {
    /// A category without a cap, taken off the base.
    pub const fn of(category: Category) -> Self {
        Self { cap: None, share: None, category }
    }
}

impl fmt::Display for Deduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.category.fmt(f)
    }
}

/// Refuses an amount that is not of the settlement currency, or below zero.
pub(super) fn check_amount(
    what: &'static str,
    amount: Amount,
    currency: Currency,
) -> Result<(), RecordError> {
    let refused = |needed| Err(RecordError::OutOfRange { what, found: amount.to_string(), needed });
    if amount.currency() != currency {
        return refused("in the currency that accounts are settled in");
    }
    if amount.is_negative() || i64::try_from(amount.minor()).is_err() {
        return refused("zero or more, and below 2^63 minor units");
    }
    Ok(())
}

impl DeductionCap {
    /// Refuses a limit in another currency.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`].
    pub fn check(&self, currency: Currency) -> Result<(), RecordError> {
        match self.limit {
            Limit::Amount(amount) => check_amount("cap of deductions", amount, currency),
            Limit::Share(_) => Ok(()),
        }
    }
}
