//! The decoders of what makes up evidence. What they take is signed, so that what they take and is
//! not whole has to say the same.

use super::target::{heads, origin};
use crate::evidence::parts::{Parts, sealed};
use crate::support::{Register, ledger_key, party, wen};
use crate::timestamp::digest;
use deedbook::evidence::{Claim, EvidenceError, Policy, verify};
use deedbook::record::Role;
use deedbook::timestamp::{StampedTime, TimestampAnswer};
use deedbook::tlog::receipt::{ConsistencyReceipt, CoseReceipt, InclusionReceipt, ReceiptClaims};
use deedbook::tlog::{
    CheckpointSigner, CheckpointVerifier, ConsistencyProof, CosignatureSigner, Frontier, Hash,
    InclusionProof, LogProof, leaf_hash,
};
use ed25519_dalek::SigningKey;
use std::sync::OnceLock;

/// Stamps of OpenSSL's responder, with a key on P-256 and an RSA key.
const STAMPS: [&[u8]; 2] = [include_bytes!("seed/p256.tsr"), include_bytes!("seed/rsa.tsr")];

/// A tree of two leaves, and its root: the path from its first leaf is the second.
fn pair() -> [Hash; 3] {
    let [left, right] = [leaf_hash(b"left"), leaf_hash(b"right")];
    let mut frontier = Frontier::empty();
    frontier.append(left).unwrap();
    frontier.append(right).unwrap();
    [left, right, frontier.root()]
}

pub(super) fn receipts() -> Vec<Vec<u8>> {
    let [left, right, root] = pair();
    let claims = ReceiptClaims {
        issuer: origin().to_string(),
        subject: "entry:0".to_owned(),
        issued_at_s: 1_772_323_200,
    };
    let path = InclusionProof::new(vec![right]).unwrap();
    let of = (&claims, [9; 32], 1_772_323_200_000);
    let key = ledger_key();
    let inclusion = InclusionReceipt::sign(of.0, of.1, of.2, (0, 2), path, root, &key).unwrap();
    let path = ConsistencyProof::new(vec![right]).unwrap();
    let consistency = ConsistencyReceipt::sign(of.0, of.1, (1, 2), path, left, root, &key).unwrap();
    vec![inclusion.to_bytes(), consistency.to_bytes()]
}

pub(super) fn receipt(input: &[u8]) -> Result<(), String> {
    let [left, right, root] = pair();
    let key = ledger_key().verifying_key();
    let any = CoseReceipt::from_bytes(input).map(drop);
    let inclusion = InclusionReceipt::from_bytes(input);
    if let Ok(receipt) = &inclusion {
        assert_eq!(receipt.to_bytes(), input);
        if let Ok(found) = receipt.verify(left, &key) {
            assert_eq!((found, receipt.leaf_index(), receipt.tree_size()), (root, 0, 2));
        }
        assert!(receipt.verify(right, &key).is_err());
        return Ok(());
    }
    let consistency = ConsistencyReceipt::from_bytes(input);
    if let Ok(receipt) = &consistency {
        assert_eq!(receipt.to_bytes(), input);
        if let Ok(found) = receipt.verify(1, left, &key) {
            assert_eq!(found, root);
        }
        return Ok(());
    }
    Err(format!("{:?} {:?} {any:?}", consistency.err(), inclusion.err()))
}

pub(super) fn proofs() -> Vec<Vec<u8>> {
    let signer = CheckpointSigner::new(origin(), ledger_key());
    let [_, right, root] = pair();
    let note = signer.sign(2, root).unwrap().note;
    let path = InclusionProof::new(vec![right]).unwrap();
    let proof = |extra| LogProof::new(0, path.clone(), note.clone(), extra).unwrap();
    [None, Some(b"left".to_vec())].map(|extra| proof(extra).to_text().into_bytes()).to_vec()
}

pub(super) fn proof(input: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())?;
    let proof = LogProof::from_text(text).map_err(|error| format!("{error:?}"))?;
    assert_eq!(proof.to_text(), text);
    let verifier = CheckpointSigner::new(origin(), ledger_key()).verifying_key();
    let verifier = CheckpointVerifier::new(origin(), verifier).unwrap();
    assert!(proof.verify(leaf_hash(b"another"), &verifier).is_err());
    match proof.verify(pair()[0], &verifier) {
        Ok(found) => assert_eq!((found.size, found.root), (2, pair()[2])),
        Err(_) => assert!(proofs().iter().all(|whole| whole != input)),
    }
    Ok(())
}

fn witness() -> CosignatureSigner {
    let name = "witness.example/w1".parse().unwrap();
    CosignatureSigner::new(name, SigningKey::from_bytes(&[201; 32])).unwrap()
}

pub(super) fn cosignatures() -> Vec<Vec<u8>> {
    let text = heads()[1].to_text();
    let line = witness().cosign(&text, 1_780_000_000).unwrap().to_line();
    let own = CheckpointSigner::new(origin(), ledger_key()).sign(1, pair()[0]).unwrap().note;
    let own = own.split("\n\n").nth(1).unwrap().to_owned();
    vec![line.clone().into_bytes(), format!("{own}{line}").into_bytes()]
}

pub(super) fn cosignature(input: &[u8]) -> Result<(), String> {
    let lines = std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())?;
    let signer = witness();
    let found = signer.witness().find(lines).map_err(|error| format!("{error:?}"))?;
    let line = found.to_line();
    assert!(lines.lines().any(|it| it == line.trim_end()), "another spelling");
    if found.verify(&heads()[1].to_text()).is_ok() {
        assert_eq!(found.time_s(), 1_780_000_000);
    }
    Ok(())
}

/// A small bundle, and what is claimed by it.
struct Whole {
    parts: Parts,
    packed: [Vec<u8>; 2],
    claims: Vec<Claim>,
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let mut register = Register::create();
        let id = register.record(&wen(), party(&wen(), Role::Creator));
        let mut parts = Parts::of(&sealed(&register, id));
        // The page is by far the largest part, and only looked at for being text.
        parts.0.remove("report.html");
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let mut stripped = parts.clone();
        stripped.strip();
        let packed = [parts.pack(), stripped.pack()];
        let claims = verify(&packed[0], &Policy::default(), None).unwrap().claims;
        Whole { parts, packed, claims }
    })
}

pub(super) fn bundles() -> Vec<Vec<u8>> {
    whole().packed.to_vec()
}

/// As it is; and with a container, a manifest and a signature that fit what is inside.
pub(super) fn bundle(input: &[u8]) -> Result<(), String> {
    let whole = whole();
    let found = verify(input, &Policy::default(), None);
    if let Ok(verdict) = &found {
        assert!(whole.packed.iter().any(|packed| packed == input), "another bundle holds");
        assert_eq!(verdict.claims, whole.claims);
        return Ok(());
    }
    let inner = if input.len() == whole.packed[0].len() { refitted(input) } else { None };
    Err(format!("{:?} {:?}", inner.map(|error| kind(&error)), found.err().as_ref().map(kind)))
}

/// The same parts with the bytes that stand in their places, under the register's own signature.
fn refitted(input: &[u8]) -> Option<EvidenceError> {
    let whole = whole();
    let mut parts = whole.parts.clone();
    let mut at = 0;
    for (name, bytes) in &whole.parts.0 {
        at += 30 + name.len();
        if name != "manifest.json" && name != "index.cose" {
            parts.0.insert(name.clone(), input[at..at + bytes.len()].to_vec());
        }
        at += bytes.len();
    }
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    match verify(&parts.pack(), &Policy::default(), None) {
        Ok(verdict) => {
            assert_eq!(verdict.claims, whole.claims);
            None
        }
        Err(error) => Some(error),
    }
}

/// What is wrong, without the names in which every input differs.
fn kind(error: &EvidenceError) -> String {
    let text = format!("{error:?}");
    text.split(['"', '[']).next().unwrap_or_default().chars().take(40).collect()
}

pub(super) fn stamps() -> Vec<Vec<u8>> {
    STAMPS.map(<[u8]>::to_vec).to_vec()
}

pub(super) fn stamp(input: &[u8]) -> Result<(), String> {
    static STAMPED: OnceLock<Vec<StampedTime>> = OnceLock::new();
    let read = |bytes: &[u8]| TimestampAnswer::from_der(bytes);
    let answer = read(input).map_err(|error| format!("{error:?}"))?;
    assert_eq!(answer.as_bytes(), input);
    let stamped = STAMPED.get_or_init(|| {
        STAMPS.map(|whole| read(whole).unwrap().verify_signature(&digest()).unwrap()).to_vec()
    });
    let found = answer.verify_signature(&digest()).map_err(|error| format!("{error:?}"))?;
    assert!(stamped.contains(&found), "a stamp that nobody made: {found:?}");
    Ok(())
}
