//! The replay: entry after entry through admission, into a fresh view.

use super::Verification;
use super::checkpoints::Checkpoints;
use super::examined::Examined;
use super::tables::Tables;
use crate::admission::{AdmitError, MemoryView, Outcome, admit};
use crate::ledger::{Flaw, Integrity, LedgerError};
use crate::record::{Digest, EntryNumber, Timestamp};
use crate::store::Reader;
use crate::tlog::{Checkpoint, Frontier};

/// The state of a replay.
pub(super) struct Replay<'a, 'scope> {
    view: MemoryView,
    frontier: Frontier,
    last: Option<Timestamp>,
    checkpoints: Checkpoints,
    tables: &'a mut Tables<'scope>,
    head: Option<Checkpoint>,
    taken: u64,
}

impl<'a, 'scope> Replay<'a, 'scope> {
    /// Begins with the texts, which entries name by digest and which are checked first.
    pub(super) fn start(
        head: Option<Checkpoint>,
        reader: &Reader<'_>,
        tables: &'a mut Tables<'scope>,
    ) -> Result<Self, LedgerError> {
        let mut view = MemoryView::new();
        reader.documents(|digest, text| {
            if Digest::of(text.as_bytes()) != digest {
                let digest = digest.to_string();
                return Err(LedgerError::from(Integrity::whole(Flaw::Document { digest })));
            }
            view.add_document(digest);
            Ok(())
        })?;
        let (frontier, checkpoints) = (Frontier::empty(), Checkpoints::default());
        Ok(Self { view, frontier, last: None, checkpoints, tables, head, taken: 0 })
    }

    /// How many entries were replayed without a flaw.
    pub(super) const fn size(&self) -> u64 {
        self.taken
    }

    /// The next entry.
    pub(super) fn take(&mut self, entry: &Examined) -> Result<(), LedgerError> {
        let number = self.frontier.size();
        let flawed = |flaw| LedgerError::from(Integrity::of(number, flaw));
        if entry.number != number {
            return Err(flawed(Flaw::Gap));
        }
        if let Some(last) = self.last.replace(entry.registered_at) {
            if entry.registered_at < last {
                return Err(flawed(Flaw::TimeOrder));
            }
            if entry.registered_at > last {
                self.checkpoints.expect(number)?;
            }
        }
        let verified = entry.statement.as_ref().map_err(|flaw| flawed(flaw.clone()))?;
        if self.frontier.append(entry.leaf)? != entry.nodes {
            return Err(flawed(Flaw::Node));
        }
        let place = EntryNumber::new(number);
        let admission = match admit(verified, place, entry.registered_at, &self.view) {
            Ok(Outcome::Admitted(admission)) => admission,
            Ok(Outcome::AlreadyRecorded(earlier)) => return Err(flawed(Flaw::Repeated(earlier))),
            Err(AdmitError::Refused(refusal)) => return Err(flawed(Flaw::NotAdmissible(refusal))),
            Err(AdmitError::View(error)) => return Err(flawed(Flaw::Replay(error))),
        };
        if admission.signer != entry.signer {
            return Err(flawed(Flaw::Column { column: "signer" }));
        }
        let applied = self.view.apply(verified.statement(), entry.registered_at, &admission);
        applied.map_err(|error| flawed(Flaw::Replay(error)))?;
        self.tables.expect(number, admission.effects);
        self.taken += 1;
        self.checkpoints.reached(&self.frontier, entry.checkpoint.as_ref())?;
        self.check_head()
    }

    /// The tree must pass through what the head file has seen.
    fn check_head(&self) -> Result<(), LedgerError> {
        match &self.head {
            Some(head)
                if head.size == self.frontier.size() && head.root != self.frontier.root() =>
            {
                Err(Integrity::whole(Flaw::Forked { size: head.size }).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Everything must have been seen, and nothing more be there.
    pub(super) fn finish(self, size: u64) -> Result<Verification, LedgerError> {
        let entries = self.frontier.size();
        if entries != size {
            return Err(Integrity::of(entries, Flaw::Gap).into());
        }
        if let Some(head) = &self.head
            && head.size > entries
        {
            return Err(
                Integrity::whole(Flaw::RolledBack { found: entries, needed: head.size }).into()
            );
        }
        let checkpoints = self.checkpoints.finish(size)?;
        Ok(Verification { entries, root: self.frontier.root(), checkpoints, cosignatures: 0 })
    }
}
