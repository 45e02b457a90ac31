//! A receipt as RFC 9942 has it, whoever made it.

use super::header::{EDDSA, ES256};
use super::{ReceiptError, ReceiptHeader, ReceiptProof};
use crate::cbor::{Item, Reader, push, push_bytes, push_text};
use crate::tlog::Hash;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use p256::ecdsa::signature::Verifier as _;

/// The longest receipt that is read, in bytes: 64 hashes of a path take 2,200, and room is left for
/// parameters of others.
pub const MAX_RECEIPT_SIZE_BYTES: usize = 8 * 1024;

/// COSE_Sign1 (RFC 9052 section 2).
const TAG_COSE_SIGN1: u64 = 18;
/// CBOR's null, as a value and as a byte: the payload is detached.
const NULL_VALUE: u8 = 22;
const NULL: u8 = 0xe0 | NULL_VALUE;
const SIGNATURE_SIZE_BYTES: usize = 64;

/// The key of whoever gave a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptKey {
    /// For algorithm -8.
    Ed25519(VerifyingKey),
    /// For algorithm -7.
    P256(p256::ecdsa::VerifyingKey),
}

/// A receipt by whoever: its header parameters in any order, claims or none, EdDSA or ES256.
/// What is not known is passed over, unless it is critical; every length is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoseReceipt {
    header: ReceiptHeader,
    /// The protected header as it stands in the receipt: what was signed.
    protected: Vec<u8>,
    proof: ReceiptProof,
    signature: [u8; SIGNATURE_SIZE_BYTES],
}

impl CoseReceipt {
    /// Signs a root.
    pub(super) fn sign(
        header: ReceiptHeader,
        proof: ReceiptProof,
        root: Hash,
        key: &SigningKey,
    ) -> Self {
        let protected = header.encode();
        Self::sign_bytes(header, protected, proof, root, key)
    }

    /// Signs a root under these bytes of a header.
    pub(super) fn sign_bytes(
        header: ReceiptHeader,
        protected: Vec<u8>,
        proof: ReceiptProof,
        root: Hash,
        key: &SigningKey,
    ) -> Self {
        let signature = key.sign(&signed_bytes(&protected, root)).to_bytes();
        Self { header, protected, proof, signature }
    }

    /// What the receipt says of itself, under its signature.
    pub const fn header(&self) -> &ReceiptHeader {
        &self.header
    }

    /// What it proves, if it verifies.
    pub const fn proof(&self) -> &ReceiptProof {
        &self.proof
    }

    /// The receipt: tag 18, `[protected, {396: {kind: [proof]}}, null, signature]`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.protected.len() + 1024);
        push(&mut out, Item::Tag(TAG_COSE_SIGN1));
        push(&mut out, Item::Array(Some(4)));
        push_bytes(&mut out, &self.protected);
        self.proof.encode_header(&mut out);
        push(&mut out, Item::Simple(NULL_VALUE));
        push_bytes(&mut out, &self.signature);
        out
    }

    /// Reads a receipt. Nothing is verified.
    ///
    /// ```
    /// use deedbook::tlog::receipt::{CoseReceipt, ReceiptError};
    /// assert!(matches!(CoseReceipt::from_bytes(b"not a receipt"), Err(ReceiptError::Cbor(_))));
    /// ```
    ///
    /// # Errors
    /// Bytes that are too many or not a receipt; another tree kind or algorithm than is supported;
    /// an attached payload; a proof that no tree has; a tree size in the protected header that is
    /// not that of the proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_RECEIPT_SIZE_BYTES {
            return Err(ReceiptError::TooLarge { found_bytes: bytes.len() });
        }
        let mut reader = Reader::new("the receipt", bytes);
        reader.expect(Item::Tag(TAG_COSE_SIGN1), "a COSE_Sign1")?;
        reader.expect(Item::Array(Some(4)), "a COSE_Sign1 of four")?;
        let protected = bytes[reader.byte_string("the protected header")?].to_vec();
        let header = ReceiptHeader::decode(&protected)?;
        let proof = ReceiptProof::decode_header(&mut reader, bytes)?;
        if bytes.get(reader.offset()).is_some_and(|first| *first != NULL) {
            return Err(ReceiptError::PayloadAttached);
        }
        reader.expect(Item::Simple(NULL_VALUE), "a payload that is detached")?;
        let signature = &bytes[reader.byte_string("the signature")?];
        reader.finish()?;
        let signature = signature
            .try_into()
            .map_err(|_| ReceiptError::SignatureLength { found: signature.len() })?;
        match header.tree_size {
            Some(signed) if signed != proof.tree_size() => {
                let proven = proof.tree_size();
                return Err(ReceiptError::TreeSize { signed, proven });
            }
            Some(_) | None => {}
        }
        Ok(Self { header, protected, proof, signature })
    }

    /// Sees to it that these bytes are what a ledger with this header writes.
    pub(super) fn check_canonical(
        &self,
        header: &ReceiptHeader,
        bytes: &[u8],
    ) -> Result<(), ReceiptError> {
        if header.encode() == self.protected && self.to_bytes() == bytes {
            Ok(())
        } else {
            Err(ReceiptError::NotCanonical)
        }
    }

    /// Verifies that the leaf with this [hash](crate::tlog::leaf_hash) is in the tree whose root
    /// the key signed, and answers with that root.
    ///
    /// # Errors
    /// [`ReceiptError::ProofKind`], [`ReceiptError::Proof`], [`ReceiptError::KeyWeak`] or
    /// [`ReceiptError::SignatureInvalid`].
    pub fn verify_inclusion(&self, leaf: Hash, key: &ReceiptKey) -> Result<Hash, ReceiptError> {
        let ReceiptProof::Inclusion { tree_size, leaf_index, path } = &self.proof else {
            return Err(ReceiptError::ProofKind { wanted: "inclusion" });
        };
        let root = path.root(leaf, *leaf_index, *tree_size)?;
        self.verify_root(root, key).map(|()| root)
    }

    /// Verifies that the tree whose root the key signed extends the one of `old_size` leaves with
    /// `old_root`, and answers with the signed root. The old tree must come from elsewhere, such as
    /// a checkpoint: a receipt that named it could name whatever it likes.
    ///
    /// # Errors
    /// [`ReceiptError::ProofKind`], [`ReceiptError::OldSize`], [`ReceiptError::Proof`],
    /// [`ReceiptError::KeyWeak`] or [`ReceiptError::SignatureInvalid`].
    pub fn verify_consistency(
        &self,
        wanted: u64,
        old_root: Hash,
        key: &ReceiptKey,
    ) -> Result<Hash, ReceiptError> {
        let ReceiptProof::Consistency { old_size, new_size, path } = &self.proof else {
            return Err(ReceiptError::ProofKind { wanted: "consistency" });
        };
        if *old_size != wanted {
            return Err(ReceiptError::OldSize { found: *old_size, wanted });
        }
        let root = path.new_root(*old_size, old_root, *new_size)?;
        self.verify_root(root, key).map(|()| root)
    }

    fn verify_root(&self, root: Hash, key: &ReceiptKey) -> Result<(), ReceiptError> {
        let signed = signed_bytes(&self.protected, root);
        let verified = match (self.header.algorithm, key) {
            (EDDSA, ReceiptKey::Ed25519(key)) => {
                if key.is_weak() {
                    return Err(ReceiptError::KeyWeak);
                }
                key.verify_strict(&signed, &Signature::from_bytes(&self.signature)).is_ok()
            }
            (ES256, ReceiptKey::P256(key)) => p256::ecdsa::Signature::from_slice(&self.signature)
                .is_ok_and(|signature| key.verify(&signed, &signature).is_ok()),
            (_, ReceiptKey::Ed25519(_) | ReceiptKey::P256(_)) => false,
        };
        if verified { Ok(()) } else { Err(ReceiptError::SignatureInvalid) }
    }
}

/// The `Sig_structure` of RFC 9052 section 4.4 over the detached root.
fn signed_bytes(protected: &[u8], root: Hash) -> Vec<u8> {
    let mut out = Vec::with_capacity(protected.len() + 64);
    push(&mut out, Item::Array(Some(4)));
    push_text(&mut out, "Signature1");
    push_bytes(&mut out, protected);
    push_bytes(&mut out, &[]);
    push_bytes(&mut out, root.as_bytes());
    out
}
