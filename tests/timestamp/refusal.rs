//! Answers that are not what they seem.

use super::{Authority, COMMON, DATA, Key, Kind, LONG, PAST, answer, digest, query, sequence};
use deedbook::timestamp::{
    Certificate, MAX_ANSWER_SIZE_BYTES, StampedTime, TimestampAnswer, TimestampError,
    TimestampQuery,
};

fn verify(authority: &Authority, bytes: &[u8]) -> Result<StampedTime, TimestampError> {
    TimestampAnswer::from_der(bytes)?.verify(&digest(), &authority.root())
}

#[test]
fn an_answer_to_something_else_is_refused() {
    let authority = Authority::new(COMMON);
    let other = TimestampQuery::new([7; 32], 5);
    let found = TimestampAnswer::from_der(&authority.answer(&other.to_der().unwrap())).unwrap();
    let imprint = TimestampError::Imprint { found: [7; 32], needed: digest() };
    assert_eq!(found.verify(&digest(), &authority.root()), Err(imprint.clone()));
    assert_eq!(found.verify_signature(&digest()), Err(imprint.clone()));
    assert_eq!(found.check_answers(&query()), Err(imprint));
    let same = TimestampAnswer::from_der(&answer(&authority)).unwrap();
    let nonce = TimestampQuery::new(digest(), 5);
    assert_eq!(same.check_answers(&nonce), Err(TimestampError::Nonce));
    assert!(same.verify(&digest(), &authority.root()).is_ok());
}

#[test]
fn an_authority_that_is_not_trusted_is_told_from_one_that_is() {
    let (authority, other) = (Authority::new(COMMON), Authority::new(COMMON));
    let bytes = answer(&authority);
    let found = TimestampAnswer::from_der(&bytes).unwrap();
    // The names are the same, the keys are not.
    assert!(matches!(
        found.verify(&digest(), &other.root()),
        Err(TimestampError::Untrusted | TimestampError::Chain(_))
    ));
    assert_eq!(found.verify(&digest(), &[]), Err(TimestampError::Untrusted));
    let both = [other.root(), authority.root()].concat();
    assert!(found.verify(&digest(), &both).is_ok());
    // Without the root, but with the certificate on the way to it.
    let middle = Certificate::all_from_file(&authority.read("middle.pem")).unwrap();
    assert!(found.verify(&digest(), &middle).is_ok());
    assert!(found.verify_signature(&digest()).is_ok());
}

#[test]
fn a_certificate_that_was_not_valid_then_is_refused() {
    let authority = Authority::new(Kind { valid: PAST, ..COMMON });
    let bytes = answer(&authority);
    assert!(authority.verify(&bytes, DATA).is_err(), "OpenSSL refuses it as well");
    let refused = verify(&authority, &bytes);
    let Err(TimestampError::NotValidThen { from_ms, until_ms, at_ms }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((from_ms, until_ms), (1_577_836_800_000, 1_609_459_200_000));
    assert!(at_ms > until_ms);
    let later = ("20980101000000Z", "20991231235959Z");
    let authority = Authority::new(Kind { valid: later, ..COMMON });
    let refused = verify(&authority, &answer(&authority));
    assert!(matches!(refused, Err(TimestampError::NotValidThen { .. })), "{refused:?}");
    let authority = Authority::new(Kind { root_valid: PAST, ..COMMON });
    let refused = verify(&authority, &answer(&authority));
    assert_eq!(refused, Err(TimestampError::TrustedNotValidThen));
}

#[test]
fn a_certificate_that_is_not_for_time_stamps_alone_is_refused() {
    let good = Authority::new(COMMON);
    let bytes = answer(&good);
    for (purpose, found) in [
        ("", "says no purpose"),
        ("extendedKeyUsage = critical, emailProtection", "is for something else"),
        ("extendedKeyUsage = critical, timeStamping, codeSigning", "is for something else"),
        ("extendedKeyUsage = timeStamping", "does not say its purpose critically"),
        (
            "extendedKeyUsage = critical, timeStamping\nkeyUsage = critical, keyAgreement",
            "has a key that is not for signatures alone",
        ),
    ] {
        let other = Authority::new(Kind { purpose, ..COMMON });
        let bytes = good.signed_by(&other, &bytes);
        assert_eq!(verify(&other, &bytes), Err(TimestampError::Purpose { found }), "{purpose}");
    }
    // The same way around, with a certificate that is.
    let other = Authority::new(COMMON);
    let bytes = good.signed_by(&other, &bytes);
    assert!(verify(&other, &bytes).is_ok());
    assert!(verify(&good, &bytes).is_err());
}

#[test]
fn keys_that_are_too_weak_or_unknown_are_refused() {
    let authority = Authority::new(Kind { key: Key::Rsa(1024), valid: LONG, ..COMMON });
    let refused = verify(&authority, &answer(&authority));
    assert_eq!(refused, Err(TimestampError::Signature));
    let good = Authority::new(COMMON);
    let bytes = answer(&good);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("Northlight Notaries"), "the certificate is in the answer");
}

#[test]
fn every_end_and_junk_are_refused() {
    let authority = Authority::new(COMMON);
    let bytes = answer(&authority);
    for end in 0..bytes.len() {
        assert!(TimestampAnswer::from_der(&bytes[..end]).is_err(), "{end}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    let malformed = TimestampError::Malformed { part: "answer" };
    assert_eq!(TimestampAnswer::from_der(&longer), Err(malformed.clone()));
    let junk = vec![0x30; 10 << 20];
    let (found, max) = (junk.len(), MAX_ANSWER_SIZE_BYTES);
    let too_large = TimestampError::TooLarge { part: "answer", found, max };
    assert_eq!(TimestampAnswer::from_der(&junk), Err(too_large));
    let deep: Vec<u8> = std::iter::repeat_n([0x30, 0x80], max / 2).flatten().collect();
    assert_eq!(TimestampAnswer::from_der(&deep), Err(malformed));
    let granted = sequence(&[&sequence(&[&[2, 1, 0]])]);
    assert_eq!(TimestampAnswer::from_der(&granted), Err(TimestampError::NoStamp));
    // As deep as the limit allows, in proper DER.
    let mut nested = Vec::new();
    while nested.len() < max - 100 {
        nested = sequence(&[&nested]);
    }
    let nested = sequence(&[&sequence(&[&[2, 1, 0]]), &nested]);
    assert!(TimestampAnswer::from_der(&nested).is_err());
}

/// What the signature covers cannot be changed; what it does not cover changes nothing that is
/// answered.
#[test]
#[ignore = "changes every byte in every bit"]
fn long_every_byte_of_an_answer_counts_or_changes_nothing() {
    for kind in [COMMON, Kind { key: Key::Rsa(2048), fraction_digits: 3, ..COMMON }] {
        let authority = Authority::new(kind);
        let bytes = answer(&authority);
        let needed = verify(&authority, &bytes).unwrap();
        let roots = authority.root();
        let mut harmless = Vec::new();
        for place in 0..bytes.len() {
            let mut is_harmless = false;
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[place] ^= 1 << bit;
                let found = TimestampAnswer::from_der(&changed)
                    .and_then(|answer| answer.verify(&digest(), &roots));
                if let Ok(found) = found {
                    assert_eq!(found, needed, "byte {place}, bit {bit}");
                    is_harmless = true;
                }
            }
            if is_harmless {
                harmless.push(place);
            }
        }
        println!("{} of {} bytes are not covered: {harmless:?}", harmless.len(), bytes.len());
        assert!(harmless.len() < 20, "{harmless:?}");
    }
}
