//! Standard forms as people write them: TOML in, a record and plain-language text out.
//!
//! What it is for: [`parse`] reads a form that a lawyer and an accountant wrote together and
//! refuses whatever it would have to guess at, naming the key, the line, the value found and the
//! value needed; [`plain_text`] says in plain English what every clause means for a creator,
//! defaults included; [`odrl`] says it in the Open Digital Rights Language. The TOML is described in `schema/terms-v1.md`.
//!
//! What it never does: read a file or a clock, number versions, compute figures (that is
//! [`crate::royalty`]), or decide whether a form is enforceable.

mod clause_tables;
mod clauses;
mod draft;
mod error;
mod form;
pub mod odrl;
mod paragraph;
mod plain_text;
mod rate_lines;
mod section;
mod share_text;
#[cfg(test)]
mod tests;

pub use draft::{MAX_TOML_SIZE_BYTES, TermsDraft, TextFile, parse};
pub use error::{Position, TermsError};
pub use plain_text::plain_text;
