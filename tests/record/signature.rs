//! Signatures: by the key that the header names, over what is said, one by one and many at once.

use super::raw::sample;
use crate::support::{Key, samples, signed_at};
use deedbook::record::{
    Algorithm, Kind, PublicKey, RecordError, SignatureError, Signer, Statement, Verified,
};

/// The same statement with another signature.
fn altered(statement: &Statement) -> Statement {
    let mut bytes = statement.as_bytes().to_vec();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    Statement::decode(&bytes).unwrap()
}

fn signed(issuer: &str, key: &Key) -> Statement {
    let record = sample(Kind::SplitAgreed, "minimal").record;
    Statement::sign(record, issuer, signed_at(), key).unwrap()
}

fn refusal(statement: &Statement) -> RecordError {
    RecordError::Signature { kid: statement.header().kid.to_string() }
}

/// Says it is one key and signs with another.
struct Impostor {
    shown: Key,
    used: Key,
}

impl Signer for Impostor {
    fn public_key(&self) -> PublicKey {
        self.shown.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.used.sign(message)
    }
}

#[test]
fn every_sample_verifies_under_its_key_alone() {
    let stranger = Key::ed25519(99).public_key();
    for sample in samples() {
        let statement = sample.statement();
        assert_eq!(statement.clone().verify(&stranger), Err(refusal(&statement)));
        assert_eq!(altered(&statement).verify(&sample.key.public_key()), Err(refusal(&statement)));
        let verified = statement.clone().verify(&sample.key.public_key()).unwrap();
        assert_eq!(verified.statement(), &statement);
    }
}

#[test]
fn another_keys_name_in_the_header_is_refused_under_both() {
    let record = sample(Kind::SplitAgreed, "minimal").record;
    let impostor = Impostor { shown: Key::northlight(), used: Key::wen() };
    let statement = Statement::sign(record, "wen", signed_at(), &impostor).unwrap();
    for key in [Key::wen(), Key::northlight()] {
        let refused = statement.clone().verify(&key.public_key());
        assert_eq!(refused, Err(refusal(&statement)));
        // In a batch too, where the signature by itself holds under the key that was used.
        let batch = vec![(statement.clone(), key.public_key())];
        let refused = Statement::verify_batch(batch);
        assert_eq!(refused, Err((0, refusal(&statement))));
    }
}

#[test]
fn es256_statements_verify_and_do_not_pass_for_eddsa() {
    let statement = signed("wen", &Key::p256(9));
    assert_eq!(statement.header().algorithm, Algorithm::Es256);
    let refused = Err(refusal(&statement));
    assert_eq!(statement.clone().verify(&Key::p256(8).public_key()), refused);
    assert_eq!(statement.clone().verify(&Key::wen().public_key()), refused);
    assert_eq!(altered(&statement).verify(&Key::p256(9).public_key()), refused);
    assert!(statement.verify(&Key::p256(9).public_key()).is_ok());
}

fn batch() -> Vec<(Statement, PublicKey)> {
    samples().into_iter().map(|sample| (sample.statement(), sample.key.public_key())).collect()
}

#[test]
fn a_batch_verifies_as_each_of_its_statements_does() {
    let statements = batch();
    let verified = Statement::verify_batch(statements.clone()).unwrap();
    let expected: Vec<&Statement> = statements.iter().map(|(statement, _)| statement).collect();
    let verified: Vec<&Statement> = verified.iter().map(Verified::statement).collect();
    assert_eq!(verified, expected);
    assert_eq!(Statement::verify_batch(vec![]), Ok(vec![]));
}

#[test]
fn a_batch_names_the_first_that_does_not_verify() {
    let count = batch().len();
    for first in [0, 1, count / 2, count - 1] {
        for second in first..count {
            let mut statements = batch();
            statements[first].0 = altered(&statements[first].0);
            statements[second].1 = Key::ed25519(77).public_key();
            let error = refusal(&statements[first].0);
            assert_eq!(
                Statement::verify_batch(statements),
                Err((first, error)),
                "{first} and {second}"
            );
        }
    }
}

/// Two signatures of one key over two messages, exchanged: the sums of the batch stay the same
/// where the verifier forgets to weigh them.
#[test]
fn exchanged_signatures_are_refused() {
    let [a, b] = ["wen", "li"].map(|issuer| signed(issuer, &Key::wen()));
    let with_signature_of = |statement: &Statement, other: &Statement| {
        let length = statement.as_bytes().len() - 64;
        let bytes = [&statement.as_bytes()[..length], other.signature()].concat();
        Statement::decode(&bytes).unwrap()
    };
    let key = Key::wen().public_key();
    let exchanged = vec![(with_signature_of(&a, &b), key), (with_signature_of(&b, &a), key)];
    assert_eq!(Statement::verify_batch(exchanged), Err((0, refusal(&a))));
}

#[test]
fn a_batch_of_both_algorithms_verifies_and_still_names_the_bad_one() {
    let es256 = (signed("wen", &Key::p256(9)), Key::p256(9).public_key());
    let mut statements = batch();
    statements.insert(3, es256);
    assert!(Statement::verify_batch(statements.clone()).is_ok());
    statements[5].0 = altered(&statements[5].0);
    let error = refusal(&statements[5].0);
    assert_eq!(Statement::verify_batch(statements), Err((5, error)));
}
