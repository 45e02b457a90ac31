//! Scales of prices, walked unit by unit.

use super::{NONE, Way, less, plus, sum_of, times, whole};
use crate::money::Fraction;
use crate::record::{Measure, Price, Scale, Tier, TierMethod, Tiers};

/// What one scale takes of a base and units, after those before it.
pub(super) fn taken(
    scale: &Scale,
    way: &Way,
    base: Fraction,
    units: i128,
    (period_from, version_from): (usize, usize),
) -> Fraction {
    let tiers = match scale {
        Scale::Flat(price) => return priced(*price, base, units),
        Scale::Tiered(tiers) => tiers,
    };
    let (from, reached) = match tiers.measure {
        Measure::PeriodBase | Measure::PeriodUnits => (period_from, (NONE, 0)),
        Measure::CumulativeBase | Measure::CumulativeUnits => (0, way.reached.unwrap_or((NONE, 0))),
    };
    let since = |from: usize| (sum_of(&way.bases[from..]), way.units[from..].iter().sum::<i128>());
    let (old_base, old_units) = (plus(since(from).0, reached.0), since(from).1 + reached.1);
    let is_units = matches!(tiers.measure, Measure::CumulativeUnits | Measure::PeriodUnits);
    // The price at a height; the end of a tier belongs to it.
    let price_to = |height: Fraction| {
        let found =
            tiers.tiers.iter().find(|tier| tier.to.is_none_or(|end| height <= whole(end.into())));
        found.unwrap().price
    };
    match (tiers.method, is_units) {
        (TierMethod::Whole, _) => {
            // The height counts from the beginning, the price is for what this version measured.
            let own = since(from.max(version_from));
            let value = |more: Fraction, units: i128| {
                let height = if is_units { whole(old_units + units) } else { plus(old_base, more) };
                priced(price_to(height), plus(own.0, more), own.1 + units)
            };
            less(value(base, units), value(NONE, 0))
        }
        (TierMethod::Marginal, true) if units == 0 => {
            priced(price_to(whole(old_units + 1)), base, 0)
        }
        (TierMethod::Marginal, true) => by_units(tiers, old_units, base, units),
        (TierMethod::Marginal, false) => {
            less(up_to(tiers, plus(old_base, base)), up_to(tiers, old_base))
        }
    }
}

fn priced(price: Price, base: Fraction, units: i128) -> Fraction {
    match price {
        Price::Rate(rate) => times(base, rate.as_fraction()),
        Price::PerUnit(minor) => times(minor, whole(units)),
    }
}

/// One unit after the other: forward the next one, back the last one; how many in each tier.
fn by_units(tiers: &Tiers, old_units: i128, base: Fraction, units: i128) -> Fraction {
    let sign = units.signum();
    let mut counts = vec![0; tiers.tiers.len()];
    for step in 0..units.abs() {
        let height = if sign > 0 { old_units + step + 1 } else { old_units - step };
        let is_here = |tier: &Tier| tier.to.is_none_or(|end| height <= i128::from(end));
        counts[tiers.tiers.iter().position(is_here).unwrap()] += 1;
    }
    let last = counts.iter().rposition(|count| *count > 0).unwrap();
    let (mut sum, mut left) = (NONE, base);
    for (place, count) in counts.iter().enumerate().take(last + 1) {
        let exact = times(base, Fraction::new(*count, units.abs()).unwrap());
        let towards_zero = whole(exact.numerator() / exact.denominator());
        let part = if place == last { left } else { towards_zero };
        left = less(left, part);
        sum = plus(sum, priced(tiers.tiers[place].price, part, sign * count));
    }
    sum
}

/// The value of a height: each tier up to its end, the first one below zero too.
fn up_to(tiers: &Tiers, height: Fraction) -> Fraction {
    let (mut sum, mut low) = (NONE, None);
    for tier in &tiers.tiers {
        let end = tier.to.map(|end| whole(end.into()));
        let top = end.map_or(height, |end| end.min(height));
        let bottom = low.unwrap_or(NONE);
        if low.is_none() || top > bottom {
            sum = plus(sum, priced(tier.price, less(top, bottom), 0));
        }
        low = end;
    }
    sum
}
