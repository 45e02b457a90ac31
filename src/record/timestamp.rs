//! Moments: UTC, whole milliseconds.

use super::RecordError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

const DAY_MS: i64 = 86_400_000;

/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Range: the years 1800 to 9999, which every calendar tool prints. People write RFC 3339
/// (`2026-03-01T12:00:00Z`) or a date alone; a date is a whole day, so the caller says whether its
/// start (a fact took effect) or its end (a question about that day) is meant.
///
/// ```
/// use deedbook::record::Timestamp;
/// let start = Timestamp::parse_start("2026-03-01").unwrap();
/// let end = Timestamp::parse_end("2026-03-01").unwrap();
/// assert_eq!(start.to_string(), "2026-03-01T00:00:00.000Z");
/// assert_eq!(end.to_string(), "2026-03-01T23:59:59.999Z");
/// assert!(Timestamp::parse_start("2026-02-30").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest moment, 1800-01-01T00:00:00Z.
    pub const MIN: Self = Self(-5_364_662_400_000);
    /// The latest moment, 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The moment this many milliseconds after the epoch.
    ///
    /// # Errors
    /// A moment outside [`Self::MIN`] to [`Self::MAX`].
    pub fn from_millis(millis: i64) -> Result<Self, RecordError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(RecordError::TimeOutOfRange { millis })
        }
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The calendar day, in UTC.
    pub fn date(self) -> Date {
        // In range by construction; the fallback is never taken.
        OffsetDateTime::from_unix_timestamp(self.as_seconds())
            .map_or(Date::MIN, OffsetDateTime::date)
    }

    /// The first moment of a day.
    ///
    /// # Errors
    /// A day outside the range of timestamps.
    pub fn start_of(date: Date) -> Result<Self, RecordError> {
        Self::from_millis(date.midnight().assume_utc().unix_timestamp() * 1000)
    }

    /// The last millisecond of a day.
    ///
    /// # Errors
    /// A day outside the range of timestamps.
    pub fn end_of(date: Date) -> Result<Self, RecordError> {
        Self::from_millis(Self::start_of(date)?.0 + DAY_MS - 1)
    }

    /// Reads an RFC 3339 moment, or a date as its first moment.
    ///
    /// # Errors
    /// Text of neither form, or a day that does not exist.
    pub fn parse_start(text: &str) -> Result<Self, RecordError> {
        Self::parse(text, Self::start_of)
    }

    /// Reads an RFC 3339 moment, or a date as its last millisecond.
    ///
    /// # Errors
    /// Text of neither form, or a day that does not exist.
    pub fn parse_end(text: &str) -> Result<Self, RecordError> {
        Self::parse(text, Self::end_of)
    }

    fn parse(
        text: &str,
        of_day: fn(Date) -> Result<Self, RecordError>,
    ) -> Result<Self, RecordError> {
        let malformed = || RecordError::Time { found: text.to_owned() };
        if text.contains('T') {
            let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| malformed())?;
            let millis = moment.unix_timestamp_nanos().div_euclid(1_000_000);
            return Self::from_millis(i64::try_from(millis).map_err(|_| malformed())?);
        }
        let day = format_description!("[year]-[month]-[day]");
        of_day(Date::parse(text, &day).map_err(|_| malformed())?)
    }

    /// The first moment of the month in which this moment lies, in UTC.
    ///
    /// # Errors
    /// Never: no month begins before the first moment there is.
    pub fn start_of_month(self) -> Result<Self, RecordError> {
        let days_before = i64::from(self.date().day()) - 1;
        Self::from_millis((self.0.div_euclid(DAY_MS) - days_before) * DAY_MS)
    }

    /// The first moment of its day, in UTC.
    #[must_use]
    pub const fn start_of_day(self) -> Self {
        // The first day of the range begins with its first moment.
        Self(self.0.div_euclid(DAY_MS) * DAY_MS)
    }

    /// This moment plus so many days.
    ///
    /// # Errors
    /// A moment out of range.
    pub fn plus_days(self, days: u32) -> Result<Self, RecordError> {
        Self::from_millis(self.0 + i64::from(days) * DAY_MS)
    }
}

impl TryFrom<i64> for Timestamp {
    type Error = RecordError;
    fn try_from(millis: i64) -> Result<Self, RecordError> {
        Self::from_millis(millis)
    }
}

impl From<Timestamp> for i64 {
    fn from(timestamp: Timestamp) -> i64 {
        timestamp.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within_day_ms = self.0.rem_euclid(DAY_MS);
        let (seconds, millis) = (within_day_ms / 1000, within_day_ms % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z", self.date())
    }
}

impl FromStr for Timestamp {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        Self::parse_start(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [
            ("2026-03-01", "2026-03-01T00:00:00.000Z"),
            ("2024-02-29", "2024-02-29T00:00:00.000Z"),
            ("2026-03-01T12:30:00+08:00", "2026-03-01T04:30:00.000Z"),
            ("2026-03-01T00:00:00.1239Z", "2026-03-01T00:00:00.123Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("1800-01-01", "1800-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp::parse_start(text).unwrap().to_string(), printed);
        }
        assert_eq!(Timestamp::parse_end("9999-12-31").unwrap(), Timestamp::MAX);
    }

    #[test]
    fn months_begin_on_their_first_day() {
        for (text, start) in [
            ("2026-03-01", "2026-03-01"),
            ("2024-02-29T23:59:59.999Z", "2024-02-01"),
            ("1969-12-31T12:00:00Z", "1969-12-01"),
            ("1800-01-01", "1800-01-01"),
            ("9999-12-31T23:59:59.999Z", "9999-12-01"),
        ] {
            let start = Timestamp::parse_start(start).unwrap();
            assert_eq!(Timestamp::parse_start(text).unwrap().start_of_month().unwrap(), start);
        }
    }

    #[test]
    fn refuses_days_that_do_not_exist() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "20260101",
            "yesterday",
            "",
            "2026-03-01T25:00:00Z",
            "2026-03-01 12:00:00",
            "1799-12-31",
            "10000-01-01",
        ] {
            assert!(Timestamp::parse_start(text).is_err(), "{text}");
        }
    }
}
