//! A percentage of money. Never below nothing and never more than all; applied by
//! [`Amount::times`](super::Amount::times), which does not round.

use std::fmt;
use std::str::FromStr;

use super::{Fraction, MoneyError};

/// Rates with at most this many decimals in percent are printed as a percentage; a hundredth of
/// a basis point is as fine as contracts state them.
const PRINTED_DECIMALS: u32 = 4;

/// A fraction from 0 to 1 that is taken of money: a royalty rate, a withholding.
///
/// Printed as a percentage of up to four decimals where that is exact, else as a fraction;
/// either is read back to the same rate.
///
/// ```
/// use deedbook::money::Rate;
///
/// assert_eq!("1/8".parse::<Rate>()?.to_string(), "12.5%");
/// assert_eq!("1/3".parse::<Rate>()?.to_string(), "1/3");
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Fraction);

impl Rate {
    /// Nothing is taken.
    pub const ZERO: Rate = Rate(Fraction::ZERO);

    /// A fraction as a rate.
    ///
    /// # Errors
    /// [`MoneyError::RateOutOfRange`] below 0 or above 1.
    pub fn new(fraction: Fraction) -> Result<Rate, MoneyError> {
        if fraction < Fraction::ZERO || fraction > Fraction::ONE {
            return Err(MoneyError::RateOutOfRange { found: fraction });
        }
        Ok(Rate(fraction))
    }

    /// The rate as a fraction, for arithmetic: 5% is 1/20.
    pub fn as_fraction(self) -> Fraction {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&percent_text(self.0))
    }
}

/// A fraction as a percentage where that is exact, else as it is.
pub(super) fn percent_text(fraction: Fraction) -> String {
    let unit = 10_i128.pow(PRINTED_DECIMALS);
    let (numerator, denominator) = (fraction.numerator(), fraction.denominator());
    let units = (100 * unit % denominator == 0)
        .then(|| (100 * unit / denominator).checked_mul(numerator))
        .flatten();
    let Some(units) = units else { return fraction.to_string() };
    let (sign, units) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    let (unit, width) = (unit.unsigned_abs(), PRINTED_DECIMALS as usize);
    let text = format!("{sign}{}.{:0width$}", units / unit, units % unit);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

impl FromStr for Rate {
    type Err = MoneyError;

    /// Reads a rate as [`Fraction`] does: `5%`, `0.05`, `1/20`. A bare `5` is five hundred
    /// percent and so refused.
    ///
    /// # Errors
    /// Those of [`Fraction`]'s parser and of [`Rate::new`].
    fn from_str(text: &str) -> Result<Rate, MoneyError> {
        Rate::new(text.parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_printed() {
        for (text, printed) in [
            ("5%", "5%"),
            ("0.05", "5%"),
            ("1/20", "5%"),
            ("12.50%", "12.5%"),
            ("0", "0%"),
            ("1", "100%"),
            ("10%", "10%"),
            ("0.0001%", "0.0001%"),
            ("0.00001%", "1/10000000"),
            ("99.9999%", "99.9999%"),
            ("1/3", "1/3"),
            (
                "1/170141183460469231731687303715884105727",
                "1/170141183460469231731687303715884105727",
            ),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(rate.to_string(), printed);
            assert_eq!(printed.parse(), Ok(rate));
        }
    }

    #[test]
    fn only_from_nothing_to_all_is_a_rate() {
        for text in ["5", "-5%", "100.0001%", "-1/170141183460469231731687303715884105727"] {
            assert_eq!(
                text.parse::<Rate>(),
                Err(MoneyError::RateOutOfRange { found: text.parse().unwrap() })
            );
        }
    }
}
