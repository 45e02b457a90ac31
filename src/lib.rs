//! Deedbook: a register of title for AI-assisted works.
//!
//! Signed statements go into an append-only ledger; pure engines say who holds title
//! and who is owed what; anyone can verify the whole from the bytes up.
//!
//! The command line is one user of this library; README.md shows what it does, and ARCHITECTURE.md how
//! the modules depend on each other. Where to begin:
//!
//! - [`ledger::Ledger`] creates, opens, appends to and verifies a ledger file; [`ledger::answer`] asks it
//!   who holds what, what is owed and what happened.
//! - [`record::Record`] is what can be said, [`record::Statement`] the signed form of it, and
//!   [`admission::admit`] decides whether a statement may enter.
//! - [`title`] and [`royalty`] conclude, from facts alone, who holds and who owes.
//! - [`evidence::verify`] says what a bundle of evidence proves, without a ledger.

pub mod admission;
pub mod cbor;
pub mod cli;
pub mod evidence;
pub mod file;
pub mod intake;
pub mod journal;
pub mod keys;
pub mod label;
pub mod ledger;
pub mod money;
pub mod narration;
pub mod record;
pub mod royalty;
pub mod store;
pub mod terms;
pub mod timestamp;
pub mod title;
pub mod tlog;
pub mod vault;
pub mod witness;
