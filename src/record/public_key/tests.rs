use std::path::Path;

use ed25519_dalek::SigningKey;
use p256::ecdsa::signature::Signer as _;
use sha2::{Digest, Sha512};

use super::*;

/// The point of order 2, (0, -1).
const ORDER_TWO: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
    bytes
};

fn bytes_of(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd number of digits");
    (0..text.len() / 2)
        .map(|index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap())
        .collect()
}

fn ed25519_pair(seed: u8) -> (SigningKey, PublicKey) {
    let private = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::ed25519(private.verifying_key().as_bytes()).unwrap();
    (private, public)
}

fn p256_pair(seed: u8) -> (p256::ecdsa::SigningKey, PublicKey) {
    let private = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
    let point = private.verifying_key().to_encoded_point(true);
    let public = PublicKey::p256(point.as_bytes()).unwrap();
    (private, public)
}

/// The example of RFC 9679 section 6.
#[test]
fn thumbprint_of_the_rfc_9679_example() {
    let x = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
    let y = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
    let key = PublicKey::from_parts(Algorithm::Es256, &bytes_of(&format!("{x}{y}"))).unwrap();
    assert_eq!(
        key.thumbprint().to_string(),
        "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    );
}

/// The COSE_Key is built by a CBOR library from its members, the hash taken over its bytes.
#[test]
fn thumbprints_agree_with_a_cose_key_built_member_by_member() {
    use ciborium::Value;
    let (_, ed25519) = ed25519_pair(3);
    let (_, p256) = p256_pair(3);
    let x_and_y = p256.to_bytes();
    let cases = [
        (
            ed25519,
            vec![(1, Value::from(1)), (-1, Value::from(6)), (-2, Value::Bytes(ed25519.to_bytes()))],
        ),
        (
            p256,
            vec![
                (1, Value::from(2)),
                (-1, Value::from(1)),
                (-2, Value::Bytes(x_and_y[..32].to_vec())),
                (-3, Value::Bytes(x_and_y[32..].to_vec())),
            ],
        ),
    ];
    for (key, members) in cases {
        let map = members.into_iter().map(|(label, value)| (Value::from(label), value)).collect();
        let mut cbor = Vec::new();
        ciborium::into_writer(&Value::Map(map), &mut cbor).unwrap();
        let hash: [u8; 32] = sha2::Sha256::digest(&cbor).into();
        assert_eq!(key.thumbprint(), Thumbprint::from_bytes(hash), "{key:?}");
    }
}

#[test]
fn keys_survive_their_bytes_and_their_openssh_line() {
    for key in [ed25519_pair(9).1, p256_pair(9).1] {
        assert_eq!(PublicKey::from_parts(key.algorithm(), &key.to_bytes()), Ok(key));
        let line = key.to_openssh("wen of the register").unwrap();
        assert!(line.ends_with(" wen of the register"), "{line}");
        assert_eq!(PublicKey::from_openssh(&line), Ok(key));
        assert_eq!(PublicKey::from_openssh(&format!("{line}\n")), Ok(key));
        assert_eq!(Algorithm::from_cose_value(key.algorithm().cose_value()), Some(key.algorithm()));
    }
    assert_eq!(Algorithm::from_cose_value(-19), None);
}

#[test]
fn compressed_and_uncompressed_points_are_the_same_key() {
    let (private, compressed) = p256_pair(5);
    let point = private.verifying_key().to_encoded_point(false);
    assert_eq!(PublicKey::p256(point.as_bytes()), Ok(compressed));
    assert_eq!(compressed.to_bytes(), &point.as_bytes()[1..]);
}

#[test]
fn p256_points_off_the_curve_and_of_other_lengths_are_refused() {
    let algorithm = Algorithm::Es256;
    let off = PublicKeyError::NotOnCurve { algorithm };
    let (_, key) = p256_pair(5);
    let mut moved = key.to_bytes();
    moved[63] ^= 1;
    assert_eq!(PublicKey::from_parts(algorithm, &moved), Err(off.clone()));
    assert_eq!(PublicKey::from_parts(algorithm, &[0; 64]), Err(off.clone()));
    assert_eq!(PublicKey::p256(&[0]), Err(off.clone()));
    assert_eq!(PublicKey::p256(&[5; 33]), Err(off));
    let length = |found, needed| PublicKeyError::Length { algorithm, found, needed };
    assert_eq!(PublicKey::p256(&[]), Err(length(0, 65)));
    assert_eq!(PublicKey::p256(&[2; 32]), Err(length(32, 33)));
    assert_eq!(PublicKey::p256(&[4; 64]), Err(length(64, 65)));
    assert_eq!(PublicKey::from_parts(algorithm, &[1; 65]), Err(length(65, 64)));
}

#[test]
fn ed25519_keys_of_other_lengths_or_off_the_curve_are_refused() {
    let algorithm = Algorithm::EdDsa;
    assert_eq!(
        PublicKey::from_parts(algorithm, &[1; 31]),
        Err(PublicKeyError::Length { algorithm, found: 31, needed: 32 })
    );
    let mut off = [0; 32];
    off[0] = 2;
    assert_eq!(PublicKey::ed25519(&off), Err(PublicKeyError::NotOnCurve { algorithm }));
}

#[test]
fn ed25519_keys_in_a_second_encoding_are_refused() {
    // y = p + 1, the identity written longer; and the identity with the sign bit of x = 0 set.
    let mut longer = [0xff; 32];
    longer[0] = 0xee;
    longer[31] = 0x7f;
    let mut negative_zero = [0; 32];
    negative_zero[0] = 1;
    negative_zero[31] = 0x80;
    for bytes in [longer, negative_zero] {
        let refused = PublicKey::ed25519(&bytes);
        // A library that refuses the second form by itself is right too.
        assert!(
            matches!(
                refused,
                Err(PublicKeyError::NotCanonical | PublicKeyError::NotOnCurve { .. })
            ),
            "{refused:?}"
        );
    }
    // y = p + 3: not of small order, so only the encoding speaks against it.
    let mut y_is_three = [0xff; 32];
    y_is_three[0] = 0xf0;
    y_is_three[31] = 0x7f;
    assert_eq!(PublicKey::ed25519(&y_is_three), Err(PublicKeyError::NotCanonical));
}

#[test]
fn ed25519_keys_of_small_order_are_refused() {
    let order_eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let order_four = [0; 32];
    let points: [[u8; 32]; 3] = [order_four, ORDER_TWO, bytes_of(order_eight).try_into().unwrap()];
    for bytes in points {
        assert_eq!(PublicKey::ed25519(&bytes), Err(PublicKeyError::SmallOrder), "{bytes:02x?}");
    }
}

#[test]
fn ed25519_keys_with_a_torsion_component_are_refused() {
    let torsion = ed25519_dalek::VerifyingKey::from_bytes(&ORDER_TWO).unwrap().to_edwards();
    let (private, _) = ed25519_pair(11);
    let mixed = private.verifying_key().to_edwards() + torsion;
    assert_eq!(
        PublicKey::ed25519(mixed.compress().as_bytes()),
        Err(PublicKeyError::TorsionComponent)
    );
}

/// A signature by the holder of an honest key: its `R` moved by the point of order 2, or, without
/// a nonce, the identity.
fn odd_signature(private: &SigningKey, message: &[u8], with_nonce: bool) -> [u8; 64] {
    let torsion = ed25519_dalek::VerifyingKey::from_bytes(&ORDER_TWO).unwrap().to_edwards();
    let nonce = SigningKey::from_bytes(&[77; 32]);
    let nonce_point = nonce.verifying_key().to_edwards();
    let r_point = if with_nonce { nonce_point + torsion } else { torsion + torsion }.compress();
    let hash = Sha512::new()
        .chain_update(r_point.as_bytes())
        .chain_update(private.verifying_key().as_bytes())
        .chain_update(message)
        .finalize();
    let secret = private.to_scalar();
    let one = secret * secret.invert();
    let mut challenge = one + -one;
    for bit in (0..512).rev() {
        challenge = challenge + challenge;
        if hash[bit / 8] >> (bit % 8) & 1 == 1 {
            challenge += one;
        }
    }
    let nonce_scalar = if with_nonce { nonce.to_scalar() } else { one + -one };
    let response = nonce_scalar + challenge * secret;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(r_point.as_bytes());
    signature[32..].copy_from_slice(response.as_bytes());
    signature
}

/// What the documentation of [`PublicKey::ed25519`] says about batches, shown: refused one by one,
/// let through by the library's batch equation about every second time.
#[test]
fn signatures_with_torsion_in_r_are_refused() {
    let (private, public) = ed25519_pair(12);
    let mut passed_in_a_batch = 0;
    for number in 0..32_u8 {
        let message = [number];
        let bytes = odd_signature(&private, &message, true);
        assert_eq!(
            public.verify(&message, &bytes),
            Err(SignatureError::DoesNotVerify { algorithm: Algorithm::EdDsa })
        );
        let batch = ed25519_dalek::verify_batch(
            &[&message],
            &[ed25519_dalek::Signature::from_bytes(&bytes)],
            &[private.verifying_key()],
        );
        passed_in_a_batch += usize::from(batch.is_ok());
    }
    assert!((1..32).contains(&passed_in_a_batch), "{passed_in_a_batch} of 32");
}

/// The plain equation holds for it, `R` of small order is what speaks against it.
#[test]
fn signatures_with_r_of_small_order_are_refused() {
    use ed25519_dalek::Verifier as _;
    let (private, public) = ed25519_pair(13);
    let bytes = odd_signature(&private, b"message", false);
    let signature = ed25519_dalek::Signature::from_bytes(&bytes);
    assert!(private.verifying_key().verify(b"message", &signature).is_ok());
    assert_eq!(
        public.verify(b"message", &bytes),
        Err(SignatureError::DoesNotVerify { algorithm: Algorithm::EdDsa })
    );
}

#[test]
fn signatures_hold_for_their_message_and_key_only() {
    let (ed25519_private, ed25519) = ed25519_pair(1);
    let (p256_private, p256) = p256_pair(1);
    let message = b"a statement";
    let by_p256: p256::ecdsa::Signature = p256_private.sign(message);
    let cases = [
        (ed25519, ed25519_pair(2).1, ed25519_private.sign(message).to_bytes().to_vec()),
        (p256, p256_pair(2).1, by_p256.to_bytes().to_vec()),
    ];
    for (key, other, signature) in cases {
        let algorithm = key.algorithm();
        let wrong = Err(SignatureError::DoesNotVerify { algorithm });
        assert_eq!(key.verify(message, &signature), Ok(()));
        assert_eq!(other.verify(message, &signature), wrong);
        assert_eq!(key.verify(b"a statemenT", &signature), wrong);
        for position in 0..signature.len() {
            let mut changed = signature.clone();
            changed[position] ^= 1;
            assert_eq!(key.verify(message, &changed), wrong, "byte {position}");
        }
        assert_eq!(key.verify(message, &[0; 64]), wrong);
        for found in [0, 63, 65, 72] {
            let length = SignatureError::Length { algorithm, found, needed: 64 };
            assert_eq!(key.verify(message, &vec![1; found]), Err(length));
        }
    }
}

#[test]
fn es256_takes_either_value_of_s() {
    let (private, public) = p256_pair(4);
    let signature: p256::ecdsa::Signature = private.sign(b"message");
    let (r, s) = signature.split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
    assert_ne!(signature, other);
    assert_eq!(public.verify(b"message", &signature.to_bytes()), Ok(()));
    assert_eq!(public.verify(b"message", &other.to_bytes()), Ok(()));
}

#[test]
fn openssh_lines_of_other_algorithms_are_refused_by_name() {
    let rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 someone";
    let unknown = "ssh-future-1 AAAA someone";
    let hardware = "sk-ssh-ed25519@openssh.com AAAA someone";
    for line in [rsa, unknown, hardware] {
        let found = line.split(' ').next().unwrap().to_owned();
        assert_eq!(
            PublicKey::from_openssh(line),
            Err(PublicKeyError::UnsupportedAlgorithm { found })
        );
    }
}

#[test]
fn text_that_is_no_openssh_line_is_refused() {
    let line = ed25519_pair(1).1.to_openssh("").unwrap();
    let long = format!("{line} {}", "x".repeat(MAX_OPENSSH_LINE_SIZE_BYTES));
    for text in [
        "",
        "hello",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        &format!("{line}\n{line}"),
        &format!("{line} a\rb"),
        &format!("{line} a\nb"),
        &long,
    ] {
        assert_eq!(PublicKey::from_openssh(text), Err(PublicKeyError::NotOpenSsh), "{text:.80}");
    }
    let found = '\n';
    assert_eq!(ed25519_pair(1).1.to_openssh("two\nlines"), Err(PublicKeyError::Comment { found }));
}

/// The Ed25519 cases of Project Wycheproof. None of them turns on a point where strict
/// verification may differ from RFC 8032, so every verdict is the file's own.
#[test]
fn wycheproof_ed25519() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/vectors/wycheproof/ed25519_test.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: the Wycheproof vectors are not at {}", path.display());
        return;
    };
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let key = bytes_of(group["publicKey"]["pk"].as_str().unwrap());
        let key = PublicKey::from_parts(Algorithm::EdDsa, &key).unwrap();
        for case in group["tests"].as_array().unwrap() {
            let message = bytes_of(case["msg"].as_str().unwrap());
            let signature = bytes_of(case["sig"].as_str().unwrap());
            let found = key.verify(&message, &signature);
            match case["result"].as_str().unwrap() {
                "valid" => {
                    valid += 1;
                    assert_eq!(found, Ok(()), "{case}");
                }
                "invalid" => {
                    invalid += 1;
                    assert!(found.is_err(), "{case}");
                }
                other => panic!("verdict `{other}` is not known"),
            }
        }
    }
    assert_eq!((valid, invalid), (88, 63));
}
