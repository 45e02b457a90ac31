//! The use cases of a ledger: open, append, ask, verify, have the head cosigned. Owns the one transaction.
//!
//! The clock and the ledger's key are passed in. This module never prints, never asks a person and
//! holds no SQL: rows come and go through [`crate::store`], decisions come from
//! [`crate::admission`].

pub mod answer;
mod append;
mod attesting;
mod clock;
mod cosigning;
mod error;
mod founding;
mod gather;
mod head_file;
mod import;
#[expect(clippy::module_inception, reason = "the noun of the file is the ledger")]
mod ledger;
mod proof;
mod publish;
mod receipt;
mod time_stamps;
mod verify;

pub use append::{Recorded, Submission};
pub use attesting::{
    AttestingError, AttestingProblem, NewAttestations, in_statements, new_attestations,
};
pub use clock::{Clock, SystemClock};
pub use cosigning::{Asked, Collected, NotCosigned};
pub use error::{Flaw, Integrity, LedgerError};
pub use founding::{Founding, Opening};
pub use gather::{GatherError, Gathered, gather};
pub use head_file::HeadFile;
pub use import::{
    Import, ImportError, ImportFault, Imported, LineProblem, MAX_PROBLEMS, MAX_SHOWN, MAX_SIGNED,
    OpenReport, OtherLine, Total,
};
pub use ledger::{Access, Ledger};
pub use publish::Published;
pub use time_stamps::{KeptTimestamp, StampedCheckpoint};
pub use verify::{Progress, Verification};
