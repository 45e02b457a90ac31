//! Payments and interest, claim by claim and day by day.

use super::{Figures, NONE, Row, after, plus, round, times, whole};
use crate::money::{Fraction, Rounding};
use crate::record::{DayCount, Due, LateInterest};
use time::Date;

/// What falls due, and what was paid.
pub(super) struct Settling<'a> {
    /// When what falls due.
    pub(super) claims: Vec<(Date, i128)>,
    /// When what was paid.
    pub(super) receipts: Vec<(Date, i128)>,
    /// The clause for what falls due on a day.
    pub(super) late_interest: &'a dyn Fn(Date) -> Option<LateInterest>,
    pub(super) rounding: Rounding,
    pub(super) as_of: Date,
}

pub(super) fn due_date(due: Due, start: Date) -> Date {
    match due {
        Due::On(moment) => moment.date(),
        Due::After(days) => after(start, days),
    }
}

fn thirty(from: Date, until: Date) -> i128 {
    let months = |day: Date| i128::from(day.year()) * 12 + i128::from(u8::from(day.month()));
    let first = if from.day() == 31 { 30 } else { from.day() };
    let last = if until.day() == 31 && first == 30 { 30 } else { until.day() };
    (months(until) - months(from)) * 30 + i128::from(last) - i128::from(first)
}

pub(super) fn settle(mut settling: Settling<'_>, rows: Vec<Row>) -> Figures {
    settling.claims.sort_by_key(|(due, _)| *due);
    let as_of = settling.as_of;
    let paid_before = |day: Option<Date>| -> i128 {
        let counts = |on: Date| on <= as_of && day.is_none_or(|day| on < day);
        let receipts = settling.receipts.iter();
        receipts.filter(|(on, _)| counts(*on)).map(|(_, minor)| minor).sum()
    };
    let paid = paid_before(None);
    let (mut covered, mut due, mut interest) = (0, 0, NONE);
    for (date, claim) in &settling.claims {
        let applied = |paid: i128| (paid - covered).clamp(0, *claim);
        due += if *date <= as_of { *claim } else { applied(paid) };
        if let (Some(late), true) = ((settling.late_interest)(*date), *date <= as_of) {
            let from = after(*date, late.grace_days);
            let mut day = from;
            while day < as_of {
                let yesterday = day;
                day = day.next_day().unwrap();
                let (passed, year) = match late.day_count {
                    DayCount::Actual365 => (1, 365),
                    DayCount::Actual360 => (1, 360),
                    DayCount::Thirty360 => (thirty(from, day) - thirty(from, yesterday), 360),
                };
                let outstanding = claim - applied(paid_before(Some(day)));
                let factor = times(late.rate.as_fraction(), Fraction::new(passed, year).unwrap());
                interest = plus(interest, times(whole(outstanding), factor));
            }
        }
        covered += claim;
    }
    let interest = round(settling.rounding, interest);
    Figures {
        earned: rows.iter().map(|row| row.earned).sum(),
        payable: covered,
        due,
        interest,
        paid,
        credit: (paid - covered - interest).max(0),
        rows: rows.into_iter().filter(Row::says_something).collect(),
    }
}
