//! What can be wrong with a receipt.

use super::cose::MAX_RECEIPT_SIZE_BYTES;
use crate::cbor::CborError;
use crate::tlog::TlogError;
use thiserror::Error;

/// A receipt that is not one, is of a form that is not supported, or does not verify.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// More bytes than any receipt over this tree has.
    #[error("receipt has {found_bytes} bytes, must have at most {MAX_RECEIPT_SIZE_BYTES}")]
    TooLarge {
        /// Its size.
        found_bytes: usize,
    },
    /// Bytes that are not a receipt.
    #[error("not a receipt: {0}")]
    Cbor(#[from] CborError),
    /// Well formed, but not in the one form in which a ledger writes its receipts.
    #[error("receipt is not in canonical form")]
    NotCanonical,
    /// Another verifiable data structure than RFC9162_SHA256.
    #[error("receipt is over the tree kind {found}, supported is 1 (RFC9162_SHA256)")]
    TreeUnsupported {
        /// The number in the registry of RFC 9942.
        found: i64,
    },
    /// A signature algorithm that is not supported.
    #[error("receipt is signed with algorithm {found}, supported are -8 (EdDSA) and -7 (ES256)")]
    AlgorithmUnsupported {
        /// The number in the registry of COSE.
        found: i64,
    },
    /// A header parameter that the reader must understand and does not (RFC 9052 section 3.1).
    #[error("receipt has critical header parameters, none is supported")]
    Critical,
    /// A part that must be there is not.
    #[error("receipt has no {what}")]
    Missing {
        /// Which part.
        what: &'static str,
    },
    /// A part that stands twice.
    #[error("receipt has a header parameter or claim twice")]
    Repeated,
    /// More header parameters than are read.
    #[error("receipt has {found} {what}, must have at most {max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// A payload that stands in the receipt, so that the signature would not need the proof.
    #[error("receipt holds its payload, must be detached")]
    PayloadAttached,
    /// A proof of the other kind.
    #[error("receipt holds no proof of {wanted}")]
    ProofKind {
        /// Inclusion or consistency.
        wanted: &'static str,
    },
    /// No proof, or several.
    #[error("receipt holds {found} proofs, must hold 1")]
    ProofCount {
        /// How many.
        found: usize,
    },
    /// A signature of the wrong length.
    #[error("signature of the receipt is {found} bytes long, must be 64")]
    SignatureLength {
        /// Length in bytes.
        found: usize,
    },
    /// The protected header names another tree size than the proof.
    #[error("receipt is signed for the tree size {signed}, its proof is for {proven}")]
    TreeSize {
        /// In the protected header.
        signed: u64,
        /// In the proof.
        proven: u64,
    },
    /// Asked about another tree than the receipt starts from.
    #[error("receipt starts from the tree size {found}, asked for is {wanted}")]
    OldSize {
        /// In the proof.
        found: u64,
        /// Asked for.
        wanted: u64,
    },
    /// A proof that is not one, or does not lead anywhere.
    #[error(transparent)]
    Proof(#[from] TlogError),
    /// A key of small order, under which one signature can fit many texts.
    #[error("key for the receipt is weak, must not be of small order")]
    KeyWeak,
    /// The signature is not by the key over the root that follows from the proof: another leaf,
    /// another path or another key.
    #[error("signature does not fit the root that follows from the proof, or is not by this key")]
    SignatureInvalid,
}
