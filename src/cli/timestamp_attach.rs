//! `timestamp attach`: verifies an authority's answer and keeps it.

use super::timestamp_list::{fields, object};
use super::{CliError, Output, Session, Text};
use crate::intake::{IntakeError, read_short_file};
use crate::ledger::KeptTimestamp;
use crate::timestamp::{
    Certificate, MAX_ANSWER_SIZE_BYTES, MAX_CERTIFICATE_FILE_SIZE_BYTES, MAX_QUERY_SIZE_BYTES,
    TimestampAnswer, TimestampQuery,
};
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Example:\n  deedbook timestamp attach today.tsr --trust ca.pem\n  deedbook timestamp attach answer.tsr --query today.tsq --trust ca.pem";

/// Verify a time stamp and keep it in the ledger file
///
/// The answer must be over a checkpoint of this ledger, to the query, and signed by a certificate for
/// time stamps that was valid at the stamped moment and leads to one of those in --trust. Whether a
/// certificate was revoked is not asked. The ledger's key is not needed.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The authority's answer
    #[arg(value_name = "FILE.tsr")]
    answer: PathBuf,
    /// Certificates that you trust, in PEM or DER: of the authority's root; may be repeated
    #[arg(long, value_name = "CA.pem", required = true)]
    trust: Vec<PathBuf>,
    /// The query that was answered [default: the answer's path with `.tsq`]
    #[arg(long, value_name = "FILE.tsq")]
    query: Option<PathBuf>,
    /// Do without the query: an answer to another query over the same checkpoint will do
    #[arg(long, conflicts_with = "query")]
    any_query: bool,
    /// The checkpoint at this size of the ledger [default: the one with the stamped digest]
    #[arg(long, value_name = "SIZE")]
    checkpoint: Option<u64>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let answer = read_short_file(&self.answer, MAX_ANSWER_SIZE_BYTES as u64)?;
        TimestampAnswer::from_der(&answer).map_err(CliError::stamp(&self.answer))?;
        let query = self.read_query()?;
        let mut trusted = Vec::new();
        for path in &self.trust {
            let file = read_short_file(path, MAX_CERTIFICATE_FILE_SIZE_BYTES as u64)?;
            trusted.extend(Certificate::all_from_file(&file).map_err(CliError::stamp(path))?);
        }
        let mut ledger = session.attach()?;
        let kept = ledger.attach_timestamp(&answer, query.as_ref(), &trusted, self.checkpoint)?;
        Ok(Attached(kept).into())
    }

    fn read_query(&self) -> Result<Option<TimestampQuery>, CliError> {
        if self.any_query {
            return Ok(None);
        }
        let path = match &self.query {
            Some(path) => path.clone(),
            None => self.answer.with_extension("tsq"),
        };
        let query = match read_short_file(&path, MAX_QUERY_SIZE_BYTES as u64) {
            Err(IntakeError::Missing { .. }) if self.query.is_none() => {
                return Err(CliError::QueryMissing { path });
            }
            query => query?,
        };
        read(&query, &path).map(Some)
    }
}

fn read(query: &[u8], path: &Path) -> Result<TimestampQuery, CliError> {
    TimestampQuery::from_der(query).map_err(CliError::stamp(path))
}

struct Attached(KeptTimestamp);

impl Output for Attached {
    fn json(&self) -> Value {
        let mut attached = object(&self.0);
        attached["new"] = self.0.is_new.into();
        attached
    }

    fn text(&self, text: &mut Text) {
        let known = if self.0.is_new { "is attached" } else { "was attached before" };
        text.heading(format!("Time stamp {} {known}", self.0.number));
        fields(&self.0, text);
    }
}
