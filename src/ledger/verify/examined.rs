//! What can be checked of an entry by itself, on all cores at once.

use crate::admission::own_key;
use crate::ledger::Flaw;
use crate::record::{
    Entry, EntryNumber, PublicKey, Record, Statement, Thumbprint, Timestamp, Verified,
};
use crate::store::EntryRow;
use crate::tlog::{Checkpoint, CheckpointVerifier, Hash, leaf_hash};
use rayon::prelude::*;
use std::collections::HashMap;

/// An entry with everything that follows from its own bytes.
pub(super) struct Examined {
    pub(super) number: u64,
    pub(super) registered_at: Timestamp,
    pub(super) signer: Option<EntryNumber>,
    pub(super) nodes: Vec<Hash>,
    pub(super) leaf: Hash,
    /// The checkpoint that it bears, its signature checked; or what is wrong with it.
    pub(super) checkpoint: Option<Result<Checkpoint, String>>,
    /// The statement, its signature checked; or what is wrong with it.
    pub(super) statement: Result<Verified, Flaw>,
}

/// An entry that is not yet checked for its signature.
pub(super) struct Decoded {
    row: EntryRow,
    leaf: Hash,
    checkpoint: Option<Result<Checkpoint, String>>,
    statement: Result<Statement, Flaw>,
}

impl Decoded {
    /// Decodes and hashes each row, and checks the signature of each checkpoint.
    pub(super) fn all(rows: Vec<EntryRow>, verifier: &CheckpointVerifier) -> Vec<Self> {
        rows.into_par_iter().map(|row| decode(row, verifier)).collect()
    }
}

/// Examines batch after batch, learning keys on the way.
#[derive(Default)]
pub(super) struct Examiner {
    /// A thumbprint names one key and no other, so that it does not matter where it was found.
    keys: HashMap<Thumbprint, PublicKey>,
}

impl Examiner {
    /// Takes note of the keys that these entries bring along.
    pub(super) fn learn(&mut self, decoded: &[Decoded]) {
        for statement in decoded.iter().filter_map(|entry| entry.statement.as_ref().ok()) {
            let key = match statement.record() {
                Record::KeyAdded(added) => Some(added.key),
                _ => own_key(statement),
            };
            self.keys.extend(key.map(|key| (key.thumbprint(), key)));
        }
    }

    /// Checks the signatures of entries whose keys, and those before, were learned.
    pub(super) fn check(&self, decoded: Vec<Decoded>) -> Vec<Examined> {
        let mut examined = Vec::with_capacity(decoded.len());
        let mut waiting = Vec::with_capacity(decoded.len());
        let mut places = Vec::with_capacity(decoded.len());
        for Decoded { row, leaf, checkpoint, statement } in decoded {
            let statement = statement.and_then(|statement| {
                let key = self.keys.get(&statement.header().kid).ok_or(Flaw::Signature)?;
                waiting.push((statement, *key));
                places.push(examined.len());
                // Stands here until the batch below has been checked.
                Err(Flaw::Signature)
            });
            examined.push(Examined {
                number: row.number.get(),
                registered_at: row.registered_at,
                signer: row.signer,
                nodes: row.nodes,
                leaf,
                checkpoint,
                statement,
            });
        }
        for (place, verdict) in places.into_iter().zip(Statement::verify_each(waiting)) {
            if let Some(entry) = examined.get_mut(place) {
                entry.statement = verdict.map_err(|_| Flaw::Signature);
            }
        }
        examined
    }
}

fn decode(mut row: EntryRow, verifier: &CheckpointVerifier) -> Decoded {
    let leaf = leaf_hash(&Entry::leaf_data(row.registered_at, &row.statement));
    // The statement keeps the bytes; here they would wait with it for the replay.
    let bytes = std::mem::take(&mut row.statement);
    let statement = Statement::decode(&bytes).map_err(Flaw::Statement).and_then(|found| {
        if found.id() != row.id {
            return Err(Flaw::Identifier);
        }
        if found.record().kind() != row.kind {
            return Err(Flaw::Column { column: "kind" });
        }
        Ok(found)
    });
    let check = |note: &String| verifier.verify(note).map_err(|error| error.to_string());
    let checkpoint = row.checkpoint.as_ref().map(check);
    Decoded { row, leaf, checkpoint, statement }
}
