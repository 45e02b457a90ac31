//! Why a form was refused.

use crate::money::MoneyError;
use crate::record::RecordError;
use std::fmt;
use thiserror::Error;

/// A place in the TOML, both numbers from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte.
    pub(super) fn of(source: &str, byte: usize) -> Self {
        let before = source.get(..byte).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The first thing wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TermsError {
    /// More text than a form can need; it was not read.
    #[error("the terms have {found_bytes} bytes, at most {max_bytes} are read")]
    TooLarge {
        /// Its size.
        found_bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
    /// Text that is not TOML.
    #[error("{at}: not TOML: {message}")]
    Syntax {
        /// Where.
        at: Position,
        /// What the TOML reader says.
        message: String,
    },
    /// A key that means nothing here.
    #[error("{at}: `{}` is not a key of terms, must be one of {known}", key.escape_debug())]
    UnknownKey {
        /// The key with its table: `fee.amout`.
        key: String,
        /// Where.
        at: Position,
        /// The keys that could stand here.
        known: String,
    },
    /// A key that must be there and is not.
    #[error("`{key}` is missing, must be {needed}")]
    Missing {
        /// The key with its table.
        key: String,
        /// What it must hold.
        needed: &'static str,
    },
    /// A value of another type than the key takes: a bare number for money.
    #[error("{at}: `{key}` is {found}, must be {needed}")]
    Type {
        /// The key with its table.
        key: String,
        /// Where.
        at: Position,
        /// The type found.
        found: &'static str,
        /// What is needed.
        needed: &'static str,
    },
    /// A value that the key does not take.
    #[error("{at}: `{key}` is `{}`, must be {needed}", found.escape_debug())]
    Value {
        /// The key with its table.
        key: String,
        /// Where.
        at: Position,
        /// What was typed.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// A name, a text, a date, a right or a country that does not hold.
    #[error("{at}: `{key}`: {error}")]
    Record {
        /// The key with its table.
        key: String,
        /// Where.
        at: Position,
        /// What is wrong with it.
        error: Box<RecordError>,
    },
    /// An amount, a rate, a currency or a rounding that does not hold.
    #[error("{at}: `{key}`: {error}")]
    Money {
        /// The key with its table.
        key: String,
        /// Where.
        at: Position,
        /// What is wrong with it.
        error: Box<MoneyError>,
    },
    /// A table of the other form.
    #[error("{at}: `[{table}]` does not belong to the form `{form}`, must be left out")]
    OtherForm {
        /// The table.
        table: &'static str,
        /// Where.
        at: Position,
        /// The form.
        form: &'static str,
    },
    /// The same thing listed twice.
    #[error("{at}: `{key}` lists `{}` twice, must list it once", found.escape_debug())]
    Twice {
        /// The key with its table.
        key: String,
        /// Where.
        at: Position,
        /// What is listed twice.
        found: String,
    },
    /// A form whose parts do not go together.
    #[error(transparent)]
    Rule(#[from] RecordError),
}
