//! Dividing an amount among recipients: the only place where that is done. Never loses or makes
//! a minor unit, and never gives one to a recipient of weight zero.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use num_rational::Ratio;

use super::{Amount, Fraction, MoneyError};

/// Who gets the minor units that are left over once everybody has the whole units of their
/// exact part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SplitRule {
    /// One each to those who lost the largest fraction of a unit, ties in the order given:
    /// `largest-remainder`. Closest to the exact parts, hence the default.
    #[default]
    LargestRemainder,
    /// One each to the recipients in the order given, but never to one of weight zero:
    /// `in-order`.
    InOrder,
}

impl SplitRule {
    /// Every rule.
    pub const ALL: [SplitRule; 2] = [SplitRule::LargestRemainder, SplitRule::InOrder];

    /// The name, as it is read and printed.
    pub fn name(self) -> &'static str {
        match self {
            SplitRule::LargestRemainder => "largest-remainder",
            SplitRule::InOrder => "in-order",
        }
    }
}

impl fmt::Display for SplitRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for SplitRule {
    type Err = MoneyError;

    /// Reads a name as [`SplitRule::name`] gives it.
    ///
    /// # Errors
    /// [`MoneyError::UnknownSplitRule`], [`MoneyError::TextTooLong`].
    fn from_str(text: &str) -> Result<SplitRule, MoneyError> {
        MoneyError::check_length(text)?;
        SplitRule::ALL
            .into_iter()
            .find(|rule| rule.name() == text)
            .ok_or_else(|| MoneyError::UnknownSplitRule { text: text.to_owned() })
    }
}

/// Divides an amount in proportion to weights, exactly: the parts, one a weight and in their
/// order, sum to `total`.
///
/// Weights are 0 or more and need not sum to 1; only their proportion counts. Everybody gets the
/// whole minor units of their exact part, and what is left over goes by `rule`, at most one unit
/// each. A weight of zero gets exactly zero. A total below zero is divided as the mirror of the
/// one above zero.
///
/// # Errors
/// [`MoneyError::NegativeWeight`], [`MoneyError::NoPositiveWeight`] (also for no weights at
/// all), and [`MoneyError::WeightsOutOfRange`] where the weights, brought to a common
/// denominator, or their sum leave `i128`.
///
/// ```
/// use deedbook::money::{Amount, Fraction, SplitRule, allocate};
///
/// let total = Amount::parse_with_currency("100.00 CNY")?;
/// let thirds = vec!["1/3".parse::<Fraction>()?; 3];
/// let parts = allocate(total, &thirds, SplitRule::default())?;
/// let parts: Vec<String> = parts.into_iter().map(Amount::to_decimal).collect();
/// assert_eq!(parts, ["33.34", "33.33", "33.33"]);
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
pub fn allocate(
    total: Amount,
    weights: &[Fraction],
    rule: SplitRule,
) -> Result<Vec<Amount>, MoneyError> {
    let out_of_range = MoneyError::WeightsOutOfRange { count: weights.len() };
    if let Some((index, weight)) = (weights.iter().enumerate()).find(|(_, w)| w.is_negative()) {
        return Err(MoneyError::NegativeWeight { index, weight: *weight });
    }
    let whole_weights = to_whole_numbers(weights).ok_or_else(|| out_of_range.clone())?;
    let sum = whole_weights
        .iter()
        .try_fold(0_i128, |sum, weight| sum.checked_add(*weight))
        .ok_or(out_of_range)?
        .unsigned_abs();
    if sum == 0 {
        return Err(MoneyError::NoPositiveWeight { count: weights.len() });
    }
    let units = total.minor().unsigned_abs();
    let mut parts: Vec<Part> =
        whole_weights.iter().map(|weight| Part::exact(units, weight.unsigned_abs(), sum)).collect();
    let given: u128 = parts.iter().map(|part| part.units).sum();
    hand_out(units - given, &mut parts, rule);
    parts
        .iter()
        .map(|part| {
            // A part is at most the total, so the amount it came from bounds it.
            let minor = part.units.cast_signed() * total.minor().signum();
            Amount::new(minor, total.currency())
        })
        .collect()
}

/// One recipient's part: `units` and `remainder / sum of weights` of a unit.
struct Part {
    has_weight: bool,
    units: u128,
    remainder: u128,
}

impl Part {
    /// The exact part `units * weight / sum`, by doubling and adding from the highest bit, so
    /// that the product, which may need 227 bits, is never formed.
    ///
    /// `weight <= sum < 2^127`, so each step stays within twice the sum, and the quotient within
    /// `units`.
    fn exact(units: u128, weight: u128, sum: u128) -> Part {
        let (mut quotient, mut remainder) = (0, 0);
        for bit in (0..u128::BITS - units.leading_zeros()).rev() {
            (quotient, remainder) = carry(2 * quotient, 2 * remainder, sum);
            if units >> bit & 1 == 1 {
                (quotient, remainder) = carry(quotient, remainder + weight, sum);
            }
        }
        Part { has_weight: weight > 0, units: quotient, remainder }
    }
}

/// Moves one whole `sum`, if the remainder holds it, over to the quotient.
fn carry(quotient: u128, remainder: u128, sum: u128) -> (u128, u128) {
    if remainder >= sum { (quotient + 1, remainder - sum) } else { (quotient, remainder) }
}

/// Gives the leftover units, one each. There are always fewer of them than parts with a
/// remainder, since the remainders sum to them and each is below one unit.
fn hand_out(leftover: u128, parts: &mut [Part], rule: SplitRule) {
    let mut recipients: Vec<&mut Part> = parts.iter_mut().filter(|part| part.has_weight).collect();
    match rule {
        SplitRule::LargestRemainder => recipients.sort_by_key(|part| Reverse(part.remainder)),
        SplitRule::InOrder => {}
    }
    for (_, part) in (0..leftover).zip(recipients) {
        part.units += 1;
    }
}

/// The weights times their least common denominator.
fn to_whole_numbers(weights: &[Fraction]) -> Option<Vec<i128>> {
    let mut common: i128 = 1;
    for weight in weights {
        // Reducing common/denominator leaves below the line what `common` lacks.
        let lacking = *Ratio::new(common, weight.denominator()).denom();
        common = common.checked_mul(lacking)?;
    }
    weights
        .iter()
        .map(|weight| (common / weight.denominator()).checked_mul(weight.numerator()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, MAX_MINOR};

    fn yuan(minor: i128) -> Amount {
        let currency: Currency = "CNY".parse().unwrap();
        Amount::new(minor, currency).unwrap()
    }

    fn fractions(texts: &[&str]) -> Vec<Fraction> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn split(minor: i128, weights: &[&str], rule: SplitRule) -> Vec<i128> {
        let parts = allocate(yuan(minor), &fractions(weights), rule).unwrap();
        parts.into_iter().map(Amount::minor).collect()
    }

    /// Source: Numscript specifications, published example of an exact split of 15 units at
    /// 80% / 8% / 12% with leftover units in order; by largest remainder the same fractions of a
    /// unit (0, 0.2, 0.8) give the third its unit.
    #[test]
    fn fifteen_units_as_in_the_numscript_specifications() {
        let weights = ["80%", "8%", "12%"];
        assert_eq!(split(15, &weights, SplitRule::InOrder), [13, 1, 1]);
        assert_eq!(split(15, &weights, SplitRule::LargestRemainder), [12, 1, 2]);
    }

    /// Source: Numscript specifications, 77 units in halves.
    #[test]
    fn seventy_seven_units_in_halves_as_in_the_numscript_specifications() {
        for rule in SplitRule::ALL {
            assert_eq!(split(77, &["1/2", "1/2"], rule), [39, 38]);
        }
    }

    #[test]
    fn leftover_units_go_by_the_rule() {
        use SplitRule::{InOrder, LargestRemainder};
        let table: &[(i128, &[&str], SplitRule, &[i128])] = &[
            (100, &["1/3", "1/3", "1/3"], LargestRemainder, &[34, 33, 33]),
            (200, &["1", "1", "1"], LargestRemainder, &[67, 67, 66]),
            (10, &["1", "0", "2"], LargestRemainder, &[3, 0, 7]),
            (10, &["0", "1", "2"], InOrder, &[0, 4, 6]),
            (1, &["0", "0", "1/7"], InOrder, &[0, 0, 1]),
            (1, &["1%", "99%"], InOrder, &[1, 0]),
            (1, &["1%", "99%"], LargestRemainder, &[0, 1]),
            (0, &["1", "2"], LargestRemainder, &[0, 0]),
            (5, &["7"], LargestRemainder, &[5]),
            (-15, &["80%", "8%", "12%"], InOrder, &[-13, -1, -1]),
            (-15, &["80%", "8%", "12%"], LargestRemainder, &[-12, -1, -2]),
            (-77, &["1/2", "1/2"], LargestRemainder, &[-39, -38]),
        ];
        for (minor, weights, rule, parts) in table {
            assert_eq!(split(*minor, weights, *rule), *parts, "{minor} {weights:?} {rule}");
        }
    }

    #[test]
    fn the_largest_amount_is_split_by_the_finest_weights() {
        let near_half = i128::MAX / 2;
        let weights = [near_half, near_half - 1].map(Fraction::from_integer);
        let parts = allocate(yuan(MAX_MINOR), &weights, SplitRule::default()).unwrap();
        let half = MAX_MINOR / 2;
        assert_eq!(parts, [yuan(half), yuan(half)]);
        let skewed = [1, i128::MAX - 1].map(Fraction::from_integer);
        let parts = allocate(yuan(MAX_MINOR), &skewed, SplitRule::InOrder).unwrap();
        assert_eq!(parts, [yuan(1), yuan(MAX_MINOR - 1)]);
    }

    #[test]
    fn weights_that_decide_nothing_are_refused() {
        let refused = |weights: &[&str]| {
            allocate(yuan(10), &fractions(weights), SplitRule::default()).unwrap_err()
        };
        assert_eq!(refused(&[]), MoneyError::NoPositiveWeight { count: 0 });
        assert_eq!(refused(&["0", "0%"]), MoneyError::NoPositiveWeight { count: 2 });
        assert_eq!(
            refused(&["1", "-1/2", "-1"]),
            MoneyError::NegativeWeight { index: 1, weight: Fraction::new(-1, 2).unwrap() }
        );
        let largest = "170141183460469231731687303715884105727";
        let smallest = "1/170141183460469231731687303715884105727";
        for weights in [[largest, "1"], [largest, "1/2"], [smallest, "1/2"]] {
            assert_eq!(refused(&weights), MoneyError::WeightsOutOfRange { count: 2 });
        }
    }

    #[test]
    fn names_are_read_back_and_others_refused() {
        for rule in SplitRule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        for text in ["", "LargestRemainder", "in order", "in-order "] {
            assert_eq!(
                text.parse::<SplitRule>(),
                Err(MoneyError::UnknownSplitRule { text: text.to_owned() })
            );
        }
        assert_eq!(SplitRule::default(), SplitRule::LargestRemainder);
    }
}
