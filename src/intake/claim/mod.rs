//! What a file says of itself: the claims that generators of pictures, films and texts write into what
//! they make, each after its own convention.
//!
//! Two steps: a reader of the container finds texts and where they stand; the readers of the
//! conventions take them apart. Anybody can write such claims into a file: nothing here believes
//! them, checks them against the picture, or makes a record of them. Bytes, depth and time are
//! bounded, and whatever is wrong with the metadata is told and keeps nothing from being registered.
//! `schema/claims-v1.md` says which conventions are read, where, in which order, within which limits.

mod aigc_label;
mod automatic1111;
mod claim_fault;
mod comfy_graph;
mod comfy_ui;
mod exif_texts;
mod extended_xmp;
mod fooocus;
mod found;
mod front_matter;
mod invoke_ai;
mod iptc;
mod jpeg_texts;
mod json;
mod lowest_bits;
mod movie_texts;
mod novel_ai;
mod parameter_name;
mod png_texts;
mod read_claim;
mod webp_texts;
mod xmp;

pub use claim_fault::{ClaimFault, XmlFault};
pub use found::{FileForm, MAX_METADATA_BYTES, MAX_TEXT_BYTES, PictureSize};
pub use json::JsonFault;
pub use read_claim::{MAX_CLAIM_FIELDS, MAX_CLAIM_LORAS, MAX_CLAIM_PROMPTS, ReadClaim, ReadPrompt};

use crate::record::MAX_CLAIMS;
use found::Found;
use std::io::{BufRead, ErrorKind, Read, Result, Seek};

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileClaims {
    /// The form of the file.
    pub form: FileForm,
    /// The size of the picture, where its header could be read.
    pub picture: Option<PictureSize>,
    /// The claims, by convention in the order of [`crate::record::ClaimSource`], those of one
    /// convention as its reader orders them. The first that tells of a generation gives the defaults.
    pub claims: Vec<ReadClaim>,
    /// What was not taken, and why.
    pub faults: Vec<ClaimFault>,
}

/// The readers of the conventions, in the order in which their claims stand.
type Convention = fn(&Found, &mut Vec<ClaimFault>) -> Vec<ReadClaim>;
const CONVENTIONS: [Convention; 7] = [
    automatic1111::read,
    comfy_ui::read,
    invoke_ai::read,
    novel_ai::read,
    fooocus::read,
    iptc::read,
    aigc_label::read,
];

impl FileClaims {
    /// Reads the claims of a file of this size, from its first byte on.
    ///
    /// # Errors
    /// What the source says where it cannot be read. A file that is cut short or damaged is no error
    /// but a fault in [`FileClaims::faults`].
    ///
    /// ```
    /// use deedbook::intake::{FileClaims, FileForm};
    /// let text = "---\nAIGC:\n  Label: \"1\"\n  ContentProducer: northlight\n---\nA spring breeze\n";
    /// let read = FileClaims::read(&mut std::io::Cursor::new(text), text.len() as u64)?;
    /// assert_eq!(read.form, FileForm::Markdown);
    /// assert_eq!(read.claims[0].fields.len(), 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read(source: &mut (impl BufRead + Seek), size_bytes: u64) -> Result<Self> {
        let mut found = Found::default();
        source.rewind()?;
        let form = form(source)?;
        source.rewind()?;
        let read = match form {
            FileForm::Empty => {
                found.faults.push(ClaimFault::EmptyFile);
                Ok(())
            }
            FileForm::Png => png_texts::read(source, &mut found).and_then(|()| {
                source.rewind()?;
                lowest_bits::read(source, &mut found);
                Ok(())
            }),
            FileForm::Jpeg => jpeg_texts::read(source, &mut found),
            FileForm::WebP => webp_texts::read(source, size_bytes, &mut found),
            FileForm::Movie => movie_texts::read(source, size_bytes, &mut found),
            FileForm::Markdown => front_matter::read(source, &mut found),
            FileForm::Other => Ok(()),
        };
        match read {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                found.faults.push(ClaimFault::Truncated);
            }
            read => read?,
        }
        Ok(Self::new(form, &mut found))
    }

    fn new(form: FileForm, found: &mut Found) -> Self {
        let mut faults = std::mem::take(&mut found.faults);
        if found.size == Some(PictureSize { width: 1, height: 1 }) {
            faults.push(ClaimFault::EmptyPicture);
        }
        let mut claims = Vec::new();
        for convention in CONVENTIONS {
            claims.extend(convention(found, &mut faults));
        }
        if claims.len() > MAX_CLAIMS {
            claims.truncate(MAX_CLAIMS);
            faults.push(ClaimFault::TooManyClaims { limit: MAX_CLAIMS });
        }
        told_once(&mut faults);
        Self { form, picture: found.size, claims, faults }
    }

    /// Adds a claim that something else than the conventions here has read; where there are too many,
    /// it takes the place of the last.
    pub(super) fn add(&mut self, claim: ReadClaim) {
        if self.claims.len() >= MAX_CLAIMS {
            self.claims.truncate(MAX_CLAIMS - 1);
            self.faults.push(ClaimFault::TooManyClaims { limit: MAX_CLAIMS });
            told_once(&mut self.faults);
        }
        self.claims.push(claim);
    }

    /// The claim whose generation gives the defaults: the first that tells of one.
    pub fn generation(&self) -> Option<&ReadClaim> {
        self.claims.iter().find(|claim| claim.is_generation())
    }
}

/// What a file has many times over is told once.
fn told_once(faults: &mut Vec<ClaimFault>) {
    let mut told: Vec<ClaimFault> = Vec::new();
    for fault in faults.drain(..) {
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    *faults = told;
}

fn form(source: &mut impl Read) -> Result<FileForm> {
    let mut start = Vec::new();
    source.take(16).read_to_end(&mut start)?;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    Ok(match start.as_slice() {
        [] => FileForm::Empty,
        [0x89, b'P', b'N', b'G', ..] => FileForm::Png,
        [0xff, 0xd8, 0xff, ..] => FileForm::Jpeg,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => FileForm::WebP,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => FileForm::Movie,
        _ if text.starts_with(b"---\n") || text.starts_with(b"---\r\n") => FileForm::Markdown,
        _ => FileForm::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ClaimSource, Generation, Name};
    use std::collections::BTreeMap;

    fn claim(place: usize) -> ReadClaim {
        ReadClaim {
            source: ClaimSource::Automatic1111,
            place: Name::new(format!("tEXt {place}")).unwrap(),
            fields: BTreeMap::new(),
            verbatim: Vec::new(),
            generation: Generation::default(),
            prompts: Vec::new(),
        }
    }

    #[test]
    fn what_a_file_has_many_times_over_is_told_once() {
        let long = || ClaimFault::TextTooLong { place: "XMP".to_owned(), max_bytes: 1 };
        let faults = vec![long(), ClaimFault::Truncated, long(), long()];
        let mut found = Found { faults, ..Found::default() };
        let read = FileClaims::new(FileForm::Png, &mut found);
        assert_eq!(read.faults, [long(), ClaimFault::Truncated]);
    }

    #[test]
    fn a_text_of_more_than_a_mebibyte_is_told_and_not_read() {
        let mut found = Found::default();
        for (size, texts) in [(MAX_TEXT_BYTES, 1), (MAX_TEXT_BYTES + 1, 1)] {
            let bytes = vec![b'x'; size];
            found.latin1(found::Carrier::PngText, "parameters", "tEXt".to_owned(), bytes);
            assert_eq!(found.texts.len(), texts);
        }
        let (place, max_bytes) = ("tEXt".to_owned(), MAX_TEXT_BYTES);
        assert_eq!(found.faults, [ClaimFault::TextTooLong { place, max_bytes }]);
    }

    /// Boxes in boxes, and boxes after boxes, without end.
    #[test]
    fn a_film_of_boxes_alone_is_left_after_some() {
        let boxed = |body: &[u8]| {
            let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
            [&size[..], b"moov", body].concat()
        };
        let deep = (0..300).fold(Vec::new(), |body, _| boxed(&body));
        for boxes in [deep, boxed(b"").repeat(200_000)] {
            let film = [&b"\0\0\0\x08ftyp"[..], &boxes].concat();
            let mut source = std::io::Cursor::new(&film);
            let read = FileClaims::read(&mut source, film.len() as u64).unwrap();
            assert_eq!(read.form, FileForm::Movie);
            assert!(matches!(read.faults[..], [ClaimFault::Damaged { .. }]), "{:?}", read.faults);
        }
    }

    /// A record takes so many and no more, whoever read them.
    #[test]
    fn a_claim_that_is_added_has_its_place_among_those_that_a_record_takes() {
        let mut read = FileClaims::new(FileForm::Png, &mut Found::default());
        (0..MAX_CLAIMS).for_each(|place| read.add(claim(place)));
        assert_eq!((read.claims.len(), read.faults.len()), (MAX_CLAIMS, 0));
        read.add(claim(77));
        read.add(claim(78));
        assert_eq!(read.claims.len(), MAX_CLAIMS);
        assert_eq!(read.claims.last(), Some(&claim(78)));
        assert_eq!(read.faults, [ClaimFault::TooManyClaims { limit: MAX_CLAIMS }]);
    }
}
