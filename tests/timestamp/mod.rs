//! Time stamps by OpenSSL's own responder: what it answers is verified, and what was changed or is
//! by somebody else is refused.

mod authority;
mod command;
mod kept;
mod refusal;

pub(crate) use authority::{Authority, COMMON, Key, Kind, LONG, PAST, openssl, sequence};

use deedbook::timestamp::{Failure, TimestampAnswer, TimestampError, TimestampQuery};
use sha2::{Digest as _, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// What is stamped.
pub(crate) const DATA: &[u8] = b"register.example/deeds\n7\nroot\n";

pub(crate) fn digest() -> [u8; 32] {
    Sha256::digest(DATA).into()
}

pub(crate) fn query() -> TimestampQuery {
    TimestampQuery::new(digest(), 0x8123_4567_89ab_cdef)
}

/// The answer of an authority to the query.
pub(crate) fn answer(authority: &Authority) -> Vec<u8> {
    authority.answer(&query().to_der().unwrap())
}

#[test]
fn stamps_of_openssl_are_verified() {
    let rsa = |bits| Key::Rsa(bits);
    for kind in [
        COMMON,
        Kind { key: rsa(2048), certificate_digest: "sha1", ..COMMON },
        Kind { key: rsa(3072), digest: "sha512", fraction_digits: 6, ..COMMON },
        Kind { key: Key::P384, digest: "sha384", certificate_digest: "sha384", ..COMMON },
        Kind { digest: "sha512", fraction_digits: 1, ..COMMON },
    ] {
        let authority = Authority::new(kind);
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        let bytes = answer(&authority);
        let ended = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        assert_eq!(authority.verify(&bytes, DATA), Ok(()), "{kind:?}");
        let answer = TimestampAnswer::from_der(&bytes).unwrap();
        assert_eq!(answer.check_answers(&query()), Ok(()), "{kind:?}");
        assert_eq!(answer.as_bytes(), bytes);
        let stamped = answer.verify(&digest(), &authority.root());
        let stamped = stamped.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(answer.verify_signature(&digest()), Ok(stamped.clone()));
        assert_eq!(stamped.authority, "CN=stamp,O=Northlight Notaries,C=CN");
        assert_eq!((stamped.serial.as_str(), stamped.accuracy_ms), ("02", Some(1501)));
        assert_eq!(stamped.policy, "1.3.6.1.4.1.55555.1");
        let step = if kind.fraction_digits == 0 { 1000 } else { 100 };
        assert!((began - step..=ended + 1).contains(&stamped.at_ms), "{stamped:?}");
        assert!(stamped.at_ms.is_multiple_of(1000) || kind.fraction_digits > 0);
    }
}

#[test]
fn queries_of_openssl_are_read_and_those_of_ours_by_it() {
    let authority = Authority::new(COMMON);
    authority.write("data", DATA);
    for (line, needs) in [
        ("ts -query -data data -sha256 -cert -out made.tsq", true),
        ("ts -query -data data -sha256 -no_nonce -out made.tsq", false),
        ("ts -query -data data -sha256 -tspolicy 1.3.6.1.4.1.55555.2 -cert -out made.tsq", true),
    ] {
        assert!(openssl(authority.path(), line).status.success());
        let made = authority.read("made.tsq");
        let read = TimestampQuery::from_der(&made).unwrap();
        assert_eq!((*read.digest(), read.asks_for_certificate()), (digest(), needs), "{line}");
        assert_eq!(read.to_der().unwrap(), made, "{line}");
        let answer = TimestampAnswer::from_der(&authority.answer(&made)).unwrap();
        assert_eq!(answer.check_answers(&read), Ok(()), "{line}");
        let without = TimestampError::CertificateMissing;
        let verified = answer.verify(&digest(), &authority.root());
        assert_eq!(verified.err(), (!needs).then_some(without), "{line}");
    }
    let sha384 = openssl(authority.path(), "ts -query -data data -sha384 -out made.tsq");
    assert!(sha384.status.success());
    let made = authority.read("made.tsq");
    let found = "2.16.840.1.101.3.4.2.2".to_owned();
    let refused = TimestampError::ImprintAlgorithm { found };
    assert_eq!(TimestampQuery::from_der(&made), Err(refused.clone()));
    assert_eq!(TimestampAnswer::from_der(&authority.answer(&made)), Err(refused));
    authority.write("ours.tsq", query().to_der().unwrap());
    let text = openssl(authority.path(), "ts -query -in ours.tsq -text");
    let text = String::from_utf8(text.stdout).unwrap();
    for line in ["Hash Algorithm: sha256", "Nonce: 0x8123456789ABCDEF", "Certificate required: yes"]
    {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn an_authority_that_grants_nothing_is_told() {
    let authority = Authority::new(COMMON);
    authority.write("data", DATA);
    let line = "ts -query -data data -sha256 -tspolicy 1.2.3.4 -out made.tsq";
    assert!(openssl(authority.path(), line).status.success());
    let refused = TimestampAnswer::from_der(&authority.answer(&authority.read("made.tsq")));
    assert_eq!(refused, Err(TimestampError::NotGranted { status: 2, failure: Failure::Policy }));
    // SHA-1 is no digest of this authority, nor of ours.
    let line = "ts -query -data data -sha1 -out made.tsq";
    assert!(openssl(authority.path(), line).status.success());
    let made = authority.read("made.tsq");
    assert_eq!(
        TimestampAnswer::from_der(&authority.answer(&made)),
        Err(TimestampError::NotGranted { status: 2, failure: Failure::Algorithm })
    );
    let found = "1.3.14.3.2.26".to_owned();
    let refused = TimestampError::ImprintAlgorithm { found };
    assert_eq!(TimestampQuery::from_der(&made), Err(refused));
}
