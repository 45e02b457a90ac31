//! A transparent statement (RFC 9943): a statement that carries its receipts.
//! Verifies neither the signature nor a receipt.

use super::{MAX_ENTRY_SIZE_BYTES, RecordError, Statement, error::malformed};
use crate::cbor::{Item, Reader, push, push_bytes, write_integer};
use crate::tlog::receipt::{InclusionReceipt, MAX_RECEIPT_SIZE_BYTES};

/// Most receipts that are read: one ledger, and room for others that took the statement in.
pub const MAX_RECEIPTS: usize = 16;

/// The receipts in the unprotected header (RFC 9942 section 2).
const RECEIPTS: i64 = 394;
/// COSE_Sign1, RFC 9052 section 2.
const TAG_COSE_SIGN1: u64 = 18;

/// A statement with receipts of inclusion in its unprotected header, label 394. The signature of
/// the party does not cover them, and the leaf of the log is made of the statement without them:
/// [`Entry::leaf_data`](super::Entry::leaf_data) of the receipt's time and
/// [`TransparentStatement::statement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransparentStatement {
    statement: Statement,
    receipts: Vec<InclusionReceipt>,
}

impl TransparentStatement {
    /// A statement with its receipts.
    ///
    /// # Errors
    /// [`RecordError::List`] for none, or more than [`MAX_RECEIPTS`].
    pub fn new(statement: Statement, receipts: Vec<InclusionReceipt>) -> Result<Self, RecordError> {
        if receipts.is_empty() || receipts.len() > MAX_RECEIPTS {
            let found = receipts.len();
            return Err(RecordError::List { what: "receipts", found, needed: "1 to 16" });
        }
        Ok(Self { statement, receipts })
    }

    /// The statement, as it stands in the log.
    pub const fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The receipts, at least one.
    pub fn receipts(&self) -> &[InclusionReceipt] {
        &self.receipts
    }

    /// Tag 18, `[protected header, {394: [receipt, ...]}, payload, signature]`, deterministic CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut unprotected = Vec::with_capacity(self.receipts.len() * 1024);
        push(&mut unprotected, Item::Map(Some(1)));
        write_integer(&mut unprotected, RECEIPTS);
        push(&mut unprotected, Item::Array(Some(self.receipts.len())));
        for receipt in &self.receipts {
            push_bytes(&mut unprotected, &receipt.to_bytes());
        }
        self.statement.with_unprotected(&unprotected)
    }

    /// Reads exactly what [`TransparentStatement::to_bytes`] writes.
    ///
    /// # Errors
    /// Bytes that are too many, not canonical, no statement, or without a receipt that a ledger of
    /// this program would write.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let max_bytes = MAX_ENTRY_SIZE_BYTES + MAX_RECEIPTS * (MAX_RECEIPT_SIZE_BYTES + 3) + 8;
        if bytes.len() > max_bytes {
            let found_bytes = bytes.len();
            return Err(RecordError::TooLarge { what: "statement", found_bytes, max_bytes });
        }
        let mut reader = Reader::new("the transparent statement", bytes);
        reader.expect(Item::Tag(TAG_COSE_SIGN1), "a COSE_Sign1")?;
        reader.expect(Item::Array(Some(4)), "a COSE_Sign1 of four")?;
        reader.byte_string("the protected header")?;
        let unprotected = reader.offset();
        reader.expect(Item::Map(Some(1)), "an unprotected header with receipts")?;
        if reader.integer("the label of the receipts")? != RECEIPTS {
            return Err(malformed("an unprotected header that does not hold receipts"));
        }
        let count = reader.array("the receipts")?;
        if count > MAX_RECEIPTS {
            return Err(malformed(format!("{count} receipts")));
        }
        let mut receipts = Vec::with_capacity(count);
        for _ in 0..count {
            let receipt = &bytes[reader.byte_string("a receipt")?];
            let receipt = InclusionReceipt::from_bytes(receipt);
            receipts.push(receipt.map_err(|error| malformed(error.to_string()))?);
        }
        let after = reader.offset();
        // The statement as it stands in the log: its unprotected header is empty.
        let statement = [&bytes[..unprotected], &[0xa0], &bytes[after..]].concat();
        Self::new(Statement::decode(&statement)?, receipts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{
        Entry, PublicKey, RecordId, SignatureError, Signer, SplitAgreed, Timestamp,
    };
    use crate::tlog::{InclusionProof, leaf_hash, receipt::ReceiptClaims};
    use ed25519_dalek::{Signer as _, SigningKey};

    struct Key(SigningKey);

    impl Signer for Key {
        fn public_key(&self) -> PublicKey {
            PublicKey::ed25519(self.0.verifying_key().as_bytes()).unwrap()
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
            Ok(self.0.sign(message).to_vec())
        }
    }

    fn transparent(receipts: usize) -> Result<TransparentStatement, RecordError> {
        let key = Key(SigningKey::from_bytes(&[7; 32]));
        let agreed = SplitAgreed { work: RecordId::of(b"a registration") };
        let now = Timestamp::parse_start("2026-03-01").unwrap();
        let statement = Statement::sign(agreed.into(), "wen", now, &key).unwrap();
        let leaf = leaf_hash(&Entry::leaf_data(now, statement.as_bytes()));
        let receipt = |subject: usize| {
            let claims = ReceiptClaims {
                issuer: "register.example".to_owned(),
                subject: subject.to_string(),
                issued_at_s: 1,
            };
            let path = InclusionProof::new(Vec::new()).unwrap();
            let at = now.as_millis();
            InclusionReceipt::sign(&claims, [1; 32], at, (0, 1), path, leaf, &key.0).unwrap()
        };
        TransparentStatement::new(statement, (0..receipts).map(receipt).collect())
    }

    #[test]
    fn a_transparent_statement_is_read_back() {
        for count in [1, 2, MAX_RECEIPTS] {
            let whole = transparent(count).unwrap();
            let read = TransparentStatement::decode(&whole.to_bytes()).unwrap();
            assert_eq!(read, whole);
            let receipt = &read.receipts()[0];
            let at = Timestamp::from_millis(receipt.registered_at_ms()).unwrap();
            let leaf = leaf_hash(&Entry::leaf_data(at, read.statement().as_bytes()));
            let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
            assert_eq!(receipt.verify(leaf, &key), Ok(leaf));
        }
        for found in [0, MAX_RECEIPTS + 1] {
            let refused = RecordError::List { what: "receipts", found, needed: "1 to 16" };
            assert_eq!(transparent(found), Err(refused));
        }
    }

    #[test]
    fn cut_lengthened_or_bare_statements_are_refused() {
        let whole = transparent(1).unwrap();
        let bytes = whole.to_bytes();
        for end in 0..bytes.len() {
            assert!(TransparentStatement::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(TransparentStatement::decode(&[&bytes[..], &[0]].concat()).is_err());
        assert!(TransparentStatement::decode(whole.statement().as_bytes()).is_err());
        assert!(Statement::decode(&bytes).is_err(), "a statement in the log has no receipts");
        let none = whole.statement().with_unprotected(&[0xa1, 0x19, 0x01, 0x8a, 0x80]);
        assert!(TransparentStatement::decode(&none).is_err());
        let mut promised = vec![0xa1, 0x19, 0x01, 0x8a];
        push(&mut promised, Item::Array(Some(usize::MAX)));
        let promised = whole.statement().with_unprotected(&promised);
        assert!(TransparentStatement::decode(&promised).is_err());
    }

    #[test]
    fn every_changed_byte_is_refused_or_does_not_verify() {
        let whole = transparent(1).unwrap();
        let bytes = whole.to_bytes();
        let key = SigningKey::from_bytes(&[7; 32]);
        for place in 0..bytes.len() {
            for changed_by in [0x01, 0x10, 0x20, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[place] ^= changed_by;
                let Ok(read) = TransparentStatement::decode(&changed) else {
                    continue;
                };
                let receipt = &read.receipts()[0];
                let at = Timestamp::from_millis(receipt.registered_at_ms());
                let verified = at.is_ok_and(|at| {
                    let leaf = leaf_hash(&Entry::leaf_data(at, read.statement().as_bytes()));
                    receipt.verify(leaf, &key.verifying_key()).is_ok()
                });
                assert!(!verified, "byte {place} changed by {changed_by:02x}");
            }
        }
    }
}
