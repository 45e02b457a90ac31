//! Accounts under a profit share: revenue, expenses, refunds, line by line.

use super::{Body, CountryCode, RecordError, RecordId, Reference, Timestamp, handle};
use crate::money::{Amount, Currency};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// The most lines of one statement. With kinds, categories and works named once, a line takes 20 to
/// 26 bytes beside its reference: a thousand lines about 90 works fit an entry with references as
/// long as a UUID, 36 characters.
pub const MAX_ACCOUNT_LINES: usize = 1000;

/// The most units of one line: more copies than anything was ever sold in, and few enough that the
/// sums of any ledger stay far within 63 bits.
pub const MAX_UNITS: u64 = 1_000_000_000_000;

/// Lines of account in one currency, reported by the party that owes them: under one contract by a
/// share of profit; or of one work under no such contract, by a holder of it who received the money,
/// since holders of other works may be owed a part of it under their licences.
///
/// Wire form: a map in which `headings` lists each pair of kind and category once, in the order in
/// which lines first use them; a line names its own by place in that list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The lines.
    pub lines: Vec<AccountLine>,
    /// The works that lines are about, each once; a line names its work by place in this list.
    pub works: Vec<RecordId>,
    /// The contract; where there is none, the account is of the one work that every line names.
    pub contract: Option<RecordId>,
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
///     units: Some(2),
///     territory: Some("CN".parse().unwrap()),
/// };
/// assert_eq!(line.amount("CNY".parse()?)?.to_string(), "49.00 CNY");
/// # Ok::<(), deedbook::money::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// How many copies or licences were sold or given back, 1 to [`MAX_UNITS`], where that is
    /// counted.
    pub units: Option<u64>,
    /// Where, where that is known.
    pub territory: Option<CountryCode>,
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

/// `[heading, on, minor units, reference, place of the work, units, territory]`, null for what is
/// not said.
#[derive(Serialize, Deserialize)]
struct WireLine<R>(u16, Timestamp, i64, R, Option<u16>, Option<u64>, Option<CountryCode>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<L, H> {
    lines: L,
    works: Vec<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contract: Option<RecordId>,
    currency: Currency,
    headings: H,
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut headings: Vec<(LineKind, &Category)> = Vec::new();
        let mut last = 0;
        let mut lines = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let heading = (line.kind, &line.category);
            // Lines of a report mostly repeat the heading of the line before them.
            if headings.get(last) != Some(&heading) {
                last = headings.iter().position(|known| *known == heading).unwrap_or_else(|| {
                    headings.push(heading);
                    headings.len() - 1
                });
            }
            let place = u16::try_from(last).map_err(serde::ser::Error::custom)?;
            let AccountLine { on, minor, reference, work, units, territory, .. } = line;
            lines.push(WireLine(place, *on, *minor, reference, *work, *units, *territory));
        }
        let (contract, currency) = (self.contract, self.currency);
        let works = self.works.clone();
        Wire { lines, works, contract, currency, headings }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Lines = Vec<WireLine<Reference>>;
        type Headings = Vec<(LineKind, Category)>;
        let wire = Wire::<Lines, Headings>::deserialize(deserializer)?;
        let Wire { lines, works, contract, currency, headings } = wire;
        let line = |line: WireLine<Reference>| {
            let WireLine(place, on, minor, reference, work, units, territory) = line;
            let unknown = || de::Error::custom(format_args!("no heading has the place {place}"));
            let (kind, category) = headings.get(usize::from(place)).ok_or_else(unknown)?.clone();
            Ok(AccountLine { kind, on, minor, category, reference, work, units, territory })
        };
        let lines = lines.into_iter().map(line).collect::<Result<_, D::Error>>()?;
        Ok(Self { lines, works, contract, currency })
    }
}

impl Body for Account {
    fn subject(&self) -> String {
        match (&self.contract, self.works.first()) {
            (Some(contract), _) => format!("contract:{contract}"),
            (None, Some(work)) => format!("work:{work}"),
            // Refused by the check.
            (None, None) => "work:".to_owned(),
        }
    }

    /// The moment of its lines, where all have the same.
    fn effective_at(&self) -> Option<Timestamp> {
        let (first, others) = self.lines.split_first()?;
        others.iter().all(|line| line.on == first.on).then_some(first.on)
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
                    found: Amount::new(i128::from(line.minor), self.currency)
                        .map_or_else(|_| line.minor.to_string(), |amount| amount.to_string()),
                    needed: "more than zero",
                });
            }
            if let Some(units) = line.units
                && !(1..=MAX_UNITS).contains(&units)
            {
                return Err(RecordError::OutOfRange {
                    what: "units of a line",
                    found: units.to_string(),
                    needed: "1 to 1000000000000",
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
        let is_of_one_work =
            self.works.len() == 1 && self.lines.iter().all(|line| line.work.is_some());
        if self.contract.is_none() && !is_of_one_work {
            return Err(RecordError::List {
                what: "works of an account without a contract",
                found: self.works.len(),
                needed: "one, which every line names",
            });
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
