//! The one integration test binary. Each module tests one part of the library from outside.

mod answer;
mod example;
mod import;
mod ledger;
mod readme;
mod record;
mod support;
