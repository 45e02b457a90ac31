//! A figure in a derivation, and how figures are written for people who recompute them.

use crate::money::{Amount, Currency, Fraction, decimal_text};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::fmt;

/// Decimals of a minor unit that an exact figure is written out to; a figure that needs more is
/// written with a fraction.
const MAX_DECIMALS_OF_MINOR: u32 = 12;

/// A figure: money, or an exact figure on the way to money.
///
/// Printed with thousands grouped, to be read and not to be parsed; in JSON an object with
/// `amount` or `exact`, and `currency`, where `exact` is a fraction of major units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A whole number of minor units.
    Amount(Amount),
    /// An exact number of minor units, not yet fixed.
    Exact {
        /// The minor units.
        minor: Fraction,
        /// The currency.
        currency: Currency,
    },
}

impl Figure {
    /// An exact number of minor units; money where it is a whole number of them.
    pub fn exact(minor: Fraction, currency: Currency) -> Self {
        match Amount::new(minor.numerator(), currency) {
            Ok(amount) if minor.denominator() == 1 => Self::Amount(amount),
            Ok(_) | Err(_) => Self::Exact { minor, currency },
        }
    }

    /// The minor units, exact.
    pub fn minor(self) -> Fraction {
        match self {
            Self::Amount(amount) => amount.as_fraction(),
            Self::Exact { minor, .. } => minor,
        }
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        match self {
            Self::Amount(amount) => amount.currency(),
            Self::Exact { currency, .. } => currency,
        }
    }

    /// The exact number of major units as a fraction, for programs: `100/3`. An exact figure has at
    /// most so many minor units that this fits; one that has more is written in minor units.
    pub fn major_fraction(self) -> String {
        let unit = Fraction::from_integer(10_i128.pow(self.currency().exponent()));
        let minor = self.minor();
        minor
            .checked_div(unit)
            .map_or_else(|_| format!("{minor}/{unit}"), |major| major.to_string())
    }

    /// The number without the currency: `1,234.56`, `61.728`, `33.33 and 1/3 of 0.01`.
    pub fn number(self) -> String {
        match self {
            Self::Amount(amount) => grouped(&amount.to_decimal()),
            Self::Exact { minor, currency } => {
                decimal(minor, currency).unwrap_or_else(|| with_fraction(minor, currency))
            }
        }
    }
}

impl From<Amount> for Figure {
    fn from(amount: Amount) -> Self {
        Self::Amount(amount)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.currency())
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In alphabetical order: digests of closed statements are taken of it, however objects are kept.
        let mut object = serializer.serialize_struct("Figure", 2)?;
        match self {
            Self::Amount(amount) => {
                object.serialize_field("amount", &amount.to_decimal())?;
                object.serialize_field("currency", &amount.currency())?;
            }
            Self::Exact { minor, currency } => {
                let unit = Fraction::from_integer(10_i128.pow(currency.exponent()));
                let major = minor.checked_div(unit).map_err(serde::ser::Error::custom)?;
                object.serialize_field("currency", currency)?;
                object.serialize_field("exact", &major.to_string())?;
            }
        }
        object.end()
    }
}

/// A factor such as an exchange rate: a decimal where it is one of bearable length, else a
/// fraction.
pub(super) fn factor(value: Fraction) -> String {
    let bottom = value.denominator();
    let scale = (0..=MAX_DECIMALS_OF_MINOR).find(|scale| 10_i128.pow(*scale) % bottom == 0);
    let units = scale.and_then(|scale| {
        let unit = 10_i128.pow(scale);
        Some((scale, unit, value.numerator().checked_mul(unit / bottom)?))
    });
    match units.filter(|(_, _, units)| *units >= 0) {
        None => value.to_string(),
        Some((0, _, units)) => units.to_string(),
        Some((scale, unit, units)) => {
            let width = scale as usize;
            format!("{}.{:0width$}", units / unit, units % unit)
        }
    }
}

/// A plain decimal with commas between thousands.
pub(super) fn grouped(decimal: &str) -> String {
    let (sign, unsigned) = match decimal.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", decimal),
    };
    let (whole, decimals) =
        unsigned.find('.').map_or((unsigned, ""), |point| unsigned.split_at(point));
    let mut text = String::with_capacity(decimal.len() + whole.len() / 3);
    text.push_str(sign);
    let (first, rest) = whole.split_at(whole.len() % 3);
    text.push_str(first);
    for place in (0..rest.len()).step_by(3) {
        if text.len() > sign.len() {
            text.push(',');
        }
        text.push_str(&rest[place..place + 3]);
    }
    text.push_str(decimals);
    text
}

/// The figure as a finite decimal, where it is one of bearable length.
fn decimal(minor: Fraction, currency: Currency) -> Option<String> {
    let denominator = minor.denominator();
    let extra = (0..=MAX_DECIMALS_OF_MINOR).find(|extra| 10_i128.pow(*extra) % denominator == 0)?;
    let units = minor.numerator().checked_mul(10_i128.pow(extra) / denominator)?;
    let scale = currency.exponent() + extra;
    Some(grouped(&decimal_text(units < 0, units.unsigned_abs(), scale)))
}

/// The whole minor units, and the fraction of one that remains.
fn with_fraction(minor: Fraction, currency: Currency) -> String {
    let (numerator, denominator) = (minor.numerator(), minor.denominator());
    let magnitude = numerator.unsigned_abs();
    let bottom = denominator.unsigned_abs();
    let money = |units: u128| grouped(&decimal_text(false, units, currency.exponent()));
    let (whole, rest) = (money(magnitude / bottom), magnitude % bottom);
    let text = format!("{whole} and {rest}/{bottom} of {}", money(1));
    if numerator < 0 { format!("-({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_exactly() {
        for (fraction, code, text) in [
            ("6172.8", "CNY", "61.728 CNY"),
            ("6172", "CNY", "61.72 CNY"),
            ("10000/3", "CNY", "33.33 and 1/3 of 0.01 CNY"),
            ("-10000/3", "CNY", "-(33.33 and 1/3 of 0.01) CNY"),
            ("1/7", "JPY", "0 and 1/7 of 1 JPY"),
            ("123456789/2", "JPY", "61,728,394.5 JPY"),
            ("-123456.5", "CNY", "-1,234.565 CNY"),
            ("0", "CNY", "0.00 CNY"),
            ("1000", "BHD", "1.000 BHD"),
        ] {
            let exact = Figure::exact(fraction.parse().unwrap(), code.parse().unwrap());
            assert_eq!(exact.to_string(), text);
        }
        let amount = Amount::parse_with_currency("-1234567.80 CNY").unwrap();
        assert_eq!(Figure::from(amount).to_string(), "-1,234,567.80 CNY");
    }

    #[test]
    fn json_keeps_amounts_plain_and_exact_figures_as_fractions_of_major_units() {
        let yuan: Currency = "CNY".parse().unwrap();
        let json = |figure: Figure| serde_json::to_string(&figure).unwrap();
        let amount = Amount::parse("1234.50", yuan).unwrap();
        assert_eq!(json(amount.into()), r#"{"amount":"1234.50","currency":"CNY"}"#);
        let exact = Figure::exact("10000/3".parse().unwrap(), yuan);
        assert_eq!(json(exact), r#"{"currency":"CNY","exact":"100/3"}"#);
    }
}
