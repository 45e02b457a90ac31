//! Receipts: COSE Receipts (RFC 9942) over the RFC 9162 tree, as RFC 9943 asks for.
//!
//! A receipt is a tagged COSE_Sign1 whose payload, the root of the tree, is detached: it follows
//! from a proof in the unprotected header, so that the signature can only be checked by going
//! through the proof. [`InclusionReceipt`] and [`ConsistencyReceipt`] are those that this program
//! makes, read in their one canonical form; [`CoseReceipt`] reads those of others too.
//!
//! The signature covers only the root and the protected header. A root does not fix the size of its
//! tree, and a tree of one leaf has an empty path, so the size also stands in the protected header,
//! under a label for private use, and must be that of the proof.
//!
//! | label | what | source |
//! | --- | --- | --- |
//! | 1 | algorithm, -8 (EdDSA) | RFC 9052 |
//! | 4 | key: its thumbprint | RFC 9679 |
//! | 15 | claims: issuer (1), subject (2), issue time (6) | RFC 9597, RFC 8392 |
//! | 395 | verifiable data structure, 1 (RFC9162_SHA256) | RFC 9942 |
//! | -65537 | tree size | private use |
//! | -65538 | when the entry was registered, ms since 1970 (inclusion only) | private use |
//! | 396 | proofs, unprotected: inclusion (-1) or consistency (-2) | RFC 9942 |
//!
//! Nothing here decides which key is to be trusted, or what a leaf means.

mod consistency;
mod cose;
mod error;
mod header;
mod inclusion;
mod proof;
#[cfg(test)]
mod tests;

pub use consistency::ConsistencyReceipt;
pub use cose::{CoseReceipt, MAX_RECEIPT_SIZE_BYTES, ReceiptKey};
pub use error::ReceiptError;
pub use header::{ReceiptClaims, ReceiptHeader};
pub use inclusion::InclusionReceipt;
pub use proof::ReceiptProof;
