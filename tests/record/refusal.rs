//! What is refused, and what is said about it.

use super::raw::{Raw, encode, member, sample};
use ciborium::Value;
use deedbook::record::*;

fn malformed(reason: &str) -> RecordError {
    RecordError::Malformed { reason: reason.to_owned() }
}

fn refused_payload(payload: &[u8]) -> RecordError {
    let (mut raw, _) = Raw::minimal(Kind::SplitAgreed);
    raw.payload = payload.to_vec();
    raw.refused()
}

/// The payload of the smallest record with something else in place of the work's identifier.
fn with_work(work: &[u8]) -> Vec<u8> {
    let (raw, _) = Raw::minimal(Kind::SplitAgreed);
    let head = raw.payload.len() - 34;
    [&raw.payload[..head], work].concat()
}

const CANONICAL_REFUSAL: RecordError = RecordError::NotCanonical { what: "the payload" };

#[test]
fn payloads_in_another_form_are_refused() {
    let (raw, _) = Raw::minimal(Kind::SplitAgreed);
    let id = &raw.payload[raw.payload.len() - 32..];
    let long_head = [&[0x59, 0x00, 0x20], id].concat();
    assert_eq!(refused_payload(&with_work(&long_head)), CANONICAL_REFUSAL);
    let trailing = [&raw.payload[..], &[0x00]].concat();
    assert_eq!(refused_payload(&trailing), CANONICAL_REFUSAL);
    let long_version = raw.payload.iter().copied();
    let long_version: Vec<u8> = long_version.take(3).chain([0x18, 0x01]).collect();
    let long_version = [&long_version, &raw.payload[4..]].concat();
    assert_eq!(refused_payload(&long_version), CANONICAL_REFUSAL);
    let mut envelope = raw.payload.clone();
    envelope[0] = 0xbf;
    envelope.push(0xff);
    assert_eq!(
        refused_payload(&envelope),
        malformed("not a map of `v`, `kind` and `record` in the payload")
    );
    let indefinite_body = raw.payload.len() - 34 - 6;
    let mut body = raw.payload.clone();
    assert_eq!(body[indefinite_body], 0xa1);
    body[indefinite_body] = 0xbf;
    body.push(0xff);
    assert_eq!(refused_payload(&body), CANONICAL_REFUSAL);
    let mut chunked = with_work(&[0x5f, 0x58, 0x20]);
    chunked.extend(id);
    chunked.push(0xff);
    assert!(matches!(
        refused_payload(&chunked),
        RecordError::Malformed { .. } | RecordError::NotCanonical { .. }
    ));
}

#[test]
fn map_order_and_repeated_keys_are_refused() {
    let (raw, _) = Raw::minimal(Kind::Confirmation);
    let mut value = raw.payload_value();
    member(&mut value, "record").as_map_mut().unwrap().reverse();
    assert_eq!(raw.clone().with_payload(&value).refused(), CANONICAL_REFUSAL);
    let mut value = raw.payload_value();
    let pairs = member(&mut value, "record").as_map_mut().unwrap();
    pairs.push(pairs[0].clone());
    assert_eq!(raw.clone().with_payload(&value).refused(), malformed("duplicate field `payment`"));
    let mut value = raw.payload_value();
    value.as_map_mut().unwrap().swap(0, 1);
    assert_eq!(raw.with_payload(&value).refused(), malformed("key `kind` where `v` must stand"));

    let work = sample(Kind::Work, "maximal").statement();
    let [protected, payload] = super::golden::coset_parts(work.as_bytes());
    let raw = Raw { protected, unprotected: vec![0xa0], payload };
    let parameters = |change: fn(&mut Vec<(Value, Value)>)| {
        let mut value = raw.payload_value();
        let generation = member(member(&mut value, "record"), "generation");
        change(member(generation, "parameters").as_map_mut().unwrap());
        raw.clone().with_payload(&value).refused()
    };
    assert_eq!(parameters(|pairs| pairs.reverse()), CANONICAL_REFUSAL);
    let twice = parameters(|pairs| pairs.push(pairs[0].clone()));
    assert_eq!(twice, CANONICAL_REFUSAL);
}

#[test]
fn unknown_and_missing_keys_versions_and_kinds_are_named() {
    let (raw, _) = Raw::minimal(Kind::Confirmation);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = raw.payload_value();
        change(&mut value);
        raw.clone().with_payload(&value).refused()
    };
    let push = |value: &mut Value, key: &str| {
        let pairs = value.as_map_mut().unwrap();
        pairs.push((key.into(), Value::Null));
    };
    assert_eq!(
        changed(&|value| push(member(value, "record"), "colour")),
        malformed("unknown field `colour`, expected `payment` or `effective_at`")
    );
    assert_eq!(
        changed(&|value| drop(member(value, "record").as_map_mut().unwrap().pop())),
        malformed("missing field `effective_at`")
    );
    assert_eq!(
        changed(&|value| push(value, "colour")),
        malformed("not a map of `v`, `kind` and `record` in the payload")
    );
    for found in [0, 2, u64::from(u32::MAX)] {
        assert_eq!(
            changed(&|value| *member(value, "v") = found.into()),
            RecordError::Version { found }
        );
    }
    assert_eq!(
        changed(&|value| *member(value, "kind") = "deed".into()),
        malformed("unknown kind of record `deed`")
    );
}

#[test]
fn what_is_quoted_is_escaped_and_bounded() {
    let (raw, _) = Raw::minimal(Kind::Confirmation);
    let with_key = |key: &str| {
        let mut value = raw.payload_value();
        let pairs = member(&mut value, "record").as_map_mut().unwrap();
        pairs.push((key.into(), Value::Null));
        raw.clone().with_payload(&value).refused().to_string()
    };
    let shown = with_key("\u{1b}[31m\u{202E}");
    assert!(shown.contains(r"`\u{1b}[31m\u{202e}`"), "{shown}");
    assert!(with_key(&"k".repeat(60_000)).chars().count() < 300);
}

#[test]
fn deep_nesting_and_false_lengths_are_refused_at_once() {
    for open in [0x81, 0xc1, 0x9f, 0xa1] {
        let deep = with_work(&vec![open; 60_000]);
        assert!(matches!(refused_payload(&deep), RecordError::Malformed { .. }));
    }
    let (raw, _) = Raw::minimal(Kind::Assignment);
    let rights = encode(&"rights".into());
    let at = raw.payload.windows(7).position(|w| w == rights).unwrap() + 7;
    for inside in [vec![0x81; 60_000], vec![0x9b, 0x7f, 255, 255, 255, 255, 255, 255, 255]] {
        let mut raw = raw.clone();
        raw.payload = [&raw.payload[..at], &inside].concat();
        assert!(matches!(raw.refused(), RecordError::Malformed { .. }));
    }
    for length in [
        [0x5b, 0x7f, 255, 255, 255, 255, 255, 255, 255],
        [0x7b, 0xff, 255, 255, 255, 255, 255, 255, 255],
        [0x9b, 0x00, 0, 0, 255, 255, 255, 255, 255],
    ] {
        assert!(matches!(refused_payload(&with_work(&length)), RecordError::Malformed { .. }));
        let statement = [&[0xd2, 0x84], &length[..]].concat();
        assert!(Statement::decode(&statement).is_err());
    }
}

/// The protected header of a sample as a value that can be changed.
fn changed_header(change: impl Fn(&mut Vec<(Value, Value)>)) -> RecordError {
    let (mut raw, _) = Raw::minimal(Kind::SplitAgreed);
    let mut header: Value = ciborium::from_reader(raw.protected.as_slice()).unwrap();
    change(header.as_map_mut().unwrap());
    raw.protected = encode(&header);
    raw.refused()
}

#[test]
fn headers_that_say_something_else_are_refused() {
    for algorithm in [-9, -6, 0, -19, -35] {
        assert_eq!(
            changed_header(|header| header[0].1 = algorithm.into()),
            malformed(&format!("the unknown algorithm {algorithm}"))
        );
    }
    assert_eq!(
        changed_header(|header| header[1].1 = "application/cbor".into()),
        malformed("the content type `application/cbor`")
    );
    for length in [0, 31, 33] {
        assert_eq!(
            changed_header(|header| header[2].1 = Value::Bytes(vec![0; length])),
            malformed("a key identifier that is not 32 bytes")
        );
    }
    assert_eq!(
        changed_header(|header| header.push((99.into(), 0.into()))),
        malformed("not a protected header of four")
    );
    assert_eq!(changed_header(|header| header.swap(0, 1)), malformed("not the algorithm"));
    assert_eq!(
        changed_header(|header| header[3].1.as_map_mut().unwrap().swap(0, 1)),
        malformed("not the issuer")
    );
    let (mut raw, _) = Raw::minimal(Kind::SplitAgreed);
    raw.protected.push(0);
    assert_eq!(raw.refused(), RecordError::NotCanonical { what: "the protected header" });
}

#[test]
fn claims_that_do_not_hold_are_refused() {
    let with_claim = |index: usize, claim: Value| {
        changed_header(move |header| header[3].1.as_map_mut().unwrap()[index].1 = claim.clone())
    };
    assert_eq!(
        with_claim(0, "Wen".into()),
        RecordError::Handle { what: "handle", found: "Wen".to_owned() }
    );
    assert_eq!(
        with_claim(0, "w".repeat(256).into()),
        malformed("the issuer is not a text of at most 255 bytes")
    );
    assert_eq!(
        with_claim(0, "\u{1b}[2Jwen".into()),
        malformed("the issuer contains the character U+001B")
    );
    let needed = sample(Kind::SplitAgreed, "minimal").record.subject();
    assert_eq!(
        with_claim(1, "work:another".into()),
        RecordError::Subject { found: "work:another".to_owned(), needed }
    );
    assert_eq!(with_claim(2, "now".into()), malformed("the time of signing is not an integer"));
    assert_eq!(
        with_claim(2, u64::MAX.into()),
        malformed("the time of signing does not fit 64 bits")
    );
}

#[test]
fn frames_of_another_shape_are_refused() {
    let (raw, key) = Raw::minimal(Kind::SplitAgreed);
    let mut unprotected = raw.clone();
    unprotected.unprotected = vec![0xa1, 0x04, 0x40];
    assert_eq!(unprotected.refused(), malformed("not an empty unprotected header"));
    for length in [0, 63, 65] {
        assert_eq!(
            Statement::decode(&raw.frame(&vec![0; length])),
            Err(malformed("a signature that is not 64 bytes"))
        );
    }
    let good = raw.sign(&key);
    assert_eq!(Statement::decode(&good[1..]), Err(malformed("not the tag of COSE_Sign1")));
    let long_tag = [&[0xd8, 0x12], &good[1..]].concat();
    let trailing = [&good[..], &[0xf6]].concat();
    for bytes in [long_tag, trailing] {
        assert_eq!(
            Statement::decode(&bytes),
            Err(RecordError::NotCanonical { what: "the statement" })
        );
    }
    assert_eq!(
        Statement::decode(&[]),
        Err(malformed("nothing where the tag of COSE_Sign1 must stand"))
    );
}
