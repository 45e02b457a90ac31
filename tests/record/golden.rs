//! The bytes of each kind of record are fixed for good: `tests/vectors/record/<kind>.hex`.

use super::canonical::{check, hex};
use crate::support::{Sample, samples};
use deedbook::record::{Entry, Kind, Statement};
use std::{fmt::Write, fs, path::PathBuf};

fn file_of(kind: Kind) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors/record")
        .join(format!("{kind}.hex"))
}

/// Name, identifier and bytes of each statement of a kind.
fn written(kind: Kind) -> String {
    let mut text = String::new();
    for sample in samples() {
        if sample.record.kind() != kind {
            continue;
        }
        let statement = sample.statement();
        writeln!(text, "{} {}", sample.name, statement.id()).unwrap();
        for line in statement.as_bytes().chunks(32) {
            for byte in line {
                write!(text, "{byte:02x}").unwrap();
            }
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

#[test]
fn every_kind_keeps_its_bytes() {
    let bless = std::env::var_os("DEEDBOOK_BLESS").is_some();
    let mut changed = Vec::new();
    for &kind in Kind::ALL {
        let now = written(kind);
        if bless {
            fs::write(file_of(kind), &now).unwrap();
        }
        if fs::read_to_string(file_of(kind)).ok() != Some(now) {
            changed.push(kind.name());
        }
    }
    assert!(
        changed.is_empty(),
        "the bytes of {changed:?} are not those of tests/vectors/record; statements signed before \
         would not be read any more. If that is meant, write them anew with \
         `DEEDBOOK_BLESS=1 cargo test --test deedbook golden`"
    );
}

#[test]
fn golden_bytes_are_read_back() {
    for &kind in Kind::ALL {
        let text = fs::read_to_string(file_of(kind)).unwrap();
        let blocks: Vec<&str> = text.split_terminator("\n\n").collect();
        assert!(!blocks.is_empty(), "{kind} has no golden statement");
        for block in blocks {
            let (head, digits) = block.split_once('\n').unwrap();
            let (name, id) = head.split_once(' ').unwrap();
            let statement = Statement::decode(&hex(digits)).unwrap();
            assert_eq!(statement.id().to_string(), id, "{kind} {name}");
            assert_eq!(statement.record().kind(), kind, "{kind} {name}");
        }
    }
}

/// Checks every level of a statement with the independent reader.
pub(super) fn assert_canonical(statement: &Statement, context: &str) {
    let bytes = statement.as_bytes();
    check(bytes, &[18]).unwrap_or_else(|error| panic!("{context}: statement: {error}"));
    let parts = coset_parts(bytes);
    for (part, what) in parts.iter().zip(["protected header", "payload"]) {
        check(part, &[]).unwrap_or_else(|error| panic!("{context}: {what}: {error}"));
    }
    let entry = Entry { registered_at: crate::support::signed_at(), statement: statement.clone() };
    check(&entry.to_bytes(), &[18]).unwrap_or_else(|error| panic!("{context}: entry: {error}"));
}

/// Protected header and payload, as another library takes them apart.
pub(super) fn coset_parts(bytes: &[u8]) -> [Vec<u8>; 2] {
    use coset::TaggedCborSerializable;
    let sign1 = coset::CoseSign1::from_tagged_slice(bytes).unwrap();
    [sign1.protected.original_data.unwrap(), sign1.payload.unwrap()]
}

#[test]
fn every_sample_is_canonical_at_every_level() {
    for sample in samples() {
        let Sample { name, record, .. } = &sample;
        assert_canonical(&sample.statement(), &format!("{} {name}", record.kind()));
    }
}
