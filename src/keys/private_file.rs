//! Files and directories that only their owner may touch. Never changes permissions of what is
//! there and never overwrites.

use std::fs::{DirBuilder, Metadata, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::KeyError;
use crate::file::{self, NotPrivate, open_at_once};

/// Largest key file that is read: an OpenSSH RSA key of 16,384 bits, the largest there is, has
/// 13 KiB.
pub(super) const MAX_KEY_FILE_SIZE_BYTES: u64 = 64 * 1024;

/// Permission bits of a private key file.
pub(super) const FILE_MODE: u32 = 0o600;

/// Permission bits of a directory of private keys.
pub(super) const DIRECTORY_MODE: u32 = 0o700;

/// Reads a private file whole. What is checked is what is read: all checks are made on the open
/// file, not on its path.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let opened = open_at_once(OpenOptions::new().read(true), path);
    let file = opened.map_err(KeyError::io("open", path))?;
    let metadata = file.metadata().map_err(KeyError::io("inspect", path))?;
    if !metadata.is_file() {
        return Err(KeyError::NotAFile { path: path.to_owned() });
    }
    check_owner_only(path, &metadata, FILE_MODE)?;
    let too_large =
        |found| KeyError::TooLarge { path: path.to_owned(), found, limit: MAX_KEY_FILE_SIZE_BYTES };
    if metadata.len() > MAX_KEY_FILE_SIZE_BYTES {
        return Err(too_large(metadata.len()));
    }
    // Room for everything at once, so that no copy of the secret is left behind by growing.
    let capacity = usize::try_from(MAX_KEY_FILE_SIZE_BYTES + 1).unwrap_or(usize::MAX);
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(MAX_KEY_FILE_SIZE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(KeyError::io("read", path))?;
    let found = bytes.len() as u64;
    if found > MAX_KEY_FILE_SIZE_BYTES { Err(too_large(found)) } else { Ok(bytes) }
}

/// Writes a file that was not there before and forces it to the disk; a file that could not be
/// written whole is taken away again.
pub(super) fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), KeyError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .map_err(KeyError::io("create", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        let _already_failing = std::fs::remove_file(path);
        KeyError::io("write", path)(error)
    })
}

/// Forces the names in the directory that holds `path` to the disk.
pub(super) fn sync_directory_of(path: &Path) -> Result<(), KeyError> {
    file::sync_directory_of(path).map_err(KeyError::io("write", file::directory_of(path)))
}

/// Makes the directory and those above it, unless it is there, and checks it.
pub(super) fn ensure_directory(path: &Path) -> Result<(), KeyError> {
    if !path.exists() {
        DirBuilder::new()
            .recursive(true)
            .mode(DIRECTORY_MODE)
            .create(path)
            .map_err(KeyError::io("create", path))?;
        sync_directory_of(path)?;
    }
    check_directory(path)
}

/// Refuses what is not a directory that only its owner may touch.
pub(super) fn check_directory(path: &Path) -> Result<(), KeyError> {
    let metadata = std::fs::metadata(path).map_err(KeyError::io("inspect", path))?;
    if !metadata.is_dir() {
        return Err(KeyError::NotADirectory { path: path.to_owned() });
    }
    check_owner_only(path, &metadata, DIRECTORY_MODE)
}

fn check_owner_only(path: &Path, metadata: &Metadata, needed: u32) -> Result<(), KeyError> {
    file::check_owner_only(metadata).map_err(|error| {
        let path = path.to_owned();
        match error {
            NotPrivate::NotOurs { found, needed } => KeyError::NotOurs { path, found, needed },
            NotPrivate::Permissions { found } => KeyError::LoosePermissions { path, found, needed },
        }
    })
}
