//! Revenue less refunds of a period, converted into the settlement currency.

use super::exchange::{Applied, day_of};
use super::figure::factor;
use super::scale::Height;
use super::tally::{Sum, Tally, version_at};
use super::{
    Derivation, Event, Facts, Figure, RateTable, RoyaltyError, SettlementSpan, Sources, Version,
};
use crate::money::{Currency, Fraction};
use crate::record::{Category, Conversion, ProfitShare, RateLine, Timestamp};

/// Days that are written out where a sum is converted day by day.
const MAX_SHOWN_DAYS: usize = 6;

/// What came in, by place of the category.
pub(super) struct Gross {
    pub(super) revenue: Fraction,
    pub(super) refunds: Fraction,
    /// Revenue less refunds; it may be below zero.
    pub(super) net: Fraction,
    by_category: Vec<Height>,
}

/// What turns sums into the settlement currency.
pub(super) struct Converter<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) clauses: &'a ProfitShare,
    pub(super) tally: &'a Tally,
    pub(super) as_of: Timestamp,
}

/// The rate that the clauses name, for what is dated in a period on a day.
fn applied(
    clauses: &ProfitShare,
    rates: &RateTable,
    (span, as_of): (SettlementSpan, Timestamp),
    (from, day): (Currency, i64),
) -> Result<Applied, RoyaltyError> {
    let to = clauses.currency;
    let is_over = span.is_over(as_of);
    let last = if is_over { day_of(span.end()) - 1 } else { day_of(as_of) };
    let days = day_of(span.start())..=last;
    match clauses.conversion {
        None => rates.of_day(from, to, day),
        Some(Conversion::PeriodEnd) => rates.of_end(from, to, days, is_over),
        Some(Conversion::PeriodAverage) => rates.of_average(from, to, days),
    }
}

/// What one event is in the settlement currency, in exact minor units, by the version of the clauses
/// that is in force on its day.
///
/// # Errors
/// A rate that is not published; figures out of range; no version.
pub fn converted(
    event: &Event,
    versions: &[Version<'_>],
    rates: &RateTable,
    as_of: Timestamp,
) -> Result<Fraction, RoyaltyError> {
    let version = versions.get(version_at(versions, event.on)).ok_or(RoyaltyError::NoVersion)?;
    let clauses = version.clauses;
    let minor = i128::from(event.minor);
    if event.currency == clauses.currency {
        return Ok(Fraction::from_integer(minor));
    }
    let span = SettlementSpan::containing(clauses.period, event.on)?;
    let applied = applied(clauses, rates, (span, as_of), (event.currency, day_of(event.on)))?;
    in_minor(minor, event.currency, clauses.currency, applied.rate)
}

impl Converter<'_> {
    fn rate(&self, from: Currency, day: i64) -> Result<Applied, RoyaltyError> {
        applied(self.clauses, self.facts.rates, (self.tally.span, self.as_of), (from, day))
    }

    /// A sum in the settlement currency, exact, and a step for each currency it was converted from.
    pub(super) fn convert(&self, sum: &Sum) -> Result<(Fraction, Vec<Derivation>), RoyaltyError> {
        let mut total = Fraction::from_integer(sum.minor);
        let mut steps = Vec::new();
        let mut days = sum.foreign.iter().peekable();
        while let Some(((from, _), _)) = days.peek().copied() {
            let (mut converted, mut working, mut count) = (Fraction::ZERO, Vec::new(), 0_usize);
            let mut sources = Sources::none();
            while let Some(((_, day), minor)) = days.next_if(|((currency, _), _)| currency == from)
            {
                let applied = self.rate(*from, *day)?;
                let value = in_minor(*minor, *from, self.clauses.currency, applied.rate)?;
                converted = converted.checked_add(value)?;
                sources.add_lines(applied.entry, 1);
                count += 1;
                if count <= MAX_SHOWN_DAYS {
                    let foreign = Figure::exact(Fraction::from_integer(*minor), *from);
                    let rate = factor(applied.rate);
                    working.push(format!("{foreign} x {rate} ({})", applied.said));
                }
            }
            if count > MAX_SHOWN_DAYS {
                working.push(format!("{} further days likewise", count - MAX_SHOWN_DAYS));
            }
            total = total.checked_add(converted)?;
            let value = Figure::exact(converted, self.clauses.currency);
            let label = format!("converted from {from}");
            let step = Derivation::new(label, value, "at published rates, exact");
            steps.push(step.working(working.join(" + ")).sources(sources));
        }
        if sum.minor != 0 && !steps.is_empty() {
            let value = Figure::exact(Fraction::from_integer(sum.minor), self.clauses.currency);
            let label = format!("in {}", self.clauses.currency);
            steps.insert(0, Derivation::new(label, value, "the settlement currency"));
        }
        Ok((total, steps))
    }

    /// Sums by category in one figure, with a step for each category where there are several.
    fn total(
        &self,
        label: &'static str,
        rule: &'static str,
        sums: &[Sum],
        heights: &mut [Height],
        sign: i128,
    ) -> Result<(Fraction, Derivation), RoyaltyError> {
        let (mut total, mut sources, mut children) = (Fraction::ZERO, Sources::none(), Vec::new());
        let mut names = 0;
        for ((sum, height), name) in sums.iter().zip(heights).zip(self.facts.categories.iter()) {
            if sum.is_empty() {
                continue;
            }
            names += 1;
            let (value, steps) = self.convert(sum)?;
            total = total.checked_add(value)?;
            let signed = value.checked_mul(Fraction::from_integer(sign))?;
            height.base = height.base.checked_add(signed)?;
            height.units += sign * sum.units;
            sources.merge(&sum.sources);
            let value = Figure::exact(value, self.clauses.currency);
            let node =
                Derivation::new(name.as_str().to_owned(), value, rule).sources(sum.sources.clone());
            children.push(node.children(steps));
        }
        let node = Derivation::new(label, Figure::exact(total, self.clauses.currency), rule);
        let node = node.sources(sources);
        let node = match (names, children.pop()) {
            (1, Some(only)) => node.children(only.children),
            (_, Some(last)) => {
                children.push(last);
                // In the order of names, which does not depend on the order of events.
                children.sort_by(|left, right| left.label.cmp(&right.label));
                node.children(children)
            }
            (_, None) => node,
        };
        Ok((total, node))
    }

    /// Revenue less refunds.
    pub(super) fn gross(&self, steps: &mut Vec<Derivation>) -> Result<Gross, RoyaltyError> {
        let tally = self.tally;
        let count = tally.revenue.len().max(tally.refunds.len());
        let mut by_category = vec![Height::ZERO; count];
        let heights = &mut by_category;
        let (revenue, received) =
            self.total("revenue", "money received", &tally.revenue, heights, 1)?;
        let (refunds, returned) =
            self.total("refunds", "revenue given back", &tally.refunds, heights, -1)?;
        let net = revenue.checked_sub(refunds)?;
        let write = |minor| Figure::exact(minor, self.clauses.currency).number();
        let value = Figure::exact(net, self.clauses.currency);
        let step = Derivation::new("gross", value, "revenue less refunds")
            .working(format!("{} - {}", write(revenue), write(refunds)))
            .children(vec![received, returned]);
        steps.push(step);
        Ok(Gross { revenue, refunds, net, by_category })
    }
}

/// Minor units of one currency in minor units of another.
fn in_minor(
    minor: i128,
    from: Currency,
    to: Currency,
    rate: Fraction,
) -> Result<Fraction, RoyaltyError> {
    let unit = |currency: Currency| Fraction::from_integer(10_i128.pow(currency.exponent()));
    let rate = rate.checked_mul(unit(to))?.checked_div(unit(from))?;
    Ok(Fraction::from_integer(minor).checked_mul(rate)?)
}

impl Gross {
    /// What falls under a line of rates: its kind, or every kind that no other line names.
    pub(super) fn of(
        &self,
        kind: Option<&Category>,
        rates: &[RateLine],
        facts: &Facts<'_>,
    ) -> Result<Height, RoyaltyError> {
        let mut sum = Height::ZERO;
        for (height, name) in self.by_category.iter().zip(facts.categories.iter()) {
            let is_named = rates.iter().any(|line| line.kind.as_ref() == Some(name));
            let falls_here = kind.map_or(!is_named, |kind| kind == name);
            if falls_here {
                sum.base = sum.base.checked_add(height.base)?;
                sum.units += height.units;
            }
        }
        Ok(sum)
    }
}
