//! Receipts: read back, refused in every other form, and the published cases of others.

use super::*;
use crate::cbor::{Item, push, push_bytes, push_text, write_integer};
use crate::tlog::tests::Rows;
use crate::tlog::{
    Hash, InclusionProof, MAX_PROOF_HASHES, TlogError, consistency_proof, inclusion_proof,
    leaf_hash, root_at,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{SigningKey, VerifyingKey};
use proptest::prelude::*;
use std::path::Path;

const KID: [u8; 32] = [0x5a; 32];
const REGISTERED_AT_MS: i64 = 1_772_323_200_123;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn claims() -> ReceiptClaims {
    ReceiptClaims {
        issuer: "register.example/deeds".to_owned(),
        subject: "entry:42".to_owned(),
        issued_at_s: 1_772_323_300,
    }
}

fn inclusion(index: u64, size: u64) -> (InclusionReceipt, Hash, Hash) {
    let leaves = Rows::of(size as usize);
    let root = root_at(size, &leaves).unwrap();
    let path = inclusion_proof(index, size, &leaves).unwrap();
    let place = (index, size);
    let receipt =
        InclusionReceipt::sign(&claims(), KID, REGISTERED_AT_MS, place, path, root, &key());
    (receipt.unwrap(), leaves.leaves[index as usize], root)
}

fn consistency(old_size: u64, new_size: u64) -> (ConsistencyReceipt, Hash, Hash) {
    let leaves = Rows::of(new_size as usize);
    let (old, new) = (root_at(old_size, &leaves).unwrap(), root_at(new_size, &leaves).unwrap());
    let path = consistency_proof(old_size, new_size, &leaves).unwrap();
    let sizes = (old_size, new_size);
    let receipt = ConsistencyReceipt::sign(&claims(), KID, sizes, path, old, new, &key()).unwrap();
    (receipt, old, new)
}

fn public() -> VerifyingKey {
    key().verifying_key()
}

#[test]
fn a_receipt_of_inclusion_is_read_back_and_verifies() {
    for size in [1, 2, 3, 7, 8, 9, 255, 256, 257, 300] {
        for index in [0, 1, size / 2, size - 1].into_iter().filter(|index| *index < size) {
            let (receipt, leaf, root) = inclusion(index, size);
            let read = InclusionReceipt::from_bytes(&receipt.to_bytes()).unwrap();
            assert_eq!(read, receipt);
            assert_eq!((read.leaf_index(), read.tree_size()), (index, size));
            assert_eq!((read.kid(), read.claims()), (&KID, &claims()));
            assert_eq!(read.registered_at_ms(), REGISTERED_AT_MS);
            assert_eq!(read.verify(leaf, &public()), Ok(root));
            assert!(read.verify(leaf_hash(b"another"), &public()).is_err());
            let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
            assert_eq!(read.verify(leaf, &other), Err(ReceiptError::SignatureInvalid));
        }
    }
}

#[test]
fn a_receipt_of_consistency_is_read_back_and_verifies() {
    for (old_size, new_size) in [(1, 1), (1, 2), (3, 7), (4, 7), (6, 8), (8, 8), (255, 257)] {
        let (receipt, old, new) = consistency(old_size, new_size);
        let read = ConsistencyReceipt::from_bytes(&receipt.to_bytes()).unwrap();
        assert_eq!(read, receipt);
        assert_eq!((read.old_size(), read.new_size()), (old_size, new_size));
        assert_eq!((read.kid(), read.claims()), (&KID, &claims()));
        assert_eq!(read.verify(old_size, old, &public()), Ok(new));
        assert!(read.verify(old_size, leaf_hash(b"another"), &public()).is_err());
        let wanted = old_size + 1;
        let other_size = read.verify(wanted, old, &public());
        assert_eq!(other_size, Err(ReceiptError::OldSize { found: old_size, wanted }));
    }
}

#[test]
fn one_kind_of_receipt_is_not_taken_for_the_other() {
    let (inclusion, ..) = inclusion(2, 7);
    let (consistency, ..) = consistency(3, 7);
    assert_eq!(
        ConsistencyReceipt::from_bytes(&inclusion.to_bytes()),
        Err(ReceiptError::ProofKind { wanted: "consistency" })
    );
    assert_eq!(
        InclusionReceipt::from_bytes(&consistency.to_bytes()),
        Err(ReceiptError::ProofKind { wanted: "inclusion" })
    );
}

#[test]
fn what_does_not_lead_to_the_root_is_not_signed() {
    let leaves = Rows::of(7);
    let root = root_at(7, &leaves).unwrap();
    let path = consistency_proof(3, 7, &leaves).unwrap();
    let signed = ConsistencyReceipt::sign(&claims(), KID, (3, 7), path, root, root, &key());
    let refused = TlogError::ConsistencyRefused { old_size: 3, new_size: 7 };
    assert_eq!(signed, Err(ReceiptError::Proof(refused)));
    let path = inclusion_proof(2, 7, &leaves).unwrap();
    let signed = InclusionReceipt::sign(&claims(), KID, 0, (7, 7), path, root, &key());
    let refused = TlogError::IndexOutsideTree { index: 7, size: 7 };
    assert_eq!(signed, Err(ReceiptError::Proof(refused)));
    let hidden = ReceiptClaims { subject: "gnp.\u{202E}exe".to_owned(), ..claims() };
    let path = inclusion_proof(2, 7, &leaves).unwrap();
    let signed = InclusionReceipt::sign(&hidden, KID, 0, (2, 7), path, root, &key());
    assert!(matches!(signed, Err(ReceiptError::Cbor(_))), "{signed:?}");
}

#[test]
fn every_truncation_and_every_addition_is_refused() {
    let (inclusion, ..) = inclusion(5, 11);
    let (consistency, ..) = consistency(5, 11);
    for bytes in [inclusion.to_bytes(), consistency.to_bytes()] {
        for end in 0..bytes.len() {
            assert!(CoseReceipt::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
        for added in 0..=u8::MAX {
            assert!(CoseReceipt::from_bytes(&[&bytes, &[added][..]].concat()).is_err());
        }
    }
}

#[test]
fn every_changed_byte_is_refused() {
    let (receipt, leaf, _) = inclusion(5, 11);
    let (extension, old, _) = consistency(5, 11);
    let (inclusion, consistency) = (receipt.to_bytes(), extension.to_bytes());
    for place in 0..inclusion.len() {
        for changed_by in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
            let mut changed = inclusion.clone();
            changed[place] ^= changed_by;
            let read = InclusionReceipt::from_bytes(&changed);
            let verified = read.and_then(|read| read.verify(leaf, &public()));
            assert!(verified.is_err(), "byte {place} changed by {changed_by:02x}");
        }
    }
    for place in 0..consistency.len() {
        for changed_by in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = consistency.clone();
            changed[place] ^= changed_by;
            let read = ConsistencyReceipt::from_bytes(&changed);
            let verified = read.and_then(|read| read.verify(5, old, &public()));
            assert!(verified.is_err(), "byte {place} changed by {changed_by:02x}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_receipt_is_read_back(
        place in (0_u64..300).prop_flat_map(|index| (Just(index), index + 1..=300)),
        issuer in "[a-z./]{1,60}",
        subject in "\\PC{1,40}",
        times in (0_u64..1 << 62, any::<i64>()),
        kid in any::<[u8; 32]>(),
    ) {
        let (index, size) = place;
        let leaves = Rows::of(size as usize);
        let root = root_at(size, &leaves).unwrap();
        let path = inclusion_proof(index, size, &leaves).unwrap();
        let claims = ReceiptClaims { issuer, subject, issued_at_s: times.0 };
        let receipt = InclusionReceipt::sign(&claims, kid, times.1, place, path, root, &key());
        // A text may hold a character that is not seen.
        if let Ok(receipt) = receipt {
            let read = InclusionReceipt::from_bytes(&receipt.to_bytes());
            prop_assert_eq!(read.as_ref(), Ok(&receipt));
            prop_assert_eq!(receipt.verify(leaves.leaves[index as usize], &public()), Ok(root));
        }
    }

    #[test]
    fn no_bytes_whatever_end_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = CoseReceipt::from_bytes(&bytes);
        let framed = frame(&bytes, &bytes, &[], &bytes);
        let _ = CoseReceipt::from_bytes(&framed);
    }
}

/// A receipt put together from parts: protected header, unprotected header, payload, signature.
fn frame(protected: &[u8], unprotected: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut out = vec![0xd2, 0x84];
    push_bytes(&mut out, protected);
    out.extend_from_slice(unprotected);
    out.extend_from_slice(payload);
    push_bytes(&mut out, signature);
    out
}

/// The unprotected header with these bytes for a proof of inclusion.
fn unprotected(proof: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa1, 0x19, 0x01, 0x8c, 0xa1, 0x20, 0x81];
    push_bytes(&mut out, proof);
    out
}

/// A proof of inclusion with this head of a path and these bytes after it.
fn proof(path_head: Item, rest: &[u8]) -> Vec<u8> {
    let mut out = vec![0x83, 0x08, 0x02];
    push(&mut out, path_head);
    out.extend_from_slice(rest);
    out
}

const PLAIN: &[u8] = &[0xa2, 0x01, 0x27, 0x19, 0x01, 0x8b, 0x01];
const NULL: &[u8] = &[0xf6];

fn refusal(protected: &[u8], unprotected: &[u8], payload: &[u8]) -> ReceiptError {
    CoseReceipt::from_bytes(&frame(protected, unprotected, payload, &[0; 64])).unwrap_err()
}

#[test]
fn a_path_of_any_length_is_bounded() {
    let hash = [&[0x58, 0x20][..], &[0; 32]].concat();
    for count in [MAX_PROOF_HASHES + 1, 200] {
        let long = proof(Item::Array(Some(count)), &hash.repeat(count));
        let found = refusal(PLAIN, &unprotected(&long), NULL);
        assert_eq!(found, ReceiptError::Proof(TlogError::ProofTooLong { found: count }));
    }
    // As many as are read, though no tree of 8 has such a path.
    let longest = proof(Item::Array(Some(MAX_PROOF_HASHES)), &hash.repeat(MAX_PROOF_HASHES));
    let read = CoseReceipt::from_bytes(&frame(PLAIN, &unprotected(&longest), NULL, &[0; 64]));
    let key = ReceiptKey::Ed25519(public());
    let refused = TlogError::InclusionRefused { index: 2, size: 8 };
    let verified = read.unwrap().verify_inclusion(leaf_hash(b""), &key);
    assert_eq!(verified, Err(ReceiptError::Proof(refused)));
    let huge = proof(Item::Array(Some(10_000)), &hash.repeat(10_000));
    let framed = frame(PLAIN, &unprotected(&huge), NULL, &[0; 64]);
    let found_bytes = framed.len();
    assert_eq!(CoseReceipt::from_bytes(&framed), Err(ReceiptError::TooLarge { found_bytes }));
    // Lengths that are promised and not there.
    for promised in [10_000, usize::MAX] {
        let found = refusal(PLAIN, &unprotected(&proof(Item::Array(Some(promised)), &hash)), NULL);
        assert_eq!(found, ReceiptError::Proof(TlogError::ProofTooLong { found: promised }));
    }
    let cut = unprotected(&proof(Item::Array(Some(1)), &[0x5b, 0xff, 0xff, 0xff, 0xff]));
    assert!(matches!(refusal(PLAIN, &cut, NULL), ReceiptError::Cbor(_)));
}

#[test]
fn nesting_and_counts_cost_nothing() {
    let mut deep = vec![0xa3, 0x01, 0x27, 0x19, 0x01, 0x8b, 0x01, 0x18, 0x63];
    deep.extend_from_slice(&[0x81; 5_000]);
    assert!(matches!(refusal(&deep, &[0xa0], NULL), ReceiptError::Cbor(_)));
    deep.push(0x01);
    assert_eq!(refusal(&deep, &[0xa0], NULL), ReceiptError::Missing { what: "proofs" });
    let mut many = Vec::new();
    push(&mut many, Item::Map(Some(usize::MAX)));
    let found = refusal(&many, &[0xa0], NULL);
    let what = "header parameters";
    assert_eq!(found, ReceiptError::TooMany { what, found: usize::MAX, max: 16 });
    let mut promised = vec![0xa1, 0x18, 0x63];
    push(&mut promised, Item::Map(Some(usize::MAX)));
    assert!(matches!(refusal(&promised, &[0xa0], NULL), ReceiptError::Cbor(_)));
}

#[test]
fn each_part_that_is_wrong_has_its_refusal() {
    let one = unprotected(&proof(Item::Array(Some(0)), &[]));
    let missing = |what| ReceiptError::Missing { what };
    let protected = |pairs: &[(i64, i64)]| {
        let mut out = Vec::new();
        push(&mut out, Item::Map(Some(pairs.len())));
        for (label, value) in pairs {
            write_integer(&mut out, *label);
            write_integer(&mut out, *value);
        }
        out
    };
    for (pairs, wanted) in [
        (vec![(1, -8)], missing("tree kind")),
        (vec![(395, 1)], missing("algorithm")),
        (vec![(1, -8), (395, 2)], ReceiptError::TreeUnsupported { found: 2 }),
        (vec![(1, -35), (395, 2)], ReceiptError::TreeUnsupported { found: 2 }),
        (vec![(1, -35), (395, 1)], ReceiptError::AlgorithmUnsupported { found: -35 }),
        (vec![(1, -8), (2, 1), (395, 1)], ReceiptError::Critical),
        (vec![(1, -8), (395, 1), (395, 1)], ReceiptError::Repeated),
        (vec![(1, -8), (395, 1), (-65_537, 9)], ReceiptError::TreeSize { signed: 9, proven: 8 }),
    ] {
        assert_eq!(refusal(&protected(&pairs), &one, NULL), wanted, "{pairs:?}");
    }
    let payload = [&[0x58, 0x20][..], &[0; 32]].concat();
    assert_eq!(refusal(PLAIN, &one, &payload), ReceiptError::PayloadAttached);
    assert_eq!(refusal(PLAIN, &[0xa0], NULL), missing("proofs"));
    let none = [0xa1, 0x19, 0x01, 0x8c, 0xa0];
    assert_eq!(refusal(PLAIN, &none, NULL), ReceiptError::ProofCount { found: 0 });
    let empty = [0xa1, 0x19, 0x01, 0x8c, 0xa1, 0x20, 0x80];
    assert_eq!(refusal(PLAIN, &empty, NULL), ReceiptError::ProofCount { found: 0 });
    let mut other = one.clone();
    other[5] = 0x22;
    let wanted = "inclusion or consistency";
    assert_eq!(refusal(PLAIN, &other, NULL), ReceiptError::ProofKind { wanted });
    let short = frame(PLAIN, &one, NULL, &[0; 63]);
    let found = CoseReceipt::from_bytes(&short);
    assert_eq!(found, Err(ReceiptError::SignatureLength { found: 63 }));
    let mut weak = [0; 32];
    weak[0] = 1;
    let weak = ReceiptKey::Ed25519(VerifyingKey::from_bytes(&weak).unwrap());
    let path = InclusionProof::new(Vec::new()).unwrap();
    let root = leaf_hash(b"only");
    let signed = InclusionReceipt::sign(&claims(), KID, 0, (0, 1), path, root, &key()).unwrap();
    let read = CoseReceipt::from_bytes(&signed.to_bytes()).unwrap();
    assert_eq!(read.verify_inclusion(root, &weak), Err(ReceiptError::KeyWeak));
}

#[test]
fn a_receipt_by_a_ledger_has_one_form() {
    // The same parameters, algorithm last: fine by RFC 9942, not what a ledger writes.
    let (receipt, leaf, root) = inclusion(2, 7);
    let header = ReceiptHeader::of(&claims(), KID, 7, Some(REGISTERED_AT_MS));
    let encoded = header.encode();
    let mut turned = vec![encoded[0]];
    turned.extend_from_slice(&encoded[3..]);
    turned.extend_from_slice(&encoded[1..3]);
    let leaves = Rows::of(7);
    let proof = ReceiptProof::Inclusion {
        tree_size: 7,
        leaf_index: 2,
        path: inclusion_proof(2, 7, &leaves).unwrap(),
    };
    let signed = CoseReceipt::sign_bytes(header.clone(), turned, proof.clone(), root, &key());
    let key_of_ledger = ReceiptKey::Ed25519(public());
    let read = CoseReceipt::from_bytes(&signed.to_bytes()).unwrap();
    assert_eq!(read.verify_inclusion(leaf, &key_of_ledger), Ok(root));
    let strict = InclusionReceipt::from_bytes(&signed.to_bytes());
    assert_eq!(strict, Err(ReceiptError::NotCanonical));
    // A further parameter, however harmless.
    let mut further = encoded.clone();
    further[0] += 1;
    push_text(&mut further, "note");
    push_text(&mut further, "harmless");
    let signed = CoseReceipt::sign_bytes(header, further, proof, root, &key());
    assert!(CoseReceipt::from_bytes(&signed.to_bytes()).is_ok());
    let strict = InclusionReceipt::from_bytes(&signed.to_bytes());
    assert_eq!(strict, Err(ReceiptError::NotCanonical));
    for (what, left_out) in [("tree size", 0), ("time of the entry", 1)] {
        let header = ReceiptHeader {
            tree_size: (left_out != 0).then_some(7),
            registered_at_ms: (left_out != 1).then_some(REGISTERED_AT_MS),
            ..receipt_header(&receipt)
        };
        let path = inclusion_proof(2, 7, &leaves).unwrap();
        let proof = ReceiptProof::Inclusion { tree_size: 7, leaf_index: 2, path };
        let signed = CoseReceipt::sign(header, proof, root, &key());
        let strict = InclusionReceipt::from_bytes(&signed.to_bytes());
        assert_eq!(strict, Err(ReceiptError::Missing { what }));
    }
}

fn receipt_header(receipt: &InclusionReceipt) -> ReceiptHeader {
    CoseReceipt::from_bytes(&receipt.to_bytes()).unwrap().header().clone()
}

/// A public key out of its PEM.
fn public_key(pem: &str) -> Option<ReceiptKey> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64_STANDARD.decode(text).unwrap();
    match der.len() {
        44 => {
            let bytes: [u8; 32] = der[12..].try_into().unwrap();
            Some(ReceiptKey::Ed25519(VerifyingKey::from_bytes(&bytes).unwrap()))
        }
        91 => p256::ecdsa::VerifyingKey::from_sec1_bytes(&der[26..]).ok().map(ReceiptKey::P256),
        _ => None,
    }
}

#[test]
fn published_receipts_verify_or_fail_as_they_say() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors/scitt");
    let Ok(cases) = std::fs::read_dir(&place) else {
        println!("skipped: no published receipts at {}", place.display());
        return;
    };
    let mut names = Vec::new();
    for case in cases {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let text = |file: &str| std::fs::read_to_string(case.join(file)).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&text("expected.json")).unwrap();
        let bytes = std::fs::read(case.join("receipt.cose")).unwrap();
        let kind = expected["protected_header"]["receipt"]["vds"].as_i64().unwrap();
        names.push(name.clone());
        let read = CoseReceipt::from_bytes(&bytes);
        if kind != 1 {
            assert_eq!(read, Err(ReceiptError::TreeUnsupported { found: kind }), "{name}");
            continue;
        }
        let leaf: Hash = expected["leaf_entry"].as_str().unwrap().parse().unwrap();
        let leaf = leaf_hash(leaf.as_bytes());
        let key = public_key(&text("log-key.pub")).unwrap();
        let verified = read.and_then(|read| read.verify_inclusion(leaf, &key));
        let wanted = match expected["receipt_valid"].as_bool().unwrap() {
            true => Ok(expected["reconstructed_root"].as_str().unwrap().parse().unwrap()),
            false => Err(ReceiptError::SignatureInvalid),
        };
        assert_eq!(verified, wanted, "{name}");
        // None is by a ledger of this program.
        assert!(InclusionReceipt::from_bytes(&bytes).is_err(), "{name}");
    }
    assert!(names.len() >= 6, "{names:?}");
}
