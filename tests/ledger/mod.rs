//! The ledger from outside: what it admits, what it refuses, and what it notices.

mod amendment;
mod batch;
mod founding;
mod guard;
mod idempotent;
mod model;
mod operator;
mod process;
mod refusal;
mod single_byte;
mod story;
mod swap;
pub(crate) mod tamper;
