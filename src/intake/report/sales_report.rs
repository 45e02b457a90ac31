//! A sales report, read line by line.

use super::mapping::{Given, Heading};
use super::rows::{RowError, Rows};
use super::text::ReportText;
use super::{LineFault, Mapping, ReportLine, WorkBy, WorkName};
use crate::intake::IntakeError;
use crate::intake::regular_file::RegularFile;
use crate::money::Currency;
use crate::record::{CountryCode, LineKind, Reference, Timestamp};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

/// Different texts for works, dates and the like that are remembered; beyond that they are read
/// anew.
const MAX_REMEMBERED: usize = 100_000;

/// A report that cannot be read at all, or not any further.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReportError {
    /// The file.
    #[error(transparent)]
    File(#[from] IntakeError),
    /// There is no heading, or no line under it.
    #[error("the report has no lines")]
    NoLines,
    /// A column of the mapping that the heading does not have.
    #[error("the report has no column `{column}`; it has {}", found.join(", "))]
    ColumnMissing {
        /// The column.
        column: String,
        /// The headings that are there, in backticks.
        found: Vec<String>,
    },
    /// A column of the mapping that the heading has more than once.
    #[error("the report has several columns `{column}`")]
    ColumnTwice {
        /// The column.
        column: String,
    },
}

impl ReportError {
    /// The stable name of the error, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::NoLines => "report_empty",
            Self::ColumnMissing { .. } => "column_missing",
            Self::ColumnTwice { .. } => "column_twice",
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.hint(),
            Self::NoLines => "check that the whole report was saved",
            Self::ColumnMissing { .. } => {
                "name the column in the mapping as the report does, and check its `delimiter`"
            }
            Self::ColumnTwice { .. } => "give each column of the report a name of its own",
        }
    }
}

/// Where the values of a line stand.
struct Places {
    date: usize,
    amount: usize,
    reference: Vec<usize>,
    category: Option<usize>,
    contract: Option<usize>,
    currency: Option<usize>,
    work: Option<usize>,
    units: Option<usize>,
    territory: Option<usize>,
}

/// A sales report on its way to lines of account.
///
/// ```
/// use deedbook::intake::{Mapping, SalesReport};
/// let mapping = Mapping::parse(
///     "dates = \"YYYY-MM-DD\"\n[columns]\ndate = \"Day\"\namount = \"Net\"\nreference = \"Order\"\n\
///      [constants]\ncategory = \"revenue/sales\"\ncurrency = \"CNY\"\n",
/// )?;
/// let csv = "Day,Order,Net\r\n2026-03-01,A-1,49.00\r\n";
/// let mut report = SalesReport::read(csv.as_bytes(), "report.csv".as_ref(), &mapping)?;
/// let line = report.next_line()?.unwrap().unwrap();
/// assert_eq!((line.line, line.minor), (2, 4900));
/// assert!(report.next_line()?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SalesReport<'mapping, R> {
    mapping: &'mapping Mapping,
    rows: Rows<R>,
    path: std::path::PathBuf,
    places: Places,
    width: usize,
    names: HashMap<String, WorkName>,
    contracts: HashMap<String, Arc<str>>,
    /// The date that was read last: lines of a report mostly share it with the line before.
    last_date: (String, Timestamp),
    /// The file cannot be read behind this.
    stopped: bool,
    /// The file as it stood before it was read, where the report is one.
    file: Option<RegularFile>,
}

/// The next line with where it stands, or what is wrong with it; nothing at the end.
pub type NextLine = Option<Result<ReportLine, (u64, LineFault)>>;

impl<'mapping> SalesReport<'mapping, File> {
    /// Opens a report and reads its heading.
    ///
    /// # Errors
    /// As [`SalesReport::read`]; a path that leads to no regular file.
    pub fn open(path: &Path, mapping: &'mapping Mapping) -> Result<Self, ReportError> {
        let looked = RegularFile::look(path, u64::MAX)?;
        let file = File::open(path).map_err(IntakeError::io(path))?;
        looked.check_open(path, &file)?;
        let mut report = Self::read(file, path, mapping)?;
        report.file = Some(looked);
        Ok(report)
    }
}

impl<'mapping, R: Read> SalesReport<'mapping, R> {
    /// Reads the heading of a report. The path is what errors name.
    ///
    /// # Errors
    /// A file that cannot be read; a heading without the columns that the mapping names.
    pub fn read(source: R, path: &Path, mapping: &'mapping Mapping) -> Result<Self, ReportError> {
        let io = |error| ReportError::File(IntakeError::io(path)(error));
        let text = ReportText::new(source, mapping.encoding).map_err(io)?;
        let mut rows = Rows::new(text, mapping.delimiter, mapping.unterminated);
        match rows.advance() {
            Ok(true) => {}
            // A heading that is cut off has no line under it.
            Ok(false) | Err(RowError::Fault(..)) => return Err(ReportError::NoLines),
            Err(RowError::Io(error)) => return Err(io(error)),
        }
        let headings: Vec<String> =
            (0..rows.count()).map(|place| rows.field(place).unwrap_or("").to_owned()).collect();
        Ok(Self {
            mapping,
            places: Places::of(mapping, &headings)?,
            rows,
            path: path.to_owned(),
            width: headings.len(),
            names: HashMap::new(),
            contracts: HashMap::new(),
            last_date: (String::new(), Timestamp::MIN),
            stopped: false,
            file: None,
        })
    }

    /// The next line that is not left out, or what is wrong with it. Behind a line that is not whole
    /// nothing is read any more.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn next_line(&mut self) -> Result<NextLine, ReportError> {
        while !self.stopped {
            match self.rows.advance() {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(file) = self.file {
                        file.check_unchanged(&self.path)?;
                    }
                    return Ok(None);
                }
                Err(RowError::Fault(line, fault)) => {
                    self.stopped = true;
                    return Ok(Some(Err((line, fault))));
                }
                Err(RowError::Io(error)) => return Err(IntakeError::io(&self.path)(error).into()),
            }
            match self.line() {
                Ok(None) => {}
                Ok(Some(line)) => return Ok(Some(Ok(line))),
                Err(fault) => return Ok(Some(Err((self.rows.line(), fault)))),
            }
        }
        Ok(None)
    }

    fn line(&mut self) -> Result<Option<ReportLine>, LineFault> {
        let (found, needed) = (self.rows.count(), self.width);
        if found != needed {
            return Err(LineFault::Fields { found, needed });
        }
        let Some((mut kind, category)) = self.heading()? else {
            return Ok(None);
        };
        let currency = self.currency()?;
        let amount = self.field(self.places.amount, &self.mapping.amount, "an amount")?;
        let mut minor = self.mapping.numbers.amount(amount, currency)?;
        if minor == 0 {
            return if self.mapping.zero_is_skipped { Ok(None) } else { Err(LineFault::Zero) };
        }
        if minor < 0 {
            if !self.mapping.negative_is_refund || kind != LineKind::Revenue {
                return Err(LineFault::Negative { found: amount.to_owned() });
            }
            (minor, kind) = (-minor, LineKind::Refund);
        }
        let too_much = || LineFault::Number { found: amount.to_owned() };
        let minor = i64::try_from(minor).map_err(|_| too_much())?;
        let (reference, units, territory) = (self.reference()?, self.units()?, self.territory()?);
        let (line, on, work) = (self.rows.line(), self.date()?, self.work()?);
        let contract = self.contract()?;
        Ok(Some(ReportLine {
            line,
            contract,
            kind,
            category,
            on,
            minor,
            currency,
            reference,
            work,
            units,
            territory,
        }))
    }

    /// A field that must not be empty.
    fn field(&self, place: usize, column: &str, needed: &'static str) -> Result<&str, LineFault> {
        let found = self.rows.field(place).ok_or_else(|| self.rows.no_text())?;
        if found.is_empty() {
            return Err(LineFault::Empty { column: column.to_owned(), needed });
        }
        Ok(found)
    }

    /// A field that may be empty.
    fn optional(&self, place: Option<usize>) -> Result<Option<&str>, LineFault> {
        let Some(place) = place else {
            return Ok(None);
        };
        let found = self.rows.field(place).ok_or_else(|| self.rows.no_text())?;
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    fn heading(&self) -> Result<Heading, LineFault> {
        match (&self.mapping.category, self.places.category) {
            (Given::Column(column), Some(place)) => {
                let found = self.field(place, column, "a category")?;
                let known = self.mapping.categories.get(found);
                known.cloned().ok_or_else(|| LineFault::UnknownCategory { found: found.to_owned() })
            }
            (Given::Constant(heading), _) => Ok(heading.clone()),
            (Given::Column(column), None) => {
                Err(LineFault::Empty { column: column.clone(), needed: "a category" })
            }
        }
    }

    fn currency(&self) -> Result<Currency, LineFault> {
        match (&self.mapping.currency, self.places.currency) {
            (Given::Column(column), Some(place)) => {
                Ok(self.field(place, column, "a currency")?.parse()?)
            }
            (Given::Constant(currency), _) => Ok(*currency),
            (Given::Column(column), None) => {
                Err(LineFault::Empty { column: column.clone(), needed: "a currency" })
            }
        }
    }

    fn reference(&self) -> Result<Reference, LineFault> {
        let needed = "a reference";
        let columns = self.places.reference.iter().zip(&self.mapping.reference);
        let mut joined = String::new();
        for (place, column) in columns {
            if !joined.is_empty() {
                joined.push('/');
            }
            joined.push_str(self.field(*place, column, needed)?);
        }
        Ok(Reference::new(joined)?)
    }

    fn units(&self) -> Result<Option<u64>, LineFault> {
        let Some(found) = self.optional(self.places.units)? else {
            return Ok(None);
        };
        // What is given back is counted below zero by some; the kind of the line says it already.
        let count = self.mapping.numbers.count(found)?.unsigned_abs();
        if count == 0 {
            return Err(LineFault::Units { found: found.to_owned() });
        }
        Ok(Some(count))
    }

    fn territory(&self) -> Result<Option<CountryCode>, LineFault> {
        if let Some(Given::Constant(country)) = self.mapping.territory {
            return Ok(Some(country));
        }
        let Some(found) = self.optional(self.places.territory)? else {
            return Ok(None);
        };
        if let Some(country) = self.mapping.territories.get(found) {
            return Ok(Some(*country));
        }
        let unknown = |_| LineFault::UnknownTerritory { found: found.to_owned() };
        found.parse().map(Some).map_err(unknown)
    }

    fn date(&mut self) -> Result<Timestamp, LineFault> {
        let found = self.field(self.places.date, &self.mapping.date, "a day")?;
        if found == self.last_date.0 {
            return Ok(self.last_date.1);
        }
        let mut read = None;
        for format in &self.mapping.dates {
            let Some(moment) = format.read(found) else {
                continue;
            };
            match read {
                Some((known, _)) if known == moment => {}
                Some((_, other)) => {
                    let (one, other): (&super::DateFormat, _) = (other, format);
                    return Err(LineFault::AmbiguousDate {
                        found: found.to_owned(),
                        one: one.to_string(),
                        other: other.to_string(),
                    });
                }
                None => read = Some((moment, format)),
            }
        }
        let Some((moment, _)) = read else {
            let formats: Vec<String> =
                self.mapping.dates.iter().map(|format| format!("`{format}`")).collect();
            let needed = formats.join(" or ");
            return Err(LineFault::Date { found: found.to_owned(), needed });
        };
        self.last_date = (found.to_owned(), moment);
        Ok(moment)
    }

    fn contract(&mut self) -> Result<Option<Arc<str>>, LineFault> {
        let found = match (&self.mapping.contract, self.places.contract) {
            (None, _) => return Ok(None),
            (Some(Given::Constant(text)), _) => text.as_str(),
            (Some(Given::Column(column)), Some(place)) => {
                self.field(place, column, "a contract")?
            }
            (Some(Given::Column(column)), None) => {
                return Err(LineFault::Empty { column: column.clone(), needed: "a contract" });
            }
        };
        if let Some(name) = self.contracts.get(found) {
            return Ok(Some(name.clone()));
        }
        let meant = self.mapping.contracts.get(found).map_or(found, String::as_str);
        let (name, found) = (Arc::<str>::from(meant), found.to_owned());
        if self.contracts.len() >= MAX_REMEMBERED {
            self.contracts.clear();
        }
        self.contracts.insert(found, name.clone());
        Ok(Some(name))
    }

    fn work(&mut self) -> Result<Option<WorkName>, LineFault> {
        let constant = match &self.mapping.work {
            Some(Given::Constant(text)) => Some(text.as_str()),
            Some(Given::Column(_)) | None => None,
        };
        let found = match constant {
            Some(text) => Some(text),
            None => self.optional(self.places.work)?,
        };
        let Some(found) = found else {
            return Ok(None);
        };
        if let Some(name) = self.names.get(found) {
            return Ok(Some(name.clone()));
        }
        let name = match self.mapping.works.get(found) {
            Some(reference) => WorkName { by: WorkBy::Reference, text: Arc::from(&**reference) },
            None => WorkName { by: self.mapping.work_by(), text: Arc::from(found) },
        };
        let found = found.to_owned();
        if self.names.len() >= MAX_REMEMBERED {
            self.names.clear();
        }
        self.names.insert(found, name.clone());
        Ok(Some(name))
    }
}

impl Places {
    fn of(mapping: &Mapping, headings: &[String]) -> Result<Self, ReportError> {
        let place = |column: &str| {
            let mut places = (0..).zip(headings).filter(|(_, heading)| *heading == column);
            match (places.next(), places.next()) {
                (Some((place, _)), None) => Ok(place),
                (Some(_), Some(_)) => Err(ReportError::ColumnTwice { column: column.to_owned() }),
                (None, _) => Err(ReportError::ColumnMissing {
                    column: column.to_owned(),
                    found: headings.iter().map(|heading| format!("`{heading}`")).collect(),
                }),
            }
        };
        fn column<T>(given: &Given<T>) -> Option<&str> {
            match given {
                Given::Column(column) => Some(column),
                Given::Constant(_) => None,
            }
        }
        let optional = |name: Option<&str>| name.map(place).transpose();
        Ok(Self {
            date: place(&mapping.date)?,
            amount: place(&mapping.amount)?,
            reference: mapping
                .reference
                .iter()
                .map(|name| place(name))
                .collect::<Result<_, _>>()?,
            category: optional(column(&mapping.category))?,
            contract: optional(mapping.contract.as_ref().and_then(column))?,
            currency: optional(column(&mapping.currency))?,
            work: optional(mapping.work.as_ref().and_then(column))?,
            units: optional(mapping.units.as_deref())?,
            territory: optional(mapping.territory.as_ref().and_then(column))?,
        })
    }
}
