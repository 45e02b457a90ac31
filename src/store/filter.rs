//! What a list is to show. Every list is bounded, so that no question fills the memory.

use crate::record::{EntryNumber, Kind, Timestamp};

/// Which works to list, in order of registration. What is not given does not restrict.
///
/// ```
/// use deedbook::store::WorkFilter;
/// let filter = WorkFilter { title_contains: Some("spring".into()), ..WorkFilter::first(20) };
/// assert_eq!(filter.limit, 20);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkFilter {
    /// The title contains this, in upper or lower case.
    pub title_contains: Option<String>,
    /// The model is told and its name contains this, in upper or lower case.
    pub model_contains: Option<String>,
    /// This party stands in the title, as the latest entry about it has it.
    pub holder: Option<EntryNumber>,
    /// With `holder`: it holds at this moment. Otherwise a holding of any time counts.
    pub holding_at: Option<Timestamp>,
    /// It was made under this contract.
    pub contract: Option<EntryNumber>,
    /// It was made at this moment or later.
    pub from: Option<Timestamp>,
    /// It was made at this moment or earlier.
    pub to: Option<Timestamp>,
    /// At most so many.
    pub limit: usize,
    /// Only those registered after this one: where the list before ended.
    pub after: Option<EntryNumber>,
}

impl WorkFilter {
    /// The first so many works.
    pub fn first(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }
}

/// Which entries to list, the newest first. What is not given does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Registered at this moment or later.
    pub from: Option<Timestamp>,
    /// Registered at this moment or earlier.
    pub to: Option<Timestamp>,
    /// At most so many.
    pub limit: usize,
    /// Only those before this one: where the list before ended.
    pub before: Option<EntryNumber>,
}

impl EntryFilter {
    /// The newest so many entries.
    pub fn newest(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }
}
