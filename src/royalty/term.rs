//! When a contract runs.

use super::RoyaltyError;
use super::exchange::{DAY_MS, day_of};
use crate::record::{Period, Term, Timestamp};
use time::{Date, Month};

/// From the first moment of the day of the contract until the term ends; without an end where the
/// clauses name none.
///
/// A term in months ends with the day before the same day of the month, or, where the last month
/// is shorter, before its last day: twelve months from 29 February 2024 end before 28 February
/// 2025.
///
/// # Errors
/// A term that ends before it starts, or out of the range of timestamps.
///
/// ```
/// use deedbook::record::{Term, Timestamp};
/// use deedbook::royalty::term_of;
///
/// let start = Timestamp::parse_start("2026-02-01T09:30:00Z").unwrap();
/// let term = term_of(Some(Term::Months(12)), start).unwrap();
/// assert_eq!(term.until(), Some(Timestamp::parse_start("2027-02-01").unwrap()));
/// ```
pub fn term_of(term: Option<Term>, start: Timestamp) -> Result<Period, RoyaltyError> {
    let from = Timestamp::from_millis(day_of(start) * DAY_MS)?;
    let until = match term {
        None => None,
        Some(Term::Until(moment)) => Some(moment),
        Some(Term::Months(months)) => Some(plus_months(from, months)?),
    };
    Ok(Period::new(from, until)?)
}

fn plus_months(from: Timestamp, months: u32) -> Result<Timestamp, RoyaltyError> {
    let date = from.date();
    let count =
        i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + i64::from(months);
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    let refused = || crate::record::RecordError::Time { found: format!("{year}-{month:02}") };
    let year = i32::try_from(year).map_err(|_| refused())?;
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let month = month.ok_or_else(refused)?;
    let day = date.day().min(month.length(year));
    let date = Date::from_calendar_date(year, month, day).map_err(|_| refused())?;
    Ok(Timestamp::start_of(date)?)
}
