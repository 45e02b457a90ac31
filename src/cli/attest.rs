//! `attest`: a provider says what its service made, one output or a log of them.

use super::recorder::{Recorder, write_statements};
use super::register::opening;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session, Text};
use crate::admission::{AttestedRow, View};
use crate::intake::{
    self, AttestationLog, AttestationLogError, LogFormat, LoggedOutput, read_prompt,
};
use crate::ledger::{Recorded, in_statements, new_attestations};
use crate::record::{
    Attestation, AttestedOutput, Commitment, Digest, Name, Reference, Timestamp, hex,
};
use crate::vault::Opening;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Examples:
  deedbook attest spring.png --account studio-7 --model \"northlight-xl 2.1\" --reference req-17 --as northlight
  deedbook attest --log generations.jsonl --as northlight --dry-run
  deedbook attest --log generations.csv --as northlight";

/// Attest what a service gave out: which output, for which account, by which model, when
///
/// For providers. The attestation and the registration of a work meet by the digest of the file,
/// whichever came first, and `deedbook show WORK` says which of the two there is. A log is attested
/// whole or not at all; outputs that were attested before are left out, by their reference. See
/// schema/attestation-v1.md.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The output, byte for byte as it was given out
    #[arg(value_name = "FILE", required_unless_present_any = ["digest", "log"], conflicts_with_all = ["digest", "log"])]
    file: Option<PathBuf>,
    /// The BLAKE3-256 digest of the output, in hexadecimal digits, instead of the file
    #[arg(long, value_name = "HEX", conflicts_with = "log")]
    digest: Option<String>,
    /// The pseudonym of the account, never a name or an address
    #[arg(long, value_name = "ACCOUNT", required_unless_present = "log", conflicts_with = "log")]
    account: Option<String>,
    /// The model and its version
    #[arg(long, value_name = "MODEL", required_unless_present = "log", conflicts_with = "log")]
    model: Option<String>,
    /// The provider's own name for the request, which stands for one output for good
    #[arg(long, value_name = "REFERENCE", required_unless_present = "log", conflicts_with = "log")]
    reference: Option<String>,
    /// The commitment to the prompt that the creator gave along with it
    #[arg(long, value_name = "HEX", conflicts_with_all = ["log", "prompt_file"])]
    prompt_commitment: Option<String>,
    /// The prompt, kept private in the vault: commits to it under a salt of the provider's own
    #[arg(long, value_name = "FILE", conflicts_with = "log")]
    prompt_file: Option<PathBuf>,
    /// A log of outputs: JSON lines, or CSV with a heading
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// How the log is written [default: what the name of the file ends with]
    #[arg(long, value_name = "FORMAT", requires = "log")]
    format: Option<FormatChoice>,
    /// Show what would be attested, and record nothing
    #[arg(long, requires = "log", conflicts_with = "out")]
    dry_run: bool,
    #[command(flatten)]
    signing: SigningArguments,
}

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a heading
    Csv,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        match &self.log {
            Some(path) => self.log(session, path),
            None => self.one(session),
        }
    }

    fn one(&self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let digest = match (&self.file, &self.digest) {
            (Some(file), _) => intake::Content::read(file)?.digest,
            (None, digest) => Digest::from_bytes(hexadecimal(digest.as_deref().unwrap_or(""))?),
        };
        let account = Name::new(self.account.as_deref().unwrap_or_default())?;
        let model = Name::new(self.model.as_deref().unwrap_or_default())?;
        let reference = Reference::new(self.reference.as_deref().unwrap_or_default())?;
        let given = self.prompt_commitment.as_deref().map(hexadecimal).transpose()?;
        let given = given.map(Commitment::from_bytes);
        let prompt = self.prompt_file.as_deref().map(read_prompt).transpose()?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let earlier = earlier(&recorder, &reference)?;
        // What is said again without a time is said of the time that was given first.
        let at = recorder.on().or(earlier.as_ref().map(|row| row.effective_at));
        let at = at.unwrap_or_else(|| recorder.effective_at());
        let (committed, fresh) = match prompt {
            None => (given, None),
            Some(bytes) => commit(session, earlier.and_then(|row| row.prompt), bytes)?,
        };
        let prompt = committed.map(|commitment| commitment.to_string());
        let output = AttestedOutput { digest, at, reference, account, model, prompt: committed };
        let AttestedOutput { reference, account, model, .. } = output.clone();
        let attestation = Attestation { outputs: vec![output] };
        let registered = recorder.record_opened(attestation, fresh.as_slice())?;
        let sentence = format!("`{}` attests an output of its service", recorder.handle());
        let entered = Entered::new(registered, sentence)
            .named("digest", digest.to_string())
            .named("account", account.as_str())
            .named("model", model.as_str())
            .named("reference", reference.as_str())
            .named("at", at.to_string())
            .named("prompt_commitment", prompt.clone())
            .field("digest", digest)
            .field("account", account)
            .field("model", model)
            .field("given out", at)
            .field("reference", reference);
        Ok(match prompt {
            Some(prompt) => entered.field("prompt commitment", prompt).into(),
            None => entered.into(),
        })
    }

    fn log(&self, session: &Session<'_>, path: &Path) -> Result<Box<dyn Output>, CliError> {
        if self.signing.statement.on.is_some() {
            let found = "--on".into();
            let needed = "left out: a log says of each output when it was given out";
            return Err(CliError::Value { found, needed });
        }
        let format = match self.format {
            Some(FormatChoice::Jsonl) => LogFormat::JsonLines,
            Some(FormatChoice::Csv) => LogFormat::Csv,
            None => LogFormat::of_path(path).ok_or_else(|| CliError::Value {
                found: path.into(),
                needed: "a log that ends with .jsonl, .ndjson or .csv, or `--format`",
            })?,
        };
        let progress = session.printer().progress("reading the log", None);
        let log = AttestationLog::open(path, format).map_err(|error| match error {
            AttestationLogError::File(error) => error.into(),
            error => CliError::AttestationLog { path: path.to_owned(), error: Box::new(error) },
        })?;
        drop(progress);
        let mut recorder = Recorder::open(session, &self.signing)?;
        let (attestations, new, known) = plan(&recorder, session.now(), path, log.outputs)?;
        let made = Made { new, known, statements: attestations.len(), fate: Fate::TakenBack };
        let statements = recorder.sign_all(attestations)?;
        let fate = match &self.signing.statement.out {
            Some(_) if statements.is_empty() => Fate::Signed(Vec::new()),
            Some(out) => Fate::Signed(write_statements(out, &statements)?),
            None => {
                let recorded = recorder.submit_all(&statements, self.dry_run)?;
                if self.dry_run { Fate::TakenBack } else { Fate::Recorded(recorded) }
            }
        };
        Ok(Made { fate, ..made }.into())
    }
}

/// What of a log is new; all of it, away from the ledger.
fn plan(
    recorder: &Recorder<'_>,
    now: Timestamp,
    path: &Path,
    logged: Vec<LoggedOutput>,
) -> Result<(Vec<Attestation>, usize, usize), CliError> {
    let Ok(party) = recorder.party() else {
        let outputs: Vec<AttestedOutput> = logged.into_iter().map(|it| it.output).collect();
        let new = outputs.len();
        return Ok((in_statements(outputs), new, 0));
    };
    let reader = recorder.ledger("what was attested before")?.read()?;
    let found = new_attestations(&reader, party.entry, logged, now).map_err(|error| {
        let path = path.to_owned();
        CliError::Attesting { path, error: Box::new(error) }
    })?;
    Ok((found.attestations, found.new_outputs, found.known_outputs))
}

/// What the provider attested under a reference before.
fn earlier(
    recorder: &Recorder<'_>,
    reference: &Reference,
) -> Result<Option<AttestedRow>, CliError> {
    match recorder.party() {
        Ok(party) => Ok(recorder.ledger("the party")?.read()?.attested(party.entry, reference)?),
        Err(_) => Ok(None),
    }
}

/// A commitment to a prompt under a fresh salt, with what opens it; the earlier one where the vault
/// opens that to the same prompt.
fn commit(
    session: &Session<'_>,
    earlier: Option<Commitment>,
    bytes: Vec<u8>,
) -> Result<(Option<Commitment>, Option<Opening>), CliError> {
    let vault = session.vault();
    if let Some(commitment) = earlier
        && let Some(opening) = vault.find(&commitment)?
        && opening.bytes() == bytes
    {
        return Ok((Some(commitment), None));
    }
    let fresh = opening(bytes)?;
    Ok((Some(fresh.commitment()), Some(fresh)))
}

fn hexadecimal(typed: &str) -> Result<[u8; 32], CliError> {
    hex::decode_32(typed)
        .map_err(|_| CliError::Value { found: typed.into(), needed: "64 hexadecimal digits" })
}

/// What became of the statements.
enum Fate {
    Recorded(Vec<Recorded>),
    TakenBack,
    /// Written to these files.
    Signed(Vec<PathBuf>),
}

/// The answer about a log.
struct Made {
    new: usize,
    known: usize,
    statements: usize,
    fate: Fate,
}

impl Made {
    fn sentence(&self) -> String {
        let outputs =
            |count| if count == 1 { "1 output".into() } else { format!("{count} outputs") };
        let known = match self.known {
            0 => String::new(),
            known => format!("; {} attested before", outputs(known)),
        };
        if self.new == 0 {
            return format!("nothing is new, and nothing was added{known}");
        }
        let statements = if self.statements == 1 {
            "1 statement".into()
        } else {
            format!("{} statements", self.statements)
        };
        let what = format!("{} in {statements}", outputs(self.new));
        match &self.fate {
            Fate::Recorded(_) => format!("attested {what}{known}"),
            Fate::TakenBack => format!("{what} would be attested{known}"),
            Fate::Signed(_) => format!(
                "signed {what}, and submitted to no ledger yet: `deedbook submit` does that{known}"
            ),
        }
    }
}

impl Output for Made {
    fn json(&self) -> Value {
        let recorded = match &self.fate {
            Fate::Recorded(recorded) => recorded.as_slice(),
            Fate::TakenBack | Fate::Signed(_) => &[],
        };
        let entries: Vec<Value> = recorded
            .iter()
            .map(|it| json!({ "entry": it.entry.get(), "id": it.id.to_string() }))
            .collect();
        let mut answer = json!({
            "dry_run": matches!(self.fate, Fate::TakenBack),
            "new_outputs": self.new,
            "known_outputs": self.known,
            "statements": self.statements,
            "entries": entries,
        });
        if let Fate::Signed(paths) = &self.fate {
            answer["out"] = paths.iter().map(|path| path.to_string_lossy()).collect();
        }
        answer
    }

    fn text(&self, text: &mut Text) {
        text.heading(self.sentence());
        match &self.fate {
            Fate::Recorded(recorded) => {
                if let (Some(first), Some(last)) = (recorded.first(), recorded.last()) {
                    let entries = if first.entry == last.entry {
                        first.entry.to_string()
                    } else {
                        format!("{} to {}", first.entry, last.entry)
                    };
                    text.field("entries", entries);
                }
            }
            Fate::Signed(paths) => {
                for path in paths {
                    text.field("statement", path.display());
                }
            }
            Fate::TakenBack => {}
        }
    }
}
