//! `witness collect`: asks the witnesses to cosign the head, and what every recording command does of
//! it after the commit.

use super::cosigned::Cosigned;
use super::{CliError, Exit, Output, Session, witness_policy};
use crate::witness::WitnessClient;
use clap::Args;
use std::time::Duration;

/// How long one request to a witness may take, where somebody waits for the cosignatures.
const PATIENT: Duration = Duration::from_secs(15);
/// And after a commit, where somebody waits for the program to end. A witness is asked at most three
/// times, and all of them at once.
const BRIEF: Duration = Duration::from_millis(1500);

const EXAMPLE: &str = "Example:\n  deedbook witness collect";

/// Ask the witnesses to cosign the head of this ledger
///
/// Each is sent the latest checkpoint with the proof that it extends the one it saw last. What comes
/// back is verified and kept in the ledger file, beside the log. A witness that has seen another
/// history says so: the ledger was rolled back or forked (exit code 3). Too few cosignatures for the
/// quorum is exit code 1.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let found = ask(session, PATIENT)?;
        found.map(Into::into).ok_or(CliError::NoWitness)
    }
}

/// After a commit, once its answer is written: what came of it goes to the standard error stream. The
/// entry stands whatever that is.
pub(super) fn after_commit(session: &Session<'_>) -> Exit {
    let printer = session.printer();
    if !session.witnesses_path().exists() {
        return Exit::Done;
    }
    match ask(session, BRIEF) {
        Ok(None) => Exit::Done,
        Ok(Some(cosigned)) => {
            for (reason, contradicts) in cosigned.reasons() {
                if contradicts {
                    printer.alarm(&reason);
                } else {
                    printer.warning(&reason);
                }
            }
            printer.note("witnesses", &cosigned.line());
            if cosigned.is_contradicted() { Exit::Integrity } else { Exit::Done }
        }
        Err(error) => {
            printer.warning(&format!("the witnesses were not asked: {error}"));
            Exit::Done
        }
    }
}

/// None where the ledger has no witnesses.
fn ask(session: &Session<'_>, timeout: Duration) -> Result<Option<Cosigned>, CliError> {
    let ledger = session.read_unwarned()?;
    let policy = witness_policy::of_ledger(session, &ledger)?;
    if policy.witnesses().is_empty() {
        return Ok(None);
    }
    let client = WitnessClient::new(timeout);
    let collected = ledger.collect(policy.witnesses(), &client)?;
    Ok(Some(Cosigned { collected, quorum: policy.quorum() }))
}
