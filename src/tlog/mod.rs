//! The transparency log: an RFC 9162 SHA-256 tree over leaf bytes, the proofs about it, and
//! the signed checkpoints that name its head.
//!
//! The tree arithmetic is that of the `tlog_tiles` crate and the note format that of
//! `signed_note`; this module gives them our types, typed errors and bounds on what comes
//! from outside, so that no input makes them panic.
//!
//! A node is kept with the entry whose leaf completed it ([`NodeAddress`]), so whoever
//! stores entries implements [`NodeReader`] and every root and proof costs O(log n) reads.
//!
//! This module never reads a file, a database or a clock, never creates a key, and knows
//! nothing of works, parties or what the bytes of a leaf mean.

mod checkpoint;
mod checkpoint_signer;
mod checkpoint_verifier;
mod consistency;
mod cosignature;
mod error;
mod frontier;
mod hash;
mod inclusion;
mod log_proof;
mod node;
mod origin;
pub mod receipt;
#[cfg(test)]
mod tests;
mod tile;
mod tree;
mod verifier_key;
mod witness_key;
mod witness_policy;

pub use checkpoint::{Checkpoint, MAX_NOTE_SIZE_BYTES, SignedCheckpoint};
pub use checkpoint_signer::CheckpointSigner;
pub use checkpoint_verifier::CheckpointVerifier;
pub use consistency::{ConsistencyProof, consistency_proof};
pub use cosignature::{
    COSIGNATURE_SIZE_BYTES, Cosignature, CosignatureError, CosignatureLine, CosignatureSigner,
    MAX_COSIGNATURE_TIME_S,
};
pub use error::TlogError;
pub use frontier::Frontier;
pub use hash::{HASH_SIZE_BYTES, Hash};
pub use inclusion::{InclusionProof, inclusion_proof};
pub use log_proof::{LogProof, MAX_LOG_PROOF_SIZE_BYTES};
pub use node::{NodeAddress, NodeReader};
pub use origin::{MAX_ORIGIN_SIZE_BYTES, Origin};
pub use tile::{
    MAX_BUNDLED_ENTRY_SIZE_BYTES, TILE_HEIGHT, TILE_WIDTH, Tile, bundled_entries, push_bundled,
};
pub use tree::{EMPTY_ROOT, MAX_PROOF_HASHES, MAX_TREE_SIZE, leaf_hash, root_at};
pub use witness_key::WitnessKey;
pub use witness_policy::{
    MAX_POLICY_KEYS, MAX_POLICY_SIZE_BYTES, PolicyError, PolicyWitness, WitnessPolicy, Witnessed,
};
