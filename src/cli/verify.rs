//! `verify`: checks the whole ledger from the bytes up, or a bundle of evidence by itself.

use super::verify_bundle::BundleQuestion;
use super::{CliError, Exit, Output, Session, Text};
use crate::ledger::{Integrity, LedgerError, Verification};
use crate::record::EntryNumber;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLE: &str = "Examples:
  deedbook verify
  deedbook verify case.zip --file disputed.png
  deedbook verify case.zip --policy policy.toml --as-of 2026-03-01";

/// Verify the whole ledger from the bytes up, or a bundle of evidence by itself
///
/// Without a file: recomputes every hash, signature and checkpoint, replays every admission and compares
/// what is stored with what follows from the entries. Names the first bad entry and exits with 3.
///
/// With a file that `evidence export` wrote: says what it proves, and exits with 3 and the first reason
/// where it proves nothing. No ledger and no network is touched, and no key is trusted but those that the
/// policy names.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// A bundle of evidence, instead of the ledger
    #[arg(value_name = "BUNDLE")]
    bundle: Option<PathBuf>,
    /// Whether this file is the content of the work that the bundle is about
    #[arg(long, value_name = "FILE", requires = "bundle")]
    file: Option<PathBuf>,
    /// Whom to trust, in TOML (schema/evidence-v1.md)
    #[arg(long, value_name = "FILE", requires = "bundle")]
    policy: Option<PathBuf>,
    /// Refuse a bundle for which the register does not sign that nothing is left out
    #[arg(long, requires = "bundle")]
    complete: bool,
    /// Who held title on this day [default: now]
    #[arg(long, value_name = "DATE", requires = "bundle")]
    as_of: Option<String>,
    /// As the ledger knew it on this day [default: all that the bundle tells]
    #[arg(long, value_name = "DATE", requires = "bundle")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        if let Some(bundle) = self.bundle {
            let Self { file, policy, complete, as_of, known_at, .. } = self;
            return BundleQuestion { bundle, file, policy, complete, as_of, known_at }.run(session);
        }
        let error = match examine(session) {
            Ok(verification) => return Ok(Whole(verification).into()),
            Err(CliError::Ledger(error)) => *error,
            Err(error) => return Err(error),
        };
        match error {
            LedgerError::Integrity(flaw) => Ok(Broken(*flaw).into()),
            error => Err(error.into()),
        }
    }
}

fn examine(session: &Session<'_>) -> Result<Verification, CliError> {
    let ledger = session.read()?;
    let total = ledger.read()?.size()?;
    let progress = session.printer().progress("entries", Some(total));
    Ok(ledger.verify(&mut |done, _| progress.at(done))?)
}

/// A ledger without a flaw.
struct Whole(Verification);

impl Output for Whole {
    fn json(&self) -> Value {
        json!({
            "ok": true,
            "entries": self.0.entries,
            "root": self.0.root.to_string(),
            "checkpoints": self.0.checkpoints,
            "cosignatures": self.0.cosignatures,
            "first_failure": null,
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading("the ledger is whole: every entry, signature and checkpoint holds");
        text.field("entries", self.0.entries);
        text.field("root", self.0.root);
        text.field("checkpoints", self.0.checkpoints);
        if self.0.cosignatures > 0 {
            text.field("cosignatures", self.0.cosignatures);
        }
    }
}

/// A ledger with a flaw.
struct Broken(Integrity);

impl Output for Broken {
    fn json(&self) -> Value {
        json!({
            "ok": false,
            "entries": null,
            "root": null,
            "checkpoints": null,
            "cosignatures": null,
            "first_failure": {
                "entry": self.0.entry.map(EntryNumber::get),
                "reason": self.0.flaw.to_string(),
            },
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading("the ledger is NOT what was written");
        let entry = self.0.entry.map_or("none by itself".to_owned(), |entry| entry.to_string());
        text.field("first bad entry", entry);
        text.field("reason", &self.0.flaw);
        text.blank();
        text.line(
            "Do not append to it. Keep this file as it is, and compare it with an older copy.",
        );
    }

    fn exit(&self) -> Exit {
        Exit::Integrity
    }
}
