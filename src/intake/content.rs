//! The content of a work: a file known by its digest.

use super::IntakeError;
use super::file_digest::FileDigest;
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
    /// Reads a file with all cores.
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
        let (file, opened) = RegularFile::open(path, MAX_CONTENT_SIZE_BYTES)?;
        let size_bytes = file.size_bytes;
        let digest = FileDigest { file: &opened, path, size_bytes }.compute()?;
        file.check_open(path, &opened)?;
        file.check_unchanged(path)?;
        Ok(Self { digest, size_bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::super::file_digest::SEGMENT_SIZE_BYTES;
    use super::*;
    use std::fs::File;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_file_has_the_digest_of_its_bytes_whatever_its_size() {
        let directory = tempfile::tempdir().unwrap();
        // Around chunks, segments and powers of two of them, and odd ones.
        let segment = u32::try_from(SEGMENT_SIZE_BYTES).unwrap();
        let near = |size: u32| [size - 1, size, size + 1];
        let sizes = [1024, segment, 2 * segment, 3 * segment, 4 * segment].map(near);
        for size in sizes.into_iter().flatten().chain([1, 1_000_003, 2_345_679]) {
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
    fn a_file_that_is_cut_short_while_it_is_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let size_bytes = 4 * SEGMENT_SIZE_BYTES + 5;
        File::create(&path).unwrap().set_len(size_bytes).unwrap();
        let (found, opened) = RegularFile::open(&path, size_bytes).unwrap();
        assert_eq!(found.size_bytes, size_bytes);
        let digest = FileDigest { file: &opened, path: &path, size_bytes };
        assert!(digest.compute().is_ok());
        let changed = Err(IntakeError::Changed { path: path.clone() });
        for cut_bytes in [size_bytes - 1, SEGMENT_SIZE_BYTES, 1, 0] {
            File::options().write(true).open(&path).unwrap().set_len(cut_bytes).unwrap();
            assert_eq!(digest.compute(), changed, "{cut_bytes}");
        }
        let digest = FileDigest { size_bytes: 1, ..digest };
        assert_eq!(digest.compute(), changed);
    }

    #[test]
    fn a_file_that_is_cut_short_at_any_moment_ends_nothing_but_its_reading() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let size_bytes = 64 * SEGMENT_SIZE_BYTES;
        let file = File::create(&path).unwrap();
        file.set_len(size_bytes).unwrap();
        let whole = Content::read(&path).unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        let relaxed = std::sync::atomic::Ordering::Relaxed;
        let readings: Vec<_> = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(relaxed) {
                    file.set_len(1).unwrap();
                    file.set_len(size_bytes).unwrap();
                }
            });
            let readings = (0..20).map(|_| Content::read(&path)).collect();
            stop.store(true, relaxed);
            readings
        });
        for reading in readings {
            match reading {
                Ok(content) if content.size_bytes == size_bytes => assert_eq!(content, whole),
                Ok(content) => assert_eq!(content.size_bytes, 1),
                Err(error) => assert_eq!(error, IntakeError::Changed { path: path.clone() }),
            }
        }
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
