//! `witness add`, `witness remove`, `witness quorum`: who is asked to cosign, and how many are enough.

use super::{CliError, Output, Session, Text, witness_policy};
use crate::tlog::{PolicyWitness, WitnessKey, WitnessPolicy};
use clap::Args;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const ADD_EXAMPLE: &str = "Example:\n  deedbook witness add https://witness.example \
    witness.example/w1+d50d6f43+BAqxLWsIKoialLF3jMWxnU0ifeIygBDPzD4xe5s5nXIo";
const REMOVE_EXAMPLE: &str = "Example:\n  deedbook witness remove witness.example/w1";
const QUORUM_EXAMPLE: &str = "Example:\n  deedbook witness quorum 2";

/// Have a witness cosign the heads of this ledger
///
/// The key is the verifier key that the witness publishes (name, key id and key, joined by `+`). Hand
/// the witness the ledger's own, which `witness list` prints. From then on every recording command asks
/// it after the commit, for a few seconds at most; the entry stands whatever it answers.
#[derive(Debug, Args)]
#[command(after_long_help = ADD_EXAMPLE)]
pub(super) struct AddArguments {
    /// Where it is asked: the URL before `/add-checkpoint`
    #[arg(value_name = "URL")]
    url: String,
    /// Its name and public key
    #[arg(value_name = "VKEY")]
    key: String,
    /// How many witnesses are enough [default: as before, and 1 with the first]
    #[arg(long, value_name = "K")]
    quorum: Option<usize>,
}

/// No longer ask a witness
///
/// Cosignatures that are kept stay.
#[derive(Debug, Args)]
#[command(after_long_help = REMOVE_EXAMPLE)]
pub(super) struct RemoveArguments {
    /// Its name, or its name and public key
    #[arg(value_name = "WITNESS")]
    witness: String,
    /// How many of the others are enough [default: as before, and at most all of them]
    #[arg(long, value_name = "K")]
    quorum: Option<usize>,
}

/// Say how many witnesses are enough
#[derive(Debug, Args)]
#[command(after_long_help = QUORUM_EXAMPLE)]
pub(super) struct QuorumArguments {
    /// How many must have cosigned a head
    #[arg(value_name = "K")]
    quorum: usize,
}

impl AddArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let key: WitnessKey = self.key.parse().map_err(|error| CliError::WitnessKey { error })?;
        change(session, |policy| {
            let mut witnesses = policy.witnesses().to_vec();
            let url = Some(self.url.trim_end_matches('/').to_owned());
            witnesses.retain(|known| known.key != key);
            witnesses.push(PolicyWitness { key, url });
            let quorum = self.quorum.unwrap_or(policy.quorum().max(1));
            Ok((witnesses, quorum))
        })
    }
}

impl RemoveArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        change(session, |policy| {
            let is_meant = |known: &&PolicyWitness| {
                known.key.name().as_str() == self.witness || known.key.to_string() == self.witness
            };
            let meant: Vec<_> = policy.witnesses().iter().filter(is_meant).collect();
            let found = || OsString::from(&self.witness);
            match meant.as_slice() {
                [_] => {}
                [] => {
                    let hint = "`deedbook witness list` shows who is asked".to_owned();
                    let needed = "a witness";
                    return Err(CliError::NotFound { found: found(), needed, hint });
                }
                _ => {
                    let needed = "one witness alone: give its name and public key";
                    return Err(CliError::Value { found: found(), needed });
                }
            }
            let mut witnesses = policy.witnesses().to_vec();
            witnesses.retain(|known| !is_meant(&known));
            let quorum = self.quorum.unwrap_or(policy.quorum().min(witnesses.len()));
            Ok((witnesses, quorum))
        })
    }
}

impl QuorumArguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        change(session, |policy| Ok((policy.witnesses().to_vec(), self.quorum)))
    }
}

fn change(
    session: &Session<'_>,
    changed: impl FnOnce(&WitnessPolicy) -> Result<(Vec<PolicyWitness>, usize), CliError>,
) -> Result<Box<dyn Output>, CliError> {
    let ledger = session.read()?;
    let before = witness_policy::of_ledger(session, &ledger)?;
    let (witnesses, quorum) = changed(&before)?;
    let path = session.witnesses_path();
    let policy = witness_policy::with(&ledger, path, witnesses, quorum)?;
    witness_policy::write(session, &policy)?;
    let ledger_key = ledger.verifier().verifier_key();
    Ok(Policy { policy, ledger_key, path: path.to_owned() }.into())
}

/// The policy as it is now.
struct Policy {
    policy: WitnessPolicy,
    ledger_key: String,
    path: PathBuf,
}

impl Output for Policy {
    fn json(&self) -> Value {
        let witness = |witness: &PolicyWitness| {
            json!({
                "witness": witness.key.name().as_str(),
                "key": witness.key.to_string(),
                "url": witness.url,
            })
        };
        json!({
            "ledger_key": self.ledger_key,
            "quorum": self.policy.quorum(),
            "witnesses": self.policy.witnesses().iter().map(witness).collect::<Vec<_>>(),
            "policy": self.path.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        let (quorum, count) = (self.policy.quorum(), self.policy.witnesses().len());
        text.heading(format_args!("{quorum} of {count} witnesses are enough"));
        for witness in self.policy.witnesses() {
            let url = witness.url.as_deref().unwrap_or("nowhere");
            text.field(witness.key.name().as_str(), format_args!("asked at {url}"));
        }
        text.field("policy", self.path.display());
        text.blank();
        text.remark("Each witness must know this ledger by its key:");
        text.line(&self.ledger_key);
    }
}
