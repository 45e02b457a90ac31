//! The ledger's signed proof that an entry is in its log.

use super::header::missing;
use super::{CoseReceipt, ReceiptClaims, ReceiptError, ReceiptHeader, ReceiptKey, ReceiptProof};
use crate::tlog::{Hash, InclusionProof};
use ed25519_dalek::{SigningKey, VerifyingKey};

/// A receipt of inclusion as a ledger makes it: EdDSA, the thumbprint of the ledger's key, all
/// claims, the tree size and the time of the entry under the signature.
///
/// It has one form: what [`InclusionReceipt::to_bytes`] writes, and nothing else is read.
///
/// ```
/// use deedbook::tlog::InclusionProof;
/// use deedbook::tlog::{leaf_hash, receipt::{InclusionReceipt, ReceiptClaims}};
/// use ed25519_dalek::SigningKey;
///
/// let key = SigningKey::from_bytes(&[7; 32]);
/// let claims = ReceiptClaims {
///     issuer: "register.example".to_owned(),
///     subject: "the only entry".to_owned(),
///     issued_at_s: 1_772_323_200,
/// };
/// let (leaf, path) = (leaf_hash(b"entry"), InclusionProof::new(Vec::new())?);
/// let receipt =
///     InclusionReceipt::sign(&claims, [9; 32], 1_772_323_200_000, (0, 1), path, leaf, &key)?;
/// let read = InclusionReceipt::from_bytes(&receipt.to_bytes())?;
/// // A tree of one leaf: the root is the hash of the leaf.
/// assert_eq!(read.verify(leaf, &key.verifying_key()), Ok(leaf));
/// assert!(read.verify(leaf_hash(b"another"), &key.verifying_key()).is_err());
/// # Ok::<(), deedbook::tlog::receipt::ReceiptError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionReceipt {
    receipt: CoseReceipt,
    kid: [u8; 32],
    claims: ReceiptClaims,
    registered_at_ms: i64,
    tree_size: u64,
    leaf_index: u64,
}

impl InclusionReceipt {
    /// Signs the root of a tree of `tree_size` leaves, whose leaf at `leaf_index` was registered at
    /// this moment, in milliseconds since 1970. `place` is `(leaf_index, tree_size)`. The caller
    /// vouches for the root and for the path.
    ///
    /// # Errors
    /// Claims that could not be read again; a place that no tree has.
    pub fn sign(
        claims: &ReceiptClaims,
        kid: [u8; 32],
        registered_at_ms: i64,
        place: (u64, u64),
        path: InclusionProof,
        root: Hash,
        key: &SigningKey,
    ) -> Result<Self, ReceiptError> {
        let (leaf_index, tree_size) = place;
        // That the place is one: any leaf will do.
        path.root(root, leaf_index, tree_size)?;
        let header = ReceiptHeader::of(claims, kid, tree_size, Some(registered_at_ms));
        let proof = ReceiptProof::Inclusion { tree_size, leaf_index, path };
        Self::from_bytes(&CoseReceipt::sign(header, proof, root, key).to_bytes())
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
        let ReceiptProof::Inclusion { tree_size, leaf_index, path: _ } = *receipt.proof() else {
            return Err(ReceiptError::ProofKind { wanted: "inclusion" });
        };
        let header = receipt.header();
        let (kid, claims) = (header.thumbprint()?, header.claims()?);
        header.tree_size.ok_or(missing("tree size"))?;
        let registered_at_ms = header.registered_at_ms.ok_or(missing("time of the entry"))?;
        let canonical = ReceiptHeader::of(&claims, kid, tree_size, Some(registered_at_ms));
        receipt.check_canonical(&canonical, bytes)?;
        Ok(Self { receipt, kid, claims, registered_at_ms, tree_size, leaf_index })
    }

    /// Verifies that the leaf with this [hash](crate::tlog::leaf_hash) is in the tree whose root
    /// the key signed, and answers with that root. That the key is the one that
    /// [`InclusionReceipt::kid`] names, and is to be trusted, is for the caller to know.
    ///
    /// # Errors
    /// [`ReceiptError::Proof`], [`ReceiptError::KeyWeak`] or [`ReceiptError::SignatureInvalid`].
    pub fn verify(&self, leaf: Hash, key: &VerifyingKey) -> Result<Hash, ReceiptError> {
        self.receipt.verify_inclusion(leaf, &ReceiptKey::Ed25519(*key))
    }

    /// The thumbprint (RFC 9679) of the ledger's key.
    pub const fn kid(&self) -> &[u8; 32] {
        &self.kid
    }

    /// Who gave the receipt, about what, and when.
    pub const fn claims(&self) -> &ReceiptClaims {
        &self.claims
    }

    /// When the ledger registered the entry, in milliseconds since 1970: with the statement it
    /// makes up the leaf.
    pub const fn registered_at_ms(&self) -> i64 {
        self.registered_at_ms
    }

    /// Leaves of the tree whose root is signed.
    pub const fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// The place of the leaf, from 0.
    pub const fn leaf_index(&self) -> u64 {
        self.leaf_index
    }
}
