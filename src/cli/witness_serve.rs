//! `witness serve`: a witness for other people's logs.

use super::{CliError, Output, Session, Text, witness_policy};
use crate::ledger::{Clock as _, SystemClock};
use crate::record::Signer as _;
use crate::tlog::{CheckpointVerifier, CosignatureSigner, Origin};
use crate::witness::{KnownLogs, Limits, NowSeconds, Server, StateDirectory, Witness};
use clap::Args;
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLE: &str = "Example:\n  deedbook key new witness\n  deedbook witness serve \
    --key deedbook.db.keys/witness --name witness.example/w1 \\\n      --listen 127.0.0.1:8080 \
    --state witness-state \\\n      \
    --log register.example/deeds+d17d4816+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";

/// Run a witness, which cosigns checkpoints of logs that it knows
///
/// Implements C2SP tlog-witness: POST /add-checkpoint, and GET /HASH/checkpoint, where HASH is the
/// SHA-256 of a log's origin. A checkpoint is cosigned only where it extends the one before; the last
/// one of each log is all that is remembered, in the state directory. Losing that directory is losing
/// the memory: use a new key and name then. Put a server that speaks TLS in front. Ends at Ctrl-C and
/// SIGTERM.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The Ed25519 key that cosigns; use it for nothing else
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The name of the witness in cosignatures, unique in the world: a domain of yours with a path [default: made from the key]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where to listen; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The directory of what was cosigned last; made if it is not there
    #[arg(long, value_name = "DIRECTORY")]
    state: PathBuf,
    /// The name and key of a log to cosign for; may be repeated
    #[arg(long = "log", value_name = "VKEY")]
    logs: Vec<String>,
    /// A policy file whose ledgers to cosign for
    #[arg(long, value_name = "FILE", required_unless_present = "logs")]
    policy: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command as far as to the address; the server itself goes on once that is told.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut logs: Vec<CheckpointVerifier> = Vec::new();
        for log in &self.logs {
            logs.push(log.parse().map_err(|error| CliError::WitnessKey { error })?);
        }
        if let Some(path) = &self.policy {
            logs.extend_from_slice(witness_policy::read(path)?.ledgers());
        }
        let key = session.key_file(&self.key)?;
        let found = || self.key.clone().into_os_string();
        let needed = "the file of an Ed25519 key";
        let secret = key.ed25519_secret();
        let secret = secret.ok_or_else(|| CliError::Value { found: found(), needed })?.clone();
        let name = match &self.name {
            Some(name) => name.clone(),
            None => {
                let kid = key.public_key().thumbprint().to_string();
                format!("deedbook-witness/{}", kid.get(..8).unwrap_or(&kid))
            }
        };
        let name = Origin::new(&name).map_err(|error| CliError::WitnessKey { error })?;
        let signer = CosignatureSigner::new(name, secret);
        let signer = signer.map_err(|error| CliError::WitnessKey { error })?;
        let state = StateDirectory::open(&self.state)?;
        let witness = Witness::new(signer, KnownLogs::new(logs), state)?;
        let server = Server::bind(&self.listen)?;
        let serving = Serving {
            address: server.address().to_string(),
            name: witness.key().name().to_string(),
            key: witness.key().to_string(),
            logs: witness.logs().origins().map(ToString::to_string).collect(),
            state: self.state,
            server: Cell::new(Some((server, witness))),
        };
        Ok(serving.into())
    }
}

/// A witness that has its address.
struct Serving {
    address: String,
    name: String,
    key: String,
    logs: Vec<String>,
    state: PathBuf,
    server: Cell<Option<(Server, Witness)>>,
}

/// Whole seconds since 1970, by the machine's clock.
fn now_s() -> u64 {
    u64::try_from(SystemClock.now().as_millis() / 1000).unwrap_or(0)
}

impl Output for Serving {
    fn json(&self) -> Value {
        json!({
            "address": self.address,
            "url": format!("http://{}", self.address),
            "witness": self.name,
            "key": self.key,
            "logs": self.logs,
            "state": self.state.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading(format_args!("`{}` is a witness at http://{}", self.name, self.address));
        for log in &self.logs {
            text.field("log", log);
        }
        text.field("state", self.state.display());
        text.blank();
        text.remark("The key of this witness, for `deedbook witness add`:");
        text.line(&self.key);
    }

    fn go_on(&self) {
        if let Some((server, witness)) = self.server.take() {
            let now: NowSeconds = Arc::new(now_s);
            server.run(witness, Limits::default(), now);
        }
    }
}
