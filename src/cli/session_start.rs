//! `session start` and `session stop`: a party begins to record a creation, and ends it.

use super::recorder::Recorder;
use super::register::opening;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::admission::View;
use crate::ledger::answer::Needed;
use crate::record::{Kind, RecordId, SessionStarted, SessionStopped, Title};
use crate::vault::Opening;
use clap::Args;
use std::ffi::{OsStr, OsString};

/// What names a session.
pub(super) const SESSIONS: Needed = Needed::AnyOf(&[Kind::SessionStarted]);
/// Open sessions that an error lists.
const MAX_LISTED: usize = 10;

/// Begin to record a creation
///
/// Each step is recorded when it happens, so that its time can be shown later: `session generated`,
/// `reject`, `select`, `edit` and `note`, or `watch` for a folder of outputs. Prompts, reasons and notes
/// stay in the vault beside the ledger; the record has commitments to them alone.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook session start \"Spring breeze\" --as wen --contract northlight/fee@1"
)]
pub(super) struct Start {
    /// What you call it
    #[arg(value_name = "TITLE")]
    title: String,
    /// The contract under which you create [default: none]
    #[arg(long, value_name = "CONTRACT")]
    contract: Option<OsString>,
    /// What you mean to make, kept private
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Start {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let title = Title::new(self.title)?;
        let note = self.note.map(|note| opening(note.into_bytes())).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let contract = self.contract.as_deref();
        let contract = contract.map(|typed| recorder.id(typed, Needed::Contract)).transpose()?;
        let effective_at = recorder.effective_at();
        let record = SessionStarted {
            note: note.as_ref().map(Opening::commitment),
            title: title.clone(),
            contract,
            effective_at,
        };
        let registered = recorder.record_opened(record, note.as_slice())?;
        let id = registered.id.to_string();
        let handle = recorder.handle();
        let next =
            format!("deedbook watch FOLDER --as {handle}, or deedbook session generated FILE");
        Ok(Entered::new(registered, format!("`{handle}` records the creation of `{title}`"))
            .named("session", id)
            .named("title", title.as_str())
            .named("contract", contract.map(|id| id.to_string()))
            .named("effective_at", effective_at.to_string())
            .field("started", effective_at)
            .field("next", next)
            .into())
    }
}

/// End the record of a creation
///
/// Nothing is added to a session that is over.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n  deedbook session stop --as wen")]
pub(super) struct Stop {
    /// The session [default: the one that is open]
    #[arg(long, value_name = "SESSION")]
    session: Option<OsString>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Stop {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut recorder = Recorder::open(session, &self.signing)?;
        let id = open_session(&recorder, self.session.as_deref())?;
        rest_on_steps(&recorder, &id)?;
        let effective_at = recorder.effective_at();
        let registered =
            recorder.record(SessionStopped { session: id, effective_at }, Vec::new())?;
        let sentence = format!("`{}` has ended the session", recorder.handle());
        Ok(Entered::new(registered, sentence)
            .named("session", id.to_string())
            .named("effective_at", effective_at.to_string())
            .field("session", id)
            .field("ended", effective_at)
            .into())
    }
}

/// The end of a session is no earlier than its steps of that day.
fn rest_on_steps(recorder: &Recorder<'_>, session: &RecordId) -> Result<(), CliError> {
    let (Some(_), Ok(ledger)) = (recorder.on(), recorder.ledger("the steps")) else {
        return Ok(());
    };
    let reader = ledger.read()?;
    let steps = reader.entry(session)?.map(|session| reader.about(session, usize::MAX));
    for step in steps.transpose()?.unwrap_or_default() {
        recorder.cause(step)?;
    }
    Ok(())
}

/// The session that is meant: as typed, else the only one of the party that is open.
pub(super) fn open_session(
    recorder: &Recorder<'_>,
    typed: Option<&OsStr>,
) -> Result<RecordId, CliError> {
    if let Some(typed) = typed {
        return recorder.id(typed, SESSIONS);
    }
    let party = recorder.party()?.entry;
    let reader = recorder.ledger("the open session")?.read()?;
    let open = reader.open_sessions_of(party, MAX_LISTED)?;
    let handle = recorder.handle().clone();
    match open.as_slice() {
        [] => Err(CliError::NoOpenSession { handle }),
        [only] => recorder.cause(*only),
        several => {
            let sessions: Vec<String> = several.iter().map(ToString::to_string).collect();
            Err(CliError::WhichSession { handle, sessions: sessions.join(", ") })
        }
    }
}
