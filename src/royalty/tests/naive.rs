//! A second implementation, slow and plain, written from `schema/terms-v1.md`: it walks through
//! the days one by one and through units one by one, looks at every event again for every figure,
//! and shares nothing with the engine but the types of money.

mod scale;

use crate::money::{Amount, Currency, Fraction, Rounding, allocate};
use crate::record::*;
use crate::royalty::{Advance, Categories, Event, ExchangeRate, Receipt};
use scale::taken;
use time::Date;

/// Everything that a question gives.
pub(super) struct Question<'a> {
    pub(super) clauses: &'a ProfitShare,
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

/// How far one scale has come.
#[derive(Clone, Default)]
struct Way {
    bases: Vec<Fraction>,
    units: Vec<i128>,
    loss: Option<Fraction>,
}

impl Question<'_> {
    /// The first day after the term.
    fn end(&self) -> Option<Date> {
        match self.clauses.term? {
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

    fn rate(&self, from: Currency, days: &Days, on: Date) -> Fraction {
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
        match self.clauses.conversion {
            None => published(on, on)[0].1,
            Some(Conversion::PeriodEnd) => published(days.first, high).last().unwrap().1,
            Some(Conversion::PeriodAverage) => {
                let found = published(days.first, high);
                let sum = found.iter().fold(NONE, |sum, (_, rate)| plus(sum, *rate));
                sum.checked_div(whole(found.len() as i128)).unwrap()
            }
        }
    }

    /// The events of a period of a kind and category, converted one by one, and their units.
    fn sum(
        &self,
        days: &Days,
        kind: LineKind,
        is_ours: &dyn Fn(&Category) -> bool,
    ) -> (Fraction, i128) {
        let (mut sum, mut units) = (NONE, 0);
        for event in self.events {
            let on = event.on.date();
            let name = self.categories.name(event.category).unwrap();
            let is_within = days.first <= on && on <= days.last && on <= self.as_of;
            if event.kind != kind || !is_within || !is_ours(name) {
                continue;
            }
            let mut value = times(whole(event.minor.into()), self.rate(event.currency, days, on));
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

/// What may be deducted to date of what was spent to date, period by period.
fn allowed(cap: Option<DeductionCap>, gross: &[Fraction], spent: &[Fraction]) -> Vec<Fraction> {
    let mut found: Vec<Fraction> = Vec::new();
    for index in 0..spent.len() {
        let from = match cap {
            Some(DeductionCap { over: Over::Term, .. }) => 0,
            Some(_) | None => index,
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

/// What one clause yields, period by period.
fn yields(
    question: &Question<'_>,
    periods: &[Days],
    base_kind: Base,
    rates: &[RateLine],
    deducted: &[Fraction],
    shared: &[Fraction],
) -> Vec<Fraction> {
    let loss = question.clauses.loss;
    let mut ways = vec![Way::default(); rates.len()];
    let (mut waiting, mut found) = (NONE, Vec::new());
    for (index, days) in periods.iter().enumerate() {
        let mut sum = NONE;
        for (line, way) in rates.iter().zip(&mut ways) {
            let is_ours = |name: &Category| match &line.kind {
                Some(kind) => kind == name,
                None => rates.iter().all(|other| other.kind.as_ref() != Some(name)),
            };
            let (revenue, sold) = question.sum(days, LineKind::Revenue, &is_ours);
            let (refunds, returned) = question.sum(days, LineKind::Refund, &is_ours);
            let mut base = less(revenue, refunds);
            let units = sold - returned;
            if rates.len() == 1 && line.kind.is_none() && base_kind == Base::Net {
                base = less(base, deducted[index]);
            }
            match loss {
                Loss::Share => {}
                Loss::None => base = base.max(NONE),
                Loss::Full => {
                    let all = plus(base, way.loss.unwrap_or(NONE));
                    way.loss = Some(all.min(NONE));
                    base = all.max(NONE);
                }
            }
            sum = plus(sum, taken(&line.scale, way, base, units, index));
            way.bases.push(base);
            way.units.push(units);
        }
        if base_kind == Base::Net {
            sum = less(sum, shared[index]);
        }
        match loss {
            Loss::None => sum = sum.max(NONE),
            Loss::Full | Loss::Share => {
                let all = plus(sum, waiting);
                waiting = all.min(NONE);
                sum = all.max(NONE);
            }
        }
        found.push(sum);
    }
    found
}

/// The yields of the periods, by one clause or two.
fn all_yields(question: &Question<'_>, periods: &[Days]) -> Vec<Fraction> {
    let clauses = question.clauses;
    let every = |_: &Category| true;
    let gross: Vec<_> = periods
        .iter()
        .map(|days| {
            let revenue = question.sum(days, LineKind::Revenue, &every).0;
            less(revenue, question.sum(days, LineKind::Refund, &every).0)
        })
        .collect();
    let mut base = vec![NONE; periods.len()];
    let mut shared = vec![NONE; periods.len()];
    for deduction in &clauses.deductions {
        let is_ours = |name: &Category| *name == deduction.category;
        let spent: Vec<_> =
            periods.iter().map(|days| question.sum(days, LineKind::Expense, &is_ours).0).collect();
        for (index, part) in allowed(deduction.cap, &gross, &spent).into_iter().enumerate() {
            match deduction.share {
                None => base[index] = plus(base[index], part),
                Some(share) => {
                    shared[index] = plus(shared[index], times(part, share.as_fraction()));
                }
            }
        }
    }
    let base = allowed(clauses.deduction_cap, &gross, &base);
    let first = yields(question, periods, clauses.base, &clauses.rates, &base, &shared);
    let Some(other) = &clauses.alternative else { return first };
    let second = yields(question, periods, other.base, &other.rates, &base, &shared);
    let pairs = first.into_iter().zip(second);
    pairs
        .map(|(first, second)| match other.take {
            Take::Greater => first.max(second),
            Take::Lesser => first.min(second),
        })
        .collect()
}

fn due_date(due: Due, start: Date) -> Date {
    match due {
        Due::On(moment) => moment.date(),
        Due::After(days) => after(start, days),
    }
}

/// What is fixed beforehand.
struct Fixed {
    /// When what falls due.
    claims: Vec<(Date, i128)>,
    /// When what was advanced, as far as it is known.
    advances: Vec<(Date, i128)>,
    /// The instalments of the guarantee together.
    guaranteed: i128,
}

fn fixed(question: &Question<'_>) -> Fixed {
    let mut fixed = Fixed { claims: Vec::new(), advances: Vec::new(), guaranteed: 0 };
    if let Some(Guarantee::Instalments(parts)) = &question.clauses.guarantee {
        for part in parts {
            fixed.claims.push((due_date(part.due, question.start), part.amount.minor()));
            fixed.guaranteed += part.amount.minor();
        }
    }
    for part in &question.clauses.advance {
        let on = due_date(part.due, question.start);
        fixed.claims.push((on, part.amount.minor()));
        fixed.advances.push((on, part.amount.minor()));
    }
    for advance in question.advances {
        fixed.advances.push((advance.on.date(), advance.amount.minor()));
    }
    fixed.advances.retain(|(on, _)| *on <= question.as_of);
    fixed
}

/// The periods so far.
#[derive(Default)]
struct Book {
    rows: Vec<Row>,
    exact: Vec<Fraction>,
    /// In which period how much is released.
    releases: Vec<(usize, i128)>,
}

impl Book {
    fn sum(&self, figure: fn(&Row) -> i128) -> i128 {
        self.rows.iter().map(figure).sum()
    }
}

/// What is left after the cap.
fn passed(row: &Row) -> i128 {
    row.earned - row.guaranteed - row.reserved + row.released - row.recouped - row.over_cap
}

/// Every figure of the account.
pub(super) fn figures(question: &Question<'_>) -> Figures {
    let periods = question.periods();
    let yields = all_yields(question, &periods);
    let mut fixed = fixed(question);
    let mut book = Book::default();
    for (days, value) in periods.iter().zip(yields) {
        let row = row_of(question, &fixed, &mut book, days, value);
        fixed.claims.push((after(days.last, question.clauses.due_days), row.payable));
        book.rows.push(row);
    }
    settle(question, book.rows, fixed.claims)
}

fn row_of(
    question: &Question<'_>,
    fixed: &Fixed,
    book: &mut Book,
    days: &Days,
    mut value: Fraction,
) -> Row {
    let (clauses, end) = (question.clauses, question.end());
    let is_last = end.is_some_and(|end| days.first < end && end <= days.last.next_day().unwrap());
    let is_over = days.last <= question.as_of
        || is_last && end.is_some_and(|end| end.previous_day().unwrap() <= question.as_of);
    let ends = is_last && is_over;
    let is_in_term = days.last >= question.start && end.is_none_or(|end| days.first < end);
    if let Some(Guarantee::TopUp(top_up)) = &clauses.guarantee {
        let reached = match top_up.over {
            Over::Period if is_over && is_in_term => Some(value),
            Over::Term if ends => Some(plus(sum_of(&book.exact), value)),
            Over::Period | Over::Term => None,
        };
        if let Some(reached) = reached {
            value = plus(value, less(top_up.amount.as_fraction(), reached).max(NONE));
        }
    }
    let before = book.sum(|row| row.earned);
    book.exact.push(value);
    let mut row = Row { label: days.label.clone(), ..Row::default() };
    row.earned = round(clauses.rounding, sum_of(&book.exact)) - before;
    if fixed.guaranteed > 0 {
        let to_date = (before + row.earned).min(fixed.guaranteed);
        row.guaranteed = to_date - book.sum(|row| row.guaranteed);
    }
    hold_back(clauses, book, &mut row, ends);
    let advanced: i128 =
        fixed.advances.iter().filter(|(on, _)| *on <= days.last).map(|(_, part)| part).sum();
    let part = clauses.recoupment.map_or(Fraction::ONE, |part| part.as_fraction());
    let most = round(Rounding::Down, times(whole(passed(&row)), part));
    row.recouped = most.min(advanced - book.sum(|row| row.recouped));
    pay_out(clauses, book, &mut row, ends);
    row
}

/// The reserve and its releases.
fn hold_back(clauses: &ProfitShare, book: &mut Book, row: &mut Row, ends: bool) {
    let index = book.rows.len();
    if let Some(reserve) = &clauses.reserve {
        let left = row.earned - row.guaranteed;
        let all = book.sum(|row| row.earned - row.guaranteed) + left;
        let held = round(clauses.rounding, times(whole(all), reserve.share.as_fraction()));
        row.reserved = (held - book.sum(|row| row.reserved)).clamp(0, left);
        let weights: Vec<_> =
            reserve.release.iter().map(|release| release.part.as_fraction()).collect();
        let amount = Amount::new(row.reserved, clauses.currency).unwrap();
        let parts = allocate(amount, &weights, clauses.split).unwrap();
        for (release, part) in reserve.release.iter().zip(parts) {
            book.releases.push((index + release.after as usize, part.minor()));
        }
    }
    let now = book.releases.iter().filter(|(at, _)| *at == index);
    row.released = now.map(|(_, part)| part).sum();
    if ends {
        row.released = row.reserved + book.sum(|row| row.reserved - row.released);
    }
}

/// Cap, tax and threshold.
fn pay_out(clauses: &ProfitShare, book: &Book, row: &mut Row, ends: bool) {
    if let Some(cap) = clauses.cap {
        let counted = |row: &Row| row.recouped + row.guaranteed;
        let earlier: i128 = book.rows.iter().map(|row| passed(row) + counted(row)).sum();
        let used = match cap.over {
            Over::Period => counted(row),
            Over::Term => earlier + counted(row),
        };
        row.over_cap = (passed(row) - (cap.amount.minor() - used).max(0)).max(0);
    }
    let mut left = passed(row);
    if let Some(rate) = clauses.withholding {
        let all = book.rows.iter().map(passed).sum::<i128>() + left;
        let tax = round(clauses.rounding, times(whole(all), rate.as_fraction()));
        row.withheld = (tax - book.sum(|row| row.withheld)).clamp(0, left);
        left -= row.withheld;
    }
    left += book.rows.last().map_or(0, |row| row.rolled_over);
    let waits = clauses.threshold.is_some_and(|least| left < least.minor()) && !ends;
    (row.payable, row.rolled_over) = if waits { (0, left) } else { (left, 0) };
}

fn thirty(from: Date, until: Date) -> i128 {
    let months = |day: Date| i128::from(day.year()) * 12 + i128::from(u8::from(day.month()));
    let first = if from.day() == 31 { 30 } else { from.day() };
    let last = if until.day() == 31 && first == 30 { 30 } else { until.day() };
    (months(until) - months(from)) * 30 + i128::from(last) - i128::from(first)
}

/// Payments and interest, claim by claim and day by day.
fn settle(question: &Question<'_>, rows: Vec<Row>, mut claims: Vec<(Date, i128)>) -> Figures {
    claims.sort_by_key(|(due, _)| *due);
    let paid_before = |day: Option<Date>| -> i128 {
        let counts = |receipt: &&Receipt| {
            let on = receipt.on.date();
            on <= question.as_of && day.is_none_or(|day| on < day)
        };
        question.receipts.iter().filter(counts).map(|receipt| receipt.amount.minor()).sum()
    };
    let paid = paid_before(None);
    let (mut covered, mut due, mut interest) = (0, 0, NONE);
    for (date, claim) in &claims {
        let applied = |paid: i128| (paid - covered).clamp(0, *claim);
        due += if *date <= question.as_of { *claim } else { applied(paid) };
        if let (Some(late), true) = (question.clauses.late_interest, *date <= question.as_of) {
            let from = after(*date, late.grace_days);
            let mut day = from;
            while day < question.as_of {
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
    let interest = round(question.clauses.rounding, interest);
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
