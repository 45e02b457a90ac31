//! What is wrong with lines of a report, all of them together.

use crate::admission::Refusal;
use crate::intake::{LineFault, ReportError, WorkBy};
use crate::ledger::LedgerError;
use crate::ledger::answer::AnswerError;
use crate::record::{EntryNumber, Reference};
use crate::store::StoreError;
use std::fmt;
use thiserror::Error;

/// Why nothing of a report was recorded.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A report cannot be read.
    #[error("{}{error}", of(*report))]
    Report {
        /// Which of the reports that were imported together, counted from 1.
        report: usize,
        /// Why.
        error: ReportError,
    },
    /// Statements that are only signed are handed out all together.
    #[error("the lines take more than {limit} statements, which are too many to be only signed")]
    TooManyToSign {
        /// How many are signed together at most.
        limit: usize,
    },
    /// Lines that cannot be recorded. The first of them is told here.
    #[error("{}{}{}", of(*report), first(problems), further(problems.len(), *more))]
    Lines {
        /// Which of the reports that were imported together has them, counted from 1.
        report: usize,
        /// What is wrong, in order of lines.
        problems: Vec<LineProblem>,
        /// Whether reading stopped before the end, there being so many.
        more: bool,
    },
    /// The ledger refused, or is not what it was.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<ReportError> for ImportError {
    /// Of the first report.
    fn from(error: ReportError) -> Self {
        Self::Report { report: 1, error }
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

fn of(report: usize) -> String {
    if report > 1 { format!("report {report}: ") } else { String::new() }
}

fn first(problems: &[LineProblem]) -> String {
    problems.first().map_or_else(String::new, ToString::to_string)
}

fn further(found: usize, more: bool) -> String {
    match (found, more) {
        (0 | 1, false) => String::new(),
        (2, false) => ", and 1 more line".to_owned(),
        (found, false) => format!(", and {} more lines", found - 1),
        (found, true) => format!(", and {} lines or more", found - 1),
    }
}

/// A line that cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct LineProblem {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: ImportFault,
}

/// Where the other one of two lines with one reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherLine {
    /// Earlier in what is imported.
    Line {
        /// In which report, counted from 1, where not in the same.
        report: Option<usize>,
        /// Where in it.
        line: u64,
    },
    /// In the ledger.
    Entry(EntryNumber),
}

impl fmt::Display for OtherLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { report: None, line } => write!(f, "line {line}"),
            Self::Line { report: Some(report), line } => {
                write!(f, "line {line} of report {report}")
            }
            Self::Entry(entry) => write!(f, "entry {entry}"),
        }
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportFault {
    /// The line itself.
    #[error(transparent)]
    Line(LineFault),
    /// It breaks a rule of the contract.
    #[error(transparent)]
    Rule(Box<Refusal>),
    /// No contract by that name, or several.
    #[error("{reason}")]
    Contract {
        /// What the line says.
        found: String,
        /// What was found instead.
        reason: Box<AnswerError>,
    },
    /// Neither the line nor whoever imports says which contract.
    #[error("the line names neither a contract nor a work, and none is given for the whole report")]
    NoContract,
    /// The account is that of another work.
    #[error("the line is about {work}, the account is that of {account} alone")]
    OtherWork {
        /// What the line is about.
        work: EntryNumber,
        /// The work whose account it is.
        account: EntryNumber,
    },
    /// No work goes by that name.
    #[error("no work of this account has the {by} `{found}`", by = by_name(*by))]
    UnknownWork {
        /// What the line says.
        found: String,
        /// What kind of name it is.
        by: WorkBy,
    },
    /// Several works go by that name.
    #[error("the {by} `{found}` may mean {}", list(works), by = by_name(*by))]
    AmbiguousWork {
        /// What the line says.
        found: String,
        /// What kind of name it is.
        by: WorkBy,
        /// The works.
        works: Vec<EntryNumber>,
    },
    /// Two lines with one reference say different things.
    #[error("reference `{reference}` stands for {here} here and for {there} in {other}")]
    ReferenceDiffers {
        /// The reference.
        reference: Reference,
        /// What this line says.
        here: String,
        /// What the other line says.
        there: String,
        /// Where that stands.
        other: OtherLine,
    },
}

const fn by_name(by: WorkBy) -> &'static str {
    match by {
        WorkBy::Title => "title",
        WorkBy::Reference => "reference",
        WorkBy::Digest => "digest",
    }
}

fn list(works: &[EntryNumber]) -> String {
    let works: Vec<String> = works.iter().map(ToString::to_string).collect();
    works.join(", ")
}

impl ImportFault {
    /// The stable name of the rule, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Line(fault) => fault.code(),
            Self::Rule(refusal) => refusal.code(),
            Self::Contract { .. } => "unknown_contract",
            Self::NoContract => "contract_missing",
            Self::OtherWork { .. } => "other_work",
            Self::UnknownWork { .. } => "unknown_work",
            Self::AmbiguousWork { .. } => "ambiguous_work",
            Self::ReferenceDiffers { .. } => "reference_used",
        }
    }

    /// The way out.
    pub fn hint(&self) -> String {
        if let Self::Rule(refusal) = self
            && let Refusal::BeforeCause { .. } | Refusal::EffectiveInFuture { .. } = **refusal
        {
            return "correct the day of the line, or take the line out of the report".to_owned();
        }
        match self {
            Self::Line(fault) => fault.hint().to_owned(),
            Self::Rule(refusal) => refusal.hint(),
            Self::Contract { found, .. } => format!(
                "add `{found}` to `contracts` of the mapping, as `#12` or `provider/slug@version`"
            ),
            Self::NoContract => {
                "name the column in the mapping, as `columns.contract` or `columns.work`".to_owned()
            }
            Self::OtherWork { work, .. } => {
                format!("have the line name {work} as its contract, or import it by itself")
            }
            Self::UnknownWork { .. } => {
                "add it to `works` of the mapping, or register the work under the contract"
                    .to_owned()
            }
            Self::AmbiguousWork { .. } => {
                "add it to `works` of the mapping with the entry that is meant".to_owned()
            }
            Self::ReferenceDiffers { .. } => {
                "give each line a reference of its own; a line that was wrong is reversed with \
                 `deedbook correct`"
                    .to_owned()
            }
        }
    }
}
