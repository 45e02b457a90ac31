//! A second implementation, slow and plain, written from `schema/terms-v1.md`: it walks through
//! the days one by one and through units one by one, looks at every event again for every figure,
//! and shares nothing with the engine but the types of money.

mod book;
pub(super) mod fee;
mod scale;
mod settle;

use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::record::*;
use crate::royalty::{Advance, Categories, Event, ExchangeRate, Opening, Receipt};
pub(super) use book::figures;
use scale::taken;
use time::Date;

/// Everything that a question gives.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// The first version.
    pub(super) clauses: &'a ProfitShare,
    /// From when on which other version applies, oldest first.
    pub(super) later: &'a [(Date, ProfitShare)],
    pub(super) opening: Option<&'a Opening>,
    pub(super) start: Date,
    pub(super) categories: &'a Categories,
    pub(super) events: &'a [Event],
    pub(super) advances: &'a [Advance],
    pub(super) receipts: &'a [Receipt],
    pub(super) rates: &'a [ExchangeRate],
    pub(super) as_of: Date,
}

/// The figures of one period, in minor units.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) earned: i128,
    pub(super) guaranteed: i128,
    pub(super) reserved: i128,
    pub(super) released: i128,
    pub(super) recouped: i128,
    pub(super) over_cap: i128,
    pub(super) withheld: i128,
    pub(super) rolled_over: i128,
    pub(super) payable: i128,
}

impl Row {
    /// Whether more happens in it than that something goes on rolling over.
    pub(super) fn says_something(&self) -> bool {
        let bare =
            Self { label: self.label.clone(), rolled_over: self.rolled_over, ..Self::default() };
        *self != bare
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Periods in which something is not zero.
    pub(super) rows: Vec<Row>,
    pub(super) earned: i128,
    pub(super) payable: i128,
    pub(super) due: i128,
    pub(super) interest: i128,
    pub(super) paid: i128,
    pub(super) credit: i128,
}

fn whole(number: i128) -> Fraction {
    Fraction::from_integer(number)
}

fn plus(left: Fraction, right: Fraction) -> Fraction {
    left.checked_add(right).unwrap()
}

fn less(left: Fraction, right: Fraction) -> Fraction {
    left.checked_sub(right).unwrap()
}

fn times(left: Fraction, right: Fraction) -> Fraction {
    left.checked_mul(right).unwrap()
}

const NONE: Fraction = Fraction::ZERO;

/// To a whole number, by counting: the largest one that is not above, and then what is left.
fn round(rounding: Rounding, value: Fraction) -> i128 {
    assert!(value >= NONE);
    let floor = value.numerator().div_euclid(value.denominator());
    let twice = times(less(value, whole(floor)), whole(2));
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => twice > NONE,
        Rounding::HalfUp => twice >= Fraction::ONE,
        Rounding::HalfEven => twice > Fraction::ONE || (twice == Fraction::ONE && floor % 2 != 0),
    };
    floor + i128::from(up)
}

pub(super) fn label(period: SettlementPeriod, day: Date) -> String {
    let (year, month) = (day.year(), u8::from(day.month()));
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

fn after(day: Date, days: u32) -> Date {
    (0..days).fold(day, |day, _| day.next_day().unwrap())
}

/// A period: its name and its days.
struct Days {
    label: String,
    first: Date,
    last: Date,
}

/// What happens in one period under one version of the clauses, by their places.
struct Stretch {
    period: usize,
    version: usize,
}

/// How far one scale has come, stretch by stretch.
#[derive(Clone, Default)]
struct Way {
    /// What was reached before the account was moved here.
    reached: Option<(Fraction, i128)>,
    bases: Vec<Fraction>,
    units: Vec<i128>,
    loss: Option<Fraction>,
}

impl Question<'_> {
    /// A figure of the opening balance, once it is there.
    fn opened(&self, figure: fn(&Opening) -> Amount) -> i128 {
        let known = self.opening.filter(|opening| opening.on.date() <= self.as_of);
        known.map_or(0, |opening| figure(opening).minor())
    }

    /// What is dated, was paid or fell due before the day of an opening balance is in it.
    fn is_new(&self, day: Date) -> bool {
        let known = self.opening.map(|opening| opening.on.date());
        match known.filter(|on| *on <= self.as_of) {
            Some(on) => day >= on,
            None => true,
        }
    }

    /// The version in force on a day, as far as it is in force already.
    fn version_on(&self, day: Date) -> usize {
        let day = day.min(self.as_of);
        self.later.iter().filter(|(from, _)| *from <= day).count()
    }

    fn version(&self, place: usize) -> &ProfitShare {
        if place == 0 { self.clauses } else { &self.later[place - 1].1 }
    }

    /// Those in which something happens.
    fn stretches(&self, periods: &[Days]) -> Vec<Stretch> {
        let mut found = Vec::new();
        for (period, days) in periods.iter().enumerate() {
            for version in 0..=self.later.len() {
                let is_here = |event: &Event| {
                    let on = event.on.date();
                    let is_within = days.first <= on && on <= days.last && on <= self.as_of;
                    is_within && self.version_on(on) == version
                };
                if self.events.iter().any(is_here) {
                    found.push(Stretch { period, version });
                }
            }
        }
        found
    }

    /// The first day after the term.
    fn end(&self) -> Option<Date> {
        match self.version(self.version_on(self.as_of)).term? {
            Term::Until(moment) => Some(moment.date()),
            Term::Months(months) => {
                let mut day = self.start;
                // As often as months pass, the first day of the next one is reached.
                let mut passed = 0;
                while passed < months {
                    day = day.next_day().unwrap();
                    if day.day() == 1 {
                        passed += 1;
                    }
                }
                let wanted = self.start.day().min(day.month().length(day.year()));
                Some(day.replace_day(wanted).unwrap())
            }
        }
    }

    fn periods(&self) -> Vec<Days> {
        let mut day = self.events.iter().map(|event| event.on.date()).min().unwrap_or(self.start);
        day = day.min(self.start).replace_month(time::Month::January).unwrap();
        day = day.replace_day(1).unwrap();
        let mut periods: Vec<Days> = Vec::new();
        while day <= self.as_of && self.end().is_none_or(|end| day < end)
            || !is_full(&periods, self, day)
        {
            let name = label(self.clauses.period, day);
            match periods.last_mut() {
                Some(last) if last.label == name => last.last = day,
                _ => periods.push(Days { label: name, first: day, last: day }),
            }
            day = day.next_day().unwrap();
        }
        periods
    }

    fn rate(&self, from: Currency, version: usize, days: &Days, on: Date) -> Fraction {
        let to = self.clauses.currency;
        if from == to {
            return Fraction::ONE;
        }
        let published = |low: Date, high: Date| {
            let mut found: Vec<_> = self
                .rates
                .iter()
                .filter(|rate| rate.from == from && rate.to == to)
                .filter(|rate| low <= rate.on && rate.on <= high)
                .map(|rate| (rate.on, rate.rate))
                .collect();
            found.sort();
            found
        };
        let high = days.last.min(self.as_of);
        match self.version(version).conversion {
            None => published(on, on)[0].1,
            Some(Conversion::PeriodEnd) => published(days.first, high).last().unwrap().1,
            Some(Conversion::PeriodAverage) => {
                let found = published(days.first, high);
                let sum = found.iter().fold(NONE, |sum, (_, rate)| plus(sum, *rate));
                sum.checked_div(whole(found.len() as i128)).unwrap()
            }
        }
    }

    /// The events of a period and version, of a kind and category, converted one by one, and their units.
    fn sum(
        &self,
        (days, version): (&Days, usize),
        kind: LineKind,
        is_ours: &dyn Fn(&Category) -> bool,
    ) -> (Fraction, i128) {
        let (mut sum, mut units) = (NONE, 0);
        for event in self.events {
            let on = event.on.date();
            let name = self.categories.name(event.category).unwrap();
            let is_within = days.first <= on && on <= days.last && on <= self.as_of;
            let is_within = is_within && self.version_on(on) == version;
            if event.kind != kind || !is_within || !is_ours(name) {
                continue;
            }
            let mut value =
                times(whole(event.minor.into()), self.rate(event.currency, version, days, on));
            for _ in 0..self.clauses.currency.exponent() {
                value = times(value, whole(10));
            }
            for _ in 0..event.currency.exponent() {
                value = times(value, Fraction::new(1, 10).unwrap());
            }
            sum = plus(sum, value);
            units += i128::from(event.units);
        }
        (sum, units)
    }
}

/// Whether the last period has its last day.
fn is_full(periods: &[Days], question: &Question<'_>, next: Date) -> bool {
    periods.last().is_none_or(|last| last.label != label(question.clauses.period, next))
}

fn sum_of(list: &[Fraction]) -> Fraction {
    list.iter().fold(NONE, |sum, item| plus(sum, *item))
}

/// What may be deducted to date of what was spent to date, stretch by stretch.
fn allowed(
    stretches: &[Stretch],
    cap: &dyn Fn(usize) -> Option<DeductionCap>,
    gross: &[Fraction],
    spent: &[Fraction],
) -> Vec<Fraction> {
    let mut found: Vec<Fraction> = Vec::new();
    for (index, stretch) in stretches.iter().enumerate() {
        let cap = cap(stretch.version);
        let from = match cap {
            None => index,
            Some(DeductionCap { over: Over::Term, .. }) => 0,
            Some(_) => first_of(stretches, |other| other.period == stretch.period),
        };
        let sum = sum_of(&spent[from..=index]);
        let limit = match cap.map(|cap| cap.limit) {
            None => sum,
            Some(Limit::Amount(amount)) => amount.as_fraction(),
            Some(Limit::Share(rate)) => {
                times(sum_of(&gross[from..=index]).max(NONE), rate.as_fraction())
            }
        };
        found.push(less(sum.min(limit), sum_of(&found[from..index])));
    }
    found
}

fn first_of(stretches: &[Stretch], is_it: impl Fn(&Stretch) -> bool) -> usize {
    stretches.iter().position(is_it).unwrap()
}

/// What is deducted in each stretch: off the base, and off the yield.
struct Deducted {
    base: Vec<Fraction>,
    shared: Vec<Fraction>,
}

/// The base and the rates of the clause that is asked about.
fn rule(clauses: &ProfitShare, is_second: bool) -> (Base, &[RateLine]) {
    match &clauses.alternative {
        Some(other) if is_second => (other.base, &other.rates),
        Some(_) | None => (clauses.base, &clauses.rates),
    }
}

/// The ways of a clause and its yield as they stood when the account was moved here.
fn begin(question: &Question<'_>, rates: &[RateLine]) -> (Vec<Way>, Fraction) {
    let lost = less(NONE, whole(question.opened(|opening| opening.loss)));
    let has_rest = rates.iter().any(|line| line.kind.is_none());
    let is_full = question.clauses.loss == Loss::Full;
    let mut ways = vec![Way::default(); rates.len()];
    let known = question.opening.filter(|opening| opening.on.date() <= question.as_of);
    for (line, way) in rates.iter().zip(&mut ways) {
        way.loss = (is_full && line.kind.is_none()).then_some(lost);
        for reached in known.iter().flat_map(|opening| &opening.reached) {
            if reached.kind == line.kind {
                way.reached = Some((reached.base.as_fraction(), reached.units.into()));
            }
        }
    }
    let waits = match question.clauses.loss {
        Loss::Full => !has_rest,
        Loss::Share => true,
        Loss::None => false,
    };
    (ways, if waits { lost } else { NONE })
}

/// What is left of the bases of one period for the rate, where what waits and the bases below zero are
/// taken off those above zero; and what then waits.
fn offset(loss: Loss, bases: &[Fraction], waits: Fraction) -> (Vec<Fraction>, Fraction) {
    if loss == Loss::Share {
        return (bases.to_vec(), waits);
    }
    let mut left = bases.to_vec();
    let mut owing = if loss == Loss::Full { less(NONE, waits) } else { NONE };
    for base in left.iter_mut().filter(|base| **base < NONE) {
        owing = less(owing, *base);
        *base = NONE;
    }
    for base in &mut left {
        let taken = owing.min(*base);
        *base = less(*base, taken);
        owing = less(owing, taken);
    }
    (left, if loss == Loss::Full { less(NONE, owing) } else { NONE })
}

/// What one clause yields, period by period.
fn yields(
    question: &Question<'_>,
    periods: &[Days],
    stretches: &[Stretch],
    is_second: bool,
    deducted: &Deducted,
) -> Vec<Fraction> {
    let loss = question.clauses.loss;
    let (mut ways, mut waiting) = begin(question, rule(question.clauses, is_second).1);
    let mut found = vec![NONE; periods.len()];
    for (period, days) in periods.iter().enumerate() {
        let own: Vec<usize> =
            (0..stretches.len()).filter(|index| stretches[*index].period == period).collect();
        if own.is_empty() {
            continue;
        }
        let mut sum = NONE;
        for (place, way) in ways.iter_mut().enumerate() {
            let measured = own.iter().map(|index| {
                let version = stretches[*index].version;
                let (base_kind, rates) = rule(question.version(version), is_second);
                let line = &rates[place];
                let is_ours = |name: &Category| match &line.kind {
                    Some(kind) => kind == name,
                    None => rates.iter().all(|other| other.kind.as_ref() != Some(name)),
                };
                let (revenue, sold) = question.sum((days, version), LineKind::Revenue, &is_ours);
                let (refunds, back) = question.sum((days, version), LineKind::Refund, &is_ours);
                let mut base = less(revenue, refunds);
                if rates.len() == 1 && line.kind.is_none() && base_kind == Base::Net {
                    base = less(base, deducted.base[*index]);
                }
                (base, sold - back)
            });
            let (bases, units): (Vec<_>, Vec<_>) = measured.unzip();
            let (left, waits) = offset(loss, &bases, way.loss.unwrap_or(NONE));
            way.loss = Some(waits);
            for ((index, base), units) in own.iter().zip(left).zip(units) {
                let version = stretches[*index].version;
                let starts = (own[0], first_of(stretches, |other| other.version == version));
                let scale = &rule(question.version(version), is_second).1[place].scale;
                sum = plus(sum, taken(scale, way, base, units, starts));
                way.bases.push(base);
                way.units.push(units);
            }
        }
        for index in own {
            if rule(question.version(stretches[index].version), is_second).0 == Base::Net {
                sum = less(sum, deducted.shared[index]);
            }
        }
        match loss {
            Loss::None => sum = sum.max(NONE),
            Loss::Full | Loss::Share => {
                let all = plus(sum, waiting);
                waiting = all.min(NONE);
                sum = all.max(NONE);
            }
        }
        found[period] = sum;
    }
    found
}

/// What is deducted under each stretch.
fn deducted(question: &Question<'_>, periods: &[Days], stretches: &[Stretch]) -> Deducted {
    let here = |stretch: &Stretch| (&periods[stretch.period], stretch.version);
    let every = |_: &Category| true;
    let gross: Vec<_> = stretches
        .iter()
        .map(|stretch| {
            let revenue = question.sum(here(stretch), LineKind::Revenue, &every).0;
            less(revenue, question.sum(here(stretch), LineKind::Refund, &every).0)
        })
        .collect();
    let mut base = vec![NONE; stretches.len()];
    let mut shared = vec![NONE; stretches.len()];
    for (place, deduction) in question.clauses.deductions.iter().enumerate() {
        let is_ours = |name: &Category| *name == deduction.category;
        let spent: Vec<_> = stretches
            .iter()
            .map(|stretch| question.sum(here(stretch), LineKind::Expense, &is_ours).0)
            .collect();
        let cap = |version: usize| question.version(version).deductions[place].cap;
        for (index, part) in allowed(stretches, &cap, &gross, &spent).into_iter().enumerate() {
            match deduction.share {
                None => base[index] = plus(base[index], part),
                Some(share) => {
                    shared[index] = plus(shared[index], times(part, share.as_fraction()));
                }
            }
        }
    }
    let cap = |version: usize| question.version(version).deduction_cap;
    Deducted { base: allowed(stretches, &cap, &gross, &base), shared }
}

/// The yields of the periods, by one clause or two.
fn all_yields(question: &Question<'_>, periods: &[Days]) -> Vec<Fraction> {
    let stretches = question.stretches(periods);
    let deducted = deducted(question, periods, &stretches);
    let first = yields(question, periods, &stretches, false, &deducted);
    if question.clauses.alternative.is_none() {
        return first;
    }
    let second = yields(question, periods, &stretches, true, &deducted);
    let compared = periods.iter().zip(first.into_iter().zip(second));
    compared
        .map(|(days, (first, second))| {
            let clauses = question.version(question.version_on(days.last));
            match clauses.alternative.as_ref().map(|other| other.take) {
                Some(Take::Lesser) => first.min(second),
                Some(Take::Greater) | None => first.max(second),
            }
        })
        .collect()
}
