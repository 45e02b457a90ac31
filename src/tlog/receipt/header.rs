//! The protected header of a receipt: what the signature covers beside the root.

use super::ReceiptError;
use crate::cbor::{Item, Label, Reader, malformed, push, push_bytes, push_text, write_integer};

/// EdDSA (RFC 9053 section 2.2).
pub(super) const EDDSA: i64 = -8;
/// ECDSA on P-256 with SHA-256 (RFC 9053 section 2.1).
pub(super) const ES256: i64 = -7;
/// The tree of RFC 9162 with SHA-256 (RFC 9942 section 5).
const RFC9162_SHA256: i64 = 1;
/// Parameters and claims that are read, known or not.
const MAX_PARAMETERS: usize = 16;
/// Bytes of a key identifier that are kept.
const MAX_KID_SIZE_BYTES: usize = 128;

/// COSE header parameters and CWT claims.
mod label {
    pub(super) const ALGORITHM: i64 = 1;
    pub(super) const CRITICAL: i64 = 2;
    pub(super) const KEY_ID: i64 = 4;
    pub(super) const CWT_CLAIMS: i64 = 15;
    pub(super) const TREE_KIND: i64 = 395;
    pub(super) const TREE_SIZE: i64 = -65_537;
    pub(super) const REGISTERED_AT: i64 = -65_538;
    pub(super) const ISSUER: i64 = 1;
    pub(super) const SUBJECT: i64 = 2;
    pub(super) const ISSUED_AT: i64 = 6;
}

/// Who gave a receipt, about what, and when (RFC 9597: CWT claims in the protected header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptClaims {
    /// The ledger: its origin.
    pub issuer: String,
    /// What the receipt is about.
    pub subject: String,
    /// When it was made, by the ledger's clock, in whole seconds since 1970.
    pub issued_at_s: u64,
}

/// What a receipt of whoever says of itself under its signature. Parameters that are not known
/// here are passed over, unless they are critical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptHeader {
    /// The COSE algorithm: -8 or -7.
    pub algorithm: i64,
    /// The key identifier.
    pub kid: Option<Vec<u8>>,
    /// The claim of the issuer.
    pub issuer: Option<String>,
    /// The claim of the subject.
    pub subject: Option<String>,
    /// The claim of the issue time, in whole seconds since 1970.
    pub issued_at_s: Option<u64>,
    /// The tree size, in leaves.
    pub tree_size: Option<u64>,
    /// When the entry was registered, in milliseconds since 1970.
    pub registered_at_ms: Option<i64>,
}

impl ReceiptHeader {
    /// The header of a receipt that a ledger makes.
    pub(super) fn of(
        claims: &ReceiptClaims,
        kid: [u8; 32],
        tree_size: u64,
        registered_at_ms: Option<i64>,
    ) -> Self {
        Self {
            algorithm: EDDSA,
            kid: Some(kid.to_vec()),
            issuer: Some(claims.issuer.clone()),
            subject: Some(claims.subject.clone()),
            issued_at_s: Some(claims.issued_at_s),
            tree_size: Some(tree_size),
            registered_at_ms,
        }
    }

    /// The claims, all of which a receipt by a ledger has.
    pub(super) fn claims(&self) -> Result<ReceiptClaims, ReceiptError> {
        Ok(ReceiptClaims {
            issuer: self.issuer.clone().ok_or(missing("issuer"))?,
            subject: self.subject.clone().ok_or(missing("subject"))?,
            issued_at_s: self.issued_at_s.ok_or(missing("issue time"))?,
        })
    }

    /// The key identifier, a thumbprint in a receipt by a ledger.
    pub(super) fn thumbprint(&self) -> Result<[u8; 32], ReceiptError> {
        let kid = self.kid.as_ref().and_then(|kid| <[u8; 32]>::try_from(kid.as_slice()).ok());
        kid.ok_or(missing("key thumbprint"))
    }

    /// The deterministic bytes: keys in the order of their encoding (RFC 8949 section 4.2.1).
    pub(super) fn encode(&self) -> Vec<u8> {
        let claims = [&self.issuer, &self.subject].iter().filter(|claim| claim.is_some()).count()
            + usize::from(self.issued_at_s.is_some());
        let optional = [
            self.kid.is_some(),
            claims > 0,
            self.tree_size.is_some(),
            self.registered_at_ms.is_some(),
        ];
        let mut out = Vec::with_capacity(192);
        push(&mut out, Item::Map(Some(2 + optional.iter().filter(|there| **there).count())));
        write_pair(&mut out, label::ALGORITHM, self.algorithm);
        if let Some(kid) = &self.kid {
            write_integer(&mut out, label::KEY_ID);
            push_bytes(&mut out, kid);
        }
        if claims > 0 {
            write_integer(&mut out, label::CWT_CLAIMS);
            push(&mut out, Item::Map(Some(claims)));
            for (key, claim) in [(label::ISSUER, &self.issuer), (label::SUBJECT, &self.subject)] {
                if let Some(claim) = claim {
                    write_integer(&mut out, key);
                    push_text(&mut out, claim);
                }
            }
            if let Some(issued_at_s) = self.issued_at_s {
                write_integer(&mut out, label::ISSUED_AT);
                push(&mut out, Item::Positive(issued_at_s));
            }
        }
        write_pair(&mut out, label::TREE_KIND, RFC9162_SHA256);
        if let Some(tree_size) = self.tree_size {
            write_integer(&mut out, label::TREE_SIZE);
            push(&mut out, Item::Positive(tree_size));
        }
        if let Some(registered_at_ms) = self.registered_at_ms {
            write_pair(&mut out, label::REGISTERED_AT, registered_at_ms);
        }
        out
    }

    /// Reads a protected header: its parameters in any order, each at most once.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let mut reader = Reader::new("the protected header", bytes);
        let count = reader.map("the protected header")?;
        check_count("header parameters", count)?;
        let (mut seen, mut tree_kind, mut algorithm) = (Vec::new(), None, None);
        let mut header = Self {
            algorithm: EDDSA,
            kid: None,
            issuer: None,
            subject: None,
            issued_at_s: None,
            tree_size: None,
            registered_at_ms: None,
        };
        for _ in 0..count {
            match next_label(&mut reader, "a header parameter", &mut seen)? {
                Label::Integer(label::ALGORITHM) => {
                    algorithm = Some(reader.integer("the algorithm")?);
                }
                Label::Integer(label::CRITICAL) => return Err(ReceiptError::Critical),
                Label::Integer(label::KEY_ID) => {
                    let kid = &bytes[reader.byte_string("the key identifier")?];
                    if kid.len() > MAX_KID_SIZE_BYTES {
                        return Err(malformed("the key identifier is too long").into());
                    }
                    header.kid = Some(kid.to_vec());
                }
                Label::Integer(label::CWT_CLAIMS) => header.read_claims(&mut reader)?,
                Label::Integer(label::TREE_KIND) => {
                    tree_kind = Some(reader.integer("the tree kind")?);
                }
                Label::Integer(label::TREE_SIZE) => {
                    header.tree_size = Some(reader.positive("the tree size")?);
                }
                Label::Integer(label::REGISTERED_AT) => {
                    header.registered_at_ms = Some(reader.integer("the time of the entry")?);
                }
                Label::Integer(_) | Label::Text(_) => reader.skip("a header parameter")?,
            }
        }
        reader.finish()?;
        // The kind of tree first: what else there is may belong to it.
        match tree_kind {
            Some(RFC9162_SHA256) => {}
            Some(found) => return Err(ReceiptError::TreeUnsupported { found }),
            None => return Err(missing("tree kind")),
        }
        match algorithm {
            Some(EDDSA | ES256) => {}
            Some(found) => return Err(ReceiptError::AlgorithmUnsupported { found }),
            None => return Err(missing("algorithm")),
        }
        header.algorithm = algorithm.unwrap_or(EDDSA);
        Ok(header)
    }

    fn read_claims(&mut self, reader: &mut Reader<'_>) -> Result<(), ReceiptError> {
        let count = reader.map("the claims")?;
        check_count("claims", count)?;
        let mut seen = Vec::new();
        for _ in 0..count {
            match next_label(reader, "a claim", &mut seen)? {
                Label::Integer(label::ISSUER) => {
                    self.issuer = Some(reader.text("the issuer")?.to_owned());
                }
                Label::Integer(label::SUBJECT) => {
                    self.subject = Some(reader.text("the subject")?.to_owned());
                }
                Label::Integer(label::ISSUED_AT) => {
                    self.issued_at_s = Some(reader.positive("the issue time")?);
                }
                Label::Integer(_) | Label::Text(_) => reader.skip("a claim")?,
            }
        }
        Ok(())
    }
}

/// The next label, which must not have stood there yet.
pub(super) fn next_label<'a>(
    reader: &mut Reader<'a>,
    what: &str,
    seen: &mut Vec<Label<'a>>,
) -> Result<Label<'a>, ReceiptError> {
    let found = reader.label(what)?;
    if seen.contains(&found) {
        return Err(ReceiptError::Repeated);
    }
    seen.push(found.clone());
    Ok(found)
}

/// Refuses a map that is larger than any that is asked for.
pub(super) fn check_count(what: &'static str, found: usize) -> Result<(), ReceiptError> {
    if found > MAX_PARAMETERS {
        return Err(ReceiptError::TooMany { what, found, max: MAX_PARAMETERS });
    }
    Ok(())
}

pub(super) const fn missing(what: &'static str) -> ReceiptError {
    ReceiptError::Missing { what }
}

fn write_pair(out: &mut Vec<u8>, key: i64, value: i64) {
    write_integer(out, key);
    write_integer(out, value);
}
