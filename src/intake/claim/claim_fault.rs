//! What of a file's own words was not taken, and why.

use super::json::JsonFault;
use crate::record::RecordError;
use thiserror::Error;

/// What of a file's own words was not taken, and why. None of them keeps the file from being registered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClaimFault {
    /// The file has no bytes.
    #[error("the file is empty")]
    EmptyFile,
    /// The picture is a single pixel.
    #[error("the picture is a single pixel, so it shows nothing")]
    EmptyPicture,
    /// The file ends in the middle of a part.
    #[error("the file is cut short: what would follow is not there to be read")]
    Truncated,
    /// A part of the file is not what it must be; what follows it is not read.
    #[error("a part of the file is damaged, and what follows it is not read: {reason}")]
    Damaged {
        /// What the reader of the container says.
        reason: String,
    },
    /// A text of the file that is not what it must be; the others are read.
    #[error("{what} is damaged and is not read")]
    DamagedText {
        /// Which text.
        what: String,
    },
    /// A continuation of a text that is not the one which the text names by its digest.
    #[error(
        "`{place}` is not the one that the packet names by its MD5 digest, and is not read: it was changed, or is of another file"
    )]
    AnotherExtension {
        /// Where it stands.
        place: String,
    },
    /// The file has more metadata than is read.
    #[error("the file has more than {} MiB of metadata, and the rest is not read", max_bytes >> 20)]
    TooMuchMetadata {
        /// The limit.
        max_bytes: usize,
    },
    /// The file is too large to be looked into.
    #[error("the file has {found_bytes} bytes; one of this kind is looked into up to {} MiB", max_bytes >> 20)]
    TooLarge {
        /// Its size.
        found_bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// The picture has too many pixels for their lowest bits to be looked into.
    #[error(
        "the picture has more than {max_pixels} pixels, and their lowest bits are not looked into"
    )]
    TooManyPixels {
        /// The limit.
        max_pixels: u64,
    },
    /// One text is longer than is read.
    #[error("`{place}` has more than {} MiB and is not read", max_bytes >> 20)]
    TextTooLong {
        /// Where it stands.
        place: String,
        /// The limit.
        max_bytes: usize,
    },
    /// A compressed text that cannot be unpacked.
    #[error("`{place}` cannot be unpacked and is not read")]
    Packed {
        /// Where it stands.
        place: String,
    },
    /// A text that is not in the encoding that it says.
    #[error("`{place}` is not {encoding} and is not read")]
    Encoding {
        /// Where it stands.
        place: String,
        /// UTF-8, UTF-16, ASCII.
        encoding: &'static str,
    },
    /// A text that is not the JSON that it should be.
    #[error("`{place}` is kept as it stands and not taken apart: {fault}")]
    Json {
        /// Where it stands.
        place: String,
        /// Why.
        fault: JsonFault,
    },
    /// XML that is not read.
    #[error("`{place}` is not read: {reason}")]
    Xml {
        /// Where it stands.
        place: String,
        /// Why.
        reason: XmlFault,
    },
    /// A member of an object that stands there twice.
    #[error(
        "`{place}` says `{name}` twice in one object; the last counts, as it does for the tools"
    )]
    Twice {
        /// Where it stands.
        place: String,
        /// The member.
        name: String,
    },
    /// A value that a record does not take.
    #[error("`{what}` in `{place}` is kept as it stands and not taken apart: {error}")]
    Value {
        /// Where it stands.
        place: String,
        /// The value's name.
        what: String,
        /// Why.
        error: RecordError,
    },
    /// The name of a person.
    #[error("`{what}` in `{place}` names a person and is not put into a record")]
    Person {
        /// Where it stands.
        place: String,
        /// The value's name.
        what: &'static str,
    },
    /// More of one kind than is taken.
    #[error(
        "`{place}` has more than {limit} {what}; the rest is kept as it stands and not taken apart"
    )]
    TooMany {
        /// Where it stands.
        place: String,
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A workflow that saves several pictures.
    #[error(
        "`{place}` saves {outputs} pictures and does not say which this one is; the one with most steps behind it is taken"
    )]
    SeveralOutputs {
        /// Where it stands.
        place: String,
        /// How many.
        outputs: usize,
    },
    /// More claims than a record takes.
    #[error("the file makes more than {limit} claims, and the rest is left out")]
    TooManyClaims {
        /// The limit.
        limit: usize,
    },
}

/// Why XML is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum XmlFault {
    /// It declares a document type, which could define entities.
    #[error("it has a document type, which could define entities")]
    DocumentType,
    /// It refers to an entity that XML itself does not define.
    #[error("it refers to an entity that is not one of XML's own")]
    Entity,
    /// It nests too deeply.
    #[error("it nests too deeply")]
    Depth,
    /// It is not well formed.
    #[error("it is not well-formed XML")]
    Malformed,
}
