//! What can be wrong with money: one closed, comparable list. Never holds prose; the words are
//! in the messages, the facts in the fields.

use thiserror::Error;

use super::percentage::percent_text;
use super::{Currency, DecimalFlaw, Fraction, MAX_MINOR};

/// Longest text, in bytes, that any parser of this module looks at.
///
/// The longest text with a meaning here is a fraction of two 39-digit integers with a sign and a
/// slash, 80 bytes; twice that would already be padding. The limit also keeps errors, which
/// carry what was typed, small.
pub const MAX_TEXT_BYTES: usize = 128;

/// Why an operation on money was refused.
///
/// Texts are kept as typed in the fields and shown with control and direction characters
/// escaped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// A text longer than [`MAX_TEXT_BYTES`]; it was not read any further.
    #[error("text of {found_bytes} bytes is too long, at most {MAX_TEXT_BYTES} are read")]
    TextTooLong {
        /// Length of the text.
        found_bytes: usize,
    },
    /// Not an ISO 4217 alphabetic code in upper case.
    #[error("`{}` is not a currency, must be an ISO 4217 code such as `CNY`", text.escape_debug())]
    UnknownCurrency {
        /// What was typed.
        text: String,
    },
    /// A code of ISO 4217 that no amount can be counted in: metals, units of account without a
    /// minor unit, the code for testing, the code for no currency.
    #[error("`{code}` has no minor unit in ISO 4217, must be a currency that has one")]
    CurrencyWithoutMinorUnit {
        /// The code.
        code: &'static str,
    },
    /// Two amounts that must be of one currency are not.
    #[error("currencies differ: {left} and {right}, must be the same")]
    CurrencyMismatch {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the second amount.
        right: Currency,
    },
    /// An amount text that is not plain decimal.
    #[error("`{}` is not an amount: {flaw}, must be written like `49.00`", text.escape_debug())]
    MalformedAmount {
        /// What was typed.
        text: String,
        /// The first thing wrong with it.
        flaw: DecimalFlaw,
    },
    /// An amount text that should name its currency after one space and has no space.
    #[error("`{}` names no currency, must be written like `49.00 CNY`", text.escape_debug())]
    AmountWithoutCurrency {
        /// What was typed.
        text: String,
    },
    /// More decimals than the minor unit of the currency allows, be they zeros.
    #[error("`{}` has {found} decimals, {currency} has at most {allowed}", text.escape_debug())]
    TooManyDecimals {
        /// What was typed.
        text: String,
        /// The currency.
        currency: Currency,
        /// Decimals found.
        found: usize,
        /// Decimals the currency has.
        allowed: u32,
    },
    /// An amount text of more than [`MAX_MINOR`] minor units, either side of zero.
    #[error("`{}` is out of range, {currency} goes to {MAX_MINOR} minor units either side of zero", text.escape_debug())]
    AmountTextOutOfRange {
        /// What was typed.
        text: String,
        /// The currency.
        currency: Currency,
    },
    /// More than [`MAX_MINOR`] minor units, either side of zero.
    #[error(
        "{minor} minor units of {currency} is out of range, must be within {MAX_MINOR} either side of zero"
    )]
    AmountOutOfRange {
        /// The minor units found.
        minor: i128,
        /// The currency.
        currency: Currency,
    },
    /// A text that is no fraction.
    #[error("`{}` is not a fraction: {flaw}, must be written like `1/3`, `0.125` or `12.5%`", text.escape_debug())]
    MalformedFraction {
        /// What was typed.
        text: String,
        /// The first thing wrong with it.
        flaw: DecimalFlaw,
    },
    /// A fraction text whose reduced parts do not fit.
    #[error("`{}` is out of range, numerator and denominator must stay below 2^127", text.escape_debug())]
    FractionTextOutOfRange {
        /// What was typed.
        text: String,
    },
    /// A fraction whose reduced parts do not fit.
    #[error(
        "`{numerator}/{denominator}` is out of range, numerator and denominator must stay below 2^127"
    )]
    FractionOutOfRange {
        /// Numerator asked for.
        numerator: i128,
        /// Denominator asked for.
        denominator: i128,
    },
    /// A fraction with denominator zero.
    #[error("`{numerator}/0` has denominator 0, must not be 0")]
    ZeroDenominator {
        /// The numerator that came with it.
        numerator: i128,
    },
    /// A division by the fraction zero.
    #[error("{dividend} is divided by 0, must not be 0")]
    DivisionByZero {
        /// What was to be divided.
        dividend: Fraction,
    },
    /// Arithmetic whose exact result, or a step on the way, does not fit.
    #[error(
        "`{left} {operator} {right}` is out of range, numerator and denominator must stay below 2^127"
    )]
    FractionOverflow {
        /// First operand.
        left: Fraction,
        /// One of `+`, `-`, `*`, `/`.
        operator: char,
        /// Second operand.
        right: Fraction,
    },
    /// A share that is not above 0 and at most 1.
    #[error("share {found} is out of range, must be above 0 and at most 1")]
    ShareOutOfRange {
        /// The fraction found.
        found: Fraction,
    },
    /// Shares of one whole that leave a part of it without holder.
    #[error("shares sum to {sum}, must be exactly 1: {missing} is missing")]
    SharesFallShort {
        /// What they sum to.
        sum: Fraction,
        /// 1 less the sum.
        missing: Fraction,
    },
    /// Shares of one whole that give away more than all of it.
    #[error("shares sum to {sum}, must be exactly 1: {excess} is in excess")]
    SharesExceedWhole {
        /// What they sum to.
        sum: Fraction,
        /// The sum less 1.
        excess: Fraction,
    },
    /// A rate below 0 or above 1.
    #[error("rate {} is out of range, must be from 0% to 100%", percent_text(*found))]
    RateOutOfRange {
        /// The fraction found.
        found: Fraction,
    },
    /// A weight below zero in a split.
    #[error("weight {weight} at index {index} is negative, must be 0 or more")]
    NegativeWeight {
        /// Index of the first such weight.
        index: usize,
        /// The weight.
        weight: Fraction,
    },
    /// A split in which nobody has a weight above zero.
    #[error("none of {count} weights is above 0, at least one must be")]
    NoPositiveWeight {
        /// How many weights there were.
        count: usize,
    },
    /// Weights that have no common denominator within range, so that no exact split is known.
    #[error("{count} weights have no common denominator below 2^127, must have one")]
    WeightsOutOfRange {
        /// How many weights there were.
        count: usize,
    },
    /// Not the name of a rounding.
    #[error("`{}` is not a rounding, must be `half-even`, `half-up`, `down` or `up`", text.escape_debug())]
    UnknownRounding {
        /// What was typed.
        text: String,
    },
    /// Not the name of a rule for leftover units.
    #[error("`{}` is not a split rule, must be `largest-remainder` or `in-order`", text.escape_debug())]
    UnknownSplitRule {
        /// What was typed.
        text: String,
    },
}

impl MoneyError {
    /// Refuses a text too long to be worth reading; called first by every parser.
    pub(super) fn check_length(text: &str) -> Result<(), MoneyError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(MoneyError::TextTooLong { found_bytes: text.len() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    #[test]
    fn what_was_typed_is_shown_without_its_control_and_direction_characters() {
        let found = "4\u{202e}9\u{1b}[31m".parse::<Fraction>();
        let message = found.map_err(|error| error.to_string());
        assert_eq!(
            message,
            Err("`4\\u{202e}9\\u{1b}[31m` is not a fraction: unexpected character \
                 `\\u{202e}`, must be written like `1/3`, `0.125` or `12.5%`"
                .to_owned())
        );
    }

    #[test]
    fn messages_name_what_was_found_and_what_is_needed() {
        let yuan: Currency = "CNY".parse().unwrap();
        let yen: Currency = "JPY".parse().unwrap();
        let message = |text: &str, currency| Amount::parse(text, currency).unwrap_err().to_string();
        assert_eq!(message("49.001", yuan), "`49.001` has 3 decimals, CNY has at most 2");
        assert_eq!(
            message("1,000", yen),
            "`1,000` is not an amount: unexpected character `,`, must be written like `49.00`"
        );
        assert_eq!(
            Amount::zero(yuan).checked_add(Amount::zero(yen)).unwrap_err().to_string(),
            "currencies differ: CNY and JPY, must be the same"
        );
    }

    #[test]
    fn every_parser_refuses_a_text_that_is_too_long() {
        let text = "1".repeat(MAX_TEXT_BYTES + 1);
        let refused = MoneyError::TextTooLong { found_bytes: MAX_TEXT_BYTES + 1 };
        let yuan: Currency = "CNY".parse().unwrap();
        assert_eq!(Amount::parse(&text, yuan), Err(refused.clone()));
        assert_eq!(Amount::parse_with_currency(&text), Err(refused.clone()));
        assert_eq!(text.parse::<Currency>(), Err(refused.clone()));
        assert_eq!(text.parse::<Fraction>(), Err(refused.clone()));
        assert_eq!(text.parse::<crate::money::Share>(), Err(refused.clone()));
        assert_eq!(text.parse::<crate::money::Rate>(), Err(refused.clone()));
        assert_eq!(text.parse::<crate::money::Rounding>(), Err(refused.clone()));
        assert_eq!(text.parse::<crate::money::SplitRule>(), Err(refused));
    }
}
