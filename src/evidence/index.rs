//! The index of a bundle: the register's signature of the manifest, and with it its word that the
//! entries which the manifest lists are all that concern the subject.
//!
//! A COSE_Sign1 (RFC 9052) whose payload, the bytes of the manifest, is detached. It is a promise
//! and not a proof: who holds the log can show that it was broken, since the manifest says up to
//! which size of the log it is made.

use super::Subject;
use crate::cbor::{CborError, Item, Reader, push, push_bytes, push_text, write_integer};
use crate::record::{PublicKey, Thumbprint, Timestamp};
use crate::tlog::Origin;
use ed25519_dalek::{Signer as _, SigningKey};
use thiserror::Error;

/// The content type of a manifest, in the protected header of its signature.
pub const INDEX_CONTENT_TYPE: &str = "application/vnd.deedbook.evidence+json";

const TAG_COSE_SIGN1: u64 = 18;
const EDDSA: i64 = -8;
const SIGNATURE_SIZE_BYTES: usize = 64;
/// CBOR's null: the payload is detached.
const NULL: Item = Item::Simple(22);

/// COSE header parameters and CWT claims (RFC 9052, RFC 9597, RFC 8392).
mod label {
    pub(super) const ALGORITHM: u64 = 1;
    pub(super) const CONTENT_TYPE: u64 = 3;
    pub(super) const KEY_ID: u64 = 4;
    pub(super) const CWT_CLAIMS: u64 = 15;
    pub(super) const ISSUER: u64 = 1;
    pub(super) const SUBJECT: u64 = 2;
    pub(super) const ISSUED_AT: u64 = 6;
}

/// An index that is not one, or does not verify.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IndexError {
    /// Not the COSE_Sign1 of an index in its one form.
    #[error("the signature of the manifest cannot be read: {0}")]
    Malformed(#[from] CborError),
    /// Of another content type.
    #[error("the signature is not one of a manifest")]
    ContentType,
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
        found: String,
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
    kid: Vec<u8>,
    issuer: String,
    subject: String,
    issued_at_s: i64,
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
        let mut index = Self {
            kid: kid.as_bytes().to_vec(),
            issuer: origin.to_string(),
            subject: subject_claim(subject),
            issued_at_s: issued_at.as_seconds(),
            signature: Vec::new(),
        };
        index.signature = key.sign(&index.signed_bytes(manifest)).to_bytes().to_vec();
        index
    }

    /// When it was signed, by the register's clock, in whole seconds since 1970.
    pub const fn issued_at_s(&self) -> i64 {
        self.issued_at_s
    }

    /// The bytes: tag 18, `[protected, {}, null, signature]`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        push(&mut out, Item::Tag(TAG_COSE_SIGN1));
        push(&mut out, Item::Array(Some(4)));
        push_bytes(&mut out, &self.protected());
        push(&mut out, Item::Map(Some(0)));
        push(&mut out, NULL);
        push_bytes(&mut out, &self.signature);
        out
    }

    /// Reads an index in its one form. Nothing is verified.
    ///
    /// # Errors
    /// [`IndexError::Malformed`] or [`IndexError::ContentType`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, IndexError> {
        let mut reader = Reader::new("the signature of the manifest", bytes);
        reader.expect(Item::Tag(TAG_COSE_SIGN1), "a COSE_Sign1")?;
        reader.expect(Item::Array(Some(4)), "a COSE_Sign1 of four")?;
        let protected = reader.byte_string("the protected header")?;
        reader.expect(Item::Map(Some(0)), "an empty unprotected header")?;
        reader.expect(NULL, "a payload that is detached")?;
        let signature = bytes[reader.byte_string("the signature")?].to_vec();
        reader.finish()?;
        let bytes = &bytes[protected];
        let mut reader = Reader::new("the protected header", bytes);
        reader.expect(Item::Map(Some(4)), "a protected header of four")?;
        reader.expect(Item::Positive(label::ALGORITHM), "the algorithm")?;
        // -8 as CBOR has it.
        reader.expect(Item::Negative(!EDDSA as u64), "EdDSA")?;
        reader.expect(Item::Positive(label::CONTENT_TYPE), "the content type")?;
        if reader.text("the content type")? != INDEX_CONTENT_TYPE {
            return Err(IndexError::ContentType);
        }
        reader.expect(Item::Positive(label::KEY_ID), "the key identifier")?;
        let kid = bytes[reader.byte_string("the key identifier")?].to_vec();
        reader.expect(Item::Positive(label::CWT_CLAIMS), "the claims")?;
        reader.expect(Item::Map(Some(3)), "three claims")?;
        reader.expect(Item::Positive(label::ISSUER), "the issuer")?;
        let issuer = reader.text("the issuer")?.to_owned();
        reader.expect(Item::Positive(label::SUBJECT), "the subject")?;
        let subject = reader.text("the subject")?.to_owned();
        reader.expect(Item::Positive(label::ISSUED_AT), "the time of signing")?;
        let issued_at_s = reader.integer("the time of signing")?;
        reader.finish()?;
        Ok(Self { kid, issuer, subject, issued_at_s, signature })
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
        if self.issuer != origin.as_str() || self.subject != subject_claim(subject) {
            let (issuer, subject) = (self.issuer.clone(), self.subject.clone());
            return Err(IndexError::Claims { issuer, subject });
        }
        let needed = key.thumbprint();
        if self.kid != needed.as_bytes() {
            let found = self.kid.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
            return Err(IndexError::Key { found, needed });
        }
        if self.signature.len() != SIGNATURE_SIZE_BYTES {
            return Err(IndexError::Signature);
        }
        key.verify(&self.signed_bytes(manifest), &self.signature).map_err(|_| IndexError::Signature)
    }

    fn protected(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        push(&mut out, Item::Map(Some(4)));
        push(&mut out, Item::Positive(label::ALGORITHM));
        write_integer(&mut out, EDDSA);
        push(&mut out, Item::Positive(label::CONTENT_TYPE));
        push_text(&mut out, INDEX_CONTENT_TYPE);
        push(&mut out, Item::Positive(label::KEY_ID));
        push_bytes(&mut out, &self.kid);
        push(&mut out, Item::Positive(label::CWT_CLAIMS));
        push(&mut out, Item::Map(Some(3)));
        push(&mut out, Item::Positive(label::ISSUER));
        push_text(&mut out, &self.issuer);
        push(&mut out, Item::Positive(label::SUBJECT));
        push_text(&mut out, &self.subject);
        push(&mut out, Item::Positive(label::ISSUED_AT));
        write_integer(&mut out, self.issued_at_s);
        out
    }

    /// The `Sig_structure` of RFC 9052 section 4.4 over the detached manifest.
    fn signed_bytes(&self, manifest: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(manifest.len() + 320);
        push(&mut out, Item::Array(Some(4)));
        push_text(&mut out, "Signature1");
        push_bytes(&mut out, &self.protected());
        push_bytes(&mut out, &[]);
        push_bytes(&mut out, manifest);
        out
    }
}

/// `work:`, `contract:` or `party:` and the identifier of its statement.
fn subject_claim(subject: &Subject) -> String {
    format!("{}:{}", subject.kind, subject.id)
}
