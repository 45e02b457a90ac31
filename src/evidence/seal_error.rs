//! Why evidence could not be made into a bundle.

use super::{ArchiveError, CaseError, EvidenceError};
use crate::record::{RecordError, Thumbprint};
use crate::timestamp::TimestampError;
use crate::tlog::receipt::ReceiptError;
use crate::tlog::{CosignatureError, TlogError};
use thiserror::Error;

/// A bundle could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// Signed with another key than that of the register.
    #[error("the bundle must be signed with the register's own key, {needed}, not with {found}")]
    Key {
        /// The key at hand.
        found: Thumbprint,
        /// The key that entry 0 names.
        needed: Thumbprint,
    },
    /// A key that nobody should sign with.
    #[error("the register's key is weak")]
    KeyWeak,
    /// Entry 0 is not the opening of a register.
    #[error("the evidence does not begin with the opening of a register")]
    NoOpening,
    /// Too much for one bundle.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// An entry that is not one.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Entries that do not hang together.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// A time stamp that does not hold.
    #[error(transparent)]
    TimeStamp(#[from] TimestampError),
    /// What is kept as a cosignature is none.
    #[error(transparent)]
    Cosignature(#[from] CosignatureError),
    /// A checkpoint or a proof that is not one.
    #[error(transparent)]
    Tlog(#[from] TlogError),
    /// A receipt that could not be made.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The verifier does not accept what was made: the ledger, or this program, is at fault.
    #[error("the verifier refuses the bundle that was made: {0}")]
    Refused(EvidenceError),
}
