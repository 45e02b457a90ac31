//! A ledger that is open.

use super::{Clock, Flaw, Founding, HeadFile, Integrity, LedgerError, Opening};
use crate::record::{
    Digest, Entry, EntryNumber, Ledger as LedgerRecord, PublicKey, Record, Statement, Thumbprint,
};
use crate::store::{self, EntryRow, Reader, Store};
use crate::tlog::{
    Checkpoint, CheckpointSigner, CheckpointVerifier, Frontier, Hash, leaf_hash, root_at,
};
use ed25519_dalek::SigningKey;
use std::collections::HashMap;
use std::path::Path;

/// What to open a ledger for.
pub enum Access {
    /// To ask.
    Read,
    /// To keep what others signed about the ledger, such as time stamps. The ledger's key is not
    /// needed, and nothing can be appended.
    Attach,
    /// To append: checkpoints are signed with this key.
    Append {
        /// The ledger's own key.
        key: SigningKey,
        /// Whether to go on without a head file, which is then written anew.
        accept_missing_head: bool,
    },
}

/// A ledger, checked on opening: the latest checkpoint's signature, the right edge of the tree,
/// the order of time, and the head file. [`Ledger::verify`] checks everything.
pub struct Ledger {
    pub(super) store: Store,
    pub(super) record: LedgerRecord,
    pub(super) verifier: CheckpointVerifier,
    pub(super) signer: Option<CheckpointSigner>,
    pub(super) head_file: HeadFile,
    pub(super) clock: Box<dyn Clock>,
    /// The right edge of the tree, as of the last look.
    pub(super) frontier: Frontier,
    /// Keys that signed before. A thumbprint names one key for ever, so that none goes stale.
    pub(super) known_keys: HashMap<Thumbprint, PublicKey>,
    pub(super) head_missing: bool,
}

impl Ledger {
    /// Creates a ledger with its opening as entry 0. Killed in the middle it leaves no ledger, and
    /// nothing that is in the way of doing it again; see [`Founding`], which also takes a key in.
    ///
    /// # Errors
    /// As [`Founding::begin`] and [`Founding::finish`].
    pub fn create(
        path: &Path,
        head_file: HeadFile,
        opening: Opening,
        clock: Box<dyn Clock>,
    ) -> Result<Self, LedgerError> {
        Founding::begin(path, head_file, &[])?.finish(opening, clock)
    }

    /// Opens a ledger and checks it as far as that is quick.
    ///
    /// # Errors
    /// A file that is not a ledger or cannot be read; a ledger that is not what it was.
    pub fn open(
        path: &Path,
        head_file: HeadFile,
        access: Access,
        clock: Box<dyn Clock>,
    ) -> Result<Self, LedgerError> {
        let mode = match &access {
            Access::Read => store::Access::ReadOnly,
            Access::Attach | Access::Append { .. } => store::Access::ReadWrite,
        };
        let store = Store::open(path, mode)?;
        let record = opening(&store.read()?)?;
        let PublicKey::Ed25519(key) = &record.key else {
            return Err(Integrity::of(0, Flaw::Column { column: "key" }).into());
        };
        let verifier = CheckpointVerifier::new(record.origin.clone(), *key.verifying_key())?;
        // Before the snapshot: what others append meanwhile must not look like a roll-back.
        let head = head_file.read(&verifier)?;
        let frontier = {
            let reader = store.read()?;
            let frontier = check_edge(&reader, &verifier)?;
            if let Some(head) = &head {
                check_head(&reader, &frontier, head)?;
            }
            frontier
        };
        let signer = match access {
            Access::Read | Access::Attach => None,
            Access::Append { key, accept_missing_head } => {
                if head.is_none() && !accept_missing_head {
                    let path = head_file.path().to_owned();
                    return Err(LedgerError::HeadMissing { path });
                }
                let signer = CheckpointSigner::new(record.origin.clone(), key);
                let own = PublicKey::ed25519(signer.verifying_key().as_bytes());
                if own.is_ok_and(|own| own.thumbprint() != record.key.thumbprint()) {
                    return Err(LedgerError::WrongLedgerKey);
                }
                Some(signer)
            }
        };
        let head_missing = head.is_none();
        Ok(Self {
            store,
            record,
            verifier,
            signer,
            head_file,
            clock,
            frontier,
            known_keys: HashMap::new(),
            head_missing,
        })
    }

    /// The opening: name, origin, key, policy.
    pub const fn opening(&self) -> &LedgerRecord {
        &self.record
    }

    /// Whether the ledger was opened without a head file, so that a roll-back could not be told.
    pub const fn head_missing(&self) -> bool {
        self.head_missing
    }

    /// Checks checkpoints of this ledger.
    pub const fn verifier(&self) -> &CheckpointVerifier {
        &self.verifier
    }

    /// Now, by the ledger's clock.
    pub fn now(&self) -> crate::record::Timestamp {
        self.clock.now()
    }

    /// A consistent view of the ledger for questions.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn read(&self) -> Result<Reader<'_>, LedgerError> {
        Ok(self.store.read()?)
    }

    /// Remembers the present head, as [`Access::Append`] does for a missing head file.
    ///
    /// # Errors
    /// A head file that cannot be written.
    pub fn remember_head(&self) -> Result<(), LedgerError> {
        let head = self.store.read()?.head()?;
        let note = head.checkpoint.unwrap_or_default();
        self.head_file.write(&note, head.size, &self.verifier)
    }

    /// A text by its digest.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn document(&self, digest: &Digest) -> Result<Option<String>, LedgerError> {
        Ok(self.store.read()?.document(digest)?)
    }
}

/// The opening, its signature checked with the key that it names.
fn opening(reader: &Reader<'_>) -> Result<LedgerRecord, LedgerError> {
    let Some(row) = reader.entry_row(EntryNumber::new(0))? else {
        return Err(Integrity::whole(Flaw::NoOpening).into());
    };
    let statement = Statement::decode(&row.statement)
        .map_err(|error| Integrity::of(0, Flaw::Statement(error)))?;
    let Record::Ledger(record) = statement.record().clone() else {
        return Err(Integrity::whole(Flaw::NoOpening).into());
    };
    statement.verify(&record.key).map_err(|_| Integrity::of(0, Flaw::Signature))?;
    Ok(record)
}

/// Checks that the latest checkpoint is signed, and is of the tree whose right edge stands there.
fn check_edge(reader: &Reader<'_>, verifier: &CheckpointVerifier) -> Result<Frontier, LedgerError> {
    let head = reader.head()?;
    let size = head.size;
    let flaw = |reason: String| Integrity::whole(Flaw::Checkpoint { size, reason });
    let note = head.checkpoint.ok_or_else(|| flaw("is missing".to_owned()))?;
    let checkpoint = verifier.verify(&note).map_err(|error| flaw(error.to_string()))?;
    if checkpoint.size != size {
        return Err(flaw(format!("is for {} entries", checkpoint.size)).into());
    }
    let frontier = Frontier::load(size, reader)?;
    if frontier.root() != checkpoint.root {
        return Err(flaw("is not of this tree".to_owned()).into());
    }
    let Some(last) = size.checked_sub(1) else {
        return Err(Integrity::whole(Flaw::NoOpening).into());
    };
    let row = |number| {
        let row = reader.entry_row(EntryNumber::new(number));
        row?.ok_or_else(|| LedgerError::from(Integrity::of(number, Flaw::Gap)))
    };
    let last_row: EntryRow = row(last)?;
    let leaf = leaf_hash(&Entry::leaf_data(last_row.registered_at, &last_row.statement));
    if last_row.nodes.first() != Some(&leaf) {
        return Err(Integrity::of(last, Flaw::Node).into());
    }
    if let Some(before) = last.checked_sub(1)
        && row(before)?.registered_at > last_row.registered_at
    {
        return Err(Integrity::of(last, Flaw::TimeOrder).into());
    }
    Ok(frontier)
}

/// Checks that the ledger goes on from what was seen last.
pub(super) fn check_head(
    reader: &Reader<'_>,
    frontier: &Frontier,
    head: &Checkpoint,
) -> Result<(), LedgerError> {
    let found = frontier.size();
    if head.size > found {
        return Err(Integrity::whole(Flaw::RolledBack { found, needed: head.size }).into());
    }
    let root: Hash = root_at(head.size, reader)?;
    if root != head.root {
        return Err(Integrity::whole(Flaw::Forked { size: head.size }).into());
    }
    Ok(())
}
