//! Which files can be labelled.

use std::fmt;
use std::path::Path;

/// A format into which a label is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG, in whichever wrapping.
    Jpeg,
    /// MP4 and MOV, which are built alike.
    Mp4,
    /// Markdown, known by the name of the file.
    Markdown,
}

impl Format {
    /// The format of a file by its first bytes; a text is taken for Markdown where its name says so.
    ///
    /// ```
    /// use deedbook::label::Format;
    /// assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n", "spring.jpg".as_ref()), Some(Format::Png));
    /// assert_eq!(Format::of(b"# Spring", "spring.md".as_ref()), Some(Format::Markdown));
    /// assert_eq!(Format::of(b"# Spring", "spring.txt".as_ref()), None);
    /// ```
    pub fn of(bytes: &[u8], name: &Path) -> Option<Self> {
        if bytes.starts_with(super::png::SIGNATURE) {
            return Some(Self::Png);
        }
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Some(Self::Jpeg);
        }
        // Pictures in the same boxes hold their parts in another way.
        let brand = bytes.get(4..12).and_then(|brand| brand.strip_prefix(b"ftyp"));
        let is_picture = |brand: &[u8]| {
            matches!(brand, b"avif" | b"avis" | b"heic" | b"heix" | b"mif1" | b"msf1")
        };
        if let Some(brand) = brand {
            return (!is_picture(brand)).then_some(Self::Mp4);
        }
        let extension = name.extension()?.to_str()?.to_ascii_lowercase();
        let is_markdown = matches!(extension.as_str(), "md" | "markdown");
        is_markdown.then_some(Self::Markdown)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Mp4 => "MP4",
            Self::Markdown => "Markdown",
        })
    }
}
