//! An amount of money. Never added to an amount of another currency, never rounded on the way
//! in, and never a fraction of a minor unit: exact figures in between are a [`Fraction`].

use std::fmt;

use super::decimal::{Decimal, decimal_text};
use super::{Currency, Fraction, MoneyError, Rounding};

/// Most minor units an [`Amount`] holds, either side of zero: ten to the power of 30.
///
/// The reason: an `i128` goes to about 1.7 x 10^38, so any amount can still be multiplied by a
/// rate with a numerator of eight digits without leaving exact arithmetic, and any two amounts
/// can be added. All the money in the world is some 10^17 minor units.
pub const MAX_MINOR: i128 = 10_i128.pow(30);

/// A whole number of minor units (cents, fen) of one [`Currency`], within [`MAX_MINOR`].
///
/// There are no `+` and `-`: sums can fail, by currency and by range, and say so. There is no
/// order either, since amounts of two currencies have none; compare [`Amount::minor`] where the
/// currency is known to be one.
///
/// ```
/// use deedbook::money::Amount;
///
/// let fee = Amount::parse_with_currency("49.00 CNY")?;
/// let paid = Amount::parse("20", fee.currency())?;
/// let outstanding = fee.checked_sub(paid)?;
/// assert_eq!(outstanding.to_string(), "29.00 CNY");
/// assert_eq!(outstanding.minor(), 2900);
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: i128,
    currency: Currency,
}

impl Amount {
    /// So many minor units of a currency: 4900 of `CNY` are 49.00 CNY, of `JPY` 4900 JPY.
    ///
    /// # Errors
    /// [`MoneyError::AmountOutOfRange`] beyond [`MAX_MINOR`] either side of zero.
    pub fn new(minor: i128, currency: Currency) -> Result<Amount, MoneyError> {
        if !(-MAX_MINOR..=MAX_MINOR).contains(&minor) {
            return Err(MoneyError::AmountOutOfRange { minor, currency });
        }
        Ok(Amount { minor, currency })
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Amount {
        Amount { minor: 0, currency }
    }

    /// The whole number of minor units, within [`MAX_MINOR`] either side of zero.
    pub fn minor(self) -> i128 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Reads plain decimal: digits, optionally after a `-`, optionally with a point and at most
    /// as many decimals as the currency has. No `+`, grouping, exponent or spaces.
    ///
    /// # Errors
    /// [`MoneyError::MalformedAmount`], [`MoneyError::TooManyDecimals`] (even if those in excess
    /// are zeros: who writes `49.000 CNY` may mean thousands),
    /// [`MoneyError::AmountTextOutOfRange`], [`MoneyError::TextTooLong`].
    ///
    /// ```
    /// use deedbook::money::{Amount, Currency};
    ///
    /// let yen: Currency = "JPY".parse()?;
    /// assert_eq!(Amount::parse("-4900", yen)?.minor(), -4900);
    /// assert!(Amount::parse("49.00", yen).is_err());
    /// assert!(Amount::parse("4,900", yen).is_err());
    /// # Ok::<(), deedbook::money::MoneyError>(())
    /// ```
    pub fn parse(text: &str, currency: Currency) -> Result<Amount, MoneyError> {
        MoneyError::check_length(text)?;
        let decimal = Decimal::read(text)
            .map_err(|flaw| MoneyError::MalformedAmount { text: text.to_owned(), flaw })?;
        let allowed = currency.exponent();
        let scale = allowed as usize;
        if decimal.decimal_count() > scale {
            return Err(MoneyError::TooManyDecimals {
                text: text.to_owned(),
                currency,
                found: decimal.decimal_count(),
                allowed,
            });
        }
        decimal
            .scaled(scale)
            .and_then(|minor| Amount::new(minor, currency).ok())
            .ok_or_else(|| MoneyError::AmountTextOutOfRange { text: text.to_owned(), currency })
    }

    /// Reads an amount, one space and a currency code, as [`Amount`] prints: `49.00 CNY`.
    ///
    /// # Errors
    /// [`MoneyError::AmountWithoutCurrency`] where there is no space, else those of
    /// [`Currency`]'s parser and of [`Amount::parse`].
    pub fn parse_with_currency(text: &str) -> Result<Amount, MoneyError> {
        MoneyError::check_length(text)?;
        let Some((number, code)) = text.split_once(' ') else {
            return Err(MoneyError::AmountWithoutCurrency { text: text.to_owned() });
        };
        Amount::parse(number, code.parse()?)
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::AmountOutOfRange`].
    pub fn checked_add(self, other: Amount) -> Result<Amount, MoneyError> {
        self.check_currency(other)?;
        // Twice the largest amount is far inside i128.
        Amount::new(self.minor + other.minor, self.currency)
    }

    /// This amount less another of the same currency; below zero where the other is larger.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::AmountOutOfRange`].
    pub fn checked_sub(self, other: Amount) -> Result<Amount, MoneyError> {
        self.check_currency(other)?;
        Amount::new(self.minor - other.minor, self.currency)
    }

    /// The amount with the other sign.
    ///
    /// # Errors
    /// None that can be reached today, since the range is symmetric; a result like its sisters.
    pub fn checked_neg(self) -> Result<Amount, MoneyError> {
        Amount::new(-self.minor, self.currency)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether it is above zero.
    pub fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The number without the currency, with exactly the decimals of the currency: `49.00`,
    /// `-0.05`, and `4900` for a currency without decimals. [`Amount::parse`] reads it back.
    pub fn to_decimal(self) -> String {
        let exponent = self.currency.exponent();
        decimal_text(self.is_negative(), self.minor.unsigned_abs(), exponent)
    }

    /// The number of minor units as a fraction, for exact arithmetic.
    pub fn as_fraction(self) -> Fraction {
        Fraction::from_integer(self.minor)
    }

    /// The amount times a factor: the exact result in minor units, not rounded. Fix it with
    /// [`Amount::from_fraction`] at the place where a figure becomes money.
    ///
    /// # Errors
    /// [`MoneyError::FractionOverflow`].
    pub fn times(self, factor: Fraction) -> Result<Fraction, MoneyError> {
        self.as_fraction().checked_mul(factor)
    }

    /// Fixes an exact number of minor units as an amount, by a named rounding.
    ///
    /// # Errors
    /// [`MoneyError::AmountOutOfRange`].
    ///
    /// ```
    /// use deedbook::money::{Amount, Currency, Rounding};
    ///
    /// let yuan: Currency = "CNY".parse()?;
    /// let exact = Amount::parse("0.05", yuan)?.times("1/2".parse()?)?;
    /// assert_eq!(Amount::from_fraction(exact, yuan, Rounding::HalfEven)?.minor(), 2);
    /// assert_eq!(Amount::from_fraction(exact, yuan, Rounding::HalfUp)?.minor(), 3);
    /// # Ok::<(), deedbook::money::MoneyError>(())
    /// ```
    pub fn from_fraction(
        minor: Fraction,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Amount, MoneyError> {
        Amount::new(rounding.round(minor), currency)
    }

    fn check_currency(self, other: Amount) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{} {}", self.to_decimal(), self.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::DecimalFlaw;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn amounts_are_read_and_printed() {
        let table = [
            ("49.00", "CNY", 4900, "49.00 CNY"),
            ("49", "CNY", 4900, "49.00 CNY"),
            ("49.5", "CNY", 4950, "49.50 CNY"),
            ("0.05", "CNY", 5, "0.05 CNY"),
            ("-0.05", "CNY", -5, "-0.05 CNY"),
            ("-0.00", "CNY", 0, "0.00 CNY"),
            ("0049.00", "CNY", 4900, "49.00 CNY"),
            ("4900", "JPY", 4900, "4900 JPY"),
            ("-1", "JPY", -1, "-1 JPY"),
            ("1.005", "BHD", 1005, "1.005 BHD"),
            ("0.0001", "CLF", 1, "0.0001 CLF"),
            (
                "-10000000000000000000000000000.00",
                "CNY",
                -MAX_MINOR,
                "-10000000000000000000000000000.00 CNY",
            ),
        ];
        for (text, code, minor, printed) in table {
            let amount = Amount::parse(text, currency(code)).unwrap();
            assert_eq!((amount.minor(), amount.currency().code()), (minor, code));
            assert_eq!(amount.to_string(), printed);
            assert_eq!(Amount::parse_with_currency(printed), Ok(amount));
        }
    }

    #[test]
    fn decimals_beyond_the_minor_unit_are_refused_even_zeros() {
        for (text, code, found, allowed) in [
            ("49.001", "CNY", 3, 2),
            ("49.000", "CNY", 3, 2),
            ("4900.0", "JPY", 1, 0),
            ("1.0000", "BHD", 4, 3),
            ("1.00000", "CLF", 5, 4),
        ] {
            assert_eq!(
                Amount::parse(text, currency(code)),
                Err(MoneyError::TooManyDecimals {
                    text: text.to_owned(),
                    currency: currency(code),
                    found,
                    allowed,
                })
            );
        }
    }

    #[test]
    fn malformed_amounts_are_refused() {
        let unexpected = |found| DecimalFlaw::UnexpectedCharacter { found };
        for (text, flaw) in [
            ("", DecimalFlaw::Empty),
            ("1,000.00", unexpected(',')),
            ("+5", unexpected('+')),
            ("5e2", unexpected('e')),
            (" 5", unexpected(' ')),
            (".50", DecimalFlaw::NoWholeDigit),
            ("5.", DecimalFlaw::NoDigitAfterPoint),
            ("5%", unexpected('%')),
            ("1/2", unexpected('/')),
        ] {
            assert_eq!(
                Amount::parse(text, currency("CNY")),
                Err(MoneyError::MalformedAmount { text: text.to_owned(), flaw })
            );
        }
    }

    #[test]
    fn amounts_out_of_range_are_refused() {
        for text in [
            "10000000000000000000000000000.01",
            "-10000000000000000000000000000.01",
            "1701411834604692317316873037158841057.28",
            "99999999999999999999999999999999999999999999",
        ] {
            assert_eq!(
                Amount::parse(text, currency("CNY")),
                Err(MoneyError::AmountTextOutOfRange {
                    text: text.to_owned(),
                    currency: currency("CNY"),
                })
            );
        }
        for minor in [MAX_MINOR + 1, -MAX_MINOR - 1, i128::MAX, i128::MIN] {
            let refused = Err(MoneyError::AmountOutOfRange { minor, currency: currency("CNY") });
            assert_eq!(Amount::new(minor, currency("CNY")), refused);
            let exact = Fraction::from_integer(minor);
            assert_eq!(Amount::from_fraction(exact, currency("CNY"), Rounding::Down), refused);
        }
    }

    #[test]
    fn currency_follows_after_one_space() {
        for text in ["", "49.00", "49.00CNY", "49.00\tCNY"] {
            assert_eq!(
                Amount::parse_with_currency(text),
                Err(MoneyError::AmountWithoutCurrency { text: text.to_owned() })
            );
        }
        for (text, code) in [
            ("49.00  CNY", " CNY"),
            ("CNY 49.00", "49.00"),
            ("49.00 CNY ", "CNY "),
            ("49.00 cny", "cny"),
            (" 49.00 CNY", "49.00 CNY"),
        ] {
            assert_eq!(
                Amount::parse_with_currency(text),
                Err(MoneyError::UnknownCurrency { text: code.to_owned() })
            );
        }
    }

    #[test]
    fn sums_stay_in_one_currency_and_in_range() {
        let (yuan, yen) = (currency("CNY"), currency("JPY"));
        let largest = Amount::new(MAX_MINOR, yuan).unwrap();
        let one = Amount::new(1, yuan).unwrap();
        assert_eq!(one.checked_add(one), Amount::new(2, yuan));
        assert_eq!(one.checked_sub(largest), Amount::new(1 - MAX_MINOR, yuan));
        assert_eq!(largest.checked_neg(), Amount::new(-MAX_MINOR, yuan));
        assert_eq!(
            largest.checked_add(one),
            Err(MoneyError::AmountOutOfRange { minor: MAX_MINOR + 1, currency: yuan })
        );
        assert_eq!(
            one.checked_neg().unwrap().checked_sub(largest),
            Err(MoneyError::AmountOutOfRange { minor: -MAX_MINOR - 1, currency: yuan })
        );
        let mismatch = Err(MoneyError::CurrencyMismatch { left: yuan, right: yen });
        assert_eq!(one.checked_add(Amount::zero(yen)), mismatch);
        assert_eq!(one.checked_sub(Amount::zero(yen)), mismatch);
    }

    #[test]
    fn signs_are_told() {
        let told = |minor| {
            let amount = Amount::new(minor, currency("CNY")).unwrap();
            (amount.is_negative(), amount.is_zero(), amount.is_positive())
        };
        assert_eq!(told(-1), (true, false, false));
        assert_eq!(told(0), (false, true, false));
        assert_eq!(told(1), (false, false, true));
    }

    #[test]
    fn printing_keeps_to_the_width_asked_for() {
        let amount = Amount::new(4900, currency("CNY")).unwrap();
        assert_eq!(format!("{amount:>12}"), "   49.00 CNY");
    }
}
