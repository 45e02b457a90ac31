//! What a scale of prices takes of a base and of units.

use super::{Derivation, Figure, RoyaltyError};
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::record::{Measure, Price, Scale, Tier, TierMethod, Tiers};

/// How far one line of rates has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// A loss of the base that waits for later bases; zero or less.
    pub(super) loss: Fraction,
    /// Everything to date.
    pub(super) to_date: Height,
    /// What of it falls into the running period.
    pub(super) in_period: Height,
    /// What of it falls under the version of the terms that applies now.
    under_version: Height,
    /// What of it falls into the running period and under that version.
    in_both: Height,
}

/// A base and units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Height {
    pub(super) base: Fraction,
    pub(super) units: i128,
}

impl Height {
    pub(super) const ZERO: Self = Self { base: Fraction::ZERO, units: 0 };

    fn plus(self, other: Self) -> Result<Self, RoyaltyError> {
        Ok(Self { base: self.base.checked_add(other.base)?, units: self.units + other.units })
    }

    fn measured(self, measure: Measure) -> Fraction {
        if measure.is_units() { Fraction::from_integer(self.units) } else { self.base }
    }
}

impl Progress {
    pub(super) const START: Self = Self {
        loss: Fraction::ZERO,
        to_date: Height::ZERO,
        in_period: Height::ZERO,
        under_version: Height::ZERO,
        in_both: Height::ZERO,
    };

    pub(super) fn begin_period(&mut self) {
        self.in_period = Height::ZERO;
        self.in_both = Height::ZERO;
    }

    pub(super) fn begin_version(&mut self) {
        self.under_version = Height::ZERO;
        self.in_both = Height::ZERO;
    }

    fn advance(&mut self, by: Height) -> Result<(), RoyaltyError> {
        for height in
            [&mut self.to_date, &mut self.in_period, &mut self.under_version, &mut self.in_both]
        {
            *height = height.plus(by)?;
        }
        Ok(())
    }
}

/// What the scale takes of the next base and units, exact, and how.
pub(super) fn take(
    scale: &Scale,
    progress: &mut Progress,
    by: Height,
    currency: Currency,
) -> Result<(Fraction, Derivation), RoyaltyError> {
    let before = *progress;
    progress.advance(by)?;
    match scale {
        Scale::Flat(price) => {
            let value = priced(*price, by)?;
            let rule = match price {
                Price::Rate(_) => "the rate times the base, exact",
                Price::PerUnit(_) => "the amount for each unit times the units, exact",
            };
            let value = Figure::exact(value, currency);
            let node = Derivation::new("yield", value, rule);
            Ok((value.minor(), node.working(working(*price, by, currency))))
        }
        Scale::Tiered(tiers) => match tiers.method {
            TierMethod::Marginal => marginal(tiers, &before, by, currency),
            TierMethod::Whole => whole(tiers, &before, progress, currency),
        },
    }
}

fn priced(price: Price, height: Height) -> Result<Fraction, RoyaltyError> {
    Ok(match price {
        Price::Rate(rate) => height.base.checked_mul(rate.as_fraction())?,
        Price::PerUnit(minor) => minor.checked_mul(Fraction::from_integer(height.units))?,
    })
}

fn working(price: Price, height: Height, currency: Currency) -> String {
    let name = price.in_words(currency);
    match price {
        Price::Rate(_) => format!("{name} x {}", Figure::exact(height.base, currency).number()),
        Price::PerUnit(_) => format!("{name} x {} units", grouped(height.units)),
    }
}

fn grouped(units: i128) -> String {
    super::figure::grouped(&units.to_string())
}

fn end_of(tier: &Tier) -> Option<Fraction> {
    tier.to.map(|end| Fraction::from_integer(end.into()))
}

/// The tier by name: `to 20,000.00`, `above 40,000.00`, `all`.
fn tier_name(tiers: &Tiers, place: usize, currency: Currency) -> String {
    let written = |end: u64| match Amount::new(end.into(), currency) {
        Ok(amount) if !tiers.measure.is_units() => Figure::from(amount).number(),
        Ok(_) | Err(_) => format!("{} units", grouped(end.into())),
    };
    let before = place.checked_sub(1).and_then(|place| tiers.tiers.get(place)?.to);
    match (tiers.tiers.get(place).and_then(|tier| tier.to), before) {
        (Some(end), _) => format!("tier to {}", written(end)),
        (None, Some(end)) => format!("tier above {}", written(end)),
        (None, None) => "the only tier".to_owned(),
    }
}

/// Each tier's price on what falls into it.
fn marginal(
    tiers: &Tiers,
    before: &Progress,
    by: Height,
    currency: Currency,
) -> Result<(Fraction, Derivation), RoyaltyError> {
    let measure = tiers.measure;
    let reached = if measure.is_of_period() { before.in_period } else { before.to_date };
    let low = reached.measured(measure);
    let high = reached.plus(by)?.measured(measure);
    let parts = parts_by_tier(tiers, low, high, by)?;
    let (mut sum, mut nodes) = (Fraction::ZERO, Vec::new());
    for (place, tier, part) in parts {
        let value = priced(tier.price, part)?;
        sum = sum.checked_add(value)?;
        let rule = "what falls into this tier";
        let name = tier_name(tiers, place, currency);
        let node = Derivation::new(name, Figure::exact(value, currency), rule);
        nodes.push(node.working(working(tier.price, part, currency)));
    }
    let rule = format!(
        "by tiers, each price for what falls into its tier; {} from {} to {}",
        measured_as(measure),
        height_text(low, measure, currency),
        height_text(high, measure, currency),
    );
    Ok((sum, Derivation::new("yield", Figure::exact(sum, currency), rule).children(nodes)))
}

/// What of a way from one height to another falls into each tier, by the place of the tier.
///
/// Money is measured by itself. Where units are, the base goes with them in proportion, in whole
/// minor units rounded down, and what is left to the last tier of the way: fractions of a base by
/// numbers of units would not stay exact over many periods. Money without units belongs to the tier
/// in which the next unit would be sold.
fn parts_by_tier(
    tiers: &Tiers,
    low: Fraction,
    high: Fraction,
    by: Height,
) -> Result<Vec<(usize, &Tier, Height)>, RoyaltyError> {
    let distance = high.checked_sub(low)?;
    let mut ways = Vec::new();
    let mut start = None;
    for (place, tier) in tiers.tiers.iter().enumerate() {
        let end = end_of(tier);
        let clamp = |x: Fraction| {
            let x = start.map_or(x, |start: Fraction| x.max(start));
            end.map_or(x, |end| x.min(end))
        };
        let within = clamp(high).checked_sub(clamp(low))?;
        let is_next = end.is_none_or(|end| low < end) && start.is_none_or(|start| low >= start);
        if tiers.measure.is_units() && distance.is_zero() && is_next {
            return Ok(vec![(place, tier, by)]);
        }
        start = end;
        if !within.is_zero() {
            ways.push((place, tier, within));
        }
    }
    let (last, mut left) = (ways.len().saturating_sub(1), by.base);
    let mut parts = Vec::with_capacity(ways.len());
    for (index, (place, tier, within)) in ways.into_iter().enumerate() {
        let part = if !tiers.measure.is_units() {
            Height { base: within, units: 0 }
        } else {
            let base = if index == last {
                left
            } else {
                let exact = by.base.checked_mul(within.checked_div(distance)?)?;
                Fraction::from_integer(Rounding::Down.round(exact))
            };
            left = left.checked_sub(base)?;
            Height { base, units: within.numerator() }
        };
        parts.push((place, tier, part));
    }
    Ok(parts)
}

/// The price of the tier that was reached, on everything that is measured.
fn whole(
    tiers: &Tiers,
    before: &Progress,
    after: &Progress,
    currency: Currency,
) -> Result<(Fraction, Derivation), RoyaltyError> {
    let measure = tiers.measure;
    let of = |progress: &Progress| {
        if measure.is_of_period() {
            (progress.in_period.measured(measure), progress.in_both)
        } else {
            (progress.to_date.measured(measure), progress.under_version)
        }
    };
    let yielded = |progress: &Progress| {
        let (height, own) = of(progress);
        let place =
            tiers.tiers.iter().position(|tier| end_of(tier).is_none_or(|end| height <= end));
        let place = place.unwrap_or(tiers.tiers.len().saturating_sub(1));
        let tier = tiers.tiers.get(place);
        let value = tier.map_or(Ok(Fraction::ZERO), |tier| priced(tier.price, own))?;
        let name = tier_name(tiers, place, currency);
        let working = tier.map(|tier| working(tier.price, own, currency)).unwrap_or_default();
        Ok::<_, RoyaltyError>((value, name, working))
    };
    let (earlier, _, earlier_working) = yielded(before)?;
    let (now, name, now_working) = yielded(after)?;
    let sum = now.checked_sub(earlier)?;
    let (height, _) = of(after);
    let rule = format!(
        "by tiers, the price of the tier reached for everything; {} is {}, {name}",
        measured_as(measure),
        height_text(height, measure, currency),
    );
    let node = Derivation::new("yield", Figure::exact(sum, currency), rule);
    let node = if earlier.is_zero() {
        node.working(now_working)
    } else {
        node.working(format!("{now_working} - {earlier_working} before"))
    };
    Ok((sum, node))
}

fn measured_as(measure: Measure) -> &'static str {
    match measure {
        Measure::CumulativeBase => "the base to date",
        Measure::PeriodBase => "the base of the period",
        Measure::CumulativeUnits => "the units to date",
        Measure::PeriodUnits => "the units of the period",
    }
}

fn height_text(height: Fraction, measure: Measure, currency: Currency) -> String {
    if measure.is_units() {
        grouped(height.numerator())
    } else {
        Figure::exact(height, currency).number()
    }
}
