//! Witnesses: the server as a process of its own, over the loopback, and the ledger's side of it.
//!
//! Logs are made here over bytes, requests are put together here, and cosignatures are checked here
//! with the curve library alone, over messages written from the words of C2SP tlog-cosignature.

mod collecting;
mod concurrency;
mod log;
mod served;
mod status;

use log::Log;
use served::Served;
