//! The tiles above the leaves, which are filled as bundles come in, and the tree that they lead to.

use super::Directory;
use super::bundle::{Bundle, after};
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::Reader;
use crate::tlog::{
    Checkpoint, Frontier, HASH_SIZE_BYTES, Hash, NodeAddress, NodeReader as _, TILE_HEIGHT,
    TILE_WIDTH, Tile,
};

/// Levels of tiles in the largest tree.
const MAX_LEVELS: u8 = 8;

/// The tiles and the bundle that are being filled.
pub(super) struct Tiles {
    frontier: Frontier,
    /// The last bundle, where it is not full.
    bundle: Vec<u8>,
    /// Of each level, from the leaves up, the hashes of the tile that is not full yet.
    levels: Vec<Vec<u8>>,
}

impl Tiles {
    /// Where the tree of `start` leaves, full bundles of them, ends.
    pub(super) fn load(reader: &Reader<'_>, start: u64) -> Result<Self, LedgerError> {
        let frontier = Frontier::load(start, reader)?;
        let mut levels = vec![Vec::new()];
        for level in 1..MAX_LEVELS {
            let end = start >> (level * TILE_HEIGHT);
            let address = |index| NodeAddress { level: level * TILE_HEIGHT, index };
            let addresses: Vec<_> = (end - end % TILE_WIDTH..end).map(address).collect();
            let hashes = reader.read_nodes(&addresses)?;
            levels.push(hashes.iter().flat_map(|hash| hash.to_bytes()).collect());
        }
        Ok(Self { frontier, bundle: Vec::new(), levels })
    }

    /// How many entries were taken in.
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Takes the next bundle in, and writes the tiles that it fills.
    pub(super) fn take(
        &mut self,
        bundle: Bundle,
        directory: &Directory,
    ) -> Result<(), LedgerError> {
        match bundle {
            Bundle::Full { root, above } => self.take_full(root, &above, directory),
            Bundle::Partial { leaves, bytes } => {
                for (leaf, nodes) in leaves {
                    let number = self.frontier.size();
                    let completed = self.frontier.append(leaf)?;
                    if after(&nodes, &completed) != Some(&[]) {
                        return Err(Integrity::of(number, Flaw::Node).into());
                    }
                    self.levels.iter_mut().take(1).for_each(|leaves| push_hash(leaves, leaf));
                }
                self.bundle = bytes;
                Ok(())
            }
        }
    }

    fn take_full(
        &mut self,
        root: Hash,
        above: &[u8],
        directory: &Directory,
    ) -> Result<(), LedgerError> {
        let completed = self.frontier.append_tree(TILE_HEIGHT, root)?;
        let size = self.frontier.size();
        if after(above, completed.get(1..).unwrap_or_default()) != Some(&[]) {
            return Err(Integrity::of(size - 1, Flaw::Node).into());
        }
        for (level, hashes) in (0..).zip(&mut self.levels).skip(1) {
            // The node of this level that the bundle completes, if it completes one.
            let Some(hash) = completed.get(usize::from((level - 1) * TILE_HEIGHT)) else {
                break;
            };
            push_hash(hashes, *hash);
            if hashes.len() == TILE_WIDTH as usize * HASH_SIZE_BYTES {
                let index = (size >> (level * TILE_HEIGHT)) / TILE_WIDTH - 1;
                directory.write(&Tile::hashes(level, index, TILE_WIDTH), hashes)?;
                hashes.clear();
            }
        }
        Ok(())
    }

    /// Writes what is not full, unless it is published like that already, once the tree is found
    /// to be the one of the checkpoint.
    pub(super) fn finish(
        &self,
        old_size: u64,
        checkpoint: &Checkpoint,
        directory: &Directory,
    ) -> Result<(), LedgerError> {
        let size = self.frontier.size();
        if size != checkpoint.size || self.frontier.root() != checkpoint.root {
            let reason = "is not of this tree".to_owned();
            return Err(Integrity::whole(Flaw::Checkpoint { size, reason }).into());
        }
        if !self.bundle.is_empty() {
            let tile = Tile::entries(size / TILE_WIDTH, size % TILE_WIDTH);
            directory.write(&tile, &self.bundle)?;
        }
        for (level, hashes) in (0..).zip(&self.levels) {
            let count = size >> (level * TILE_HEIGHT);
            if !hashes.is_empty() && count != old_size >> (level * TILE_HEIGHT) {
                let tile = Tile::hashes(level, count / TILE_WIDTH, count % TILE_WIDTH);
                directory.write(&tile, hashes)?;
            }
        }
        Ok(())
    }
}

fn push_hash(hashes: &mut Vec<u8>, hash: Hash) {
    hashes.extend_from_slice(hash.as_bytes());
}
