//! The names of the parts of a bundle: a closed grammar, so that no name leads anywhere else.

use super::ArchiveError;
use crate::record::{Commitment, Digest, EntryNumber, MAX_ENTRY_SIZE_BYTES};
use crate::tlog::MAX_NOTE_SIZE_BYTES;
use std::fmt;
use std::str::FromStr;

/// The longest name: a folder, a slash, 64 digits and an ending.
const MAX_NAME_SIZE_BYTES: usize = 96;
/// Most bytes of a manifest: what 16,384 entries with their receipts take.
const MAX_MANIFEST_SIZE_BYTES: usize = 16 * 1024 * 1024;
/// Most bytes of a page, a text or a statement of account.
const MAX_TEXT_SIZE_BYTES: usize = 16 * 1024 * 1024;
/// Most bytes of a receipt or another small signed structure.
const MAX_SIGNED_SIZE_BYTES: usize = 16 * 1024;
/// Most bytes of a time stamp, which may carry a chain of certificates.
const MAX_TIME_STAMP_SIZE_BYTES: usize = 64 * 1024;
/// Most bytes of a text that was committed to.
const MAX_OPENING_SIZE_BYTES: usize = 1024 * 1024;
const SALT_SIZE_BYTES: usize = 32;

/// Where a part stands in a bundle.
///
/// ```
/// use deedbook::evidence::PartName;
/// use deedbook::record::EntryNumber;
/// let name: PartName = "entries/000042.cbor".parse()?;
/// assert_eq!(name, PartName::Entry(EntryNumber::new(42)));
/// assert!("entries/42.cbor".parse::<PartName>().is_err());
/// assert!("../secrets".parse::<PartName>().is_err());
/// # Ok::<(), deedbook::evidence::ArchiveError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartName {
    /// `accounts/000042.json`: the figures that were closed with this entry, as their digest is of.
    Account(EntryNumber),
    /// `checkpoint.txt`: the head of the log, a note as the register signed it.
    Checkpoint,
    /// `checkpoints/000042.txt`: an earlier head, of so many entries.
    Earlier(u64),
    /// `consistency/000042.cose`: the receipt that the log extends that earlier one.
    Consistency(u64),
    /// `cosignatures/000042.txt`: what witnesses signed about the head of so many entries.
    Cosignatures(u64),
    /// `entries/000042.cbor`: a leaf of the log.
    Entry(EntryNumber),
    /// `index.cose`: the register's signature of the manifest.
    Index,
    /// `manifest.json`: what is in the bundle, and what for.
    Manifest,
    /// `openings/<commitment>.salt`: the salt of a commitment that was opened.
    OpeningSalt(Commitment),
    /// `openings/<commitment>.txt`: the exact bytes of it.
    OpeningText(Commitment),
    /// `receipts/000042.cose`: the receipt of an entry.
    Receipt(EntryNumber),
    /// `report.html`: the page for people.
    Report,
    /// `terms/<digest>.txt`: a text of a standard form.
    Terms(Digest),
    /// `timestamps/000042-00.tsr`: a time stamp on the head of so many entries.
    TimeStamp(u64, u8),
}

impl PartName {
    /// The most bytes that such a part has.
    pub(super) const fn max_size_bytes(self) -> usize {
        match self {
            Self::Manifest => MAX_MANIFEST_SIZE_BYTES,
            Self::Index | Self::Receipt(_) | Self::Consistency(_) => MAX_SIGNED_SIZE_BYTES,
            Self::Checkpoint | Self::Earlier(_) | Self::Cosignatures(_) => MAX_NOTE_SIZE_BYTES,
            Self::Entry(_) => MAX_ENTRY_SIZE_BYTES,
            Self::Report | Self::Terms(_) | Self::Account(_) => MAX_TEXT_SIZE_BYTES,
            Self::OpeningSalt(_) => SALT_SIZE_BYTES,
            Self::OpeningText(_) => MAX_OPENING_SIZE_BYTES,
            Self::TimeStamp(..) => MAX_TIME_STAMP_SIZE_BYTES,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let name = match text {
            "checkpoint.txt" => Self::Checkpoint,
            "index.cose" => Self::Index,
            "manifest.json" => Self::Manifest,
            "report.html" => Self::Report,
            _ => {
                let (folder, file) = text.split_once('/')?;
                let (stem, ending) = file.split_once('.')?;
                match (folder, ending) {
                    ("accounts", "json") => Self::Account(number(stem)?),
                    ("checkpoints", "txt") => Self::Earlier(stem.parse().ok()?),
                    ("consistency", "cose") => Self::Consistency(stem.parse().ok()?),
                    ("cosignatures", "txt") => Self::Cosignatures(stem.parse().ok()?),
                    ("entries", "cbor") => Self::Entry(number(stem)?),
                    ("receipts", "cose") => Self::Receipt(number(stem)?),
                    ("openings", "salt") => Self::OpeningSalt(stem.parse().ok()?),
                    ("openings", "txt") => Self::OpeningText(stem.parse().ok()?),
                    ("terms", "txt") => Self::Terms(stem.parse().ok()?),
                    ("timestamps", "tsr") => {
                        let (size, place) = stem.split_once('-')?;
                        Self::TimeStamp(size.parse().ok()?, place.parse().ok()?)
                    }
                    _ => return None,
                }
            }
        };
        // One spelling each: no sign, no missing or further zero.
        (name.to_string() == text).then_some(name)
    }
}

fn number(digits: &str) -> Option<EntryNumber> {
    digits.parse().ok().map(EntryNumber::new)
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(entry) => write!(f, "accounts/{:06}.json", entry.get()),
            Self::Checkpoint => f.write_str("checkpoint.txt"),
            Self::Earlier(size) => write!(f, "checkpoints/{size:06}.txt"),
            Self::Consistency(size) => write!(f, "consistency/{size:06}.cose"),
            Self::Cosignatures(size) => write!(f, "cosignatures/{size:06}.txt"),
            Self::Entry(entry) => write!(f, "entries/{:06}.cbor", entry.get()),
            Self::Index => f.write_str("index.cose"),
            Self::Manifest => f.write_str("manifest.json"),
            Self::OpeningSalt(commitment) => write!(f, "openings/{commitment}.salt"),
            Self::OpeningText(commitment) => write!(f, "openings/{commitment}.txt"),
            Self::Receipt(entry) => write!(f, "receipts/{:06}.cose", entry.get()),
            Self::Report => f.write_str("report.html"),
            Self::Terms(digest) => write!(f, "terms/{digest}.txt"),
            Self::TimeStamp(size, place) => write!(f, "timestamps/{size:06}-{place:02}.tsr"),
        }
    }
}

impl FromStr for PartName {
    type Err = ArchiveError;

    fn from_str(text: &str) -> Result<Self, ArchiveError> {
        let known = (text.len() <= MAX_NAME_SIZE_BYTES).then(|| Self::parse(text)).flatten();
        known.ok_or_else(|| {
            let shown = text.chars().take(MAX_NAME_SIZE_BYTES).flat_map(char::escape_default);
            ArchiveError::Name { found: shown.collect() }
        })
    }
}
