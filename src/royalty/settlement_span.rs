//! One settlement period of the calendar: the first quarter of 2026.

use crate::record::{RecordError, SettlementPeriod, Timestamp};
use std::fmt;
use std::str::FromStr;
use time::{Date, Month};

/// A calendar month, quarter, half-year or year, in UTC. Ordered by its start.
///
/// ```
/// use deedbook::record::{SettlementPeriod, Timestamp};
/// use deedbook::royalty::SettlementSpan;
///
/// let day = Timestamp::parse_end("2026-03-31").unwrap();
/// let span = SettlementSpan::containing(SettlementPeriod::Quarter, day).unwrap();
/// assert_eq!(span.to_string(), "2026-Q1");
/// assert_eq!(span.start(), Timestamp::parse_start("2026-01-01").unwrap());
/// assert_eq!(span.end(), Timestamp::parse_start("2026-04-01").unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettlementSpan {
    start: Timestamp,
    end: Timestamp,
    kind: Kind,
}

// SettlementPeriod has no order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Month,
    Quarter,
    HalfYear,
    Year,
}

impl Kind {
    const fn of(period: SettlementPeriod) -> Self {
        match period {
            SettlementPeriod::Month => Self::Month,
            SettlementPeriod::Quarter => Self::Quarter,
            SettlementPeriod::HalfYear => Self::HalfYear,
            SettlementPeriod::Year => Self::Year,
        }
    }

    const fn period(self) -> SettlementPeriod {
        match self {
            Self::Month => SettlementPeriod::Month,
            Self::Quarter => SettlementPeriod::Quarter,
            Self::HalfYear => SettlementPeriod::HalfYear,
            Self::Year => SettlementPeriod::Year,
        }
    }

    const fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

const DAY_MS: i64 = 86_400_000;

impl SettlementSpan {
    /// The period that a moment falls in.
    ///
    /// # Errors
    /// [`RecordError::Time`] or [`RecordError::TimeOutOfRange`] for the last period of the year
    /// 9999, whose end is out of the range of timestamps.
    pub fn containing(period: SettlementPeriod, moment: Timestamp) -> Result<Self, RecordError> {
        let kind = Kind::of(period);
        let date = moment.date();
        let months = kind.months();
        let first = (u8::from(date.month()) - 1) / months * months + 1;
        let (end_year, end_month) = match first + months {
            after if after > 12 => (date.year() + 1, after - 12),
            within => (date.year(), within),
        };
        Ok(Self { start: first_of(date.year(), first)?, end: first_of(end_year, end_month)?, kind })
    }

    /// Whether it is a month, a quarter, a half-year or a year.
    pub const fn period(self) -> SettlementPeriod {
        self.kind.period()
    }

    /// The first moment.
    pub const fn start(self) -> Timestamp {
        self.start
    }

    /// The first moment of its last day: days to pay are counted from the last day, so that 30
    /// days after a quarter that ends on 30 June fall on 30 July.
    ///
    /// # Errors
    /// Never: the day lies within the period.
    pub fn last_day(self) -> Result<Timestamp, RecordError> {
        Timestamp::from_millis(self.end.as_millis() - DAY_MS)
    }

    /// Whether the period is over once a moment has passed; its own last millisecond counts, so
    /// that a question about its last day is about the whole period.
    pub fn is_over(self, moment: Timestamp) -> bool {
        moment.as_millis() >= self.end.as_millis() - 1
    }

    /// How many periods of this kind lie between another one and this one; 0 where that is not earlier.
    pub fn since(self, other: Self) -> u32 {
        let month = |moment: Timestamp| {
            let date = moment.date();
            date.year() * 12 + i32::from(u8::from(date.month()))
        };
        let months = (month(self.start) - month(other.start)).max(0).unsigned_abs();
        months / u32::from(self.kind.months())
    }

    /// The period so many periods later.
    ///
    /// # Errors
    /// A period out of the range of timestamps.
    pub fn plus(self, count: u32) -> Result<Self, RecordError> {
        let period = self.kind.period();
        let mut span = self;
        for _ in 0..count {
            span = Self::containing(period, span.end)?;
        }
        Ok(span)
    }

    /// The first moment after it.
    pub const fn end(self) -> Timestamp {
        self.end
    }

    /// Whether the moment falls in it.
    pub fn contains(self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

impl FromStr for SettlementSpan {
    type Err = RecordError;

    /// Reads a period as it is written: `2026-03`, `2026-Q1`, `2026-H1`, `2026`.
    fn from_str(text: &str) -> Result<Self, RecordError> {
        let refused = || RecordError::Time { found: text.to_owned() };
        let (year, part) =
            text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let year = year.parse().map_err(|_| refused())?;
        let (period, place) = match part.map(|part| part.split_at_checked(1).unwrap_or((part, "")))
        {
            None => (SettlementPeriod::Year, "1"),
            Some(("Q", place)) => (SettlementPeriod::Quarter, place),
            Some(("H", place)) => (SettlementPeriod::HalfYear, place),
            Some(_) => (SettlementPeriod::Month, part.unwrap_or_default()),
        };
        let months = Kind::of(period).months();
        let place: u8 = match place.parse() {
            Ok(place) if place > 0 => place,
            Ok(_) | Err(_) => return Err(refused()),
        };
        let first = (place - 1).checked_mul(months).and_then(|first| first.checked_add(1));
        let first = first.filter(|first| *first <= 12).ok_or_else(refused)?;
        let start = first_of(year, first).map_err(|_| refused())?;
        let span = Self::containing(period, start).map_err(|_| refused())?;
        // Whatever is written in any other way is refused.
        if span.to_string() == text { Ok(span) } else { Err(refused()) }
    }
}

fn first_of(year: i32, month: u8) -> Result<Timestamp, RecordError> {
    let refused = || RecordError::Time { found: format!("{year}-{month:02}-01") };
    let month = Month::try_from(month).map_err(|_| refused())?;
    let date = Date::from_calendar_date(year, month, 1).map_err(|_| refused())?;
    Timestamp::start_of(date)
}

impl fmt::Display for SettlementSpan {
    /// `2026-03`, `2026-Q1`, `2026-H1`, `2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.start.date();
        let (year, month) = (date.year(), u8::from(date.month()));
        let place = (month - 1) / self.kind.months() + 1;
        match self.kind {
            Kind::Month => write!(f, "{year}-{month:02}"),
            Kind::Quarter => write!(f, "{year}-Q{place}"),
            Kind::HalfYear => write!(f, "{year}-H{place}"),
            Kind::Year => write!(f, "{year}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_the_calendar() {
        use SettlementPeriod::{HalfYear, Month, Quarter, Year};
        for (period, moment, label, start, end) in [
            (Month, "2024-02-29T23:59:59.999Z", "2024-02", "2024-02-01", "2024-03-01"),
            (Month, "2026-12-31", "2026-12", "2026-12-01", "2027-01-01"),
            (Quarter, "2026-01-01", "2026-Q1", "2026-01-01", "2026-04-01"),
            (Quarter, "2026-09-30T23:59:59.999Z", "2026-Q3", "2026-07-01", "2026-10-01"),
            (Quarter, "2026-12-01", "2026-Q4", "2026-10-01", "2027-01-01"),
            (HalfYear, "2026-06-30", "2026-H1", "2026-01-01", "2026-07-01"),
            (HalfYear, "2026-07-01", "2026-H2", "2026-07-01", "2027-01-01"),
            (Year, "1969-12-31T23:59:59Z", "1969", "1969-01-01", "1970-01-01"),
        ] {
            let moment = Timestamp::parse_start(moment).unwrap();
            let span = SettlementSpan::containing(period, moment).unwrap();
            let bounds = (span.start().to_string(), span.end().to_string());
            let midnight = |date: &str| format!("{date}T00:00:00.000Z");
            assert_eq!(span.to_string(), label);
            assert_eq!(bounds, (midnight(start), midnight(end)));
            assert!(span.contains(moment) && span.contains(span.start()));
            assert!(!span.contains(span.end()));
        }
    }

    #[test]
    fn periods_are_read_as_they_are_written() {
        for text in ["2026-03", "2026-12", "2026-Q1", "2026-Q4", "2026-H2", "2026"] {
            let span: SettlementSpan = text.parse().unwrap();
            assert_eq!(span.to_string(), text);
        }
        for text in [
            "", "26", "2026-", "2026-Q", "2026-Q0", "2026-Q5", "2026-q1", "2026-H3", "2026-13",
            "2026-3", "2026-+3", "2026-Q01", "02026", "2026-00", "2026-é", "2026-Q1 ",
        ] {
            let found: Result<SettlementSpan, _> = text.parse();
            assert_eq!(found, Err(RecordError::Time { found: text.to_owned() }), "{text}");
        }
    }

    #[test]
    fn the_last_period_of_time_has_no_end() {
        assert!(SettlementSpan::containing(SettlementPeriod::Month, Timestamp::MAX).is_err());
        assert!(SettlementSpan::containing(SettlementPeriod::Month, Timestamp::MIN).is_ok());
    }
}
