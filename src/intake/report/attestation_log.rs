//! A provider's log of generations, as JSON lines or CSV: what `attest --log` attests.
//! `schema/attestation-v1.md` describes it.

use super::attestation_fault::{AttestationFault, AttestationLogError, AttestationProblem};
use super::fault::LineFault;
use super::rows::{MAX_FIELDS, MAX_LINE_BYTES, RowError, Rows};
use super::text::ReportText;
use crate::intake::IntakeError;
use crate::intake::regular_file::RegularFile;
use crate::record::{AttestedOutput, Commitment, Digest, Name, Reference, Timestamp, hex};
use encoding_rs::UTF_8;
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Lines of a log that are taken into memory: some 30 MB of outputs, in 200 statements or so.
pub const MAX_LOGGED_OUTPUTS: usize = 100_000;
/// Problems that are told.
const MAX_PROBLEMS: usize = 100;

/// The columns of a log in CSV, in order; the members of an object in JSON lines.
pub const LOG_COLUMNS: [&str; 6] =
    ["at", "digest", "account", "model", "reference", "prompt_commitment"];

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    JsonLines,
    /// Commas, and a heading of [`LOG_COLUMNS`].
    Csv,
}

impl LogFormat {
    /// The format that the name of a file ends with: CSV for `.csv`, JSON lines for `.jsonl` and
    /// `.ndjson`.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedOutput {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// What it says.
    pub output: AttestedOutput,
}

/// The lines of a log, in order, no reference twice.
///
/// ```
/// use deedbook::intake::{AttestationLog, LogFormat};
/// let digest = "0f".repeat(32);
/// let line = format!(
///     r#"{{"at":"2026-02-24T09:30:00Z","digest":"{digest}","account":"studio-7","model":"xl 2.1","reference":"r1"}}"#
/// );
/// let log = AttestationLog::read(line.as_bytes(), LogFormat::JsonLines, "log.jsonl".as_ref())?;
/// assert_eq!(log.outputs[0].output.account.as_str(), "studio-7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttestationLog {
    /// The lines.
    pub outputs: Vec<LoggedOutput>,
}

/// The members of a line, not yet looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    at: String,
    digest: String,
    account: String,
    model: String,
    reference: String,
    #[serde(default)]
    prompt_commitment: Option<String>,
}

impl AttestationLog {
    /// Reads a file.
    ///
    /// # Errors
    /// As [`AttestationLog::read`]; a path that leads to no regular file, or one that changes meanwhile.
    pub fn open(path: &Path, format: LogFormat) -> Result<Self, AttestationLogError> {
        let looked = RegularFile::look(path, u64::MAX)?;
        let file = File::open(path).map_err(IntakeError::io(path))?;
        looked.check_open(path, &file)?;
        let log = Self::read(file, format, path)?;
        looked.check_unchanged(path)?;
        Ok(log)
    }

    /// Reads a log whole. The path is what errors name.
    ///
    /// # Errors
    /// A file that cannot be read, has another heading, no lines, or more than
    /// [`MAX_LOGGED_OUTPUTS`]; every line that is wrong, up to a hundred.
    pub fn read(
        source: impl Read,
        format: LogFormat,
        path: &Path,
    ) -> Result<Self, AttestationLogError> {
        let mut reading = Reading::default();
        match format {
            LogFormat::JsonLines => reading.json_lines(source, path)?,
            LogFormat::Csv => reading.csv(source, path)?,
        }
        let Reading { log, problems, .. } = reading;
        if !problems.is_empty() {
            return Err(AttestationLogError::Lines { problems, more: false });
        }
        if log.outputs.is_empty() {
            return Err(AttestationLogError::NoLines);
        }
        Ok(log)
    }
}

/// A log on its way.
#[derive(Default)]
struct Reading {
    log: AttestationLog,
    problems: Vec<AttestationProblem>,
    /// The lines of the references.
    references: HashMap<Reference, u64>,
}

impl Reading {
    fn json_lines(&mut self, source: impl Read, path: &Path) -> Result<(), AttestationLogError> {
        let mut source = BufReader::new(source);
        let mut bytes = Vec::new();
        let limit = MAX_LINE_BYTES as u64 + 1;
        for line in 1.. {
            bytes.clear();
            let read = (&mut source).take(limit).read_until(b'\n', &mut bytes);
            if read.map_err(IntakeError::io(path))? == 0 {
                break;
            }
            let text = bytes.trim_ascii();
            if text.is_empty() {
                continue;
            }
            if bytes.len() > MAX_LINE_BYTES {
                let fault =
                    LineFault::TooLong { max_bytes: MAX_LINE_BYTES, max_fields: MAX_FIELDS };
                self.note(line, fault.into());
                let problems = std::mem::take(&mut self.problems);
                return Err(AttestationLogError::Lines { problems, more: true });
            }
            self.take(line, members(text))?;
        }
        Ok(())
    }

    fn csv(&mut self, source: impl Read, path: &Path) -> Result<(), AttestationLogError> {
        let io = |error| AttestationLogError::File(IntakeError::io(path)(error));
        let text = ReportText::new(source, UTF_8).map_err(io)?;
        let mut rows = Rows::new(text, b',', false);
        let mut is_heading = true;
        loop {
            match rows.advance() {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(RowError::Io(error)) => return Err(io(error)),
                Err(RowError::Fault(line, fault)) => {
                    self.note(line, fault.into());
                    let problems = std::mem::take(&mut self.problems);
                    return Err(AttestationLogError::Lines { problems, more: false });
                }
            }
            if std::mem::take(&mut is_heading) {
                check_heading(&rows)?;
                continue;
            }
            self.take(rows.line(), fields(&rows))?;
        }
    }

    /// Keeps a line, or what is wrong with it; an error where there is too much of either.
    fn take(
        &mut self,
        line: u64,
        members: Result<Members, AttestationFault>,
    ) -> Result<(), AttestationLogError> {
        if self.log.outputs.len() == MAX_LOGGED_OUTPUTS {
            return Err(AttestationLogError::TooManyLines { max: MAX_LOGGED_OUTPUTS });
        }
        match members.and_then(output) {
            Ok(output) => {
                let first = *self.references.entry(output.reference.clone()).or_insert(line);
                if first == line {
                    self.log.outputs.push(LoggedOutput { line, output });
                } else {
                    let reference = output.reference.to_string();
                    self.note(line, AttestationFault::ReferenceTwice { reference, first });
                }
            }
            Err(fault) => self.note(line, fault),
        }
        if self.problems.len() == MAX_PROBLEMS {
            let problems = std::mem::take(&mut self.problems);
            return Err(AttestationLogError::Lines { problems, more: true });
        }
        Ok(())
    }

    fn note(&mut self, line: u64, fault: AttestationFault) {
        self.problems.push(AttestationProblem { line, fault });
    }
}

fn members(text: &[u8]) -> Result<Members, AttestationFault> {
    // The reader of JSON would take a list of the values for the object.
    if text.first() != Some(&b'{') {
        let reason = "it must begin with `{`".to_owned();
        return Err(AttestationFault::Json { reason });
    }
    serde_json::from_slice(text).map_err(|error| {
        // "… at line 1 column 17" counts from the start of each object.
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        AttestationFault::Json { reason }
    })
}

fn check_heading<R: Read>(rows: &Rows<R>) -> Result<(), AttestationLogError> {
    let found: Vec<&str> =
        (0..rows.count()).map(|place| rows.field(place).unwrap_or("?")).collect();
    if found == LOG_COLUMNS {
        return Ok(());
    }
    let found = found.join(",").chars().take(200).collect();
    Err(AttestationLogError::Heading { found, needed: LOG_COLUMNS.join(",") })
}

fn fields<R: Read>(rows: &Rows<R>) -> Result<Members, AttestationFault> {
    let needed = LOG_COLUMNS.len();
    if rows.count() != needed {
        return Err(LineFault::Fields { found: rows.count(), needed }.into());
    }
    let field = |place: usize| {
        rows.field(place).map(str::to_owned).ok_or_else(|| AttestationFault::Line(rows.no_text()))
    };
    Ok(Members {
        at: field(0)?,
        digest: field(1)?,
        account: field(2)?,
        model: field(3)?,
        reference: field(4)?,
        prompt_commitment: Some(field(5)?).filter(|text| !text.is_empty()),
    })
}

fn output(members: Members) -> Result<AttestedOutput, AttestationFault> {
    let Members { at, digest, account, model, reference, prompt_commitment } = members;
    let columns = [
        ("at", &at),
        ("digest", &digest),
        ("account", &account),
        ("model", &model),
        ("reference", &reference),
    ];
    for (column, text) in columns {
        if text.is_empty() {
            return Err(AttestationFault::Empty { column });
        }
    }
    Ok(AttestedOutput {
        digest: Digest::from_bytes(decoded("digest", &digest)?),
        at: moment(&at)?,
        reference: Reference::new(reference)?,
        account: Name::new(account)?,
        model: Name::new(model)?,
        prompt: prompt_commitment
            .map(|text| decoded("prompt_commitment", &text))
            .transpose()?
            .map(Commitment::from_bytes),
    })
}

fn decoded(column: &'static str, text: &str) -> Result<[u8; 32], AttestationFault> {
    hex::decode_32(text).map_err(|_| {
        let found = text.chars().take(100).collect();
        AttestationFault::Hexadecimal { column, found }
    })
}

/// A day alone is no moment: a service knows when it answered.
fn moment(text: &str) -> Result<Timestamp, AttestationFault> {
    let refused = || AttestationFault::Moment { found: text.chars().take(100).collect() };
    if !text.contains('T') {
        return Err(refused());
    }
    Timestamp::parse_start(text).map_err(|_| refused())
}

#[cfg(test)]
mod tests;
