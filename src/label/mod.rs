//! The label, going out: the implicit label of GB 45438-2025 and the digital source type of IPTC,
//! written into a copy of a file.
//!
//! Bytes in, bytes out. The only change is that one thing is put in, or put in the place of what it
//! continues: every other byte of the copy is one of the original, pictures and what others wrote
//! into the file included. A label that is there already stays its producer's; ours adds who passed
//! the file on, in the place of the label or, where that is in EXIF, beside it in XMP. Whatever this module does not understand wholly it refuses. It never touches a file,
//! a clock or a ledger, and never takes a label away.

mod error;
mod exif;
mod format;
mod jpeg;
mod markdown;
mod members;
mod mp4;
mod png;
mod splice;
mod xmp;

pub use error::LabelError;
pub(crate) use exif::comment_text;
pub use format::Format;
pub use members::Members;

use crate::record::{Carrier, Certainty, ImplicitLabel, Name, SourceType};
use splice::Splice;

/// Largest file that is labelled: the copy is made in memory.
pub const MAX_LABELLED_BYTES: u64 = 256 * 1024 * 1024;

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How sure it is that the content is generated; where the file says so itself, that stays.
    pub certainty: Certainty,
    /// Name or code of the service that labels: the producer of a file without a label, the propagator
    /// of one with a label.
    pub service: Name,
    /// The number that the service gives the content.
    pub content_number: Name,
    /// The digital source type, where the format has a place for it.
    pub source_type: SourceType,
}

/// A labelled copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledCopy {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The label that stands in it.
    pub label: ImplicitLabel,
    /// Where.
    pub carrier: Carrier,
    /// The digital source type that it names, where it names one.
    pub source_type: Option<SourceType>,
    /// Whether the file had a label before, which ours continues.
    pub had_label: bool,
    /// Where that label still stands as it was, beside ours; none where ours took its place.
    pub stays_in: Option<&'static str>,
}

/// Labels a copy of a file.
///
/// # Errors
/// [`LabelError`]: a format or a place that is not supported, a file that is not whole, a label that
/// names a propagator already, and whatever a change would break.
///
/// ```
/// use deedbook::label::{Format, Members, Wanted, label};
/// use deedbook::record::{Certainty, Name, SourceType};
/// let wanted = Wanted {
///     certainty: Certainty::Generated,
///     service: Name::new("northlight")?,
///     content_number: Name::new("0042")?,
///     source_type: SourceType::Generated,
/// };
/// let copy = label(b"# Spring\n", Format::Markdown, &wanted)?;
/// let text = String::from_utf8(copy.bytes)?;
/// assert!(text.starts_with("---\nAIGC:\n  Label: '1'\n  ContentProducer: 'northlight'\n"));
/// assert!(text.ends_with("---\n# Spring\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn label(bytes: &[u8], format: Format, wanted: &Wanted) -> Result<LabelledCopy, LabelError> {
    let found_bytes = bytes.len() as u64;
    if found_bytes > MAX_LABELLED_BYTES {
        return Err(LabelError::TooLarge { found_bytes, max_bytes: MAX_LABELLED_BYTES });
    }
    match format {
        Format::Png => png::label(bytes, wanted),
        Format::Jpeg => jpeg::label(bytes, wanted),
        Format::Mp4 => mp4::label(bytes, wanted),
        Format::Markdown => markdown::label(bytes, wanted),
    }
}

/// The label that continues what the file says, or begins anew.
struct Continued {
    members: Members,
    had_label: bool,
    stays_in: Option<&'static str>,
}

impl Continued {
    fn of(existing: Option<Members>, wanted: &Wanted) -> Result<Self, LabelError> {
        let (service, number) = (wanted.service.as_str(), wanted.content_number.as_str());
        Ok(match existing {
            Some(members) => {
                let members = members.propagated(service, number)?;
                Self { members, had_label: true, stays_in: None }
            }
            None => {
                let members = Members::produced(wanted.certainty, service, number);
                Self { members, had_label: false, stays_in: None }
            }
        })
    }

    fn copy(
        self,
        bytes: Vec<u8>,
        carrier: Carrier,
        source_type: Option<SourceType>,
    ) -> Result<LabelledCopy, LabelError> {
        let Self { members, had_label, stays_in } = self;
        let label = members.label()?;
        Ok(LabelledCopy { bytes, label, carrier, source_type, had_label, stays_in })
    }
}

#[cfg(test)]
mod tests;
