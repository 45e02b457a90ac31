//! Deterministic CBOR by hand (RFC 8949 section 4.2.1): heads, strings, integers and fixed shapes.
//!
//! What is read is bounded by the bytes that are there: no length is believed before they are, no
//! recursion follows what is nested, and every head must be the shortest for what it says. This
//! module never knows what the items mean.

mod error;
mod reader;
mod writer;

pub use error::{CborError, is_unprintable, malformed};
pub use reader::{Item, Label, Reader};
pub use writer::{push, push_bytes, push_text, write_integer};
