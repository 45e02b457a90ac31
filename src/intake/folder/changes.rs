//! What the system tells of a folder: where something changed, and which files somebody has open to
//! write. Kept by path, so that a flood of changes takes no more memory than there are files.

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// What was told and not yet taken.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Folders in which something changed.
    pub(super) folders: BTreeSet<PathBuf>,
    /// More was told than the system could keep: anything may have changed.
    pub(super) everything: bool,
    /// Files that were written and not closed since.
    open: HashSet<PathBuf>,
}

/// Changes of a folder and of those in it.
pub(super) struct Changes {
    told: Arc<(Mutex<Told>, Condvar)>,
    /// Tells as long as it lives; none where the system cannot tell.
    watcher: Option<RecommendedWatcher>,
}

impl std::fmt::Debug for Changes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Changes").field("is_told", &self.is_told()).finish_non_exhaustive()
    }
}

impl Changes {
    /// Of this folder. Where the system has no more watches to give, nothing is told.
    pub(super) fn of(root: &Path) -> Self {
        let told = Arc::new((Mutex::new(Told::default()), Condvar::new()));
        let teller = Arc::clone(&told);
        let config = Config::default().with_follow_symlinks(false);
        let tell = move |event: Result<Event, notify::Error>| {
            let (told, changed) = &*teller;
            told.lock().unwrap_or_else(PoisonError::into_inner).hear(event);
            changed.notify_all();
        };
        let watcher = RecommendedWatcher::new(tell, config).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        Self { told, watcher: watcher.ok() }
    }

    /// Whether the system tells.
    pub(super) const fn is_told(&self) -> bool {
        self.watcher.is_some()
    }

    /// Waits until something is told, at most so long.
    pub(super) fn wait(&self, limit: Duration) {
        let (told, changed) = &*self.told;
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = |told: &mut Told| told.folders.is_empty() && !told.everything;
        drop(changed.wait_timeout_while(told, limit, is_quiet));
    }

    /// What was told since the last time; which files are open stays known.
    pub(super) fn take(&self) -> Told {
        let mut told = self.told.0.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = std::mem::take(&mut told.folders);
        let everything = std::mem::take(&mut told.everything);
        Told { folders, everything, open: HashSet::new() }
    }

    /// Whether somebody wrote the file and has not closed it since.
    pub(super) fn is_open(&self, path: &Path) -> bool {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).open.contains(path)
    }

    /// The file was waited for long enough.
    pub(super) fn forget(&self, path: &Path) {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).open.remove(path);
    }
}

impl Told {
    fn hear(&mut self, event: Result<Event, notify::Error>) {
        let Ok(event) = event else {
            self.everything = true;
            return;
        };
        if event.need_rescan() {
            self.everything = true;
        }
        let is_open = match event.kind {
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => Some(true),
            EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Remove(_) => {
                Some(false)
            }
            EventKind::Modify(ModifyKind::Name(_)) => Some(false),
            // That somebody reads changes nothing.
            EventKind::Access(_) => return,
            EventKind::Any
            | EventKind::Create(_)
            | EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Other)
            | EventKind::Other => None,
        };
        for path in event.paths {
            match is_open {
                Some(true) if cfg!(target_os = "linux") => {
                    self.open.insert(path.clone());
                }
                Some(_) => {
                    self.open.remove(&path);
                }
                None => {}
            }
            // The folder itself may be what changed.
            self.folders.extend(path.parent().map(Path::to_owned));
        }
    }
}
