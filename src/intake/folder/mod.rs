//! A folder into which a program writes its outputs: which files in it are complete.
//!
//! A file is complete when it has something in it, nobody is writing it as far as the system tells,
//! and two looks some time apart find it as it was. Never opens a file, never writes, takes no lock,
//! and never follows a link. What the folder held is not remembered beyond one run.

mod changes;
mod folder_file;

use super::IntakeError;
use changes::Changes;
pub use folder_file::FolderFile;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// So long a file must stay as it is, where the system tells of changes.
const STABLE_MS: i64 = 300;
/// So long, where folders are looked at again and again instead.
const STABLE_UNTOLD_MS: i64 = 1500;
/// So long where it was being written just before anybody watched, so that nothing was told of it.
const STABLE_BEFORE_MS: i64 = 2000;
/// So long where somebody has it open to write: a program that never closes its files is not waited
/// for without end.
const STABLE_OPEN_MS: i64 = 60_000;
/// How often everything is looked at, whatever the system tells: of what other machines write into a
/// shared folder it tells nothing.
const LOOK_AGAIN_MS: i64 = 10_000;
/// As [`LOOK_AGAIN_MS`], where the system tells nothing at all.
const LOOK_AGAIN_UNTOLD_MS: i64 = 500;
/// Most files of one folder that are followed; each takes some hundred bytes.
pub const MAX_FILES: usize = 1_000_000;
/// Most files that are handed on at once.
const MAX_AT_ONCE: usize = 1000;
/// How deep folders may stand in each other.
const MAX_DEPTH: usize = 64;
/// Ends of the names of files that are not complete yet.
const TEMPORARY: &[&str] = &[".part", ".tmp", ".temp", ".partial", ".crdownload", ".download", "~"];

/// A folder that is followed.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    device: u64,
    inode: u64,
    changes: Changes,
    /// Files and folders that are none of the outputs, by the beginning of their paths.
    left_out: Vec<PathBuf>,
    /// Folders to look into.
    dirty: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    /// Files as they were handed on.
    done: BTreeMap<PathBuf, FolderFile>,
    waiting: BTreeMap<PathBuf, Waiting>,
    looked_at_ms: Option<i64>,
}

/// A file that may not be complete yet.
#[derive(Clone, Debug)]
struct Waiting {
    file: FolderFile,
    /// When it was first seen to be so.
    since_ms: i64,
    /// Whether it stood there before anybody watched.
    was_there: bool,
}

impl Folder {
    /// Begins to follow a folder. What is in it already counts as new.
    ///
    /// # Errors
    /// [`IntakeError`]: no folder, something else, or what the system says.
    pub fn open(path: &Path, left_out: Vec<PathBuf>) -> Result<Self, IntakeError> {
        let root = path.canonicalize().map_err(IntakeError::io(path))?;
        let metadata = std::fs::metadata(&root).map_err(IntakeError::io(path))?;
        if !metadata.is_dir() {
            return Err(IntakeError::NotAFolder { path: path.to_owned() });
        }
        // Told of changes first and looked at afterwards, so that nothing falls between.
        let changes = Changes::of(&root);
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            changes,
            left_out,
            dirty: BTreeSet::from([root.clone()]),
            folders: BTreeSet::from([root.clone()]),
            done: BTreeMap::new(),
            waiting: BTreeMap::new(),
            looked_at_ms: None,
            root,
        })
    }

    /// Where it is, links resolved.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Whether the system tells of changes; else everything is looked at again and again.
    pub const fn is_told(&self) -> bool {
        self.changes.is_told()
    }

    /// Waits until something changes, at most so long.
    pub fn wait(&self, limit: Duration) {
        self.changes.wait(limit);
    }

    /// Whether every file that is there was handed on.
    pub fn is_settled(&self) -> bool {
        self.dirty.is_empty() && self.waiting.is_empty() && self.looked_at_ms.is_some()
    }

    /// The files that are complete by now, each once as it stands; a thousand at most.
    ///
    /// # Errors
    /// [`IntakeError::FolderGone`] where the folder is not there any more, and
    /// [`IntakeError::TooManyFiles`].
    pub fn complete(&mut self, now_ms: i64) -> Result<Vec<FolderFile>, IntakeError> {
        self.check_there()?;
        let told = self.changes.take();
        let is_first = self.looked_at_ms.is_none();
        if told.everything || self.is_due(now_ms) {
            self.dirty.extend(self.folders.iter().cloned());
            self.looked_at_ms = Some(now_ms);
        }
        // What is told of a folder that is hidden or behind a link is a reason to look at the nearest one
        // that is followed, and no more.
        let followed = |folder: PathBuf| {
            folder.ancestors().find(|above| self.folders.contains(*above)).map(Path::to_owned)
        };
        self.dirty.extend(told.folders.into_iter().filter_map(followed));
        while let Some(folder) = self.dirty.pop_first() {
            self.look_into(&folder, now_ms, is_first)?;
        }
        Ok(self.take_stable(now_ms))
    }

    /// A file that changed while it was read is waited for again.
    pub fn put_back(&mut self, file: &FolderFile, now_ms: i64) {
        self.done.remove(file.path());
        if let Ok(metadata) = std::fs::symlink_metadata(file.path())
            && metadata.is_file()
        {
            let file = FolderFile::new(file.path().to_owned(), &metadata);
            let waiting = Waiting { since_ms: now_ms, was_there: false, file };
            self.waiting.insert(waiting.file.path().to_owned(), waiting);
        }
    }

    /// Whether the file is still as it was handed on, under its own name and within the folder.
    pub fn is_unchanged(&self, file: &FolderFile) -> bool {
        let is_within = file.path().canonicalize().is_ok_and(|path| path.starts_with(&self.root));
        let metadata = std::fs::symlink_metadata(file.path());
        let is_same = |metadata: Metadata| {
            metadata.is_file() && FolderFile::new(file.path().to_owned(), &metadata) == *file
        };
        is_within && metadata.is_ok_and(is_same)
    }

    fn check_there(&self) -> Result<(), IntakeError> {
        let gone = || IntakeError::FolderGone { path: self.root.clone() };
        let metadata = std::fs::symlink_metadata(&self.root).map_err(|_| gone())?;
        let is_same = (metadata.dev(), metadata.ino()) == (self.device, self.inode);
        if metadata.is_dir() && is_same { Ok(()) } else { Err(gone()) }
    }

    /// Whether it is time to look at everything; at once where the clock was set back.
    fn is_due(&self, now_ms: i64) -> bool {
        let every_ms = if self.is_told() { LOOK_AGAIN_MS } else { LOOK_AGAIN_UNTOLD_MS };
        self.looked_at_ms.is_none_or(|last| now_ms < last || now_ms - last >= every_ms)
    }

    fn look_into(&mut self, folder: &Path, now_ms: i64, first: bool) -> Result<(), IntakeError> {
        let depth = folder.components().count().saturating_sub(self.root.components().count());
        // A folder that has become a link, or is gone, has nothing to look at.
        let is_folder = std::fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir());
        let entries =
            if is_folder && depth <= MAX_DEPTH { std::fs::read_dir(folder).ok() } else { None };
        let Some(entries) = entries else {
            self.folders.remove(folder);
            return Ok(());
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if is_temporary(&entry.file_name()) || is_left_out(&path, &self.left_out) {
                continue;
            }
            // Of the entry itself: a link is neither a file nor a folder.
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                if self.folders.insert(path.clone()) {
                    self.dirty.insert(path);
                }
            } else if metadata.is_file() && metadata.len() > 0 {
                self.see(path, &metadata, now_ms, first);
            }
        }
        let found = self.done.len() + self.waiting.len();
        if found > MAX_FILES {
            let path = self.root.clone();
            return Err(IntakeError::TooManyFiles { path, found, max: MAX_FILES });
        }
        Ok(())
    }

    fn see(&mut self, path: PathBuf, metadata: &Metadata, now_ms: i64, was_there: bool) {
        let file = FolderFile::new(path.clone(), metadata);
        if self.done.get(&path) == Some(&file) {
            return;
        }
        let is_as_it_was = self.waiting.get(&path).is_some_and(|waiting| waiting.file == file);
        if !is_as_it_was {
            self.waiting.insert(path, Waiting { file, since_ms: now_ms, was_there });
        }
    }

    /// The files that stayed as they were for long enough, looked at once more.
    fn take_stable(&mut self, now_ms: i64) -> Vec<FolderFile> {
        let mut complete = Vec::new();
        let paths: Vec<PathBuf> = self.waiting.keys().cloned().collect();
        for path in paths {
            let Some(waiting) = self.waiting.get_mut(&path) else { continue };
            let found = std::fs::symlink_metadata(&path).ok().filter(Metadata::is_file);
            let Some(found) = found.filter(|found| found.len() > 0) else {
                self.waiting.remove(&path);
                continue;
            };
            let file = FolderFile::new(path.clone(), &found);
            if file != waiting.file || now_ms < waiting.since_ms {
                *waiting = Waiting { file, since_ms: now_ms, was_there: false };
                continue;
            }
            let needed_ms = match (self.changes.is_open(&path), self.changes.is_told()) {
                (true, _) => STABLE_OPEN_MS,
                (false, false) => STABLE_UNTOLD_MS,
                (false, true) if waiting.was_there && file.is_younger(STABLE_BEFORE_MS, now_ms) => {
                    STABLE_BEFORE_MS
                }
                (false, true) => STABLE_MS,
            };
            if now_ms - waiting.since_ms >= needed_ms && complete.len() < MAX_AT_ONCE {
                self.waiting.remove(&path);
                self.changes.forget(&path);
                self.done.insert(path, file.clone());
                complete.push(file);
            }
        }
        complete
    }
}

/// Whether a path is one of these, or its name goes on from one of them: a ledger has files beside it whose
/// names begin with its own. Both with links resolved.
pub fn is_left_out(path: &Path, left_out: &[PathBuf]) -> bool {
    let bytes = path.as_os_str().as_bytes();
    left_out.iter().any(|start| bytes.starts_with(start.as_os_str().as_bytes()))
}

/// Whether a file of this name is hidden or still being made.
fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_bytes().to_ascii_lowercase();
    name.starts_with(b".") || TEMPORARY.iter().any(|end| name.ends_with(end.as_bytes()))
}

#[cfg(test)]
mod tests;
