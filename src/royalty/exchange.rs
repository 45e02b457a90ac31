//! Published exchange rates. Never inverted, never chained, never taken from another day.

use super::RoyaltyError;
use crate::money::{Currency, Fraction};
use crate::record::{EntryNumber, Timestamp};
use std::collections::BTreeMap;
use time::Date;

pub(super) const DAY_MS: i64 = 86_400_000;

/// One published rate: one unit of `from` is `rate` units of `to`, both in major units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeRate {
    /// The entry that publishes it with its source.
    pub entry: EntryNumber,
    /// The currency that is turned into the other.
    pub from: Currency,
    /// The currency that comes out.
    pub to: Currency,
    /// The day, in UTC.
    pub on: Date,
    /// The rate, exact; more than zero.
    pub rate: Fraction,
}

/// Published rates by pair and day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateTable(BTreeMap<(Currency, Currency, i64), (Fraction, EntryNumber)>);

/// A rate for a day or a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) rate: Fraction,
    pub(super) said: String,
    pub(super) entry: EntryNumber,
}

/// The number of the day, from 1970-01-01.
pub(super) fn day_of(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(DAY_MS)
}

fn date_of(day: i64) -> String {
    Timestamp::from_millis(day.saturating_mul(DAY_MS))
        .map_or_else(|_| day.to_string(), |moment| moment.date().to_string())
}

impl RateTable {
    /// A table without a rate.
    pub const EMPTY: &'static Self = &Self(BTreeMap::new());

    /// No rate yet.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a published rate. The same one may be added again.
    ///
    /// # Errors
    /// [`RoyaltyError::ExchangeRateAmount`] for zero or less;
    /// [`RoyaltyError::ExchangeRateTwice`] for a second, other rate of one pair and day.
    pub fn add(&mut self, rate: ExchangeRate) -> Result<(), RoyaltyError> {
        if rate.rate <= Fraction::ZERO {
            return Err(RoyaltyError::ExchangeRateAmount { entry: rate.entry, found: rate.rate });
        }
        let day = rate.on.to_julian_day()
            - Date::from_ordinal_date(1970, 1).map_or(0, Date::to_julian_day);
        let key = (rate.from, rate.to, i64::from(day));
        let value = (rate.rate, rate.entry);
        let known = *self.0.entry(key).or_insert(value);
        if known.0 != rate.rate {
            return Err(RoyaltyError::ExchangeRateTwice {
                first: known.1,
                second: rate.entry,
                from: rate.from,
                to: rate.to,
                on: rate.on.to_string(),
            });
        }
        Ok(())
    }

    /// The rate of a day.
    pub(super) fn of_day(
        &self,
        from: Currency,
        to: Currency,
        day: i64,
    ) -> Result<Applied, RoyaltyError> {
        let on = date_of(day);
        match self.0.get(&(from, to, day)) {
            Some((rate, entry)) => {
                Ok(Applied { rate: *rate, said: format!("rate of {on}"), entry: *entry })
            }
            None => Err(RoyaltyError::ExchangeRateMissing { from, to, on }),
        }
    }

    /// The rate of the last day, or, while the period runs, the latest one published in it.
    pub(super) fn of_end(
        &self,
        from: Currency,
        to: Currency,
        days: std::ops::RangeInclusive<i64>,
        is_over: bool,
    ) -> Result<Applied, RoyaltyError> {
        if is_over {
            return self.of_day(from, to, *days.end());
        }
        let range = (from, to, *days.start())..=(from, to, *days.end());
        match self.0.range(range).next_back() {
            Some(((_, _, day), _)) => {
                let applied = self.of_day(from, to, *day)?;
                let said = format!("{}, the latest of the period that still runs", applied.said);
                Ok(Applied { said, ..applied })
            }
            None => Err(RoyaltyError::ExchangeRateMissing { from, to, on: date_of(*days.end()) }),
        }
    }

    /// The mean of the rates that were published in the period.
    pub(super) fn of_average(
        &self,
        from: Currency,
        to: Currency,
        days: std::ops::RangeInclusive<i64>,
    ) -> Result<Applied, RoyaltyError> {
        let range = (from, to, *days.start())..=(from, to, *days.end());
        let (mut sum, mut count, mut first) = (Fraction::ZERO, 0_i128, None);
        for (rate, entry) in self.0.range(range).map(|(_, value)| value) {
            sum = sum.checked_add(*rate)?;
            count += 1;
            first = first.or(Some(*entry));
        }
        let Some(entry) = first else {
            let on = format!("{} to {}", date_of(*days.start()), date_of(*days.end()));
            return Err(RoyaltyError::ExchangeRateMissing { from, to, on });
        };
        let rate = sum.checked_div(Fraction::from_integer(count))?;
        Ok(Applied { rate, said: format!("mean of {count} rates published in the period"), entry })
    }
}
