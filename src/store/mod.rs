//! The store: entries and what is derived from them, in and out of one SQLite file.
//!
//! A [`Store`] is an open ledger file. A [`Reader`] answers from one consistent snapshot of it, a
//! [`Writer`] adds to it in one transaction: entries, checkpoint, documents and derived rows are
//! committed together or not at all. The tables stand in `schema/sqlite/`.
//!
//! This module is the only user of `rusqlite`, and nothing of it shows outside. It never decides
//! whether a statement may be entered, never checks a signature or a tree, and never creates a
//! ledger file where it was asked to open one.

mod account;
mod code;
mod cosignature_row;
mod database;
mod derivation;
mod entry_row;
mod error;
mod fetch;
mod filter;
mod label;
mod leaf_row;
mod list;
mod memo;
mod query;
mod reader;
mod schema;
mod session;
mod side_by_side;
mod time_stamp;
mod title_fact;
mod tree_node;
mod view;
mod writer;

pub use code::{NearCode, NearText};
pub use cosignature_row::CosignatureRow;
pub use database::{Access, DEFAULT_WAIT, Store};
pub use entry_row::EntryRow;
pub use error::StoreError;
pub use filter::{EntryFilter, WorkFilter};
pub use leaf_row::LeafRow;
pub use reader::{Head, Reader};
pub use time_stamp::TimeStampRow;
pub use writer::Writer;

#[cfg(test)]
mod tests;
