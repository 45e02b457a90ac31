//! Rates, tiers and amounts for each unit, as they are written.

use super::TermsError;
use super::section::{Located, Section};
use crate::money::{Amount, Currency, Fraction, MoneyError, Rate};
use crate::record::{Category, Measure, Price, RateLine, Scale, Tier, TierMethod, Tiers};

const LINE_KEYS: &[&str] = &["kind", "rate", "per_unit", "tiers", "tier_method", "measure"];
const TIER_KEYS: &[&str] = &["from", "to", "rate", "per_unit"];
const RATE: &str = "a percentage in quotes, such as \"5%\"";
const ONE_OF: &str = "one of `rate`, `per_unit`, `tiers` and `rates`";

/// The rates of a table: its own scale, or its lines by kind of revenue.
pub(super) fn read_rates(
    section: &mut Section<'_>,
    currency: Currency,
) -> Result<Vec<RateLine>, TermsError> {
    let needed = "tables, each with `rate`, `per_unit` or `tiers`, and `kind` but for the rest";
    let mut lines = Vec::new();
    for mut line in section.sections("rates", LINE_KEYS, needed)? {
        let kind = line.text("kind", "a kind of revenue")?;
        let kind = kind.map(|kind| kind.record(str::parse::<Category>).map(|name| kind.with(name)));
        let kind = kind.transpose()?;
        let name = kind.as_ref().map(|kind| kind.value.clone());
        let Some(scale) = read_scale(&mut line, currency)? else {
            return Err(line.missing("rate", "one of `rate`, `per_unit` and `tiers`"));
        };
        if lines.iter().any(|other: &RateLine| other.kind == name) {
            let found = name.map_or("all other kinds".to_owned(), |name| name.to_string());
            return Err(TermsError::Twice { key: "rates.kind".to_owned(), at: line.at, found });
        }
        lines.push(RateLine { kind: name, scale });
    }
    let own = read_scale(section, currency)?;
    match (own, lines.is_empty()) {
        (Some(scale), true) => Ok(vec![RateLine { kind: None, scale }]),
        (None, false) => {
            lines.sort_by(|left, right| left.kind.cmp(&right.kind));
            Ok(lines)
        }
        (None, true) => Err(section.missing("rate", RATE)),
        (Some(_), false) => Err(section.located("both".to_owned()).refused(ONE_OF)),
    }
}

fn read_scale(section: &mut Section<'_>, currency: Currency) -> Result<Option<Scale>, TermsError> {
    let price = read_price(section, currency)?;
    let tiers = section.sections("tiers", TIER_KEYS, "a list of tables with `to` and `rate`")?;
    let method = match section.text("tier_method", METHOD)? {
        None => None,
        Some(word) => {
            let words = [("marginal", TierMethod::Marginal), ("whole", TierMethod::Whole)];
            Some(word.with(word.word(&words, METHOD)?))
        }
    };
    let measure = match section.text("measure", MEASURE)? {
        None => None,
        Some(word) => {
            let words = Measure::ALL.map(|measure| (measure.name(), measure));
            Some(word.with(word.word(&words, MEASURE)?))
        }
    };
    if tiers.is_empty() {
        if let Some(stray) = method.map(|m| m.with(())).or(measure.map(|m| m.with(()))) {
            let needed = "left out where there are no `tiers`";
            return Err(stray.with("there".to_owned()).refused(needed));
        }
        return Ok(price.map(|price| Scale::Flat(price.value)));
    }
    if let Some(price) = price {
        return Err(price.with("there".to_owned()).refused("left out where there are `tiers`"));
    }
    let at = section.located(());
    let measure = measure.map_or(Measure::CumulativeBase, |measure| measure.value);
    let method = method.map_or(TierMethod::Marginal, |method| method.value);
    let tiers = Tiers { tiers: read_tiers(tiers, measure, currency)?, method, measure };
    Ok(Some(Scale::Tiered(at.with(tiers).keep(Tiers::check)?)))
}

const METHOD: &str = "\"marginal\" or \"whole\"";
const MEASURE: &str =
    "\"cumulative-base\", \"period-base\", \"cumulative-units\" or \"period-units\"";

/// `rate` or `per_unit`, where one of them is there.
fn read_price(
    section: &mut Section<'_>,
    currency: Currency,
) -> Result<Option<Located<Price>>, TermsError> {
    let rate = match section.text("rate", RATE)? {
        None => None,
        Some(text) => Some(text.with(Price::Rate(read_rate(&text)?))),
    };
    let needed = "an exact amount for each unit in quotes, such as \"0.091 CNY\"";
    let per_unit = match section.text("per_unit", needed)? {
        None => None,
        Some(text) => {
            let minor = text.money(|typed| unit_price(typed, currency))?;
            if minor.is_negative() || !is_narrow(minor) {
                return Err(text.refused("zero or more, exact, and below 2^64"));
            }
            Some(text.with(Price::PerUnit(minor)))
        }
    };
    match (rate, per_unit) {
        (Some(_), Some(other)) => {
            Err(other.with("there".to_owned()).refused("left out where there is a `rate`"))
        }
        (rate, per_unit) => Ok(rate.or(per_unit)),
    }
}

fn is_narrow(fraction: Fraction) -> bool {
    u64::try_from(fraction.numerator()).is_ok() && u64::try_from(fraction.denominator()).is_ok()
}

/// A percentage that a record can hold.
pub(super) fn read_rate(text: &Located<String>) -> Result<Rate, TermsError> {
    let rate = text.money(str::parse::<Rate>)?;
    if is_narrow(rate.as_fraction()) {
        return Ok(rate);
    }
    Err(text.refused("a fraction whose parts are below 2^64"))
}

/// A percentage, if the key is there.
pub(super) fn optional_rate(
    section: &mut Section<'_>,
    key: &'static str,
) -> Result<Option<Rate>, TermsError> {
    section.text(key, RATE)?.map(|text| read_rate(&text)).transpose()
}

/// A percentage that must be there.
pub(super) fn needed_rate(
    section: &mut Section<'_>,
    key: &'static str,
) -> Result<Rate, TermsError> {
    read_rate(&section.needed_text(key, RATE)?)
}

/// An amount with any number of decimals, in minor units.
fn unit_price(text: &str, currency: Currency) -> Result<Fraction, MoneyError> {
    let Some((number, code)) = text.split_once(' ') else {
        return Err(MoneyError::AmountWithoutCurrency { text: text.to_owned() });
    };
    let found: Currency = code.parse()?;
    if found != currency {
        return Err(MoneyError::CurrencyMismatch { left: found, right: currency });
    }
    let major: Fraction = number.parse()?;
    major.checked_mul(Fraction::from_integer(10_i128.pow(currency.exponent())))
}

/// Tiers from the lowest up. Where a tier says from where it starts, that must be where the one
/// before ends: anything else would overlap or leave a gap.
fn read_tiers(
    sections: Vec<Section<'_>>,
    measure: Measure,
    currency: Currency,
) -> Result<Vec<Tier>, TermsError> {
    let mut tiers: Vec<Tier> = Vec::new();
    for mut section in sections {
        let before = tiers.last().map_or(Some(0), |tier: &Tier| tier.to);
        if let Some(text) = section.text_or_whole("from", height(measure))? {
            let from = read_height(&text, measure, currency)?;
            match before {
                Some(end) if from == end => {}
                Some(end) if from < end => {
                    return Err(text.refused("where the tier before ends: tiers overlap"));
                }
                Some(_) => {
                    return Err(text.refused("where the tier before ends: there is a gap"));
                }
                None => return Err(text.refused("after a tier with an end: tiers overlap")),
            }
        }
        let to = match section.text_or_whole("to", height(measure))? {
            None => None,
            Some(text) => {
                let end = read_height(&text, measure, currency)?;
                if before.is_none_or(|before| end <= before) {
                    return Err(text.refused("above the end of the tier before: tiers overlap"));
                }
                Some(end)
            }
        };
        let Some(price) = read_price(&mut section, currency)? else {
            return Err(section.missing("rate", "`rate` or `per_unit`"));
        };
        tiers.push(Tier { to, price: price.value });
    }
    Ok(tiers)
}

const fn height(measure: Measure) -> &'static str {
    if measure.is_units() {
        "a whole number of units"
    } else {
        "an amount with its currency in quotes, such as \"20000.00 CNY\""
    }
}

fn read_height(
    text: &Located<String>,
    measure: Measure,
    currency: Currency,
) -> Result<u64, TermsError> {
    if measure.is_units() {
        return text.value.parse().map_err(|_| text.refused(height(measure)));
    }
    if text.value == "0" {
        return Ok(0);
    }
    let amount = text.money(Amount::parse_with_currency)?;
    if amount.currency() != currency {
        return Err(text.refused("in the currency that accounts are settled in"));
    }
    i64::try_from(amount.minor())
        .ok()
        .and_then(|minor| u64::try_from(minor).ok())
        .ok_or_else(|| text.refused("zero or more, and below 2^63 minor units"))
}
