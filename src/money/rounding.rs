//! How an exact figure becomes a whole number of minor units. Never chosen silently: each place
//! that rounds names the rule.

use std::fmt;
use std::str::FromStr;

use super::{Fraction, MoneyError};

/// A rule for rounding to a whole number.
///
/// ```
/// use deedbook::money::Rounding;
///
/// let rounding: Rounding = "half-up".parse()?;
/// assert_eq!(rounding.round("-2.5".parse()?), -3);
/// assert_eq!(Rounding::default().round("-2.5".parse()?), -2);
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rounding {
    /// To the nearest, halves to the even neighbour: `half-even`. Does not drift over many
    /// figures, hence the default.
    #[default]
    HalfEven,
    /// To the nearest, halves away from zero: `half-up`.
    HalfUp,
    /// Towards zero: `down`.
    Down,
    /// Away from zero: `up`.
    Up,
}

impl Rounding {
    /// Every rule.
    pub const ALL: [Rounding; 4] =
        [Rounding::HalfEven, Rounding::HalfUp, Rounding::Down, Rounding::Up];

    /// The name, as it is read and printed.
    pub fn name(self) -> &'static str {
        match self {
            Rounding::HalfEven => "half-even",
            Rounding::HalfUp => "half-up",
            Rounding::Down => "down",
            Rounding::Up => "up",
        }
    }

    /// The whole number that the rule makes of a fraction: itself where it is whole, else one
    /// of its two neighbours. Symmetric about zero.
    pub fn round(self, fraction: Fraction) -> i128 {
        let denominator = fraction.denominator();
        let towards_zero = fraction.numerator() / denominator;
        let remainder = (fraction.numerator() % denominator).abs();
        if remainder == 0 {
            return towards_zero;
        }
        // Compared with the other part of the unit, because twice the remainder may not fit.
        let half = remainder.cmp(&(denominator - remainder));
        let away = match self {
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && towards_zero % 2 != 0),
            Rounding::HalfUp => half.is_ge(),
            Rounding::Down => false,
            Rounding::Up => true,
        };
        // No overflow: with a remainder the denominator is 2 or more.
        match (away, fraction.is_negative()) {
            (false, _) => towards_zero,
            (true, false) => towards_zero + 1,
            (true, true) => towards_zero - 1,
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Rounding {
    type Err = MoneyError;

    /// Reads a name as [`Rounding::name`] gives it.
    ///
    /// # Errors
    /// [`MoneyError::UnknownRounding`], [`MoneyError::TextTooLong`].
    fn from_str(text: &str) -> Result<Rounding, MoneyError> {
        MoneyError::check_length(text)?;
        Rounding::ALL
            .into_iter()
            .find(|rounding| rounding.name() == text)
            .ok_or_else(|| MoneyError::UnknownRounding { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_rounds_as_named() {
        // Figure, then half-even, half-up, down, up.
        let table = [
            ("2", [2, 2, 2, 2]),
            ("2.4", [2, 2, 2, 3]),
            ("2.5", [2, 3, 2, 3]),
            ("2.6", [3, 3, 2, 3]),
            ("3.5", [4, 4, 3, 4]),
            ("0.5", [0, 1, 0, 1]),
            ("1/3", [0, 0, 0, 1]),
            ("0", [0, 0, 0, 0]),
            ("-0.5", [0, -1, 0, -1]),
            ("-2.4", [-2, -2, -2, -3]),
            ("-2.5", [-2, -3, -2, -3]),
            ("-2.6", [-3, -3, -2, -3]),
            ("-3.5", [-4, -4, -3, -4]),
        ];
        for (text, expected) in table {
            let figure: Fraction = text.parse().unwrap();
            assert_eq!(Rounding::ALL.map(|rounding| rounding.round(figure)), expected, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_round() {
        for rounding in Rounding::ALL {
            assert_eq!(rounding.round(Fraction::from_integer(i128::MIN)), i128::MIN);
            assert_eq!(rounding.round(Fraction::from_integer(i128::MAX)), i128::MAX);
        }
        let half = Fraction::new(i128::MAX, 2).unwrap();
        assert_eq!(Rounding::HalfUp.round(half), 1 << 126);
        assert_eq!(Rounding::Down.round(half), (1 << 126) - 1);
        let nearly_one = Fraction::new(i128::MAX - 1, i128::MAX).unwrap();
        assert_eq!(Rounding::HalfEven.round(nearly_one), 1);
    }

    #[test]
    fn names_are_read_back_and_others_refused() {
        for rounding in Rounding::ALL {
            assert_eq!(rounding.to_string().parse(), Ok(rounding));
        }
        for text in ["", "HalfEven", "half even", "Down", "down ", "bankers"] {
            assert_eq!(
                text.parse::<Rounding>(),
                Err(MoneyError::UnknownRounding { text: text.to_owned() })
            );
        }
        assert_eq!(Rounding::default(), Rounding::HalfEven);
    }
}
