//! The parts of a bundle by name, each of which is taken once: what nobody took is refused.

use super::archive::{StoredPart, unpack};
use super::{EvidenceError, ListedPart, Manifest, PartName};
use std::collections::BTreeMap;

/// What is left of a bundle.
pub(super) struct Parts<'a>(BTreeMap<PartName, &'a [u8]>);

impl<'a> Parts<'a> {
    /// Unpacks a bundle and compares its parts with its manifest.
    pub(super) fn of(bytes: &'a [u8]) -> Result<(Self, Manifest, &'a [u8]), EvidenceError> {
        let stored = unpack(bytes)?;
        let mut parts: BTreeMap<_, _> =
            stored.into_iter().map(|StoredPart { name, bytes }| (name, bytes)).collect();
        let missing = EvidenceError::PartMissing { part: PartName::Manifest };
        let written = parts.remove(&PartName::Manifest).ok_or(missing)?;
        let manifest = Manifest::from_bytes(written)?;
        let parts = Self(parts);
        parts.check_listed(&manifest)?;
        Ok((parts, manifest, written))
    }

    /// The manifest lists each part but itself and its signature, in order and as it is.
    fn check_listed(&self, manifest: &Manifest) -> Result<(), EvidenceError> {
        let mut listed = BTreeMap::new();
        let mut last = String::new();
        for part in &manifest.parts {
            let name = part.path.to_string();
            if name <= last || matches!(part.path, PartName::Manifest | PartName::Index) {
                return Err(EvidenceError::PartListedTwice { part: part.path });
            }
            last = name;
            listed.insert(part.path, part);
        }
        for (name, bytes) in &self.0 {
            if *name == PartName::Index {
                continue;
            }
            let part = listed.remove(name).ok_or(EvidenceError::PartUnlisted { part: *name })?;
            if *part != ListedPart::of(*name, bytes) {
                return Err(EvidenceError::PartDiffers { part: *name });
            }
        }
        match listed.into_keys().next() {
            Some(part) => Err(EvidenceError::PartMissing { part }),
            None => Ok(()),
        }
    }

    /// A part that must be there.
    pub(super) fn take(&mut self, part: PartName) -> Result<&'a [u8], EvidenceError> {
        self.0.remove(&part).ok_or(EvidenceError::PartMissing { part })
    }

    /// A part that need not be there.
    pub(super) fn take_if_there(&mut self, part: PartName) -> Option<&'a [u8]> {
        self.0.remove(&part)
    }

    /// The names of what is left.
    pub(super) fn names(&self) -> Vec<PartName> {
        self.0.keys().copied().collect()
    }

    /// Everything must have been taken.
    pub(super) fn finish(self) -> Result<(), EvidenceError> {
        match self.0.into_keys().next() {
            Some(part) => Err(EvidenceError::PartWithoutUse { part }),
            None => Ok(()),
        }
    }
}
