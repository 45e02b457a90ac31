//! `schema/receipt-v1.cddl` describes the receipts that we write.

use super::register_of;
use cddl_cat::{cbor::validate_cbor, context::BasicContext, flatten::flatten_from_str};
use ciborium::Value;
use deedbook::record::EntryNumber;

/// Without the tag, which the CDDL library does not know.
fn validate(rule: &str, bytes: &[u8]) -> Result<(), String> {
    let text = include_str!("../../schema/receipt-v1.cddl");
    let text = text.replace("#6.18(cose-inclusion)", "cose-inclusion");
    let text = text.replace("#6.18(cose-consistency)", "cose-consistency");
    let text = text.replace("#6.18([", "[").replace("\n])", "\n]");
    // The receipts in a statement keep their tag, so that they are looked at by themselves.
    let text = text.replace("bstr .cbor inclusion-receipt", "bstr");
    let schema = BasicContext::new(flatten_from_str(&text).unwrap());
    assert_eq!(bytes[0], 0xd2);
    let value: Value = ciborium::from_reader(&bytes[1..]).unwrap();
    validate_cbor(&schema.rules[rule], &value, &schema).map_err(|error| error.to_string())
}

#[test]
fn receipts_are_what_the_schema_says() {
    let register = register_of(9);
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    let inclusion = ledger.inclusion_receipt(&reader, EntryNumber::new(4)).unwrap().to_bytes();
    let consistency = ledger.consistency_receipt(&reader, 5, None).unwrap().to_bytes();
    let whole = ledger.transparent_statement(&reader, EntryNumber::new(4)).unwrap().to_bytes();
    let made = [
        ("inclusion-receipt", &inclusion),
        ("consistency-receipt", &consistency),
        ("transparent-statement", &whole),
    ];
    for (rule, _) in &made {
        for (name, bytes) in &made {
            assert_eq!(validate(rule, bytes).is_ok(), name == rule, "{name} as {rule}");
        }
        let said = validate(rule, made.iter().find(|(name, _)| name == rule).unwrap().1);
        assert_eq!(said, Ok(()));
    }
}
