//! The two times of a question.

use super::AnswerError;
use crate::record::Timestamp;
use crate::store::Reader;

/// What a question is about: what had taken effect at one moment, as the ledger knew it at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// Facts count that had taken effect by then.
    pub as_of: Timestamp,
    /// Facts count that the ledger had registered by then.
    pub known_at: Timestamp,
}

impl Moments {
    /// Everything the ledger will ever know of.
    pub const ALL: Self = Self { as_of: Timestamp::MAX, known_at: Timestamp::MAX };

    /// The moments that were asked for, or else now. An entry registered by a clock that ran a
    /// little ahead counts as known now.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub fn new(
        reader: &Reader<'_>,
        as_of: Option<Timestamp>,
        known_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, AnswerError> {
        let last = reader.last_registered_at()?;
        let now = last.map_or(now, |last| last.max(now));
        Ok(Self { as_of: as_of.unwrap_or(now), known_at: known_at.unwrap_or(now) })
    }
}
