//! Which heads of the log others saw: for each entry the first one that covers it and that a witness
//! cosigned, and the first one that an authority stamped.

use super::GatherError;
use crate::evidence::{DraftCheckpoint, DraftEarlier};
use crate::ledger::verify::cosignature_of;
use crate::store::{Reader, StoreError};
use crate::tlog::consistency_proof;
use std::collections::BTreeSet;

/// Earlier heads that one bundle has: enough for years of a work, and few beside its entries.
const MAX_EARLIER: usize = 1000;

/// The head, and the earlier heads that show since when at the latest these entries exist, which
/// come in order.
pub(super) fn checkpoints(
    reader: &Reader<'_>,
    size: u64,
    numbers: impl Iterator<Item = u64>,
) -> Result<(DraftCheckpoint, Vec<DraftEarlier>), GatherError> {
    let (mut cosigned, mut stamped) = (Some(0), Some(0));
    let mut sizes = BTreeSet::new();
    for number in numbers {
        if cosigned.is_some_and(|size| size <= number) {
            cosigned = reader.next_cosigned(number)?;
        }
        if stamped.is_some_and(|size| size <= number) {
            stamped = reader.next_stamped(number)?;
        }
        sizes.extend([cosigned, stamped].into_iter().flatten());
    }
    let mut earlier = Vec::new();
    for old_size in sizes.into_iter().filter(|seen| *seen < size).take(MAX_EARLIER) {
        let proof = consistency_proof(old_size, size, reader)?;
        earlier.push(DraftEarlier { checkpoint: checkpoint(reader, old_size)?, proof });
    }
    Ok((checkpoint(reader, size)?, earlier))
}

/// The head of this size, with what others say of it.
fn checkpoint(reader: &Reader<'_>, size: u64) -> Result<DraftCheckpoint, GatherError> {
    let missing = || StoreError::Corrupt { reason: format!("the checkpoint at {size} is missing") };
    let note = reader.checkpoint_at(size)?.ok_or_else(missing)?;
    let cosignatures = reader.cosignatures(size)?;
    let read = |row| cosignature_of(row).map_err(|_| GatherError::Cosignature { size });
    let cosignatures = cosignatures.iter().map(read).collect::<Result<_, _>>()?;
    let time_stamps = reader.time_stamps_of(size)?.into_iter().map(|row| row.answer).collect();
    Ok(DraftCheckpoint { note, cosignatures, time_stamps })
}
