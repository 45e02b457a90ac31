//! A directory with one private key per name, touched by its owner only. Never keeps an index:
//! the files are the list.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::key_file::{self, KeyFile};
use super::{KeyError, private_file};
use crate::record::Algorithm;
use crate::record::Thumbprint;

/// Longest name of a key, in characters: that of a handle.
pub const MAX_KEY_NAME_LENGTH: usize = 40;

/// A directory of private keys. Making this value touches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStore {
    directory: PathBuf,
}

/// What can be said of a stored key without its passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The name it is stored under.
    pub name: String,
    /// The algorithm it signs with.
    pub algorithm: Algorithm,
    /// The thumbprint of its public half.
    pub thumbprint: Thumbprint,
    /// Whether it takes a passphrase to use it.
    pub encrypted: bool,
    /// Its file.
    pub path: PathBuf,
}

impl KeyStore {
    /// The store in this directory, which need not exist yet.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The file of the key with this name, whether or not it is there.
    ///
    /// # Errors
    /// [`KeyError::Name`] unless the name is 1 to 40 of `a-z`, `0-9` and `-`; so no name leaves
    /// the directory.
    ///
    /// ```
    /// use deedbook::keys::KeyStore;
    /// let store = KeyStore::at("keys");
    /// assert_eq!(store.path_of("wen")?, std::path::Path::new("keys/wen"));
    /// assert!(store.path_of("../wen").is_err());
    /// # Ok::<(), deedbook::keys::KeyError>(())
    /// ```
    pub fn path_of(&self, name: &str) -> Result<PathBuf, KeyError> {
        if is_key_name(name) {
            return Ok(self.directory.join(name));
        }
        // A name is shown back, so a very long one is cut.
        let found = name.chars().take(2 * MAX_KEY_NAME_LENGTH).collect();
        Err(KeyError::Name { found, limit: MAX_KEY_NAME_LENGTH })
    }

    /// The keys of the store, by name. Files whose names are not those of keys, such as the public
    /// halves, are passed over; without a directory the list is empty.
    ///
    /// # Errors
    /// As [`KeyFile::read`] for the first file that is not in order, and
    /// [`KeyError::LoosePermissions`] or [`KeyError::NotOurs`] for the directory.
    pub fn list(&self) -> Result<Vec<ListedKey>, KeyError> {
        match private_file::check_directory(&self.directory) {
            Err(KeyError::Missing { .. }) => return Ok(Vec::new()),
            checked => checked?,
        }
        let mut names = Vec::new();
        let entries =
            std::fs::read_dir(&self.directory).map_err(KeyError::io("read", &self.directory))?;
        for entry in entries {
            let entry = entry.map_err(KeyError::io("read", &self.directory))?;
            names.extend(entry.file_name().into_string().ok().filter(|name| is_key_name(name)));
        }
        names.sort_unstable();
        names.into_iter().map(|name| self.listed(name)).collect()
    }

    /// Reads the key with this name; `passphrase` is asked only if it is encrypted.
    ///
    /// # Errors
    /// [`KeyError::Name`]; as [`KeyFile::read`]; as [`KeyStore::list`] for the directory.
    pub fn load(
        &self,
        name: &str,
        passphrase: &mut dyn FnMut(&Path) -> Result<Zeroizing<String>, KeyError>,
    ) -> Result<KeyFile, KeyError> {
        let path = self.path_of(name)?;
        match private_file::check_directory(&self.directory) {
            Err(KeyError::Missing { .. }) => Err(KeyError::Missing { path }),
            checked => checked.and_then(|()| KeyFile::read(&path, passphrase)),
        }
    }

    /// Makes an Ed25519 key with this name, which is also its comment, and writes it.
    ///
    /// # Errors
    /// [`KeyError::Name`]; as [`KeyFile::write_new`]; as [`KeyStore::list`] for the directory.
    pub fn create(&self, name: &str, passphrase: Option<&str>) -> Result<KeyFile, KeyError> {
        let path = self.path_of(name)?;
        private_file::ensure_directory(&self.directory)?;
        let key = KeyFile::generate(name)?;
        key.write_new(&path, passphrase)?;
        Ok(key)
    }

    /// What can be said of the key with this name without its passphrase.
    ///
    /// # Errors
    /// [`KeyError::Name`]; as [`KeyFile::read`]; as [`KeyStore::list`] for the directory.
    pub fn find(&self, name: &str) -> Result<ListedKey, KeyError> {
        let path = self.path_of(name)?;
        match private_file::check_directory(&self.directory) {
            Err(KeyError::Missing { .. }) => Err(KeyError::Missing { path }),
            checked => checked.and_then(|()| self.listed(name.to_owned())),
        }
    }

    fn listed(&self, name: String) -> Result<ListedKey, KeyError> {
        let path = self.path_of(&name)?;
        let (public_key, encrypted) = key_file::read_public_half(&path)?;
        Ok(ListedKey {
            name,
            algorithm: public_key.algorithm(),
            thumbprint: public_key.thumbprint(),
            encrypted,
            path,
        })
    }
}

fn is_key_name(name: &str) -> bool {
    (1..=MAX_KEY_NAME_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests;
