//! A hermetic ledger: a directory of its own, a clock that the test moves, fixed keys.

use super::Key;
use super::check::check_ledger;
use super::picture::picture;
use deedbook::admission::Refusal;
use deedbook::ledger::{
    Access, Clock, HeadFile, Ledger, LedgerError, Opening, Recorded, Submission,
};
use deedbook::record::{Record, RecordId, Statement, Timestamp};
use ed25519_dalek::SigningKey;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The name in the checkpoints of every test ledger.
pub(crate) const ORIGIN: &str = "register.example/deeds";

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub(crate) fn at(moment: &str) -> Self {
        let moment = Timestamp::parse_start(moment).unwrap();
        Self(Arc::new(AtomicI64::new(moment.as_millis())))
    }

    pub(crate) fn advance_ms(&self, by_ms: i64) {
        self.0.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A person of the story: a handle and a key.
pub(crate) struct Actor {
    pub(crate) handle: String,
    pub(crate) key: Key,
}

impl Actor {
    pub(crate) fn new(handle: &str, seed: u8) -> Self {
        let (handle, key) = (handle.to_owned(), Key::ed25519(seed));
        Self { handle, key }
    }

    /// The same party, signing with another key.
    pub(crate) fn with_key(&self, key: Key) -> Self {
        let handle = self.handle.clone();
        Self { handle, key }
    }
}

pub(crate) fn northlight() -> Actor {
    Actor::new("northlight", 2)
}

pub(crate) fn wen() -> Actor {
    Actor::new("wen", 3)
}

pub(crate) fn bo() -> Actor {
    Actor::new("bo", 6)
}

pub(crate) fn ana() -> Actor {
    Actor::new("ana", 7)
}

/// The key that signs the checkpoints of every test ledger.
pub(crate) fn ledger_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn opening_with(name: &str) -> Opening {
    Opening { name: name.parse().unwrap(), origin: ORIGIN.parse().unwrap(), key: ledger_key() }
}

/// To append, with the ledger's own key; a missing head file is refused.
pub(crate) fn append_access() -> Access {
    Access::Append { key: ledger_key(), accept_missing_head: false }
}

/// A closed ledger as bytes, to go on from more than once.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) file: Vec<u8>,
    pub(crate) head: Vec<u8>,
    now: Timestamp,
}

/// A ledger in a directory that goes with it.
pub(crate) struct Register {
    directory: tempfile::TempDir,
    pub(crate) clock: HandClock,
    ledger: Option<Ledger>,
}

impl Register {
    /// Where the ledger and what belongs to it lie.
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// A new ledger, at noon of 1 March 2026.
    pub(crate) fn create() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = HandClock::at("2026-03-01T12:00:00Z");
        let path = directory.path().join("deedbook.db");
        let ledger = Ledger::create(
            &path,
            HeadFile::beside(&path),
            opening_with("Northlight register"),
            Box::new(clock.clone()),
        );
        Self { directory, clock, ledger: Some(ledger.unwrap()) }
    }

    /// Closes the ledger and takes its bytes.
    pub(crate) fn keep(mut self) -> Kept {
        self.close();
        Kept {
            file: std::fs::read(self.path()).unwrap(),
            head: std::fs::read(self.head_path()).unwrap(),
            now: self.now(),
        }
    }

    /// A copy of a ledger in a new directory, closed.
    pub(crate) fn restore(kept: &Kept) -> Self {
        let register = Self {
            directory: tempfile::tempdir().unwrap(),
            clock: HandClock(Arc::new(AtomicI64::new(kept.now.as_millis()))),
            ledger: None,
        };
        std::fs::write(register.path(), &kept.file).unwrap();
        std::fs::write(register.head_path(), &kept.head).unwrap();
        register
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("deedbook.db")
    }

    pub(crate) fn head_path(&self) -> PathBuf {
        HeadFile::beside(&self.path()).path().to_owned()
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    pub(crate) fn ledger_mut(&mut self) -> &mut Ledger {
        self.ledger.as_mut().unwrap()
    }

    /// Closes the ledger, so that nothing but the file itself and its head file is left.
    pub(crate) fn close(&mut self) {
        self.ledger = None;
        for suffix in ["-wal", "-shm", "-journal"] {
            let journal = self.directory.path().join(format!("deedbook.db{suffix}"));
            assert!(!journal.exists(), "{} is left", journal.display());
        }
    }

    /// Opens the file anew.
    pub(crate) fn open(&self, access: Access) -> Result<Ledger, LedgerError> {
        let path = self.path();
        let clock = Box::new(self.clock.clone());
        Ledger::open(&path, HeadFile::beside(&path), access, clock)
    }

    /// Opens the file anew, and goes on with it.
    pub(crate) fn reopen(&mut self) {
        self.ledger = None;
        self.ledger = Some(self.open(append_access()).unwrap());
    }

    /// The time of the clock, as a signer of this moment writes it.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The record, signed now.
    pub(crate) fn sign(&self, actor: &Actor, record: impl Into<Record>) -> Statement {
        Statement::sign(record.into(), &actor.handle, self.now(), &actor.key).unwrap()
    }

    /// Records what must be admitted, and checks the whole ledger. Answers with its identifier.
    pub(crate) fn record(&mut self, actor: &Actor, record: impl Into<Record>) -> RecordId {
        let recorded = self.record_with(actor, record, &[]);
        assert!(recorded.is_new);
        recorded.id
    }

    /// As [`Self::record`], with texts.
    pub(crate) fn record_with(
        &mut self,
        actor: &Actor,
        record: impl Into<Record>,
        documents: &[&str],
    ) -> Recorded {
        self.clock.advance_ms(1000);
        let statement = self.sign(actor, record);
        let submission = Submission {
            statements: vec![statement.as_bytes().to_vec()],
            documents: documents.iter().map(|text| (*text).to_owned()).collect(),
        };
        let recorded = self.ledger_mut().submit(submission).unwrap();
        check_ledger(self.ledger());
        recorded[0]
    }

    /// Hands in what must be refused, and checks that nothing was written.
    pub(crate) fn refused(&mut self, actor: &Actor, record: impl Into<Record>) -> Refusal {
        self.clock.advance_ms(1000);
        let statement = self.sign(actor, record);
        match self.failed(vec![statement.as_bytes().to_vec()].into()) {
            LedgerError::Refused { position, refusal } => {
                assert_eq!(position, 0);
                *refusal
            }
            other => panic!("not a refusal: {other}"),
        }
    }

    /// Hands in what must not be recorded, and checks that nothing was written.
    pub(crate) fn failed(&mut self, submission: Submission) -> LedgerError {
        let before = picture(self.ledger());
        let head = std::fs::read(self.head_path()).unwrap();
        let error = self.ledger_mut().submit(submission).unwrap_err();
        assert_eq!(picture(self.ledger()), before, "written in spite of: {error}");
        assert_eq!(std::fs::read(self.head_path()).unwrap(), head);
        check_ledger(self.ledger());
        error
    }
}
