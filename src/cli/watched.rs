//! What `watch` remembers between two runs: which digest a file had when it was recorded, by its path,
//! size and time. Advisory only: what is recorded is always read from the file and asked of the ledger,
//! and without this memory every file is only read once more.
//!
//! One file a session, of lines `KEY SIZE SECONDS NANOSECONDS DIGEST`, where the key is the digest of
//! the path. It says nothing of names or contents.

use super::CliError;
use crate::intake::FolderFile;
use crate::record::{Digest, RecordId};
use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Most lines that are read: more than that are no longer worth their memory.
const MAX_LINES: usize = 2_000_000;
/// Longest line: two digests in hexadecimal digits and three numbers.
const MAX_LINE_BYTES: usize = 256;

/// A file as it was when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    size_bytes: u64,
    modified_at: (i64, i64),
    digest: Digest,
}

/// The memory of one session.
#[derive(Debug)]
pub(super) struct Watched {
    path: PathBuf,
    known: HashMap<Digest, Known>,
    file: File,
}

impl Watched {
    /// Reads what an earlier run left, and begins to add to it.
    pub(super) fn open(folder: &Path, session: RecordId) -> Result<Self, CliError> {
        if !folder.is_dir() {
            let made = DirBuilder::new().mode(0o700).create(folder);
            made.map_err(CliError::file("create", folder))?;
        }
        let path = folder.join(session.to_string());
        let mut known = HashMap::new();
        if let Ok(file) = File::open(&path) {
            let lines = BufReader::new(file).split(b'\n').take(MAX_LINES);
            // A line that was cut off by a crash, or that somebody else wrote, is none.
            for line in lines.map_while(Result::ok).filter(|line| line.len() <= MAX_LINE_BYTES) {
                known.extend(parsed(&line));
            }
        }
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(&path);
        let mut file = file.map_err(CliError::file("write", &path))?;
        // What a crash left of a line ends here.
        file.write_all(b"\n").map_err(CliError::file("write", &path))?;
        Ok(Self { path, known, file })
    }

    /// The digest that the file had, where it was recorded as it stands now.
    pub(super) fn digest_of(&self, file: &FolderFile) -> Option<Digest> {
        let known = self.known.get(&key_of(file.path()))?;
        let is_same =
            known.size_bytes == file.size_bytes() && known.modified_at == file.modified_at();
        is_same.then_some(known.digest)
    }

    /// The digest that the file of this path had when it was last recorded.
    pub(super) fn last_digest(&self, path: &Path) -> Option<Digest> {
        self.known.get(&key_of(path)).map(|known| known.digest)
    }

    /// Remembers files that were recorded.
    pub(super) fn remember(&mut self, files: &[(FolderFile, Digest)]) -> Result<(), CliError> {
        let mut lines = String::new();
        for (file, digest) in files {
            let (key, size_bytes) = (key_of(file.path()), file.size_bytes());
            let (seconds, nanoseconds) = file.modified_at();
            lines.push_str(&format!("{key} {size_bytes} {seconds} {nanoseconds} {digest}\n"));
            let modified_at = file.modified_at();
            self.known.insert(key, Known { size_bytes, modified_at, digest: *digest });
        }
        self.file.write_all(lines.as_bytes()).map_err(CliError::file("write", &self.path))
    }
}

fn key_of(path: &Path) -> Digest {
    Digest::of(path.as_os_str().as_bytes())
}

fn parsed(line: &[u8]) -> Option<(Digest, Known)> {
    let mut parts = std::str::from_utf8(line).ok()?.split(' ');
    let key = parts.next()?.parse().ok()?;
    let size_bytes = parts.next()?.parse().ok()?;
    let modified_at = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let digest = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some((key, Known { size_bytes, modified_at, digest }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Folder;

    #[test]
    fn what_was_recorded_is_known_again_unless_it_changed() {
        let directory = tempfile::tempdir().unwrap();
        let outputs = directory.path().join("out");
        std::fs::create_dir(&outputs).unwrap();
        std::fs::write(outputs.join("one"), "one").unwrap();
        let mut folder = Folder::open(&outputs, Vec::new()).unwrap();
        folder.complete(4_000_000_000_000).unwrap();
        let file = folder.complete(4_000_000_100_000).unwrap().remove(0);
        let (memory, session) = (directory.path().join("memory"), RecordId::of(b"session"));
        let digest = Digest::of(b"one");
        let mut watched = Watched::open(&memory, session).unwrap();
        assert_eq!(watched.digest_of(&file), None);
        watched.remember(&[(file.clone(), digest)]).unwrap();
        drop(watched);
        // A line that was cut off, and one of nonsense.
        let path = memory.join(session.to_string());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"\xff\nabc 1 2 3 4");
        std::fs::write(&path, bytes).unwrap();
        let watched = Watched::open(&memory, session).unwrap();
        assert_eq!(watched.digest_of(&file), Some(digest));
        assert_eq!(watched.last_digest(file.path()), Some(digest));
        let other = Watched::open(&memory, RecordId::of(b"other")).unwrap();
        assert_eq!(other.digest_of(&file), None);
        std::fs::write(outputs.join("one"), "other").unwrap();
        let mut folder = Folder::open(&outputs, Vec::new()).unwrap();
        folder.complete(4_000_000_000_000).unwrap();
        let changed = folder.complete(4_000_000_100_000).unwrap().remove(0);
        assert_eq!(watched.digest_of(&changed), None);
        assert_eq!(watched.last_digest(changed.path()), Some(digest));
    }
}
