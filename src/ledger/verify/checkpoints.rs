//! The checkpoints: signed by the ledger, of the tree as it was when a commit ended.

use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::tlog::{Checkpoint, Frontier};

/// The checkpoints that the replay has passed.
#[derive(Default)]
pub(super) struct Checkpoints {
    count: u64,
    last: u64,
}

impl Checkpoints {
    /// The tree has grown by an entry, which bears this checkpoint or none.
    pub(super) fn reached(
        &mut self,
        frontier: &Frontier,
        checkpoint: Option<&Result<Checkpoint, String>>,
    ) -> Result<(), LedgerError> {
        let size = frontier.size();
        let flawed = |reason: String| {
            let flaw = Flaw::Checkpoint { size, reason };
            LedgerError::from(Integrity::of(size.saturating_sub(1), flaw))
        };
        let Some(checkpoint) = checkpoint else {
            return Ok(());
        };
        let checkpoint = checkpoint.as_ref().map_err(|reason| flawed(reason.clone()))?;
        if checkpoint.size != size {
            return Err(flawed(format!("is for {} entries", checkpoint.size)));
        }
        if checkpoint.root != frontier.root() {
            return Err(flawed("is not of this tree".to_owned()));
        }
        self.count += 1;
        self.last = size;
        Ok(())
    }

    /// Entries of one commit are registered at one moment. Where time moves on a commit ended, and
    /// left a checkpoint over all entries before.
    pub(super) fn expect(&self, size: u64) -> Result<(), LedgerError> {
        if self.last == size {
            return Ok(());
        }
        let flaw = Flaw::Checkpoint { size, reason: "is missing".to_owned() };
        Err(Integrity::of(size.saturating_sub(1), flaw).into())
    }

    /// The last checkpoint must be of the whole tree. Says how many there were.
    pub(super) fn finish(self, size: u64) -> Result<u64, LedgerError> {
        if self.last != size {
            let flaw = Flaw::Checkpoint { size, reason: "is missing".to_owned() };
            return Err(Integrity::whole(flaw).into());
        }
        Ok(self.count)
    }
}
