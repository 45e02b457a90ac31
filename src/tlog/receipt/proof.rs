//! The proof inside a receipt, as RFC 9942 section 5 writes it.

use super::ReceiptError;
use super::header::{check_count, missing, next_label};
use crate::cbor::{Item, Label, Reader, push, push_bytes, write_integer};
use crate::tlog::{ConsistencyProof, Hash, InclusionProof, MAX_PROOF_HASHES, TlogError};

/// The proofs in the unprotected header.
const PROOFS: i64 = 396;
const INCLUSION: i64 = -1;
const CONSISTENCY: i64 = -2;

/// What a receipt proves once its signature is found to be over the root that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptProof {
    /// A leaf is in a tree.
    Inclusion {
        /// Leaves of the tree.
        tree_size: u64,
        /// Place of the leaf, from 0.
        leaf_index: u64,
        /// The hashes beside the way up.
        path: InclusionProof,
    },
    /// A tree extends an older one.
    Consistency {
        /// Leaves of the older tree.
        old_size: u64,
        /// Leaves of the newer tree, whose root is signed.
        new_size: u64,
        /// The hashes from which both roots follow.
        path: ConsistencyProof,
    },
}

impl ReceiptProof {
    /// The size of the tree whose root is signed.
    pub const fn tree_size(&self) -> u64 {
        match self {
            Self::Inclusion { tree_size, .. } => *tree_size,
            Self::Consistency { new_size, .. } => *new_size,
        }
    }

    /// Appends the unprotected header.
    pub(super) fn encode_header(&self, out: &mut Vec<u8>) {
        let (kind, first, second, path) = match self {
            Self::Inclusion { tree_size, leaf_index, path } => {
                (INCLUSION, *tree_size, *leaf_index, path.hashes())
            }
            Self::Consistency { old_size, new_size, path } => {
                (CONSISTENCY, *old_size, *new_size, path.hashes())
            }
        };
        let mut proof = Vec::with_capacity(24 + path.len() * 34);
        push(&mut proof, Item::Array(Some(3)));
        push(&mut proof, Item::Positive(first));
        push(&mut proof, Item::Positive(second));
        push(&mut proof, Item::Array(Some(path.len())));
        for hash in path {
            push_bytes(&mut proof, hash.as_bytes());
        }
        push(out, Item::Map(Some(1)));
        write_integer(out, PROOFS);
        push(out, Item::Map(Some(1)));
        write_integer(out, kind);
        push(out, Item::Array(Some(1)));
        push_bytes(out, &proof);
    }

    /// Reads the unprotected header, which holds exactly one proof.
    pub(super) fn decode_header(
        reader: &mut Reader<'_>,
        bytes: &[u8],
    ) -> Result<Self, ReceiptError> {
        let count = reader.map("the unprotected header")?;
        check_count("header parameters", count)?;
        let (mut seen, mut found) = (Vec::new(), None);
        for _ in 0..count {
            match next_label(reader, "a header parameter", &mut seen)? {
                Label::Integer(PROOFS) => found = Some(Self::decode_proofs(reader, bytes)?),
                Label::Integer(_) | Label::Text(_) => reader.skip("a header parameter")?,
            }
        }
        found.ok_or(missing("proofs"))
    }

    fn decode_proofs(reader: &mut Reader<'_>, bytes: &[u8]) -> Result<Self, ReceiptError> {
        let kinds = reader.map("the proofs")?;
        if kinds != 1 {
            return Err(ReceiptError::ProofCount { found: kinds });
        }
        let kind = reader.integer("the kind of proof")?;
        let count = reader.array("the proofs")?;
        if count != 1 {
            return Err(ReceiptError::ProofCount { found: count });
        }
        let proof = &bytes[reader.byte_string("a proof")?];
        let mut reader = Reader::new("the proof", proof);
        reader.expect(Item::Array(Some(3)), "a proof of two numbers and a path")?;
        let first = reader.positive("a size of the proof")?;
        let second = reader.positive("a place or size of the proof")?;
        let path = decode_path(&mut reader, proof)?;
        reader.finish()?;
        match kind {
            INCLUSION => Ok(Self::Inclusion {
                tree_size: first,
                leaf_index: second,
                path: InclusionProof::new(path)?,
            }),
            CONSISTENCY => Ok(Self::Consistency {
                old_size: first,
                new_size: second,
                path: ConsistencyProof::new(path)?,
            }),
            _ => Err(ReceiptError::ProofKind { wanted: "inclusion or consistency" }),
        }
    }
}

fn decode_path(reader: &mut Reader<'_>, bytes: &[u8]) -> Result<Vec<Hash>, ReceiptError> {
    let count = reader.array("the path")?;
    if count > MAX_PROOF_HASHES {
        return Err(TlogError::ProofTooLong { found: count }.into());
    }
    let mut path = Vec::with_capacity(count);
    for _ in 0..count {
        path.push(Hash::try_from(&bytes[reader.byte_string("a hash of the path")?])?);
    }
    Ok(path)
}
