//! Why a key cannot be made, read or listed. Never holds a secret.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::PublicKeyError;

/// Why a key cannot be made, read or listed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// No file is there.
    #[error("key file `{}` does not exist", path.display())]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// A file is there, and none is ever overwritten.
    #[error("file `{}` exists already and is not overwritten", path.display())]
    AlreadyExists {
        /// The file that is in the way.
        path: PathBuf,
    },
    /// Group or others have some right to the file or directory.
    #[error("permissions of `{}` are {found:04o}, must be {needed:04o}", path.display())]
    LoosePermissions {
        /// The file or directory.
        path: PathBuf,
        /// Permission bits found.
        found: u32,
        /// Permission bits needed.
        needed: u32,
    },
    /// The file or directory belongs to another user.
    #[error("`{}` belongs to user {found}, must belong to user {needed}", path.display())]
    NotOurs {
        /// The file or directory.
        path: PathBuf,
        /// User id found.
        found: u32,
        /// User id of this process.
        needed: u32,
    },
    /// A directory, a pipe or a device stands where a key file should.
    #[error("`{}` is not a regular file", path.display())]
    NotAFile {
        /// The path asked for.
        path: PathBuf,
    },
    /// The key directory is something else.
    #[error("`{}` is not a directory", path.display())]
    NotADirectory {
        /// The path asked for.
        path: PathBuf,
    },
    /// The file is larger than any key.
    #[error("key file `{}` has {found} bytes, may have at most {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes found.
        found: u64,
        /// Most bytes that are read.
        limit: u64,
    },
    /// The file is not a whole OpenSSH private key.
    #[error("`{}` is not an OpenSSH private key", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of an algorithm that records do not use.
    #[error(
        "key `{}` has algorithm `{found}`, must be `ssh-ed25519` or `ecdsa-sha2-nistp256`",
        path.display()
    )]
    UnsupportedAlgorithm {
        /// The file.
        path: PathBuf,
        /// The algorithm's OpenSSH name.
        found: String,
    },
    /// The key is encrypted with a cipher that is not read here.
    #[error("key `{}` is encrypted with `{found}`, which is not supported", path.display())]
    UnsupportedCipher {
        /// The file.
        path: PathBuf,
        /// The cipher's OpenSSH name.
        found: String,
    },
    /// Decrypting the key would take unreasonably long.
    #[error("key `{}` asks for {found} rounds of bcrypt, may ask for at most {limit}", path.display())]
    TooManyRounds {
        /// The file.
        path: PathBuf,
        /// Rounds found.
        found: u32,
        /// Most rounds that are run.
        limit: u32,
    },
    /// The public half is not accepted.
    #[error("key `{}` is not accepted", path.display())]
    NotAccepted {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: PublicKeyError,
    },
    /// The passphrase does not open the key.
    #[error("passphrase does not open key `{}`", path.display())]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// The key is encrypted and nobody could be asked for its passphrase.
    #[error("key `{}` is encrypted and needs its passphrase", path.display())]
    PassphraseNeeded {
        /// The file.
        path: PathBuf,
    },
    /// An empty passphrase was given for a new key.
    #[error("passphrase is empty, must have at least one character")]
    EmptyPassphrase,
    /// The name is not one a key may have.
    #[error("key name `{}` must be 1 to {limit} of a-z, 0-9 and -", found.escape_debug())]
    Name {
        /// The name given.
        found: String,
        /// Most characters.
        limit: usize,
    },
    /// The comment would not stay within its line, or is too long.
    #[error("comment of a key must be at most {limit} bytes without control characters")]
    Comment {
        /// The comment given.
        found: String,
        /// Most bytes.
        limit: usize,
    },
    /// The system has no randomness to give.
    #[error("no randomness to make a key from")]
    NoRandomness,
    /// A key could not be put into its file format.
    #[error("key could not be written in the OpenSSH format")]
    Encoding,
    /// The operating system refused.
    #[error("cannot {action} `{}`: {kind}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl KeyError {
    /// The stable name of the error, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "key_missing",
            Self::AlreadyExists { .. } => "key_exists",
            Self::LoosePermissions { .. } => "key_permissions",
            Self::NotOurs { .. } => "key_not_ours",
            Self::NotAFile { .. } => "key_not_a_file",
            Self::NotADirectory { .. } => "key_directory",
            Self::TooLarge { .. } => "key_too_large",
            Self::NotAKey { .. } => "key_malformed",
            Self::UnsupportedAlgorithm { .. } => "key_algorithm",
            Self::UnsupportedCipher { .. } | Self::TooManyRounds { .. } => "key_encryption",
            Self::NotAccepted { .. } => "key_not_accepted",
            Self::WrongPassphrase { .. } => "passphrase_wrong",
            Self::PassphraseNeeded { .. } => "passphrase_needed",
            Self::EmptyPassphrase => "passphrase_empty",
            Self::Name { .. } => "key_name",
            Self::Comment { .. } => "key_comment",
            Self::NoRandomness => "no_randomness",
            Self::Encoding => "key_encoding",
            Self::Io { .. } => "key_file",
        }
    }

    /// The way out, where there is a plain one.
    ///
    /// ```
    /// use deedbook::keys::KeyError;
    /// let error = KeyError::LoosePermissions { path: "wen".into(), found: 0o644, needed: 0o600 };
    /// assert_eq!(error.to_string(), "permissions of `wen` are 0644, must be 0600");
    /// assert_eq!(error.hint().as_deref(), Some("chmod 0600 'wen'"));
    /// let public = KeyError::LoosePermissions { path: "wen.pub".into(), found: 0o644, needed: 0o600 };
    /// assert_eq!(public.hint().as_deref(), Some("name the private key: 'wen'"));
    /// ```
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::LoosePermissions { path, .. } | Self::NotAKey { path }
                if path.extension().is_some_and(|it| it == "pub") =>
            {
                Some(format!("name the private key: {}", quoted(&path.with_extension(""))))
            }
            Self::LoosePermissions { path, needed, .. } => {
                Some(format!("chmod {needed:04o} {}", quoted(path)))
            }
            Self::AlreadyExists { .. } => Some("choose another name, or move that file".to_owned()),
            Self::UnsupportedAlgorithm { .. } => {
                Some("make one with `deedbook key new`".to_owned())
            }
            Self::UnsupportedCipher { path, .. } | Self::TooManyRounds { path, .. } => {
                Some(format!("set the passphrase anew: ssh-keygen -p -f {}", quoted(path)))
            }
            Self::NotAKey { path } => Some(format!(
                "a PEM or PKCS #8 key is converted by: ssh-keygen -p -f {}",
                quoted(path)
            )),
            Self::Missing { .. }
            | Self::NotOurs { .. }
            | Self::NotAFile { .. }
            | Self::NotADirectory { .. }
            | Self::TooLarge { .. }
            | Self::NotAccepted { .. }
            | Self::WrongPassphrase { .. }
            | Self::PassphraseNeeded { .. }
            | Self::EmptyPassphrase
            | Self::Name { .. }
            | Self::Comment { .. }
            | Self::NoRandomness
            | Self::Encoding
            | Self::Io { .. } => None,
        }
    }

    /// For `map_err`: an error of the operating system on a path.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| match error.kind() {
            ErrorKind::NotFound => Self::Missing { path },
            ErrorKind::AlreadyExists => Self::AlreadyExists { path },
            kind => Self::Io { action, path, kind },
        }
    }
}

/// A path as one word of a shell command.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
