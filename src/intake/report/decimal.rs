//! Numbers as sales reports write them, read exactly.

use super::LineFault;
use crate::money::Currency;

/// The longest number that is read: more digits than any amount has.
const MAX_NUMBER_CHARS: usize = 40;

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberStyle {
    /// What stands before the decimals.
    pub(super) decimal: char,
    /// What stands between groups of three digits, where anything does.
    pub(super) thousands: Option<char>,
}

/// A number: whether it is below zero, its digits without the mark, and how many are decimals.
struct Number {
    is_negative: bool,
    digits: u128,
    decimals: u32,
}

impl NumberStyle {
    /// An amount in minor units, below zero where it is written so.
    pub(super) fn amount(self, text: &str, currency: Currency) -> Result<i128, LineFault> {
        let mut number = self.number(text)?;
        let needed = currency.exponent();
        while number.decimals > needed {
            // Zeros behind the minor unit say nothing; any other digit would be lost.
            if !number.digits.is_multiple_of(10) {
                return Err(LineFault::Decimals { found: text.to_owned(), currency });
            }
            number.digits /= 10;
            number.decimals -= 1;
        }
        let factor = 10_u128.pow(needed - number.decimals);
        let minor = number.digits.checked_mul(factor).and_then(|minor| i128::try_from(minor).ok());
        let Some(minor) = minor.filter(|minor| i64::try_from(*minor).is_ok()) else {
            return Err(LineFault::Number { found: text.to_owned() });
        };
        Ok(if number.is_negative { -minor } else { minor })
    }

    /// A count, below zero where it is written so.
    pub(super) fn count(self, text: &str) -> Result<i64, LineFault> {
        let refused = || LineFault::Units { found: text.to_owned() };
        let mut number = self.number(text)?;
        while number.decimals > 0 {
            if !number.digits.is_multiple_of(10) {
                return Err(refused());
            }
            number.digits /= 10;
            number.decimals -= 1;
        }
        let count = i64::try_from(number.digits).map_err(|_| refused())?;
        Ok(if number.is_negative { -count } else { count })
    }

    fn number(self, text: &str) -> Result<Number, LineFault> {
        let malformed = || LineFault::Number { found: text.to_owned() };
        if text.len() > MAX_NUMBER_CHARS {
            return Err(malformed());
        }
        let (is_negative, rest) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match rest.split_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (rest, None),
        };
        let mut digits: u128 = 0;
        let mut add = |found: &str| {
            for digit in found.chars() {
                match digit.to_digit(10) {
                    Some(digit) => digits = digits * 10 + u128::from(digit),
                    // The other mark might stand for decimals or for thousands.
                    None if matches!(digit, ',' | '.') => {
                        return Err(LineFault::AmbiguousNumber {
                            found: text.to_owned(),
                            mark: digit,
                        });
                    }
                    None => return Err(malformed()),
                }
            }
            Ok(())
        };
        match self.thousands {
            Some(mark) if whole.contains(mark) => {
                for (place, group) in whole.split(mark).enumerate() {
                    let good =
                        if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
                    if !good {
                        return Err(LineFault::Groups { found: text.to_owned(), mark });
                    }
                    add(group)?;
                }
            }
            Some(_) | None if whole.is_empty() => return Err(malformed()),
            Some(_) | None => add(whole)?,
        }
        if let Some(decimals) = decimals {
            if decimals.is_empty() {
                return Err(malformed());
            }
            add(decimals)?;
        }
        let decimals = decimals.map_or(0, str::len);
        Ok(Number { is_negative, digits, decimals: u32::try_from(decimals).unwrap_or(u32::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(decimal: char, thousands: Option<char>) -> NumberStyle {
        NumberStyle { decimal, thousands }
    }

    fn cny() -> Currency {
        "CNY".parse().unwrap()
    }

    #[test]
    fn amounts_are_exact() {
        let (point, comma) = (style('.', Some(',')), style(',', Some('.')));
        for (style, text, minor) in [
            (point, "12.5", 1250),
            (point, "1,234.56", 123_456),
            (point, "-0.01", -1),
            (point, "\u{2212}3", -300),
            (point, "1234567.8900", 123_456_789),
            (comma, "1.234,56", 123_456),
            (comma, "0,1", 10),
            (style(',', Some('\'')), "1'234,5", 123_450),
            (style(',', Some('\u{a0}')), "1\u{a0}234,5", 123_450),
            (point, "92233720368547758.07", i128::from(i64::MAX)),
        ] {
            assert_eq!(style.amount(text, cny()), Ok(minor), "{text}");
        }
        assert_eq!(point.amount("1,234", "JPY".parse().unwrap()), Ok(1234));
        assert_eq!(point.amount("1.234", "BHD".parse().unwrap()), Ok(1234));
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        let ambiguous = |text: &str, mark| LineFault::AmbiguousNumber { found: text.into(), mark };
        let (point, comma) = (style('.', None), style(',', None));
        assert_eq!(point.amount("1,234", cny()), Err(ambiguous("1,234", ',')));
        assert_eq!(point.amount("1,234.50", cny()), Err(ambiguous("1,234.50", ',')));
        assert_eq!(comma.amount("1.234", cny()), Err(ambiguous("1.234", '.')));
        assert_eq!(point.amount("1.234.5", cny()), Err(ambiguous("1.234.5", '.')));
        let groups = |text: &str| LineFault::Groups { found: text.into(), mark: ',' };
        for text in ["1,23", "12,34.5", "1234,567", ",123", "1,,234"] {
            let point = style('.', Some(','));
            assert_eq!(point.amount(text, cny()), Err(groups(text)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let point = style('.', Some(','));
        for text in ["", "-", ".", "1.", ".5", "1e3", "--1", "+1", "1 2", "€5", "٣", "5-"] {
            assert!(point.amount(text, cny()).is_err(), "{text}");
        }
        let lost = LineFault::Decimals { found: "1.005".into(), currency: cny() };
        assert_eq!(point.amount("1.005", cny()), Err(lost));
        assert!(point.amount("92233720368547758.08", cny()).is_err());
        assert!(point.amount(&"9".repeat(41), cny()).is_err());
        assert_eq!(point.count("1,200"), Ok(1200));
        assert_eq!(point.count("-3.0"), Ok(-3));
        assert!(point.count("1.5").is_err());
    }
}
