//! The ledger's signed proof that its log extends what it was.

use super::header::missing;
use super::{CoseReceipt, ReceiptClaims, ReceiptError, ReceiptHeader, ReceiptKey, ReceiptProof};
use crate::tlog::{ConsistencyProof, Hash};
use ed25519_dalek::{SigningKey, VerifyingKey};

/// A receipt of consistency as a ledger makes it: EdDSA, the thumbprint of the ledger's key, all
/// claims and the newer tree size under the signature, which is over the newer root.
///
/// It has one form: what [`ConsistencyReceipt::to_bytes`] writes, and nothing else is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyReceipt {
    receipt: CoseReceipt,
    kid: [u8; 32],
    claims: ReceiptClaims,
    old_size: u64,
    new_size: u64,
}

impl ConsistencyReceipt {
    /// Signs the newer root. `sizes` is `(old_size, new_size)`.
    ///
    /// # Errors
    /// A proof that does not lead from the old root to the new one; claims that could not be read
    /// again.
    pub fn sign(
        claims: &ReceiptClaims,
        kid: [u8; 32],
        sizes: (u64, u64),
        path: ConsistencyProof,
        old_root: Hash,
        new_root: Hash,
        key: &SigningKey,
    ) -> Result<Self, ReceiptError> {
        let (old_size, new_size) = sizes;
        path.verify(old_size, old_root, new_size, new_root)?;
        let header = ReceiptHeader::of(claims, kid, new_size, None);
        let proof = ReceiptProof::Consistency { old_size, new_size, path };
        Self::from_bytes(&CoseReceipt::sign(header, proof, new_root, key).to_bytes())
    }

    /// The receipt in deterministic CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.receipt.to_bytes()
    }

    /// Reads a receipt in its one canonical form. Nothing is verified.
    ///
    /// # Errors
    /// As [`CoseReceipt::from_bytes`]; [`ReceiptError::Missing`] for what a receipt by a ledger
    /// has; [`ReceiptError::NotCanonical`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let receipt = CoseReceipt::from_bytes(bytes)?;
        let ReceiptProof::Consistency { old_size, new_size, path: _ } = *receipt.proof() else {
            return Err(ReceiptError::ProofKind { wanted: "consistency" });
        };
        let header = receipt.header();
        let (kid, claims) = (header.thumbprint()?, header.claims()?);
        header.tree_size.ok_or(missing("tree size"))?;
        let canonical = ReceiptHeader::of(&claims, kid, new_size, None);
        receipt.check_canonical(&canonical, bytes)?;
        Ok(Self { receipt, kid, claims, old_size, new_size })
    }

    /// Verifies that the tree whose root the key signed extends the one of `old_size` leaves with
    /// `old_root`, and answers with the signed root. The old tree must come from elsewhere, such as
    /// a checkpoint.
    ///
    /// # Errors
    /// [`ReceiptError::OldSize`], [`ReceiptError::Proof`], [`ReceiptError::KeyWeak`] or
    /// [`ReceiptError::SignatureInvalid`].
    pub fn verify(
        &self,
        old_size: u64,
        old_root: Hash,
        key: &VerifyingKey,
    ) -> Result<Hash, ReceiptError> {
        self.receipt.verify_consistency(old_size, old_root, &ReceiptKey::Ed25519(*key))
    }

    /// The thumbprint (RFC 9679) of the ledger's key.
    pub const fn kid(&self) -> &[u8; 32] {
        &self.kid
    }

    /// Who gave the receipt, about what, and when.
    pub const fn claims(&self) -> &ReceiptClaims {
        &self.claims
    }

    /// Leaves of the older tree.
    pub const fn old_size(&self) -> u64 {
        self.old_size
    }

    /// Leaves of the newer tree, whose root is signed.
    pub const fn new_size(&self) -> u64 {
        self.new_size
    }
}
