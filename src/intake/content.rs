//! The content of a work: a file known by its digest.

use super::IntakeError;
use super::regular_file::RegularFile;
use crate::record::Digest;
use std::path::Path;

/// Largest file of a work: 4 GiB. A film in the quality in which it is delivered fits; a disk image
/// or a sparse file named by mistake does not.
pub const MAX_CONTENT_SIZE_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// What a file of a work is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// BLAKE3-256 of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub size_bytes: u64,
}

impl Content {
    /// Reads a file with all cores, from memory-mapped pages where the system has them.
    ///
    /// # Errors
    /// [`IntakeError`]: no file, a directory, a pipe or a device, nothing in it, more than
    /// [`MAX_CONTENT_SIZE_BYTES`], changed meanwhile, or what the system says.
    ///
    /// ```
    /// use deedbook::intake::Content;
    /// use deedbook::record::Digest;
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("spring.txt");
    /// std::fs::write(&path, "the spring breeze")?;
    /// let content = Content::read(&path)?;
    /// assert_eq!(content.digest, Digest::of(b"the spring breeze"));
    /// assert_eq!(content.size_bytes, 17);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(path: &Path) -> Result<Self, IntakeError> {
        let file = RegularFile::look(path, MAX_CONTENT_SIZE_BYTES)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_mmap_rayon(path).map_err(IntakeError::io(path))?;
        file.check_unchanged(path)?;
        if hasher.count() != file.size_bytes {
            let path = path.to_owned();
            return Err(IntakeError::Changed { path });
        }
        Ok(Self {
            digest: Digest::from_bytes(*hasher.finalize().as_bytes()),
            size_bytes: file.size_bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_file_has_the_digest_of_its_bytes_whatever_its_size() {
        let directory = tempfile::tempdir().unwrap();
        // Around the size from which pages are mapped, and odd ones.
        for size in [1, 1024, 16 * 1024 - 1, 16 * 1024, 1_000_003] {
            let bytes: Vec<u8> = (0..size).map(|i: u32| (i % 251) as u8).collect();
            let path = directory.path().join("file");
            std::fs::write(&path, &bytes).unwrap();
            let content = Content::read(&path).unwrap();
            assert_eq!(content.digest, Digest::of(&bytes), "{size}");
            assert_eq!(content.size_bytes, u64::from(size));
        }
    }

    #[test]
    fn refuses_what_is_not_a_file_with_something_in_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let missing = IntakeError::Missing { path: path.clone() };
        assert_eq!(Content::read(&path), Err(missing));
        std::fs::write(&path, "").unwrap();
        let empty = IntakeError::Empty { path: path.clone() };
        assert_eq!(Content::read(&path), Err(empty));
        let folder = directory.path().to_owned();
        let expected = IntakeError::Directory { path: folder.clone() };
        assert_eq!(Content::read(&folder), Err(expected));
        let device = Path::new("/dev/null").to_owned();
        let expected = IntakeError::NotRegular { path: device.clone() };
        assert_eq!(Content::read(&device), Err(expected));
    }

    #[test]
    fn refuses_a_huge_sparse_file_without_reading_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sparse");
        let found_bytes = 8 * 1024 * 1024 * 1024;
        File::create(&path).unwrap().set_len(found_bytes).unwrap();
        let max_bytes = MAX_CONTENT_SIZE_BYTES;
        let expected = IntakeError::TooLarge { path: path.clone(), found_bytes, max_bytes };
        assert_eq!(Content::read(&path), Err(expected));
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_a_name() {
        let directory = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"spring-\xff.png");
        let path = directory.path().join(name);
        std::fs::write(&path, "x").unwrap();
        assert_eq!(Content::read(&path).unwrap().digest, Digest::of(b"x"));
    }

    #[test]
    fn a_file_that_changes_meanwhile_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        std::fs::write(&path, "first").unwrap();
        let file = RegularFile::look(&path, 10).unwrap();
        assert_eq!(file.check_unchanged(&path), Ok(()));
        std::fs::write(&path, "longer").unwrap();
        let changed = IntakeError::Changed { path: path.clone() };
        assert_eq!(file.check_unchanged(&path), Err(changed.clone()));
        // Another file of the same size under the same name.
        let file = RegularFile::look(&path, 10).unwrap();
        std::fs::write(directory.path().join("other"), "behind").unwrap();
        std::fs::rename(directory.path().join("other"), &path).unwrap();
        assert_eq!(file.check_unchanged(&path), Err(changed));
    }
}
