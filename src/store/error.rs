//! Why the ledger file could not be opened, read or written. Never holds an error of SQLite
//! itself, so that errors compare; the text that SQLite gave stands in a field.

use crate::admission::ValueError;
use crate::money::MoneyError;
use crate::record::{EntryNumber, RecordError};
use crate::tlog::TlogError;
use rusqlite::ErrorCode;
use std::path::PathBuf;
use thiserror::Error;

/// A refusal or a failure of the store.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// There is no file at the path.
    #[error("there is no ledger at `{}`", path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// There is already something where a ledger was to be created.
    #[error("`{}` is already there", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// The path leads to a directory.
    #[error("`{}` is a directory, must be a ledger file", path.display())]
    Directory {
        /// The path.
        path: PathBuf,
    },
    /// The path leads to a device, a pipe or a socket.
    #[error("`{}` is not a regular file, must be a ledger file", path.display())]
    Special {
        /// The path.
        path: PathBuf,
    },
    /// The operating system would not give the file.
    #[error("`{}` cannot be opened: {reason}", path.display())]
    CannotOpen {
        /// The path.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is no SQLite database.
    #[error("`{}` is not a database, must be a ledger file", path.display())]
    NotADatabase {
        /// The path.
        path: PathBuf,
    },
    /// A SQLite database of something else, or an empty file.
    #[error(
        "`{}` is not a Deedbook ledger: its application id is {found:#010x}, must be {needed:#010x}",
        path.display()
    )]
    NotALedger {
        /// The path.
        path: PathBuf,
        /// Its application id.
        found: i32,
        /// That of a ledger.
        needed: i32,
    },
    /// A ledger written by a newer program.
    #[error("the ledger has format {found}, this program knows format {known}: it is newer")]
    Newer {
        /// The version of its format.
        found: i32,
        /// The version that this program knows.
        known: i32,
    },
    /// A ledger of a format that this program does not read any more.
    #[error("the ledger has format {found}, this program knows format {known}: it is older")]
    Older {
        /// The version of its format.
        found: i32,
        /// The version that this program knows.
        known: i32,
    },
    /// A table, index or guard of the file is missing, changed or added.
    #[error("`{object}` of the ledger file is {found}, must be as the format defines it")]
    SchemaDiffers {
        /// Its name.
        object: String,
        /// Missing, changed or added.
        found: &'static str,
    },
    /// Another process held the lock for longer than this one waited.
    #[error("the ledger is locked by another process")]
    Locked,
    /// The file, or where it lies, cannot be written.
    #[error("the ledger is read-only")]
    ReadOnly,
    /// There is no room.
    #[error("the disk is full")]
    DiskFull,
    /// SQLite met something that it never writes.
    #[error("the ledger file is damaged: {reason}")]
    Corrupt {
        /// What SQLite said.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the ledger file cannot be read or written: {reason}")]
    InputOutput {
        /// What SQLite said.
        reason: String,
    },
    /// A guard or a constraint of the tables refused a row.
    #[error("the ledger file refuses this: {reason}")]
    Constraint {
        /// The guard's words, or those of SQLite.
        reason: String,
    },
    /// SQLite failed in another way.
    #[error("SQLite failed: {reason}")]
    Sqlite {
        /// What SQLite said.
        reason: String,
    },
    /// An entry that is not the next one.
    #[error("the ledger has {expected} entries, so entry #{found} is not the next one")]
    HeadMoved {
        /// The number of the next entry.
        expected: u64,
        /// The number given.
        found: u64,
    },
    /// A table that is none of those derived from entries.
    #[error("`{table}` is not a table that is derived from entries")]
    UnknownTable {
        /// The name given.
        table: String,
    },
    /// An entry that is not there, though a row or a caller names it.
    #[error("{entry} is not there, or is no {needed}")]
    Missing {
        /// The entry.
        entry: EntryNumber,
        /// What it should be.
        needed: &'static str,
    },
    /// A stored statement that cannot be read.
    #[error("{entry}: {error}")]
    Statement {
        /// The entry.
        entry: EntryNumber,
        /// What is wrong with it.
        error: RecordError,
    },
    /// A column that holds what it cannot hold.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A stored amount out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A refusal of the log's arithmetic.
    #[error(transparent)]
    Tlog(#[from] TlogError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let reason = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            return Self::from_conversion(&error, reason);
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked,
            ErrorCode::ReadOnly => Self::ReadOnly,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt { reason },
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                Self::InputOutput { reason }
            }
            ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch => Self::Constraint { reason },
            // The set of SQLite's codes is not ours, and it grows.
            _ => Self::Sqlite { reason },
        }
    }
}

impl StoreError {
    /// A value of another storage class than its column has, which no STRICT table holds.
    fn from_conversion(error: &rusqlite::Error, reason: String) -> Self {
        match error {
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::Utf8Error(..) => Self::Corrupt { reason },
            _ => Self::Sqlite { reason },
        }
    }
}
