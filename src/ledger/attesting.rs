//! What of a provider's log is new: outputs in, attestations out, to be signed and submitted together.
//! Never signs and never appends.

use crate::admission::{AttestedRow, Refusal, View as _, check_attested_at};
use crate::intake::LoggedOutput;
use crate::record::{Attestation, AttestedOutput, EntryNumber, MAX_ATTESTED_OUTPUTS, Timestamp};
use crate::store::{Reader, StoreError};
use thiserror::Error;

/// Problems that are told.
const MAX_PROBLEMS: usize = 100;
/// Bytes of outputs and names in one statement: what an entry has, less some for header and signature.
const MAX_OUTPUT_BYTES: usize = 64_000;
/// Most bytes of an output beside its reference: head of the list 1, digest 34, moment 9, head of the
/// reference 2, places 3 and 3, commitment 34.
const OUTPUT_BYTES: usize = 86;
/// Most bytes before a name.
const NAME_HEAD_BYTES: usize = 3;

/// Statements that would say what is new in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAttestations {
    /// What is to be signed, in order of the log.
    pub attestations: Vec<Attestation>,
    /// Outputs that are new.
    pub new_outputs: usize,
    /// Outputs that were attested already, just as the log says.
    pub known_outputs: usize,
}

/// A line that cannot be attested.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {refusal}")]
pub struct AttestingProblem {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// The rule that it breaks.
    pub refusal: Box<Refusal>,
}

/// Why a log was not attested.
#[derive(Debug, Error)]
pub enum AttestingError {
    /// Lines that cannot be attested. The first of them is told here.
    #[error("{}{}", problems.first().map_or_else(String::new, ToString::to_string), further(problems.len()))]
    Lines {
        /// What is wrong, in order of lines, up to a hundred.
        problems: Vec<AttestingProblem>,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn further(found: usize) -> String {
    if found < 2 { String::new() } else { format!(", and {} more lines", found - 1) }
}

/// What of a log is new to the ledger.
///
/// # Errors
/// [`AttestingError::Lines`] for outputs of the future, and for references that stand for something
/// else already; a ledger that cannot be read.
pub fn new_attestations(
    reader: &Reader<'_>,
    provider: EntryNumber,
    logged: Vec<LoggedOutput>,
    now: Timestamp,
) -> Result<NewAttestations, AttestingError> {
    let (mut new, mut known_outputs, mut problems) = (Vec::new(), 0, Vec::new());
    for LoggedOutput { line, output } in logged {
        match compared(reader, provider, &output, now)? {
            Ok(true) => known_outputs += 1,
            Ok(false) => new.push(output),
            Err(refusal) => problems.push(AttestingProblem { line, refusal }),
        }
        if problems.len() == MAX_PROBLEMS {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(AttestingError::Lines { problems });
    }
    let new_outputs = new.len();
    Ok(NewAttestations { attestations: in_statements(new), new_outputs, known_outputs })
}

/// Whether the output is attested already; or the rule that it breaks.
fn compared(
    reader: &Reader<'_>,
    provider: EntryNumber,
    output: &AttestedOutput,
    now: Timestamp,
) -> Result<Result<bool, Box<Refusal>>, StoreError> {
    if let Err(refusal) = check_attested_at(output.at, now) {
        return Ok(Err(refusal));
    }
    let Some(earlier) = reader.attested(provider, &output.reference)? else {
        return Ok(Ok(false));
    };
    let row = AttestedRow::of((earlier.entry, earlier.place), provider, output);
    Ok(match earlier.differs_from(&row) {
        None => Ok(true),
        Some(what) => {
            let (reference, entry) = (output.reference.clone(), earlier.entry);
            Err(Box::new(Refusal::AttestedDifferently { reference, what, entry }))
        }
    })
}

/// Outputs in as few statements as hold them, in order.
///
/// ```
/// use deedbook::ledger::in_statements;
/// use deedbook::record::{AttestedOutput, Digest, Timestamp};
/// let output = |number: u32| AttestedOutput {
///     digest: Digest::of(&number.to_be_bytes()),
///     at: Timestamp::parse_start("2026-02-24").unwrap(),
///     reference: format!("r{number}").parse().unwrap(),
///     account: "studio-7".parse().unwrap(),
///     model: "northlight-xl 2.1".parse().unwrap(),
///     prompt: None,
/// };
/// let statements = in_statements((0..1500).map(output).collect());
/// assert_eq!(statements.iter().map(|it| it.outputs.len()).sum::<usize>(), 1500);
/// assert!(statements.len() < 4);
/// ```
pub fn in_statements(outputs: Vec<AttestedOutput>) -> Vec<Attestation> {
    let mut statements: Vec<Attestation> = Vec::new();
    let mut bytes = 0;
    for output in outputs {
        let names =
            NAME_HEAD_BYTES * 2 + output.account.as_str().len() + output.model.as_str().len();
        let size = OUTPUT_BYTES + output.reference.as_str().len();
        match statements.last_mut() {
            Some(last) if last.outputs.len() < MAX_ATTESTED_OUTPUTS => {
                let repeats = last.outputs.last().is_some_and(|before| {
                    before.account == output.account && before.model == output.model
                });
                let more = if repeats { size } else { size + names };
                if bytes + more <= MAX_OUTPUT_BYTES {
                    bytes += more;
                    last.outputs.push(output);
                    continue;
                }
            }
            Some(_) | None => {}
        }
        bytes = size + names;
        statements.push(Attestation { outputs: vec![output] });
    }
    statements
}
