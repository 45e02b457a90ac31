//! The files that are meant where files and directories are named: of a directory, all in it.

use crate::intake::{IntakeError, is_left_out};
use std::path::{Path, PathBuf};

/// Most files that are registered at once.
pub(super) const MAX_FILES: usize = 1_000_000;
/// Deepest directory that is looked into.
const MAX_DEPTH: usize = 32;

/// What was found, in order.
#[derive(Debug, Default)]
pub(super) struct FoundFiles {
    /// The files.
    pub(super) files: Vec<PathBuf>,
    /// What is not looked at, with the reason.
    pub(super) passed_over: Vec<(PathBuf, &'static str)>,
}

impl FoundFiles {
    /// What the names lead to; `own` are the places of the ledger, which in a directory are nobody's work. A link that is named is followed; one that lies in a directory is not, for it
    /// may lead out of it. What begins with a dot in a directory is hidden and left out.
    pub(super) fn of(named: &[PathBuf], own: &[PathBuf]) -> Result<Self, IntakeError> {
        let mut found = Self::default();
        for path in named {
            if path.is_dir() {
                found.enter(path, own, 0)?;
            } else {
                found.files.push(path.clone());
            }
        }
        Ok(found)
    }

    fn enter(
        &mut self,
        directory: &Path,
        own: &[PathBuf],
        depth: usize,
    ) -> Result<(), IntakeError> {
        let unreadable = |error: std::io::Error| IntakeError::Unreadable {
            path: directory.to_owned(),
            kind: error.kind(),
        };
        let resolved = directory.canonicalize().map_err(unreadable)?;
        let entries = std::fs::read_dir(directory).map_err(unreadable)?;
        let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(unreadable)?;
            let pass_over = if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            } else if kind.is_symlink() {
                Some("a link in a directory is not followed")
            } else if is_left_out(&resolved.join(entry.file_name()), own) {
                Some("it belongs to the ledger")
            } else if kind.is_dir() && depth >= MAX_DEPTH {
                Some("the directory lies too deep")
            } else if self.files.len() >= MAX_FILES {
                Some("there are too many files before it")
            } else {
                None
            };
            match pass_over {
                Some(reason) => self.passed_over.push((path, reason)),
                None if kind.is_dir() => self.enter(&path, own, depth + 1)?,
                None => self.files.push(path),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_gone_through_in_order_and_links_in_them_are_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::create_dir_all(at("in/b")).unwrap();
        for name in ["outside", "in/c", "in/a", "in/b/x", "in/.hidden"] {
            std::fs::write(at(name), name).unwrap();
        }
        std::os::unix::fs::symlink(at("outside"), at("in/link")).unwrap();
        std::os::unix::fs::symlink(at("in"), at("in/b/cycle")).unwrap();
        let found = FoundFiles::of(&[at("outside"), at("in"), at("in/link")], &[]).unwrap();
        assert_eq!(found.files, ["outside", "in/a", "in/b/x", "in/c", "in/link"].map(at));
        let passed: Vec<_> = found.passed_over.into_iter().map(|(path, _)| path).collect();
        assert_eq!(passed, ["in/b/cycle", "in/link"].map(at));
    }
    #[test]
    fn what_belongs_to_the_ledger_is_nobodys_work() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        let at = |name: &str| root.join(name);
        std::fs::create_dir(at("deedbook.db.keys")).unwrap();
        for name in ["deedbook.db", "deedbook.db-wal", "deedbook.db.keys/wen", "spring.png"] {
            std::fs::write(at(name), name).unwrap();
        }
        let found = FoundFiles::of(std::slice::from_ref(&root), &[at("deedbook.db")]).unwrap();
        assert_eq!(found.files, [at("spring.png")]);
        assert_eq!(found.passed_over.len(), 3);
    }
}
