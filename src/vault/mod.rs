//! The openings of commitments, kept apart from the ledger in one file of their owner.
//!
//! The file is a CBOR sequence (RFC 8742) to which records are only ever added. Never writes to a
//! ledger, never prints, and never touches a file that somebody else can read. It does not encrypt:
//! who can read the file can read the texts.

mod opening;
mod stored_opening;
mod vault_error;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rustix::fs::{FlockOperation, flock};

pub use opening::{MAX_OPENING_SIZE_BYTES, Opening};
pub use vault_error::VaultError;

use crate::file::{NotPrivate, check_owner_only, open_at_once, sync_directory_of};
use crate::record::Commitment;
use stored_opening::{Next, VERSION};

/// Permission bits of the vault file.
const FILE_MODE: u32 = 0o600;

/// The file with the openings. Making this value touches nothing.
///
/// Threads and processes may share one file: who adds holds an exclusive lock on it, who reads a
/// shared one. What a crash leaves of a record that was being added counts as not written and is
/// cut away by the next addition. That rests on a file system which does not let a file grow before
/// its bytes are there, as journalling ones do; anything else reads as damage and is left alone.
#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    /// How far this value has already read the file, so that adding many does not read it as often.
    checked: Mutex<Option<Checked>>,
}

/// A file, and the end of a record in it before which all records are whole.
#[derive(Debug, Clone, Copy)]
struct Checked {
    device: u64,
    inode: u64,
    end: u64,
}

impl Vault {
    /// The vault in this file, which need not exist yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), checked: Mutex::new(None) }
    }

    /// Adds an opening and says which commitment it opens. It is on the disk when this returns.
    ///
    /// An opening that is there already is added again, which is harmless.
    ///
    /// # Errors
    /// [`VaultError`]: permissions other than for the owner alone, another owner, not a regular
    /// file, damage, or what the operating system says. Nothing counts as added then.
    ///
    /// ```
    /// use deedbook::record::Salt;
    /// use deedbook::vault::{Opening, Vault};
    /// let directory = tempfile::tempdir()?;
    /// let vault = Vault::at(directory.path().join("deedbook.vault"));
    /// let salt = Salt::random(&mut rand_core::OsRng)?;
    /// let opening = Opening::new(salt, b"a spring breeze".to_vec())?;
    /// let commitment = vault.add(&opening)?;
    /// assert_eq!(vault.find(&commitment)?, Some(opening));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add(&self, opening: &Opening) -> Result<Commitment, VaultError> {
        self.add_all(std::slice::from_ref(opening))?;
        Ok(opening.commitment())
    }

    /// Adds openings in one write. All of them are on the disk when this returns. Where there are none,
    /// nothing is touched.
    ///
    /// # Errors
    /// As [`Vault::add`]. None counts as added then.
    ///
    /// ```
    /// use deedbook::record::Salt;
    /// use deedbook::vault::{Opening, Vault};
    /// let directory = tempfile::tempdir()?;
    /// let vault = Vault::at(directory.path().join("deedbook.vault"));
    /// let opening = |text: &str| Opening::new(Salt::from_bytes([7; 32]), text.into());
    /// let openings = [opening("a spring breeze")?, opening("rain")?];
    /// vault.add_all(&openings)?;
    /// assert!(vault.find(&openings[1].commitment())?.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_all(&self, openings: &[Opening]) -> Result<(), VaultError> {
        if openings.is_empty() {
            return Ok(());
        }
        let mut record = Vec::new();
        for opening in openings {
            record.extend(stored_opening::encode(opening)?);
        }
        let mut file = self.open_or_create()?;
        self.lock(&file, FlockOperation::LockExclusive)?;
        let metadata = file.metadata().map_err(VaultError::io("inspect", &self.path))?;
        let (device, inode, size_bytes) = (metadata.dev(), metadata.ino(), metadata.len());
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let start = match *checked {
            Some(known)
                if known.device == device && known.inode == inode && known.end <= size_bytes =>
            {
                known.end
            }
            _ => 0,
        };
        let end = self.end_of_records(&file, start, size_bytes)?;
        if end < size_bytes {
            file.set_len(end).map_err(VaultError::io("mend", &self.path))?;
        }
        let written = file
            .seek(SeekFrom::Start(end))
            .and_then(|_| file.write_all(&record))
            .and_then(|()| file.sync_all())
            // Whoever adds the first record sees to it that the file's name lasts as well.
            .and_then(|()| if end == 0 { sync_directory_of(&self.path) } else { Ok(()) });
        if let Err(error) = written {
            let _already_failing = file.set_len(end);
            return Err(VaultError::io("write", &self.path)(error));
        }
        *checked = Some(Checked { device, inode, end: end + record.len() as u64 });
        Ok(())
    }

    /// Finds the opening of a commitment and checks that it opens it. `None` when the vault does not
    /// have it, or does not exist.
    ///
    /// Reads the file from its start, one record in memory at a time.
    ///
    /// # Errors
    /// [`VaultError::OpeningDoesNotMatch`] when what is kept under the commitment opens another, or
    /// what opens it is kept under another; else as [`Vault::add`].
    pub fn find(&self, commitment: &Commitment) -> Result<Option<Opening>, VaultError> {
        let Some(file) = self.open(false)? else {
            return Ok(None);
        };
        self.lock(&file, FlockOperation::LockShared)?;
        let size_bytes = file.metadata().map_err(VaultError::io("inspect", &self.path))?.len();
        let mut records = Records::new(self, &file, 0, size_bytes)?;
        while let Some((offset, opening, stored)) = records.next()? {
            let found = opening.commitment();
            if found != *commitment && stored != *commitment {
                continue;
            }
            if found != stored {
                let path = self.path.clone();
                return Err(VaultError::OpeningDoesNotMatch { path, offset, found, stored });
            }
            return Ok(Some(opening));
        }
        Ok(None)
    }

    /// Finds the openings of many commitments in one reading of the file. What the vault does not have
    /// is not among them; nothing stands beside a commitment that what is kept does not open.
    ///
    /// # Errors
    /// As [`Vault::add`].
    pub fn find_all(
        &self,
        commitments: &BTreeSet<Commitment>,
    ) -> Result<BTreeMap<Commitment, Option<Opening>>, VaultError> {
        let mut openings = BTreeMap::new();
        let Some(file) = self.open(false)? else {
            return Ok(openings);
        };
        self.lock(&file, FlockOperation::LockShared)?;
        let size_bytes = file.metadata().map_err(VaultError::io("inspect", &self.path))?.len();
        let mut records = Records::new(self, &file, 0, size_bytes)?;
        while let Some((_, opening, stored)) = records.next()? {
            let found = opening.commitment();
            let fitting = (found == stored).then_some(opening);
            for commitment in [found, stored] {
                if commitments.contains(&commitment) {
                    openings.entry(commitment).or_insert_with(|| fitting.clone());
                }
            }
        }
        Ok(openings)
    }

    /// Where the last whole record ends.
    fn end_of_records(&self, file: &File, start: u64, size: u64) -> Result<u64, VaultError> {
        let mut records = Records::new(self, file, start, size)?;
        while records.next()?.is_some() {}
        Ok(records.offset)
    }

    fn open_or_create(&self) -> Result<File, VaultError> {
        if let Some(file) = self.open(true)? {
            return Ok(file);
        }
        let created = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(&self.path);
        match created {
            Ok(file) => Ok(file),
            // Somebody else made it in between.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.open(true)?.ok_or_else(|| VaultError::io("open", &self.path)(error))
            }
            Err(error) => Err(VaultError::io("create", &self.path)(error)),
        }
    }

    /// Opens the file if there is one and checks, on the open file, that it is its owner's alone.
    fn open(&self, writable: bool) -> Result<Option<File>, VaultError> {
        let opened = open_at_once(OpenOptions::new().read(true).write(writable), &self.path);
        let path = || self.path.clone();
        let file = match opened {
            Ok(file) => file,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::NotFound => Ok(None),
                    ErrorKind::IsADirectory => Err(VaultError::NotAFile { path: path() }),
                    _ => Err(VaultError::io("open", &self.path)(error)),
                };
            }
        };
        let metadata = file.metadata().map_err(VaultError::io("inspect", &self.path))?;
        if !metadata.is_file() {
            return Err(VaultError::NotAFile { path: path() });
        }
        check_owner_only(&metadata).map_err(|error| match error {
            NotPrivate::NotOurs { found, needed } => {
                VaultError::NotOurs { path: path(), found, needed }
            }
            NotPrivate::Permissions { found } => {
                VaultError::LoosePermissions { path: path(), found, needed: FILE_MODE }
            }
        })?;
        Ok(Some(file))
    }

    /// Waits for the lock, which ends when the file is closed.
    fn lock(&self, file: &File, operation: FlockOperation) -> Result<(), VaultError> {
        rustix::io::retry_on_intr(|| flock(file, operation))
            .map_err(|error| VaultError::io("lock", &self.path)(error.into()))
    }
}

/// The records of a locked vault, one at a time.
struct Records<'a> {
    vault: &'a Vault,
    reader: BufReader<&'a File>,
    offset: u64,
    size_bytes: u64,
}

impl<'a> Records<'a> {
    fn new(
        vault: &'a Vault,
        file: &'a File,
        offset: u64,
        size_bytes: u64,
    ) -> Result<Self, VaultError> {
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        reader.seek(SeekFrom::Start(offset)).map_err(VaultError::io("read", &vault.path))?;
        Ok(Self { vault, reader, offset, size_bytes })
    }

    /// The next record with its offset and the commitment it is kept under; `None` behind the last
    /// whole one, where [`Records::offset`] then stands.
    fn next(&mut self) -> Result<Option<(u64, Opening, Commitment)>, VaultError> {
        let offset = self.offset;
        let path = || self.vault.path.clone();
        let next = stored_opening::read_next(&mut self.reader, self.size_bytes - offset)
            .map_err(VaultError::io("read", &self.vault.path))?;
        match next {
            Next::End | Next::Torn => Ok(None),
            Next::Record { opening, stored, size_bytes } => {
                self.offset += size_bytes;
                Ok(Some((offset, opening, stored)))
            }
            Next::Version { found } => {
                Err(VaultError::Version { path: path(), offset, found, needed: VERSION })
            }
            Next::Damage => Err(VaultError::Damaged { path: path(), offset }),
        }
    }
}

#[cfg(test)]
mod tests;
