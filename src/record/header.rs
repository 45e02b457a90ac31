//! The protected header of what is signed as a COSE_Sign1: statements, and the register's word about a
//! bundle of evidence. It has one form, in deterministic CBOR. Never checks a signature.

use super::error::malformed;
use super::{Algorithm, RecordError, Thumbprint};
use crate::cbor::{Item, Reader, push, push_bytes, push_text, write_integer};

/// COSE header parameters (RFC 9052 section 3.1, RFC 9597) and CWT claims (RFC 8392).
mod label {
    pub(super) const ALGORITHM: u64 = 1;
    pub(super) const CONTENT_TYPE: u64 = 3;
    pub(super) const KEY_ID: u64 = 4;
    pub(super) const CWT_CLAIMS: u64 = 15;
    pub(super) const ISSUER: u64 = 1;
    pub(super) const SUBJECT: u64 = 2;
    pub(super) const ISSUED_AT: u64 = 6;
}

/// The protected header: who signed what about whom, and when, as the signer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The signature algorithm.
    pub algorithm: Algorithm,
    /// The thumbprint of the signing key (RFC 9679).
    pub kid: Thumbprint,
    /// The handle of the party, or the ledger's origin for what the ledger signs.
    pub issuer: String,
    /// What the payload is about.
    pub subject: String,
    /// When the signer says it signed, in whole seconds since 1970.
    pub issued_at_s: i64,
}

impl Header {
    /// The header over a payload of this content type.
    pub fn encode(&self, content_type: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        push(&mut out, Item::Map(Some(4)));
        push(&mut out, Item::Positive(label::ALGORITHM));
        write_integer(&mut out, self.algorithm.cose_value());
        push(&mut out, Item::Positive(label::CONTENT_TYPE));
        push_text(&mut out, content_type);
        push(&mut out, Item::Positive(label::KEY_ID));
        push_bytes(&mut out, self.kid.as_bytes());
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

    /// Reads the header of a payload that must be of this content type.
    ///
    /// # Errors
    /// Bytes that are not the one form of such a header.
    pub fn decode(bytes: &[u8], content_type: &str) -> Result<Self, RecordError> {
        let mut reader = Reader::new("the protected header", bytes);
        reader.expect(Item::Map(Some(4)), "a protected header of four")?;
        reader.expect(Item::Positive(label::ALGORITHM), "the algorithm")?;
        let value = reader.integer("the algorithm")?;
        let algorithm = Algorithm::from_cose_value(value)
            .ok_or_else(|| malformed(format!("the unknown algorithm {value}")))?;
        reader.expect(Item::Positive(label::CONTENT_TYPE), "the content type")?;
        let found = reader.text("the content type")?;
        if found != content_type {
            return Err(malformed(format!("the content type `{found}`")));
        }
        reader.expect(Item::Positive(label::KEY_ID), "the key identifier")?;
        let kid = reader.byte_string("the key identifier")?;
        let kid: [u8; 32] = bytes[kid]
            .try_into()
            .map_err(|_| malformed("a key identifier that is not 32 bytes"))?;
        reader.expect(Item::Positive(label::CWT_CLAIMS), "the claims")?;
        reader.expect(Item::Map(Some(3)), "three claims")?;
        reader.expect(Item::Positive(label::ISSUER), "the issuer")?;
        let issuer = reader.text("the issuer")?.to_owned();
        reader.expect(Item::Positive(label::SUBJECT), "the subject")?;
        let subject = reader.text("the subject")?.to_owned();
        reader.expect(Item::Positive(label::ISSUED_AT), "the time of signing")?;
        let issued_at_s = reader.integer("the time of signing")?;
        reader.finish()?;
        Ok(Self { algorithm, kid: Thumbprint::from_bytes(kid), issuer, subject, issued_at_s })
    }

    /// The bytes that are signed: the `Sig_structure` of RFC 9052 section 4.4 over an encoded header
    /// and its payload.
    pub fn signed_bytes(protected: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(protected.len() + payload.len() + 24);
        push(&mut out, Item::Array(Some(4)));
        push_text(&mut out, "Signature1");
        push_bytes(&mut out, protected);
        push_bytes(&mut out, &[]);
        push_bytes(&mut out, payload);
        out
    }
}
