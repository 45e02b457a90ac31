//! A bundle of up to 256 entries and the tile of their leaves: read, checked against the nodes that
//! are stored with them, and written.

use super::Directory;
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::record::Entry;
use crate::store::{LeafRow, Reader};
use crate::tlog::{Frontier, HASH_SIZE_BYTES, Hash, TILE_WIDTH, Tile, leaf_hash, push_bundled};

/// What the entries of a bundle lead to.
pub(super) enum Bundle {
    /// A full bundle: it and the tile of its leaves are written.
    Full {
        /// The root of its leaves.
        root: Hash,
        /// The nodes above it that the row of its last entry says that entry completes.
        above: Vec<u8>,
    },
    /// The last bundle, which is not full and not yet written.
    Partial {
        /// Of each entry its leaf, and the nodes that its row says it completes.
        leaves: Vec<(Hash, Vec<u8>)>,
        /// The bundle as far as it goes.
        bytes: Vec<u8>,
    },
}

impl Bundle {
    /// Reads the entries of the bundle at `index` in a log of `size` entries, and writes them where
    /// they fill it. `buffer` is emptied, and lent for the bytes.
    pub(super) fn copy(
        reader: &Reader<'_>,
        index: u64,
        size: u64,
        buffer: &mut Vec<u8>,
        directory: &Directory,
    ) -> Result<Self, LedgerError> {
        let first = index * TILE_WIDTH;
        if size - first < TILE_WIDTH {
            return Self::partial(reader, first, size);
        }
        buffer.clear();
        let mut hashes = Vec::with_capacity(TILE_WIDTH as usize * HASH_SIZE_BYTES);
        let mut frontier = Frontier::empty();
        let mut above = Vec::new();
        let mut expected = first;
        reader.leaves(first..first + TILE_WIDTH, |row| {
            let leaf = bundled(&row, expected, buffer)?;
            let completed = frontier.append(leaf)?;
            let rest = after(row.nodes, &completed);
            let is_last = expected + 1 == first + TILE_WIDTH;
            match rest {
                Some(rest) if is_last => above.extend_from_slice(rest),
                Some([]) => {}
                Some(_) | None => return Err(Integrity::of(expected, Flaw::Node).into()),
            }
            hashes.extend_from_slice(leaf.as_bytes());
            expected += 1;
            Ok::<(), LedgerError>(())
        })?;
        if frontier.size() != TILE_WIDTH {
            return Err(Integrity::of(expected, Flaw::Gap).into());
        }
        directory.write(&Tile::entries(index, TILE_WIDTH), buffer)?;
        directory.write(&Tile::hashes(0, index, TILE_WIDTH), &hashes)?;
        Ok(Self::Full { root: frontier.root(), above })
    }

    fn partial(reader: &Reader<'_>, first: u64, size: u64) -> Result<Self, LedgerError> {
        let (mut leaves, mut bytes) = (Vec::new(), Vec::new());
        let mut expected = first;
        reader.leaves(first..size, |row| {
            leaves.push((bundled(&row, expected, &mut bytes)?, row.nodes.to_vec()));
            expected += 1;
            Ok::<(), LedgerError>(())
        })?;
        Ok(Self::Partial { leaves, bytes })
    }
}

/// The leaf of an entry, which is to have this number, put into the bundle.
fn bundled(row: &LeafRow<'_>, expected: u64, bytes: &mut Vec<u8>) -> Result<Hash, LedgerError> {
    if row.number.get() != expected {
        return Err(Integrity::of(expected, Flaw::Gap).into());
    }
    let data = Entry::leaf_data(row.registered_at, row.statement);
    push_bundled(bytes, &data)?;
    Ok(leaf_hash(&data))
}

/// What follows these nodes in stored ones; nothing where they are others.
pub(super) fn after<'row>(stored: &'row [u8], nodes: &[Hash]) -> Option<&'row [u8]> {
    let (same, rest) = stored.split_at_checked(nodes.len() * HASH_SIZE_BYTES)?;
    let is_same = same.chunks(HASH_SIZE_BYTES).eq(nodes.iter().map(|node| &node.as_bytes()[..]));
    is_same.then_some(rest)
}
