//! The witness: answers requests, one at a time for each log. It never answers before what it
//! cosigned is on the disk.

use super::decision::{Refusal, Submitted};
use super::request::{AddCheckpoint, size};
use super::state::{Locked, read_note};
use super::{KnownLogs, StateDirectory, WitnessError};
use crate::tlog::{Checkpoint, CosignatureSigner, Origin, WitnessKey};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// The media type of a size in an answer of 409 (C2SP tlog-witness).
pub(super) const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// The media type of every other answer.
pub(super) const TEXT_MEDIA_TYPE: &str = "text/plain; charset=utf-8";

/// How a log is called in the URL at which its checkpoint is shown: the SHA-256 of its origin, in
/// lower-case hexadecimal (C2SP tlog-witness, section Monitor Retrieval).
pub fn origin_hash(origin: &Origin) -> String {
    let digest = Sha256::digest(origin.as_str().as_bytes());
    crate::tlog::Hash::from_bytes(digest.into()).to_string()
}

/// An answer, as HTTP carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The body.
    pub body: String,
}

impl Response {
    /// A line of text that says why.
    pub(super) fn plain(status: u16, why: &str) -> Self {
        Self { status, media_type: TEXT_MEDIA_TYPE, body: format!("{why}\n") }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let status = refusal.status();
        match refusal {
            Refusal::Conflict { size, .. } | Refusal::RootDiffers { size } => {
                Self { status, media_type: SIZE_MEDIA_TYPE, body: format!("{size}\n") }
            }
            Refusal::Request(_)
            | Refusal::NotACheckpoint(_)
            | Refusal::OldSizeLarger { .. }
            | Refusal::NotSigned
            | Refusal::UnknownOrigin
            | Refusal::Inconsistent { .. } => Self::plain(status, &refusal.to_string()),
        }
    }
}

/// A witness: its key, the logs that it knows, and what it cosigned last.
#[derive(Debug)]
pub struct Witness {
    signer: CosignatureSigner,
    logs: KnownLogs,
    state: StateDirectory,
}

impl Witness {
    /// The witness with this key for these logs. What it remembers of each is looked at, so that a
    /// directory which was damaged, or is that of another witness, is found before the first request.
    ///
    /// # Errors
    /// [`WitnessError::StateDamaged`] or [`WitnessError::File`].
    pub fn new(
        signer: CosignatureSigner,
        logs: KnownLogs,
        state: StateDirectory,
    ) -> Result<Self, WitnessError> {
        let witness = Self { signer, logs, state };
        for origin in witness.logs.origins() {
            let locked = witness.state.lock(origin)?;
            witness.last(origin, &locked)?;
        }
        Ok(witness)
    }

    /// Its name and public key.
    pub const fn key(&self) -> &WitnessKey {
        self.signer.witness()
    }

    /// The logs that it knows.
    pub const fn logs(&self) -> &KnownLogs {
        &self.logs
    }

    /// Answers an add-checkpoint request. The time, in seconds since 1970, is asked for once the
    /// checkpoint is found to be one to cosign.
    ///
    /// # Errors
    /// [`WitnessError`], where the witness itself has failed; then nothing was cosigned that is not
    /// remembered.
    pub fn add_checkpoint(
        &self,
        body: &[u8],
        now_s: impl Fn() -> u64,
    ) -> Result<Response, WitnessError> {
        let request = match AddCheckpoint::decode(body) {
            Ok(request) => request,
            Err(error) => return Ok(Refusal::from(error).into()),
        };
        let submitted = match self.logs.authenticate(request) {
            Ok(submitted) => submitted,
            Err(refusal) => return Ok(refusal.into()),
        };
        let locked = self.state.lock(&submitted.checkpoint.origin)?;
        let last = self.last(&submitted.checkpoint.origin, &locked)?;
        if let Err(refusal) = submitted.decide(last.as_ref()) {
            return Ok(refusal.into());
        }
        let found_s = now_s();
        let cosignature = self.signer.cosign(&submitted.text, found_s);
        let line = cosignature.map_err(|_| WitnessError::Clock { found_s })?.to_line();
        locked.replace(&self.remembered(&submitted, &line))?;
        Ok(Response { status: 200, media_type: TEXT_MEDIA_TYPE, body: line })
    }

    /// The checkpoint cosigned last of the log that is called by this hash, as a note with the log's
    /// signatures and this witness's: 200, or 404 where there is none.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub fn latest(&self, hash: &str) -> Result<Response, WitnessError> {
        let Some(origin) = self.logs.origins().find(|origin| origin_hash(origin) == hash) else {
            return Ok(Response::plain(404, &Refusal::UnknownOrigin.to_string()));
        };
        // A file is replaced whole, so that no lock is needed to read it.
        let path = self.state.note_path(hash);
        let Some(note) = read_note(&path)? else {
            return Ok(Response::plain(404, "no checkpoint of this log was cosigned yet"));
        };
        self.check(origin, &path, &note)?;
        Ok(Response { status: 200, media_type: TEXT_MEDIA_TYPE, body: note })
    }

    /// The checkpoint cosigned last.
    fn last(&self, origin: &Origin, locked: &Locked) -> Result<Option<Checkpoint>, WitnessError> {
        let note = read_note(locked.path())?;
        note.map(|note| self.check(origin, locked.path(), &note)).transpose()
    }

    /// What is remembered must be what this witness itself has signed.
    fn check(&self, origin: &Origin, path: &Path, note: &str) -> Result<Checkpoint, WitnessError> {
        let damaged = |reason| WitnessError::StateDamaged { path: path.to_owned(), reason };
        let verified = self.key().verify(note);
        let (checkpoint, _) = verified.map_err(|error| damaged(error.to_string()))?;
        if checkpoint.origin != *origin {
            return Err(damaged(format!("it is of `{}`", checkpoint.origin)));
        }
        Ok(checkpoint)
    }

    /// The note that is remembered: the log's own signatures and the cosignature. Lines of others,
    /// which were not verified, are left out.
    fn remembered(&self, submitted: &Submitted, cosignature: &str) -> String {
        let lines = submitted.request.note.get(submitted.text.len() + 1..).unwrap_or_default();
        let is_of_log = |line: &&str| {
            let line = signed_note::Signature::from_bytes(line.trim_end().as_bytes());
            line.is_ok_and(|line| {
                line.name() == submitted.checkpoint.origin.as_str()
                    && self.logs.has(line.name(), line.id())
            })
        };
        let lines: String = lines.split_inclusive('\n').filter(is_of_log).collect();
        format!("{}\n{lines}{cosignature}", submitted.text)
    }
}

/// The size in the body of an answer of 409.
pub(super) fn conflicting_size(body: &str) -> Option<u64> {
    size(body.strip_suffix('\n')?)
}
