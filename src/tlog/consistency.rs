//! The proof that a tree extends an older one. It does not say who signed either root.

use super::node::with_reader;
use super::tree::{check_proof_length, check_size, node_hash};
use super::{Hash, NodeReader, TlogError};

/// A consistency proof (RFC 9162 section 2.1.4): the hashes from which both roots follow.
/// At most [`MAX_PROOF_HASHES`](super::MAX_PROOF_HASHES); none between equal sizes.
///
/// ```
/// use deedbook::tlog::{ConsistencyProof, Frontier, leaf_hash};
///
/// let mut frontier = Frontier::empty();
/// frontier.append(leaf_hash(b"one"))?;
/// let old_root = frontier.root();
/// frontier.append(leaf_hash(b"two"))?;
/// let proof = ConsistencyProof::new(vec![leaf_hash(b"two")])?;
/// proof.verify(1, old_root, 2, frontier.root())?;
/// assert!(proof.verify(1, leaf_hash(b"six"), 2, frontier.root()).is_err());
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof(Vec<Hash>);

impl ConsistencyProof {
    /// The proof with these hashes, in the order of RFC 9162; not yet verified.
    ///
    /// # Errors
    /// [`TlogError::ProofTooLong`].
    pub fn new(hashes: Vec<Hash>) -> Result<Self, TlogError> {
        check_proof_length(hashes).map(Self)
    }

    /// The hashes, in the order of RFC 9162.
    pub fn hashes(&self) -> &[Hash] {
        &self.0
    }

    /// Verifies that the first `old_size` leaves of the tree of `new_size` leaves with
    /// `new_root` are those of the tree with `old_root` (RFC 9162 section 2.1.4.2). With
    /// equal sizes the proof is empty and the roots are equal.
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`], [`TlogError::OldTreeEmpty`],
    /// [`TlogError::SizesReversed`] or [`TlogError::ConsistencyRefused`].
    pub fn verify(
        &self,
        old_size: u64,
        old_root: Hash,
        new_size: u64,
        new_root: Hash,
    ) -> Result<(), TlogError> {
        check_sizes(old_size, new_size)?;
        let hashes = self.0.iter().copied().map(Into::into).collect();
        tlog_tiles::check_tree(&hashes, new_size, new_root.into(), old_size, old_root.into())
            .map_err(|_| TlogError::ConsistencyRefused { old_size, new_size })
    }

    /// The root of the tree of `new_size` leaves that extends the one of `old_size` with
    /// `old_root`, as the proof has it (RFC 9162 section 2.1.4.2): what a receipt must have signed.
    ///
    /// # Errors
    /// As [`ConsistencyProof::verify`].
    pub fn new_root(
        &self,
        old_size: u64,
        old_root: Hash,
        new_size: u64,
    ) -> Result<Hash, TlogError> {
        check_sizes(old_size, new_size)?;
        let refused = TlogError::ConsistencyRefused { old_size, new_size };
        if old_size == new_size {
            return if self.0.is_empty() { Ok(old_root) } else { Err(refused) };
        }
        let mut hashes = self.0.iter().copied();
        // The old tree is a node of the new one where its size is a power of two.
        let first = if old_size.is_power_of_two() { Some(old_root) } else { hashes.next() };
        let Some(first) = first else {
            return Err(refused);
        };
        let full = (old_size - 1).trailing_ones();
        let (mut place, mut last) = ((old_size - 1) >> full, (new_size - 1) >> full);
        let (mut old, mut new) = (first, first);
        for beside in hashes {
            if last == 0 {
                return Err(refused);
            }
            if place & 1 == 1 || place == last {
                old = node_hash(beside, old);
                new = node_hash(beside, new);
                let unpaired = if place == 0 { 0 } else { place.trailing_zeros() };
                (place, last) = (place >> unpaired, last >> unpaired);
            } else {
                new = node_hash(new, beside);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        if last == 0 && old == old_root { Ok(new) } else { Err(refused) }
    }
}

/// The proof that the tree of `new_size` leaves extends that of `old_size`, read in one call
/// with O(log `new_size`) nodes.
///
/// # Errors
/// [`TlogError::TreeTooLarge`], [`TlogError::OldTreeEmpty`], [`TlogError::SizesReversed`],
/// [`TlogError::NodeCount`], or the reader's own.
pub fn consistency_proof<R: NodeReader>(
    old_size: u64,
    new_size: u64,
    reader: &R,
) -> Result<ConsistencyProof, R::Error> {
    check_sizes(old_size, new_size)?;
    let reversed = TlogError::SizesReversed { old_size, new_size };
    let hashes =
        with_reader(reader, reversed, |nodes| tlog_tiles::prove_tree(new_size, old_size, nodes))?;
    Ok(ConsistencyProof(hashes.into_iter().map(Hash::from).collect()))
}

fn check_sizes(old_size: u64, new_size: u64) -> Result<(), TlogError> {
    check_size(old_size)?;
    check_size(new_size)?;
    if old_size == 0 {
        return Err(TlogError::OldTreeEmpty);
    }
    if old_size > new_size {
        return Err(TlogError::SizesReversed { old_size, new_size });
    }
    Ok(())
}
