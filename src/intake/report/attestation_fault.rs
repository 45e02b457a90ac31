//! What can be wrong with a log of generations, all of its lines together.

use super::LineFault;
use crate::intake::IntakeError;
use crate::record::RecordError;
use thiserror::Error;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AttestationFault {
    /// The line itself.
    #[error(transparent)]
    Line(LineFault),
    /// Not one JSON object with the members of a log.
    #[error("the line is not an object of a log: {reason}")]
    Json {
        /// What the reader of JSON says, without the line, which is told beside it.
        reason: String,
    },
    /// A field that is needed and empty.
    #[error("`{column}` is empty")]
    Empty {
        /// The column or member.
        column: &'static str,
    },
    /// No digest and no commitment.
    #[error("`{column}` has `{found}`, must be 64 hexadecimal digits")]
    Hexadecimal {
        /// The column or member.
        column: &'static str,
        /// What stands there.
        found: String,
    },
    /// No moment.
    #[error("`at` has `{found}`, must be a moment such as 2026-03-01T12:00:00Z")]
    Moment {
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
}

impl From<LineFault> for AttestationFault {
    fn from(fault: LineFault) -> Self {
        Self::Line(fault)
    }
}

impl From<RecordError> for AttestationFault {
    fn from(error: RecordError) -> Self {
        Self::Line(error.into())
    }
}

impl AttestationFault {
    /// The stable name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Line(fault) => fault.code(),
            Self::Json { .. } => "log_json",
            Self::Empty { .. } => "log_empty",
            Self::Hexadecimal { .. } => "log_hexadecimal",
            Self::Moment { .. } => "log_moment",
            Self::ReferenceTwice { .. } => "log_reference",
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Line(LineFault::Truncated | LineFault::Unclosed) => "get the whole file",
            Self::Line(_) | Self::Json { .. } | Self::Empty { .. } => {
                "schema/attestation-v1.md shows what a log says"
            }
            Self::Hexadecimal { .. } => "digests are BLAKE3-256, as b3sum prints them",
            Self::Moment { .. } => "moments are in UTC, or have an offset",
            Self::ReferenceTwice { .. } => "give each output a reference of its own",
        }
    }
}

/// A line that cannot be attested.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct AttestationProblem {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: AttestationFault,
}

/// Why a log cannot be taken.
#[derive(Debug, Error)]
pub enum AttestationLogError {
    /// The file.
    #[error(transparent)]
    File(#[from] IntakeError),
    /// Other columns than those of a log.
    #[error("the heading is `{found}`, must be `{needed}`")]
    Heading {
        /// What stands there.
        found: String,
        /// The columns.
        needed: String,
    },
    /// Nothing to attest.
    #[error("the log has no lines")]
    NoLines,
    /// More than is taken at once.
    #[error("the log has more than {max} lines")]
    TooManyLines {
        /// How many are taken.
        max: usize,
    },
    /// Lines that cannot be attested. The first of them is told here.
    #[error("{}{}", first(problems), further(problems.len(), *more))]
    Lines {
        /// What is wrong, in order of lines.
        problems: Vec<AttestationProblem>,
        /// Whether reading stopped before the end, there being so many.
        more: bool,
    },
}

impl AttestationLogError {
    /// The stable name of the rule; that of the first line, where lines are wrong.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Heading { .. } => "log_heading",
            Self::NoLines => "log_without_lines",
            Self::TooManyLines { .. } => "too_many",
            Self::Lines { problems, .. } => {
                problems.first().map_or("log_lines", |problem| problem.fault.code())
            }
        }
    }

    /// The way out.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.hint(),
            Self::Heading { .. } | Self::NoLines => {
                "schema/attestation-v1.md shows what a log says"
            }
            Self::TooManyLines { .. } => "split the log; outputs attested before are left out",
            Self::Lines { problems, .. } => {
                problems.first().map_or("", |problem| problem.fault.hint())
            }
        }
    }
}

fn first(problems: &[AttestationProblem]) -> String {
    problems.first().map_or_else(String::new, ToString::to_string)
}

fn further(found: usize, more: bool) -> String {
    match (found, more) {
        (0 | 1, false) => String::new(),
        (2, false) => ", and 1 more line".to_owned(),
        (found, false) => format!(", and {} more lines", found - 1),
        (0 | 1, true) => "; what follows it was not read".to_owned(),
        (found, true) => format!(", and {} more lines; what follows was not read", found - 1),
    }
}
