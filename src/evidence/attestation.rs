//! Who else saw the log, and when: witnesses that cosigned its checkpoints, and authorities that
//! stamped them. From their times follows since when at the latest an entry must have existed.

use super::page::Sighting;
use super::parts::Parts;
use super::{Cosigned, EvidenceError, Manifest, PartName, Policy, TimeStamped};
use crate::record::Timestamp;
use crate::timestamp::{TimestampAnswer, TimestampError};
use crate::tlog::receipt::ConsistencyReceipt;
use crate::tlog::{Checkpoint, CheckpointVerifier, Cosignature, CosignatureError};
use sha2::{Digest as _, Sha256};

/// Somebody else's word that a checkpoint existed at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Who says so: the names of witnesses, or of an authority, whose text is a stranger's.
    pub by: String,
    /// By which means.
    pub means: Means,
    /// The moment, by the clocks of those.
    pub at: Timestamp,
    /// Entries of the log that the checkpoint covers: every entry with a smaller number.
    pub tree_size: u64,
    /// Whether the policy names them; otherwise they are taken on trust.
    pub is_trusted: bool,
}

impl Attestation {
    /// Whether it was given before the register says that it took in an entry which it covers, by more than
    /// clocks differ: one of the two clocks is wrong, or one of the two does not tell the truth.
    pub fn contradicts(&self, registered_at: Timestamp) -> bool {
        /// Clocks that anybody keeps agree to a minute.
        const MAX_DIFFERENCE_MS: i64 = 60_000;
        let earlier_ms = registered_at.as_millis().saturating_sub(self.at.as_millis());
        earlier_ms > MAX_DIFFERENCE_MS
    }
}

/// By which means somebody attests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Cosignatures of as many witnesses as the policy asks for, and at least one.
    Witnesses,
    /// A time stamp of RFC 3161.
    TimeStamp,
}

impl Means {
    /// The name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Witnesses => "witnesses",
            Self::TimeStamp => "time-stamp",
        }
    }
}

/// What is checked of each checkpoint.
pub(super) struct Attestations<'p> {
    verifier: &'p CheckpointVerifier,
    policy: &'p Policy,
    thumbprint: [u8; 32],
    seen: Seen,
}

/// What was found.
#[derive(Default)]
pub(super) struct Seen {
    /// All attestations, the earliest first.
    pub(super) attestations: Vec<Attestation>,
    /// The earlier heads, by their sizes.
    pub(super) earlier: Vec<Checkpoint>,
    /// What the parts say of each head, whoever the policy knows.
    pub(super) sightings: Vec<Sighting>,
}

impl<'p> Attestations<'p> {
    pub(super) fn new(
        verifier: &'p CheckpointVerifier,
        policy: &'p Policy,
        thumbprint: [u8; 32],
    ) -> Self {
        Self { verifier, policy, thumbprint, seen: Seen::default() }
    }

    /// Checks the head, which must be of the tree that the manifest names and have as many
    /// cosignatures as the policy asks for, and the checkpoints before it.
    pub(super) fn check(
        mut self,
        parts: &mut Parts<'_>,
        manifest: &Manifest,
    ) -> Result<Seen, EvidenceError> {
        let checkpoint = self.checkpoint(parts, PartName::Checkpoint, manifest.tree_size)?;
        if checkpoint.root != manifest.root {
            return Err(EvidenceError::CheckpointDiffers { found: checkpoint.size });
        }
        for part in parts.names() {
            if let PartName::Earlier(size) = part {
                let earlier = self.checkpoint(parts, part, size)?;
                self.check_consistent(parts, &earlier, manifest)?;
                self.seen.earlier.push(earlier);
            }
        }
        let mut seen = self.seen;
        seen.attestations.sort_by_key(|attestation| (attestation.at, attestation.tree_size));
        seen.earlier.sort_unstable_by_key(|earlier| earlier.size);
        Ok(seen)
    }

    /// A checkpoint of this size, signed by the register, with what others say of it.
    fn checkpoint(
        &mut self,
        parts: &mut Parts<'_>,
        part: PartName,
        size: u64,
    ) -> Result<Checkpoint, EvidenceError> {
        let bytes = parts.take(part)?;
        let note = text(part, bytes)?;
        let checkpoint = self.verifier.verify(note).map_err(EvidenceError::Checkpoint)?;
        if checkpoint.size != size {
            return Err(EvidenceError::CheckpointDiffers { found: checkpoint.size });
        }
        let is_head = part == PartName::Checkpoint;
        self.seen.sightings.push(Sighting { tree_size: size, ..Sighting::default() });
        self.cosigned(parts, note, size, is_head)?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        for part in parts.names() {
            if let PartName::TimeStamp(stamped, _) = part
                && stamped == size
            {
                let answer = parts.take(part)?;
                let attestation = self.stamped(answer, &digest, size);
                let attestation =
                    attestation.map_err(|error| EvidenceError::TimeStamp { part, error })?;
                if let Some(sighting) = self.seen.sightings.last_mut() {
                    let (authority, at) = (attestation.by.clone(), attestation.at);
                    sighting.stamped.push(TimeStamped { authority, at });
                }
                self.seen.attestations.push(attestation);
            }
        }
        Ok(checkpoint)
    }

    fn cosigned(
        &mut self,
        parts: &mut Parts<'_>,
        note: &str,
        size: u64,
        is_head: bool,
    ) -> Result<(), EvidenceError> {
        let quorum = self.policy.witnesses.quorum();
        let part = PartName::Cosignatures(size);
        let mut cosignatures = Vec::new();
        if let Some(lines) = parts.take_if_there(part) {
            let lines = text(part, lines)?;
            if let Some(sighting) = self.seen.sightings.last_mut() {
                // Lines of another kind are not on the page that the register draws.
                sighting.cosigned = Cosigned::all(lines).unwrap_or_default();
            }
            let whole = format!("{note}{lines}");
            // Every line must be one of a note, whoever signed it.
            self.verifier.verify(&whole).map_err(EvidenceError::Checkpoint)?;
            for witness in self.policy.witnesses.witnesses() {
                match witness.key.verify(&whole) {
                    Ok((_, cosignature)) => cosignatures.push(cosignature),
                    Err(CosignatureError::Missing { .. }) => {}
                    Err(error) => return Err(EvidenceError::Cosignature { size, error }),
                }
            }
        }
        let found = cosignatures.len();
        if is_head && found < quorum {
            return Err(EvidenceError::Witnesses { found, needed: quorum });
        }
        cosignatures.sort_by_key(Cosignature::time_s);
        cosignatures.truncate(quorum.max(1));
        let latest = cosignatures.last().filter(|_| found >= quorum);
        if let Some(latest) = latest {
            let at_s = i64::try_from(latest.time_s()).unwrap_or(i64::MAX);
            let at = Timestamp::from_millis(at_s.saturating_mul(1000)).unwrap_or(Timestamp::MAX);
            let names: Vec<_> =
                cosignatures.iter().map(|it| it.witness().name().to_string()).collect();
            let (by, means) = (names.join(", "), Means::Witnesses);
            let attestation = Attestation { by, means, at, tree_size: size, is_trusted: true };
            self.seen.attestations.push(attestation);
        }
        Ok(())
    }

    fn stamped(
        &self,
        answer: &[u8],
        digest: &[u8; 32],
        tree_size: u64,
    ) -> Result<Attestation, TimestampError> {
        let answer = TimestampAnswer::from_der(answer)?;
        let trusted = answer.verify(digest, &self.policy.authorities).ok();
        let is_trusted = trusted.is_some();
        let stamped = trusted.map_or_else(|| answer.verify_signature(digest), Ok)?;
        let latest_ms = stamped.at_ms.saturating_add(stamped.accuracy_ms.unwrap_or_default());
        let latest_ms = i64::try_from(latest_ms).unwrap_or(i64::MAX);
        let at = Timestamp::from_millis(latest_ms).unwrap_or(Timestamp::MAX);
        let (by, means) = (stamped.authority, Means::TimeStamp);
        Ok(Attestation { by, means, at, tree_size, is_trusted })
    }

    /// The tree of the head extends that of an earlier checkpoint.
    fn check_consistent(
        &self,
        parts: &mut Parts<'_>,
        earlier: &Checkpoint,
        manifest: &Manifest,
    ) -> Result<(), EvidenceError> {
        let size = earlier.size;
        let failed = |error| EvidenceError::Consistency { size, error };
        let receipt = parts.take(PartName::Consistency(size))?;
        let receipt = ConsistencyReceipt::from_bytes(receipt).map_err(failed)?;
        let ours = receipt.kid() == &self.thumbprint
            && receipt.claims().issuer == manifest.origin.as_str()
            && receipt.claims().subject == manifest.origin.as_str()
            && receipt.new_size() == manifest.tree_size;
        let root = receipt.verify(size, earlier.root, self.verifier.key()).map_err(failed)?;
        if !ours || root != manifest.root {
            return Err(EvidenceError::ConsistencyDiffers { size });
        }
        Ok(())
    }
}

/// The earliest word that covers an entry: of somebody whom the policy names, else of whoever.
pub(super) fn earliest(attestations: &[Attestation], entry: u64) -> Option<&Attestation> {
    let covers = |attestation: &&Attestation| entry < attestation.tree_size;
    let trusted = attestations.iter().filter(covers).find(|attestation| attestation.is_trusted);
    trusted.or_else(|| attestations.iter().find(covers))
}

fn text(part: PartName, bytes: &[u8]) -> Result<&str, EvidenceError> {
    std::str::from_utf8(bytes).map_err(|_| EvidenceError::NotText { part })
}
