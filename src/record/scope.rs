//! What of a copyright is meant: kinds of right, territory, period.

use super::{RecordError, Rights, Territory, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// From a moment until another, the second not included; without an end, for as long as the
/// copyright is protected.
///
/// ```
/// use deedbook::record::{Period, Timestamp};
/// let [spring, summer] = ["2026-03-01", "2026-06-01"].map(|d| Timestamp::parse_start(d).unwrap());
/// let lent = Period::new(spring, Some(summer))?;
/// assert!(lent.contains(spring) && !lent.contains(summer));
/// assert_eq!(Period::since(spring).difference(lent), [None, Some(Period::since(summer))]);
/// # Ok::<(), deedbook::record::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Period {
    /// The period from `from` up to but not including `until`.
    ///
    /// # Errors
    /// An end that is not after the start.
    pub fn new(from: Timestamp, until: Option<Timestamp>) -> Result<Self, RecordError> {
        match until {
            Some(until) if until <= from => Err(RecordError::PeriodEmpty { from, until }),
            Some(_) | None => Ok(Self { from, until }),
        }
    }

    /// From a moment on, without an end.
    pub const fn since(from: Timestamp) -> Self {
        Self { from, until: None }
    }

    /// The first moment.
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// The first moment after it, if it ends.
    pub const fn until(self) -> Option<Timestamp> {
        self.until
    }

    /// Whether the moment falls in it.
    pub fn contains(self, moment: Timestamp) -> bool {
        self.from <= moment && self.until.is_none_or(|until| moment < until)
    }

    /// The moments that both have.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self::new(self.from.max(other.from), until).ok()
    }

    /// The moments of this one that the other does not have: before it and after it.
    pub fn difference(self, other: Self) -> [Option<Self>; 2] {
        let before = self.intersection_until(other.from);
        let after = other.until.and_then(|start| Self::new(self.from.max(start), self.until).ok());
        [before, after]
    }

    fn intersection_until(self, end: Timestamp) -> Option<Self> {
        let until = self.until.map_or(end, |until| until.min(end));
        Self::new(self.from, Some(until)).ok()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "{} until {until}", self.from),
            None => write!(f, "from {} for the term of protection", self.from),
        }
    }
}

/// Kinds of right and where they apply; what a record names before its time is known.
///
/// ```
/// use deedbook::record::{Rights, Scope};
/// let china = Scope { rights: Rights::ALL, territory: "CN".parse()? };
/// let rest: Vec<String> =
///     Scope::WHOLE.difference(china).iter().flatten().map(Scope::to_string).collect();
/// assert_eq!(rest, ["all economic rights, worldwide except CN"]);
/// # Ok::<(), deedbook::record::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The kinds of right.
    pub rights: Rights,
    /// Where.
    pub territory: Territory,
}

impl Scope {
    /// All economic rights, worldwide: what is meant where a form says nothing else.
    pub const WHOLE: Self = Self { rights: Rights::ALL, territory: Territory::WORLDWIDE };

    /// What both cover.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Some(Self {
            rights: self.rights.intersection(other.rights)?,
            territory: self.territory.intersection(other.territory)?,
        })
    }

    /// What this one covers and the other does not, in two disjoint pieces: the rights that the
    /// other lacks, everywhere; and the shared rights where the other does not reach.
    pub fn difference(self, other: Self) -> [Option<Self>; 2] {
        let Some(shared) = self.intersection(other) else {
            return [Some(self), None];
        };
        [
            self.rights.difference(shared.rights).map(|rights| Self { rights, ..self }),
            self.territory
                .difference(shared.territory)
                .map(|territory| Self { rights: shared.rights, territory }),
        ]
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rights == Rights::ALL {
            write!(f, "all economic rights, {}", self.territory)
        } else {
            write!(f, "{}, {}", self.rights, self.territory)
        }
    }
}
