//! The hash tree as such: the hash of a leaf, the root at a size, and the bounds on sizes.
//! It stores nothing: nodes come from a [`NodeReader`].

use super::{Hash, NodeReader, TlogError, node::with_reader};

/// The root of the tree without leaves: SHA-256 of no bytes (RFC 9162 section 2.1.1).
pub const EMPTY_ROOT: Hash = Hash::from_bytes(tlog_tiles::EMPTY_HASH.0);

/// The largest tree size, in leaves. Up to here every count of stored nodes fits an unsigned
/// and every entry number a signed 64-bit integer.
pub const MAX_TREE_SIZE: u64 = 1 << 62;

/// No proof about a tree of up to [`MAX_TREE_SIZE`] leaves has more hashes: one a level.
pub const MAX_PROOF_HASHES: usize = 64;

/// The hash of a leaf with this data: SHA-256 of a zero byte and the data
/// (RFC 9162 section 2.1.1).
///
/// ```
/// let hash = deedbook::tlog::leaf_hash(b"");
/// assert!(hash.to_string().starts_with("6e340b9cffb37a98"));
/// ```
pub fn leaf_hash(data: &[u8]) -> Hash {
    tlog_tiles::record_hash(data).into()
}

/// The hash of a node over two others: SHA-256 of a byte of one and both
/// (RFC 9162 section 2.1.1).
pub(super) fn node_hash(left: Hash, right: Hash) -> Hash {
    tlog_tiles::node_hash(left.into(), right.into()).into()
}

/// The root of the tree that the first `size` leaves form, read with at most 62 nodes.
///
/// # Errors
/// [`TlogError::TreeTooLarge`], [`TlogError::NodeCount`], or the reader's own.
pub fn root_at<R: NodeReader>(size: u64, reader: &R) -> Result<Hash, R::Error> {
    check_size(size)?;
    with_reader(reader, TlogError::TreeTooLarge { found: size }, |nodes| {
        tlog_tiles::tree_hash(size, nodes)
    })
    .map(Hash::from)
}

/// Refuses a size beyond [`MAX_TREE_SIZE`], past which the tree arithmetic overflows.
pub(super) fn check_size(size: u64) -> Result<(), TlogError> {
    if size > MAX_TREE_SIZE {
        return Err(TlogError::TreeTooLarge { found: size });
    }
    Ok(())
}

/// Takes the hashes of a proof, refusing more than [`MAX_PROOF_HASHES`]: the check of a
/// proof copies it once a level, so its length is bounded before.
pub(super) fn check_proof_length(hashes: Vec<Hash>) -> Result<Vec<Hash>, TlogError> {
    if hashes.len() > MAX_PROOF_HASHES {
        return Err(TlogError::ProofTooLong { found: hashes.len() });
    }
    Ok(hashes)
}
