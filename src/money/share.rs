//! A holder's part of a whole. Never zero (who holds nothing is not a holder) and never more
//! than all.

use std::fmt;
use std::str::FromStr;

use super::{Fraction, MoneyError};

/// A fraction above 0 and at most 1: the part of a work or a right that one party holds.
///
/// ```
/// use deedbook::money::{MoneyError, Share};
///
/// let shares: Vec<Share> = vec!["1/2".parse()?, "1/3".parse()?];
/// assert_eq!(
///     Share::sum_to_one(shares),
///     Err(MoneyError::SharesFallShort { sum: "5/6".parse()?, missing: "1/6".parse()? })
/// );
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(Fraction);

impl Share {
    /// All of it: 1.
    pub const WHOLE: Share = Share(Fraction::ONE);

    /// A fraction as a share.
    ///
    /// # Errors
    /// [`MoneyError::ShareOutOfRange`] unless it is above 0 and at most 1.
    pub fn new(fraction: Fraction) -> Result<Share, MoneyError> {
        if fraction <= Fraction::ZERO || fraction > Fraction::ONE {
            return Err(MoneyError::ShareOutOfRange { found: fraction });
        }
        Ok(Share(fraction))
    }

    /// The share as a fraction, for arithmetic.
    pub fn as_fraction(self) -> Fraction {
        self.0
    }

    /// Checks that shares of one whole sum to exactly 1.
    ///
    /// # Errors
    /// [`MoneyError::SharesFallShort`] with the sum and what is missing (no shares at all sum to
    /// 0), [`MoneyError::SharesExceedWhole`] with the sum and the excess, and
    /// [`MoneyError::FractionOverflow`] where the exact sum cannot be represented.
    pub fn sum_to_one(shares: impl IntoIterator<Item = Share>) -> Result<(), MoneyError> {
        let mut sum = Fraction::ZERO;
        for share in shares {
            sum = sum.checked_add(share.0)?;
        }
        if sum < Fraction::ONE {
            return Err(MoneyError::SharesFallShort {
                sum,
                missing: Fraction::ONE.checked_sub(sum)?,
            });
        }
        if sum > Fraction::ONE {
            return Err(MoneyError::SharesExceedWhole {
                sum,
                excess: sum.checked_sub(Fraction::ONE)?,
            });
        }
        Ok(())
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Share {
    type Err = MoneyError;

    /// Reads a share as [`Fraction`] does: `1/3`, `50%`, `0.25`, `1`.
    ///
    /// # Errors
    /// Those of [`Fraction`]'s parser and of [`Share::new`].
    fn from_str(text: &str) -> Result<Share, MoneyError> {
        Share::new(text.parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(texts: &[&str]) -> Vec<Share> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn shares_are_read_and_printed() {
        for (text, printed) in [("1/3", "1/3"), ("50%", "1/2"), ("1", "1"), ("100%", "1")] {
            assert_eq!(text.parse::<Share>().unwrap().to_string(), printed);
        }
        assert_eq!("1".parse(), Ok(Share::WHOLE));
    }

    #[test]
    fn only_above_zero_and_up_to_one_is_a_share() {
        for text in ["0", "0%", "-1/3", "4/3", "101%", "-170141183460469231731687303715884105728"] {
            assert_eq!(
                text.parse::<Share>(),
                Err(MoneyError::ShareOutOfRange { found: text.parse().unwrap() })
            );
        }
    }

    #[test]
    fn shares_of_a_whole_sum_to_exactly_one() {
        for whole in
            [shares(&["1"]), shares(&["1/3", "1/3", "1/3"]), shares(&["50%", "1/3", "1/6"])]
        {
            assert_eq!(Share::sum_to_one(whole), Ok(()));
        }
        let fraction = |text: &str| text.parse::<Fraction>().unwrap();
        for (parts, sum, missing) in [
            (shares(&[]), "0", "1"),
            (shares(&["33.33%", "33.33%", "33.33%"]), "9999/10000", "1/10000"),
        ] {
            assert_eq!(
                Share::sum_to_one(parts),
                Err(MoneyError::SharesFallShort { sum: fraction(sum), missing: fraction(missing) })
            );
        }
        assert_eq!(
            Share::sum_to_one(shares(&["1/2", "1/2", "3/100"])),
            Err(MoneyError::SharesExceedWhole {
                sum: fraction("103/100"),
                excess: fraction("3/100"),
            })
        );
    }
}
