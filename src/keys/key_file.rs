//! One private key, made here or read from an OpenSSH file. Never shows the key: it signs, and
//! writes itself into a new file.

use std::fmt;
use std::path::{Path, PathBuf};

use ed25519_dalek::Signer as _;
use rand_core::{OsRng, RngCore};
use ssh_key::private::{EcdsaKeypair, Ed25519Keypair, KeypairData};
use ssh_key::{Cipher, Kdf, LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::container::{self, Container};
use super::{KeyError, private_file};
use crate::record::{Algorithm, PublicKey, PublicKeyError};
use crate::record::{SignatureError, Signer};

/// Longest comment of a key that is made here; OpenSSH itself writes `user@host`.
pub const MAX_COMMENT_SIZE_BYTES: usize = 256;

/// Most rounds of bcrypt that are run for a passphrase. OpenSSH asks for 16 or 24 unless told
/// otherwise; this many take some ten seconds.
pub const MAX_KDF_ROUNDS: u32 = 1024;

/// OpenSSH names of the algorithms whose keys are read.
const READ_ALGORITHMS: [&str; 2] = ["ssh-ed25519", "ecdsa-sha2-nistp256"];

/// Permission bits of the file with the public half.
const PUBLIC_FILE_MODE: u32 = 0o644;

/// A private key with its comment, ready to sign.
pub struct KeyFile {
    stored: PrivateKey,
    secret: Secret,
    public_key: PublicKey,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl KeyFile {
    /// Makes a new Ed25519 key; nothing is written yet.
    ///
    /// # Errors
    /// [`KeyError::Comment`], [`KeyError::NoRandomness`].
    ///
    /// ```
    /// use deedbook::keys::KeyFile;
    /// use deedbook::record::Signer;
    /// let key = KeyFile::generate("wen")?;
    /// let signature = key.sign(b"message")?;
    /// key.public_key().verify(b"message", &signature)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn generate(comment: &str) -> Result<Self, KeyError> {
        if comment.len() > MAX_COMMENT_SIZE_BYTES || comment.chars().any(char::is_control) {
            let found = comment.to_owned();
            return Err(KeyError::Comment { found, limit: MAX_COMMENT_SIZE_BYTES });
        }
        let mut seed = Zeroizing::new([0_u8; 32]);
        OsRng.try_fill_bytes(&mut *seed).map_err(|_| KeyError::NoRandomness)?;
        let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&seed));
        let stored = PrivateKey::new(pair, comment).map_err(|_| KeyError::Encoding)?;
        Self::from_stored(stored, Path::new(comment))
    }

    /// Reads a private key file. The passphrase is asked for only when the file is encrypted and
    /// everything else about it is in order.
    ///
    /// # Errors
    /// [`KeyError`]: missing, not a regular file, not ours, permissions other than for the owner
    /// alone, larger than 64 KiB, not a key, another algorithm, wrong passphrase; and whatever
    /// `passphrase` answers.
    pub fn read(
        path: &Path,
        passphrase: &mut dyn FnMut(&Path) -> Result<Zeroizing<String>, KeyError>,
    ) -> Result<Self, KeyError> {
        let stored = parse(path)?;
        public_half(path, &stored)?;
        if !stored.is_encrypted() {
            return Self::from_stored(stored, path);
        }
        check_encryption(path, &stored)?;
        let passphrase = passphrase(path)?;
        let opened =
            container::decrypt(&stored, passphrase.as_bytes()).map_err(|error| match error {
                ssh_key::Error::Crypto => KeyError::WrongPassphrase { path: path.to_owned() },
                _ => KeyError::NotAKey { path: path.to_owned() },
            })?;
        Self::from_stored(opened, path)
    }

    /// Writes the key to `path`, readable by its owner only, and its public half to the same path
    /// with `.pub` added. Both are on the disk when this returns; on error neither is there.
    ///
    /// # Errors
    /// [`KeyError::AlreadyExists`] when either file exists, [`KeyError::EmptyPassphrase`],
    /// [`KeyError::Io`] and its like from the operating system.
    pub fn write_new(&self, path: &Path, passphrase: Option<&str>) -> Result<(), KeyError> {
        let text = match passphrase {
            None => self.stored.to_openssh(LineEnding::LF),
            Some("") => return Err(KeyError::EmptyPassphrase),
            Some(passphrase) => self
                .stored
                .encrypt(&mut OsRng, passphrase)
                .and_then(|encrypted| encrypted.to_openssh(LineEnding::LF)),
        }
        .map_err(|_| KeyError::Encoding)?;
        let public_path = public_path_of(path);
        let public_line = self
            .public_key
            .to_openssh(self.comment())
            .map_err(|source| KeyError::NotAccepted { path: path.to_owned(), source })?;
        private_file::write_new(path, private_file::FILE_MODE, text.as_bytes())?;
        let public_text = format!("{public_line}\n");
        private_file::write_new(&public_path, PUBLIC_FILE_MODE, public_text.as_bytes())
            .inspect_err(|_| {
                let _already_failing = std::fs::remove_file(path);
            })?;
        private_file::sync_directory_of(path)
    }

    /// The comment of the key, usually who or what it is for. May be empty.
    pub fn comment(&self) -> &str {
        self.stored.comment()
    }

    /// The secret of an Ed25519 key, with which a ledger signs its checkpoints; none for a key of
    /// another kind.
    pub fn ed25519_secret(&self) -> Option<&ed25519_dalek::SigningKey> {
        match &self.secret {
            Secret::Ed25519(secret) => Some(secret),
            Secret::P256(_) => None,
        }
    }

    /// Takes away a key that was made by [`KeyFile::write_new`] and that nothing was signed with.
    ///
    /// # Errors
    /// [`KeyError::Missing`] or what the operating system says; the public half goes first, so that
    /// no secret is lost while its public half stays.
    pub fn remove(path: &Path) -> Result<(), KeyError> {
        let public = public_path_of(path);
        std::fs::remove_file(&public).map_err(KeyError::io("remove", &public))?;
        std::fs::remove_file(path).map_err(KeyError::io("remove", path))
    }

    /// Checks that the private half makes the public half that the file names: a key that signed
    /// with one and showed the other would give its secret away.
    fn from_stored(stored: PrivateKey, path: &Path) -> Result<Self, KeyError> {
        let not_a_key = || KeyError::NotAKey { path: path.to_owned() };
        let public_key = public_half(path, &stored)?;
        let (secret, made) = match stored.key_data() {
            KeypairData::Ed25519(pair) => {
                let secret = ed25519_dalek::SigningKey::from_bytes(pair.private.as_ref());
                let made = PublicKey::ed25519(secret.verifying_key().as_bytes());
                (Secret::Ed25519(secret), made)
            }
            KeypairData::Ecdsa(EcdsaKeypair::NistP256 { private, .. }) => {
                let secret = p256::ecdsa::SigningKey::from_slice(private.as_slice())
                    .map_err(|_| not_a_key())?;
                let point = secret.verifying_key().to_encoded_point(false);
                (Secret::P256(secret), PublicKey::p256(point.as_bytes()))
            }
            _ => return Err(not_a_key()),
        };
        if made != Ok(public_key) {
            return Err(not_a_key());
        }
        Ok(Self { stored, secret, public_key })
    }
}

impl Signer for KeyFile {
    fn public_key(&self) -> PublicKey {
        self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        match &self.secret {
            Secret::Ed25519(secret) => Ok(secret.sign(message).to_bytes().to_vec()),
            Secret::P256(secret) => {
                let signature: Result<p256::ecdsa::Signature, _> = secret.try_sign(message);
                signature
                    .map(|signature| signature.to_bytes().to_vec())
                    .map_err(|_| SignatureError::NotSigned { algorithm: Algorithm::Es256 })
            }
        }
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("KeyFile").field(&self.public_key).finish()
    }
}

/// Reads a private key file as far as that goes without a passphrase: its public half, and whether
/// it is encrypted.
pub(super) fn read_public_half(path: &Path) -> Result<(PublicKey, bool), KeyError> {
    let stored = parse(path)?;
    Ok((public_half(path, &stored)?, stored.is_encrypted()))
}

fn parse(path: &Path) -> Result<PrivateKey, KeyError> {
    let bytes = private_file::read(path)?;
    if let Ok(stored) = PrivateKey::from_openssh(bytes.as_slice()) {
        return Ok(stored);
    }
    let path = path.to_owned();
    let Some(container) = Container::parse(&bytes) else {
        return Err(KeyError::NotAKey { path });
    };
    if let Some(stored) = container.key_with_short_secret() {
        return Ok(stored);
    }
    Err(match container.algorithm_name() {
        Some(found) if !READ_ALGORITHMS.contains(&found.as_str()) => {
            KeyError::UnsupportedAlgorithm { path, found }
        }
        Some(_) | None => KeyError::NotAKey { path },
    })
}

fn public_half(path: &Path, stored: &PrivateKey) -> Result<PublicKey, KeyError> {
    PublicKey::from_openssh_data(stored.public_key().key_data()).map_err(|source| {
        let path = path.to_owned();
        if let PublicKeyError::UnsupportedAlgorithm { found } = source {
            KeyError::UnsupportedAlgorithm { path, found }
        } else {
            KeyError::NotAccepted { path, source }
        }
    })
}

/// Refuses encryption that cannot be undone here, before anybody is asked for a passphrase.
fn check_encryption(path: &Path, stored: &PrivateKey) -> Result<(), KeyError> {
    if stored.cipher() == Cipher::TDesCbc {
        let found = stored.cipher().as_str().to_owned();
        return Err(KeyError::UnsupportedCipher { path: path.to_owned(), found });
    }
    match stored.kdf() {
        Kdf::Bcrypt { rounds, .. } if *rounds > MAX_KDF_ROUNDS => Err(KeyError::TooManyRounds {
            path: path.to_owned(),
            found: *rounds,
            limit: MAX_KDF_ROUNDS,
        }),
        _ => Ok(()),
    }
}

/// Where the public half of a private key file lies: the same path with `.pub` added.
pub fn public_path_of(path: &Path) -> PathBuf {
    crate::file::appended(path, ".pub")
}

#[cfg(test)]
mod tests;
