//! Appending: statements in, entries out; all of them or none.

use super::{Ledger, LedgerError};
use crate::admission::{AdmitError, Outcome, admit, own_key, signing_key};
use crate::record::{
    Digest, Entry, EntryNumber, PublicKey, Record, RecordId, Statement, Timestamp, Verified,
};
use crate::store::{EntryRow, StoreError, Writer};
use crate::tlog::{Frontier, leaf_hash};
use crate::vault::VaultError;
use rayon::prelude::*;

/// How far the clock may stand behind the last entry without being refused: writers on one machine
/// take turns within this time, and clocks are corrected by less.
const CLOCK_SLACK_MS: i64 = 2000;

/// Keys that are remembered between submissions; each takes some hundred bytes.
const MAX_KNOWN_KEYS: usize = 65_536;

/// Statements that are worth sharing among cores.
const LEAST_SHARED: usize = 64;

/// Statements to append together, with the texts that they name.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The statements, in order.
    pub statements: Vec<Vec<u8>>,
    /// Texts that terms among them name by digest.
    pub documents: Vec<String>,
}

impl From<Vec<Vec<u8>>> for Submission {
    fn from(statements: Vec<Vec<u8>>) -> Self {
        Self { statements, documents: Vec::new() }
    }
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its entry.
    pub entry: EntryNumber,
    /// Its identifier; that of the earlier statement where the same fact was recorded already.
    pub id: RecordId,
    /// When the ledger took it in.
    pub registered_at: Timestamp,
    /// Whether it was added now.
    pub is_new: bool,
}

impl Ledger {
    /// Appends statements in one transaction. When this returns, they are on disk and covered by a
    /// signed checkpoint. A statement that is recorded already answers with its entry.
    ///
    /// # Errors
    /// The first statement that is malformed, does not verify or breaks a rule; then none is
    /// appended.
    pub fn submit(&mut self, submission: Submission) -> Result<Vec<Recorded>, LedgerError> {
        self.submit_keeping(submission, |_| Ok(()))
    }

    /// As [`Ledger::submit`], and has what opens the commitments of the statements put away: `keep` is
    /// told where each of them will stand once all are admitted, and before anything lasts. So nothing
    /// is kept of what is refused, and nothing is appended whose openings could not be kept. It is not
    /// called where nothing is new.
    ///
    /// # Errors
    /// As [`Ledger::submit`], and what `keep` answers with; then nothing is appended.
    pub fn submit_keeping(
        &mut self,
        submission: Submission,
        keep: impl FnOnce(&[Recorded]) -> Result<(), VaultError>,
    ) -> Result<Vec<Recorded>, LedgerError> {
        let decoded = decode(&submission.statements)?;
        let keys = self.resolve_keys(&decoded)?;
        let verified = verify(decoded, keys)?;
        self.append(&verified, &submission.documents, keep)
    }

    /// Does what [`Ledger::submit`] does, and takes it back: whether the statements would be taken in.
    ///
    /// # Errors
    /// As [`Ledger::submit`].
    pub fn rehearse(&mut self, submission: &Submission) -> Result<Vec<Recorded>, LedgerError> {
        let decoded = decode(&submission.statements)?;
        let keys = self.resolve_keys(&decoded)?;
        let verified = verify(decoded, keys)?;
        let mut writer = self.store.begin_write()?;
        let mut frontier = Frontier::load(writer.head(), &*writer)?;
        let registered_at = registration_time(self.clock.now(), writer.last_registered_at())?;
        for text in &submission.documents {
            writer.add_document(&Digest::of(text.as_bytes()), text)?;
        }
        let mut recorded = Vec::with_capacity(verified.len());
        for (position, statement) in verified.iter().enumerate() {
            recorded.push(take_in(&mut writer, &mut frontier, position, statement, registered_at)?);
        }
        Ok(recorded)
    }

    /// Appends many statements, a transaction for each batch: while one batch is written, the
    /// signatures of the next are checked, and the one after it is decoded. Batches before a
    /// refused one stay appended.
    ///
    /// # Errors
    /// As [`Ledger::submit`], for the first batch that is refused.
    pub fn submit_batches(
        &mut self,
        batches: impl IntoIterator<Item = Vec<Vec<u8>>>,
        mut recorded: impl FnMut(&[Recorded]),
    ) -> Result<(), LedgerError> {
        let mut batches = batches.into_iter();
        let mut decoded: Option<Result<Vec<Statement>, LedgerError>> = None;
        let mut verified: Option<Vec<Verified>> = None;
        loop {
            let batch = batches.next();
            if batch.is_none() && decoded.is_none() && verified.is_none() {
                return Ok(());
            }
            let keyed = decoded.take().map(|decoded| self.keyed(decoded?)).transpose();
            std::thread::scope(|scope| {
                let decoding = batch.map(|batch| scope.spawn(move || decode(&batch)));
                let verifying = keyed
                    .map(|keyed| keyed.map(|(batch, keys)| scope.spawn(|| verify(batch, keys))));
                // The batch before is good, whatever becomes of the ones behind it.
                if let Some(batch) = verified.take() {
                    recorded(&self.append(&batch, &[], |_| Ok(()))?);
                }
                verified = verifying?.map(join).transpose()?;
                decoded = decoding.map(join);
                Ok::<(), LedgerError>(())
            })?;
        }
    }

    fn keyed(
        &mut self,
        statements: Vec<Statement>,
    ) -> Result<(Vec<Statement>, Vec<PublicKey>), LedgerError> {
        let keys = self.resolve_keys(&statements)?;
        Ok((statements, keys))
    }

    /// The key of each statement. A thumbprint names one key and no other, so that it does not
    /// matter where the key is found: in the ledger, or in the batch itself.
    fn resolve_keys(&mut self, statements: &[Statement]) -> Result<Vec<PublicKey>, LedgerError> {
        if self.known_keys.len() > MAX_KNOWN_KEYS {
            self.known_keys.clear();
        }
        for statement in statements {
            let key = match statement.record() {
                Record::KeyAdded(added) => Some(added.key),
                _ => own_key(statement),
            };
            self.known_keys.extend(key.map(|key| (key.thumbprint(), key)));
        }
        let mut keys = Vec::with_capacity(statements.len());
        for (position, statement) in statements.iter().enumerate() {
            let kid = statement.header().kid;
            let key = match self.known_keys.get(&kid) {
                Some(key) => *key,
                None => signing_key(statement, &self.store.read()?)
                    .map_err(|error| at(position, error))?,
            };
            self.known_keys.insert(kid, key);
            keys.push(key);
        }
        Ok(keys)
    }

    fn append(
        &mut self,
        statements: &[Verified],
        documents: &[String],
        keep: impl FnOnce(&[Recorded]) -> Result<(), VaultError>,
    ) -> Result<Vec<Recorded>, LedgerError> {
        let signer = self.signer.as_ref().ok_or(LedgerError::NoLedgerKey)?;
        let mut writer = self.store.begin_write()?;
        if self.frontier.size() != writer.head() {
            self.frontier = Frontier::load(writer.head(), &*writer)?;
        }
        let mut frontier = self.frontier.clone();
        let registered_at = registration_time(self.clock.now(), writer.last_registered_at())?;
        for text in documents {
            writer.add_document(&Digest::of(text.as_bytes()), text)?;
        }
        let mut recorded = Vec::with_capacity(statements.len());
        for (position, statement) in statements.iter().enumerate() {
            recorded.push(take_in(&mut writer, &mut frontier, position, statement, registered_at)?);
        }
        if frontier.size() == self.frontier.size() {
            return Ok(recorded);
        }
        keep(&recorded)?;
        let checkpoint = signer.sign(frontier.size(), frontier.root())?;
        writer.add_checkpoint(&checkpoint.note)?;
        writer.commit()?;
        let size = frontier.size();
        self.frontier = frontier;
        let written = self.head_file.write(&checkpoint.note, size, &self.verifier);
        written.map_err(|error| LedgerError::HeadBehind {
            last: size.saturating_sub(1),
            reason: error.to_string(),
        })?;
        Ok(recorded)
    }
}

/// The result of a thread, or its panic carried on.
pub(super) fn join<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn decode(statements: &[Vec<u8>]) -> Result<Vec<Statement>, LedgerError> {
    let one = |(position, bytes): (usize, &Vec<u8>)| {
        Statement::decode(bytes).map_err(|error| LedgerError::Record { position, error })
    };
    if statements.len() < LEAST_SHARED {
        // Other threads would cost more to wake than they save.
        return statements.iter().enumerate().map(one).collect();
    }
    statements.par_iter().enumerate().map(one).collect()
}

fn verify(statements: Vec<Statement>, keys: Vec<PublicKey>) -> Result<Vec<Verified>, LedgerError> {
    let pairs = statements.into_iter().zip(keys).collect();
    Statement::verify_batch(pairs)
        .map_err(|(position, error)| LedgerError::Record { position, error })
}

pub(super) fn at(position: usize, error: AdmitError<StoreError>) -> LedgerError {
    match error {
        AdmitError::Refused(refusal) => LedgerError::Refused { position, refusal },
        AdmitError::View(error) => error.into(),
    }
}

pub(super) fn registration_time(
    now: Timestamp,
    last: Option<Timestamp>,
) -> Result<Timestamp, LedgerError> {
    match last {
        Some(last) if now < last => {
            if last.as_millis() - now.as_millis() > CLOCK_SLACK_MS {
                return Err(LedgerError::ClockBehind { now, last });
            }
            Ok(last)
        }
        Some(_) | None => Ok(now),
    }
}

pub(super) fn take_in(
    writer: &mut Writer<'_>,
    frontier: &mut Frontier,
    position: usize,
    verified: &Verified,
    registered_at: Timestamp,
) -> Result<Recorded, LedgerError> {
    let number = EntryNumber::new(frontier.size());
    let outcome =
        admit(verified, number, registered_at, &**writer).map_err(|error| at(position, error))?;
    let admission = match outcome {
        Outcome::Admitted(admission) => admission,
        Outcome::AlreadyRecorded(entry) => return already(writer, entry),
    };
    let statement = verified.statement();
    let leaf = leaf_hash(&Entry::leaf_data(registered_at, statement.as_bytes()));
    writer.append(&EntryRow {
        number,
        registered_at,
        id: statement.id(),
        kind: statement.record().kind(),
        signer: admission.signer,
        nodes: frontier.append(leaf)?,
        checkpoint: None,
        statement: statement.as_bytes().to_vec(),
    })?;
    writer.add_all(&admission.effects)?;
    Ok(Recorded { entry: number, id: statement.id(), registered_at, is_new: true })
}

fn already(writer: &Writer<'_>, entry: EntryNumber) -> Result<Recorded, LedgerError> {
    let gap = || super::Integrity::of(entry.get(), super::Flaw::Gap);
    let row = writer.entry_row(entry)?.ok_or_else(gap)?;
    Ok(Recorded { entry, id: row.id, registered_at: row.registered_at, is_new: false })
}
