//! The checkpoints: signed by the ledger, of the tree as it was at their size.

use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::store::Reader;
use crate::tlog::{Checkpoint, CheckpointVerifier, Frontier};
use rayon::prelude::*;
use std::collections::VecDeque;

/// Checkpoints that are read and checked at once.
const BATCH_CHECKPOINTS: usize = 4096;

/// The checkpoints that the replay has yet to reach.
pub(super) struct Checkpoints {
    waiting: VecDeque<(u64, Checkpoint)>,
    count: u64,
    last: u64,
}

impl Checkpoints {
    /// Reads all checkpoints, checking their signatures on all cores, batch by batch.
    pub(super) fn load(
        reader: &Reader<'_>,
        verifier: CheckpointVerifier,
    ) -> Result<Self, LedgerError> {
        let mut waiting = VecDeque::new();
        let mut notes = Vec::with_capacity(BATCH_CHECKPOINTS);
        let mut check = |notes: &mut Vec<(u64, String)>| -> Result<(), LedgerError> {
            let checked: Result<Vec<_>, Box<Integrity>> =
                notes.par_drain(..).map(|(size, note)| check_one(&verifier, size, &note)).collect();
            waiting.extend(checked?);
            Ok(())
        };
        reader.checkpoints(|size, note| {
            notes.push((size, note.to_owned()));
            if notes.len() < BATCH_CHECKPOINTS { Ok(()) } else { check(&mut notes) }
        })?;
        check(&mut notes)?;
        Ok(Self { count: waiting.len() as u64, waiting, last: 0 })
    }

    /// The tree has grown by an entry.
    pub(super) fn reached(&mut self, frontier: &Frontier) -> Result<(), LedgerError> {
        let size = frontier.size();
        match self.waiting.front() {
            Some((next, checkpoint)) if *next == size => {
                if checkpoint.root != frontier.root() {
                    let reason = "is not of this tree".to_owned();
                    let flaw = Flaw::Checkpoint { size, reason };
                    return Err(Integrity::of(size.saturating_sub(1), flaw).into());
                }
                self.last = size;
                self.waiting.pop_front();
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Entries of one commit are registered at one moment. Where time moves on a commit ended, and
    /// left a checkpoint over all entries before.
    pub(super) fn expect(&self, size: u64) -> Result<(), LedgerError> {
        if self.last == size {
            return Ok(());
        }
        let reason = "is missing".to_owned();
        let flaw = Flaw::Checkpoint { size, reason };
        Err(Integrity::of(size.saturating_sub(1), flaw).into())
    }

    /// The last checkpoint must be of the whole tree. Says how many there were.
    pub(super) fn finish(self, size: u64) -> Result<u64, LedgerError> {
        if self.last != size || !self.waiting.is_empty() {
            let flaw = Flaw::Checkpoint { size, reason: "is missing or not the last".to_owned() };
            return Err(Integrity::whole(flaw).into());
        }
        Ok(self.count)
    }
}

fn check_one(
    verifier: &CheckpointVerifier,
    size: u64,
    note: &str,
) -> Result<(u64, Checkpoint), Box<Integrity>> {
    let flaw = |reason| Integrity::whole(Flaw::Checkpoint { size, reason });
    let checkpoint = verifier.verify(note).map_err(|error| flaw(error.to_string()))?;
    if checkpoint.size != size {
        return Err(flaw(format!("is for {} entries", checkpoint.size)));
    }
    Ok((size, checkpoint))
}
