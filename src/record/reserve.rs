//! A reserve against returns, and when it is released.

use super::{RecordError, wire};
use crate::money::{Fraction, Rate};
use serde::{Deserialize, Serialize};

/// Most releases of a reserve.
const MAX_RELEASES: usize = 24;
/// Latest release, in periods: ten years of months.
const MAX_PERIODS: u32 = 120;

/// A share of what is earned is held back for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// How much of a period's earnings is held back.
    #[serde(with = "wire::rate")]
    pub share: Rate,
    /// When it is released; the parts sum to exactly 100%. The earliest first.
    pub release: Vec<Release>,
}

/// A part of what a period held back, and when it is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Which part.
    #[serde(with = "wire::rate")]
    pub part: Rate,
    /// So many periods later; 1 is the next one.
    pub after: u32,
}

impl Reserve {
    /// Refuses a schedule that does not sum to 100%, or whose periods do not rise.
    ///
    /// # Errors
    /// [`RecordError::List`], [`RecordError::OutOfRange`], [`RecordError::Money`].
    pub fn check(&self) -> Result<(), RecordError> {
        let rising = self.release.windows(2).all(|pair| pair[0].after < pair[1].after);
        let within = self.release.iter().all(|part| (1..=MAX_PERIODS).contains(&part.after));
        let found = self.release.len();
        if found == 0 || found > MAX_RELEASES || !rising || !within {
            let needed = "1 to 24, each 1 to 120 periods later, the earliest first, none twice";
            return Err(RecordError::List { what: "releases of the reserve", found, needed });
        }
        let mut sum = Fraction::ZERO;
        for release in &self.release {
            let part = release.part.as_fraction();
            sum = sum
                .checked_add(part)
                .map_err(|error| RecordError::Money { what: "releases of the reserve", error })?;
        }
        if sum == Fraction::ONE {
            return Ok(());
        }
        let found = Rate::new(sum).map_or_else(|_| sum.to_string(), |rate| rate.to_string());
        Err(RecordError::OutOfRange {
            what: "sum of the releases of the reserve",
            found,
            needed: "exactly 100%",
        })
    }
}
