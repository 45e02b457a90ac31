//! Time stamps over checkpoints: what an authority is asked, and what of its answer is kept.
//!
//! A stamp is over the SHA-256 digest of a checkpoint's note, byte for byte as the ledger signed it:
//! text, empty line and the ledger's one signature line. Never talks to an authority.

use super::{Flaw, Integrity, Ledger, LedgerError};
use crate::record::Digest;
use crate::store::{Reader, TimeStampRow};
use crate::timestamp::{Certificate, StampedTime, TimestampAnswer, TimestampError, TimestampQuery};
use sha2::{Digest as _, Sha256};
use std::ops::ControlFlow;

/// A checkpoint that is to be stamped, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedCheckpoint {
    /// The size of its tree.
    pub size: u64,
    /// The signed note: the bytes that are stamped.
    pub note: String,
}

impl StampedCheckpoint {
    /// The SHA-256 digest of the note, which a stamp is over.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.note.as_bytes()).into()
    }
}

/// A time stamp of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTimestamp {
    /// Its number among the stamps, from 0.
    pub number: u64,
    /// The size of the tree whose checkpoint is stamped.
    pub size: u64,
    /// What it certifies. Its signature holds; **who the authority is stays taken on trust**, but
    /// where the stamp was just attached.
    pub stamped: StampedTime,
    /// Whether it was attached now; always so but for an answer that was there already.
    pub is_new: bool,
}

impl Ledger {
    /// The checkpoint of the tree of this size, or the newest one.
    ///
    /// # Errors
    /// [`LedgerError::NoCheckpoint`] where no commit ended at that size; a database that cannot be
    /// read.
    pub fn stamped_checkpoint(&self, size: Option<u64>) -> Result<StampedCheckpoint, LedgerError> {
        let reader = self.store.read()?;
        let size = match size {
            Some(size) => size,
            None => reader.size()?,
        };
        let entries = reader.size()?;
        let missing = LedgerError::NoCheckpoint { size, entries };
        let note = reader.checkpoint_at(size)?.ok_or(missing)?;
        Ok(StampedCheckpoint { size, note })
    }

    /// Verifies an answer in full and keeps it. The checkpoint is the one of the given size, or is
    /// looked for by its digest, the newest first. An answer that is kept already is not kept again.
    ///
    /// The ledger must be open for writing ([`super::Access::Attach`] or [`super::Access::Append`]);
    /// its key is not needed, since the authority signs.
    ///
    /// # Errors
    /// [`LedgerError::Timestamp`] with the first thing that is wrong with the answer;
    /// [`LedgerError::NoCheckpoint`] or [`LedgerError::NotOurs`] where no checkpoint is stamped by
    /// it. Then nothing was kept.
    pub fn attach_timestamp(
        &mut self,
        answer: &[u8],
        query: Option<&TimestampQuery>,
        trusted: &[Certificate],
        size: Option<u64>,
    ) -> Result<KeptTimestamp, LedgerError> {
        let answer = TimestampAnswer::from_der(answer)?;
        let checkpoint = match size {
            Some(_) => self.stamped_checkpoint(size)?,
            None => self.checkpoint_of(answer.digest())?,
        };
        let stamped = answer.verify(&checkpoint.digest(), trusted)?;
        if let Some(query) = query {
            answer.check_answers(query)?;
        }
        let size = checkpoint.size;
        let mut writer = self.store.begin_write()?;
        let (number, is_new) = writer.add_time_stamp(size, answer.as_bytes())?;
        writer.commit()?;
        Ok(KeptTimestamp { number, size, stamped, is_new })
    }

    /// The newest checkpoint with this SHA-256 digest.
    fn checkpoint_of(&self, digest: &[u8; 32]) -> Result<StampedCheckpoint, LedgerError> {
        let mut found = None;
        self.store.read()?.checkpoints(|size, note| {
            let checkpoint = StampedCheckpoint { size, note: note.to_owned() };
            if checkpoint.digest() != *digest {
                return ControlFlow::Continue(());
            }
            found = Some(checkpoint);
            ControlFlow::Break(())
        })?;
        found.ok_or(LedgerError::NotOurs { digest: *digest })
    }

    /// Every time stamp, in the order in which they were attached, each checked as `verify` does.
    ///
    /// # Errors
    /// [`Flaw::Timestamp`] for a stamp that is not what was attached.
    pub fn timestamps(&self) -> Result<Vec<KeptTimestamp>, LedgerError> {
        let mut kept = Vec::new();
        check_all(&self.store.read()?, |stamp| kept.push(stamp))?;
        Ok(kept)
    }

    /// A time stamp by its number, or the last one: the answer as the authority gave it, and the
    /// checkpoint that it is over.
    ///
    /// # Errors
    /// [`LedgerError::NoTimestamp`], or [`Flaw::Timestamp`] for one that is not what was attached.
    pub fn timestamp(
        &self,
        number: Option<u64>,
    ) -> Result<(KeptTimestamp, Vec<u8>, StampedCheckpoint), LedgerError> {
        let reader = self.store.read()?;
        let number = match number {
            Some(number) => number,
            None => reader.time_stamp_count()?.saturating_sub(1),
        };
        let row = reader.time_stamp(number)?.ok_or(LedgerError::NoTimestamp { number })?;
        let (kept, checkpoint) = check(&reader, number, &row)?;
        Ok((kept, row.answer, checkpoint))
    }
}

/// Checks every stamp as far as no certificate needs to be trusted: that none is missing between
/// the first and the last, that each is the answer that was attached, over the checkpoint that it
/// stands with, and well signed.
pub(super) fn check_all(
    reader: &Reader<'_>,
    mut each: impl FnMut(KeptTimestamp),
) -> Result<(), LedgerError> {
    let mut number = 0;
    reader.time_stamps(|row| {
        let (kept, _) = check(reader, number, &row)?;
        each(kept);
        number += 1;
        Ok(())
    })
}

fn check(
    reader: &Reader<'_>,
    number: u64,
    row: &TimeStampRow,
) -> Result<(KeptTimestamp, StampedCheckpoint), LedgerError> {
    let size = row.size;
    let flaw =
        |reason: String| LedgerError::from(Integrity::whole(Flaw::Timestamp { number, reason }));
    if row.number != number {
        return Err(flaw("is missing".to_owned()));
    }
    if Digest::of(&row.answer) != row.digest {
        return Err(flaw("is not what its digest says".to_owned()));
    }
    let Some(note) = reader.checkpoint_at(size)? else {
        return Err(flaw(format!("is over a checkpoint at size {size}, which is not there")));
    };
    let checkpoint = StampedCheckpoint { size, note };
    let wrong = |error: TimestampError| flaw(format!("does not hold: {error}"));
    let answer = TimestampAnswer::from_der(&row.answer).map_err(wrong)?;
    let stamped = answer.verify_signature(&checkpoint.digest()).map_err(wrong)?;
    Ok((KeptTimestamp { number, size, stamped, is_new: false }, checkpoint))
}
