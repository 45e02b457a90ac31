//! The manifest of a bundle: what it is about, at which size of the log, which entries it has and
//! why, and the digest of every other part. It has one spelling. It says; what is true of it the
//! verifier finds out.

use super::{ArchiveError, ManifestError, PartName};
use crate::record::{EntryNumber, Kind, RecordId};
use crate::tlog::{Hash, Origin};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What the manifest of every bundle says that it is.
pub const FORMAT: &str = "deedbook-evidence";
/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 1;
/// The most entries that a bundle has.
pub const MAX_ENTRIES: usize = 15_000;

/// What a bundle is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// A work, a contract or a party.
    pub kind: SubjectKind,
    /// Its entry.
    pub entry: EntryNumber,
    /// The identifier of its statement.
    #[serde(with = "text")]
    pub id: RecordId,
}

/// The kinds of things that a bundle can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A registered work.
    Work,
    /// A contract.
    Contract,
    /// A party.
    Party,
}

impl SubjectKind {
    /// The kind of the record that the subject is.
    pub const fn record_kind(self) -> Kind {
        match self {
            Self::Work => Kind::Work,
            Self::Contract => Kind::Contract,
            Self::Party => Kind::Party,
        }
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.record_kind().name())
    }
}

/// Which entries a bundle has, each in one of two lists, and which of them are told whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The entries that concern the subject: all that the log has up to its size.
    pub concerns: BTreeSet<EntryNumber>,
    /// The entries that those rest on: who signed them, with which keys, under which terms.
    pub supports: BTreeSet<EntryNumber>,
    /// The works whose every entry is among the first, so that their title can be told.
    pub works: BTreeSet<EntryNumber>,
}

impl Selection {
    /// All entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = EntryNumber> {
        let all: BTreeSet<EntryNumber> = self.concerns.union(&self.supports).copied().collect();
        all.into_iter()
    }

    /// Whether the entry is in either list.
    pub fn contains(&self, entry: EntryNumber) -> bool {
        self.concerns.contains(&entry) || self.supports.contains(&entry)
    }
}

/// One part as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPart {
    /// Where it stands.
    #[serde(with = "text")]
    pub path: PartName,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of them, in hexadecimal digits.
    #[serde(with = "text")]
    pub sha256: Hash,
}

impl ListedPart {
    /// A part as it stands.
    pub(super) fn of(path: PartName, bytes: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        Self { path, size: bytes.len() as u64, sha256: Hash::from_bytes(digest) }
    }
}

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The log, by the name in its checkpoints.
    #[serde(with = "text")]
    pub origin: Origin,
    /// How many entries the log had.
    pub tree_size: u64,
    /// The root of its tree.
    #[serde(with = "text")]
    pub root: Hash,
    /// What the bundle is about.
    pub subject: Subject,
    /// Which entries it has.
    pub selection: Selection,
    /// Every part but the manifest itself and the signature of it, in order of their names.
    pub parts: Vec<ListedPart>,
}

impl Manifest {
    /// The one spelling: JSON, indented by two spaces, with a line end.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts, numbers and lists serialize.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text.into_bytes()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ManifestError`]: bytes that are not the one spelling of a manifest of this version, or one
    /// whose lists contradict each other.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| {
            ManifestError::Malformed { line: error.line(), column: error.column() }
        })?;
        if manifest.format != FORMAT || manifest.version != VERSION {
            let version = manifest.version;
            return Err(ManifestError::Version { version });
        }
        if manifest.to_bytes() != bytes {
            return Err(ManifestError::NotCanonical);
        }
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let Selection { concerns, supports, works } = &self.selection;
        let found = concerns.len() + supports.len();
        if found > MAX_ENTRIES {
            return Err(ManifestError::TooManyEntries { found });
        }
        if let Some(entry) = concerns.intersection(supports).next() {
            return Err(ManifestError::ListedTwice { entry: *entry });
        }
        if let Some(entry) = works.difference(concerns).next() {
            return Err(ManifestError::WorkNotListed { entry: *entry });
        }
        let opening = EntryNumber::new(0);
        for needed in [opening, self.subject.entry] {
            if !self.selection.contains(needed) {
                return Err(ManifestError::EntryMissing { entry: needed });
            }
        }
        let last = self.selection.entries().last().unwrap_or(opening);
        if last.get() >= self.tree_size {
            return Err(ManifestError::BehindTheEnd { entry: last, tree_size: self.tree_size });
        }
        Ok(())
    }
}

/// Values that are written as text. The reader takes owned texts, since any may be escaped.
mod text {
    use super::*;

    pub(super) fn serialize<T: fmt::Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl From<ArchiveError> for ManifestError {
    fn from(error: ArchiveError) -> Self {
        Self::Archive(error)
    }
}
