//! Why a bundle proves nothing: the first reason that the verifier found.

use super::{ArchiveError, CaseError, IndexError, ManifestError, PartName};
use crate::record::{Commitment, EntryNumber, RecordError};
use crate::timestamp::TimestampError;
use crate::tlog::{CosignatureError, Origin, TlogError, receipt::ReceiptError};
use thiserror::Error;

/// The first reason why a bundle is not proven.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceError {
    /// Not a bundle by its container.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// No manifest, or one that contradicts itself.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A part that must be there is not.
    #[error("part `{part}` is missing")]
    PartMissing {
        /// Which.
        part: PartName,
    },
    /// A part that the manifest does not list.
    #[error("part `{part}` is not in the manifest")]
    PartUnlisted {
        /// Which.
        part: PartName,
    },
    /// A part that the manifest lists twice, out of order, or may not list.
    #[error("the manifest lists part `{part}` where it does not belong")]
    PartListedTwice {
        /// Which.
        part: PartName,
    },
    /// A part that is not what the manifest says.
    #[error("part `{part}` is not the one that the manifest lists")]
    PartDiffers {
        /// Which.
        part: PartName,
    },
    /// A part that belongs to nothing in the bundle.
    #[error("part `{part}` belongs to nothing in the bundle")]
    PartWithoutUse {
        /// Which.
        part: PartName,
    },
    /// A part that is not text.
    #[error("part `{part}` is not text")]
    NotText {
        /// Which.
        part: PartName,
    },
    /// An entry that is not one.
    #[error("{entry} cannot be read: {error}")]
    Entry {
        /// Which.
        entry: EntryNumber,
        /// What is wrong with it.
        error: RecordError,
    },
    /// Entry 0 does not open a register, or not the one that the manifest names.
    #[error("entry #0 is not the opening of the register `{origin}`")]
    NoOpening {
        /// The origin in the manifest.
        origin: Origin,
    },
    /// The policy names registers, and this is none of them.
    #[error("the register `{origin}` with this key is not one that the policy trusts")]
    LedgerUntrusted {
        /// The register that made the bundle.
        origin: Origin,
    },
    /// The checkpoint is not signed by the register.
    #[error("the checkpoint does not hold: {0}")]
    Checkpoint(TlogError),
    /// The checkpoint is of another size or root than the manifest says.
    #[error("the checkpoint is of {found} entries, the manifest speaks of another tree")]
    CheckpointDiffers {
        /// Entries in the checkpoint.
        found: u64,
    },
    /// A receipt of consistency that does not hold.
    #[error("the receipt that the log extends its first {size} entries does not hold: {error}")]
    Consistency {
        /// Entries of the earlier checkpoint.
        size: u64,
        /// What is wrong with it.
        error: ReceiptError,
    },
    /// A receipt of consistency with another log.
    #[error("the receipt that the log extends its first {size} entries is for another log")]
    ConsistencyDiffers {
        /// Entries of the earlier checkpoint.
        size: u64,
    },
    /// A cosignature by a witness of the policy that does not hold.
    #[error("the checkpoint of {size} entries: {error}")]
    Cosignature {
        /// Entries of the checkpoint.
        size: u64,
        /// What is wrong with it.
        error: CosignatureError,
    },
    /// Fewer witnesses than the policy asks for.
    #[error("{found} witnesses of the policy cosigned the head of the log, must be {needed}")]
    Witnesses {
        /// How many did.
        found: usize,
        /// How many the policy asks for.
        needed: usize,
    },
    /// A time stamp that does not hold.
    #[error("part `{part}` does not hold: {error}")]
    TimeStamp {
        /// Which.
        part: PartName,
        /// What is wrong with it.
        error: TimestampError,
    },
    /// A receipt that does not hold.
    #[error("the receipt of {entry} does not hold: {error}")]
    Receipt {
        /// Of which entry.
        entry: EntryNumber,
        /// What is wrong with it.
        error: ReceiptError,
    },
    /// A receipt for something else.
    #[error("the receipt of {entry} is for another {what}")]
    ReceiptDiffers {
        /// Of which entry.
        entry: EntryNumber,
        /// What differs.
        what: &'static str,
    },
    /// The statements do not follow from each other by the rules of the register.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// What the manifest names as subject is something else.
    #[error("{entry} is not the {needed} that the manifest says the bundle is about")]
    SubjectDiffers {
        /// The entry.
        entry: EntryNumber,
        /// What it must be.
        needed: &'static str,
    },
    /// The signature of the manifest does not hold.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The policy asks for completeness, and nobody vouches for it.
    #[error("the register does not sign that nothing is left out, and the policy asks for it")]
    NotComplete,
    /// A text that does not have the digest that it is named by.
    #[error("part `{part}` does not have the digest that it is named by")]
    TextDiffers {
        /// Which.
        part: PartName,
    },
    /// A salt and a text that do not open their commitment.
    #[error("what is revealed does not open the commitment {commitment}")]
    OpeningDiffers {
        /// The commitment.
        commitment: Commitment,
    },
}
