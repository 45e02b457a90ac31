//! `session generated`, `reject`, `select`, `edit`, `note`: one step of a creation, told as it happens.

use super::claimed::Claimed;
use super::recorder::Recorder;
use super::register::{opening, openings, parameters, prompt, read_content};
use super::registered::Entered;
use super::session_start::open_session;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::intake::Examined;
use crate::ledger::answer::session as replayed;
use crate::record::{Act, Content, Generation, Name, RecordId, SessionSteps, Step, Timestamp};
use crate::vault::Opening;
use clap::Args;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Fewest digits of a digest that name a file of the session.
const MIN_DIGITS: usize = 8;

/// Which session, and who says it.
#[derive(Debug, Args)]
struct Telling {
    /// The session [default: the one that is open]
    #[arg(long, value_name = "SESSION")]
    session: Option<OsString>,
    #[command(flatten)]
    signing: SigningArguments,
}

/// Record a file that a tool has made
///
/// `--on` says when, where that is not now. The file stays where it is. `watch` does the same for each
/// file of a folder as it appears.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook session generated out-01.png --as wen --prompt-file prompt.txt \\\n      --model \"northlight-xl 2.1\" --param steps=33 --seed 42"
)]
pub(super) struct Generated {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A file with a prompt, kept private; may be repeated
    #[arg(long = "prompt-file", value_name = "FILE")]
    prompt_files: Vec<PathBuf>,
    /// A file with a negative prompt, kept private; may be repeated
    #[arg(long = "negative-prompt-file", value_name = "FILE")]
    negative_prompt_files: Vec<PathBuf>,
    /// The model and its version
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// The digest of the model, as the tool writes it
    #[arg(long, value_name = "DIGEST")]
    model_digest: Option<String>,
    /// The program that ran the model
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
    /// The pseudonym of your account with the provider
    #[arg(long, value_name = "PSEUDONYM")]
    account: Option<String>,
    /// A low-rank adaptation with its weight, such as "portrait 0.8"; may be repeated
    #[arg(long = "lora", value_name = "LORA")]
    loras: Vec<String>,
    /// A parameter of the generation; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The seed of the random numbers
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// A remark, kept private
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    telling: Telling,
}

impl Generated {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let name = |typed: Option<String>| typed.map(Name::new).transpose();
        let mut generation = Generation {
            seed: self.seed,
            tool: name(self.tool)?,
            loras: self.loras.into_iter().map(Name::new).collect::<Result<_, _>>()?,
            model: name(self.model)?,
            account: name(self.account)?,
            prompts: Vec::new(),
            parameters: parameters(&self.parameters)?,
            model_digest: name(self.model_digest)?,
        };
        let prompts = openings(&self.prompt_files, &self.negative_prompt_files)?;
        let examined = Examined::read(&self.file)?;
        let mut claimed = Claimed::of(&self.file, &examined, true)?;
        for warning in &claimed.warnings {
            session.printer().warning(warning);
        }
        let mut openings = std::mem::take(&mut claimed.openings);
        for (role, opening) in prompts {
            generation.prompts.push(prompt(role, &opening));
            openings.push(opening);
        }
        let (generation, _) = claimed.complete(generation);
        let generation = Some(generation).filter(|told| *told != Generation::default());
        let file = claimed.into_content(&examined);
        self.telling.tell(session, self.note, openings, |telling| {
            Ok(Step { generation, ..Step::generated(telling.at, file) })
        })
    }
}

/// A judgement of an output: what `reject` and `select` have in common.
#[derive(Debug, Args)]
pub(super) struct Judged {
    /// The file, or the first digits of its digest
    #[arg(value_name = "FILE")]
    file: OsString,
    /// Why, kept private
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    telling: Telling,
}

impl Judged {
    /// Runs the command: `step` says which judgement it is.
    pub(super) fn run(
        self,
        session: &Session<'_>,
        step: fn(Timestamp, Content) -> Step,
    ) -> Result<Box<dyn Output>, CliError> {
        let file = self.file;
        self.telling.tell(session, self.reason, Vec::new(), |telling| {
            Ok(step(telling.at, telling.output(&file)?))
        })
    }
}

/// Record that a file was edited: what it was before, and what came out
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook session edit out-07.png out-07-retouched.png --as wen --reason \"sky and hands redrawn\""
)]
pub(super) struct Edit {
    /// What it was before: a file, or the first digits of the digest of an output
    #[arg(value_name = "BEFORE")]
    before: OsString,
    /// The file that came out
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// What was done and why, kept private
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    telling: Telling,
}

impl Edit {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let after = read_content(&self.after)?;
        let before = self.before;
        self.telling.tell(session, self.reason, Vec::new(), |telling| {
            Ok(Step::edited(telling.at, telling.output(&before)?.digest, after))
        })
    }
}

/// Record a remark
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  deedbook session note \"warmer light, and further away\" --as wen"
)]
pub(super) struct Note {
    /// The remark, kept private
    #[arg(value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    telling: Telling,
}

impl Note {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let note = opening(self.text.into_bytes())?;
        let commitment = note.commitment();
        let note = vec![note];
        self.telling.tell(session, None, note, |telling| Ok(Step::noted(telling.at, commitment)))
    }
}

/// A step about to be told.
struct Told<'a> {
    recorder: &'a Recorder<'a>,
    session: RecordId,
    at: Timestamp,
}

impl Told<'_> {
    /// A file as typed, or the output of the session whose digest begins so.
    fn output(&self, typed: &OsStr) -> Result<Content, CliError> {
        let path = Path::new(typed);
        let digits = typed.to_str().filter(|text| {
            text.len() >= MIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let Some(digits) = digits.filter(|_| !path.exists()) else {
            return read_content(path);
        };
        let reader = self.recorder.ledger("the files of the session")?.read()?;
        let needed = "a file, or the digest of a file of the session";
        let refused = || CliError::Value { found: typed.to_owned(), needed };
        let session = reader.entry_number(&self.session)?.ok_or_else(refused)?;
        let steps = replayed(&reader, session, None)?.steps;
        let made = steps.iter().filter(|step| step.act.makes());
        let files = made.filter_map(|step| step.digest.zip(step.size_bytes));
        let mut fitting: Vec<_> =
            files.filter(|(digest, _)| digest.to_string().starts_with(digits)).collect();
        fitting.sort_unstable();
        fitting.dedup();
        match fitting.as_slice() {
            [(digest, size)] => Ok(Content::new(*size, *digest)),
            [] => Err(refused()),
            several => {
                let candidates = several.iter().map(|(digest, _)| digest.to_string());
                let candidates = candidates.collect::<Vec<_>>().join(" or ");
                Err(CliError::Ambiguous { found: typed.to_owned(), candidates })
            }
        }
    }
}

impl Telling {
    /// Makes the step and records it, with its reason and what else opens its commitments.
    fn tell(
        self,
        session: &Session<'_>,
        reason: Option<String>,
        mut openings: Vec<Opening>,
        make: impl FnOnce(&Told<'_>) -> Result<Step, CliError>,
    ) -> Result<Box<dyn Output>, CliError> {
        let reason = reason.map(|it| opening(it.into_bytes())).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let id = open_session(&recorder, self.session.as_deref())?;
        let at = recorder.effective_at();
        let mut step = make(&Told { recorder: &recorder, session: id, at })?;
        if let Some(reason) = reason {
            step.note = Some(reason.commitment());
            openings.push(reason);
        }
        let record = SessionSteps { steps: vec![step.clone()], session: id };
        let registered = recorder.record_opened(record, &openings)?;
        let sentence = match step.act {
            Act::Generated => "generated: the file is recorded",
            Act::Rejected => "rejected: the file is put aside",
            Act::Selected => "selected: the file is chosen",
            Act::Edited => "edited: both files are recorded, before and after",
            Act::Noted => "noted: the remark is kept private and committed to",
        };
        let digest = step.file.as_ref().map(|file| file.digest.to_string());
        let commitments: Vec<String> = step.commitments().map(|it| it.to_string()).collect();
        let mut entered = Entered::new(registered, sentence)
            .named("session", id.to_string())
            .named("act", step.act.name())
            .named("at", at.to_string())
            .named("digest", digest.clone())
            .named("before", step.before.map(|before| before.to_string()))
            .named("commitments", commitments)
            .field("at", at);
        if let Some(before) = step.before {
            entered = entered.field("before", before);
        }
        if let Some(digest) = digest {
            entered = entered.field("file", digest);
        }
        Ok(entered.field("session", id).into())
    }
}
