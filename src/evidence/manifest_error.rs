//! What is wrong with a manifest by itself.

use super::{ArchiveError, MAX_ENTRIES, VERSION};
use crate::record::EntryNumber;
use thiserror::Error;

/// The manifest is not one, or contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// Not the JSON of a manifest.
    #[error("the manifest cannot be read at line {line}, column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Of another format or version.
    #[error("the manifest is of version {version} of its format, must be of {VERSION}")]
    Version {
        /// What it says.
        version: u32,
    },
    /// Not written in the one way in which a manifest is written.
    #[error("the manifest is not written in its one form")]
    NotCanonical,
    /// More entries than a bundle has.
    #[error("the manifest lists {found} entries, must list at most {MAX_ENTRIES}")]
    TooManyEntries {
        /// How many.
        found: usize,
    },
    /// An entry in both lists.
    #[error("the manifest lists {entry} twice")]
    ListedTwice {
        /// Which.
        entry: EntryNumber,
    },
    /// A work that is to be told whole and is not listed.
    #[error(
        "the manifest names work {entry}, which is not among the entries that concern the subject"
    )]
    WorkNotListed {
        /// Which.
        entry: EntryNumber,
    },
    /// The opening of the log or the subject is not listed.
    #[error("the manifest does not list {entry}, without which nothing can be checked")]
    EntryMissing {
        /// Which.
        entry: EntryNumber,
    },
    /// An entry that a log of this size does not have.
    #[error("the manifest lists {entry}, which a log of {tree_size} entries does not have")]
    BehindTheEnd {
        /// Which.
        entry: EntryNumber,
        /// Entries of the log.
        tree_size: u64,
    },
    /// A part that no bundle has.
    #[error(transparent)]
    Archive(ArchiveError),
}
