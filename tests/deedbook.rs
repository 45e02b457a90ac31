//! The one integration test binary. Each module tests one part of the library from outside.

mod answer;
mod command;
mod evidence;
mod example;
mod fuzz;
mod import;
mod interop;
mod ledger;
mod readme;
mod record;
mod royalty;
mod support;
mod timestamp;
