//! Which period a statement of account could be asked of, where there is none of the one that was.

use crate::record::{SettlementPeriod, Timestamp};
use std::fmt;

/// Which period is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodNeeded {
    /// One of the length by which the terms settle.
    OfTerms {
        /// The length.
        period: SettlementPeriod,
    },
    /// One that ends after the contract was made.
    EndsAfter {
        /// When it was made.
        made_at: Timestamp,
    },
    /// One that ends after the account was moved here: what was before stands in the opening balance.
    EndsAfterMove {
        /// The day as of which the opening balance is.
        moved_at: Timestamp,
    },
    /// One that has begun at the moment of the question.
    Begun {
        /// The moment.
        as_of: Timestamp,
    },
    /// Any, at a moment at which the ledger knew the contract.
    KnownContract {
        /// Since when it knows.
        registered_at: Timestamp,
    },
}

impl PeriodNeeded {
    /// The way out.
    pub fn hint(&self) -> String {
        match self {
            Self::OfTerms { period } => {
                format!("write {} as in `--period {}`", length(*period), example(*period))
            }
            Self::EndsAfter { made_at } => format!(
                "nothing was owed before; the first period is the one with {} in it",
                made_at.date()
            ),
            Self::EndsAfterMove { moved_at } => format!(
                "the account was kept elsewhere before; the first period is the one with {} in it",
                moved_at.date()
            ),
            Self::Begun { .. } => "name an earlier period, or a later moment with `--as-of`".into(),
            Self::KnownContract { registered_at } => {
                format!("ask with `--known-at {}` or later", registered_at.date())
            }
        }
    }
}

impl fmt::Display for PeriodNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfTerms { period } => {
                let (length, example) = (length(*period), example(*period));
                write!(f, "{length}, such as {example}, as the terms settle by")
            }
            Self::EndsAfter { made_at } => {
                write!(f, "one that ends after {}, when the contract was made", made_at.date())
            }
            Self::EndsAfterMove { moved_at } => {
                write!(f, "one that ends after {}, when the account moved here", moved_at.date())
            }
            Self::Begun { as_of } => write!(f, "one that has begun by {}", as_of.date()),
            Self::KnownContract { .. } => {
                f.write_str("asked of a moment at which the ledger knew the contract")
            }
        }
    }
}

const fn length(period: SettlementPeriod) -> &'static str {
    match period {
        SettlementPeriod::Month => "a month",
        SettlementPeriod::Quarter => "a quarter",
        SettlementPeriod::HalfYear => "a half-year",
        SettlementPeriod::Year => "a year",
    }
}

const fn example(period: SettlementPeriod) -> &'static str {
    match period {
        SettlementPeriod::Month => "2026-03",
        SettlementPeriod::Quarter => "2026-Q1",
        SettlementPeriod::HalfYear => "2026-H1",
        SettlementPeriod::Year => "2026",
    }
}
