//! What can be wrong with a sheet of events, all of its lines together.

use super::LineFault;
use crate::intake::IntakeError;
use crate::money::MoneyError;
use crate::record::RecordError;
use crate::royalty::RoyaltyError;
use thiserror::Error;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EventFault {
    /// The line itself.
    #[error(transparent)]
    Line(LineFault),
    /// No kind of event.
    #[error("`{found}` is not a kind of event: {needed}")]
    Kind {
        /// What stands there.
        found: String,
        /// The kinds.
        needed: &'static str,
    },
    /// No day.
    #[error("`{found}` is not a day such as 2026-03-31")]
    Date {
        /// What stands there.
        found: String,
    },
    /// A field that is needed and empty.
    #[error("column `{column}` is empty, a line of kind `{kind}` needs it")]
    Empty {
        /// The column.
        column: &'static str,
        /// The kind of event.
        kind: &'static str,
    },
    /// A field that says nothing about this kind of event.
    #[error("column `{column}` has `{found}`, must be empty in a line of kind `{kind}`")]
    NotEmpty {
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// The kind of event.
        kind: &'static str,
    },
    /// An amount of nothing or of less.
    #[error("the amount is `{found}`, must be more than 0")]
    NotPositive {
        /// What stands there.
        found: String,
    },
    /// Two lines with one reference.
    #[error("reference `{reference}` stands in line {first} already")]
    ReferenceTwice {
        /// The reference.
        reference: String,
        /// The line before.
        first: u64,
    },
    /// No figure of an opening balance.
    #[error("`{found}` is not a figure of an opening balance: {needed}")]
    OpeningFigure {
        /// What stands there.
        found: String,
        /// The figures.
        needed: &'static str,
    },
    /// A figure of the opening balance that was given before.
    #[error("the opening balance has `{found}` twice")]
    OpeningTwice {
        /// The figure.
        found: String,
    },
    /// Figures of one opening balance with different days or currencies.
    #[error("the opening balance is of {found} here and of {first} in its first line")]
    OpeningDiffers {
        /// The day or the currency here.
        found: String,
        /// That of the first line.
        first: String,
    },
    /// A rate or a category that the engine does not take.
    #[error(transparent)]
    Royalty(#[from] RoyaltyError),
}

impl From<LineFault> for EventFault {
    fn from(fault: LineFault) -> Self {
        Self::Line(fault)
    }
}

impl From<RecordError> for EventFault {
    fn from(error: RecordError) -> Self {
        Self::Line(error.into())
    }
}

impl From<MoneyError> for EventFault {
    fn from(error: MoneyError) -> Self {
        Self::Line(error.into())
    }
}

impl EventFault {
    /// The stable name of the rule, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Line(fault) => fault.code(),
            Self::Kind { .. } => "event_kind",
            Self::Date { .. } => "line_date",
            Self::Empty { .. } => "field_empty",
            Self::NotEmpty { .. } => "field_not_empty",
            Self::NotPositive { .. } => "amount_not_positive",
            Self::ReferenceTwice { .. } => "reference_twice",
            Self::OpeningFigure { .. } => "opening_figure",
            Self::OpeningTwice { .. } => "opening_twice",
            Self::OpeningDiffers { .. } => "opening_differs",
            Self::Royalty(_) => "event_refused",
        }
    }

    /// The way out.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Line(LineFault::Truncated | LineFault::Unclosed) => {
                "get the whole file; its last line ends with a line break as the others do"
            }
            Self::Line(LineFault::Encoding { .. }) => "save the file as UTF-8",
            Self::Line(_) => "schema/events-v1.md says how each column is written",
            Self::Kind { .. } | Self::Date { .. } => "correct the line",
            Self::Empty { .. } => "fill the field",
            Self::NotEmpty { .. } => "leave the field empty, or correct the kind",
            Self::NotPositive { .. } => "money that is given back is a line of kind `refund`",
            Self::ReferenceTwice { .. } => {
                "take one of the lines out, or give each a reference of its own"
            }
            Self::OpeningFigure { .. } | Self::OpeningTwice { .. } => {
                "give each figure once, by its name in the column `category`"
            }
            Self::OpeningDiffers { .. } => "give all figures of the balance as of one day",
            Self::Royalty(_) => "give one rate for each pair and day, and fewer categories",
        }
    }
}

/// A line with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct EventProblem {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: EventFault,
}

/// Why a sheet of events cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EventSheetError {
    /// The file.
    #[error(transparent)]
    File(#[from] IntakeError),
    /// There is no heading, or no event under it.
    #[error("the file has no events")]
    NoEvents,
    /// Another heading than that of sheets of events.
    #[error("the heading is `{found}`, must be `{needed}`")]
    Heading {
        /// The heading.
        found: String,
        /// The one that is needed.
        needed: String,
    },
    /// More than is taken into memory.
    #[error("the file has more than {max} lines")]
    TooManyLines {
        /// The limit.
        max: usize,
    },
    /// Lines that cannot be used. The first of them is told here.
    #[error("{}{}", problems.first().map_or_else(String::new, ToString::to_string), further(problems, *more))]
    Lines {
        /// What is wrong, in order of lines.
        problems: Vec<EventProblem>,
        /// Whether reading stopped before the end, there being so many.
        more: bool,
    },
}

fn further(problems: &[EventProblem], more: bool) -> String {
    let or_more = if more { " or more" } else { "" };
    match problems.len() {
        0 | 1 => String::new(),
        2 => format!(", and 1 more line{or_more}"),
        found => format!(", and {} more lines{or_more}", found - 1),
    }
}

impl EventSheetError {
    /// The stable name of the error, for programs; that of the first line, where lines are wrong.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::NoEvents => "events_empty",
            Self::Heading { .. } => "events_heading",
            Self::TooManyLines { .. } => "events_too_many",
            Self::Lines { problems, .. } => {
                problems.first().map_or("event_lines", |problem| problem.fault.code())
            }
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.hint(),
            Self::NoEvents => "write the heading, and a line for each event",
            Self::Heading { .. } => {
                "write the heading of schema/events-v1.md, with commas between its columns"
            }
            Self::TooManyLines { .. } => "sum lines of one day, kind, category and work",
            Self::Lines { problems, .. } => {
                problems.first().map_or("", |problem| problem.fault.hint())
            }
        }
    }
}
