//! stub
use crate::money::{Fraction, Share};
use crate::record::{EntryNumber, Scope};
/// stub
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum TitleError {
    #[error("stub")]
    NotHeld {
        entry: EntryNumber,
        assignor: EntryNumber,
        wanted: Share,
        held: Fraction,
        scope: Scope,
    },
    #[error("stub")]
    SplitUnsigned {
        entry: EntryNumber,
        unsigned: Vec<EntryNumber>,
    },
    #[error("stub")]
    SameParty { entry: EntryNumber },
}
/// stub
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Title {
    pub holdings: Vec<super::Holding>,
}
/// stub
pub fn title(
    _: &[super::Fact],
    _: crate::record::Timestamp,
    _: crate::record::Timestamp,
) -> Result<Option<Title>, TitleError> {
    Ok(None)
}
