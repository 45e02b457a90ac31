//! A file of a work, looked at whole: its digest, its size, its content codes and what it says of itself,
//! all of the same bytes.

use super::IntakeError;
use super::claim::FileClaims;
use super::code::{Coded, MAX_PICTURE_BYTES, Purpose, Streamed};
use super::content::MAX_CONTENT_SIZE_BYTES;
use super::credentials::{Credentials, credentials};
use super::regular_file::RegularFile;
use crate::record::{Content, Digest};
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

/// What is read and hashed at once: it stays in the cache of a core in between.
const SEGMENT_SIZE_BYTES: u64 = 1024 * 1024;
/// As much, of a file that is too large to be kept in memory.
const LARGE_SEGMENT_SIZE_BYTES: u64 = 16 * 1024 * 1024;

/// What a file of a work is known by, and found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// BLAKE3-256 of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its content codes, and what became of it as a picture.
    pub coded: Coded,
    /// What it says of itself.
    pub claims: FileClaims,
    /// Its Content Credentials, where this program reads them; they are among the claims.
    pub credentials: Credentials,
}

impl Examined {
    /// Reads a file once, by the core that asks; memory is bounded by the limits of pictures.
    ///
    /// # Errors
    /// As [`super::Content::read`]; [`IntakeError::Code`] where a code could not be taken.
    ///
    /// ```
    /// use deedbook::intake::Examined;
    /// use deedbook::record::Digest;
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("spring.txt");
    /// std::fs::write(&path, "the spring breeze")?;
    /// let examined = Examined::read(&path)?;
    /// assert_eq!(examined.digest, Digest::of(b"the spring breeze"));
    /// assert!(examined.coded.codes.text.is_some() && examined.coded.codes.image.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(path: &Path) -> Result<Self, IntakeError> {
        Self::read_for(path, Purpose::Record)
    }

    /// As [`Self::read`], with the codes of windows by which a crop is found: see [`Coded::windows`].
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_to_find(path: &Path) -> Result<Self, IntakeError> {
        Self::read_for(path, Purpose::Find)
    }

    fn read_for(path: &Path, purpose: Purpose) -> Result<Self, IntakeError> {
        let (file, opened) = RegularFile::open(path, MAX_CONTENT_SIZE_BYTES)?;
        let size_bytes = file.size_bytes;
        let mut streamed = Streamed::new();
        let keep = size_bytes <= MAX_PICTURE_BYTES;
        let segment = if keep { SEGMENT_SIZE_BYTES } else { LARGE_SEGMENT_SIZE_BYTES };
        let mut bytes = Vec::new();
        let mut start = Vec::new();
        let mut left = size_bytes;
        while left > 0 {
            let from = if keep { bytes.len() } else { 0 };
            bytes.truncate(from);
            read_exactly(path, &opened, segment.min(left), &mut bytes)?;
            let read = bytes.get(from..).unwrap_or_default();
            left -= read.len() as u64;
            if keep {
                streamed.take(read);
            } else {
                if start.is_empty() {
                    start = read.iter().take(64).copied().collect();
                }
                streamed.take_shared(read);
            }
        }
        let claims = if keep {
            FileClaims::read(&mut Cursor::new(&bytes), size_bytes)
        } else {
            FileClaims::read(&mut BufReader::new(&opened), size_bytes)
        };
        let mut claims = claims.map_err(IntakeError::io(path))?;
        let credentials = if keep {
            credentials(&bytes, None)
        } else {
            Credentials::NotRead { reason: "the file is larger than a picture may be" }
        };
        if let Some(claim) = credentials.claim() {
            claims.add(claim);
        }
        // The second look, before anything is made of what was read.
        file.check_open(path, &opened)?;
        file.check_unchanged(path)?;
        let whole = keep.then_some(bytes.as_slice());
        let finished = streamed.finish(size_bytes, whole.unwrap_or(&start), whole, purpose);
        let (digest, coded) = finished.map_err(|error| IntakeError::Code {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { digest, size_bytes, coded, claims, credentials })
    }

    /// The content as a record has it.
    pub fn content(&self) -> Content {
        let codes = Some(self.coded.codes.clone());
        Content { codes, ..Content::new(self.size_bytes, self.digest) }
    }
}

/// Appends the next bytes of a file, all that are asked for.
fn read_exactly(
    path: &Path,
    mut file: &File,
    size_bytes: u64,
    bytes: &mut Vec<u8>,
) -> Result<(), IntakeError> {
    let read = (&mut file).take(size_bytes).read_to_end(bytes).map_err(IntakeError::io(path))?;
    if read as u64 == size_bytes {
        return Ok(());
    }
    Err(IntakeError::Changed { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::FileForm;
    use crate::record::ClaimSource;

    const LABELLED: &str = "---\nAIGC:\n  Label: \"1\"\n---\n";

    #[test]
    fn digest_and_claims_are_of_the_same_bytes_whatever_the_size() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.md");
        let held = usize::try_from(MAX_PICTURE_BYTES).unwrap();
        for size in [LABELLED.len(), held, held + 1, held + 2_000_000] {
            let mut bytes = LABELLED.as_bytes().to_vec();
            bytes.resize(size, b'x');
            std::fs::write(&path, &bytes).unwrap();
            let file = Examined::read(&path).unwrap();
            assert_eq!(file.digest, Digest::of(&bytes), "{size}");
            assert_eq!(file.claims.form, FileForm::Markdown, "{size}");
            assert_eq!(file.claims.claims[0].source, ClaimSource::AigcLabel);
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused_or_taken_as_it_stood() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.md");
        let other = LABELLED.replace("\"1\"", "\"2 \"");
        std::fs::write(&path, LABELLED).unwrap();
        let (stop, relaxed) =
            (std::sync::atomic::AtomicBool::new(false), std::sync::atomic::Ordering::Relaxed);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(relaxed) {
                    std::fs::write(&path, &other).unwrap();
                    std::fs::write(&path, LABELLED).unwrap();
                }
            });
            for _ in 0..300 {
                let Ok(file) = Examined::read(&path) else { continue };
                let label = file.claims.claims.first().map(|claim| claim.fields.values().next());
                let label = label.flatten().map(ToString::to_string);
                let expected = match file.digest {
                    digest if digest == Digest::of(LABELLED.as_bytes()) => Some("1"),
                    digest if digest == Digest::of(other.as_bytes()) => Some("2"),
                    // Cut short between two writes; then the claims are those of the part.
                    _ => continue,
                };
                assert_eq!(label.as_deref(), expected);
            }
            stop.store(true, relaxed);
        });
    }
}
