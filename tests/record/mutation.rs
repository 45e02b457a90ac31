//! A statement with any byte changed is refused, or its signature is.

use super::raw::sample;
use crate::support::{cases, samples};
use deedbook::record::{Entry, Kind, Signer, Statement};
use proptest::prelude::*;

/// Whether anything in these bytes could be taken for a statement by this key.
fn is_accepted(bytes: &[u8], key: &crate::support::Key) -> bool {
    Statement::decode(bytes).and_then(|statement| statement.verify(&key.public_key())).is_ok()
}

#[test]
fn no_statement_survives_a_changed_byte() {
    for sample in samples() {
        let statement = sample.statement();
        let original = statement.as_bytes();
        assert!(is_accepted(original, &sample.key), "{}", sample.name);
        let refuse = |bytes: &[u8], change: &str, place: usize| {
            assert!(
                !is_accepted(bytes, &sample.key),
                "{} {}: {change} at {place}",
                sample.record.kind(),
                sample.name
            );
        };
        for place in 0..original.len() {
            for bit in 0..8 {
                let mut bytes = original.to_vec();
                bytes[place] ^= 1 << bit;
                refuse(&bytes, "flip", place);
            }
            let mut bytes = original.to_vec();
            let removed = bytes.remove(place);
            refuse(&bytes, "delete", place);
            bytes.insert(place, removed);
            bytes.insert(place, removed);
            refuse(&bytes, "duplicate", place);
            for inserted in [0x00, 0x40, 0x5f, 0xa0, 0xff] {
                bytes[place] = inserted;
                refuse(&bytes, "insert", place);
            }
            refuse(&original[..place], "cut", place);
        }
        for behind in [0x00, 0xff] {
            refuse(&[original, &[behind]].concat(), "append", original.len());
        }
    }
}

#[test]
fn every_value_of_every_byte_of_the_smallest_statement() {
    let sample = sample(Kind::SplitAgreed, "minimal");
    let statement = sample.statement();
    for place in 0..statement.as_bytes().len() {
        for value in 0..=255 {
            let mut bytes = statement.as_bytes().to_vec();
            if bytes[place] != value {
                bytes[place] = value;
                assert!(!is_accepted(&bytes, &sample.key), "{value} at {place}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Statement::decode(&bytes).is_err());
        prop_assert!(Entry::decode(&bytes).is_err());
    }

    #[test]
    fn many_changes_never_panic(
        index in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let samples = samples();
        let sample = index.get(&samples);
        let statement = sample.statement();
        let mut bytes = statement.as_bytes().to_vec();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        prop_assert_eq!(is_accepted(&bytes, &sample.key), bytes == statement.as_bytes());
    }
}
