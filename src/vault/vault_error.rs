//! Why the vault cannot take or give an opening. Never holds a salt or a text.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::Commitment;

/// Why the vault cannot take or give an opening.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VaultError {
    /// The text to keep is too long.
    #[error("opening has {found} bytes, may have at most {limit}")]
    OpeningTooLarge {
        /// Bytes found.
        found: usize,
        /// Most bytes of an opening.
        limit: usize,
    },
    /// What is kept under a commitment does not open it.
    #[error("opening at byte {offset} of vault `{}` opens `{found}`, must open `{stored}`", path.display())]
    OpeningDoesNotMatch {
        /// The vault file.
        path: PathBuf,
        /// Where its record starts.
        offset: u64,
        /// The commitment of the salt and bytes that are there.
        found: Commitment,
        /// The commitment they are kept under.
        stored: Commitment,
    },
    /// The file holds something else than whole records and perhaps the start of one more.
    #[error("vault `{}` is damaged at byte {offset}", path.display())]
    Damaged {
        /// The vault file.
        path: PathBuf,
        /// Where the record starts that cannot be read.
        offset: u64,
    },
    /// A record was written by a later version of this program.
    #[error("record at byte {offset} of vault `{}` has version {found}, must be {needed}", path.display())]
    Version {
        /// The vault file.
        path: PathBuf,
        /// Where the record starts.
        offset: u64,
        /// Version found.
        found: u64,
        /// Version that is read here.
        needed: u64,
    },
    /// Group or others have some right to the file.
    #[error("permissions of vault `{}` are {found:04o}, must be {needed:04o}", path.display())]
    LoosePermissions {
        /// The vault file.
        path: PathBuf,
        /// Permission bits found.
        found: u32,
        /// Permission bits needed.
        needed: u32,
    },
    /// The file belongs to another user.
    #[error("vault `{}` belongs to user {found}, must belong to user {needed}", path.display())]
    NotOurs {
        /// The vault file.
        path: PathBuf,
        /// User id found.
        found: u32,
        /// User id of this process.
        needed: u32,
    },
    /// A directory, a pipe or a device stands where the vault should.
    #[error("vault `{}` is not a regular file", path.display())]
    NotAFile {
        /// The path of the vault.
        path: PathBuf,
    },
    /// The opening could not be put into the vault's format.
    #[error("opening could not be written as CBOR")]
    Encoding,
    /// The operating system refused.
    #[error("cannot {action} vault `{}`: {kind}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The vault file.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl VaultError {
    /// The way out, where there is a plain one.
    ///
    /// ```
    /// use deedbook::vault::VaultError;
    /// let error = VaultError::LoosePermissions { path: "v".into(), found: 0o640, needed: 0o600 };
    /// assert_eq!(error.hint().as_deref(), Some("chmod 0600 'v'"));
    /// ```
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::LoosePermissions { path, needed, .. } => {
                let path = path.display().to_string().replace('\'', r"'\''");
                Some(format!("chmod {needed:04o} '{path}'"))
            }
            Self::OpeningDoesNotMatch { .. } | Self::Damaged { .. } => {
                Some("put back a copy of the vault from before the damage".to_owned())
            }
            Self::Version { .. } => Some("use the version of deedbook that wrote it".to_owned()),
            Self::OpeningTooLarge { .. }
            | Self::NotOurs { .. }
            | Self::NotAFile { .. }
            | Self::Encoding
            | Self::Io { .. } => None,
        }
    }

    /// For `map_err`: an error of the operating system on the vault.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { action, path, kind: error.kind() }
    }
}
