//! A second implementation, slow and plain: it walks through the days one by one, keeps whole
//! numbers over the denominator of the rate, and shares no arithmetic with the engine.

use crate::money::Rounding;
use crate::record::{Base, LineKind, Loss, Price, ProfitShare, Scale, SettlementPeriod, Timestamp};
use crate::royalty::{Categories, Event, Receipt};
use time::Date;

#[derive(Debug, PartialEq)]
pub(super) struct Figures {
    /// Label, earned, paid.
    pub(super) periods: Vec<(String, i128, i128)>,
    pub(super) earned: i128,
    pub(super) due: i128,
    pub(super) paid: i128,
    pub(super) credit: i128,
}

fn label(period: SettlementPeriod, day: Date) -> String {
    let month = u8::from(day.month());
    let year = day.year();
    match period {
        SettlementPeriod::Month => format!("{year}-{month:02}"),
        SettlementPeriod::Quarter if month <= 3 => format!("{year}-Q1"),
        SettlementPeriod::Quarter if month <= 6 => format!("{year}-Q2"),
        SettlementPeriod::Quarter if month <= 9 => format!("{year}-Q3"),
        SettlementPeriod::Quarter => format!("{year}-Q4"),
        SettlementPeriod::HalfYear if month <= 6 => format!("{year}-H1"),
        SettlementPeriod::HalfYear => format!("{year}-H2"),
        SettlementPeriod::Year => format!("{year}"),
    }
}

/// `numerator / denominator`, zero or more, as a whole number.
fn round(rounding: Rounding, numerator: i128, denominator: i128) -> i128 {
    let mut whole = 0;
    let mut step = 1_i128 << 100;
    while step > 0 {
        if (whole + step).checked_mul(denominator).is_some_and(|product| product <= numerator) {
            whole += step;
        }
        step /= 2;
    }
    let twice_rest = 2 * (numerator - whole * denominator);
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => twice_rest > 0,
        Rounding::HalfUp => twice_rest >= denominator,
        Rounding::HalfEven => {
            twice_rest > denominator || (twice_rest == denominator && whole % 2 == 1)
        }
    };
    whole + i128::from(up)
}

fn base_of(clauses: &ProfitShare, categories: &Categories, events: &[&Event]) -> i128 {
    let mut base = 0;
    for event in events {
        let minor = i128::from(event.minor);
        base += match event.kind {
            LineKind::Revenue => minor,
            LineKind::Refund => -minor,
            LineKind::Expense => {
                let named = clauses
                    .deductions
                    .iter()
                    .any(|deduction| Some(&deduction.category) == categories.name(event.category));
                if clauses.base == Base::Net && named { -minor } else { 0 }
            }
        };
    }
    base
}

/// Figures in minor units; `as_of` is the last millisecond of a day.
pub(super) fn figures(
    clauses: &ProfitShare,
    categories: &Categories,
    events: &[Event],
    receipts: &[Receipt],
    as_of: Timestamp,
) -> Figures {
    let Scale::Flat(Price::Rate(rate)) = clauses.rates[0].scale else { panic!("a flat rate") };
    let top = rate.as_fraction().numerator();
    let bottom = rate.as_fraction().denominator();
    let mut yields: Vec<(String, i128, bool)> = Vec::new();
    let (mut waiting_base, mut waiting_yield, mut to_date) = (0, 0, 0);
    let mut in_period: Vec<&Event> = Vec::new();
    let mut day = events.iter().map(|event| event.on.date()).min().unwrap_or(as_of.date());
    while day <= as_of.date() {
        in_period.extend(events.iter().filter(|event| event.on.date() == day));
        let tomorrow = day.next_day().unwrap();
        let name = label(clauses.period, day);
        let over = label(clauses.period, tomorrow) != name;
        if (over || day == as_of.date()) && !in_period.is_empty() {
            let base = base_of(clauses, categories, &in_period);
            in_period.clear();
            let mut yielded = base * top;
            match clauses.loss {
                Loss::None => yielded = yielded.max(0),
                Loss::Full => {
                    waiting_base += base;
                    yielded = waiting_base.max(0) * top;
                    waiting_base = waiting_base.min(0);
                }
                Loss::Share => {
                    waiting_yield += yielded;
                    yielded = waiting_yield.max(0);
                    waiting_yield = waiting_yield.min(0);
                }
            }
            let before = round(clauses.rounding, to_date, bottom);
            to_date += yielded;
            let fixed = round(clauses.rounding, to_date, bottom) - before;
            let mut due_day = day;
            for _ in 0..clauses.due_days {
                due_day = due_day.next_day().unwrap();
            }
            yields.push((name, fixed, over && due_day <= as_of.date()));
        }
        day = tomorrow;
    }
    let paid: i128 = receipts
        .iter()
        .filter(|receipt| receipt.on <= as_of)
        .map(|receipt| receipt.amount.minor())
        .sum();
    let (mut earned, mut due) = (0, 0);
    let mut periods = Vec::new();
    for (name, fixed, is_due) in yields {
        let applied = (paid - earned).clamp(0, fixed);
        earned += fixed;
        due += if is_due { fixed } else { applied };
        periods.push((name, fixed, applied));
    }
    Figures { periods, earned, due, paid, credit: (paid - earned).max(0) }
}
