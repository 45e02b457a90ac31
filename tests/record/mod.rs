//! Records, statements and entries: one form of bytes for each, and nothing else accepted.

mod canonical;
mod golden;
