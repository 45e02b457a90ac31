//! The ledger from outside: what it admits, what it refuses, and what it notices.

mod guard;
mod idempotent;
mod refusal;
mod story;
mod tamper;
