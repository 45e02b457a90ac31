//! Why evidence about something could not be gathered.

use crate::evidence::MAX_ENTRIES;
use crate::ledger::answer::AnswerError;
use crate::record::{EntryNumber, Kind, RecordError};
use crate::store::StoreError;
use thiserror::Error;

/// Evidence could not be gathered.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum GatherError {
    /// Evidence is about works, contracts and parties.
    #[error(
        "{entry} is {}, must be a work, a contract or a party",
        .found.map_or_else(|| "not there".to_owned(), |kind| format!("of kind `{kind}`"))
    )]
    NotASubject {
        /// The entry.
        entry: EntryNumber,
        /// Its kind.
        found: Option<Kind>,
    },
    /// More entries than a bundle has.
    #[error("{found} entries or more bear on it, must be at most {MAX_ENTRIES}")]
    TooMany {
        /// How many were found so far.
        found: usize,
    },
    /// An entry that others name is not there.
    #[error("{needed} that entry {entry} names is not in the ledger")]
    Missing {
        /// Who names it.
        entry: EntryNumber,
        /// What is named.
        needed: &'static str,
    },
    /// Bytes that are not a record, or a period that is none.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Figures that cannot be computed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A cosignature that is kept and is none.
    #[error("what is kept as a cosignature of the first {size} entries is none")]
    Cosignature {
        /// The size of the checkpoint.
        size: u64,
    },
    /// The ledger could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
