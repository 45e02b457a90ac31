//! What a register that works against its own clients may put into a bundle: all of it signed.

use super::command::{deedbook, done};
use super::parts::{Parts, number, refusal, sealed};
use super::told::{Told, told};
use crate::support::{
    Actor, Key, ORIGIN, Register, key_added, key_revoked, ledger_key, party, wen, work,
};
use deedbook::evidence::{CaseError, EvidenceError, Policy, verify};
use deedbook::record::{Entry, RecordError, Role, Signer as _};
use deedbook::tlog::receipt::{InclusionReceipt, ReceiptClaims};
use deedbook::tlog::{CheckpointSigner, Frontier, Hash, InclusionProof, leaf_hash};

fn spring() -> (Told, Parts) {
    let told = told();
    let parts = Parts::of(&sealed(&told.register, told.spring));
    (told, parts)
}

/// The bundle with one part changed, and everything about it signed anew.
fn with(bundle: &Parts, name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let mut parts = bundle.clone();
    assert!(parts.0.insert(name.to_owned(), bytes).is_some());
    if name != "index.cose" {
        parts.list_anew();
        parts.sign_anew(&ledger_key());
    }
    parts.pack()
}

#[test]
fn cbor_that_nests_without_end_is_refused_where_it_stands() {
    let (_told, bundle) = spring();
    for head in [0x81_u8, 0xd2, 0x9f, 0xa1] {
        for size in [1000, 16_000] {
            let deep = vec![head; size];
            let refused = refusal(&with(&bundle, "entries/000001.cbor", deep.clone()));
            assert!(matches!(refused, EvidenceError::Entry { .. }), "{refused}");
            let refused = refusal(&with(&bundle, "receipts/000001.cose", deep.clone()));
            assert!(matches!(refused, EvidenceError::Receipt { .. }), "{refused}");
            let refused = refusal(&with(&bundle, "index.cose", deep));
            assert!(matches!(refused, EvidenceError::Index(_)), "{refused}");
        }
    }
    // Behind the head of a statement, where the decoder already is at work.
    let whole = &bundle.0["entries/000001.cbor"];
    for place in 0..whole.len() {
        let deep = [&whole[..place], &vec![0x81; 4000]].concat();
        let refused = refusal(&with(&bundle, "entries/000001.cbor", deep));
        assert!(matches!(refused, EvidenceError::Entry { .. }), "{place}: {refused}");
    }
    let deep = [b"{\"format\":".as_slice(), &vec![b'['; 200_000]].concat();
    let mut parts = bundle;
    parts.0.insert("manifest.json".to_owned(), deep);
    assert!(matches!(refusal(&parts.pack()), EvidenceError::Manifest(_)));
}

/// The receipt with a path of so many hashes in place of its own.
fn long_path(receipt: &[u8], count: u16) -> Vec<u8> {
    assert_eq!(receipt[..3], [0xd2, 0x84, 0x58]);
    let protected = &receipt[..4 + usize::from(receipt[3])];
    let mut proof = vec![0x83, 0x18, 0x64, 0x01, 0x99];
    proof.extend(count.to_be_bytes());
    proof.extend([[0x58, 0x20].as_slice(), &[7; 32]].concat().repeat(count.into()));
    let mut long = [protected, &[0xa1, 0x19, 0x01, 0x8c, 0xa1, 0x20, 0x81, 0x5a]].concat();
    long.extend((proof.len() as u32).to_be_bytes());
    long.extend(proof);
    long.extend([&[0xf6], &receipt[receipt.len() - 66..]].concat());
    long
}

#[test]
fn proofs_of_many_hashes_are_refused_by_their_size_and_by_their_count() {
    let (_told, bundle) = spring();
    let name = "receipts/000001.cose";
    let receipt = &bundle.0[name];
    let refused = refusal(&with(&bundle, name, long_path(receipt, 10_000)));
    assert!(matches!(refused, EvidenceError::Archive(_)), "{refused}");
    for count in [65, 400] {
        let refused = refusal(&with(&bundle, name, long_path(receipt, count)));
        assert!(matches!(refused, EvidenceError::Receipt { .. }), "{refused}");
    }
}

#[test]
fn a_title_that_turns_its_text_is_no_title() {
    let (told, bundle) = spring();
    let entry = number(&told.register, told.spring).get();
    let name = format!("entries/{entry:06}.cbor");
    for turned in ["a\u{202e}gn", "a\u{2066}gn", "\u{200f}gnp", "\u{1b}[31mx", "a\u{0}gnpx"] {
        assert_eq!(turned.len(), 6, "{turned:?}");
        let leaf = &bundle.0[&name];
        let at = leaf.windows(7).position(|it| it == b"\x66spring").unwrap();
        let leaf = [&leaf[..=at], turned.as_bytes(), &leaf[at + 7..]].concat();
        match refusal(&with(&bundle, &name, leaf)) {
            EvidenceError::Entry { entry: at, error: RecordError::Malformed { reason } } => {
                assert_eq!(at.get(), entry);
                assert!(reason.starts_with("title contains the character U+"), "{reason}");
            }
            refused => panic!("{turned:?}: {refused:?}"),
        }
    }
}

#[test]
fn markup_is_text_on_the_page_and_a_prompt_moves_no_terminal() {
    let mut register = Register::create();
    let wen_id = register.record(&wen(), party(&wen(), Role::Creator));
    let title = "</title><script>x()</script><img src=x onerror=y()>";
    let id = register.record(&wen(), work(title, None, &[(wen_id, "1")]));
    let packed = sealed(&register, id);
    let page = String::from_utf8(Parts::of(&packed).0["report.html"].clone()).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(page.contains("&lt;script&gt;x()&lt;/script&gt;"));
    let verdict = verify(&packed, &Policy::default(), None).unwrap();
    let work = verdict.case.work_label(number(&register, id)).unwrap();
    assert_eq!(work.title.as_str(), title);

    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    let prompt = "\u{1b}]0;owned\u{7}\u{1b}[2J<script>x()</script> \u{202e}gnp.exe";
    std::fs::write(place.join("spring.png"), b"not really a picture").unwrap();
    std::fs::write(place.join("prompt.txt"), prompt).unwrap();
    done(place, &["init", "--name", "Northlight register"]);
    done(place, &["party", "add", "wen", "--role", "creator"]);
    done(place, &["register", "spring.png", "--as", "wen", "--prompt-file", "prompt.txt"]);
    done(place, &["evidence", "export", "spring.png", "-o", "open.zip", "--reveal", "all"]);
    let said = deedbook(place, &["verify", "open.zip"]);
    assert_eq!(said.status.code(), Some(0));
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("<script>x()</script>"), "it is shown: {said}");
    let page = Parts::of(&std::fs::read(place.join("open.zip")).unwrap()).0["report.html"].clone();
    let page = String::from_utf8(page).unwrap();
    assert!(!page.contains("<script"));
    for text in [said, page] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
}

/// The path from a leaf to the root (RFC 9162, 2.1.3.1), by a tree of the tests' own.
fn path(hashes: &[Hash], index: usize) -> Vec<Hash> {
    if hashes.len() == 1 {
        return Vec::new();
    }
    let half = hashes.len().next_power_of_two() / 2;
    let (left, right) = hashes.split_at(half);
    let (mut way, other) =
        if index < half { (path(left, index), right) } else { (path(right, index - half), left) };
    way.push(root(other));
    way
}

fn root(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::empty();
    for hash in hashes {
        frontier.append(*hash).unwrap();
    }
    frontier.root()
}

/// The bundle of a log that has this leaf at this number instead, with every signature of the
/// register made anew. The bundle must have the whole log.
fn relogged(bundle: &Parts, place: usize, leaf: Vec<u8>) -> Vec<u8> {
    let mut parts = bundle.clone();
    let name = |place: usize| format!("entries/{place:06}.cbor");
    let id = |leaf: &[u8]| Entry::decode(leaf).unwrap().statement.id().to_string();
    let (old, new) = (id(&parts.0[&name(place)]), id(&leaf));
    parts.0.insert(name(place), leaf);
    let size = parts.0.keys().filter(|name| name.starts_with("entries/")).count();
    let leaves: Vec<_> = (0..size).map(|place| parts.0[&name(place)].clone()).collect();
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    let (root, key) = (root(&hashes), ledger_key());
    let kid = *Key::ledger().public_key().thumbprint().as_bytes();
    for (place, leaf) in leaves.iter().enumerate() {
        let claims = ReceiptClaims {
            issuer: ORIGIN.to_owned(),
            subject: format!("entry:{}", id(leaf)),
            issued_at_s: 1_780_000_000,
        };
        let at = (place as u64, size as u64);
        let time_ms = Entry::decode(leaf).unwrap().registered_at.as_millis();
        let path = InclusionProof::new(path(&hashes, place)).unwrap();
        let receipt = InclusionReceipt::sign(&claims, kid, time_ms, at, path, root, &key).unwrap();
        parts.0.insert(format!("receipts/{place:06}.cose"), receipt.to_bytes());
    }
    let signer = CheckpointSigner::new(ORIGIN.parse().unwrap(), key);
    let note = signer.sign(size as u64, root).unwrap().note;
    parts.0.insert("checkpoint.txt".to_owned(), note.into_bytes());
    let found = parts.manifest()["root"].as_str().unwrap().to_owned();
    let text = String::from_utf8(parts.0["manifest.json"].clone()).unwrap();
    let text = text.replace(&found, &root.to_string()).replace(&old, &new);
    parts.0.insert("manifest.json".to_owned(), text.into_bytes());
    // The subject stands in the protected header of the index as well.
    let index = parts.0.get_mut("index.cose").unwrap();
    if let Some(at) = index.windows(old.len()).position(|it| it == old.as_bytes()) {
        index.splice(at..at + old.len(), new.bytes());
    }
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    parts.pack()
}

/// The log itself has a statement that its own rules do not admit.
#[test]
fn a_key_counts_only_between_its_addition_and_its_revocation() {
    let mut register = Register::create();
    let wen_id = register.record(&wen(), party(&wen(), Role::Creator));
    let [second, third] =
        [11, 12].map(|seed| Actor { handle: "wen".to_owned(), key: Key::p256(seed) });
    register.record(&wen(), key_added(wen_id, &second));
    register.record(&second, key_revoked(&wen()));
    let of_wen = |title| work(title, None, &[(wen_id, "1")]);
    let id = register.record(&second, of_wen("spring"));
    register.record(&second, key_added(wen_id, &third));
    let bundle = Parts::of(&sealed(&register, id));
    let at = Entry::decode(&bundle.0["entries/000004.cbor"]).unwrap().registered_at;
    let signed = |actor: &Actor| {
        let statement = register.sign(actor, of_wen("rain"));
        relogged(&bundle, 4, Entry::leaf_data(at, statement.as_bytes()))
    };
    let verdict = verify(&signed(&second), &Policy::default(), None).unwrap();
    assert_eq!(verdict.claims[4].signer, "wen", "by the valid key all of it holds");
    for (actor, needed, when) in
        [(wen(), "KeyRevoked", "revoked before"), (third, "UnknownKey", "added later")]
    {
        match refusal(&signed(&actor)) {
            EvidenceError::Case(CaseError::Refused { entry, refusal }) => {
                let told = format!("{refusal:?}");
                assert!(entry.get() == 4 && told.starts_with(needed), "{when}: {told}");
            }
            refused => panic!("{when}: {refused:?}"),
        }
    }
}
