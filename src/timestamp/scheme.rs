//! The signatures that are accepted: RSA (PKCS #1 v1.5, 2048 to 4096 bits) and ECDSA (P-256, P-384),
//! over SHA-256, SHA-384 or SHA-512. Verifies with public keys; never holds a private one.

use super::TimestampError;
use der::asn1::ObjectIdentifier;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::signature::Verifier as _;
use rsa::signature::hazmat::PrehashVerifier as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPublicKey, pkcs1v15};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// Bytes of the shortest RSA modulus that is accepted.
const MIN_RSA_BYTES: usize = 256;
/// rsaEncryption: in a CMS signature the digest then stands beside it.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A digest algorithm that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    pub(super) fn of(
        algorithm: ObjectIdentifier,
        part: &'static str,
    ) -> Result<Self, TimestampError> {
        match algorithm.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" => Ok(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Ok(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Ok(Self::Sha512),
            found => Err(TimestampError::Algorithm { part, found: found.to_owned() }),
        }
    }

    pub(super) fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// A key on one side, a digest on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Rsa,
    P256,
    P384,
}

/// One way to sign.
#[derive(Debug)]
pub(super) struct Scheme {
    key: Key,
    digest: Digest,
}

/// Every way to sign, as chains of certificates are checked.
pub(super) const ALL: [&dyn SignatureVerificationAlgorithm; 9] = [
    &Scheme { key: Key::Rsa, digest: Digest::Sha256 },
    &Scheme { key: Key::Rsa, digest: Digest::Sha384 },
    &Scheme { key: Key::Rsa, digest: Digest::Sha512 },
    &Scheme { key: Key::P256, digest: Digest::Sha256 },
    &Scheme { key: Key::P256, digest: Digest::Sha384 },
    &Scheme { key: Key::P256, digest: Digest::Sha512 },
    &Scheme { key: Key::P384, digest: Digest::Sha256 },
    &Scheme { key: Key::P384, digest: Digest::Sha384 },
    &Scheme { key: Key::P384, digest: Digest::Sha512 },
];

impl Scheme {
    /// The scheme of a CMS signature: by the signature algorithm, the digest algorithm beside it,
    /// and the algorithm of the key, an AlgorithmIdentifier without its header.
    ///
    /// # Errors
    /// [`TimestampError::Algorithm`] for one that is not accepted, or not of this digest or key.
    pub(super) fn of_cms(
        signature: ObjectIdentifier,
        digest: Digest,
        public_key: &[u8],
    ) -> Result<Self, TimestampError> {
        let keys = [Key::Rsa, Key::P256, Key::P384];
        let key = keys.into_iter().find(|key| key.algorithm().as_ref() == public_key);
        let scheme = key.map(|key| Self { key, digest });
        let accepted = scheme.filter(|scheme| {
            scheme.signature_oid() == signature
                || (scheme.key == Key::Rsa && signature == RSA_ENCRYPTION)
        });
        let found = signature.to_string();
        accepted.ok_or(TimestampError::Algorithm { part: "signature algorithm", found })
    }

    const fn signature_oid(&self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match (self.key, self.digest) {
            (Key::Rsa, Digest::Sha256) => "1.2.840.113549.1.1.11",
            (Key::Rsa, Digest::Sha384) => "1.2.840.113549.1.1.12",
            (Key::Rsa, Digest::Sha512) => "1.2.840.113549.1.1.13",
            (Key::P256 | Key::P384, Digest::Sha256) => "1.2.840.10045.4.3.2",
            (Key::P256 | Key::P384, Digest::Sha384) => "1.2.840.10045.4.3.3",
            (Key::P256 | Key::P384, Digest::Sha512) => "1.2.840.10045.4.3.4",
        })
    }

    /// Whether the signature by this subjectPublicKey verifies.
    pub(super) fn verifies(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let hash = self.digest.hash(message);
        match self.key {
            Key::Rsa => self.rsa_verifies(public_key, message, signature),
            Key::P256 => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(public_key);
                let signature = p256::ecdsa::Signature::from_der(signature);
                let (Ok(key), Ok(signature)) = (key, signature) else { return false };
                key.verify_prehash(&hash, &signature).is_ok()
            }
            Key::P384 => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(public_key);
                let signature = p384::ecdsa::Signature::from_der(signature);
                let (Ok(key), Ok(signature)) = (key, signature) else { return false };
                key.verify_prehash(&hash, &signature).is_ok()
            }
        }
    }

    fn rsa_verifies(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        // Reading a key refuses a modulus of more than 4096 bits.
        let (Ok(key), Ok(signature)) =
            (RsaPublicKey::from_pkcs1_der(public_key), pkcs1v15::Signature::try_from(signature))
        else {
            return false;
        };
        if key.size() < MIN_RSA_BYTES {
            return false;
        }
        let verified = match self.digest {
            Digest::Sha256 => {
                pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature)
            }
            Digest::Sha384 => {
                pkcs1v15::VerifyingKey::<Sha384>::new(key).verify(message, &signature)
            }
            Digest::Sha512 => {
                pkcs1v15::VerifyingKey::<Sha512>::new(key).verify(message, &signature)
            }
        };
        verified.is_ok()
    }
}

impl Key {
    const fn algorithm(self) -> AlgorithmIdentifier {
        match self {
            Self::Rsa => alg_id::RSA_ENCRYPTION,
            Self::P256 => alg_id::ECDSA_P256,
            Self::P384 => alg_id::ECDSA_P384,
        }
    }
}

impl SignatureVerificationAlgorithm for Scheme {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        if self.verifies(public_key, message, signature) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key.algorithm()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match (self.key, self.digest) {
            (Key::Rsa, Digest::Sha256) => alg_id::RSA_PKCS1_SHA256,
            (Key::Rsa, Digest::Sha384) => alg_id::RSA_PKCS1_SHA384,
            (Key::Rsa, Digest::Sha512) => alg_id::RSA_PKCS1_SHA512,
            (Key::P256 | Key::P384, Digest::Sha256) => alg_id::ECDSA_SHA256,
            (Key::P256 | Key::P384, Digest::Sha384) => alg_id::ECDSA_SHA384,
            (Key::P256 | Key::P384, Digest::Sha512) => alg_id::ECDSA_SHA512,
        }
    }
}
