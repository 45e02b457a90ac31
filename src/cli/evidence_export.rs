//! `evidence export`: writes the bundle about a work, a contract or a party.

use super::question::digest_of;
use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::admission::View;
use crate::evidence::{Draft, DraftOpening, Subject};
use crate::ledger::answer::{Needed, resolve};
use crate::ledger::{GatherError, LedgerError, gather};
use crate::record::{Commitment, Entry, Kind, Record};
use crate::store::Reader;
use crate::vault::Vault;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:
  deedbook evidence export spring.png -o case.zip
  deedbook evidence export northlight/share@1 -o contract.zip
  deedbook evidence export spring.png -o case.zip --reveal all";

/// What evidence is about.
const KINDS: &[Kind] = &[Kind::Work, Kind::Contract, Kind::Party];
/// Reveals every prompt, reason and note of the works that the bundle is about, and of their sessions, and
/// the exact bytes of what their files say of themselves.
const ALL: &str = "all";
/// The first digits by which a commitment may be named, as `prompt show` prints them.
const MIN_DIGITS: usize = 8;

/// Write one file that proves the history of a work, a contract or a party
///
/// A zip with every statement that bears on it, each with the register's receipt, the signed head of the
/// log, and the texts of the terms. Anyone can check it with `deedbook verify`, without this ledger.
/// Nothing of the vault goes in unless `--reveal` names it, and what is in cannot be taken back.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The work or a file of it, the contract, or the party
    #[arg(value_name = "REF")]
    subject: OsString,
    /// Write to this new file
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Open this commitment to a prompt, a reason or the exact bytes of what a file says, by its first
    /// digits as `prompt show` and `session show` print them, or `all`
    #[arg(long, value_name = "COMMITMENT")]
    reveal: Vec<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        if self.output.exists() {
            return Err(CliError::FileExists { path: self.output });
        }
        let ledger = session.read()?;
        let key = session.ledger_key()?;
        let key = key.ed25519_secret().ok_or(LedgerError::WrongLedgerKey)?;
        let reader = ledger.read()?;
        let subject = resolve(&reader, &self.subject, Needed::AnyOf(KINDS), None, digest_of)?;
        let mut draft = gather(&reader, subject)?.draft(&reader)?;
        draft.openings = openings(&reader, &draft, &self.reveal, &session.vault())?;
        let exported = Exported {
            subject: draft.subject,
            concerns: draft.selection.concerns.len(),
            supports: draft.selection.supports.len(),
            tree_size: reader.size()?,
            revealed: draft.openings.len(),
            lines_of_others: lines_of_others(&draft)?,
            path: self.output,
        };
        let bytes = draft.seal(key, ledger.now())?;
        write_new(&exported.path, &bytes)?;
        Ok(exported.into())
    }
}

/// What is revealed: commitments of the works that the bundle tells whole and of their sessions, by
/// whoever's choice.
fn openings(
    reader: &Reader<'_>,
    draft: &Draft,
    named: &[String],
    vault: &Vault,
) -> Result<Vec<DraftOpening>, CliError> {
    let committed = commitments(reader, draft)?;
    let mut chosen = BTreeSet::new();
    for name in named {
        if name == ALL {
            chosen.extend(committed.iter().copied());
            continue;
        }
        let fits = |commitment: &&Commitment| commitment.to_string().starts_with(name);
        let found: Vec<_> = committed.iter().filter(fits).collect();
        match found.as_slice() {
            [commitment] if name.len() >= MIN_DIGITS => chosen.insert(**commitment),
            _ => return Err(CliError::Reveal { found: name.clone() }),
        };
    }
    let open = |commitment: Commitment| {
        let opening = vault.find(&commitment)?;
        let opening = opening.ok_or(CliError::NotInVault { commitment })?;
        Ok(DraftOpening { salt: opening.salt().clone(), bytes: opening.bytes().to_vec() })
    };
    chosen.into_iter().map(open).collect()
}

/// Of the works that it tells whole, and of the sessions in which they were made.
fn commitments(reader: &Reader<'_>, draft: &Draft) -> Result<BTreeSet<Commitment>, CliError> {
    let mut commitments = BTreeSet::new();
    for entry in &draft.selection.concerns {
        let is_told = match reader.kind(*entry)? {
            Some(Kind::Work) => draft.selection.works.contains(entry),
            Some(_) | None => true,
        };
        if is_told {
            commitments.extend(reader.statement(*entry)?.record().commitments());
        }
    }
    Ok(commitments)
}

impl From<GatherError> for CliError {
    /// What failed below is told as it is everywhere else.
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Store(error) => error.into(),
            GatherError::Answer(error) => error.into(),
            GatherError::Record(_)
            | GatherError::NotASubject { .. }
            | GatherError::TooMany { .. }
            | GatherError::Cosignature { .. }
            | GatherError::Missing { .. } => Self::Gather(Box::new(error)),
        }
    }
}

/// What was written.
struct Exported {
    subject: Subject,
    concerns: usize,
    supports: usize,
    tree_size: u64,
    revealed: usize,
    /// Lines of attestations that name no file of a work in the bundle.
    lines_of_others: usize,
    path: PathBuf,
}

/// An attestation is signed as a whole, so that whoever gets a bundle gets the lines about other files, too.
fn lines_of_others(draft: &Draft) -> Result<usize, CliError> {
    let mut files = BTreeSet::new();
    let mut attested = Vec::new();
    for entry in &draft.entries {
        let statement = Entry::decode(&entry.leaf).map_err(GatherError::from)?.statement;
        if let Record::Work(work) = statement.record() {
            files.extend(work.contents.iter().map(|content| content.digest));
        }
        if let Record::Attestation(attestation) = statement.record() {
            attested.extend(attestation.outputs.iter().map(|output| output.digest));
        }
    }
    Ok(attested.iter().filter(|digest| !files.contains(digest)).count())
}

impl Output for Exported {
    fn json(&self) -> Value {
        json!({
            "kind": self.subject.kind.to_string(),
            "entry": self.subject.entry,
            "id": self.subject.id.to_string(),
            "concerns": self.concerns,
            "supports": self.supports,
            "revealed": self.revealed,
            "lines_of_others": self.lines_of_others,
            "tree_size": self.tree_size,
            "path": self.path.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        let Subject { kind, entry, .. } = self.subject;
        text.heading(format!("The evidence about {kind} {entry} is written"));
        text.field("file", self.path.display());
        text.field("entries that concern it", self.concerns);
        text.field("entries that those rest on", self.supports);
        text.field("prompts revealed", self.revealed);
        text.field("as of entries of the log", self.tree_size);
        if self.lines_of_others > 0 {
            text.blank();
            text.line(format!(
                "Attestations in it have {} lines about other files, since what a provider signed cannot be cut. \
                 Whoever gets the file can read them.",
                self.lines_of_others
            ));
        }
        text.blank();
        text.line(format!("Anyone can check it: deedbook verify {}", self.path.display()));
    }
}
