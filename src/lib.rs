//! Deedbook: a register of title for AI-assisted works.
//!
//! Signed statements go into an append-only ledger; pure engines say who holds title
//! and who is owed what; anyone can verify the whole from the bytes up.

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
