//! Checking many signatures together, with the verdict of checking each by itself.
//!
//! The equation of a batch holds for every set of valid signatures, but also for some that a strict
//! check refuses: a signer can add a point of small order to the `R` of a signature so that it
//! cancels out against others. Such a statement would be admitted here and refused by OpenSSL, and
//! its signer could disown it. So the `R`s of a batch are also shown to lie in the subgroup of prime
//! order. Where that fails, or the batch does, each signature is checked by itself.

use super::{PublicKey, RecordError, Statement, Verified};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::traits::{Identity, IsIdentity};
use ed25519_dalek::Signature;
use rand_core::{OsRng, RngCore};
use rayon::prelude::*;

/// Below this many, sharing the work saves nothing.
const LEAST_SHARED: usize = 64;
/// Signatures in one equation; beyond this the gain for each is small.
const GROUP_SIGNATURES: usize = 128;
/// Sums over random subsets of the `R`s. One point outside the subgroup leaves each sum inside it
/// with probability at most one half, and the subsets are drawn afresh, so that a signer cannot
/// search for statements that pass: 2^-24 for each attempt, and each failure is a refusal.
const SUBSETS: usize = 24;

type Pair = (Statement, PublicKey);
type Checked = Result<Vec<Verified>, (usize, RecordError)>;

impl Statement {
    /// Checks many signatures on all cores. The second of each pair must be the key that the
    /// statement's header names. The verdict on each is that of [`Statement::verify`].
    ///
    /// # Errors
    /// The position of the first statement that does not verify, and why.
    pub fn verify_batch(statements: Vec<Pair>) -> Checked {
        if statements.len() < LEAST_SHARED {
            // Other threads would cost more to wake than they save.
            return first_failure(statements.into_iter().map(verify_one));
        }
        if hold_together(&statements) {
            return Ok(statements
                .into_iter()
                .map(|(statement, _)| Verified::by_batch(statement))
                .collect());
        }
        let checked: Vec<_> = statements.into_par_iter().map(verify_one).collect();
        first_failure(checked.into_iter())
    }
}

fn verify_one((statement, key): Pair) -> Result<Verified, RecordError> {
    statement.verify(&key)
}

fn first_failure(checked: impl Iterator<Item = Result<Verified, RecordError>>) -> Checked {
    let named =
        |(at, one): (usize, Result<Verified, RecordError>)| one.map_err(|error| (at, error));
    checked.enumerate().map(named).collect()
}

fn hold_together(statements: &[Pair]) -> bool {
    statements.par_chunks(GROUP_SIGNATURES).all(equation_holds) && in_subgroup(statements)
}

fn equation_holds(group: &[Pair]) -> bool {
    let mut messages = Vec::with_capacity(group.len());
    let mut signatures = Vec::with_capacity(group.len());
    let mut keys = Vec::with_capacity(group.len());
    for (statement, key) in group {
        let (PublicKey::Ed25519(ed25519), Ok(signature)) =
            (key, Signature::from_slice(statement.signature()))
        else {
            return false;
        };
        if key.thumbprint() != statement.header().kid {
            return false;
        }
        messages.push(statement.signed_bytes());
        signatures.push(signature);
        keys.push(*ed25519.verifying_key());
    }
    let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    ed25519_dalek::verify_batch(&messages, &signatures, &keys).is_ok()
}

/// Whether every `R` is canonically encoded, not the identity, and of prime order.
fn in_subgroup(statements: &[Pair]) -> bool {
    let none = || [EdwardsPoint::identity(); SUBSETS];
    let add = |mut left: [EdwardsPoint; SUBSETS], right: [EdwardsPoint; SUBSETS]| {
        left.iter_mut().zip(right).for_each(|(left, right)| *left += right);
        Some(left)
    };
    let sums = statements.par_chunks(GROUP_SIGNATURES).map(subset_sums).try_reduce(none, add);
    sums.is_some_and(|sums| sums.par_iter().all(EdwardsPoint::is_torsion_free))
}

fn subset_sums(group: &[Pair]) -> Option<[EdwardsPoint; SUBSETS]> {
    let mut random = vec![0; 4 * group.len()];
    OsRng.try_fill_bytes(&mut random).ok()?;
    let mut sums = [EdwardsPoint::identity(); SUBSETS];
    for ((statement, _), random) in group.iter().zip(random.as_chunks().0) {
        let encoded: [u8; 32] = statement.signature().get(..32)?.try_into().ok()?;
        let point = CompressedEdwardsY(encoded).decompress()?;
        if point.is_identity() || !is_canonical(&encoded) {
            return None;
        }
        let chosen = u32::from_le_bytes(*random);
        for (subset, sum) in sums.iter_mut().enumerate() {
            if chosen >> subset & 1 == 1 {
                *sum += point;
            }
        }
    }
    Some(sums)
}

/// Whether the y coordinate is below the prime 2^255 - 19 (RFC 8032 section 5.1.3).
fn is_canonical(encoded: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = encoded;
    !(*low >= 0xed && high & 0x7f == 0x7f && middle.iter().all(|byte| *byte == 0xff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{RecordId, SignatureError, Signer, SplitAgreed, Timestamp};
    use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
    use curve25519_dalek::scalar::Scalar;
    use sha2::{Digest as _, Sha512};

    /// Signs with a nonce point moved by a point of small order, as no honest signer does.
    struct Signing {
        key: ed25519_dalek::SigningKey,
        moved_by: EdwardsPoint,
    }

    impl Signer for Signing {
        fn public_key(&self) -> PublicKey {
            PublicKey::ed25519(self.key.verifying_key().as_bytes()).unwrap()
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
            let nonce = Scalar::from_bytes_mod_order([7; 32]);
            let r = (ED25519_BASEPOINT_TABLE * &nonce + self.moved_by).compress();
            let challenge = Sha512::new()
                .chain_update(r.as_bytes())
                .chain_update(self.key.verifying_key().as_bytes())
                .chain_update(message);
            let challenge = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into());
            let s = nonce + challenge * self.key.to_scalar();
            Ok([r.to_bytes(), s.to_bytes()].concat())
        }
    }

    fn statement(number: u8, moved_by: EdwardsPoint) -> Pair {
        let key = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
        let signing = Signing { key, moved_by };
        let record = SplitAgreed { work: RecordId::from_bytes([number; 32]) }.into();
        let at = Timestamp::parse_start("2026-03-01").unwrap();
        (Statement::sign(record, "wen", at, &signing).unwrap(), signing.public_key())
    }

    fn honest() -> Vec<Pair> {
        (0..100).map(|number| statement(number, EdwardsPoint::identity())).collect()
    }

    #[test]
    fn honest_signatures_hold_together() {
        assert!(hold_together(&honest()));
        assert_eq!(Statement::verify_batch(honest()).map(|all| all.len()), Ok(100));
    }

    #[test]
    fn signatures_that_only_the_equation_lets_pass_are_refused() {
        let mut passed_the_equation = 0;
        for torsion in EIGHT_TORSION.iter().skip(1) {
            for number in 100..116 {
                let mut statements = honest();
                statements[40] = statement(number, *torsion);
                passed_the_equation += usize::from(statements.chunks(128).all(equation_holds));
                assert!(!hold_together(&statements));
                let refused = Statement::verify_batch(statements).map_err(|(at, _)| at);
                assert_eq!(refused.map(|all| all.len()), Err(40));
            }
        }
        assert!(passed_the_equation > 0, "the attack must be a real one");
    }

    #[test]
    fn points_in_other_than_their_one_encoding_are_told() {
        let encoding = |low: u8, high: u8| {
            let mut encoded = [0xff; 32];
            (encoded[0], encoded[31]) = (low, high);
            encoded
        };
        for (encoded, canonical) in [
            (encoding(0xec, 0x7f), true),
            (encoding(0xed, 0x7f), false),
            (encoding(0xff, 0xff), false),
            (encoding(0xff, 0x7e), true),
            ([0; 32], true),
        ] {
            assert_eq!(is_canonical(&encoded), canonical, "{encoded:x?}");
        }
    }
}
