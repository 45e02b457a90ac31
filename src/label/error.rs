//! Why a file is not labelled.

use super::Format;
use thiserror::Error;

/// Why a file is not labelled. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LabelError {
    /// More than is taken into memory.
    #[error("the file has {found_bytes} bytes, may have at most {max_bytes} to be labelled")]
    TooLarge {
        /// Its size.
        found_bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// Not what its format asks for, from some byte on.
    #[error("the {format} is not whole at byte {at}: {needed} is needed")]
    Malformed {
        /// The format.
        format: Format,
        /// Where, in bytes from the start.
        at: usize,
        /// What should stand there.
        needed: &'static str,
    },
    /// A signature over the whole file would no longer hold.
    #[error("the file has Content Credentials, which cover every byte and would be broken")]
    Credentials,
    /// Offsets from one picture to the others would no longer hold.
    #[error("the file holds several pictures (MPF), which are found by their distance in bytes")]
    SeveralPictures,
    /// A label in a place that is not written to.
    #[error("the file has a label in its {place}, which is not written to")]
    Elsewhere {
        /// Where.
        place: &'static str,
    },
    /// More labels than one.
    #[error("the file has {found} labels, must have one at most")]
    Several {
        /// How many.
        found: usize,
    },
    /// A label that cannot be continued exactly.
    #[error("the label in the file is not understood: {reason}")]
    Unreadable {
        /// What is odd about it.
        reason: String,
    },
    /// Another service passed the file on, and says so.
    #[error("the label in the file names a propagator already: `{propagator}`")]
    Propagated {
        /// Which.
        propagator: String,
    },
    /// Metadata in XMP that cannot be added to exactly.
    #[error("the XMP in the file cannot be added to: {reason}")]
    Xmp {
        /// Why.
        reason: String,
    },
    /// Metadata beside which the label has no place.
    #[error("the film has metadata in another form than keys and values")]
    OtherMetadata,
    /// The file says otherwise about its source.
    #[error("the file names the digital source type `{found}`, not `{wanted}`")]
    SourceType {
        /// What it names.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
}

impl LabelError {
    /// The stable name of the error, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "file_too_large",
            Self::Malformed { .. } => "label_malformed",
            Self::Credentials => "label_credentials",
            Self::SeveralPictures => "label_several_pictures",
            Self::Elsewhere { .. } => "label_elsewhere",
            Self::Several { .. } => "label_several",
            Self::Unreadable { .. } => "label_unreadable",
            Self::Propagated { .. } => "label_propagated",
            Self::Xmp { .. } => "label_xmp",
            Self::OtherMetadata => "label_other_metadata",
            Self::SourceType { .. } => "label_source_type",
        }
    }

    /// The way out.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "label a smaller version of it",
            Self::Malformed { .. } => "save the file anew with the program that made it",
            Self::Credentials => {
                "have the program that signs the Content Credentials write the label first"
            }
            Self::SeveralPictures => "save the picture that is meant by itself",
            Self::Elsewhere { .. } => {
                "pass the file on as it is: it is labelled, and a second label would contradict the first"
            }
            Self::Several { .. } => "pass the file on as it is: it is labelled",
            Self::Unreadable { .. } => "pass the file on as it is, or ask whoever labelled it",
            Self::Propagated { .. } => {
                "pass the file on as it is: a label of others must not be changed"
            }
            Self::Xmp { .. } => "save the file anew with a program that writes plain XMP",
            Self::OtherMetadata => {
                "rewrite it as it is: ffmpeg -i FILE -c copy -movflags use_metadata_tags NEW"
            }
            Self::SourceType { .. } => {
                "name the type that the file names with `--source-type`, or correct the file first"
            }
        }
    }
}
