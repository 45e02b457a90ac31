//! `timestamp request`: what an authority is asked about a checkpoint.

use super::recorder::write_new;
use super::{CliError, Output, Session, Text};
use crate::keys::KeyError;
use crate::record::hex;
use crate::timestamp::{TimestampError, TimestampQuery};
use clap::Args;
use rand_core::{OsRng, RngCore};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Example:\n  deedbook timestamp request -o today.tsq\n  curl -H 'Content-Type: application/timestamp-query' --data-binary @today.tsq -o today.tsr https://AUTHORITY\n  deedbook timestamp attach today.tsr --trust ca.pem";

/// Write a query for a time stamp over a checkpoint
///
/// The query (RFC 3161) holds the SHA-256 digest of the signed checkpoint and a random number, and asks
/// for the authority's certificate. Keep it until the answer is attached: the number tells that the
/// answer was made for it.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The checkpoint at this size of the ledger [default: the newest]
    #[arg(long, value_name = "SIZE")]
    checkpoint: Option<u64>,
    /// Write to this new file [default: checkpoint-SIZE.tsq]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let checkpoint = session.read()?.stamped_checkpoint(self.checkpoint)?;
        let mut nonce = [0; 8];
        OsRng.try_fill_bytes(&mut nonce).map_err(|_| KeyError::NoRandomness)?;
        let (size, digest) = (checkpoint.size, checkpoint.digest());
        let path = self.output.unwrap_or_else(|| format!("checkpoint-{size}.tsq").into());
        let query = TimestampQuery::new(digest, u64::from_be_bytes(nonce)).to_der();
        write_new(&path, &query.map_err(CliError::stamp(&path))?)?;
        Ok(Requested { size, digest: hex::encode(&digest), nonce: hex::encode(&nonce), path }
            .into())
    }
}

impl CliError {
    /// For `map_err`: a query, an answer or a certificate that cannot be used.
    pub(super) fn stamp(path: &Path) -> impl FnOnce(TimestampError) -> Self {
        let path = path.to_owned();
        move |error| Self::Timestamp { path, error: Box::new(error) }
    }
}

struct Requested {
    size: u64,
    digest: String,
    nonce: String,
    path: PathBuf,
}

impl Output for Requested {
    fn json(&self) -> Value {
        json!({
            "checkpoint": self.size,
            "digest": self.digest,
            "nonce": self.nonce,
            "out": self.path.to_string_lossy(),
        })
    }

    fn text(&self, text: &mut Text) {
        let query = self.path.display();
        let answer = self.path.with_extension("tsr");
        let answer = answer.display();
        text.heading(format!("Query about the checkpoint at size {}", self.size));
        text.field("file", &query);
        text.field("SHA-256", &self.digest);
        text.field(
            "next",
            format!(
                "curl -H 'Content-Type: application/timestamp-query' --data-binary @{query} -o {answer} URL"
            ),
        );
        text.field("then", format!("deedbook timestamp attach {answer} --trust CA.pem"));
    }
}
