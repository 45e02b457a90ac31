//! The logs that a witness knows, by origin. A log that is not among them is never cosigned.

use super::Refusal;
use super::decision::Submitted;
use super::request::AddCheckpoint;
use crate::tlog::{CheckpointVerifier, Origin, TlogError};
use std::collections::BTreeMap;

/// The keys that may sign the checkpoints of each origin.
#[derive(Clone, Debug, Default)]
pub struct KnownLogs(BTreeMap<Origin, Vec<CheckpointVerifier>>);

impl KnownLogs {
    /// The logs with these keys; several keys of one origin are one log.
    pub fn new(keys: impl IntoIterator<Item = CheckpointVerifier>) -> Self {
        let mut logs: BTreeMap<Origin, Vec<CheckpointVerifier>> = BTreeMap::new();
        for key in keys {
            let keys = logs.entry(key.origin().clone()).or_default();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Self(logs)
    }

    /// The origins, in order.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.0.keys()
    }

    /// Whether a key under an origin is that of a known log.
    pub(super) fn has(&self, origin: &str, key_id: u32) -> bool {
        let keys = Origin::new(origin).ok().and_then(|origin| self.0.get(&origin));
        keys.is_some_and(|keys| keys.iter().any(|key| key.key_id() == key_id))
    }

    /// Finds the log that a request is about, and that one of its keys signed the checkpoint.
    ///
    /// # Errors
    /// 404 for an origin that is not known; 403 where no key of the log signed, or a signature that
    /// names one does not verify; 400 for what is not a checkpoint, or one that is smaller than the
    /// old size; 422 for a size of 0 with leaves.
    pub fn authenticate(&self, request: AddCheckpoint) -> Result<Submitted, Refusal> {
        let first = request.note.lines().next().unwrap_or_default();
        let origin = Origin::new(first).ok();
        let keys = origin.and_then(|origin| self.0.get(&origin)).ok_or(Refusal::UnknownOrigin)?;
        let mut verified = None;
        for key in keys {
            match key.verify_extended(&request.note) {
                Ok(found) => verified = Some(found),
                Err(error) => allow_another_key(error)?,
            }
        }
        let (checkpoint, text) = verified.ok_or(Refusal::NotSigned)?;
        if request.old_size > checkpoint.size {
            let (old_size, size) = (request.old_size, checkpoint.size);
            return Err(Refusal::OldSizeLarger { old_size, size });
        }
        Ok(Submitted { checkpoint, text, request })
    }
}

/// Goes on where another key of the log may have signed.
fn allow_another_key(error: TlogError) -> Result<(), Refusal> {
    match error {
        TlogError::KeyUnknown { .. } | TlogError::SignatureMissing { .. } => Ok(()),
        TlogError::SignatureInvalid { .. }
        | TlogError::SignatureLength { .. }
        | TlogError::SignatureRepeated { .. } => Err(Refusal::NotSigned),
        TlogError::EmptyTreeRoot { .. } => Err(Refusal::Inconsistent { old_size: 0, size: 0 }),
        // A name that differs is another origin line than the first, which cannot be.
        TlogError::OriginUnknown { .. } => Err(Refusal::UnknownOrigin),
        TlogError::NoteTooLarge { .. }
        | TlogError::NoteMalformed
        | TlogError::CheckpointMalformed
        | TlogError::CheckpointExtended { .. }
        | TlogError::OriginEmpty
        | TlogError::OriginTooLong { .. }
        | TlogError::OriginCharacter { .. }
        | TlogError::TreeTooLarge { .. }
        | TlogError::Misplaced { .. }
        | TlogError::HashLength { .. }
        | TlogError::HashTextLength { .. }
        | TlogError::HashDigit { .. }
        | TlogError::IndexOutsideTree { .. }
        | TlogError::OldTreeEmpty
        | TlogError::SizesReversed { .. }
        | TlogError::ProofTooLong { .. }
        | TlogError::InclusionRefused { .. }
        | TlogError::ConsistencyRefused { .. }
        | TlogError::LogProofMalformed { .. }
        | TlogError::BundleMalformed { .. }
        | TlogError::NodeCount { .. }
        | TlogError::NodeMissing { .. }
        | TlogError::KeyWeak
        | TlogError::VerifierKeyMalformed
        | TlogError::VerifierKeyType { .. }
        | TlogError::VerifierKeyId { .. } => Err(Refusal::NotACheckpoint(error)),
    }
}
