//! Records, statements and entries: one form of bytes for each, and nothing else accepted.

mod canonical;
mod entry;
mod generated;
mod golden;
mod mutation;
mod raw;
mod reader;
mod refusal;
mod rule;
mod schema;
mod session;
mod set;
mod signature;
