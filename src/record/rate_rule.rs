//! What is taken of a base: rates, tiers and amounts for each unit.

use super::{Category, RecordError, wire};
use crate::money::{Currency, Fraction, Rate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most tiers of one scale: real scales have under ten.
const MAX_TIERS: usize = 40;
/// Most lines of rates: as many as kinds of revenue that anybody tells apart.
pub(super) const MAX_RATE_LINES: usize = 40;

/// A rate for one kind of revenue, or for all that no other line names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLine {
    /// The kind of revenue; none for whatever no other line names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Category>,
    /// What is taken of it.
    pub scale: Scale,
}

/// One price, or prices that change with the height reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The same for all.
    Flat(Price),
    /// By tiers.
    Tiered(Tiers),
}

/// What is taken: a part of the base, or an amount for each unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Price {
    /// A part of the base.
    Rate(#[serde(with = "wire::rate")] Rate),
    /// An exact number of minor units of the settlement currency for each unit sold, as
    /// `[numerator, denominator]`: 0.091 CNY is `[91, 10]`.
    PerUnit(#[serde(with = "wire::fraction")] Fraction),
}

/// Prices by tiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// From the lowest up, each ending where the next begins; the last has no end.
    pub tiers: Vec<Tier>,
    /// Whether a tier's price is for what falls into it or for all of it.
    pub method: TierMethod,
    /// What is measured against the ends of tiers.
    pub measure: Measure,
}

/// One tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The last minor unit, or the last unit sold, that belongs to it; none for the last tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
    /// What is taken.
    pub price: Price,
}

/// How a scale of tiers is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TierMethod {
    /// Each price is for the part that falls into its tier.
    Marginal,
    /// The price of the tier that was reached is for the whole measure, from the first unit.
    Whole,
}

/// What is measured against the ends of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The base of all periods to date.
    CumulativeBase,
    /// The base of the period.
    PeriodBase,
    /// The units of all periods to date.
    CumulativeUnits,
    /// The units of the period.
    PeriodUnits,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 4] =
        [Self::CumulativeBase, Self::PeriodBase, Self::CumulativeUnits, Self::PeriodUnits];

    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CumulativeBase => "cumulative-base",
            Self::PeriodBase => "period-base",
            Self::CumulativeUnits => "cumulative-units",
            Self::PeriodUnits => "period-units",
        }
    }

    /// Whether units are counted and not money.
    pub const fn is_units(self) -> bool {
        match self {
            Self::CumulativeBase | Self::PeriodBase => false,
            Self::CumulativeUnits | Self::PeriodUnits => true,
        }
    }

    /// Whether it starts anew with each period.
    pub const fn is_of_period(self) -> bool {
        match self {
            Self::CumulativeBase | Self::CumulativeUnits => false,
            Self::PeriodBase | Self::PeriodUnits => true,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Price {
    fn check(self) -> Result<(), RecordError> {
        let fraction = match self {
            Self::Rate(rate) => rate.as_fraction(),
            Self::PerUnit(minor) => minor,
        };
        let narrow = |part: i128| u64::try_from(part).is_ok();
        if narrow(fraction.numerator()) && narrow(fraction.denominator()) {
            return Ok(());
        }
        Err(RecordError::OutOfRange {
            what: "price",
            found: fraction.to_string(),
            needed: "zero or more, a fraction whose parts are below 2^64",
        })
    }

    /// `5%`, or `0.50 CNY a unit`.
    pub fn in_words(self, currency: Currency) -> String {
        match self {
            Self::Rate(rate) => rate.to_string(),
            Self::PerUnit(minor) => format!("{} {currency} a unit", decimal_of(minor, currency)),
        }
    }
}

/// Minor units as a decimal of major units where that is finite and short, else as a fraction.
fn decimal_of(minor: Fraction, currency: Currency) -> String {
    let bottom = minor.denominator();
    for extra in 0..=12_u32 {
        let unit = 10_i128.pow(extra);
        if unit % bottom != 0 {
            continue;
        }
        let Some(units) = minor.numerator().checked_mul(unit / bottom) else { break };
        let scale = currency.exponent() + extra;
        if scale == 0 {
            return units.to_string();
        }
        let (one, width) = (10_i128.pow(scale), scale as usize);
        return format!("{}.{:0width$}", units / one, units % one);
    }
    format!("({minor})/{}", 10_i128.pow(currency.exponent()))
}

impl Tiers {
    /// Refuses tiers that overlap, leave a gap or count two things at once.
    ///
    /// # Errors
    /// [`RecordError::List`] for none or too many; [`RecordError::OutOfRange`] for ends that do
    /// not rise, a last tier with an end, another without one, or an amount for each unit where
    /// the measure is money.
    pub fn check(&self) -> Result<(), RecordError> {
        let count = self.tiers.len();
        if count == 0 || count > MAX_TIERS {
            return Err(RecordError::List { what: "tiers", found: count, needed: "1 to 40" });
        }
        let refused = |what, found: Option<u64>, needed| {
            let found = found.map_or("no end".to_owned(), |end| end.to_string());
            Err(RecordError::OutOfRange { what, found, needed })
        };
        let mut before = 0;
        for (place, tier) in self.tiers.iter().enumerate() {
            tier.price.check()?;
            if matches!(tier.price, Price::PerUnit(_)) && !self.measure.is_units() {
                return Err(RecordError::OutOfRange {
                    what: "measure of tiers with an amount for each unit",
                    found: self.measure.name().to_owned(),
                    needed: "cumulative-units or period-units",
                });
            }
            match (tier.to, place + 1 == count) {
                (None, true) => {}
                (Some(end), false) if end > before => before = end,
                (Some(end), false) => {
                    return refused("end of a tier", Some(end), "above the end of the one before");
                }
                (None, false) => {
                    return refused("end of a tier", None, "given for every tier but the last");
                }
                (end @ Some(_), true) => {
                    return refused("end of the last tier", end, "left out, for no gap above it");
                }
            }
        }
        Ok(())
    }
}

impl RateLine {
    /// One flat price for everything.
    pub const fn flat(rate: Rate) -> Self {
        Self { kind: None, scale: Scale::Flat(Price::Rate(rate)) }
    }

    fn check(&self) -> Result<(), RecordError> {
        match &self.scale {
            Scale::Flat(price) => price.check(),
            Scale::Tiered(tiers) => tiers.check(),
        }
    }
}

/// Refuses lines of rates that are none, too many, or out of order: kinds alphabetically, the line
/// without a kind first, none twice.
pub(super) fn check_rates(rates: &[RateLine]) -> Result<(), RecordError> {
    let ordered = rates.windows(2).all(|pair| pair[0].kind < pair[1].kind);
    if rates.is_empty() || rates.len() > MAX_RATE_LINES || !ordered {
        return Err(RecordError::List {
            what: "rates",
            found: rates.len(),
            needed: "1 to 40, the one without a kind first, then in alphabetical order, none twice",
        });
    }
    rates.iter().try_for_each(RateLine::check)
}
