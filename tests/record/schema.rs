//! `schema/record-v1.cddl` describes what we write, and refuses what we would refuse.

use super::golden::coset_parts;
use super::raw::{Raw, encode, member};
use crate::support::{account_of, samples, signed_at};
use cddl_cat::{cbor::validate_cbor, context::BasicContext, flatten::flatten_from_str};
use ciborium::Value;
use deedbook::record::{Entry, Kind, Statement};
use std::sync::LazyLock;

/// The schema, parsed once. The CDDL library knows no tags, so the one tag is taken off here and
/// off the statements below; that it is there, [`super::reader`] tests.
static SCHEMA: LazyLock<BasicContext> = LazyLock::new(|| {
    let text = include_str!("../../schema/record-v1.cddl");
    let untagged = text.replace("#6.18(cose-sign1)", "cose-sign1");
    assert_ne!(text, untagged);
    BasicContext::new(flatten_from_str(&untagged).unwrap())
});

fn validate(rule: &str, value: &Value) -> Result<(), String> {
    let definition = SCHEMA.rules.get(rule).ok_or(format!("no rule {rule}"))?;
    validate_cbor(definition, value, &*SCHEMA).map_err(|error| error.to_string())
}

fn value(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).unwrap()
}

/// Panics unless the payload is what the schema says of its kind.
pub(super) fn validate_payload(statement: &Statement) {
    let [_, payload] = coset_parts(statement.as_bytes());
    let kind = statement.record().kind().name();
    validate(kind, &value(&payload)).unwrap_or_else(|error| panic!("{kind}: {error}"));
}

#[test]
fn every_sample_is_valid_as_payload_header_statement_and_entry() {
    for sample in samples() {
        let statement = sample.statement();
        let context = format!("{} {}", sample.record.kind(), sample.name);
        validate_payload(&statement);
        let [protected, payload] = coset_parts(statement.as_bytes());
        assert_eq!(validate("record", &value(&payload)), Ok(()), "{context}");
        let header = validate("protected-header", &value(&protected));
        assert_eq!(header, Ok(()), "{context}");
        let untagged = value(&statement.as_bytes()[1..]);
        assert_eq!(validate("statement", &untagged), Ok(()), "{context}");
        let registered_at = signed_at();
        let entry = Entry { registered_at, statement };
        assert_eq!(entry.to_bytes()[10], 0xd2);
        let entry = Value::Array(vec![registered_at.as_millis().into(), untagged]);
        assert_eq!(validate("entry", &entry), Ok(()), "{context}");
    }
    let largest = account_of(1000, 10).into();
    let key = crate::support::Key::wen();
    validate_payload(&Statement::sign(largest, "wen", signed_at(), &key).unwrap());
}

/// Each kind has its own rule, and no kind passes for another.
#[test]
fn no_kind_is_valid_as_another() {
    for sample in samples() {
        let [_, payload] = coset_parts(sample.statement().as_bytes());
        for kind in Kind::ALL {
            let valid = validate(kind.name(), &value(&payload)).is_ok();
            assert_eq!(valid, *kind == sample.record.kind(), "{kind}");
        }
    }
}

/// Refused by the schema and by the library alike.
fn assert_refused(raw: &Raw, payload: &Value, kind: Kind, change: &str) {
    assert!(validate(kind.name(), payload).is_err(), "schema accepts {kind} with {change}");
    let bytes = raw.clone().with_payload(payload).frame(&[0; 64]);
    assert!(
        Statement::decode(&bytes).is_err(),
        "library accepts {kind} with {change}: {:02x?}",
        encode(payload)
    );
}

#[test]
fn each_member_of_each_kind_is_needed_under_its_name_and_type() {
    for sample in samples() {
        let kind = sample.record.kind();
        let [protected, payload] = coset_parts(sample.statement().as_bytes());
        let raw = Raw { protected, unprotected: vec![0xa0], payload };
        let good = raw.payload_value();
        let count = member(&mut good.clone(), "record").as_map().unwrap().len();
        for index in 0..count {
            let mut renamed = good.clone();
            let pair = &mut member(&mut renamed, "record").as_map_mut().unwrap()[index];
            let name = pair.0.as_text().unwrap().to_owned();
            pair.0 = format!("{name}x").into();
            assert_refused(&raw, &renamed, kind, &format!("{name} renamed"));

            for other in [Value::Null, true.into(), Value::Float(1.0), Value::Array(vec![])] {
                let mut retyped = good.clone();
                let pair = &mut member(&mut retyped, "record").as_map_mut().unwrap()[index];
                let may_be_empty = ["works", "acknowledged"].contains(&name.as_str());
                if other == pair.1 || may_be_empty && other.is_array() {
                    continue;
                }
                pair.1 = other.clone();
                assert_refused(&raw, &retyped, kind, &format!("{name} as {other:?}"));
            }
        }
        let mut added = good.clone();
        let pairs = member(&mut added, "record").as_map_mut().unwrap();
        pairs.push(("zzzzzzzzzzzzzzzzz".into(), 0.into()));
        assert_refused(&raw, &added, kind, "a further key");
        let mut later = good.clone();
        *member(&mut later, "v") = 2.into();
        assert_refused(&raw, &later, kind, "version 2");
    }
}
