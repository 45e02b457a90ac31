//! Why a command did not do what was asked: a stable code, a message and the way out.

use super::Exit;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Every way in which a command can fail.
#[derive(Debug, Error)]
pub(super) enum CliError {
    /// A command of a later version.
    #[error("`deedbook {command}` is not available yet")]
    NotAvailable {
        /// Its name.
        command: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`: {kind}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl CliError {
    /// The stable name of the error, for programs.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotAvailable { .. } => "not_available",
            Self::File { .. } => "file",
        }
    }

    /// The way out.
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NotAvailable { .. } => Some("use a later version of deedbook".to_owned()),
            Self::File { .. } => None,
        }
    }

    /// How the program ends.
    pub(super) fn exit(&self) -> Exit {
        Exit::Refused
    }

    /// For `map_err`: an error of the operating system on a path.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File {
            action,
            path,
            kind: error.kind(),
        }
    }
}
