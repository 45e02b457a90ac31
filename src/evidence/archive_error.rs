//! What is wrong with a file that is to be a bundle, before anything that it says is looked at.

use super::{MAX_BUNDLE_SIZE_BYTES, MAX_PARTS, PartName};
use thiserror::Error;

/// The file is not an archive in the one form that a bundle has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// No zip file, or one that does not begin with a part.
    #[error("the file is not a bundle of evidence: it does not begin as a zip file")]
    NotAnArchive,
    /// More bytes than any bundle has.
    #[error("the bundle has {found} bytes, must have at most {MAX_BUNDLE_SIZE_BYTES}")]
    TooLarge {
        /// Bytes.
        found: usize,
    },
    /// More parts than any bundle has.
    #[error("the bundle has {found} parts or more, must have at most {MAX_PARTS}")]
    TooManyParts {
        /// Parts seen so far.
        found: usize,
    },
    /// A part that is larger than such a part can be.
    #[error("part `{part}` has {found} bytes, must have at most {max}")]
    PartTooLarge {
        /// Which.
        part: PartName,
        /// Bytes.
        found: usize,
        /// Most bytes.
        max: usize,
    },
    /// The file ends in the middle of a part.
    #[error("the bundle is cut off: the part at byte {offset} is not whole")]
    CutOff {
        /// Where the part begins.
        offset: usize,
    },
    /// A name that is not text.
    #[error("the name of the part at byte {offset} is not text")]
    NameUnreadable {
        /// Where the part begins.
        offset: usize,
    },
    /// A name that no part of a bundle has.
    #[error("a bundle has no part `{found}`")]
    Name {
        /// The name, escaped and cut.
        found: String,
    },
    /// A part that stands twice, or not in order.
    #[error("part `{part}` stands twice or out of order")]
    Order {
        /// Which.
        part: PartName,
    },
    /// A part that is not stored as it is.
    #[error("part `{part}` is compressed, must be stored as it is")]
    Compressed {
        /// Which.
        part: PartName,
    },
    /// Bytes that do not have the checksum that stands with them.
    #[error("part `{part}` is damaged: its bytes do not have the checksum that stands with them")]
    Checksum {
        /// Which.
        part: PartName,
    },
    /// A header with something else than it must have.
    #[error("the header of part `{part}` is not as a bundle has it")]
    Header {
        /// Which.
        part: PartName,
    },
    /// A directory at the end that does not follow from the parts, or something behind it.
    #[error("what stands from byte {offset} on is not the directory of the parts before it")]
    Directory {
        /// Where the directory must stand.
        offset: usize,
    },
}
