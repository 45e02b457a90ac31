//! What can go wrong with a witness itself, rather than with a request.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a witness cannot start or go on. Then nothing is cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WitnessError {
    /// The operating system refused.
    #[error("cannot {action} `{}`: {kind}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
    /// A kept checkpoint that this witness did not cosign, or that was altered. What was cosigned
    /// last is then not known.
    #[error("`{}` does not hold a checkpoint that this witness cosigned: {reason}", path.display())]
    StateDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The clock says a time before 1970, which no cosignature can bear.
    #[error("the clock of this machine says {found_s} seconds since 1970")]
    Clock {
        /// What it says.
        found_s: u64,
    },
    /// The address cannot be listened at.
    #[error("cannot listen at `{address}`: {kind}")]
    Listen {
        /// The address.
        address: String,
        /// The kind of failure.
        kind: ErrorKind,
    },
    /// The operating system gives the server no place to run.
    #[error("cannot start the server: {kind}")]
    Start {
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl WitnessError {
    /// For `map_err`: an error of the operating system on a path.
    pub(super) fn file(
        action: &'static str,
        path: &Path,
    ) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::File { action, path, kind: error.kind() }
    }
}
