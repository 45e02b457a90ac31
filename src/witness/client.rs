//! Asking a witness. Each request has a time within which it is answered or given up, and each answer
//! a length beyond which it is not read. It never believes what is answered: whoever asked verifies.

use super::witness::{SIZE_MEDIA_TYPE, conflicting_size, origin_hash};
use crate::tlog::{MAX_NOTE_SIZE_BYTES, Origin};
use std::time::Duration;
use thiserror::Error;
use ureq::http;

/// The most characters of an answer that are shown.
const MAX_SHOWN_CHARS: usize = 200;

/// Why a witness gave no answer that can be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClientError {
    /// Nothing came back in time, or nobody was there.
    #[error("no answer: {reason}")]
    Unreachable {
        /// What the HTTP library says.
        reason: String,
    },
    /// An answer of too many bytes, or not text.
    #[error("the answer cannot be read: {reason}")]
    Unreadable {
        /// What the HTTP library says.
        reason: String,
    },
}

/// What a witness answered to add-checkpoint (C2SP tlog-witness).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200, with signature lines, not verified.
    Cosigned {
        /// The lines.
        lines: String,
    },
    /// 409, with the size that the witness cosigned last.
    Conflict {
        /// The size.
        size: u64,
    },
    /// 422: the proof does not verify.
    Inconsistent,
    /// Any other status.
    Refused {
        /// The status.
        status: u16,
        /// What the witness says, shortened.
        reason: String,
    },
}

/// A client of witnesses.
#[derive(Clone, Debug)]
pub struct WitnessClient {
    agent: ureq::Agent,
}

impl WitnessClient {
    /// A client that gives up a request after `timeout`. Redirections are not followed; a witness
    /// behind `https` is known by the certificates that Mozilla trusts.
    pub fn new(timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("deedbook/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }

    /// Sends the body of an add-checkpoint request to the witness with this submission prefix.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn add_checkpoint(&self, url: &str, body: &str) -> Result<Answer, ClientError> {
        let request = self.agent.post(format!("{url}/add-checkpoint"));
        let sent = request.header("Content-Type", "text/plain; charset=utf-8").send(body);
        let response = sent.map_err(unreachable)?;
        let status = response.status().as_u16();
        let media_type = response.headers().get(http::header::CONTENT_TYPE);
        let is_size =
            media_type.is_some_and(|found| found.as_bytes() == SIZE_MEDIA_TYPE.as_bytes());
        let body = text(response)?;
        Ok(match (status, conflicting_size(&body).filter(|_| is_size)) {
            (200, _) => Answer::Cosigned { lines: body },
            (409, Some(size)) => Answer::Conflict { size },
            (422, _) => Answer::Inconsistent,
            (status, _) => {
                let reason = body.trim().chars().take(MAX_SHOWN_CHARS).collect();
                Answer::Refused { status, reason }
            }
        })
    }

    /// The checkpoint that the witness says it cosigned last of a log, not verified; none where it
    /// shows none.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn latest(&self, url: &str, origin: &Origin) -> Result<Option<String>, ClientError> {
        let url = format!("{url}/{}/checkpoint", origin_hash(origin));
        let response = self.agent.get(url).call().map_err(unreachable)?;
        if response.status().as_u16() != 200 {
            return Ok(None);
        }
        text(response).map(Some)
    }
}

fn unreachable(error: ureq::Error) -> ClientError {
    ClientError::Unreachable { reason: error.to_string() }
}

fn text(mut response: http::Response<ureq::Body>) -> Result<String, ClientError> {
    let body = response.body_mut().with_config().limit(MAX_NOTE_SIZE_BYTES as u64);
    body.read_to_string().map_err(|error| match error {
        ureq::Error::Timeout(_) => unreachable(error),
        _ => ClientError::Unreadable { reason: error.to_string() },
    })
}
