//! Whether a checkpoint is cosigned: a pure function of the request and of the checkpoint that was
//! cosigned last.

use super::request::{AddCheckpoint, RequestError};
use crate::tlog::{Checkpoint, ConsistencyProof, TlogError};
use thiserror::Error;

/// Why a checkpoint is not cosigned, each with its status (C2SP tlog-witness, section add-checkpoint).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// 400, or 413 for too many bytes: not a request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// 400: not a checkpoint behind the request.
    #[error(transparent)]
    NotACheckpoint(TlogError),
    /// 400: the old size is beyond the size of the checkpoint.
    #[error("old size is {old_size}, must be at most the size {size} of the checkpoint")]
    OldSizeLarger {
        /// The old size of the request.
        old_size: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// 403: no key of the log signed the checkpoint, or a line in its name does not verify.
    #[error("checkpoint is not signed by a key that is known for its origin")]
    NotSigned,
    /// 404: a log that the witness does not know.
    #[error("origin is not that of a known log")]
    UnknownOrigin,
    /// 409: the old size is not that of the checkpoint which was cosigned last. Answered with the
    /// size.
    #[error("old size is {found}, the last checkpoint cosigned has {size} entries")]
    Conflict {
        /// The old size of the request.
        found: u64,
        /// The size cosigned last; 0 for none.
        size: u64,
    },
    /// 409: the same size with another root.
    #[error("another root was cosigned for {size} entries")]
    RootDiffers {
        /// The size.
        size: u64,
    },
    /// 422: the proof does not lead from the one root to the other.
    #[error("proof does not show that {size} entries begin with the {old_size} cosigned last")]
    Inconsistent {
        /// The size cosigned last.
        old_size: u64,
        /// The size of the checkpoint.
        size: u64,
    },
}

impl Refusal {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Request(RequestError::TooLarge { .. }) => 413,
            Self::Request(_) | Self::NotACheckpoint(_) | Self::OldSizeLarger { .. } => 400,
            Self::NotSigned => 403,
            Self::UnknownOrigin => 404,
            Self::Conflict { .. } | Self::RootDiffers { .. } => 409,
            Self::Inconsistent { .. } => 422,
        }
    }
}

/// A checkpoint that a known log has signed, with the proof it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What the log says of itself.
    pub checkpoint: Checkpoint,
    /// The whole text that it signed, extension lines included: what is cosigned.
    pub text: String,
    /// The request.
    pub request: AddCheckpoint,
}

impl Submitted {
    /// Whether the checkpoint extends the one of this log that was cosigned last.
    ///
    /// # Errors
    /// [`Refusal::Conflict`], [`Refusal::RootDiffers`] or [`Refusal::Inconsistent`].
    pub fn decide(&self, last: Option<&Checkpoint>) -> Result<(), Refusal> {
        let (old_size, size) = (self.request.old_size, self.checkpoint.size);
        let last_size = last.map_or(0, |last| last.size);
        if old_size != last_size {
            return Err(Refusal::Conflict { found: old_size, size: last_size });
        }
        let inconsistent = Refusal::Inconsistent { old_size, size };
        let Some(last) = last.filter(|last| last.size > 0) else {
            // Every tree extends the empty one, and nothing proves it.
            return if self.request.proof.is_empty() { Ok(()) } else { Err(inconsistent) };
        };
        if size == last.size && self.checkpoint.root != last.root {
            return Err(Refusal::RootDiffers { size });
        }
        ConsistencyProof::new(self.request.proof.clone())
            .and_then(|proof| proof.verify(last.size, last.root, size, self.checkpoint.root))
            .map_err(|_| inconsistent)
    }
}
