//! The one integration test binary. Each module tests one part of the library from outside.

mod answer;
mod claim;
mod command;
mod evidence;
mod example;
mod fuzz;
mod import;
mod interop;
mod ledger;
mod log;
mod readme;
mod record;
mod royalty;
mod support;
mod timestamp;
mod witness;
