//! The tree and its proofs against a naive reading of RFC 9162, and against published cases.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::{cell::Cell, fs, path::Path, path::PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// RFC 9162 section 2.1 as it is written: recursive, over all leaf hashes, with its own hashing.
mod naive {
    use super::Hash;
    use sha2::{Digest, Sha256};

    /// The largest power of two below `count`.
    fn split(count: usize) -> usize {
        let mut power = 1;
        while power * 2 < count {
            power *= 2;
        }
        power
    }

    pub(super) fn root(leaves: &[Hash]) -> Hash {
        let digest = match leaves {
            [] => Sha256::digest([]),
            [leaf] => return *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                let mut hasher = Sha256::new_with_prefix([1]);
                hasher.update(root(left).to_bytes());
                hasher.update(root(right).to_bytes());
                hasher.finalize()
            }
        };
        Hash::from_bytes(digest.into())
    }

    /// Section 2.1.3.1, PATH.
    pub(super) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let power = split(leaves.len());
        let (left, right) = leaves.split_at(power);
        let (mut path, beside) = if index < power {
            (path(index, left), root(right))
        } else {
            (path(index - power, right), root(left))
        };
        path.push(beside);
        path
    }

    /// Section 2.1.4.1, PROOF.
    pub(super) fn proof(old_size: usize, leaves: &[Hash]) -> Vec<Hash> {
        subproof(old_size, leaves, true)
    }

    fn subproof(old_size: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
        if old_size == leaves.len() {
            return if known { Vec::new() } else { vec![root(leaves)] };
        }
        let power = split(leaves.len());
        let (left, right) = leaves.split_at(power);
        let (mut proof, beside) = if old_size <= power {
            (subproof(old_size, left, known), root(right))
        } else {
            (subproof(old_size - power, right, false), root(left))
        };
        proof.push(beside);
        proof
    }
}

/// A tree whose entries hold their nodes as rows, counting what is read.
pub(super) struct Rows {
    pub(super) leaves: Vec<Hash>,
    rows: Vec<Vec<Hash>>,
    reads: Cell<usize>,
}

impl Rows {
    pub(super) fn of(size: usize) -> Self {
        let mut frontier = Frontier::empty();
        let leaves: Vec<Hash> =
            (0..size).map(|place| leaf_hash(format!("leaf {place}").as_bytes())).collect();
        let rows = leaves.iter().map(|leaf| frontier.append(*leaf).unwrap()).collect();
        Self { leaves, rows, reads: Cell::new(0) }
    }
}

impl NodeReader for Rows {
    type Error = TlogError;

    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, TlogError> {
        self.reads.set(self.reads.get() + addresses.len());
        let read = |address: &NodeAddress| {
            let row = self.rows.get(usize::try_from(address.entry()).ok()?)?;
            row.get(address.position()).copied()
        };
        addresses
            .iter()
            .map(|address| read(address).ok_or(TlogError::NodeMissing { address: *address }))
            .collect()
    }
}

fn flipped(hash: Hash) -> Hash {
    let mut bytes = hash.to_bytes();
    bytes[31] ^= 1;
    Hash::from_bytes(bytes)
}

/// Every way to change one hash of a proof, to leave one out or to put one in.
fn tampered(hashes: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for place in 0..hashes.len() {
        let mut changed = hashes.to_vec();
        changed[place] = flipped(changed[place]);
        all.push(changed);
        let mut shortened = hashes.to_vec();
        shortened.remove(place);
        all.push(shortened);
    }
    for place in 0..=hashes.len() {
        let mut lengthened = hashes.to_vec();
        lengthened.insert(place, EMPTY_ROOT);
        all.push(lengthened);
    }
    all
}

fn check_inclusion(tree: &Rows, index: usize, size: usize) {
    let (leaves, leaf) = (&tree.leaves[..size], tree.leaves[index]);
    let root = naive::root(leaves);
    let (index64, size64) = (index as u64, size as u64);
    let proof = inclusion_proof(index64, size64, tree).unwrap();
    assert_eq!(proof.hashes(), naive::path(index, leaves), "{index} in {size}");
    assert_eq!(proof.verify(leaf, index64, size64, root), Ok(()));
    assert_eq!(proof.root(leaf, index64, size64), Ok(root));
    assert_ne!(proof.root(flipped(leaf), index64, size64), Ok(root));

    let refused = Err(TlogError::InclusionRefused { index: index64, size: size64 });
    assert_eq!(proof.verify(flipped(leaf), index64, size64, root), refused);
    assert_eq!(proof.verify(leaf, index64, size64, flipped(root)), refused);
    for hashes in tampered(proof.hashes()) {
        let proof = InclusionProof::new(hashes).unwrap();
        assert_eq!(proof.verify(leaf, index64, size64, root), refused);
        assert_ne!(proof.root(leaf, index64, size64), Ok(root));
    }
}

fn check_consistency(tree: &Rows, old_size: usize, new_size: usize) {
    let old_root = naive::root(&tree.leaves[..old_size]);
    let new_root = naive::root(&tree.leaves[..new_size]);
    let (old64, new64) = (old_size as u64, new_size as u64);
    let proof = consistency_proof(old64, new64, tree).unwrap();
    let wanted = naive::proof(old_size, &tree.leaves[..new_size]);
    assert_eq!(proof.hashes(), wanted, "{old_size} to {new_size}");
    assert_eq!(proof.verify(old64, old_root, new64, new_root), Ok(()));
    assert_eq!(proof.new_root(old64, old_root, new64), Ok(new_root));
    assert_ne!(proof.new_root(old64, flipped(old_root), new64), Ok(new_root));

    let refused = Err(TlogError::ConsistencyRefused { old_size: old64, new_size: new64 });
    let verify = |proof: &ConsistencyProof, old_root, new_root| {
        proof.verify(old64, old_root, new64, new_root)
    };
    assert_eq!(verify(&proof, flipped(old_root), new_root), refused);
    assert_eq!(verify(&proof, old_root, flipped(new_root)), refused);
    for hashes in tampered(proof.hashes()) {
        let proof = ConsistencyProof::new(hashes).unwrap();
        assert_eq!(verify(&proof, old_root, new_root), refused);
        assert_ne!(proof.new_root(old64, old_root, new64), Ok(new_root));
    }
}

#[test]
fn a_tree_of_trees_is_the_tree_of_their_leaves() {
    let leaves = Rows::of(64).leaves;
    for height in 0..=4_u8 {
        let width = 1_usize << height;
        let (mut one_by_one, mut at_once) = (Frontier::empty(), Frontier::empty());
        for chunk in leaves.chunks(width) {
            let mut tree = Frontier::empty();
            let mut completed = Vec::new();
            for leaf in chunk {
                tree.append(*leaf).unwrap();
                completed = one_by_one.append(*leaf).unwrap();
            }
            let above = at_once.append_tree(height, tree.root()).unwrap();
            assert_eq!(above, completed[usize::from(height)..], "height {height}");
            assert_eq!(at_once, one_by_one, "height {height}");
        }
    }
    let mut odd = Frontier::empty();
    odd.append(leaves[0]).unwrap();
    let before = odd.clone();
    let misplaced = TlogError::Misplaced { size: 1, height: 1 };
    assert_eq!(odd.append_tree(1, leaves[1]), Err(misplaced));
    for height in [63, 64, 255] {
        let refused = odd.append_tree(height, leaves[1]);
        assert!(matches!(refused, Err(TlogError::TreeTooLarge { .. })), "{height}: {refused:?}");
    }
    assert_eq!(odd, before);
}

#[test]
fn frontier_and_stored_nodes_give_the_naive_root_at_every_size() {
    let tree = Rows::of(300);
    let mut frontier = Frontier::empty();
    for size in 0..=tree.leaves.len() {
        let root = naive::root(&tree.leaves[..size]);
        assert_eq!(frontier.root(), root, "size {size}");
        assert_eq!(frontier.size(), size as u64);
        assert_eq!(root_at(size as u64, &tree), Ok(root), "size {size}");
        tree.reads.set(0);
        assert_eq!(Frontier::load(size as u64, &tree).as_ref(), Ok(&frontier));
        assert_eq!(tree.reads.get(), size.count_ones() as usize);
        if let Some(leaf) = tree.leaves.get(size) {
            let completed = frontier.append(*leaf).unwrap();
            assert_eq!(completed.len(), size.trailing_ones() as usize + 1);
            for (level, node) in completed.iter().enumerate() {
                let start = size + 1 - (1 << level);
                assert_eq!(*node, naive::root(&tree.leaves[start..=size]));
            }
        }
    }
}

#[test]
fn proofs_are_the_naive_ones_for_every_pair_of_small_sizes() {
    let tree = Rows::of(70);
    let (mut inclusions, mut consistencies) = (0, 0);
    for size in 0..=70 {
        for index in 0..size {
            check_inclusion(&tree, index, size);
            inclusions += 1;
        }
        for old_size in 1..=size {
            check_consistency(&tree, old_size, size);
            consistencies += 1;
        }
    }
    assert_eq!((inclusions, consistencies), (70 * 71 / 2, 70 * 71 / 2));
}

fn large_tree() -> &'static (Vec<Hash>, Vec<Vec<Hash>>) {
    static TREE: OnceLock<(Vec<Hash>, Vec<Vec<Hash>>)> = OnceLock::new();
    TREE.get_or_init(|| {
        let tree = Rows::of(5000);
        (tree.leaves, tree.rows)
    })
}

/// Sizes up to 5000, often at or beside a power of two.
fn any_size() -> impl Strategy<Value = usize> {
    prop_oneof![
        1_usize..=5000,
        (1_u32..=12, 0_usize..3).prop_map(|(level, beside)| (1 << level) - 1 + beside),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn proofs_are_the_naive_ones_for_larger_sizes(sizes in [any_size(), any_size()]) {
        let (leaves, rows) = large_tree().clone();
        let tree = Rows { leaves, rows, reads: Cell::new(0) };
        let (old_size, new_size) = (sizes[0].min(sizes[1]), sizes[0].max(sizes[1]));
        check_inclusion(&tree, old_size - 1, new_size);
        prop_assert!(tree.reads.get() <= 2 * 13, "{} reads", tree.reads.get());
        tree.reads.set(0);
        check_consistency(&tree, old_size, new_size);
        prop_assert!(tree.reads.get() <= 2 * 13, "{} reads", tree.reads.get());
    }

    #[test]
    fn no_proof_and_no_size_makes_verification_panic(
        sizes in any::<[u64; 2]>(),
        shift in 0_u32..64,
        hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..=MAX_PROOF_HASHES),
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::from).collect();
        let (first, second) = (sizes[0] >> shift, sizes[1] >> shift);
        let inclusion = InclusionProof::new(hashes.clone()).unwrap();
        prop_assert!(inclusion.verify(EMPTY_ROOT, first, second, flipped(EMPTY_ROOT)).is_err());
        let consistency = ConsistencyProof::new(hashes).unwrap();
        let verdict = consistency.verify(first, EMPTY_ROOT, second, flipped(EMPTY_ROOT));
        prop_assert!(verdict.is_err());
    }
}

#[test]
fn empty_trees_and_reversed_sizes_are_refused_by_prover_and_verifier() {
    let tree = Rows::of(3);
    let outside = |index, size| TlogError::IndexOutsideTree { index, size };
    let inclusion = InclusionProof::new(Vec::new()).unwrap();
    for (index, size) in [(0, 0), (3, 3), (u64::MAX, 3)] {
        assert_eq!(inclusion_proof(index, size, &tree), Err(outside(index, size)));
        assert_eq!(
            inclusion.verify(EMPTY_ROOT, index, size, EMPTY_ROOT),
            Err(outside(index, size))
        );
    }
    let consistency = ConsistencyProof::new(Vec::new()).unwrap();
    let reversed = TlogError::SizesReversed { old_size: 3, new_size: 2 };
    for (old_size, new_size, error) in
        [(0, 0, TlogError::OldTreeEmpty), (0, 3, TlogError::OldTreeEmpty), (3, 2, reversed)]
    {
        assert_eq!(consistency_proof(old_size, new_size, &tree), Err(error.clone()));
        assert_eq!(consistency.verify(old_size, EMPTY_ROOT, new_size, EMPTY_ROOT), Err(error));
    }
}

/// Answers every address with the same hash, `extra` of them too many or too few.
struct Constant {
    extra: isize,
}

impl NodeReader for Constant {
    type Error = TlogError;

    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, TlogError> {
        let count = addresses.len().saturating_add_signed(self.extra);
        Ok(vec![EMPTY_ROOT; count])
    }
}

#[test]
fn sizes_up_to_the_bound_work_and_beyond_it_are_refused() {
    let nodes = Constant { extra: 0 };
    let largest = MAX_TREE_SIZE;
    for size in [largest - 1, largest] {
        assert!(root_at(size, &nodes).is_ok());
        assert!(Frontier::load(size, &nodes).is_ok());
        for near in [1, 2, size / 2, size / 2 + 1, size - 1, size] {
            let proof = inclusion_proof(near - 1, size, &nodes).unwrap();
            assert!(proof.hashes().len() <= MAX_PROOF_HASHES);
            let proof = consistency_proof(near, size, &nodes).unwrap();
            assert!(proof.hashes().len() <= MAX_PROOF_HASHES);
        }
    }
    for found in [largest + 1, u64::MAX - 1, u64::MAX] {
        let error = TlogError::TreeTooLarge { found };
        assert_eq!(root_at(found, &nodes), Err(error.clone()));
        assert_eq!(Frontier::load(found, &nodes), Err(error.clone()));
        assert_eq!(inclusion_proof(0, found, &nodes), Err(error.clone()));
        assert_eq!(consistency_proof(1, found, &nodes), Err(error.clone()));
        let proof = ConsistencyProof::new(vec![EMPTY_ROOT]).unwrap();
        assert_eq!(proof.verify(1, EMPTY_ROOT, found, EMPTY_ROOT), Err(error.clone()));
        let proof = InclusionProof::new(vec![EMPTY_ROOT]).unwrap();
        assert_eq!(proof.verify(EMPTY_ROOT, 0, found, EMPTY_ROOT), Err(error));
    }
    let mut full = Frontier::load(largest, &nodes).unwrap();
    let before = full.clone();
    let found = largest + 1;
    assert_eq!(full.append(EMPTY_ROOT), Err(TlogError::TreeTooLarge { found }));
    assert_eq!(full, before);
}

#[test]
fn a_proof_of_ten_thousand_hashes_is_refused_before_any_hashing() {
    let hashes = vec![EMPTY_ROOT; 10_000];
    let error = TlogError::ProofTooLong { found: 10_000 };
    assert_eq!(InclusionProof::new(hashes.clone()), Err(error.clone()));
    assert_eq!(ConsistencyProof::new(hashes), Err(error));
    assert!(InclusionProof::new(vec![EMPTY_ROOT; MAX_PROOF_HASHES]).is_ok());
    assert!(ConsistencyProof::new(vec![EMPTY_ROOT; MAX_PROOF_HASHES + 1]).is_err());
}

#[test]
fn a_reader_that_returns_another_number_of_nodes_is_refused() {
    // Tree of 7: roots at 3 places; inclusion of 0 needs 4 nodes, consistency from 3 needs 5.
    for extra in [-1, 1] {
        let nodes = Constant { extra };
        let error = |wanted: usize| TlogError::NodeCount {
            found: wanted.saturating_add_signed(extra),
            wanted,
        };
        assert_eq!(root_at(7, &nodes), Err(error(3)));
        assert_eq!(Frontier::load(7, &nodes), Err(error(3)));
        assert_eq!(inclusion_proof(0, 7, &nodes), Err(error(4)));
        assert_eq!(consistency_proof(3, 7, &nodes), Err(error(5)));
    }
}

#[derive(Debug, PartialEq)]
enum Failure {
    Disk { sector: u8 },
    Tlog(TlogError),
}

impl From<TlogError> for Failure {
    fn from(error: TlogError) -> Self {
        Self::Tlog(error)
    }
}

struct Broken;

impl NodeReader for Broken {
    type Error = Failure;

    fn read_nodes(&self, _: &[NodeAddress]) -> Result<Vec<Hash>, Failure> {
        Err(Failure::Disk { sector: 9 })
    }
}

#[test]
fn the_error_of_a_reader_comes_through_unchanged() {
    let broken = || Failure::Disk { sector: 9 };
    assert_eq!(root_at(3, &Broken), Err(broken()));
    assert_eq!(Frontier::load(3, &Broken), Err(broken()));
    assert_eq!(inclusion_proof(0, 3, &Broken), Err(broken()));
    assert_eq!(consistency_proof(2, 3, &Broken), Err(broken()));
    let empty = TlogError::OldTreeEmpty;
    assert_eq!(consistency_proof(0, 3, &Broken), Err(Failure::Tlog(empty)));
    // A node that is not there is named by its entry and its position.
    let error = inclusion_proof(0, 4, &Rows::of(3)).unwrap_err();
    assert_eq!(error.to_string(), "entry 3 holds no node at position 1");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "camelCase")]
struct InclusionCase {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    #[serde(rename = "desc")]
    _desc: String,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "camelCase")]
struct ConsistencyCase {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    #[serde(rename = "desc")]
    _desc: String,
    want_err: bool,
}

/// A root or leaf hash of a case. Some cases put a few words where the value does not matter
/// or must merely differ; these stand for their own leaf hash, so that the sizes and the
/// proof decide and not the length. No bytes at all are no hash.
fn case_hash(text: &str) -> Result<Hash, TlogError> {
    let bytes = BASE64_STANDARD.decode(text).unwrap();
    match bytes.len() {
        0 | HASH_SIZE_BYTES => Hash::try_from(bytes.as_slice()),
        _ => Ok(leaf_hash(&bytes)),
    }
}

fn case_proof(texts: Option<Vec<String>>) -> Result<Vec<Hash>, TlogError> {
    let texts = texts.unwrap_or_default();
    let decode = |text: String| BASE64_STANDARD.decode(text).unwrap();
    texts.into_iter().map(|text| Hash::try_from(decode(text).as_slice())).collect()
}

fn verify_inclusion_case(text: &str) -> (bool, Result<(), TlogError>) {
    let case: InclusionCase = serde_json::from_str(text).unwrap();
    let verdict = (|| {
        let (leaf, root) = (case_hash(&case.leaf_hash)?, case_hash(&case.root)?);
        let proof = InclusionProof::new(case_proof(case.proof)?)?;
        proof.verify(leaf, case.leaf_idx, case.tree_size, root)
    })();
    (case.want_err, verdict)
}

fn verify_consistency_case(text: &str) -> (bool, Result<(), TlogError>) {
    let case: ConsistencyCase = serde_json::from_str(text).unwrap();
    let verdict = (|| {
        let (old_root, new_root) = (case_hash(&case.root1)?, case_hash(&case.root2)?);
        let proof = ConsistencyProof::new(case_proof(case.proof)?)?;
        proof.verify(case.size1, old_root, case.size2, new_root)
    })();
    (case.want_err, verdict)
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Runs every case of a folder and counts the verdicts; nothing where there are no cases.
fn run_cases(
    kind: &str,
    verify: fn(&str) -> (bool, Result<(), TlogError>),
) -> Option<BTreeMap<&'static str, usize>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors/merkle").join(kind);
    if !folder.is_dir() {
        eprintln!("SKIPPED: no published {kind} cases at ../shared/vectors/merkle");
        return None;
    }
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    let mut verdicts = BTreeMap::new();
    for file in files {
        let (want_err, verdict) = verify(&fs::read_to_string(&file).unwrap());
        assert_eq!(verdict.is_err(), want_err, "{}: {verdict:?}", file.display());
        let name = match verdict {
            Ok(()) => "accepted",
            Err(TlogError::HashLength { .. }) => "not a hash",
            Err(_) => "refused",
        };
        *verdicts.entry(name).or_insert(0) += 1;
    }
    Some(verdicts)
}

#[test]
fn published_inclusion_cases() {
    if let Some(verdicts) = run_cases("inclusion", verify_inclusion_case) {
        let wanted = [("accepted", 6), ("not a hash", 21), ("refused", 71)];
        assert_eq!(verdicts, BTreeMap::from(wanted));
    }
}

#[test]
fn published_consistency_cases() {
    if let Some(verdicts) = run_cases("consistency", verify_consistency_case) {
        let wanted = [("accepted", 6), ("not a hash", 8), ("refused", 84)];
        assert_eq!(verdicts, BTreeMap::from(wanted));
    }
}
