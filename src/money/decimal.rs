//! Plain decimal text, as amounts and fractions are written. Never knows signs other than a
//! leading `-`, points other than `.`, grouping, exponents or spaces.

use std::fmt;

/// The first thing wrong with a text that should be plain decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalFlaw {
    /// Nothing at all.
    Empty,
    /// A character that has no place here, or not at this place.
    UnexpectedCharacter {
        /// The character.
        found: char,
    },
    /// No digit before the point, or none at all.
    NoWholeDigit,
    /// A point with no digit after it.
    NoDigitAfterPoint,
}

impl fmt::Display for DecimalFlaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecimalFlaw::Empty => formatter.write_str("nothing there"),
            DecimalFlaw::UnexpectedCharacter { found } => {
                write!(formatter, "unexpected character `{}`", found.escape_debug())
            }
            DecimalFlaw::NoWholeDigit => formatter.write_str("no digit before the point"),
            DecimalFlaw::NoDigitAfterPoint => formatter.write_str("no digit after the point"),
        }
    }
}

/// A text found to be plain decimal, not yet a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal<'text> {
    negative: bool,
    whole: &'text str,
    decimals: &'text str,
}

impl<'text> Decimal<'text> {
    /// Checks the form: optional `-`, digits, optionally a point and more digits.
    pub(super) fn read(text: &'text str) -> Result<Decimal<'text>, DecimalFlaw> {
        if text.is_empty() {
            return Err(DecimalFlaw::Empty);
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (unsigned, None),
        };
        let mut characters = whole.chars().chain(decimals.unwrap_or("").chars());
        if let Some(found) = characters.find(|character| !character.is_ascii_digit()) {
            return Err(DecimalFlaw::UnexpectedCharacter { found });
        }
        if whole.is_empty() {
            return Err(DecimalFlaw::NoWholeDigit);
        }
        if decimals == Some("") {
            return Err(DecimalFlaw::NoDigitAfterPoint);
        }
        Ok(Decimal { negative, whole, decimals: decimals.unwrap_or("") })
    }

    /// Checks the form of a whole number: [`Decimal::read`] without a point.
    pub(super) fn read_whole(text: &'text str) -> Result<Decimal<'text>, DecimalFlaw> {
        if text.contains('.') {
            return Err(DecimalFlaw::UnexpectedCharacter { found: '.' });
        }
        Decimal::read(text)
    }

    /// How many digits follow the point.
    pub(super) fn decimal_count(&self) -> usize {
        self.decimals.len()
    }

    /// The number times ten to the power of `scale`; `None` where that is not an `i128`, be it
    /// too large or not whole.
    pub(super) fn scaled(&self, scale: usize) -> Option<i128> {
        let padding = scale.checked_sub(self.decimals.len())?;
        let digits = self
            .whole
            .bytes()
            .chain(self.decimals.bytes())
            .map(|byte| i128::from(byte - b'0'))
            .chain(std::iter::repeat_n(0, padding));
        // Counted downwards, because the smallest i128 has no positive counterpart.
        let mut below_zero: i128 = 0;
        for digit in digits {
            below_zero = below_zero.checked_mul(10)?.checked_sub(digit)?;
        }
        if self.negative { Some(below_zero) } else { below_zero.checked_neg() }
    }
}

/// A number of units of which ten to the power of `scale` make one: `49.00`, `-0.05`, and `4900`
/// where the scale is 0.
pub(crate) fn decimal_text(is_negative: bool, units: u128, scale: u32) -> String {
    let digits = units.to_string();
    let scale = scale as usize;
    let mut text = String::with_capacity(digits.len().max(scale) + 3);
    if is_negative {
        text.push('-');
    }
    let (whole, decimals) = digits.split_at(digits.len().saturating_sub(scale));
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if scale > 0 {
        text.push('.');
        text.extend(std::iter::repeat_n('0', scale - decimals.len()));
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_with_their_decimals() {
        for (is_negative, units, scale, text) in [
            (false, 0, 0, "0"),
            (false, 0, 2, "0.00"),
            (true, 5, 2, "-0.05"),
            (false, 50, 2, "0.50"),
            (false, 4900, 2, "49.00"),
            (true, 4900, 0, "-4900"),
            (false, u128::MAX, 3, "340282366920938463463374607431768211.455"),
        ] {
            assert_eq!(decimal_text(is_negative, units, scale), text);
        }
    }

    #[test]
    fn forms_that_are_not_plain_decimal_are_refused() {
        let unexpected = |found| DecimalFlaw::UnexpectedCharacter { found };
        let table = [
            ("", DecimalFlaw::Empty),
            ("-", DecimalFlaw::NoWholeDigit),
            (".", DecimalFlaw::NoWholeDigit),
            (".5", DecimalFlaw::NoWholeDigit),
            ("-.5", DecimalFlaw::NoWholeDigit),
            ("5.", DecimalFlaw::NoDigitAfterPoint),
            ("-5.", DecimalFlaw::NoDigitAfterPoint),
            ("+5", unexpected('+')),
            ("--5", unexpected('-')),
            ("5-", unexpected('-')),
            ("5.-5", unexpected('-')),
            (" 5", unexpected(' ')),
            ("5 ", unexpected(' ')),
            ("5\n", unexpected('\n')),
            ("1.2.3", unexpected('.')),
            ("1,5", unexpected(',')),
            ("1e3", unexpected('e')),
            ("0x10", unexpected('x')),
            ("1_000", unexpected('_')),
            ("NaN", unexpected('N')),
            ("inf", unexpected('i')),
            ("５", unexpected('５')),
            ("٥", unexpected('٥')),
            ("−5", unexpected('−')),
            ("5\u{0}", unexpected('\0')),
            ("5\u{200b}", unexpected('\u{200b}')),
        ];
        for (text, flaw) in table {
            assert_eq!(Decimal::read(text).map(|_| ()), Err(flaw), "{text:?}");
        }
    }

    #[test]
    fn scaling_is_exact_or_nothing() {
        let table = [
            ("49", 2, Some(4900)),
            ("49.5", 2, Some(4950)),
            ("-49.05", 2, Some(-4905)),
            ("0.001", 2, None),
            ("0.000", 2, None),
            ("007", 0, Some(7)),
            ("-0", 2, Some(0)),
            ("170141183460469231731687303715884105727", 0, Some(i128::MAX)),
            ("170141183460469231731687303715884105728", 0, None),
            ("-170141183460469231731687303715884105728", 0, Some(i128::MIN)),
            ("-170141183460469231731687303715884105729", 0, None),
            ("17014118346046923173168730371588410572.8", 1, None),
        ];
        for (text, scale, expected) in table {
            assert_eq!(Decimal::read(text).unwrap().scaled(scale), expected, "{text}");
        }
    }
}
