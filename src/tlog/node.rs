//! Where the nodes of the tree are kept, and how they are read back.
//! It never says how they are stored.

use std::cell::Cell;

use super::{Hash, TlogError};

/// The place of a perfect subtree's root: the `index`-th, from 0, of those with `2^level`
/// leaves.
///
/// A node is kept with the entry whose leaf completes it: entry `n` holds its leaf hash and
/// then the root of every perfect subtree that ends with it, `n.trailing_ones() + 1` hashes
/// in order of level.
///
/// ```
/// use deedbook::tlog::NodeAddress;
///
/// // Leaves 4 to 7 are the second four; leaf 7 completes them.
/// let address = NodeAddress { level: 2, index: 1 };
/// assert_eq!((address.entry(), address.position()), (7, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeAddress {
    /// Height over the leaves: a leaf is at level 0.
    pub level: u8,
    /// Place among the nodes of that level, from 0.
    pub index: u64,
}

impl NodeAddress {
    /// The number of the entry that holds the node: the last leaf under it, from 0.
    /// [`u64::MAX`], which is no entry, where that number is beyond 64 bits.
    pub fn entry(&self) -> u64 {
        if self.level > 63 {
            return u64::MAX;
        }
        let end = (u128::from(self.index) + 1) << self.level;
        u64::try_from(end - 1).unwrap_or(u64::MAX)
    }

    /// The position of the node among the hashes that its entry holds, from 0.
    pub fn position(&self) -> usize {
        usize::from(self.level)
    }

    /// The address of the node at this place of the order in which nodes come to be.
    pub(super) fn from_stored_index(stored_index: u64) -> Self {
        let (level, index) = tlog_tiles::split_stored_hash_index(stored_index);
        Self { level, index }
    }
}

/// Something that keeps the nodes of a tree. Reads of one root or proof come in one call.
///
/// ```
/// use deedbook::tlog::{Frontier, Hash, NodeAddress, NodeReader, TlogError, leaf_hash, root_at};
///
/// struct Rows(Vec<Vec<Hash>>);
///
/// impl NodeReader for Rows {
///     type Error = TlogError;
///
///     fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, TlogError> {
///         let read = |address: &NodeAddress| {
///             let row = self.0.get(usize::try_from(address.entry()).ok()?)?;
///             row.get(address.position()).copied()
///         };
///         addresses
///             .iter()
///             .map(|address| read(address).ok_or(TlogError::NodeMissing { address: *address }))
///             .collect()
///     }
/// }
///
/// let mut frontier = Frontier::empty();
/// let mut rows = Rows(Vec::new());
/// for data in ["one", "two", "three"] {
///     rows.0.push(frontier.append(leaf_hash(data.as_bytes()))?);
/// }
/// assert_eq!(root_at(3, &rows)?, frontier.root());
/// # Ok::<(), TlogError>(())
/// ```
pub trait NodeReader {
    /// Why nodes could not be read. It takes in [`TlogError`], so that whoever reads through
    /// it meets one error type.
    type Error: From<TlogError>;

    /// The nodes at these addresses, in that order.
    ///
    /// # Errors
    /// Where a node cannot be read or is not there; a wrong number of nodes is found out
    /// by the caller.
    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, Self::Error>;
}

/// The nodes at these addresses, and never another number of them.
pub(super) fn read_exactly<R: NodeReader>(
    reader: &R,
    addresses: &[NodeAddress],
) -> Result<Vec<Hash>, R::Error> {
    let hashes = reader.read_nodes(addresses)?;
    if hashes.len() != addresses.len() {
        return Err(R::Error::from(TlogError::NodeCount {
            found: hashes.len(),
            wanted: addresses.len(),
        }));
    }
    Ok(hashes)
}

/// Runs tree arithmetic over a reader. Its failure is the reader's, unchanged; without one
/// the arithmetic itself refused its input, which is `otherwise`.
pub(super) fn with_reader<'a, R: NodeReader, T>(
    reader: &'a R,
    otherwise: TlogError,
    run: impl FnOnce(&StoredNodes<'a, R>) -> Result<T, tlog_tiles::tlog::Error>,
) -> Result<T, R::Error> {
    let nodes = StoredNodes { reader, failure: Cell::new(None) };
    run(&nodes).map_err(|_| nodes.failure.take().unwrap_or_else(|| R::Error::from(otherwise)))
}

/// A [`NodeReader`] in the terms of the tree library, keeping the reader's own error, which
/// the library has no place for.
pub(super) struct StoredNodes<'a, R: NodeReader> {
    reader: &'a R,
    failure: Cell<Option<R::Error>>,
}

impl<R: NodeReader> tlog_tiles::HashReader for StoredNodes<'_, R> {
    fn read_hashes(
        &self,
        stored_indexes: &[u64],
    ) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::tlog::Error> {
        let addresses: Vec<_> = stored_indexes
            .iter()
            .map(|stored_index| NodeAddress::from_stored_index(*stored_index))
            .collect();
        match read_exactly(self.reader, &addresses) {
            Ok(hashes) => Ok(hashes.into_iter().map(Into::into).collect()),
            Err(failure) => {
                self.failure.set(Some(failure));
                Err(tlog_tiles::tlog::Error::IndexesNotInTree)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_the_nodes_that_its_leaf_completes() {
        let mut stored_index = 0;
        for entry in 0_u64..300 {
            for level in 0..=entry.trailing_ones() {
                let address = NodeAddress::from_stored_index(stored_index);
                assert_eq!(address.entry(), entry);
                assert_eq!(address.position(), level as usize);
                assert_eq!((address.index + 1) << level, entry + 1);
                stored_index += 1;
            }
        }
    }

    #[test]
    fn an_address_beyond_64_bits_names_no_entry() {
        let entry = |level, index| NodeAddress { level, index }.entry();
        assert_eq!(entry(0, 0), 0);
        assert_eq!(entry(62, 0), (1 << 62) - 1);
        assert_eq!(entry(63, 0), (1 << 63) - 1);
        assert_eq!(entry(1, (1 << 63) - 2), u64::MAX - 2);
        for (level, index) in [
            (0, u64::MAX),
            (1, u64::MAX),
            (63, u64::MAX),
            (64, 0),
            (64, u64::MAX),
            (127, u64::MAX),
            (255, 7),
        ] {
            assert_eq!(entry(level, index), u64::MAX, "level {level} index {index}");
        }
    }
}
