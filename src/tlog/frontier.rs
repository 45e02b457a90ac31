//! The right edge of a tree in memory, which is all that appending needs.
//! It keeps O(log n) hashes and never the leaves.

use super::node::read_exactly;
use super::tree::check_size;
use super::{EMPTY_ROOT, Hash, MAX_TREE_SIZE, NodeAddress, NodeReader, TlogError};

/// The roots of the perfect subtrees that make up a tree, largest first: one for each bit
/// set in its size.
///
/// ```
/// use deedbook::tlog::{EMPTY_ROOT, Frontier, leaf_hash};
///
/// let mut frontier = Frontier::empty();
/// assert_eq!(frontier.root(), EMPTY_ROOT);
/// assert_eq!(frontier.append(leaf_hash(b"one"))?, [leaf_hash(b"one")]);
/// // The second leaf also completes the tree of two.
/// let completed = frontier.append(leaf_hash(b"two"))?;
/// assert_eq!(completed, [leaf_hash(b"two"), frontier.root()]);
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the tree without leaves.
    pub fn empty() -> Self {
        Self { size: 0, roots: Vec::new() }
    }

    /// The frontier of the tree of `size` leaves, read with one node for each bit set in
    /// `size`. What was read is not proved: compare [`Frontier::root`] with a signed one.
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`], [`TlogError::NodeCount`], or the reader's own.
    pub fn load<R: NodeReader>(size: u64, reader: &R) -> Result<Self, R::Error> {
        check_size(size)?;
        let addresses: Vec<_> = tlog_tiles::sub_tree_index(0, size, Vec::new())
            .into_iter()
            .map(NodeAddress::from_stored_index)
            .collect();
        let roots = read_exactly(reader, &addresses)?;
        Ok(Self { size, roots })
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 9162 section 2.1.1).
    pub fn root(&self) -> Hash {
        self.roots
            .iter()
            .copied()
            .map(tlog_tiles::Hash::from)
            .rev()
            .reduce(|right, left| tlog_tiles::node_hash(left, right))
            .map_or(EMPTY_ROOT, Hash::from)
    }

    /// Adds a leaf by its [hash](super::leaf_hash) and answers with the nodes that it
    /// completes, in order of level, the leaf first: what the entry is to hold
    /// (see [`NodeAddress`]).
    ///
    /// # Errors
    /// [`TlogError::TreeTooLarge`] where the tree is full; it is then unchanged.
    pub fn append(&mut self, leaf: Hash) -> Result<Vec<Hash>, TlogError> {
        self.append_tree(0, leaf)
    }

    /// Adds a whole tree of 2^`height` leaves by its root, and answers with the nodes that it
    /// completes from that height up, its root first.
    ///
    /// ```
    /// use deedbook::tlog::{Frontier, leaf_hash};
    ///
    /// let (mut one_by_one, mut at_once) = (Frontier::empty(), Frontier::empty());
    /// for leaf in [b"a", b"b", b"c", b"d"] {
    ///     one_by_one.append(leaf_hash(leaf))?;
    /// }
    /// assert_eq!(at_once.append_tree(2, one_by_one.root())?, [one_by_one.root()]);
    /// assert_eq!(at_once, one_by_one);
    /// # Ok::<(), deedbook::tlog::TlogError>(())
    /// ```
    ///
    /// # Errors
    /// [`TlogError::Misplaced`] where the tree before it is not a whole number of such trees;
    /// [`TlogError::TreeTooLarge`]. It is then unchanged.
    pub fn append_tree(&mut self, height: u8, root: Hash) -> Result<Vec<Hash>, TlogError> {
        let added = 1_u64.checked_shl(height.into()).unwrap_or(u64::MAX);
        let found = self.size.saturating_add(added);
        if found > MAX_TREE_SIZE {
            return Err(TlogError::TreeTooLarge { found });
        }
        if !self.size.is_multiple_of(added) {
            return Err(TlogError::Misplaced { size: self.size, height });
        }
        // Above its root the tree is one in which every tree of this height is a leaf.
        let completed: Vec<Hash> = tlog_tiles::stored_hashes_for_record_hash(
            self.size >> height,
            root.into(),
            &Edge(&self.roots),
        )
        .map_err(|_| TlogError::TreeTooLarge { found })?
        .into_iter()
        .map(Hash::from)
        .collect();
        // The root joined with one root for each node above it; the highest takes their place.
        let joined = completed.len().saturating_sub(1);
        self.roots.truncate(self.roots.len().saturating_sub(joined));
        self.roots.extend(completed.last());
        self.size = found;
        Ok(completed)
    }
}

/// The smallest of a frontier's roots: exactly the nodes, in the order of the tree library,
/// that a new leaf joins with.
struct Edge<'a>(&'a [Hash]);

impl tlog_tiles::HashReader for Edge<'_> {
    fn read_hashes(
        &self,
        stored_indexes: &[u64],
    ) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::tlog::Error> {
        let skipped = self.0.len().checked_sub(stored_indexes.len());
        let nodes = skipped.and_then(|skipped| self.0.get(skipped..));
        let nodes = nodes.ok_or(tlog_tiles::tlog::Error::IndexesNotInTree)?;
        Ok(nodes.iter().copied().map(Into::into).collect())
    }
}
