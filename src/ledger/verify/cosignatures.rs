//! The cosignatures: each by the witness that the row names, over the checkpoint of this tree. That
//! none was taken away cannot be told: nothing names them.

use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::{CosignatureRow, Store};
use crate::tlog::{Checkpoint, CheckpointVerifier, Cosignature, WitnessKey, root_at};
use rayon::prelude::*;

/// Cosignatures that are checked together.
const BATCH: usize = 2048;

/// Checks every one, and says how many there are.
pub(super) fn check(verifier: &CheckpointVerifier, store: &Store) -> Result<u64, LedgerError> {
    let reader = store.read()?;
    let size = reader.size()?;
    let mut count = 0;
    let mut batch: Vec<(CosignatureRow, String)> = Vec::new();
    reader.each_cosignature(|row| {
        if row.size == 0 || row.size > size {
            return Err(flawed(&row, "is of a size that the ledger does not have"));
        }
        let origin = verifier.origin().clone();
        let root = root_at(row.size, &reader)?;
        let text = Checkpoint { origin, size: row.size, root }.to_text();
        batch.push((row, text));
        count += 1;
        if batch.len() < BATCH {
            return Ok(());
        }
        check_batch(&std::mem::take(&mut batch))
    })?;
    check_batch(&batch)?;
    Ok(count)
}

fn check_batch(batch: &[(CosignatureRow, String)]) -> Result<(), LedgerError> {
    let verdicts: Vec<_> = batch.par_iter().map(|(row, text)| check_one(row, text)).collect();
    verdicts.into_iter().collect()
}

fn check_one(row: &CosignatureRow, text: &str) -> Result<(), LedgerError> {
    let cosignature = cosignature_of(row)?;
    cosignature.verify(text).map_err(|error| flawed(row, &error.to_string()))
}

/// The cosignature of a row, not verified.
pub(in crate::ledger) fn cosignature_of(row: &CosignatureRow) -> Result<Cosignature, LedgerError> {
    let witness: Result<WitnessKey, _> = row.witness.parse();
    let witness = witness.map_err(|error| flawed(row, &error.to_string()))?;
    let signature = row.signature.as_slice().try_into();
    let signature = signature.map_err(|_| flawed(row, "has a signature of another length"))?;
    Cosignature::new(witness, row.time_s, signature)
        .map_err(|error| flawed(row, &error.to_string()))
}

fn flawed(row: &CosignatureRow, reason: &str) -> LedgerError {
    let flaw = Flaw::Cosignature { size: row.size, reason: reason.to_owned() };
    Integrity::of(row.size.saturating_sub(1), flaw).into()
}
