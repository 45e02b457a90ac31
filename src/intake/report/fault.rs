//! What can be wrong with one line of a sales report, whatever the ledger holds.

use crate::money::{Currency, MoneyError};
use crate::record::RecordError;
use thiserror::Error;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the message of each variant says what its fields are")]
pub enum LineFault {
    /// The file ends where other lines go on: part of it may be missing.
    #[error("the file ends within this line, every other line ends with a line break")]
    Truncated,
    /// A quote that opens a field is never closed.
    #[error("a quoted field is opened in this line and never closed")]
    Unclosed,
    /// Another number of fields than the heading has.
    #[error("the line has {found} fields, the heading has {needed}")]
    Fields { found: usize, needed: usize },
    /// More than any line of a report holds.
    #[error("the line has more than {max_bytes} bytes or {max_fields} fields")]
    TooLong { max_bytes: usize, max_fields: usize },
    /// Bytes that are no text.
    #[error("the line is not text in {encoding}")]
    Encoding { encoding: &'static str },
    /// A field that is needed and empty.
    #[error("column `{column}` is empty, {needed} is needed")]
    Empty { column: String, needed: &'static str },
    /// A day in no format that the mapping names.
    #[error("`{found}` is not a day as the mapping writes them: {needed}")]
    Date { found: String, needed: String },
    /// A day that two formats of the mapping read differently.
    #[error("`{found}` is one day as {one} and another as {other}")]
    AmbiguousDate { found: String, one: String, other: String },
    /// No number.
    #[error("`{found}` is not a number")]
    Number { found: String },
    /// A mark that may stand for decimals or for thousands.
    #[error("`{found}` can be read two ways: the mapping does not say what `{mark}` stands for")]
    AmbiguousNumber { found: String, mark: char },
    /// A mark of thousands that does not stand before three digits.
    #[error("`{found}` has `{mark}` where no group of three digits begins")]
    Groups { found: String, mark: char },
    /// Decimals beyond the minor unit.
    #[error("`{found}` has more decimals than {currency} has, and is not rounded")]
    Decimals { found: String, currency: Currency },
    /// No amount at all.
    #[error("the amount is zero, must be more")]
    Zero,
    /// Below zero where the mapping does not say what that means.
    #[error("`{found}` is below zero, and the mapping does not say that this is a refund")]
    Negative { found: String },
    /// A count that is none.
    #[error("`{found}` is not a count of copies")]
    Units { found: String },
    /// A text that the mapping does not translate.
    #[error("category `{found}` is not in the mapping")]
    UnknownCategory { found: String },
    /// A country that the mapping does not translate.
    #[error("`{found}` is not a country by ISO 3166-1, nor translated by the mapping")]
    UnknownTerritory { found: String },
    /// A currency that is none.
    #[error(transparent)]
    Currency(#[from] MoneyError),
    /// A text that no record can hold.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl LineFault {
    /// The stable name of the rule, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated => "line_truncated",
            Self::Unclosed => "quote_unclosed",
            Self::Fields { .. } => "field_count",
            Self::TooLong { .. } => "line_too_long",
            Self::Encoding { .. } => "line_encoding",
            Self::Empty { .. } => "field_empty",
            Self::Date { .. } => "line_date",
            Self::AmbiguousDate { .. } => "ambiguous_date",
            Self::Number { .. } => "line_number",
            Self::AmbiguousNumber { .. } => "ambiguous_number",
            Self::Groups { .. } => "number_groups",
            Self::Decimals { .. } => "too_many_decimals",
            Self::Zero => "amount_zero",
            Self::Negative { .. } => "amount_negative",
            Self::Units { .. } => "line_units",
            Self::UnknownCategory { .. } => "unknown_category",
            Self::UnknownTerritory { .. } => "unknown_territory",
            Self::Currency(_) => "line_currency",
            Self::Record(_) => "line_text",
        }
    }

    /// The way out.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Truncated => {
                "get the whole file; if it is whole, say `last_line = \"unterminated\"` in the mapping"
            }
            Self::Unclosed => "get the whole file, or close the quote",
            Self::Fields { .. } => "check the delimiter in the mapping, and the line",
            Self::TooLong { .. } => {
                "check the delimiter in the mapping, and the quotes of the line"
            }
            Self::Encoding { .. } => {
                "save the report as UTF-8, or name its `encoding` in the mapping"
            }
            Self::Empty { .. } => {
                "fill the field, or give the value under `constants` of the mapping"
            }
            Self::Date { .. } | Self::AmbiguousDate { .. } => {
                "name its format in `dates` of the mapping"
            }
            Self::Number { .. } => {
                "amounts are digits with one mark for decimals, without a currency"
            }
            Self::AmbiguousNumber { .. } | Self::Groups { .. } => {
                "say in the mapping what `decimal` and `thousands` are"
            }
            Self::Decimals { .. } => "have the report give amounts to the minor unit",
            Self::Zero => "say `zero = \"skip\"` in the mapping to leave such lines out",
            Self::Negative { .. } => "say `negative = \"refund\"` in the mapping",
            Self::Units { .. } => "copies are counted in whole numbers, 1 or more",
            Self::UnknownCategory { .. } => "add it to `categories` of the mapping",
            Self::UnknownTerritory { .. } => "add it to `territories` of the mapping",
            Self::Currency(_) => "give the code of ISO 4217, such as CNY",
            Self::Record(_) => "correct the field",
        }
    }
}
