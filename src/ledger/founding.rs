//! The making of a ledger. Everything is made whole in a directory of its own beside the place
//! where the ledger will be, and then gets its names, the ledger last.
//!
//! Killed at any moment it leaves either a ledger with all that belongs to it, or none, and then
//! what is left is told from everything else and cleared away by the next making at the same
//! place. Never overwrites.

use super::{Clock, HeadFile, Ledger, LedgerError};
use crate::file::{appended, directory_of, give_name};
use crate::record::{
    Ledger as LedgerRecord, Name, Note, PublicKey, Record, RecordError, SignatureError, Statement,
};
use crate::store::{Store, StoreError};
use crate::tlog::{CheckpointSigner, CheckpointVerifier, Frontier, Origin};
use ed25519_dalek::SigningKey;
use rustix::fs::{FlockOperation, OFlags, flock};
use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Result as IoResult};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// By which rules statements are admitted; registered in the opening.
const POLICY: &str = "deedbook-1: a statement is admitted when its signature verifies, its signer \
holds a key that is not revoked, and it keeps every rule of the record format and of admission as \
documented for version 1; claims are recorded, not judged";

/// The suffix of the ledger file itself.
const LEDGER: &str = "";
/// The suffix of the head file while it is not yet in its place.
const HEAD: &str = ".head";
/// What SQLite may leave beside a file.
const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How often another process may take the directory away between two steps of this one.
const MAX_ATTEMPTS: u32 = 16;

/// What a new ledger is called, and its key.
pub struct Opening {
    /// The name for people.
    pub name: Name,
    /// The name in checkpoints.
    pub origin: Origin,
    /// The key that signs checkpoints.
    pub key: SigningKey,
}

/// A ledger that is being made. Dropped before it is finished, it takes away all that it made.
///
/// Files that belong to the ledger and must be there as soon as it is, such as its key, are
/// written to [`Founding::staged`] paths and get their names with it.
pub struct Founding {
    ledger: PathBuf,
    head_file: HeadFile,
    companions: Vec<&'static str>,
    directory: PathBuf,
    /// Held as long as this process works in the directory.
    _lock: File,
}

impl Founding {
    /// Begins to make a ledger, with companion files named as the ledger with these suffixes.
    /// Clears away what a making that was killed has left at this place.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where anything is at the path of the ledger, and
    /// [`LedgerError::InTheWay`] at another one that is needed; these are left as they are.
    /// [`LedgerError::BeingMade`]; what the operating system says.
    pub fn begin(
        ledger: &Path,
        head_file: HeadFile,
        companions: &[&'static str],
    ) -> Result<Self, LedgerError> {
        let exists = || LedgerError::from(StoreError::Exists { path: ledger.to_owned() });
        let Some(name) = ledger.file_name() else {
            return Err(StoreError::Directory { path: ledger.to_owned() }.into());
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        let directory = ledger.with_file_name(appended(Path::new(&hidden), ".init"));
        if is_there(ledger) && !is_there(&directory) {
            return Err(exists());
        }
        let lock = lock(&directory, ledger)?;
        let founding = Self {
            ledger: ledger.to_owned(),
            head_file,
            companions: companions.to_vec(),
            directory,
            _lock: lock,
        };
        founding.clear().map_err(failed("clear away", &founding.directory))?;
        if is_there(ledger) {
            return Err(exists());
        }
        // SQLite would take a log that an earlier ledger left under this name for the new one's.
        let suffixes = companions.iter().chain(&LOGS);
        let mut needed: Vec<PathBuf> = suffixes.map(|suffix| appended(ledger, suffix)).collect();
        needed.push(founding.head_file.path().to_owned());
        match needed.into_iter().find(|path| is_there(path)) {
            Some(path) => Err(LedgerError::InTheWay { path }),
            None => Ok(founding),
        }
    }

    /// Where the file is to be written that will be named as the ledger with this suffix.
    pub fn staged(&self, suffix: &str) -> PathBuf {
        appended(&self.directory.join("ledger"), suffix)
    }

    /// Makes the ledger with its opening as entry 0, gives every file its name, and opens it.
    ///
    /// # Errors
    /// A companion that was not written; a place that was taken meanwhile; an opening that is not
    /// well formed; what the operating system says. Nothing is left then.
    pub fn finish(self, opening: Opening, clock: Box<dyn Clock>) -> Result<Ledger, LedgerError> {
        let key = opening.key.clone();
        let staged_head = HeadFile::at(self.staged(HEAD));
        let ledger = build(&self.staged(LEDGER), staged_head, opening, clock)?;
        let note = ledger.store.read()?.head()?.checkpoint.unwrap_or_default();
        let Ledger { store, clock, .. } = ledger;
        store.close()?;
        sync(&self.staged(LEDGER))?;
        for suffix in &self.companions {
            self.publish(suffix)?;
        }
        self.head_file.create(&note)?;
        sync(directory_of(self.head_file.path()))?;
        sync(directory_of(&self.ledger))?;
        self.publish(LEDGER)?;
        sync(directory_of(&self.ledger))?;
        let (path, head_file) = (self.ledger.clone(), self.head_file.clone());
        drop(self);
        let access = super::Access::Append { key, accept_missing_head: false };
        Ledger::open(&path, head_file, access, clock)
    }

    /// Gives a file its name, unless that is taken.
    fn publish(&self, suffix: &str) -> Result<(), LedgerError> {
        let path = appended(&self.ledger, suffix);
        give_name(&self.staged(suffix), &path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists if suffix == LEDGER => StoreError::Exists { path }.into(),
            ErrorKind::AlreadyExists => LedgerError::InTheWay { path },
            _ => failed("make", &path)(error),
        })
    }

    /// Takes away what was made here, by this process or by one that was killed: all of it where
    /// the ledger has not got its name, else what is not needed any more.
    ///
    /// A file beside the directory is taken away only where it is the very file, or holds the very
    /// checkpoint, that is in the directory too; that goes after it.
    fn clear(&self) -> IoResult<()> {
        let staged = self.staged(LEDGER);
        if !is_same_file(&staged, &self.ledger)? {
            for suffix in &self.companions {
                let path = appended(&self.ledger, suffix);
                if is_same_file(&self.staged(suffix), &path)? {
                    remove(&path)?;
                }
            }
            // Where the staged ledger is missing it was not made yet, or has moved to its name.
            if is_there(&staged) && is_there(&self.staged(HEAD)) {
                let note = std::fs::read_to_string(self.staged(HEAD))?;
                self.head_file.remove_remains(&note)?;
            }
        }
        let ours = self.companions.iter().chain(&LOGS).chain(&[HEAD, LEDGER]);
        for suffix in ours {
            remove(&self.staged(suffix))?;
        }
        Ok(())
    }
}

impl Drop for Founding {
    fn drop(&mut self) {
        // Best effort: what stays is cleared away by the next making.
        let _ = self.clear().and_then(|()| std::fs::remove_dir(&self.directory));
    }
}

/// Makes a ledger of one entry under a name that nobody else uses.
fn build(
    path: &Path,
    head_file: HeadFile,
    opening: Opening,
    clock: Box<dyn Clock>,
) -> Result<Ledger, LedgerError> {
    let malformed = |error| LedgerError::Record { position: 0, error };
    let public = PublicKey::ed25519(opening.key.verifying_key().as_bytes())
        .map_err(|error| malformed(RecordError::Key { reason: error.to_string() }))?;
    let record = LedgerRecord {
        key: public,
        name: opening.name,
        origin: opening.origin.clone(),
        policy: Note::new(POLICY).map_err(malformed)?,
    };
    let signer = OpeningSigner(&opening.key, public);
    let issuer = opening.origin.to_string();
    let statement = Statement::sign(Record::Ledger(record.clone()), &issuer, clock.now(), &signer)
        .map_err(malformed)?;
    let verifier = CheckpointVerifier::new(opening.origin.clone(), opening.key.verifying_key())?;
    let mut ledger = Ledger {
        store: Store::create(path)?,
        record,
        verifier,
        signer: Some(CheckpointSigner::new(opening.origin, opening.key)),
        head_file,
        clock,
        frontier: Frontier::empty(),
        known_keys: HashMap::new(),
        head_missing: false,
    };
    ledger.submit(vec![statement.as_bytes().to_vec()].into())?;
    Ok(ledger)
}

/// Signs the opening with the key that is about to sign checkpoints.
struct OpeningSigner<'a>(&'a SigningKey, PublicKey);

impl crate::record::Signer for OpeningSigner<'_> {
    fn public_key(&self) -> PublicKey {
        self.1
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        use ed25519_dalek::Signer;
        Ok(self.0.sign(message).to_vec())
    }
}

/// Makes the directory unless it is there, and locks it against other processes that make a ledger
/// at the same place. The lock ends with the process, however that ends.
fn lock(directory: &Path, ledger: &Path) -> Result<File, LedgerError> {
    let flags = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
    for _ in 0..MAX_ATTEMPTS {
        // Keys are made in it.
        match DirBuilder::new().mode(0o700).create(directory) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(failed("make", directory)(error));
            }
            Ok(()) | Err(_) => {}
        }
        let file = match OpenOptions::new().read(true).custom_flags(flags).open(directory) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(_) => return Err(LedgerError::InTheWay { path: directory.to_owned() }),
        };
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            break;
        }
        // Its last holder may have taken the directory away before letting go of the lock.
        let locked = file.metadata().map_err(failed("inspect", directory))?;
        let named = std::fs::symlink_metadata(directory);
        if named.is_ok_and(|named| identity(&named) == identity(&locked)) {
            return Ok(file);
        }
    }
    Err(LedgerError::BeingMade { path: ledger.to_owned() })
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn identity(metadata: &std::fs::Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Whether both names are of one file. One that is not there is no file.
fn is_same_file(first: &Path, second: &Path) -> IoResult<bool> {
    let look = |path: &Path| match path.symlink_metadata() {
        Ok(metadata) => Ok(Some(identity(&metadata))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let first = look(first)?;
    Ok(first.is_some() && first == look(second)?)
}

fn remove(path: &Path) -> IoResult<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Forces a file, or the names in a directory, to the disk.
fn sync(path: &Path) -> Result<(), LedgerError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("write", path))
}

/// For `map_err`: an error of the operating system on a path.
fn failed(action: &'static str, path: &Path) -> impl Fn(std::io::Error) -> LedgerError {
    let path = path.to_owned();
    move |error| match error.kind() {
        ErrorKind::StorageFull => StoreError::DiskFull.into(),
        kind => LedgerError::Making { action, path: path.clone(), kind },
    }
}
