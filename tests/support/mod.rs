//! What tests of every part share: fixed keys, a fixed time, one well-formed record of each kind,
//! a hermetic ledger, and the check that follows every step.

mod attestation;
mod check;
mod key;
mod licence;
mod painting;
mod picture;
mod register;
mod sample;
mod say;
mod session;

pub(crate) use check::{check_ledger, flaw, memory_of};
pub(crate) use key::Key;
pub(crate) use painting::painting;
pub(crate) use picture::{picture, try_picture};
pub(crate) use register::{
    Actor, HandClock, Kept, ORIGIN, Register, ana, append_access, bo, ledger_key, northlight, wen,
};
pub(crate) use sample::{Sample, account_of, samples};
pub(crate) use say::*;
pub(crate) use session::{output, session, steps_of};

use deedbook::record::Timestamp;

/// The time at which every sample is signed: 2026-03-01T12:00:00.500Z. The half second shows that
/// the header keeps whole seconds only.
pub(crate) fn signed_at() -> Timestamp {
    Timestamp::parse_start("2026-03-01T12:00:00.500Z").unwrap()
}

/// So many cases of a property; a failure prints its input, to be kept as a test of its own.
pub(crate) fn cases(count: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config { cases: count, failure_persistence: None, ..Default::default() }
}
