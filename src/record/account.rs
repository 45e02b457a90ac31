//! Accounts under a profit share: revenue, expenses, refunds, line by line.

use super::{Body, RecordError, RecordId, Reference, Timestamp, handle};
use crate::money::{Amount, Currency};
use serde::{Deserialize, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// The most lines of one statement; with works named once, they fit an entry.
pub const MAX_ACCOUNT_LINES: usize = 1000;

/// Lines of account under one contract and in one currency, reported by the party that owes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The lines.
    pub lines: Vec<AccountLine>,
    /// The works that lines are about, each once; a line names its work by place in this list.
    pub works: Vec<RecordId>,
    /// The contract.
    pub contract: RecordId,
    /// The currency of every line.
    pub currency: Currency,
}

/// One line.
///
/// ```
/// use deedbook::record::{AccountLine, LineKind, Timestamp};
/// let line = AccountLine {
///     kind: LineKind::Revenue,
///     on: Timestamp::parse_start("2026-03-01").unwrap(),
///     minor: 4900,
///     category: "print-sales".parse().unwrap(),
///     reference: "INV-0001".parse().unwrap(),
///     work: None,
/// };
/// assert_eq!(line.amount("CNY".parse()?)?.to_string(), "49.00 CNY");
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
///
/// Wire form: `[kind, on, minor units, category, reference, place of the work or null]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct AccountLine {
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// When it happened.
    pub on: Timestamp,
    /// How much, in minor units of the currency; more than zero for every kind.
    pub minor: i64,
    /// Which kind of revenue or expense.
    pub category: Category,
    /// The reporter's own reference, never used twice under one contract.
    pub reference: Reference,
    /// The place in [`Account::works`], where the line is about one work.
    pub work: Option<u16>,
}

type Wire = (LineKind, Timestamp, i64, Category, Reference, Option<u16>);

impl From<Wire> for AccountLine {
    fn from((kind, on, minor, category, reference, work): Wire) -> Self {
        Self { kind, on, minor, category, reference, work }
    }
}

impl Serialize for AccountLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.kind, self.on, self.minor, &self.category, &self.reference, self.work)
            .serialize(serializer)
    }
}

impl AccountLine {
    /// The amount of the line in the currency of its statement.
    ///
    /// # Errors
    /// Never for a line of a checked record.
    pub fn amount(&self, currency: Currency) -> Result<Amount, crate::money::MoneyError> {
        Amount::new(i128::from(self.minor), currency)
    }
}

/// What a line does to the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// Money received.
    Revenue,
    /// Money spent.
    Expense,
    /// Revenue given back.
    Refund,
}

impl LineKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Revenue, Self::Expense, Self::Refund];

    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Expense => "expense",
            Self::Refund => "refund",
        }
    }
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A kind of revenue or expense, as the terms name it: `printing`, `platform-fees`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Category(String);

impl Category {
    /// Checks the shape.
    ///
    /// # Errors
    /// Anything but 1 to 40 of `a-z`, `0-9` and single inner hyphens, with a letter.
    pub fn new(text: impl Into<String>) -> Result<Self, RecordError> {
        let text = text.into();
        handle::check("category", &text)?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Category {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl TryFrom<String> for Category {
    type Error = RecordError;
    fn try_from(text: String) -> Result<Self, RecordError> {
        Self::new(text)
    }
}

impl From<Category> for String {
    fn from(category: Category) -> String {
        category.0
    }
}

impl FromStr for Category {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        Self::new(text)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Body for Account {
    fn subject(&self) -> String {
        format!("contract:{}", self.contract)
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = self.lines.len();
        if found == 0 || found > MAX_ACCOUNT_LINES {
            return Err(RecordError::List { what: "lines", found, needed: "1 to 1000" });
        }
        let mut used = vec![false; self.works.len()];
        for line in &self.lines {
            if line.minor <= 0 {
                return Err(RecordError::OutOfRange {
                    what: "amount of a line",
                    found: line.minor.to_string(),
                    needed: "more than zero",
                });
            }
            if let Some(place) = line.work {
                match used.get_mut(usize::from(place)) {
                    Some(used) => *used = true,
                    None => {
                        return Err(RecordError::OutOfRange {
                            what: "work of a line",
                            found: place.to_string(),
                            needed: "a place in the list of works",
                        });
                    }
                }
            }
        }
        let mut works = self.works.clone();
        works.sort_unstable();
        works.dedup();
        if works.len() != self.works.len() || used.contains(&false) {
            return Err(RecordError::List {
                what: "works of an account",
                found: self.works.len(),
                needed: "those that the lines are about, none twice",
            });
        }
        Ok(())
    }
}
