//! `watch`: follows a folder of outputs, and records each file as it becomes complete.

use super::claimed::Claimed;
use super::question::{object, short};
use super::recorder::Recorder;
use super::session_start::open_session;
use super::signing::{SigningArguments, StatementArguments};
use super::watched::Watched;
use super::{CliError, Output, Session, Text};
use crate::admission::{Refusal, View};
use crate::intake::{Examined, Folder, FolderFile, IntakeError};
use crate::ledger::LedgerError;
use crate::record::{Digest, EntryNumber, MAX_STEPS, RecordId, SessionSteps, Step, Timestamp};
use crate::store::StoreError;
use crate::vault::Opening;
use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Between two looks: often enough that a file is recorded within a second, seldom enough that
/// looking costs next to nothing.
const PAUSE: Duration = Duration::from_millis(50);
/// How long nothing is done where nothing changes.
const IDLE: Duration = Duration::from_secs(1);
/// Bytes of steps that fit an entry, with room for what is around them.
const MAX_STEPS_BYTES: usize = 60_000;
/// Files that are read before they are recorded.
const FILES_AT_ONCE: usize = 250;
/// So coarse may the times of a file system be.
const COARSE_MS: i64 = 2000;

const EXAMPLE: &str = "Example:\n  deedbook watch outputs --as wen";

/// Follow a folder, and record each file in it as a step of the open session
///
/// A file is recorded within a second of being complete: as generated, or as edited where a file of that
/// name was recorded before. Files are only read, links are not followed, and hidden, empty and temporary
/// files (.part, .tmp and such) are left alone. Killed at any moment, it goes on where it was: no file is
/// recorded twice. Files from before the session are left out. Prints a line for each file; with
/// `--json` an object a line. Ends when the folder is gone (exit code 1), at Ctrl-C, or with `--once`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The folder into which the tool writes, those in it included
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The session [default: the one that is open]
    #[arg(long, value_name = "SESSION")]
    session: Option<OsString>,
    /// Record what is there, and end
    #[arg(long)]
    once: bool,
    /// The party that says this
    #[arg(long = "as", value_name = "HANDLE", help_heading = "Signing")]
    party: String,
    /// An OpenSSH private key to sign with [default: the party's key among `deedbook key list`]
    #[arg(long, value_name = "FILE", help_heading = "Signing")]
    key: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, run: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut folder = Folder::open(&self.folder, run.own_places())?;
        let statement = StatementArguments { key: self.key, out: None, on: None };
        let signing = SigningArguments { party: self.party, statement };
        let recorder = Recorder::open(run, &signing)?;
        let session = open_session(&recorder, self.session.as_deref())?;
        let mut watch = Watch::new(run, recorder, session)?;
        watch.tell(&Begun {
            watching: folder.path().to_string_lossy().into_owned(),
            session: session.to_string(),
            entry: watch.entry,
            told_by_the_system: folder.is_told(),
        });
        loop {
            let files = folder.complete(run.now().as_millis())?;
            watch.take(&mut folder, files)?;
            if self.once && folder.is_settled() {
                return Ok(watch.counts.into());
            }
            folder.wait(if folder.is_settled() { IDLE } else { PAUSE });
            // What happens in a burst is looked at once.
            std::thread::sleep(PAUSE);
        }
    }
}

/// Files of one session on their way into the ledger.
struct Watch<'a> {
    run: &'a Session<'a>,
    recorder: Recorder<'a>,
    session: RecordId,
    entry: EntryNumber,
    started_at: Timestamp,
    watched: Watched,
    counts: Counts,
}

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Counts {
    recorded: u64,
    known: u64,
    left_out: u64,
}

/// A file with the step that records it.
struct Taken {
    file: FolderFile,
    step: Step,
    /// What opens the commitments of the step.
    openings: Vec<Opening>,
}

impl<'a> Watch<'a> {
    fn new(
        run: &'a Session<'a>,
        recorder: Recorder<'a>,
        session: RecordId,
    ) -> Result<Self, CliError> {
        let (entry, started_at) = {
            let reader = recorder.ledger("the session")?.read()?;
            let missing = || {
                let entry = EntryNumber::default();
                CliError::from(StoreError::Missing { entry, needed: "session" })
            };
            let entry = reader.entry_number(&session)?.ok_or_else(missing)?;
            let row = View::session(&reader, entry)?.ok_or_else(missing)?;
            // Told before anything is read that could not be recorded.
            let signer = recorder.party()?;
            if row.party != signer.entry {
                let party = reader.party(row.party)?.ok_or_else(missing)?.handle;
                let signer = signer.handle.clone();
                return Err(refused(Refusal::SessionOfOther { session: entry, party, signer }));
            }
            if let Some(stopped) = reader.session_stopped(entry)? {
                return Err(refused(Refusal::SessionOver { session: entry, entry: stopped }));
            }
            (entry, row.effective_at)
        };
        let watched = Watched::open(&run.watched_path(), session)?;
        let counts = Counts::default();
        Ok(Self { run, recorder, session, entry, started_at, watched, counts })
    }

    /// Writes a line; nobody is left to tell where it cannot be written, and recording goes on.
    fn tell(&self, line: &dyn Output) {
        let _ = self.run.printer().line(line);
    }

    /// Records files that are complete.
    fn take(&mut self, folder: &mut Folder, files: Vec<FolderFile>) -> Result<(), CliError> {
        let total = files.len() as u64;
        let progress = self.run.printer().progress("files", Some(total).filter(|it| *it > 100));
        let mut done = 0;
        for files in files.chunks(FILES_AT_ONCE) {
            let mut new = Vec::with_capacity(files.len());
            for file in files {
                if file.modified_at_ms() < self.started_at.as_millis() - COARSE_MS {
                    self.counts.left_out += 1;
                } else if self.is_known(file)? {
                    self.counts.known += 1;
                } else {
                    new.push(file);
                }
            }
            // Read by as many at once as there are cores, and looked at once more afterwards.
            let read: Vec<_> = new
                .par_iter()
                .map(|file| {
                    let examined = Examined::read(file.path());
                    (*file, examined, folder.is_unchanged(file))
                })
                .collect();
            let mut taken = Vec::with_capacity(read.len());
            for (file, examined, is_unchanged) in read {
                self.consider(folder, file, examined, is_unchanged, &mut taken)?;
            }
            self.record(taken)?;
            done += files.len() as u64;
            progress.at(done);
        }
        Ok(())
    }

    /// Whether the file was recorded as it stands, by memory and ledger.
    fn is_known(&self, file: &FolderFile) -> Result<bool, CliError> {
        match self.watched.digest_of(file) {
            Some(digest) => self.is_output(&digest),
            None => Ok(false),
        }
    }

    fn is_output(&self, digest: &Digest) -> Result<bool, CliError> {
        let reader = self.recorder.ledger("the session")?.read()?;
        Ok(reader.session_output(self.entry, digest)?.is_some())
    }

    /// A file that was read: as a step, as known, or to be waited for again.
    fn consider(
        &mut self,
        folder: &mut Folder,
        file: &FolderFile,
        examined: Result<Examined, IntakeError>,
        is_unchanged: bool,
        taken: &mut Vec<Taken>,
    ) -> Result<(), CliError> {
        let examined = match examined {
            Ok(examined) if is_unchanged => examined,
            Err(error) if !is_passing(&error) => {
                self.run.printer().warning(&format!("{error}, and is not recorded"));
                self.counts.left_out += 1;
                return Ok(());
            }
            Ok(_) | Err(_) => {
                folder.put_back(file, self.run.now().as_millis());
                return Ok(());
            }
        };
        let digest = examined.digest;
        let is_taken = taken.iter().any(|taken| taken.step.output() == Some(digest));
        if is_taken || self.is_output(&digest)? {
            self.counts.known += 1;
            return self.watched.remember(&[(file.clone(), digest)]);
        }
        // What the file says of itself is recorded as its claim; nobody has said it but the file.
        let mut claimed = Claimed::of(file.path(), &examined, true)?;
        for warning in &claimed.warnings {
            self.run.printer().warning(warning);
        }
        let openings = std::mem::take(&mut claimed.openings);
        let content = claimed.into_content(&examined);
        let at = self.moment_of(file)?;
        let before = self.watched.last_digest(file.path()).filter(|before| *before != digest);
        let step = match before {
            Some(before) if self.is_output(&before)? => Step::edited(at, before, content),
            Some(_) | None => Step::generated(at, content),
        };
        taken.push(Taken { file: file.clone(), step, openings });
        Ok(())
    }

    /// When the file was written, as far as the session and the clock allow.
    fn moment_of(&self, file: &FolderFile) -> Result<Timestamp, CliError> {
        let modified = Timestamp::from_millis(file.modified_at_ms()).unwrap_or(Timestamp::MAX);
        Ok(modified.min(self.run.now()).max(self.started_at))
    }

    /// Records steps in as few statements as hold them.
    fn record(&mut self, mut taken: Vec<Taken>) -> Result<(), CliError> {
        taken.sort_by(|one, other| {
            (one.step.at, one.file.path()).cmp(&(other.step.at, other.file.path()))
        });
        let mut taken = taken.into_iter().peekable();
        while taken.peek().is_some() {
            let (mut batch, mut size_bytes) = (Vec::new(), 0);
            while let Some(next) = taken.peek() {
                size_bytes += next.step.size_bytes()?;
                if !batch.is_empty() && (size_bytes > MAX_STEPS_BYTES || batch.len() == MAX_STEPS) {
                    break;
                }
                batch.extend(taken.next());
            }
            self.record_batch(batch)?;
        }
        Ok(())
    }

    fn record_batch(&mut self, mut batch: Vec<Taken>) -> Result<(), CliError> {
        loop {
            let steps: Vec<Step> = batch.iter().map(|taken| taken.step.clone()).collect();
            let record = SessionSteps { steps, session: self.session };
            let openings: Vec<Opening> =
                batch.iter().flat_map(|taken| taken.openings.iter().cloned()).collect();
            match self.recorder.record_opened(record, &openings) {
                Ok(registered) => {
                    let entry = registered.entry.unwrap_or_default();
                    return self.recorded(&batch, entry);
                }
                // Somebody else has recorded one of them meanwhile.
                Err(CliError::Ledger(error)) if is_recorded(&error) => {
                    let before = batch.len();
                    let known: BTreeSet<Digest> = self.known_of(&batch)?;
                    batch.retain(|taken| {
                        taken.step.output().is_none_or(|digest| !known.contains(&digest))
                    });
                    if batch.len() == before {
                        return Err(CliError::Ledger(error));
                    }
                    self.counts.known += (before - batch.len()) as u64;
                    if batch.is_empty() {
                        return Ok(());
                    }
                }
                // Somebody else writes for long: what is there is tried until it is recorded.
                Err(CliError::Ledger(error)) if is_locked(&error) => {
                    self.run.printer().warning("the ledger is in use; trying again");
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn known_of(&self, batch: &[Taken]) -> Result<BTreeSet<Digest>, CliError> {
        let mut known = BTreeSet::new();
        for digest in batch.iter().filter_map(|taken| taken.step.output()) {
            if self.is_output(&digest)? {
                known.insert(digest);
            }
        }
        Ok(known)
    }

    fn recorded(&mut self, batch: &[Taken], entry: EntryNumber) -> Result<(), CliError> {
        let mut files = Vec::with_capacity(batch.len());
        for Taken { file, step, .. } in batch {
            let Some(digest) = step.output() else { continue };
            self.tell(&Recorded {
                act: step.act.name(),
                at: step.at.to_string(),
                before: step.before.map(|before| before.to_string()),
                digest: digest.to_string(),
                entry,
                path: file.path().to_string_lossy().into_owned(),
                size_bytes: file.size_bytes(),
            });
            files.push((file.clone(), digest));
        }
        self.counts.recorded += files.len() as u64;
        self.watched.remember(&files)
    }
}

/// Whether a file may be read later: it was written, moved or taken away while it was read.
const fn is_passing(error: &IntakeError) -> bool {
    match error {
        IntakeError::Changed { .. } | IntakeError::Missing { .. } | IntakeError::Empty { .. } => {
            true
        }
        IntakeError::Directory { .. }
        | IntakeError::NotRegular { .. }
        | IntakeError::Code { .. }
        | IntakeError::TooLarge { .. }
        | IntakeError::NotAFolder { .. }
        | IntakeError::FolderGone { .. }
        | IntakeError::TooManyFiles { .. }
        | IntakeError::Unreadable { .. } => false,
    }
}

fn refused(refusal: Refusal) -> CliError {
    LedgerError::Refused { position: 0, refusal: Box::new(refusal) }.into()
}

fn is_recorded(error: &LedgerError) -> bool {
    let LedgerError::Refused { refusal, .. } = error else { return false };
    matches!(**refusal, Refusal::OutputRecorded { .. })
}

const fn is_locked(error: &LedgerError) -> bool {
    matches!(error, LedgerError::Store(StoreError::Locked))
}

/// The first line: what is watched.
#[derive(Debug, Serialize)]
struct Begun {
    watching: String,
    session: String,
    entry: EntryNumber,
    told_by_the_system: bool,
}

impl Output for Begun {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        let how = if self.told_by_the_system { "" } else { ", looking again and again" };
        text.line(format!("watching {} for session {}{how}", self.watching, self.entry));
    }
}

/// A file that was recorded.
#[derive(Debug, Serialize)]
struct Recorded {
    act: &'static str,
    at: String,
    before: Option<String>,
    digest: String,
    entry: EntryNumber,
    path: String,
    size_bytes: u64,
}

impl Output for Recorded {
    fn json(&self) -> Value {
        object(self)
    }

    fn text(&self, text: &mut Text) {
        let Self { act, at, digest, entry, path, .. } = self;
        text.line(format!("{entry}  {at}  {act}  {}  {path}", short(digest)));
    }
}

impl Output for Counts {
    fn json(&self) -> Value {
        json!({ "recorded": self.recorded, "known": self.known, "left_out": self.left_out })
    }

    fn text(&self, text: &mut Text) {
        let Self { recorded, known, left_out } = self;
        text.line(format!("{recorded} recorded, {known} recorded before, {left_out} left out"));
    }
}
