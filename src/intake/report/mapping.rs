//! The mapping of a sales report: which column says what, and how it is written. The format is
//! `schema/sales-report-v1.md`. Whatever a mapping would leave to a guess is refused.

use super::date_format::DateFormat;
use super::decimal::NumberStyle;
use crate::money::Currency;
use crate::record::{Category, CountryCode, LineKind};
use encoding_rs::{Encoding, UTF_8};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use thiserror::Error;

/// The largest mapping: tens of thousands of translated titles.
pub const MAX_MAPPING_BYTES: u64 = 4 * 1024 * 1024;
/// Formats of days that one report may mix.
const MAX_DATE_FORMATS: usize = 5;
/// Columns that together make a reference.
const MAX_REFERENCE_COLUMNS: usize = 8;

/// A mapping that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Not TOML, or keys and values that no mapping has.
    #[error("line {line}: {reason}")]
    Toml {
        /// Counted from 1.
        line: usize,
        /// What the reader of TOML says.
        reason: String,
    },
    /// A value that its key cannot have.
    #[error("`{key}` is `{found}`, must be {needed}")]
    Value {
        /// The key with its table.
        key: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        needed: &'static str,
    },
    /// A value that is needed and given neither way.
    #[error("neither `columns.{key}` nor `constants.{key}` says what the {key} is")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A value that is given both ways.
    #[error("both `columns.{key}` and `constants.{key}` say what the {key} is")]
    Twice {
        /// The key.
        key: &'static str,
    },
}

/// How a line names its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkBy {
    /// By its exact title, among the works of the contract.
    Title,
    /// By what the command line takes: `#42`, or the start of an identifier.
    Reference,
    /// By the BLAKE3 digest of a file, in hexadecimal.
    Digest,
}

/// What an amount below zero is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Negative {
    Refuse,
    Refund,
}

/// What becomes of a line without an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Zero {
    Refuse,
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LastLine {
    Terminated,
    Unterminated,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    encoding: Option<String>,
    delimiter: Option<String>,
    decimal: Option<String>,
    thousands: Option<String>,
    dates: OneOrMany,
    negative: Option<Negative>,
    zero: Option<Zero>,
    last_line: Option<LastLine>,
    work_by: Option<WorkBy>,
    columns: DraftColumns,
    #[serde(default)]
    constants: Constants,
    categories: Option<BTreeMap<String, String>>,
    #[serde(default)]
    contracts: BTreeMap<String, String>,
    #[serde(default)]
    works: BTreeMap<String, String>,
    #[serde(default)]
    territories: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftColumns {
    date: String,
    amount: String,
    reference: OneOrMany,
    category: Option<String>,
    contract: Option<String>,
    currency: Option<String>,
    work: Option<String>,
    units: Option<String>,
    territory: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Constants {
    category: Option<String>,
    contract: Option<String>,
    currency: Option<String>,
    work: Option<String>,
    territory: Option<String>,
}

/// A value that stands in a column or is the same for every line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given<T> {
    /// In the column with this heading.
    Column(String),
    /// For every line.
    Constant(T),
}

/// What lines of one category are; none are to be left out.
pub(super) type Heading = Option<(LineKind, Category)>;

/// A mapping that was read.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) encoding: &'static Encoding,
    pub(super) delimiter: u8,
    pub(super) numbers: NumberStyle,
    pub(super) dates: Vec<DateFormat>,
    pub(super) negative_is_refund: bool,
    pub(super) zero_is_skipped: bool,
    pub(super) unterminated: bool,
    pub(super) date: String,
    pub(super) amount: String,
    pub(super) reference: Vec<String>,
    pub(super) category: Given<Heading>,
    pub(super) contract: Option<Given<String>>,
    pub(super) currency: Given<Currency>,
    pub(super) work: Option<Given<String>>,
    pub(super) units: Option<String>,
    pub(super) territory: Option<Given<CountryCode>>,
    pub(super) categories: HashMap<String, Heading>,
    pub(super) contracts: HashMap<String, String>,
    pub(super) works: HashMap<String, String>,
    pub(super) territories: HashMap<String, CountryCode>,
    work_by: WorkBy,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let draft: Draft = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            MappingError::Toml { line, reason: error.message().to_owned() }
        })?;
        draft.check()
    }

    /// Whether it says under which contract each line is; else whoever imports does.
    pub const fn names_contracts(&self) -> bool {
        self.contract.is_some()
    }

    /// Whether it says which work each line is about, from which its account follows.
    pub const fn names_works(&self) -> bool {
        self.work.is_some()
    }

    /// How lines name their works.
    pub const fn work_by(&self) -> WorkBy {
        self.work_by
    }
}

fn refused(key: &str, found: &str, needed: &'static str) -> MappingError {
    MappingError::Value { key: key.to_owned(), found: found.to_owned(), needed }
}

fn given<T>(
    key: &'static str,
    column: Option<String>,
    constant: Option<T>,
) -> Result<Option<Given<T>>, MappingError> {
    match (column, constant) {
        (Some(_), Some(_)) => Err(MappingError::Twice { key }),
        (Some(column), None) => Ok(Some(Given::Column(column))),
        (None, constant) => Ok(constant.map(Given::Constant)),
    }
}

/// `revenue/print-sales`, or `skip`.
fn heading(key: &str, text: &str) -> Result<Heading, MappingError> {
    if text == "skip" {
        return Ok(None);
    }
    let read = || {
        let (kind, category) = text.split_once('/')?;
        let kind = LineKind::ALL.iter().copied().find(|known| known.name() == kind)?;
        Some((kind, category.parse().ok()?))
    };
    let needed = "`revenue/`, `expense/` or `refund/` and a category, or `skip`";
    read().map(Some).ok_or_else(|| refused(key, text, needed))
}

fn mark(key: &str, text: Option<String>) -> Result<Option<char>, MappingError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(mark @ ('.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}')), None) => {
            Ok(Some(mark))
        }
        _ => Err(refused(key, &text, "one of `.`, `,`, `'` and a space")),
    }
}

impl Draft {
    fn check(self) -> Result<Mapping, MappingError> {
        let (encoding, delimiter) = (self.encoding()?, self.delimiter()?);
        let numbers = numbers(self.decimal, self.thousands)?;
        let dates = dates(self.dates)?;
        let translate = |(text, heading_text): (String, String)| {
            let read = heading(&format!("categories.{text}"), &heading_text)?;
            Ok((text, read))
        };
        let categories = self
            .categories
            .unwrap_or_default()
            .into_iter()
            .map(translate)
            .collect::<Result<_, _>>()?;
        let country = |key: &str, text: &str| {
            let needed = "the code of a country by ISO 3166-1, such as CN";
            text.parse::<CountryCode>().map_err(|_| refused(key, text, needed))
        };
        let translate = |(text, code): (String, String)| {
            let read = country(&format!("territories.{text}"), &code)?;
            Ok((text, read))
        };
        let territories = self.territories.into_iter().map(translate).collect::<Result<_, _>>()?;
        let constants = self.constants;
        let fixed = constants.category.map(|text| heading("constants.category", &text));
        let category = given("category", self.columns.category, fixed.transpose()?)?;
        let fixed = constants.currency.map(|text| {
            let needed = "the code of a currency by ISO 4217, such as CNY";
            text.parse::<Currency>().map_err(|_| refused("constants.currency", &text, needed))
        });
        let currency = given("currency", self.columns.currency, fixed.transpose()?)?;
        let fixed = constants.territory.map(|text| country("constants.territory", &text));
        Ok(Mapping {
            encoding,
            delimiter,
            numbers,
            dates,
            negative_is_refund: self.negative == Some(Negative::Refund),
            zero_is_skipped: self.zero == Some(Zero::Skip),
            unterminated: self.last_line == Some(LastLine::Unterminated),
            date: self.columns.date,
            amount: self.columns.amount,
            reference: reference(self.columns.reference)?,
            category: category.ok_or(MappingError::Missing { key: "category" })?,
            currency: currency.ok_or(MappingError::Missing { key: "currency" })?,
            contract: given("contract", self.columns.contract, constants.contract)?,
            work: given("work", self.columns.work, constants.work)?,
            units: self.columns.units,
            territory: given("territory", self.columns.territory, fixed.transpose()?)?,
            categories,
            contracts: self.contracts.into_iter().collect(),
            works: self.works.into_iter().collect(),
            territories,
            work_by: self.work_by.unwrap_or(WorkBy::Title),
        })
    }

    fn encoding(&self) -> Result<&'static Encoding, MappingError> {
        let Some(label) = &self.encoding else {
            return Ok(UTF_8);
        };
        let found = Encoding::for_label_no_replacement(label.as_bytes());
        found.ok_or_else(|| refused("encoding", label, "the name of an encoding, such as utf-16le"))
    }

    fn delimiter(&self) -> Result<u8, MappingError> {
        match self.delimiter.as_deref() {
            None | Some(",") => Ok(b','),
            Some(";") => Ok(b';'),
            Some("\t") => Ok(b'\t'),
            Some("|") => Ok(b'|'),
            Some(other) => {
                Err(refused("delimiter", other, "one of `,`, `;`, `|` and a tabulator, `\\t`"))
            }
        }
    }
}

fn numbers(
    decimal: Option<String>,
    thousands: Option<String>,
) -> Result<NumberStyle, MappingError> {
    let decimal = match decimal.as_deref() {
        None | Some(".") => '.',
        Some(",") => ',',
        Some(other) => return Err(refused("decimal", other, "`.` or `,`")),
    };
    let thousands = mark("thousands", thousands)?;
    if thousands == Some(decimal) {
        let needed = "another mark than `decimal`";
        return Err(refused("thousands", &decimal.to_string(), needed));
    }
    Ok(NumberStyle { decimal, thousands })
}

fn dates(dates: OneOrMany) -> Result<Vec<DateFormat>, MappingError> {
    let dates = match dates {
        OneOrMany::One(date) => vec![date],
        OneOrMany::Many(dates) => dates,
    };
    if dates.is_empty() || dates.len() > MAX_DATE_FORMATS {
        return Err(refused("dates", &dates.len().to_string(), "1 to 5 formats"));
    }
    let needed = "a format such as `YYYY-MM-DD`, `DD.MM.YYYY` or `YYYY-MM-DD hh:mm:ss`";
    let read = |text: String| text.parse().map_err(|()| refused("dates", &text, needed));
    dates.into_iter().map(read).collect()
}

fn reference(columns: OneOrMany) -> Result<Vec<String>, MappingError> {
    let columns = match columns {
        OneOrMany::One(column) => vec![column],
        OneOrMany::Many(columns) => columns,
    };
    if columns.is_empty() || columns.len() > MAX_REFERENCE_COLUMNS {
        let found = columns.len().to_string();
        return Err(refused("columns.reference", &found, "1 to 8 columns"));
    }
    Ok(columns)
}
