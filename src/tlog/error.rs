//! What can be wrong with a hash, a tree, a proof, an origin or a checkpoint.
//! It holds what was found and what was needed, never a sentence or text of unbounded length.

use thiserror::Error;

use super::{
    HASH_SIZE_BYTES, Hash, MAX_NOTE_SIZE_BYTES, MAX_ORIGIN_SIZE_BYTES, MAX_PROOF_HASHES,
    MAX_TREE_SIZE, NodeAddress, Origin,
};

/// A refusal by the transparency log. Sizes count leaves, indexes count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TlogError {
    /// Bytes given for a hash are not exactly 32.
    #[error("hash is {found} bytes long, must be {HASH_SIZE_BYTES}")]
    HashLength {
        /// Length in bytes.
        found: usize,
    },
    /// Text given for a hash is not exactly 64 bytes long.
    #[error("hash is {found} characters long, must be {} hexadecimal digits", 2 * HASH_SIZE_BYTES)]
    HashTextLength {
        /// Length in bytes.
        found: usize,
    },
    /// Text given for a hash holds something else than a lower-case hexadecimal digit.
    #[error("hash has {found:?} at position {position}, must be a digit 0-9 or a-f")]
    HashDigit {
        /// The first character that does not belong.
        found: char,
        /// Its place in bytes, from 0.
        position: usize,
    },
    /// A tree size beyond [`MAX_TREE_SIZE`].
    #[error("tree size is {found}, must be at most {MAX_TREE_SIZE}")]
    TreeTooLarge {
        /// The size.
        found: u64,
    },
    /// A whole tree is to be added where none of its height can stand.
    #[error("tree size is {size}, must be a multiple of 2^{height}")]
    Misplaced {
        /// The size of the tree before it.
        size: u64,
        /// The height of the tree that is added.
        height: u8,
    },
    /// A leaf index that a tree of this size does not have.
    #[error("leaf index is {index}, must be below the tree size {size}")]
    IndexOutsideTree {
        /// The index asked about.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// Consistency with the empty tree: RFC 9162 section 2.1.4.1 defines it from size 1 on.
    #[error("old tree size is 0, must be at least 1: every tree extends the empty one")]
    OldTreeEmpty,
    /// Consistency asked the wrong way round.
    #[error("old tree size is {old_size}, must be at most the new tree size {new_size}")]
    SizesReversed {
        /// Size of the tree called the older.
        old_size: u64,
        /// Size of the tree called the newer.
        new_size: u64,
    },
    /// More hashes than any proof has.
    #[error("proof has {found} hashes, must have at most {MAX_PROOF_HASHES}")]
    ProofTooLong {
        /// Number of hashes.
        found: usize,
    },
    /// The inclusion proof does not lead from the leaf to the root.
    #[error(
        "inclusion proof does not lead from leaf {index} to the root of the tree of size {size}"
    )]
    InclusionRefused {
        /// Index of the leaf.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The consistency proof does not lead to both roots.
    #[error(
        "consistency proof does not lead to the roots of the trees of sizes {old_size} and {new_size}"
    )]
    ConsistencyRefused {
        /// Size of the older tree.
        old_size: u64,
        /// Size of the newer tree.
        new_size: u64,
    },
    /// A [`NodeReader`](super::NodeReader) answered with another number of nodes than asked.
    #[error("reader returned {found} nodes, must return {wanted}")]
    NodeCount {
        /// Number of hashes returned.
        found: usize,
        /// Number of addresses asked for.
        wanted: usize,
    },
    /// A node that must be stored is not: for a [`NodeReader`](super::NodeReader) to return.
    #[error("entry {} holds no node at position {}", address.entry(), address.position())]
    NodeMissing {
        /// Where the node should be.
        address: NodeAddress,
    },
    /// An origin of no characters.
    #[error("origin is empty, must have at least 1 character")]
    OriginEmpty,
    /// An origin beyond [`MAX_ORIGIN_SIZE_BYTES`].
    #[error("origin is {found} bytes long, must be at most {MAX_ORIGIN_SIZE_BYTES}")]
    OriginTooLong {
        /// Length in bytes.
        found: usize,
    },
    /// An origin with white space, `+`, a control character, or one that is not seen or changes the
    /// direction of others.
    #[error(
        "origin has {found:?}, must have no white space, no `+`, and no control or invisible character"
    )]
    OriginCharacter {
        /// The first character that does not belong.
        found: char,
    },
    /// A note beyond [`MAX_NOTE_SIZE_BYTES`].
    #[error("note is {found} bytes long, must be at most {MAX_NOTE_SIZE_BYTES}")]
    NoteTooLarge {
        /// Length in bytes.
        found: usize,
    },
    /// Not a signed note.
    #[error("note is not text, an empty line and signature lines, as a signed note must be")]
    NoteMalformed,
    /// The text of the note is not the one spelling of a checkpoint.
    #[error("note text is not an origin, a tree size and a root hash, as a checkpoint must be")]
    CheckpointMalformed,
    /// The checkpoint says more than origin, size and root.
    #[error("checkpoint has {found} extension lines, must have none")]
    CheckpointExtended {
        /// Number of lines after the root hash.
        found: usize,
    },
    /// A tree of size 0 with another root than [`EMPTY_ROOT`](super::EMPTY_ROOT).
    #[error("root of the empty tree is {found}, must be {}", super::EMPTY_ROOT)]
    EmptyTreeRoot {
        /// The root given.
        found: Hash,
    },
    /// The checkpoint of another log.
    #[error("checkpoint is of origin `{found}`, must be of `{wanted}`")]
    OriginUnknown {
        /// The origin that the checkpoint names.
        found: Origin,
        /// The origin of the log.
        wanted: Origin,
    },
    /// Signed under the log's name, but only by another key.
    #[error("checkpoint is signed by key {found:08x}, must be signed by {wanted:08x}")]
    KeyUnknown {
        /// Key id of the first signature under the log's name.
        found: u32,
        /// Key id of the log.
        wanted: u32,
    },
    /// No signature under the log's name.
    #[error("checkpoint has no signature by `{wanted}`")]
    SignatureMissing {
        /// The name under which the log signs.
        wanted: Origin,
    },
    /// More than one signature by the log's key.
    #[error("checkpoint has {found} signatures by the key of its log, must have 1")]
    SignatureRepeated {
        /// Number of signature lines by that key.
        found: usize,
    },
    /// A signature of the wrong length for Ed25519.
    #[error("signature is {found} bytes long, must be {}", ed25519_dalek::SIGNATURE_LENGTH)]
    SignatureLength {
        /// Length in bytes.
        found: usize,
    },
    /// The signature is not one by the key over the text of the checkpoint.
    #[error("signature on the checkpoint of size {size} does not verify")]
    SignatureInvalid {
        /// The tree size that the checkpoint names.
        size: u64,
    },
    /// Not a C2SP tlog-proof, or not the one spelling of what it says.
    #[error("proof file has not {needed}, in line {line}")]
    LogProofMalformed {
        /// The line, from 1.
        line: usize,
        /// What must stand there.
        needed: &'static str,
    },
    /// Bytes of an entry bundle that are not entries behind their lengths.
    #[error("entry bundle is cut off or too long in entry {entry}, must hold {wanted} entries")]
    BundleMalformed {
        /// The entry within the bundle, from 0.
        entry: usize,
        /// How many it must hold.
        wanted: usize,
    },
    /// A public key of small order, under which one signature can fit many texts.
    #[error("key is weak, must not be of small order")]
    KeyWeak,
    /// Not the text of a key.
    #[error("key is not a name, a key id and a key joined by `+`, as a verifier key must be")]
    VerifierKeyMalformed,
    /// The key of something else, such as that of a log where one of a witness is needed.
    #[error("key is of signature type {found}, must be of type {wanted}")]
    VerifierKeyType {
        /// The type given: 1 for a log, 4 for a witness.
        found: u8,
        /// The type needed.
        wanted: u8,
    },
    /// The key id is not the one of this name and key, so that one of them was mistyped.
    #[error("key id is not the one of this name and key, must be {wanted:08x}")]
    VerifierKeyId {
        /// The id of the name and key given.
        wanted: u32,
    },
}
