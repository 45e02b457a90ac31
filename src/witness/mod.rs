//! A witness of transparency logs: C2SP tlog-witness, the server's side and the client's.
//!
//! A request is read ([`AddCheckpoint`]), found to be of a known log ([`KnownLogs`]), decided by one
//! pure function ([`Submitted::decide`]), and answered under the lock of its log, after what was
//! decided is on the disk ([`Witness`]). [`Server`] is the HTTP around it, [`WitnessClient`] asks a
//! witness.
//!
//! Holds nothing but the last checkpoint of each log. Never reads a clock or a ledger, and never signs
//! a checkpoint that does not extend the one that it signed before.

mod client;
mod decision;
mod error;
mod known_logs;
mod request;
mod server;
mod state;
#[expect(clippy::module_inception, reason = "the noun of the file is the witness")]
mod witness;

pub use client::{Answer, ClientError, WitnessClient};
pub use decision::{Refusal, Submitted};
pub use error::WitnessError;
pub use known_logs::KnownLogs;
pub use request::{AddCheckpoint, MAX_PROOF_LINES, MAX_REQUEST_SIZE_BYTES, RequestError};
pub use server::{Limits, NowSeconds, Server};
pub use state::StateDirectory;
pub use witness::{Response, Witness, origin_hash};
