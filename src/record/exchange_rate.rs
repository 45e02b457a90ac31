//! An exchange rate, published with its source.

use super::{Body, Note, RecordError, Timestamp, wire};
use crate::money::{Currency, Fraction, MoneyError};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The most digits of a rate, before and after the point together: more than any bank quotes, and
/// few enough that products with amounts stay in range.
const MAX_RATE_DIGITS: usize = 18;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// How much of one currency one unit of another was worth on one day, by a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// The day, by its first moment in UTC.
    pub on: Timestamp,
    /// Where the source can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Note>,
    /// The currency of which one unit is priced.
    pub base: Currency,
    /// What one unit of `base` is worth in `quote`.
    #[serde(with = "wire::text")]
    pub rate: DecimalRate,
    /// The currency in which it is priced.
    pub quote: Currency,
    /// Who says so: `European Central Bank, euro reference rates`.
    pub source: Note,
}

impl Body for ExchangeRate {
    fn subject(&self) -> String {
        format!("rate:{}/{}", self.base, self.quote)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.on)
    }

    fn check(&self) -> Result<(), RecordError> {
        if self.base == self.quote {
            return Err(RecordError::OutOfRange {
                what: "pair of currencies",
                found: format!("{}/{}", self.base, self.quote),
                needed: "two different ones",
            });
        }
        if self.on.as_millis().rem_euclid(DAY_MS) != 0 {
            return Err(RecordError::OutOfRange {
                what: "day of a rate",
                found: self.on.to_string(),
                needed: "the first moment of a day in UTC",
            });
        }
        Ok(())
    }
}

/// An exact decimal above zero, in the one form that has no zeros to spare: `7.1234`, `0.5`, `12`.
///
/// ```
/// use deedbook::record::DecimalRate;
/// let rate: DecimalRate = "7.1234".parse()?;
/// assert_eq!(rate.as_fraction()?, deedbook::money::Fraction::new(71_234, 10_000)?);
/// assert!("7.12340".parse::<DecimalRate>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DecimalRate(String);

impl DecimalRate {
    /// A rate as it is published, with or without zeros at the end of its decimals.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`] for anything but digits with a point before decimals; for zero; for more
    /// than 18 digits without those zeros.
    ///
    /// ```
    /// use deedbook::record::DecimalRate;
    /// assert_eq!(DecimalRate::published("7.1000")?.as_str(), "7.1");
    /// assert_eq!(DecimalRate::published("7.00")?.as_str(), "7");
    /// assert!(DecimalRate::published("0.00").is_err());
    /// # Ok::<(), deedbook::record::RecordError>(())
    /// ```
    pub fn published(text: &str) -> Result<Self, RecordError> {
        let short = match text.split_once('.') {
            Some((_, decimals)) if !decimals.is_empty() => {
                text.trim_end_matches('0').trim_end_matches('.')
            }
            Some(_) | None => text,
        };
        short.parse().map_err(|_| RecordError::OutOfRange {
            what: "rate",
            found: text.to_owned(),
            needed: "a decimal above zero of at most 18 digits, such as 7.1234",
        })
    }

    /// The rate as a fraction.
    ///
    /// # Errors
    /// Never for a rate that was read.
    pub fn as_fraction(&self) -> Result<Fraction, MoneyError> {
        let (whole, decimals) = self.0.split_once('.').unwrap_or((&self.0, ""));
        let digits = whole.bytes().chain(decimals.bytes());
        let numerator = digits.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let denominator = decimals.bytes().fold(1_i128, |product, _| product * 10);
        Fraction::new(numerator, denominator)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DecimalRate {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self, RecordError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "1"));
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let good = are_digits(whole)
            && are_digits(decimals)
            && text.len() <= MAX_RATE_DIGITS + 1
            && whole.len() <= MAX_RATE_DIGITS
            && (whole == "0" || !whole.starts_with('0'))
            && !decimals.ends_with('0')
            && text != "0";
        if good {
            return Ok(Self(text.to_owned()));
        }
        Err(RecordError::OutOfRange {
            what: "rate",
            found: text.to_owned(),
            needed: "a decimal above zero of at most 18 digits, without zeros to spare",
        })
    }
}

impl fmt::Display for DecimalRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_one_form() {
        for good in ["1", "7.1234", "0.00012", "10", "123456789012345678", "1.00000000000000001"] {
            assert_eq!(good.parse::<DecimalRate>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "0",
            "0.0",
            "00.5",
            "01",
            ".5",
            "5.",
            "1.10",
            "1.0",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "٣",
            "1234567890123456789",
            "1.000000000000000001",
        ] {
            assert!(bad.parse::<DecimalRate>().is_err(), "{bad}");
        }
    }
}
