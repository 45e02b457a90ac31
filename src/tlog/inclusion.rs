//! The proof that a leaf is in a tree. It does not say what the leaf is or who signed the root.

use super::node::with_reader;
use super::tree::{check_proof_length, check_size, node_hash};
use super::{Hash, NodeReader, TlogError};

/// An inclusion proof (RFC 9162 section 2.1.3): the hashes beside the way from a leaf to the
/// root, from the leaf up. At most [`MAX_PROOF_HASHES`](super::MAX_PROOF_HASHES).
///
/// ```
/// use deedbook::tlog::{Frontier, InclusionProof, leaf_hash};
///
/// let mut frontier = Frontier::empty();
/// frontier.append(leaf_hash(b"one"))?;
/// frontier.append(leaf_hash(b"two"))?;
/// let proof = InclusionProof::new(vec![leaf_hash(b"one")])?;
/// proof.verify(leaf_hash(b"two"), 1, 2, frontier.root())?;
/// assert!(proof.verify(leaf_hash(b"six"), 1, 2, frontier.root()).is_err());
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof(Vec<Hash>);

impl InclusionProof {
    /// The proof with these hashes, from the leaf up; not yet verified.
    ///
    /// # Errors
    /// [`TlogError::ProofTooLong`].
    pub fn new(hashes: Vec<Hash>) -> Result<Self, TlogError> {
        check_proof_length(hashes).map(Self)
    }

    /// The hashes, from the leaf up.
    pub fn hashes(&self) -> &[Hash] {
        &self.0
    }

    /// Verifies that the tree of `size` leaves with this `root` has the leaf with
    /// `leaf_hash` at `index` (RFC 9162 section 2.1.3.2). Index and size must come from a
    /// signed checkpoint or receipt: a root alone does not fix them.
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`], [`TlogError::IndexOutsideTree`] (always for the empty
    /// tree) or [`TlogError::InclusionRefused`].
    pub fn verify(
        &self,
        leaf_hash: Hash,
        index: u64,
        size: u64,
        root: Hash,
    ) -> Result<(), TlogError> {
        check_index(index, size)?;
        let hashes = self.0.iter().copied().map(Into::into).collect();
        tlog_tiles::check_record(&hashes, size, root.into(), index, leaf_hash.into())
            .map_err(|_| TlogError::InclusionRefused { index, size })
    }

    /// The root that follows from the leaf with `leaf_hash` at `index` of a tree of `size` leaves
    /// (RFC 9162 section 2.1.3.2): what a receipt must have signed.
    ///
    /// ```
    /// use deedbook::tlog::{InclusionProof, leaf_hash};
    ///
    /// let only = leaf_hash(b"one");
    /// assert_eq!(InclusionProof::new(Vec::new())?.root(only, 0, 1), Ok(only));
    /// # Ok::<(), deedbook::tlog::TlogError>(())
    /// ```
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`], [`TlogError::IndexOutsideTree`], or
    /// [`TlogError::InclusionRefused`] for a number of hashes that does not fit.
    pub fn root(&self, leaf_hash: Hash, index: u64, size: u64) -> Result<Hash, TlogError> {
        check_index(index, size)?;
        let refused = TlogError::InclusionRefused { index, size };
        let (mut place, mut last) = (index, size - 1);
        let mut root = leaf_hash;
        for beside in &self.0 {
            if last == 0 {
                return Err(refused);
            }
            if place & 1 == 1 || place == last {
                root = node_hash(*beside, root);
                let unpaired = if place == 0 { 0 } else { place.trailing_zeros() };
                (place, last) = (place >> unpaired, last >> unpaired);
            } else {
                root = node_hash(root, *beside);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        if last == 0 { Ok(root) } else { Err(refused) }
    }
}

/// The proof that leaf `index` is in the tree of `size` leaves, read in one call with O(log
/// size) nodes.
///
/// # Errors
/// [`TlogError::TreeTooLarge`], [`TlogError::IndexOutsideTree`], [`TlogError::NodeCount`], or
/// the reader's own.
pub fn inclusion_proof<R: NodeReader>(
    index: u64,
    size: u64,
    reader: &R,
) -> Result<InclusionProof, R::Error> {
    check_index(index, size)?;
    let outside = TlogError::IndexOutsideTree { index, size };
    let hashes =
        with_reader(reader, outside, |nodes| tlog_tiles::prove_record(size, index, nodes))?;
    Ok(InclusionProof(hashes.into_iter().map(Hash::from).collect()))
}

fn check_index(index: u64, size: u64) -> Result<(), TlogError> {
    check_size(size)?;
    if index >= size {
        return Err(TlogError::IndexOutsideTree { index, size });
    }
    Ok(())
}
