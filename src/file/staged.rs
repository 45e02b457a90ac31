//! A file that appears whole or not at all.

use super::directory_of;
use rand_core::{OsRng, RngCore};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::fs::File;
use std::io::{Error, ErrorKind, Result as IoResult, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A file beside the place where it will stand, under a hidden name that nobody else uses, ending in
/// `.part`. It is taken away again when it is dropped without being published; a process that is killed
/// leaves it, and nothing at the place itself.
#[derive(Debug)]
pub struct Staged {
    file: File,
    staged: PathBuf,
    path: PathBuf,
}

impl Staged {
    /// Makes an empty file beside the path, at which nothing may stand.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] where something stands there, be it a link that leads nowhere;
    /// [`ErrorKind::IsADirectory`] for a path that ends in a slash; what the operating system says.
    pub fn beside(path: &Path) -> IoResult<Self> {
        match path.symlink_metadata() {
            Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if path.as_os_str().as_bytes().ends_with(b"/") {
            return Err(ErrorKind::IsADirectory.into());
        }
        let mut unique = [0; 8];
        OsRng.try_fill_bytes(&mut unique).map_err(Error::other)?;
        let name = format!(".deedbook-{:016x}.part", u64::from_le_bytes(unique));
        let staged = directory_of(path).join(name);
        let file = File::options().write(true).create_new(true).open(&staged)?;
        Ok(Self { file, staged, path: path.to_owned() })
    }

    /// Writes these bytes and forces them to the disk.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&mut self, bytes: &[u8]) -> IoResult<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }

    /// Gives the file its name, unless that was taken meanwhile.
    ///
    /// # Errors
    /// As [`give_name`].
    ///
    /// ```
    /// use deedbook::file::Staged;
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("copy.png");
    /// let mut staged = Staged::beside(&path)?;
    /// staged.write(b"all of it")?;
    /// assert!(!path.exists(), "not before it is whole");
    /// staged.publish()?;
    /// assert_eq!(std::fs::read(&path)?, b"all of it");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn publish(self) -> IoResult<()> {
        give_name(&self.staged, &self.path)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: gone already where it was moved to its name, and else of no use to anybody.
        let _ = std::fs::remove_file(&self.staged);
    }
}

/// Gives a file a name, unless that is taken. Where the file system has no hard links, the file
/// loses the name that it had.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where the name is taken; what the operating system says.
pub fn give_name(staged: &Path, path: &Path) -> IoResult<()> {
    match std::fs::hard_link(staged, path) {
        Err(error) if !matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            move_to(staged, path)
        }
        linked => linked,
    }
}

fn move_to(staged: &Path, path: &Path) -> IoResult<()> {
    Ok(renameat_with(CWD, staged, CWD, path, RenameFlags::NOREPLACE)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_not_published_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("copy");
        let mut staged = Staged::beside(&path).unwrap();
        staged.write(b"half").unwrap();
        let there = names(directory.path());
        assert!(there.len() == 1 && there[0].starts_with('.') && there[0].ends_with(".part"));
        drop(staged);
        assert_eq!(names(directory.path()), [""; 0]);
    }

    #[test]
    fn what_is_there_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("copy");
        let mut staged = Staged::beside(&path).unwrap();
        staged.write(b"ours").unwrap();
        fs::write(&path, "theirs").unwrap();
        let refused = |error: Error| error.kind();
        assert_eq!(staged.publish().map_err(refused), Err(ErrorKind::AlreadyExists));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(Staged::beside(&path).map(drop).map_err(refused), Err(ErrorKind::AlreadyExists));
        let link = directory.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        assert_eq!(Staged::beside(&link).map(drop).map_err(refused), Err(ErrorKind::AlreadyExists));
        assert_eq!(names(directory.path()), ["copy", "link"]);
    }

    #[test]
    fn a_name_that_cannot_be_is_refused_before_anything_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let long = directory.path().join("x".repeat(256));
        let kind = |path: &Path| Staged::beside(path).map(drop).map_err(|error| error.kind());
        assert_eq!(kind(&long), Err(ErrorKind::InvalidFilename));
        assert_eq!(kind(&directory.path().join("out/")), Err(ErrorKind::IsADirectory));
        assert_eq!(kind(&directory.path().join("away/copy")), Err(ErrorKind::NotFound));
        assert_eq!(names(directory.path()), [""; 0]);
    }

    /// Moving is for file systems without hard links, which no other test meets.
    #[test]
    fn neither_way_of_naming_overwrites() {
        for name in [give_name, move_to] {
            let directory = tempfile::tempdir().unwrap();
            let (staged, path) = (directory.path().join("staged"), directory.path().join("path"));
            fs::write(&staged, "new").unwrap();
            fs::write(&path, "old").unwrap();
            let kind = name(&staged, &path).unwrap_err().kind();
            assert_eq!(kind, ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&path).unwrap(), b"old");
            fs::remove_file(&path).unwrap();
            name(&staged, &path).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new");
            assert!(name(&staged, &directory.path().join("no/path")).is_err());
        }
    }
}
