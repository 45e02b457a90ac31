//! Checkpoints and proof files of a ledger. Nothing leaves here that was not verified first.

use super::{Flaw, Integrity, Ledger, LedgerError};
use crate::record::{Entry, EntryNumber};
use crate::store::{EntryRow, Reader};
use crate::tlog::{Hash, LogProof, SignedCheckpoint, TlogError, inclusion_proof, leaf_hash};

impl Ledger {
    /// The checkpoint over exactly so many entries, its signature verified; without a size the
    /// latest.
    ///
    /// # Errors
    /// [`LedgerError::NoCheckpoint`]; a checkpoint that is not of this ledger; a database that
    /// cannot be read.
    pub fn checkpoint(
        &self,
        reader: &Reader<'_>,
        size: Option<u64>,
    ) -> Result<SignedCheckpoint, LedgerError> {
        let entries = reader.size()?;
        let size = size.unwrap_or(entries);
        let note = reader.checkpoint_at(size)?;
        let note = note.ok_or(LedgerError::NoCheckpoint { size, entries })?;
        let flaw = |reason: String| Integrity::whole(Flaw::Checkpoint { size, reason });
        let checkpoint = self.verifier.verify(&note).map_err(|error| flaw(error.to_string()))?;
        if checkpoint.size != size {
            return Err(flaw(format!("is for {} entries", checkpoint.size)).into());
        }
        Ok(SignedCheckpoint { checkpoint, note })
    }

    /// The proof file of an entry (C2SP tlog-proof) under a checkpoint of this size or the latest.
    /// With the entry it holds the leaf itself as its extra data.
    ///
    /// # Errors
    /// As [`Ledger::checkpoint`]; an entry that is not below it; a tree that does not lead to it.
    pub fn log_proof(
        &self,
        reader: &Reader<'_>,
        entry: EntryNumber,
        size: Option<u64>,
        with_entry: bool,
    ) -> Result<LogProof, LedgerError> {
        let SignedCheckpoint { checkpoint, note } = self.checkpoint(reader, size)?;
        let (index, size) = (entry.get(), checkpoint.size);
        if index >= size {
            return Err(TlogError::IndexOutsideTree { index, size }.into());
        }
        let (_, data) = leaf_data(reader, entry)?;
        let path = inclusion_proof(index, size, reader)?;
        let leaf = leaf_hash(&data);
        path.verify(leaf, index, size, checkpoint.root)
            .map_err(|_| Integrity::of(index, Flaw::Node))?;
        Ok(LogProof::new(index, path, note, with_entry.then_some(data))?)
    }
}

/// A row of the log and the leaf that it makes.
pub(super) fn leaf_data(
    reader: &Reader<'_>,
    entry: EntryNumber,
) -> Result<(EntryRow, Vec<u8>), LedgerError> {
    let row = reader.entry_row(entry)?;
    let row = row.ok_or_else(|| Integrity::of(entry.get(), Flaw::Gap))?;
    let data = Entry::leaf_data(row.registered_at, &row.statement);
    Ok((row, data))
}

/// The hash of the leaf that a row makes, which must be the stored one.
pub(super) fn checked_leaf(row: &EntryRow, data: &[u8]) -> Result<Hash, LedgerError> {
    let leaf = leaf_hash(data);
    if row.nodes.first() == Some(&leaf) {
        Ok(leaf)
    } else {
        Err(Integrity::of(row.number.get(), Flaw::Node).into())
    }
}
