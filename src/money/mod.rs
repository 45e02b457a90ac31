//! Money: exact amounts, exact fractions, and the one way to split an amount.
//!
//! What it is for: an [`Amount`] is a whole number of minor units of an ISO 4217 [`Currency`];
//! a [`Fraction`] is an exact rational; a [`Share`] is a part of a whole and a [`Rate`] a
//! percentage of money. [`allocate`] divides an amount so that the parts sum to it exactly, and
//! a [`Rounding`] is named at each place where an exact figure becomes whole minor units.
//!
//! What it never does: use floating point, round silently, add two currencies, wrap around on
//! overflow, or accept a text it would have to guess about. Whatever cannot be represented
//! exactly is refused with a [`MoneyError`]. It does no input or output, reads no clock and
//! imports nothing else of this crate.
//!
//! ```
//! use deedbook::money::{Amount, Currency, MoneyError, Rate, Rounding};
//!
//! let yuan: Currency = "CNY".parse()?;
//! let revenue = Amount::parse("1432.50", yuan)?;
//! let rate: Rate = "8%".parse()?;
//! let exact = revenue.times(rate.as_fraction())?;
//! let earned = Amount::from_fraction(exact, yuan, Rounding::HalfEven)?;
//! assert_eq!(earned.to_string(), "114.60 CNY");
//! # Ok::<(), MoneyError>(())
//! ```

mod amount;
mod currency;
mod decimal;
mod error;
mod fraction;
mod percentage;
mod rounding;
mod share;
mod split;
#[cfg(test)]
mod tests;

pub use amount::{Amount, MAX_MINOR};
pub use currency::Currency;
pub use decimal::DecimalFlaw;
pub(crate) use decimal::decimal_text;
pub use error::{MAX_TEXT_BYTES, MoneyError};
pub use fraction::Fraction;
pub use percentage::Rate;
pub use rounding::Rounding;
pub use share::Share;
pub use split::{SplitRule, allocate};
