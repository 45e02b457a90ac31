//! The two times of a question.

use super::{AnswerError, Moments};
use crate::record::Timestamp;
use crate::store::Reader;

impl Moments {
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
