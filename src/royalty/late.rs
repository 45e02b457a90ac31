//! Interest on what is paid late.

use super::exchange::day_of;
use super::{Derivation, Figure, RoyaltyError};
use crate::money::{Amount, Fraction};
use crate::record::{DayCount, LateInterest, Timestamp};
use time::Date;

/// Stretches that are written out for one instalment.
const MAX_SHOWN: usize = 6;

/// A part of an instalment, and when it was paid; the day asked about where it was not.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) amount: Amount,
    pub(super) until: Timestamp,
}

/// What an instalment owes for being late, exact; nothing where it was paid in time.
///
/// Interest runs from the day after the due date and its grace up to and including the day of
/// payment, simple, on what was outstanding.
pub(super) fn interest(
    clause: LateInterest,
    label: &str,
    due_at: Timestamp,
    stretches: &[Stretch],
) -> Result<Option<(Fraction, Derivation)>, RoyaltyError> {
    let start = due_at.plus_days(clause.grace_days)?;
    let (mut sum, mut workings, mut currency) = (Fraction::ZERO, Vec::new(), None);
    for stretch in stretches {
        let days = days(clause.day_count, start, stretch.until);
        if days <= 0 || !stretch.amount.is_positive() {
            continue;
        }
        let basis = match clause.day_count {
            DayCount::Actual365 => 365,
            DayCount::Actual360 | DayCount::Thirty360 => 360,
        };
        let factor = clause.rate.as_fraction().checked_mul(Fraction::new(days, basis)?)?;
        sum = sum.checked_add(stretch.amount.times(factor)?)?;
        currency = Some(stretch.amount.currency());
        let amount = Figure::from(stretch.amount).number();
        workings.push(format!("{amount} x {} x {days}/{basis}", clause.rate));
    }
    let Some(currency) = currency else { return Ok(None) };
    let more = workings.len().saturating_sub(MAX_SHOWN);
    workings.truncate(MAX_SHOWN);
    if more > 0 {
        workings.push(format!("{more} further stretches likewise"));
    }
    let rule = format!(
        "simple, {}, from {} on, {} days of grace",
        clause.day_count,
        start.date(),
        clause.grace_days
    );
    let node = Derivation::new(format!("interest on {label}"), Figure::exact(sum, currency), rule);
    Ok(Some((sum, node.working(workings.join(" + ")))))
}

/// Days between two moments, by the count; zero or less where the second is not later.
fn days(count: DayCount, from: Timestamp, until: Timestamp) -> i128 {
    match count {
        DayCount::Actual365 | DayCount::Actual360 => {
            i128::from(day_of(until)) - i128::from(day_of(from))
        }
        DayCount::Thirty360 => thirty(from.date(), until.date()),
    }
}

/// ISDA Definitions, section 4.16(f): the 31st counts as the 30th, at the end only where the start
/// is the 30th or 31st too.
fn thirty(from: Date, until: Date) -> i128 {
    let first = from.day().min(30);
    let last = if first == 30 { until.day().min(30) } else { until.day() };
    let months = |date: Date| i128::from(date.year()) * 12 + i128::from(u8::from(date.month()));
    (months(until) - months(from)) * 30 + i128::from(last) - i128::from(first)
}
