//! The index of a bundle: the register's signature of the manifest, and with it its word that the
//! entries which the manifest lists are all that concern the subject.
//!
//! A COSE_Sign1 (RFC 9052) whose payload, the bytes of the manifest, is detached. It is a promise
//! and not a proof: who holds the log can show that it was broken, since the manifest says up to
//! which size of the log it is made.

use super::Subject;
use crate::cbor::{Item, Reader, push, push_bytes};
use crate::record::{Algorithm, Header, PublicKey, RecordError, Thumbprint, Timestamp};
use crate::tlog::Origin;
use ed25519_dalek::{Signer as _, SigningKey};
use thiserror::Error;

/// The content type of a manifest, in the protected header of its signature.
pub const INDEX_CONTENT_TYPE: &str = "application/vnd.deedbook.evidence+json";

const TAG_COSE_SIGN1: u64 = 18;
const SIGNATURE_SIZE_BYTES: usize = 64;
/// CBOR's null: the payload is detached.
const NULL: Item = Item::Simple(22);

/// An index that is not one, or does not verify.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IndexError {
    /// Not the COSE_Sign1 of an index in its one form, or over another type of content.
    #[error("the signature of the manifest cannot be read: {0}")]
    Malformed(#[from] RecordError),
    /// Signed in the name of another register, or about another subject.
    #[error("the signature of the manifest is in the name of `{issuer}` about `{subject}`")]
    Claims {
        /// Who is named.
        issuer: String,
        /// What is named.
        subject: String,
    },
    /// Signed with another key than that of the register.
    #[error("the manifest is signed with key {found}, must be with the register's own, {needed}")]
    Key {
        /// The key that is named.
        found: Thumbprint,
        /// The key of the register.
        needed: Thumbprint,
    },
    /// The signature is not by that key over this manifest.
    #[error("the signature of the manifest does not fit it")]
    Signature,
}

/// A signature over a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    header: Header,
    signature: Vec<u8>,
}

impl Index {
    /// Signs the bytes of a manifest.
    pub(super) fn sign(
        origin: &Origin,
        subject: &Subject,
        issued_at: Timestamp,
        manifest: &[u8],
        (key, kid): (&SigningKey, Thumbprint),
    ) -> Self {
        let header = Header {
            algorithm: Algorithm::EdDsa,
            kid,
            issuer: origin.to_string(),
            subject: subject_claim(subject),
            issued_at_s: issued_at.as_seconds(),
        };
        let signed = Header::signed_bytes(&header.encode(INDEX_CONTENT_TYPE), manifest);
        Self { header, signature: key.sign(&signed).to_bytes().to_vec() }
    }

    /// When it was signed, by the register's clock, in whole seconds since 1970.
    pub const fn issued_at_s(&self) -> i64 {
        self.header.issued_at_s
    }

    /// The bytes: tag 18, `[protected, {}, null, signature]`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        push(&mut out, Item::Tag(TAG_COSE_SIGN1));
        push(&mut out, Item::Array(Some(4)));
        push_bytes(&mut out, &self.header.encode(INDEX_CONTENT_TYPE));
        push(&mut out, Item::Map(Some(0)));
        push(&mut out, NULL);
        push_bytes(&mut out, &self.signature);
        out
    }

    /// Reads an index in its one form. Nothing is verified.
    ///
    /// # Errors
    /// [`IndexError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, IndexError> {
        Ok(Self::read(bytes)?)
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new("the signature of the manifest", bytes);
        reader.expect(Item::Tag(TAG_COSE_SIGN1), "a COSE_Sign1")?;
        reader.expect(Item::Array(Some(4)), "a COSE_Sign1 of four")?;
        let protected = reader.byte_string("the protected header")?;
        reader.expect(Item::Map(Some(0)), "an empty unprotected header")?;
        reader.expect(NULL, "a payload that is detached")?;
        let signature = bytes[reader.byte_string("the signature")?].to_vec();
        reader.finish()?;
        Ok(Self { header: Header::decode(&bytes[protected], INDEX_CONTENT_TYPE)?, signature })
    }

    /// Verifies that the register with this key signed this manifest about this subject.
    ///
    /// # Errors
    /// [`IndexError::Claims`], [`IndexError::Key`] or [`IndexError::Signature`].
    pub fn verify(
        &self,
        (origin, subject): (&Origin, &Subject),
        manifest: &[u8],
        key: &PublicKey,
    ) -> Result<(), IndexError> {
        let Header { algorithm, kid, issuer, subject: about, .. } = &self.header;
        if issuer != origin.as_str() || *about != subject_claim(subject) {
            return Err(IndexError::Claims { issuer: issuer.clone(), subject: about.clone() });
        }
        let needed = key.thumbprint();
        if *kid != needed {
            return Err(IndexError::Key { found: *kid, needed });
        }
        if *algorithm != key.algorithm() || self.signature.len() != SIGNATURE_SIZE_BYTES {
            return Err(IndexError::Signature);
        }
        let signed = Header::signed_bytes(&self.header.encode(INDEX_CONTENT_TYPE), manifest);
        key.verify(&signed, &self.signature).map_err(|_| IndexError::Signature)
    }
}

/// `work:`, `contract:` or `party:` and the identifier of its statement.
fn subject_claim(subject: &Subject) -> String {
    format!("{}:{}", subject.kind, subject.id)
}
