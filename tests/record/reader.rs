//! What others make of our statements: the COSE library `coset` reads them as we wrote them.

use super::raw::Raw;
use crate::support::{Key, samples, signed_at};
use ciborium::Value;
use coset::{CoseSign1, Label, RegisteredLabelWithPrivate, TaggedCborSerializable, iana};
use deedbook::record::{CONTENT_TYPE, Kind, Signer, Statement};
use ed25519_dalek::Verifier;

#[test]
fn coset_reads_header_claims_and_signed_bytes() {
    for sample in samples() {
        let statement = sample.statement();
        let sign1 = CoseSign1::from_tagged_slice(statement.as_bytes()).unwrap();
        let header = &sign1.protected.header;
        assert_eq!(header.alg, Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA)));
        assert_eq!(header.content_type, Some(coset::ContentType::Text(CONTENT_TYPE.to_owned())));
        let public_key = sample.key.public_key();
        assert_eq!(header.key_id, public_key.thumbprint().as_bytes());
        let claims = Value::Map(vec![
            (1.into(), sample.issuer.into()),
            (2.into(), sample.record.subject().into()),
            (6.into(), 1_772_366_400.into()),
        ]);
        assert_eq!(header.rest, [(Label::Int(15), claims)]);
        assert!(header.crit.is_empty() && sign1.unprotected.is_empty());

        assert_eq!(sign1.tbs_data(&[]), statement.signed_bytes());
        assert_eq!(sign1.signature, statement.signature());
        let Key::Ed25519(key) = &sample.key else { panic!("samples are signed with Ed25519") };
        let signature = ed25519_dalek::Signature::from_slice(&sign1.signature).unwrap();
        key.verifying_key().verify(&sign1.tbs_data(&[]), &signature).unwrap();
    }
}

/// Another implementation can write what we read, to the byte.
#[test]
fn coset_writes_the_same_statement() {
    let sample = super::raw::sample(Kind::Work, "maximal");
    let ours = sample.statement();
    let claims = Value::Map(vec![
        (1.into(), sample.issuer.into()),
        (2.into(), ours.header().subject.as_str().into()),
        (6.into(), signed_at().as_seconds().into()),
    ]);
    let header = coset::HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(CONTENT_TYPE.to_owned())
        .key_id(ours.header().kid.as_bytes().to_vec())
        .value(15, claims)
        .build();
    let [_, payload] = super::golden::coset_parts(ours.as_bytes());
    let theirs = coset::CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .create_signature(&[], |message| sample.key.sign(message).unwrap())
        .build()
        .to_tagged_vec()
        .unwrap();
    assert_eq!(theirs, ours.as_bytes());
    assert_eq!(Statement::decode(&theirs), Ok(ours));
}

/// The tests' own way of signing agrees, so that refusals are for the reason that they test.
#[test]
fn statements_put_together_by_hand_are_accepted() {
    for &kind in Kind::ALL {
        let (raw, key) = Raw::minimal(kind);
        let statement = Statement::decode(&raw.sign(&key)).unwrap();
        assert!(statement.verify(&key.public_key()).is_ok(), "{kind}");
    }
}
