//! An exact rational number. Never approximates: a result that does not fit is an error.

use std::fmt;
use std::str::FromStr;

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub};

use super::MoneyError;
use super::decimal::{Decimal, DecimalFlaw};

/// An exact fraction in lowest terms: an `i128` over a denominator from 1 to `i128::MAX`.
///
/// Ordered by value; no comparison can overflow. Printed as `n/d`, or `n` where it is whole.
///
/// ```
/// use deedbook::money::Fraction;
///
/// let third: Fraction = "1/3".parse()?;
/// let eighth: Fraction = "12.5%".parse()?;
/// assert_eq!(third.checked_add(eighth)?.to_string(), "11/24");
/// assert!(third > eighth);
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(Ratio<i128>);

impl Fraction {
    /// Zero.
    pub const ZERO: Fraction = Fraction(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Fraction = Fraction(Ratio::new_raw(1, 1));

    /// Numerator over denominator, reduced; a negative denominator moves its sign up.
    ///
    /// # Errors
    /// [`MoneyError::ZeroDenominator`], and [`MoneyError::FractionOutOfRange`] where
    /// `i128::MIN` would have to lose its sign.
    pub fn new(numerator: i128, denominator: i128) -> Result<Fraction, MoneyError> {
        if denominator == 0 {
            return Err(MoneyError::ZeroDenominator { numerator });
        }
        let reduced = Ratio::new(numerator.unsigned_abs(), denominator.unsigned_abs());
        let negative = (numerator < 0) != (denominator < 0);
        let top = if negative {
            0_i128.checked_sub_unsigned(*reduced.numer())
        } else {
            i128::try_from(*reduced.numer()).ok()
        };
        let bottom = i128::try_from(*reduced.denom()).ok();
        match (top, bottom) {
            (Some(top), Some(bottom)) => Ok(Fraction(Ratio::new_raw(top, bottom))),
            (None, _) | (_, None) => Err(MoneyError::FractionOutOfRange { numerator, denominator }),
        }
    }

    /// A whole number.
    pub const fn from_integer(integer: i128) -> Fraction {
        Fraction(Ratio::new_raw(integer, 1))
    }

    /// The number above the line, in lowest terms; it carries the sign.
    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// The number below the line, in lowest terms; always 1 or more.
    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.numerator() < 0
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.numerator() == 0
    }

    /// The exact sum.
    ///
    /// # Errors
    /// [`MoneyError::FractionOverflow`] where the sum over the least common denominator leaves
    /// `i128`, even if it could have been reduced afterwards.
    pub fn checked_add(self, other: Fraction) -> Result<Fraction, MoneyError> {
        let sum = match self.whole_with(other) {
            Some((left, right)) => left.checked_add(right).map(Ratio::from_integer),
            None => self.0.checked_add(&other.0),
        };
        self.fit('+', other, sum)
    }

    /// The exact difference.
    ///
    /// # Errors
    /// As [`Fraction::checked_add`].
    pub fn checked_sub(self, other: Fraction) -> Result<Fraction, MoneyError> {
        let difference = match self.whole_with(other) {
            Some((left, right)) => left.checked_sub(right).map(Ratio::from_integer),
            None => self.0.checked_sub(&other.0),
        };
        self.fit('-', other, difference)
    }

    /// The exact product.
    ///
    /// # Errors
    /// [`MoneyError::FractionOverflow`] where the reduced product leaves `i128`.
    pub fn checked_mul(self, other: Fraction) -> Result<Fraction, MoneyError> {
        self.fit('*', other, self.0.checked_mul(&other.0))
    }

    /// The exact quotient.
    ///
    /// # Errors
    /// [`MoneyError::DivisionByZero`], and [`MoneyError::FractionOverflow`] where the reduced
    /// quotient, with or without its sign, leaves `i128`.
    pub fn checked_div(self, other: Fraction) -> Result<Fraction, MoneyError> {
        if other.is_zero() {
            return Err(MoneyError::DivisionByZero { dividend: self });
        }
        // The divisor common to 0 and i128::MIN, which the division would look for, does not fit.
        if self.is_zero() {
            return Ok(Fraction::ZERO);
        }
        self.fit('/', other, self.0.checked_div(&other.0))
    }

    /// Both, where they are whole numbers, as most money is: these need no common denominator.
    fn whole_with(self, other: Fraction) -> Option<(i128, i128)> {
        let is_whole = self.denominator() == 1 && other.denominator() == 1;
        is_whole.then(|| (self.numerator(), other.numerator()))
    }

    fn fit(
        self,
        operator: char,
        other: Fraction,
        result: Option<Ratio<i128>>,
    ) -> Result<Fraction, MoneyError> {
        result.map(Fraction).ok_or(MoneyError::FractionOverflow {
            left: self,
            operator,
            right: other,
        })
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numerator, denominator) = (self.numerator(), self.denominator());
        if denominator == 1 {
            formatter.pad(&numerator.to_string())
        } else {
            formatter.pad(&format!("{numerator}/{denominator}"))
        }
    }
}

impl FromStr for Fraction {
    type Err = MoneyError;

    /// Reads `1/3`, `5`, `0.125` or `12.5%` (a hundredth of the number), each optionally after a
    /// `-`, to the exact value written.
    ///
    /// # Errors
    /// [`MoneyError::MalformedFraction`], [`MoneyError::ZeroDenominator`],
    /// [`MoneyError::FractionTextOutOfRange`], [`MoneyError::TextTooLong`].
    fn from_str(text: &str) -> Result<Fraction, MoneyError> {
        MoneyError::check_length(text)?;
        let malformed = |flaw| MoneyError::MalformedFraction { text: text.to_owned(), flaw };
        let out_of_range = || MoneyError::FractionTextOutOfRange { text: text.to_owned() };
        let (numerator, denominator) = if let Some((top, bottom)) = text.split_once('/') {
            let top = Decimal::read_whole(top).map_err(malformed)?;
            if bottom.starts_with('-') {
                return Err(malformed(DecimalFlaw::UnexpectedCharacter { found: '-' }));
            }
            let bottom = Decimal::read_whole(bottom).map_err(malformed)?;
            (top.scaled(0), bottom.scaled(0))
        } else {
            let (number, hundredths) = match text.strip_suffix('%') {
                Some(number) => (number, 2),
                None => (text, 0),
            };
            let decimal = Decimal::read(number).map_err(malformed)?;
            let scale = decimal.decimal_count();
            let power = u32::try_from(scale + hundredths).ok();
            let unit = power.and_then(|power| 10_i128.checked_pow(power));
            (decimal.scaled(scale), unit)
        };
        let numerator = numerator.ok_or_else(out_of_range)?;
        let denominator = denominator.ok_or_else(out_of_range)?;
        Fraction::new(numerator, denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(text: &str) -> Fraction {
        text.parse().unwrap()
    }

    #[test]
    fn fractions_are_read_exactly() {
        let table = [
            ("1/3", 1, 3, "1/3"),
            ("-1/3", -1, 3, "-1/3"),
            ("2/6", 1, 3, "1/3"),
            ("6/3", 2, 1, "2"),
            ("0/7", 0, 1, "0"),
            ("5", 5, 1, "5"),
            ("-5", -5, 1, "-5"),
            ("0.125", 1, 8, "1/8"),
            ("-0.125", -1, 8, "-1/8"),
            ("0.10", 1, 10, "1/10"),
            ("12.5%", 1, 8, "1/8"),
            ("100%", 1, 1, "1"),
            ("0%", 0, 1, "0"),
            ("-5%", -1, 20, "-1/20"),
            ("33.333333%", 33_333_333, 100_000_000, "33333333/100000000"),
        ];
        for (text, numerator, denominator, printed) in table {
            let found = fraction(text);
            assert_eq!((found.numerator(), found.denominator()), (numerator, denominator));
            assert_eq!(found.to_string(), printed);
        }
    }

    #[test]
    fn malformed_fractions_are_refused() {
        let unexpected = |found| DecimalFlaw::UnexpectedCharacter { found };
        for (text, flaw) in [
            ("", DecimalFlaw::Empty),
            ("%", DecimalFlaw::Empty),
            ("/", DecimalFlaw::Empty),
            ("1/", DecimalFlaw::Empty),
            ("/3", DecimalFlaw::Empty),
            ("1/-3", unexpected('-')),
            ("1/+3", unexpected('+')),
            ("1.5/2", unexpected('.')),
            ("1/2.0", unexpected('.')),
            ("1/2/3", unexpected('/')),
            ("1/3%", unexpected('%')),
            ("5%%", unexpected('%')),
            ("%5", unexpected('%')),
            ("5 %", unexpected(' ')),
            ("1 / 3", unexpected(' ')),
            ("½", unexpected('½')),
            (".5", DecimalFlaw::NoWholeDigit),
            ("5.%", DecimalFlaw::NoDigitAfterPoint),
            ("1e-2", unexpected('e')),
        ] {
            assert_eq!(
                text.parse::<Fraction>(),
                Err(MoneyError::MalformedFraction { text: text.to_owned(), flaw })
            );
        }
        assert_eq!("4/0".parse::<Fraction>(), Err(MoneyError::ZeroDenominator { numerator: 4 }));
    }

    #[test]
    fn fractions_that_do_not_fit_are_refused() {
        for text in [
            "170141183460469231731687303715884105728",
            "1/170141183460469231731687303715884105728",
            "0.000000000000000000000000000000000000001",
            "0.0000000000000000000000000000000000001%",
        ] {
            assert_eq!(
                text.parse::<Fraction>(),
                Err(MoneyError::FractionTextOutOfRange { text: text.to_owned() })
            );
        }
        for (numerator, denominator) in [(i128::MIN, -1), (1, i128::MIN), (-3, i128::MIN)] {
            assert_eq!(
                Fraction::new(numerator, denominator),
                Err(MoneyError::FractionOutOfRange { numerator, denominator })
            );
        }
        assert_eq!(Fraction::new(7, 0), Err(MoneyError::ZeroDenominator { numerator: 7 }));
    }

    #[test]
    fn the_ends_of_the_range_are_within_it() {
        let smallest = Fraction::from_integer(i128::MIN);
        assert_eq!(fraction(&smallest.to_string()), smallest);
        assert_eq!(Fraction::new(i128::MIN, i128::MIN), Ok(Fraction::ONE));
        assert_eq!(Fraction::new(i128::MIN, -2).unwrap().numerator(), 1 << 126);
        let smallest_third = Fraction::new(i128::MIN, 3).unwrap();
        for divisor in [smallest, smallest_third] {
            assert_eq!(Fraction::ZERO.checked_div(divisor), Ok(Fraction::ZERO));
        }
        assert_eq!(
            fraction("1/2").checked_div(smallest),
            Err(MoneyError::FractionOverflow {
                left: fraction("1/2"),
                operator: '/',
                right: smallest,
            })
        );
        assert_eq!(
            smallest.checked_sub(Fraction::ONE),
            Err(MoneyError::FractionOverflow {
                left: smallest,
                operator: '-',
                right: Fraction::ONE,
            })
        );
    }

    #[test]
    fn arithmetic_is_exact() {
        let (third, eighth) = (fraction("1/3"), fraction("1/8"));
        assert_eq!(third.checked_add(eighth), Ok(fraction("11/24")));
        assert_eq!(eighth.checked_sub(third), Ok(fraction("-5/24")));
        assert_eq!(third.checked_mul(eighth), Ok(fraction("1/24")));
        assert_eq!(third.checked_div(fraction("-1/8")), Ok(fraction("-8/3")));
        assert_eq!(
            third.checked_div(Fraction::ZERO),
            Err(MoneyError::DivisionByZero { dividend: third })
        );
    }

    #[test]
    fn neighbours_at_the_end_of_the_range_compare() {
        let below = Fraction::new(i128::MAX - 2, i128::MAX - 1).unwrap();
        let above = Fraction::new(i128::MAX - 1, i128::MAX).unwrap();
        assert!(below < above);
        assert!(above < Fraction::ONE);
        assert!(Fraction::from_integer(i128::MIN) < Fraction::new(i128::MIN, 3).unwrap());
        assert!(Fraction::new(-1, i128::MAX).unwrap() < Fraction::ZERO);
    }
}
