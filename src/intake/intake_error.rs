//! Why a file is not taken in.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file is not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IntakeError {
    /// No file is there.
    #[error("file `{}` does not exist", path.display())]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// A directory stands there.
    #[error("`{}` is a directory, must be a file", path.display())]
    Directory {
        /// The path asked for.
        path: PathBuf,
    },
    /// A pipe, a socket or a device stands there.
    #[error("`{}` is a pipe, a socket or a device, must be a regular file", path.display())]
    NotRegular {
        /// The path asked for.
        path: PathBuf,
    },
    /// There is nothing in the file.
    #[error("file `{}` is empty, must have at least one byte", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is larger than is taken.
    #[error("file `{}` has {found_bytes} bytes, may have at most {max_bytes}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        found_bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// The file was written to while it was being read.
    #[error("file `{}` changed while it was being read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// No content code could be taken of it.
    #[error("no content code can be taken of `{}`: {reason}", path.display())]
    Code {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file or something else stands there.
    #[error("`{}` is not a folder", path.display())]
    NotAFolder {
        /// The path asked for.
        path: PathBuf,
    },
    /// A folder that is followed was removed, renamed or replaced.
    #[error("the folder `{}` is gone: it was removed, renamed or replaced", path.display())]
    FolderGone {
        /// The folder.
        path: PathBuf,
    },
    /// The folder has more files than are followed.
    #[error("the folder `{}` has {found} files, may have at most {max}", path.display())]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
        /// How many were found before the search ended.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// The operating system refused.
    #[error("cannot read `{}`: {kind}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl IntakeError {
    /// The stable name of the error, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "file_missing",
            Self::Directory { .. } => "file_is_directory",
            Self::NotRegular { .. } => "file_not_regular",
            Self::Empty { .. } => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::Changed { .. } => "file_changed",
            Self::Code { .. } => "file_code",
            Self::NotAFolder { .. } => "not_a_folder",
            Self::FolderGone { .. } => "folder_gone",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::Unreadable { .. } => "file_unreadable",
        }
    }

    /// The way out.
    ///
    /// ```
    /// use deedbook::intake::IntakeError;
    /// let error = IntakeError::Empty { path: "spring.png".into() };
    /// assert_eq!(error.to_string(), "file `spring.png` is empty, must have at least one byte");
    /// assert!(error.hint().contains("saved"));
    /// ```
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "check the name of the file and the directory you are in",
            Self::Directory { .. } => {
                "name a file in it; `register` takes several, the main one first"
            }
            Self::NotRegular { .. } => "save what it gives to a file, and name that",
            Self::Empty { .. } => "check that the file was saved",
            Self::TooLarge { .. } => "split it, or name a smaller version of it",
            Self::Changed { .. } => "wait until the program that writes it is done, then try again",
            Self::Code { .. } => "report this with the file: every file has a content code",
            Self::NotAFolder { .. } => "name the folder into which the program writes",
            Self::FolderGone { .. } => {
                "what was recorded stands; watch again once the folder is there: it goes on where it was"
            }
            Self::TooManyFiles { .. } => "name a folder within it",
            Self::Unreadable { .. } => {
                "check who may read the file and whether its disk is in order"
            }
        }
    }

    /// For `map_err`: an error of the operating system on a file.
    pub(super) fn io(path: &Path) -> impl Fn(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            let path = path.clone();
            match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing { path },
                kind => Self::Unreadable { path, kind },
            }
        }
    }
}
