//! What lies in a file besides its picture: texts with where they stand. Never says what they mean.

use super::ClaimFault;

/// Longest single text that is read, unpacked: as much as the vault takes as one opening. The longest
/// workflows have some hundred kilobytes.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Most bytes of metadata that are read from one file, packed, and again unpacked.
pub const MAX_METADATA_BYTES: usize = 8 * 1024 * 1024;

/// Most texts of one file.
const MAX_TEXTS: usize = 64;

/// What kind of place a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// A text chunk of a PNG.
    PngText,
    /// A field of Exif data.
    Exif,
    /// An XMP packet.
    Xmp,
    /// The lowest bits of the samples, those of the alpha channel or of the colours.
    LowestBits,
    /// The metadata of an MP4 or QuickTime file.
    Movie,
    /// The front matter of a Markdown file.
    FrontMatter,
}

/// A text with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundText {
    pub(super) carrier: Carrier,
    /// The keyword of a chunk, the name of a field.
    pub(super) key: String,
    /// In words: `tEXt parameters`.
    pub(super) place: String,
    /// The text.
    pub(super) text: String,
    /// Its bytes as they stand, unpacked.
    pub(super) bytes: Vec<u8>,
}

/// The form of a file, as its first bytes show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// Nothing at all.
    Empty,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    WebP,
    /// MP4, QuickTime and what else is made of their boxes.
    Movie,
    /// A text with front matter.
    Markdown,
    /// Anything else, which is not looked into.
    Other,
}

impl FileForm {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::WebP => "webp",
            Self::Movie => "mp4",
            Self::Markdown => "markdown",
            Self::Other => "other",
        }
    }
}

/// The extent of a picture, as its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureSize {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// What was found in a file so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) size: Option<PictureSize>,
    pub(super) texts: Vec<FoundText>,
    pub(super) faults: Vec<ClaimFault>,
}

impl Found {
    /// Adds a text in UTF-8. Old writers put UTF-8 where Latin-1 belongs, so that bytes which are
    /// UTF-8 are read as that.
    pub(super) fn latin1(&mut self, carrier: Carrier, key: &str, place: String, bytes: Vec<u8>) {
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        };
        self.add(FoundText { carrier, key: key.to_owned(), place, text, bytes });
    }

    /// Adds a text, or tells that it is not UTF-8.
    pub(super) fn utf8(&mut self, carrier: Carrier, key: &str, place: String, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let bytes = text.clone().into_bytes();
                self.add(FoundText { carrier, key: key.to_owned(), place, text, bytes });
            }
            Err(_) => self.faults.push(ClaimFault::Encoding { place, encoding: "UTF-8" }),
        }
    }

    /// Adds a text within the limits.
    pub(super) fn add(&mut self, found: FoundText) {
        let held: usize = self.texts.iter().map(|text| text.bytes.len()).sum();
        if found.bytes.len() > MAX_TEXT_BYTES {
            let (place, max_bytes) = (found.place, MAX_TEXT_BYTES);
            self.faults.push(ClaimFault::TextTooLong { place, max_bytes });
        } else if self.texts.len() >= MAX_TEXTS || held + found.bytes.len() > MAX_METADATA_BYTES {
            let fault = ClaimFault::TooMuchMetadata { max_bytes: MAX_METADATA_BYTES };
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        } else {
            self.texts.push(found);
        }
    }

    /// The first text of this key in this kind of place.
    pub(super) fn text(&self, carrier: Carrier, key: &str) -> Option<&FoundText> {
        self.texts.iter().find(|found| found.carrier == carrier && found.key == key)
    }
}
