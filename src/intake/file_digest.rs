//! The digest of a long file, read and hashed in segments by all cores. Never maps a file into
//! memory: one that is truncated meanwhile would end the process instead of its reading.

use super::IntakeError;
use crate::record::Digest;
use blake3::hazmat::{
    ChainingValue, HasherExt as _, Mode, left_subtree_len, merge_subtrees_non_root,
    merge_subtrees_root,
};
use std::cell::RefCell;
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// What is read and hashed at once, a power of two so that it is a subtree: small enough to stay
/// in the cache of a core from the reading to the hashing, large enough that the calls are few.
pub(super) const SEGMENT_SIZE_BYTES: u64 = 1024 * 1024;

/// Where a buffer begins: at a page. Copying to an odd address takes twice as long.
const ALIGNMENT_BYTES: usize = 4096;

thread_local! {
    /// One buffer for each thread, so that memory is bounded by the number of cores.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A file that is being digested.
pub(super) struct FileDigest<'a> {
    pub(super) file: &'a File,
    /// Where it was found, for messages.
    pub(super) path: &'a Path,
    /// How many bytes of it are digested.
    pub(super) size_bytes: u64,
}

impl FileDigest<'_> {
    /// BLAKE3-256 of the file's first bytes, as many as are asked for.
    ///
    /// # Errors
    /// [`IntakeError::Changed`] where the file ends before, or what the system says.
    pub(super) fn compute(&self) -> Result<Digest, IntakeError> {
        let size_bytes = self.size_bytes;
        let hash = if size_bytes <= SEGMENT_SIZE_BYTES {
            self.with_segment(0, size_bytes, blake3::hash)?
        } else {
            let (left, right) = self.halves(0, size_bytes)?;
            merge_subtrees_root(&left, &right, Mode::Hash)
        };
        Ok(Digest::from_bytes(*hash.as_bytes()))
    }

    fn halves(
        &self,
        offset: u64,
        size_bytes: u64,
    ) -> Result<(ChainingValue, ChainingValue), IntakeError> {
        let left_bytes = left_subtree_len(size_bytes);
        let (left, right) = rayon::join(
            || self.subtree(offset, left_bytes),
            || self.subtree(offset + left_bytes, size_bytes - left_bytes),
        );
        Ok((left?, right?))
    }

    fn subtree(&self, offset: u64, size_bytes: u64) -> Result<ChainingValue, IntakeError> {
        if size_bytes > SEGMENT_SIZE_BYTES {
            let (left, right) = self.halves(offset, size_bytes)?;
            return Ok(merge_subtrees_non_root(&left, &right, Mode::Hash));
        }
        self.with_segment(offset, size_bytes, |bytes| {
            blake3::Hasher::new().set_input_offset(offset).update(bytes).finalize_non_root()
        })
    }

    fn with_segment<T>(
        &self,
        offset: u64,
        size_bytes: u64,
        hash: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, IntakeError> {
        // At most SEGMENT_SIZE_BYTES.
        let size = usize::try_from(size_bytes).unwrap_or(usize::MAX);
        BUFFER.with_borrow_mut(|buffer| {
            if buffer.len() < size + ALIGNMENT_BYTES {
                buffer.resize(size + ALIGNMENT_BYTES, 0);
            }
            let start = buffer.as_ptr().align_offset(ALIGNMENT_BYTES).min(ALIGNMENT_BYTES);
            let bytes = &mut buffer[start..start + size];
            self.file.read_exact_at(bytes, offset).map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => IntakeError::Changed { path: self.path.to_owned() },
                _ => IntakeError::io(self.path)(error),
            })?;
            Ok(hash(bytes))
        })
    }
}
