//! A statement: one record, signed; a tagged COSE_Sign1 in canonical bytes.

use super::error::malformed;
use super::{
    Handle, Header, MAX_ENTRY_SIZE_BYTES, PublicKey, Record, RecordError, RecordId, Signer,
    Timestamp,
};
use crate::cbor::{Item, Reader, push, push_bytes};
use std::ops::Range;

/// The content type in the protected header of every statement.
pub const CONTENT_TYPE: &str = "application/vnd.deedbook.record+cbor";

/// A statement leaves room in its entry for the array head and the time: 1 + 9 bytes.
const MAX_STATEMENT_SIZE_BYTES: usize = MAX_ENTRY_SIZE_BYTES - 10;
const SIGNATURE_SIZE_BYTES: usize = 64;
/// COSE_Sign1, RFC 9052 section 2.
const TAG_COSE_SIGN1: u64 = 18;

/// One record, signed by a party. The signature is not yet checked: see [`Statement::verify`].
///
/// Wire form: tag 18, `[protected header, {}, payload, signature]`, deterministic CBOR throughout.
/// Decoding refuses every byte sequence that is not the one canonical form of what it says.
///
/// ```
/// use deedbook::record::{
///     PublicKey, RecordId, SignatureError, Signer, SplitAgreed, Statement, Timestamp,
/// };
/// use ed25519_dalek::{Signer as _, SigningKey};
///
/// struct Key(SigningKey);
///
/// impl Signer for Key {
///     fn public_key(&self) -> PublicKey {
///         PublicKey::ed25519(self.0.verifying_key().as_bytes()).unwrap()
///     }
///
///     fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
///         Ok(self.0.sign(message).to_vec())
///     }
/// }
///
/// let key = Key(SigningKey::from_bytes(&[7; 32]));
/// let agreed = SplitAgreed { work: RecordId::of(b"a registration") };
/// let now = Timestamp::parse_start("2026-03-01")?;
/// let signed = Statement::sign(agreed.into(), "wen", now, &key)?;
///
/// let read = Statement::decode(signed.as_bytes())?;
/// assert_eq!(read.header().issuer, "wen");
/// assert_eq!(read.id(), signed.id());
/// assert!(read.verify(&key.public_key()).is_ok());
/// # Ok::<(), deedbook::record::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    bytes: Vec<u8>,
    id: RecordId,
    header: Header,
    record: Record,
    protected: Range<usize>,
    payload: Range<usize>,
}

/// A statement whose signature was checked against the key that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified(Statement);

impl Verified {
    /// The statement.
    pub const fn statement(&self) -> &Statement {
        &self.0
    }

    /// A statement whose signature was checked together with others.
    pub(super) const fn by_batch(statement: Statement) -> Self {
        Self(statement)
    }
}

impl Statement {
    /// Signs a record.
    ///
    /// # Errors
    /// A record that breaks a rule of its own, is too large, or a key that cannot sign.
    pub fn sign(
        record: Record,
        issuer: &str,
        issued_at: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Self, RecordError> {
        record.check()?;
        let key = signer.public_key();
        let header = Header {
            algorithm: key.algorithm(),
            kid: key.thumbprint(),
            issuer: issuer.to_owned(),
            subject: record.subject(),
            issued_at_s: issued_at.as_seconds(),
        };
        let payload = record.encode()?;
        let protected = header.encode(CONTENT_TYPE);
        let to_sign = Header::signed_bytes(&protected, &payload);
        let signature = signer
            .sign(&to_sign)
            .map_err(|error| RecordError::Key { reason: error.to_string() })?;
        Self::decode(&encode_frame(&protected, &payload, &signature))
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// Bytes that are too many, not a statement, not canonical, of an unknown version or kind, or
    /// a record that breaks a rule of its own. Memory and time are bounded by the limit on size.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > MAX_STATEMENT_SIZE_BYTES {
            return Err(RecordError::TooLarge {
                what: "statement",
                found_bytes: bytes.len(),
                max_bytes: MAX_STATEMENT_SIZE_BYTES,
            });
        }
        let mut frame = Reader::new("the statement", bytes);
        frame.expect(Item::Tag(TAG_COSE_SIGN1), "the tag of COSE_Sign1")?;
        frame.expect(Item::Array(Some(4)), "an array of four")?;
        let protected = frame.byte_string("the protected header")?;
        frame.expect(Item::Map(Some(0)), "an empty unprotected header")?;
        let payload = frame.byte_string("the payload")?;
        let signature = frame.byte_string("the signature")?;
        frame.finish()?;
        if signature.len() != SIGNATURE_SIZE_BYTES {
            return Err(malformed("a signature that is not 64 bytes"));
        }
        let header = Header::decode(&bytes[protected.clone()], CONTENT_TYPE)?;
        let record = Record::decode(&bytes[payload.clone()])?;
        if !matches!(record, Record::Ledger(_)) {
            Handle::new(header.issuer.as_str())?;
        }
        let needed = record.subject();
        if header.subject != needed {
            return Err(RecordError::Subject { found: header.subject, needed });
        }
        let id = RecordId::of(bytes);
        Ok(Self { bytes: bytes.to_vec(), id, header, record, protected, payload })
    }

    /// BLAKE3-256 of the bytes.
    pub const fn id(&self) -> RecordId {
        self.id
    }

    /// The canonical bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The statement with these bytes for its unprotected header, which no signature covers.
    pub(super) fn with_unprotected(&self, unprotected: &[u8]) -> Vec<u8> {
        let (before, after) = self.bytes.split_at(self.protected.end);
        // What follows the protected header is the empty unprotected one, in a byte.
        [before, unprotected, &after[1..]].concat()
    }

    /// The protected header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What is said.
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// The 64 bytes of the signature.
    pub fn signature(&self) -> &[u8] {
        &self.bytes[self.bytes.len() - SIGNATURE_SIZE_BYTES..]
    }

    /// The bytes that are signed: the `Sig_structure` of RFC 9052 section 4.4.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let (protected, payload) = (self.protected.clone(), self.payload.clone());
        Header::signed_bytes(&self.bytes[protected], &self.bytes[payload])
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// A key that is not the one the header names, or a signature that is not by it.
    pub fn verify(self, key: &PublicKey) -> Result<Verified, RecordError> {
        let refused = || RecordError::Signature { kid: self.header.kid.to_string() };
        if key.thumbprint() != self.header.kid || key.algorithm() != self.header.algorithm {
            return Err(refused());
        }
        key.verify(&self.signed_bytes(), self.signature()).map_err(|_| refused())?;
        Ok(Verified(self))
    }
}

fn encode_frame(protected: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(protected.len() + payload.len() + signature.len() + 16);
    push(&mut out, Item::Tag(TAG_COSE_SIGN1));
    push(&mut out, Item::Array(Some(4)));
    push_bytes(&mut out, protected);
    push(&mut out, Item::Map(Some(0)));
    push_bytes(&mut out, payload);
    push_bytes(&mut out, signature);
    out
}
