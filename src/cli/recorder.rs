//! The desk at which a party records something: reads the ledger, signs, and submits or writes the
//! signed statement to a file.

use super::on::On;
use super::question::digest_of;
use super::registered::Registered;
use super::signing::{SigningArguments, StatementArguments};
use super::{CliError, Session};
use crate::admission::{PartyFacts, View, opened};
use crate::file::Staged;
use crate::keys::KeyFile;
use crate::ledger::answer::{self, Needed};
use crate::ledger::{
    Import, ImportError, Imported, Ledger, LedgerError, OpenReport, Recorded, Submission,
};
use crate::record::{
    EntryNumber, Handle, Kind, Record, RecordId, Statement, Thumbprint, Timestamp,
};
use crate::store::StoreError;
use crate::title::{Event, title};
use crate::vault::{Opening, Vault, VaultError};
use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a payment or a line of account may name.
pub(super) const WORK_OR_CONTRACT: &[Kind] = &[Kind::Work, Kind::Contract];

/// A party about to record something.
pub(super) struct Recorder<'a> {
    session: &'a Session<'a>,
    /// None where the party signs only, away from the ledger.
    ledger: Option<Ledger>,
    handle: Handle,
    party: Option<PartyFacts>,
    key: KeyFile,
    out: Option<PathBuf>,
    on: Option<On>,
    /// When the latest of what the fact rests on took effect, of the day that `--on` names.
    rests_on: Cell<Option<Timestamp>>,
    /// One value for all that is recorded, which knows how far it has read the file already.
    vault: Vault,
}

impl<'a> Recorder<'a> {
    /// For a party that is enrolled, with its key.
    pub(super) fn open(
        session: &'a Session<'a>,
        signing: &SigningArguments,
    ) -> Result<Self, CliError> {
        let handle: Handle = signing.party.parse()?;
        let on = On::parse(signing.statement.on.as_deref())?;
        let ledger = open_ledger(session, &signing.statement)?;
        let party = match &ledger {
            Some(ledger) => party_of(ledger, &handle)?,
            None => None,
        };
        if party.is_none() && signing.statement.out.is_none() {
            return Err(CliError::UnknownParty { handle });
        }
        let key = match &signing.statement.key {
            Some(path) => session.key_file(path)?,
            None => {
                session.key_file(&key_path(session, ledger.as_ref(), &handle, party.as_ref())?)?
            }
        };
        let (out, rests_on) = (signing.statement.out.clone(), Cell::default());
        let vault = session.vault();
        Ok(Self { session, ledger, handle, party, key, out, on, rests_on, vault })
    }

    /// For a party that enrols with this very statement.
    pub(super) fn enrolling(
        session: &'a Session<'a>,
        statement: &StatementArguments,
        ledger: Option<Ledger>,
        handle: Handle,
        key: KeyFile,
    ) -> Self {
        let (out, rests_on) = (statement.out.clone(), Cell::default());
        let vault = session.vault();
        Self { session, ledger, handle, party: None, key, out, on: None, rests_on, vault }
    }

    /// Who signs.
    pub(super) const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// The ledger, for what cannot be said without it.
    pub(super) fn ledger(&self, needed: &'static str) -> Result<&Ledger, CliError> {
        self.ledger.as_ref().ok_or_else(|| CliError::LedgerNeeded {
            path: self.session.ledger_path().to_owned(),
            needed,
        })
    }

    /// The enrolment of the party that signs.
    pub(super) fn party(&self) -> Result<&PartyFacts, CliError> {
        self.ledger("the enrolment of the party")?;
        self.party.as_ref().ok_or_else(|| CliError::UnknownParty { handle: self.handle.clone() })
    }

    /// The enrolment of another party, by any reference or, away from the ledger, its full identifier.
    pub(super) fn party_id(&self, typed: &str) -> Result<RecordId, CliError> {
        Ok(self.other_party(typed)?.0)
    }

    /// The enrolment of another party and its handle; away from the ledger what was typed.
    pub(super) fn other_party(&self, typed: &str) -> Result<(RecordId, String), CliError> {
        if self.ledger.is_none()
            && let Ok(id) = typed.parse()
        {
            return Ok((id, typed.to_owned()));
        }
        let ledger = self.ledger("the enrolment of the party")?;
        let handle: Result<Handle, _> = typed.parse();
        if let Ok(handle) = &handle
            && let Some(party) = party_of(ledger, handle)?
        {
            return Ok((party.id, party.handle.to_string()));
        }
        let entry = match (self.resolve(OsStr::new(typed), Needed::Party), handle) {
            (Ok(entry), _) => entry,
            (Err(_), Ok(handle)) => return Err(CliError::UnknownParty { handle }),
            (Err(error), Err(_)) => return Err(error),
        };
        let party = ledger.read()?.party(entry)?;
        let handle = party.map_or_else(|| typed.to_owned(), |party| party.handle.to_string());
        Ok((self.id_of(entry)?, handle))
    }

    /// The entry that a reference means.
    pub(super) fn resolve(&self, typed: &OsStr, needed: Needed) -> Result<EntryNumber, CliError> {
        let ledger = self.ledger("what the reference means")?;
        let party = self.party.as_ref().map(|party| party.entry);
        let reader = ledger.read()?;
        let entry = answer::resolve(&reader, typed, needed, party, digest_of)?;
        self.note(&reader.statement(entry)?);
        Ok(entry)
    }

    /// The identifier of an entry on which the fact rests though nobody named it.
    pub(super) fn cause(&self, entry: EntryNumber) -> Result<RecordId, CliError> {
        let cause = self.ledger("the entry")?.read()?.statement(entry)?;
        self.note(&cause);
        Ok(cause.id())
    }

    /// Remembers what the fact rests on, for [`Self::effective_at`].
    fn note(&self, cause: &Statement) {
        if let Some(cause_at) = cause.record().effective_at() {
            self.rest_on(cause_at);
        }
    }

    /// The fact rests on something that took effect at this moment: where that is of the day that `--on`
    /// names, the fact is no earlier.
    pub(super) fn rest_on(&self, cause_at: Timestamp) {
        if self.on.is_some_and(|on| on.is_day_of(cause_at)) {
            self.rests_on.set(self.rests_on.get().max(Some(cause_at)));
        }
    }

    /// The identifier that a reference means; a full one stands for itself away from the ledger.
    pub(super) fn id(&self, typed: &OsStr, needed: Needed) -> Result<RecordId, CliError> {
        if self.ledger.is_none()
            && let Some(Ok(id)) = typed.to_str().map(str::parse)
        {
            return Ok(id);
        }
        let entry = self.resolve(typed, needed)?;
        self.id_of(entry)
    }

    /// As [`Self::id`], of a work in which the party disposes of its rights: that rests on the signatures
    /// under the split, and on whatever made the party a holder, too.
    pub(super) fn disposed(&self, typed: &OsStr) -> Result<RecordId, CliError> {
        let id = self.id(typed, Needed::Work)?;
        let (Some(ledger), Some(party), Some(_)) = (&self.ledger, &self.party, self.on) else {
            return Ok(id);
        };
        let reader = ledger.read()?;
        let Some(work) = reader.entry(&id)?.map(|entry| reader.work(entry)).transpose()?.flatten()
        else {
            return Ok(id);
        };
        let facts = reader.title_facts(&work)?;
        for fact in &facts {
            if let Event::SplitAgreed { .. } = fact.event {
                self.rest_on(fact.effective_at);
            }
        }
        // Facts that make no title are refused where they are admitted.
        let known = title(&facts, Timestamp::MAX, Timestamp::MAX).ok().flatten();
        for change in known.iter().flat_map(|title| &title.changes) {
            if change.to == party.entry {
                self.rest_on(change.effective_at);
            }
        }
        Ok(id)
    }

    /// The account runs on from an opening balance, where both sides have agreed to one.
    pub(super) fn rest_on_opening(&self, contract: EntryNumber) -> Result<(), CliError> {
        let reader = self.ledger("the opening balance")?.read()?;
        if let Some((_, opened_at)) = opened(&reader, contract)? {
            self.rest_on(opened_at);
        }
        Ok(())
    }

    /// The identifier of an entry.
    pub(super) fn id_of(&self, entry: EntryNumber) -> Result<RecordId, CliError> {
        id_of(self.ledger("the entry")?, entry)
    }

    /// When the fact takes effect: as `--on` says, else now. A day is its start or, where what the fact
    /// rests on took effect on the same day, that moment: ask when all of it is resolved.
    pub(super) fn effective_at(&self) -> Timestamp {
        match self.on {
            None => self.session.now(),
            Some(on) => self.rests_on.get().map_or(on.start(), |cause_at| cause_at.max(on.start())),
        }
    }

    /// When the fact takes effect, where `--on` says it.
    pub(super) fn on(&self) -> Option<Timestamp> {
        self.on.map(|_| self.effective_at())
    }

    /// Signs a record and submits it with the texts that it names, or writes it to the file that
    /// `--out` names.
    pub(super) fn record(
        &mut self,
        record: impl Into<Record>,
        documents: Vec<String>,
    ) -> Result<Registered, CliError> {
        self.enter(record.into(), documents, &[])
    }

    /// The same of a record with commitments. What opens them is in the vault before the record is
    /// anywhere, and nothing of it where the record is refused.
    pub(super) fn record_opened(
        &mut self,
        record: impl Into<Record>,
        openings: &[Opening],
    ) -> Result<Registered, CliError> {
        self.enter(record.into(), Vec::new(), openings)
    }

    fn enter(
        &mut self,
        record: Record,
        documents: Vec<String>,
        openings: &[Opening],
    ) -> Result<Registered, CliError> {
        let vault = &self.vault;
        let keep = || vault.add_all(openings);
        let now = self.session.now();
        let statement = Statement::sign(record, self.handle.as_str(), now, &self.key)?;
        if let Some(out) = &self.out {
            let texts = write_statement(out, &statement, &documents, keep)?;
            return Ok(Registered::signed_only(statement.id(), out.clone(), texts));
        }
        let path = self.session.ledger_path().to_owned();
        let ledger = self
            .ledger
            .as_mut()
            .ok_or(CliError::LedgerNeeded { path, needed: "the place for the entry" })?;
        let submission = Submission { statements: vec![statement.as_bytes().to_vec()], documents };
        let recorded: Vec<Recorded> = ledger.submit_keeping(submission, |_| keep())?;
        let missing = || StoreError::Missing {
            entry: EntryNumber::default(),
            needed: "answer to what was submitted",
        };
        let recorded = recorded.into_iter().next().ok_or_else(missing)?;
        Ok(Registered::new(recorded))
    }
}

impl Recorder<'_> {
    /// Signs records, in order.
    pub(super) fn sign_all<R: Into<Record>>(
        &self,
        records: Vec<R>,
    ) -> Result<Vec<Statement>, CliError> {
        let (now, issuer) = (self.session.now(), self.handle.as_str());
        let sign = |record: R| Statement::sign(record.into(), issuer, now, &self.key);
        Ok(records.into_iter().map(sign).collect::<Result<_, _>>()?)
    }

    /// Submits statements in one transaction, all of them or none, with what opens the commitments of
    /// those that are new.
    pub(super) fn submit_opened(
        &mut self,
        statements: &[Statement],
        openings: impl FnOnce(&[Recorded]) -> Vec<Opening>,
    ) -> Result<Vec<Recorded>, CliError> {
        let ledger = self.ledger.as_mut().ok_or(LedgerError::NoLedgerKey)?;
        let vault = &self.vault;
        let keep = |recorded: &[Recorded]| vault.add_all(&openings(recorded));
        Ok(ledger.submit_keeping(submission(statements), keep)?)
    }

    /// Submits statements in one transaction, all of them or none; a dry run takes them back.
    pub(super) fn submit_all(
        &mut self,
        statements: &[Statement],
        dry_run: bool,
    ) -> Result<Vec<Recorded>, CliError> {
        let ledger = self.ledger.as_mut().ok_or(LedgerError::NoLedgerKey)?;
        let submission = submission(statements);
        Ok(if dry_run { ledger.rehearse(&submission)? } else { ledger.submit(submission)? })
    }

    /// The opening balance that a reference means; none where it means something else, or where
    /// there is no ledger to ask.
    pub(super) fn opening(&self, typed: &OsStr) -> Result<Option<RecordId>, CliError> {
        let Some(ledger) = &self.ledger else {
            return Ok(None);
        };
        let Ok(entry) = self.resolve(typed, Needed::AnyOf(&[Kind::Opening])) else {
            return Ok(None);
        };
        let is_opening = ledger.read()?.kind(entry)? == Some(Kind::Opening);
        if is_opening { self.id_of(entry).map(Some) } else { Ok(None) }
    }

    /// Imports sales reports, signed by the party: each under the contract beside it, or under those
    /// that its lines name.
    pub(super) fn import<'mapping, R: std::io::Read>(
        &mut self,
        reports: impl IntoIterator<Item = (Option<EntryNumber>, OpenReport<'mapping, R>)> + Send,
        dry_run: bool,
    ) -> Result<Imported, ImportError> {
        let contract = EntryNumber::default();
        let import = Import { contract, party: &self.handle, signer: &self.key, dry_run };
        match &mut self.ledger {
            Some(ledger) => ledger.import_all(reports, &import),
            None => Err(LedgerError::NoLedgerKey.into()),
        }
    }

    /// As [`Self::import`], but only signs, away from the ledger that is to take the statements in.
    pub(super) fn sign_import<'mapping, R: std::io::Read>(
        &self,
        copy: &mut Ledger,
        reports: impl IntoIterator<Item = (Option<EntryNumber>, OpenReport<'mapping, R>)> + Send,
    ) -> Result<(Imported, Vec<Statement>), ImportError> {
        let contract = EntryNumber::default();
        let import = Import { contract, party: &self.handle, signer: &self.key, dry_run: true };
        copy.sign_all(reports, &import)
    }
}

fn submission(statements: &[Statement]) -> Submission {
    let bytes = |statement: &Statement| statement.as_bytes().to_vec();
    statements.iter().map(bytes).collect::<Vec<_>>().into()
}

/// The ledger to append to; where the statement is only signed, the ledger to ask, if it is there.
pub(super) fn open_ledger(
    session: &Session<'_>,
    statement: &StatementArguments,
) -> Result<Option<Ledger>, CliError> {
    match &statement.out {
        None => session.append().map(Some),
        Some(out) if out.exists() => Err(CliError::FileExists { path: out.clone() }),
        Some(_) => session.read_if_there(),
    }
}

/// The identifier of an entry.
pub(super) fn id_of(ledger: &Ledger, entry: EntryNumber) -> Result<RecordId, CliError> {
    Ok(ledger.read()?.statement(entry)?.id())
}

fn party_of(ledger: &Ledger, handle: &Handle) -> Result<Option<PartyFacts>, CliError> {
    let reader = ledger.read()?;
    match reader.party_named(handle)? {
        Some(entry) => Ok(reader.party(entry)?),
        None => Ok(None),
    }
}

/// The key that a party signs with where none is named: the one with its handle unless that is
/// revoked, else the first other one of the directory that the ledger knows as a key of it.
fn key_path(
    session: &Session<'_>,
    ledger: Option<&Ledger>,
    handle: &Handle,
    party: Option<&PartyFacts>,
) -> Result<PathBuf, CliError> {
    let keys = session.keys();
    let own = keys.path_of(handle.as_str())?;
    let (Some(ledger), Some(party)) = (ledger, party) else {
        return Ok(own);
    };
    let reader = ledger.read()?;
    let is_live = |kid: &Thumbprint| -> Result<bool, CliError> {
        let facts = reader.key(kid)?;
        Ok(facts.is_some_and(|facts| facts.party == party.entry && facts.revoked_by.is_none()))
    };
    if let Ok(key) = keys.find(handle.as_str())
        && is_live(&key.thumbprint)?
    {
        return Ok(own);
    }
    for key in keys.list()? {
        if is_live(&key.thumbprint)? {
            return Ok(key.path);
        }
    }
    Ok(own)
}

/// Writes the statement to a new file, and each text that it names beside it; all of them or none.
fn write_statement(
    out: &Path,
    statement: &Statement,
    documents: &[String],
    keep: impl FnOnce() -> Result<(), VaultError>,
) -> Result<Vec<PathBuf>, CliError> {
    let texts = documents.iter().enumerate().map(|(place, text)| {
        let path = crate::file::appended(out, &format!(".{}.txt", place + 1));
        (path, text.as_bytes())
    });
    let files = std::iter::once((out.to_owned(), statement.as_bytes())).chain(texts);
    let mut written = write_all_new(files, keep)?;
    written.remove(0);
    Ok(written)
}

/// Writes statements to new files, all of them or none: the first to the one that is named, and the
/// others beside it, with `.2` and so on after its name.
pub(super) fn write_statements(
    out: &Path,
    statements: &[Statement],
) -> Result<Vec<PathBuf>, CliError> {
    let path = |place: usize| match place {
        0 => out.to_owned(),
        place => crate::file::appended(out, &format!(".{}", place + 1)),
    };
    let files = statements.iter().enumerate();
    write_all_new(files.map(|(place, statement)| (path(place), statement.as_bytes())), || Ok(()))
}

/// Writes files that were not there, all of them or none, each of them whole. What opens them is kept
/// when all are on the disk, and before the first has its name.
fn write_all_new<'a>(
    files: impl IntoIterator<Item = (PathBuf, &'a [u8])>,
    keep: impl FnOnce() -> Result<(), VaultError>,
) -> Result<Vec<PathBuf>, CliError> {
    let mut staged = Vec::new();
    for (path, bytes) in files {
        staged.push((stage_new(&path, bytes)?, path));
    }
    keep()?;
    let mut made = Vec::new();
    for (staged, path) in staged {
        if let Err(error) = staged.publish() {
            for path in &made {
                // Already failing.
                let _ = std::fs::remove_file(path);
            }
            return Err(CliError::file("create", &path)(error));
        }
        made.push(path);
    }
    Ok(made)
}

/// Writes a file that was not there, whole or not at all.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    stage_new(path, bytes)?.publish().map_err(CliError::file("create", path))
}

/// Writes a file that was not there, all but its name.
pub(super) fn stage_new(path: &Path, bytes: &[u8]) -> Result<Staged, CliError> {
    let mut staged = Staged::beside(path).map_err(CliError::file("create", path))?;
    staged.write(bytes).map_err(CliError::file("write", path))?;
    Ok(staged)
}
