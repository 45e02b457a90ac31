//! Interest on what is paid late.

use super::{RecordError, wire};
use crate::money::Rate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest grace, in days: a year.
const MAX_GRACE_DAYS: u32 = 366;

/// Simple interest on what is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateInterest {
    /// For a year.
    #[serde(with = "wire::rate")]
    pub rate: Rate,
    /// How days become parts of a year.
    pub day_count: DayCount,
    /// Days after the due date for which nothing is charged.
    pub grace_days: u32,
}

/// How days become parts of a year (ISDA Definitions, section 4.16, by their usual names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayCount {
    /// Days as they are, over 365.
    #[serde(rename = "actual/365")]
    Actual365,
    /// Days as they are, over 360.
    #[serde(rename = "actual/360")]
    Actual360,
    /// Every month has 30 days and the year 360.
    #[serde(rename = "30/360")]
    Thirty360,
}

impl DayCount {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Actual365, Self::Actual360, Self::Thirty360];

    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actual365 => "actual/365",
            Self::Actual360 => "actual/360",
            Self::Thirty360 => "30/360",
        }
    }
}

impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl LateInterest {
    /// Refuses a grace of more than a year.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`].
    pub fn check(&self) -> Result<(), RecordError> {
        if self.grace_days > MAX_GRACE_DAYS {
            return Err(RecordError::OutOfRange {
                what: "grace_days",
                found: self.grace_days.to_string(),
                needed: "at most 366, a year",
            });
        }
        Ok(())
    }
}
