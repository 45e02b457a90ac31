//! Public keys: which ones are accepted, how they are written, and what their signatures mean.
//! Never holds a private key and never reads a file.

use std::fmt;

use p256::ecdsa::signature::Verifier;
use thiserror::Error;

use super::hex;
use super::signer::SignatureError;
use super::thumbprint::Thumbprint;

/// Bytes of a signature of either algorithm.
pub(super) const SIGNATURE_SIZE_BYTES: usize = 64;

/// Longest OpenSSH public key line that is read. An Ed25519 line without comment has 80 bytes;
/// the largest RSA line, which is refused by name, has under 3,000.
pub(super) const MAX_OPENSSH_LINE_SIZE_BYTES: usize = 16 * 1024;

/// A signature algorithm that records may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// EdDSA with Ed25519 (RFC 8032, RFC 9053 section 2.2).
    EdDsa,
    /// ECDSA with P-256 and SHA-256 (RFC 9053 section 2.1).
    Es256,
}

impl Algorithm {
    /// The number of the algorithm in the IANA register of COSE algorithms.
    ///
    /// ```
    /// use deedbook::record::Algorithm;
    /// assert_eq!(Algorithm::EdDsa.cose_value(), -8);
    /// assert_eq!(Algorithm::Es256.cose_value(), -7);
    /// ```
    pub fn cose_value(self) -> i64 {
        match self {
            Self::EdDsa => -8,
            Self::Es256 => -7,
        }
    }

    /// The algorithm with this number, if it is one of the two accepted here.
    pub fn from_cose_value(value: i64) -> Option<Self> {
        match value {
            -8 => Some(Self::EdDsa),
            -7 => Some(Self::Es256),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
        })
    }
}

/// Why bytes or a line of text are not a public key that is accepted here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PublicKeyError {
    /// The key has a length that its algorithm does not have.
    #[error("{algorithm} public key has {found} bytes, must have {needed}")]
    Length {
        /// The algorithm asked for.
        algorithm: Algorithm,
        /// Bytes found.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// The bytes name no point of the curve.
    #[error("{algorithm} public key is not a point of its curve")]
    NotOnCurve {
        /// The algorithm asked for.
        algorithm: Algorithm,
    },
    /// The bytes name a point of Ed25519 in a second, longer way (RFC 8032 section 5.1.3).
    #[error("EdDSA public key is not in its canonical encoding")]
    NotCanonical,
    /// The point is one of the eight for which anybody can make signatures.
    #[error("EdDSA public key has small order, so anybody can sign for it")]
    SmallOrder,
    /// The point lies outside the prime-order group.
    #[error("EdDSA public key has a torsion component, must lie in the prime-order group")]
    TorsionComponent,
    /// An OpenSSH key of another algorithm.
    #[error(
        "key algorithm `{found}` is not supported, must be `ssh-ed25519` or `ecdsa-sha2-nistp256`"
    )]
    UnsupportedAlgorithm {
        /// The algorithm's OpenSSH name.
        found: String,
    },
    /// The text is not one line of an OpenSSH public key file.
    #[error("text is not an OpenSSH public key line")]
    NotOpenSsh,
    /// A comment that would not stay within its line.
    #[error("comment of a key holds the control character `{}`", found.escape_default())]
    Comment {
        /// The first such character.
        found: char,
    },
}

/// An Ed25519 public key in canonical encoding, of prime order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ed25519PublicKey(ed25519_dalek::VerifyingKey);

impl Ed25519PublicKey {
    /// The key as the signature library takes it, for verification in batches.
    pub fn verifying_key(&self) -> &ed25519_dalek::VerifyingKey {
        &self.0
    }
}

/// A P-256 public key, a point of the curve other than the point at infinity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct P256PublicKey(p256::ecdsa::VerifyingKey);

/// A public key that may sign records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// For [`Algorithm::EdDsa`].
    Ed25519(Ed25519PublicKey),
    /// For [`Algorithm::Es256`].
    P256(P256PublicKey),
}

impl PublicKey {
    /// Takes the 32 bytes of an Ed25519 key (RFC 8032 section 5.1.5).
    ///
    /// Only keys of the prime-order group in canonical encoding are accepted. RFC 8032 leaves open
    /// whether the verification equation is multiplied by the cofactor 8; for a key with a torsion
    /// component the two readings give different answers on the same signature, and verifying
    /// one by one (without the cofactor) and in a batch (where random factors may cancel torsion)
    /// would disagree. A register in which an entry holds today and fails tomorrow proves nothing,
    /// so such keys are refused here, once. No honest key generation makes one.
    ///
    /// This removes torsion from the key, not from the `R` of a signature. [`PublicKey::verify`]
    /// refuses the latter too; a batch verifier has to see to it by itself.
    ///
    /// # Errors
    /// `NotOnCurve`, `NotCanonical`, `SmallOrder` or `TorsionComponent` of [`PublicKeyError`].
    ///
    /// ```
    /// use deedbook::record::{PublicKey, PublicKeyError};
    /// let mut identity = [0; 32];
    /// identity[0] = 1;
    /// assert_eq!(PublicKey::ed25519(&identity).err(), Some(PublicKeyError::SmallOrder));
    /// ```
    pub fn ed25519(bytes: &[u8; 32]) -> Result<Self, PublicKeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| PublicKeyError::NotOnCurve { algorithm: Algorithm::EdDsa })?;
        let point = key.to_edwards();
        if point.compress().as_bytes() != bytes {
            return Err(PublicKeyError::NotCanonical);
        }
        if key.is_weak() {
            return Err(PublicKeyError::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(PublicKeyError::TorsionComponent);
        }
        Ok(Self::Ed25519(Ed25519PublicKey(key)))
    }

    /// Takes a P-256 point in SEC 1 form (section 2.3.4), 33 bytes compressed or 65 uncompressed.
    ///
    /// # Errors
    /// [`PublicKeyError::Length`] or [`PublicKeyError::NotOnCurve`]; the point at infinity counts
    /// as the latter.
    pub fn p256(sec1: &[u8]) -> Result<Self, PublicKeyError> {
        let algorithm = Algorithm::Es256;
        let needed = match sec1.first() {
            Some(2 | 3) => 33,
            Some(4) => 65,
            Some(_) => return Err(PublicKeyError::NotOnCurve { algorithm }),
            None => {
                return Err(PublicKeyError::Length { algorithm, found: 0, needed: 65 });
            }
        };
        if sec1.len() != needed {
            return Err(PublicKeyError::Length { algorithm, found: sec1.len(), needed });
        }
        p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
            .map(|key| Self::P256(P256PublicKey(key)))
            .map_err(|_| PublicKeyError::NotOnCurve { algorithm })
    }

    /// Takes a key as [`PublicKey::to_bytes`] gives it.
    ///
    /// # Errors
    /// As [`PublicKey::ed25519`] and [`PublicKey::p256`].
    pub fn from_parts(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, PublicKeyError> {
        let length = |needed| PublicKeyError::Length { algorithm, found: bytes.len(), needed };
        match algorithm {
            Algorithm::EdDsa => Self::ed25519(bytes.try_into().map_err(|_| length(32))?),
            Algorithm::Es256 => {
                let coordinates: &[u8; 64] = bytes.try_into().map_err(|_| length(64))?;
                let mut sec1 = [4_u8; 65];
                sec1[1..].copy_from_slice(coordinates);
                Self::p256(&sec1)
            }
        }
    }

    /// The key alone: for EdDSA the 32 bytes of RFC 8032, for ES256 the 64 bytes `x || y`.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.0.to_bytes().to_vec(),
            Self::P256(key) => key.0.to_encoded_point(false).as_bytes()[1..].to_vec(),
        }
    }

    /// The algorithm this key signs with.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
        }
    }

    /// The thumbprint of the key (RFC 9679): SHA-256 of its COSE_Key with the required members
    /// only, `kty`, `crv` and the coordinates (section 4), in deterministic CBOR.
    pub fn thumbprint(&self) -> Thumbprint {
        let bytes = self.to_bytes();
        let mut cose_key = Vec::with_capacity(80);
        match self {
            // {1: 1 (OKP), -1: 6 (Ed25519), -2: x}
            Self::Ed25519(_) => {
                cose_key.extend_from_slice(&[0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20]);
                cose_key.extend_from_slice(&bytes);
            }
            // {1: 2 (EC2), -1: 1 (P-256), -2: x, -3: y}
            Self::P256(_) => {
                cose_key.extend_from_slice(&[0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20]);
                cose_key.extend_from_slice(&bytes[..32]);
                cose_key.extend_from_slice(&[0x22, 0x58, 0x20]);
                cose_key.extend_from_slice(&bytes[32..]);
            }
        }
        Thumbprint::of_cose_key(&cose_key)
    }

    /// Checks a signature over a message.
    ///
    /// EdDSA is verified without the cofactor, with a canonical `s` and without an `R` of small
    /// order. ES256 is 64 bytes `r || s` (RFC 9053 section 2.1); both values of `s` that fit are
    /// accepted, because hardware keys give either.
    ///
    /// # Errors
    /// [`SignatureError::Length`] or [`SignatureError::DoesNotVerify`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let algorithm = self.algorithm();
        let bytes: &[u8; SIGNATURE_SIZE_BYTES] =
            signature.try_into().map_err(|_| SignatureError::Length {
                algorithm,
                found: signature.len(),
                needed: SIGNATURE_SIZE_BYTES,
            })?;
        let verified = match self {
            Self::Ed25519(key) => {
                key.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok()
            }
            Self::P256(key) => p256::ecdsa::Signature::from_slice(bytes)
                .and_then(|signature| key.0.verify(message, &signature))
                .is_ok(),
        };
        if verified { Ok(()) } else { Err(SignatureError::DoesNotVerify { algorithm }) }
    }

    /// Reads one line of an OpenSSH public key file: algorithm, key in base64, optional comment.
    ///
    /// # Errors
    /// [`PublicKeyError::UnsupportedAlgorithm`] with the name for RSA, hardware keys, certificates
    /// and the rest; [`PublicKeyError::NotOpenSsh`] for text that is no such line; and as
    /// [`PublicKey::ed25519`] and [`PublicKey::p256`].
    ///
    /// ```
    /// use deedbook::record::PublicKey;
    /// let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF4yNp1kUUocx0tyvF68flP7/Ni0BautzgpLUPz9Hmcf wen";
    /// let key = PublicKey::from_openssh(line)?;
    /// assert_eq!(key.to_openssh("wen")?, line);
    /// # Ok::<(), deedbook::record::PublicKeyError>(())
    /// ```
    pub fn from_openssh(line: &str) -> Result<Self, PublicKeyError> {
        let line = line.trim_ascii();
        if line.len() > MAX_OPENSSH_LINE_SIZE_BYTES || line.contains(['\n', '\r']) {
            return Err(PublicKeyError::NotOpenSsh);
        }
        match ssh_key::PublicKey::from_openssh(line) {
            Ok(key) => Self::from_openssh_data(key.key_data()),
            Err(_) => Err(match line.split(' ').next().and_then(unsupported_name) {
                Some(name) => PublicKeyError::UnsupportedAlgorithm { found: name.to_owned() },
                None => PublicKeyError::NotOpenSsh,
            }),
        }
    }

    /// Takes the key out of a parsed OpenSSH public key.
    ///
    /// # Errors
    /// As [`PublicKey::from_openssh`].
    pub fn from_openssh_data(data: &ssh_key::public::KeyData) -> Result<Self, PublicKeyError> {
        if let Some(key) = data.ed25519() {
            return Self::ed25519(&key.0);
        }
        if let Some(ssh_key::public::EcdsaPublicKey::NistP256(point)) = data.ecdsa() {
            return Self::p256(point.as_bytes());
        }
        Err(PublicKeyError::UnsupportedAlgorithm { found: data.algorithm().as_str().to_owned() })
    }

    /// Writes the key as one line of an OpenSSH public key file, without the line end.
    ///
    /// # Errors
    /// [`PublicKeyError::Comment`] for a comment with a control character.
    pub fn to_openssh(&self, comment: &str) -> Result<String, PublicKeyError> {
        if let Some(found) = comment.chars().find(|character| character.is_control()) {
            return Err(PublicKeyError::Comment { found });
        }
        let data = match self {
            Self::Ed25519(key) => ssh_key::public::KeyData::Ed25519(key.0.into()),
            Self::P256(key) => ssh_key::public::KeyData::Ecdsa(key.0.into()),
        };
        ssh_key::PublicKey::new(data, comment).to_openssh().map_err(|_| PublicKeyError::NotOpenSsh)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({} {})", self.algorithm(), hex::encode(&self.to_bytes()))
    }
}

/// The word, if it is the OpenSSH name of an algorithm other than the two accepted here.
fn unsupported_name(word: &str) -> Option<&str> {
    let accepted = ["ssh-ed25519", "ecdsa-sha2-nistp256"];
    let family = ["ssh-", "ecdsa-", "sk-", "rsa-", "webauthn-"];
    let plain = word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_graphic());
    (plain && !accepted.contains(&word) && family.iter().any(|start| word.starts_with(start)))
        .then_some(word)
}

#[cfg(test)]
mod tests;
