//! Column values: how the fields of a projected row stand in a table.

use crate::money::{Currency, Rate, Share};
use crate::record::{
    Algorithm, Category, Commitment, DecimalRate, DerivationKind, Digest, EntryNumber, Handle,
    LineKind, Name, Passing, Purpose, Reference, Rights, Roles, Slug, Territory, TextCode,
    Thumbprint, Timestamp, Title,
};
use std::str::FromStr;
use thiserror::Error;

/// One value of one column, in the storage classes that every SQL engine has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A stored value that is not what its column holds.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column `{column}` of `{table}` holds {found:?}, which is not {needed}")]
pub struct ValueError {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What was read.
    pub found: Value,
    /// What it should be.
    pub needed: &'static str,
}

/// A type that stands in a column.
pub trait Column: Sized {
    /// The value to write.
    fn to_value(&self) -> Value;
    /// The field, when the value is one.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Column for i64 {
    fn to_value(&self) -> Value {
        Value::Integer(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            Value::Null | Value::Text(_) | Value::Blob(_) => None,
        }
    }
}

impl Column for u32 {
    fn to_value(&self) -> Value {
        Value::Integer((*self).into())
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl Column for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Blob(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::Integer(_) | Value::Text(_) | Value::Blob(_) => T::from_value(value).map(Some),
        }
    }
}

impl Column for EntryNumber {
    fn to_value(&self) -> Value {
        // SQLite counts rows in 63 bits; the log cannot reach that.
        Value::Integer(i64::try_from(self.get()).unwrap_or(i64::MAX))
    }
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok().map(Self::new)
    }
}

impl Column for Timestamp {
    fn to_value(&self) -> Value {
        Value::Integer(self.as_millis())
    }
    fn from_value(value: &Value) -> Option<Self> {
        Self::from_millis(i64::from_value(value)?).ok()
    }
}

impl Column for Algorithm {
    fn to_value(&self) -> Value {
        Value::Integer(self.cose_value())
    }
    fn from_value(value: &Value) -> Option<Self> {
        Self::from_cose_value(i64::from_value(value)?)
    }
}

macro_rules! blob_columns {
    ($($name:ty),+) => {
        $(impl Column for $name {
            fn to_value(&self) -> Value {
                Value::Blob(self.as_bytes().to_vec())
            }
            fn from_value(value: &Value) -> Option<Self> {
                Vec::from_value(value)?.try_into().ok().map(Self::from_bytes)
            }
        })+
    };
}

blob_columns!(Commitment, Digest, TextCode, Thumbprint);

fn parse<T: FromStr>(value: &Value) -> Option<T> {
    match value {
        Value::Text(text) => text.parse().ok(),
        Value::Null | Value::Integer(_) | Value::Blob(_) => None,
    }
}

macro_rules! text_columns {
    ($($name:ty),+ $(,)?) => {
        $(impl Column for $name {
            fn to_value(&self) -> Value {
                Value::Text(self.to_string())
            }
            fn from_value(value: &Value) -> Option<Self> {
                parse(value)
            }
        })+
    };
}

text_columns!(
    Category,
    Currency,
    DecimalRate,
    Handle,
    Name,
    Rate,
    Reference,
    Rights,
    Roles,
    Share,
    Slug,
    String,
    Territory,
    Title,
    crate::title::Status,
    crate::title::GroundKind,
);

macro_rules! named_columns {
    ($($name:ty),+ $(,)?) => {
        $(impl Column for $name {
            fn to_value(&self) -> Value {
                Value::Text(self.name().to_owned())
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(text) => Self::ALL.iter().copied().find(|it| it.name() == text),
                    Value::Null | Value::Integer(_) | Value::Blob(_) => None,
                }
            }
        })+
    };
}

named_columns!(DerivationKind, LineKind, Passing, Purpose);
