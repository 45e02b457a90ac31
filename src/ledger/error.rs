//! What can go wrong with a ledger, and what can be wrong inside it.

use crate::admission::{MemoryError, Refusal};
use crate::record::{EntryNumber, RecordError, Timestamp, hex};
use crate::store::StoreError;
use crate::timestamp::TimestampError;
use crate::tlog::TlogError;
use crate::tlog::receipt::ReceiptError;
use crate::vault::VaultError;
use std::io::ErrorKind;
use std::path::PathBuf;
use thiserror::Error;

/// Why a use case did not succeed. Nothing was written, unless the variant says so.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A statement breaks a rule.
    #[error("{refusal}")]
    Refused {
        /// Its place among the statements that were submitted together, from 0.
        position: usize,
        /// The rule.
        refusal: Box<Refusal>,
    },
    /// A statement is not well formed.
    #[error("{error}")]
    Record {
        /// Its place among the statements that were submitted together, from 0.
        position: usize,
        /// What is wrong with it.
        error: RecordError,
    },
    /// The database did not do what it was asked.
    #[error(transparent)]
    Store(StoreError),
    /// The ledger is not what it was, or not what it says.
    #[error(transparent)]
    Integrity(#[from] Box<Integrity>),
    /// The clock runs behind the ledger.
    #[error("the clock says {now}, the last entry was registered at {last}")]
    ClockBehind {
        /// The clock.
        now: Timestamp,
        /// The last entry.
        last: Timestamp,
    },
    /// The key that signs checkpoints is not at hand, or is another one.
    #[error("the key given is not the key of this ledger")]
    WrongLedgerKey,
    /// Writing needs the ledger's key.
    #[error("the ledger was opened without its key, nothing can be appended")]
    NoLedgerKey,
    /// The head file is missing, so that a rolled-back ledger could not be told.
    #[error("the head file `{}` is missing", path.display())]
    HeadMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The head file cannot be read or written.
    #[error("head file `{}`: {reason}", path.display())]
    HeadFile {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The entries are on disk, but the head file does not know of them yet. This is the one error
    /// after which something was written.
    #[error(
        "the entries up to #{last} are recorded, but the head file was not brought up to date: {reason}"
    )]
    HeadBehind {
        /// The last entry that was recorded.
        last: u64,
        /// What stood in the way.
        reason: String,
    },
    /// Something stands where a file of a new ledger is to be.
    #[error("`{}` is already there and is not overwritten", path.display())]
    InTheWay {
        /// What is in the way.
        path: PathBuf,
    },
    /// Another process is making a ledger at the same place.
    #[error("another process is making a ledger at `{}`", path.display())]
    BeingMade {
        /// Where the ledger will be.
        path: PathBuf,
    },
    /// The operating system refused what the making of a ledger, or publishing it, needs.
    #[error("cannot {action} `{}`: {kind}", path.display())]
    Making {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
    /// A time stamp that is not accepted.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// A time stamp over something else than a checkpoint of this ledger.
    #[error(
        "the time stamp is over {}, which is no checkpoint of this ledger",
        hex::encode(digest)
    )]
    NotOurs {
        /// The SHA-256 digest that was stamped.
        digest: [u8; 32],
    },
    /// A time stamp that is not there.
    #[error("the ledger has no time stamp {number}")]
    NoTimestamp {
        /// Its number.
        number: u64,
    },
    /// A tree that has not grown to this size yet, or a size at which no commit ended.
    #[error("there is no checkpoint at size {size}, the ledger has {entries} entries")]
    NoCheckpoint {
        /// The size asked for.
        size: u64,
        /// How many entries there are.
        entries: u64,
    },
    /// A receipt that cannot be made.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// A directory in which something else is published.
    #[error("what is published in `{}` is not this log: {reason}", path.display())]
    PublishedOther {
        /// The directory.
        path: PathBuf,
        /// What is wrong with its checkpoint.
        reason: String,
    },
    /// Another process publishes to the same directory.
    #[error("another process publishes to `{}`", path.display())]
    BeingPublished {
        /// The directory.
        path: PathBuf,
    },
    /// A tree or a checkpoint that cannot be made.
    #[error(transparent)]
    Tlog(#[from] TlogError),
    /// What opens the commitments could not be kept.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for LedgerError {
    /// What SQLite cannot read as what was written is a failure of integrity, wherever it shows.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt { .. }
            | StoreError::SchemaDiffers { .. }
            | StoreError::Missing { .. }
            | StoreError::Statement { .. }
            | StoreError::Value(_)
            | StoreError::Money(_)
            | StoreError::Tlog(_) => Integrity::whole(Flaw::Database(error.to_string())).into(),
            StoreError::NotFound { .. }
            | StoreError::Exists { .. }
            | StoreError::Directory { .. }
            | StoreError::Special { .. }
            | StoreError::CannotOpen { .. }
            | StoreError::NotADatabase { .. }
            | StoreError::NotALedger { .. }
            | StoreError::Newer { .. }
            | StoreError::Older { .. }
            | StoreError::Locked
            | StoreError::ReadOnly
            | StoreError::DiskFull
            | StoreError::InputOutput { .. }
            | StoreError::Constraint { .. }
            | StoreError::Sqlite { .. }
            | StoreError::HeadMoved { .. }
            | StoreError::UnknownTable { .. } => Self::Store(error),
        }
    }
}

/// Something in the ledger is not as it was written. Exit code 3.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{flaw}", entry.map(|entry| format!("{entry}: ")).unwrap_or_default())]
pub struct Integrity {
    /// The first entry that is bad, where one can be named.
    pub entry: Option<EntryNumber>,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl Integrity {
    /// A flaw of an entry.
    pub fn of(entry: u64, flaw: Flaw) -> Box<Self> {
        Box::new(Self { entry: Some(EntryNumber::new(entry)), flaw })
    }

    /// A flaw of the whole.
    pub fn whole(flaw: Flaw) -> Box<Self> {
        Box::new(Self { entry: None, flaw })
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Flaw {
    /// The ledger holds nothing, not even its opening.
    #[error("the ledger has no opening")]
    NoOpening,
    /// Bytes that are not a statement.
    #[error("the statement cannot be read: {0}")]
    Statement(RecordError),
    /// The identifier in the table is not the digest of the statement.
    #[error("the identifier is not the digest of the statement")]
    Identifier,
    /// The kind or signer in the table is not the statement's.
    #[error("the {column} in the table is not the one of the statement")]
    Column {
        /// Which column.
        column: &'static str,
    },
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// A node of the tree is not the hash of what lies below it.
    #[error("the hashes of the tree are not those of the entries")]
    Node,
    /// Entries are not in order of time.
    #[error("registered before the entry it follows")]
    TimeOrder,
    /// Entries are missing.
    #[error("an entry is missing here")]
    Gap,
    /// The statement breaks a rule, given what came before it.
    #[error("the statement could not have been admitted: {0}")]
    NotAdmissible(Box<Refusal>),
    /// A statement stands twice.
    #[error("the statement is the one of {0} again")]
    Repeated(EntryNumber),
    /// A row derived from entries is not the one that a replay makes.
    #[error("a row of table `{table}` is not what the entries say")]
    Row {
        /// Which table.
        table: &'static str,
    },
    /// A text is not what its digest says.
    #[error("the text {digest} is not what its digest says")]
    Document {
        /// Its digest, in hexadecimal.
        digest: String,
    },
    /// A text that terms name is missing.
    #[error("a text that the terms name is missing")]
    DocumentMissing,
    /// A checkpoint that is malformed, not signed by the ledger, or not of this tree.
    #[error("the checkpoint at size {size} {reason}")]
    Checkpoint {
        /// The size it should be for.
        size: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A time stamp that is not what was attached.
    #[error("the time stamp {number} {reason}")]
    Timestamp {
        /// Its number.
        number: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A kept cosignature that is not by its witness over a checkpoint of this tree.
    #[error("a cosignature at size {size}: {reason}")]
    Cosignature {
        /// The size that it is kept for.
        size: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The file was replaced by an older copy.
    #[error("the ledger was rolled back: it has {found} entries, the head file has seen {needed}")]
    RolledBack {
        /// How many it has.
        found: u64,
        /// How many it had.
        needed: u64,
    },
    /// The file was replaced by one with another history.
    #[error("the ledger is a fork: its first {size} entries are not those the head file has seen")]
    Forked {
        /// Up to where they should agree.
        size: u64,
    },
    /// More is published than the ledger has.
    #[error("the ledger was rolled back: it has {found} entries, {needed} are published")]
    PublishedAhead {
        /// How many it has.
        found: u64,
        /// How many are published.
        needed: u64,
    },
    /// What is published has another history.
    #[error("the ledger is a fork: its first {size} entries are not those that are published")]
    PublishedFork {
        /// Up to where they should agree.
        size: u64,
    },
    /// The head file does not belong to this ledger or was altered.
    #[error("the head file is not of this ledger: {reason}")]
    ForeignHead {
        /// What is wrong with it.
        reason: String,
    },
    /// SQLite finds its own structures damaged.
    #[error("the database is damaged: {0}")]
    Database(String),
    /// The replay itself failed.
    #[error("the replay fails: {0}")]
    Replay(#[from] MemoryError),
}
