//! What a stranger, an opponent or the register itself may do to a bundle, and what the verifier
//! says then.

use super::parts::{Parts, proven, refusal, sealed};
use super::told::{Told, told};
use crate::support::{Register, ledger_key, work};
use deedbook::evidence::{
    ArchiveError, CaseError, Completeness, EvidenceError, IndexError, PartName, Policy, verify,
};
use deedbook::record::EntryNumber;

fn spring() -> (Told, Parts) {
    let told = told();
    let parts = Parts::of(&sealed(&told.register, told.spring));
    (told, parts)
}

/// Whoever changes a part changes what the manifest must say of it.
#[test]
fn every_part_that_is_missing_empty_cut_or_swapped_is_refused() {
    let (_told, bundle) = spring();
    let names: Vec<String> = bundle.0.keys().cloned().collect();
    for name in &names {
        let mut parts = bundle.clone();
        parts.0.remove(name);
        match verify(&parts.pack(), &Policy::default(), None) {
            Ok(_) => panic!("without {name} the bundle holds"),
            Err(EvidenceError::PartWithoutUse { part: PartName::Report }) => {
                assert_eq!(name, "index.cose");
            }
            Err(EvidenceError::PartMissing { part }) => assert_eq!(part.to_string(), *name),
            Err(error) => panic!("without {name}: {error}"),
        }
        let mut parts = bundle.clone();
        let bytes = parts.0.get_mut(name).unwrap();
        bytes.pop();
        refusal(&parts.pack());
        for other in &names {
            if other != name {
                let mut parts = bundle.clone();
                parts.0.insert(name.clone(), bundle.0[other].clone());
                refusal(&parts.pack());
            }
        }
    }
}

/// The same, by somebody who writes the manifest anew, and by the register itself.
#[test]
fn a_manifest_that_fits_does_not_help() {
    let (_told, bundle) = spring();
    let names: Vec<String> = bundle.0.keys().cloned().collect();
    let inner = |name: &&String| !["manifest.json", "index.cose"].contains(&name.as_str());
    for name in names.iter().filter(inner) {
        if name == "report.html" {
            // Nothing rests on the page, which goes with the register's word.
            continue;
        }
        for other in names.iter().filter(inner).filter(|other| *other != name) {
            let mut parts = bundle.clone();
            parts.0.insert(name.clone(), bundle.0[other].clone());
            parts.strip();
            refusal(&parts.pack());
        }
        let mut parts = bundle.clone();
        parts.0.remove(name);
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let refused = refusal(&parts.pack());
        assert!(matches!(refused, EvidenceError::PartMissing { .. }), "{name}: {refused}");
    }
}

#[test]
fn a_later_assignment_cannot_be_left_out_under_the_registers_word() {
    let (told, bundle) = spring();
    let reader = told.register.ledger().read().unwrap();
    let assigned = reader.entry_number(&told.assigned).unwrap().unwrap();
    let mut parts = bundle.clone();
    parts.leave_out(assigned.get());
    assert_eq!(refusal(&parts.pack()), EvidenceError::Index(IndexError::Signature));
    // Without that word, and the page that rests on it, it holds, and says that it proves nothing
    // of the kind.
    parts.strip();
    let tree_size = reader.size().unwrap();
    assert_eq!(proven(&parts.pack()).completeness, Completeness::NotProven { tree_size });
    let policy = Policy { must_be_complete: true, ..Policy::default() };
    let refused = verify(&parts.pack(), &policy, None).err();
    assert_eq!(refused, Some(EvidenceError::NotComplete));
    assert!(verify(&bundle.pack(), &policy, None).is_ok());
    // The page would tell what nobody vouches for.
    parts.0.insert("report.html".to_owned(), b"<p>all mine".to_vec());
    parts.list_anew();
    let part = PartName::Report;
    assert_eq!(refusal(&parts.pack()), EvidenceError::PartWithoutUse { part });
}

#[test]
fn a_key_that_is_not_the_registers_signs_no_manifest() {
    let (_told, mut parts) = spring();
    parts.sign_anew(&ed25519_dalek::SigningKey::from_bytes(&[99; 32]));
    assert_eq!(refusal(&parts.pack()), EvidenceError::Index(IndexError::Signature));
}

#[test]
fn parts_of_another_ledger_do_not_fit() {
    let (_told, bundle) = spring();
    // The same story a second time, one statement longer: the same entries, other receipts.
    let mut other = told();
    let more = work("winter", None, &[(other.bo, "1")]);
    other.register.record(&crate::support::bo(), more);
    let other = Parts::of(&sealed(&other.register, other.spring));
    for name in bundle.0.keys().filter(|name| name.starts_with("receipts/")) {
        assert_ne!(bundle.0[name], other.0[name]);
        let mut parts = bundle.clone();
        parts.0.insert(name.clone(), other.0[name].clone());
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let refused = refusal(&parts.pack());
        assert!(matches!(refused, EvidenceError::ReceiptDiffers { .. }), "{refused}");
    }
    let mut parts = bundle.clone();
    parts.0.insert("checkpoint.txt".to_owned(), other.0["checkpoint.txt"].clone());
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    assert!(matches!(refusal(&parts.pack()), EvidenceError::CheckpointDiffers { .. }));
}

/// A register of somebody else, with the same origin, in which the statements stand as well.
#[test]
fn the_entries_of_one_register_are_not_those_of_another() {
    let (_told, bundle) = spring();
    let foreign = Register::create();
    let reader = foreign.ledger().read().unwrap();
    let opening = reader.entry_row(EntryNumber::new(0)).unwrap().unwrap();
    let leaf = deedbook::record::Entry::leaf_data(opening.registered_at, &opening.statement);
    assert_eq!(leaf, bundle.0["entries/000000.cbor"]);
    let mut changed = leaf.clone();
    // The moment of registration, which the leaf begins with.
    changed[4] ^= 1;
    let mut parts = bundle.clone();
    parts.0.insert("entries/000000.cbor".to_owned(), changed);
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    let refused = refusal(&parts.pack());
    assert!(matches!(refused, EvidenceError::ReceiptDiffers { .. }), "{refused}");
}

/// The register leaves a revocation out and shows a statement that was signed after it.
#[test]
fn a_statement_by_a_key_that_was_not_valid_then_is_not_admitted() {
    let (_told, bundle) = spring();
    let manifest = bundle.manifest();
    let supports = manifest["selection"]["supports"].as_array().unwrap();
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    let entry = |number: u64| {
        let bytes = &bundle.0[&format!("entries/{number:06}.cbor")];
        deedbook::record::Entry::decode(bytes).unwrap()
    };
    let added = supports
        .iter()
        .map(number)
        .find(|it| entry(*it).statement.record().kind() == deedbook::record::Kind::KeyAdded);
    let mut parts = bundle.clone();
    parts.leave_out(added.unwrap());
    parts.sign_anew(&ledger_key());
    let refused = refusal(&parts.pack());
    assert!(matches!(refused, EvidenceError::Case(CaseError::UnknownKey { .. })), "{refused}");
}

#[test]
fn a_part_that_nobody_needs_is_refused() {
    let (_told, bundle) = spring();
    for name in [
        "timestamps/000007-00.tsr".to_owned(),
        "cosignatures/000007.txt".to_owned(),
        "consistency/000007.cose".to_owned(),
        "accounts/000003.json".to_owned(),
        format!("terms/{}.txt", deedbook::record::Digest::of(b"x")),
        format!("openings/{}.salt", deedbook::record::Digest::of(b"x")),
        "entries/000999.cbor".to_owned(),
        "receipts/000999.cose".to_owned(),
    ] {
        let mut parts = bundle.clone();
        parts.0.insert(name.clone(), b"x".to_vec());
        assert!(matches!(refusal(&parts.pack()), EvidenceError::PartUnlisted { .. }), "{name}");
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let refused = refusal(&parts.pack());
        assert!(matches!(refused, EvidenceError::PartWithoutUse { .. }), "{name}: {refused}");
    }
    let mut parts = bundle;
    parts.0.insert("../evil".to_owned(), b"x".to_vec());
    let refused = refusal(&parts.pack());
    assert!(matches!(refused, EvidenceError::Archive(ArchiveError::Name { .. })), "{refused}");
}

/// What a manifest says can be wrong in many ways, and each is found.
#[test]
fn a_manifest_that_lies_is_refused() {
    let (_told, bundle) = spring();
    let text = String::from_utf8(bundle.0["manifest.json"].clone()).unwrap();
    let mut tried = 0;
    for (found, instead) in [
        ("\"version\": 1", "\"version\": 2"),
        ("deedbook-evidence", "deedbook-evidencf"),
        ("\"kind\": \"work\"", "\"kind\": \"party\""),
        ("\"kind\": \"work\"", "\"kind\": \"contract\""),
        ("\"tree_size\": ", "\"tree_size\": 1"),
        ("\"root\": \"", "\"root\": \"0"),
        ("\"concerns\": [\n", "\"concerns\": [\n      1000000,\n"),
        ("\"concerns\": [\n", "\"concerns\": [\n      0,\n"),
        ("\"works\": [\n", "\"works\": [\n      2,\n"),
        ("register.example", "register.examplf"),
        ("  \"parts\": [", "  \"more\": 1,\n  \"parts\": ["),
        ("\"size\": ", "\"size\":  "),
        ("\"size\": ", "\"size\": 1e1"),
        ("}\n", "}\n\n"),
    ] {
        let changed = text.replacen(found, instead, 1);
        assert_ne!(changed, text, "{found}");
        let mut parts = bundle.clone();
        parts.0.insert("manifest.json".to_owned(), changed.into_bytes());
        parts.sign_anew(&ledger_key());
        refusal(&parts.pack());
        tried += 1;
    }
    assert_eq!(tried, 14);
}

/// Every byte of every part changed, removed, and put in twice, with a container that fits.
#[test]
#[ignore = "long: every byte of a bundle"]
fn long_every_byte_of_a_bundle_matters() {
    let (_told, bundle) = spring();
    let mut tried = 0_u32;
    for (name, bytes) in &bundle.0 {
        let mut parts = bundle.clone();
        for place in 0..bytes.len() {
            for mask in [0x01, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[place] ^= mask;
                parts.0.insert(name.clone(), changed);
                refusal(&parts.pack());
                tried += 1;
            }
            let mut removed = bytes.clone();
            removed.remove(place);
            parts.0.insert(name.clone(), removed);
            refusal(&parts.pack());
            let mut doubled = bytes.clone();
            doubled.insert(place, bytes[place]);
            parts.0.insert(name.clone(), doubled);
            refusal(&parts.pack());
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// Every byte of the container itself.
#[test]
#[ignore = "long: every byte of the file"]
fn long_every_byte_of_the_file_matters() {
    let (_told, bundle) = spring();
    let packed = bundle.pack();
    for place in 0..packed.len() {
        let mut changed = packed.clone();
        changed[place] ^= 1;
        refusal(&changed);
        refusal(&packed[..place]);
        changed = packed.clone();
        changed.remove(place);
        refusal(&changed);
        changed = packed.clone();
        changed.insert(place, packed[place]);
        refusal(&changed);
    }
}
