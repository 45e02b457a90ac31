//! The day or the moment on which a fact took effect, as `--on` says it.

use super::CliError;
use crate::record::Timestamp;

/// What `--on` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct On {
    at: Timestamp,
    is_day: bool,
}

impl On {
    /// Reads it, where it was typed.
    pub(super) fn parse(typed: Option<&str>) -> Result<Option<Self>, CliError> {
        let Some(typed) = typed else {
            return Ok(None);
        };
        let (at, end) = (Timestamp::parse_start(typed)?, Timestamp::parse_end(typed)?);
        Ok(Some(Self { at, is_day: at != end }))
    }

    /// The moment, or the start of the day.
    pub(super) const fn start(self) -> Timestamp {
        self.at
    }

    /// Whether it is a day, and this moment lies in it.
    pub(super) fn is_day_of(self, moment: Timestamp) -> bool {
        self.is_day && moment.date() == self.at.date()
    }
}
