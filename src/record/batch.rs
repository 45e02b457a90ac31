//! Checking many signatures together, with the verdict of checking each by itself.
//!
//! The equation of a batch holds for every set of valid signatures, but also for some that a strict
//! check refuses: a signer can add a point of small order to the `R` of a signature so that it
//! cancels out against others. Such a statement would be admitted here and refused by OpenSSL, and
//! its signer could disown it. So the `R`s of a batch are also shown to lie in the subgroup of prime
//! order. Where that fails, or the batch does, each signature is checked by itself.

use super::{PublicKey, RecordError, Statement, Thumbprint, Verified};
use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity, VartimeMultiscalarMul};
use rand_core::{OsRng, RngCore};
use rayon::prelude::*;
use sha2::{Digest as _, Sha512};
use std::collections::HashMap;
use std::iter::once;

/// Below this many, sharing the work saves nothing.
const LEAST_SHARED: usize = 64;
/// Signatures in one equation, where there are enough for every core; beyond the larger number the
/// gain for each is small.
const GROUP_SIGNATURES: std::ops::RangeInclusive<usize> = 128..=1024;
/// Sums over random subsets of the `R`s. One point outside the subgroup leaves each sum inside it
/// with probability at most one half, and the subsets are drawn afresh, so that a signer cannot
/// search for statements that pass: 2^-24 for each attempt, and each failure is a refusal.
const SUBSETS: usize = WINDOWS * WINDOW_BITS;
/// A point is added once for each window of subsets, not once for each subset that has it.
const WINDOWS: usize = 4;
const WINDOW_BITS: usize = 6;
/// A factor of 128 bits and the subsets that have the point.
const RANDOM_BYTES: usize = 16 + 4;

type Pair = (Statement, PublicKey);
type Verdict = Result<Verified, RecordError>;
type Sums = [EdwardsPoint; SUBSETS];

impl Statement {
    /// Checks many signatures on all cores. The second of each pair must be the key that the
    /// statement's header names. The verdict on each is that of [`Statement::verify`].
    ///
    /// # Errors
    /// The position of the first statement that does not verify, and why.
    pub fn verify_batch(statements: Vec<Pair>) -> Result<Vec<Verified>, (usize, RecordError)> {
        let named = |(at, verdict): (usize, Verdict)| verdict.map_err(|error| (at, error));
        Self::verify_each(statements).into_iter().enumerate().map(named).collect()
    }

    /// As [`Statement::verify_batch`], with the verdict on each.
    pub fn verify_each(statements: Vec<Pair>) -> Vec<Verdict> {
        if statements.len() < LEAST_SHARED {
            // Other threads would cost more to wake than they save.
            return statements.into_iter().map(verify_one).collect();
        }
        if hold_together(&statements) {
            let verified = |(statement, _): Pair| Ok(Verified::by_batch(statement));
            return statements.into_iter().map(verified).collect();
        }
        statements.into_par_iter().map(verify_one).collect()
    }
}

fn verify_one((statement, key): Pair) -> Verdict {
    statement.verify(&key)
}

fn hold_together(statements: &[Pair]) -> bool {
    let share = statements.len().div_ceil(rayon::current_num_threads());
    let size = share.clamp(*GROUP_SIGNATURES.start(), *GROUP_SIGNATURES.end());
    let none = || [EdwardsPoint::identity(); SUBSETS];
    let add = |mut left: Sums, right: Sums| {
        left.iter_mut().zip(right).for_each(|(left, right)| *left += right);
        Some(left)
    };
    let check = |group| Group::read(group).filter(Group::equation_holds).map(|it| it.subset_sums());
    let sums = statements.par_chunks(size).map(check).try_reduce(none, add);
    sums.is_some_and(|sums| sums.par_iter().all(EdwardsPoint::is_torsion_free))
}

/// The Ed25519 signatures of a group. Each equation `s B = R + h A` is multiplied by a random
/// factor; what is known beforehand, `B` and the keys, gets one factor for all signatures.
#[derive(Default)]
struct Group {
    factors: Vec<Scalar>,
    /// The `R`s, none of them the identity, each in its one encoding.
    nonces: Vec<EdwardsPoint>,
    /// For each `R` the subsets that have it.
    subsets: Vec<u32>,
    base_factor: Scalar,
    keys: HashMap<Thumbprint, (PublicKey, EdwardsPoint, Scalar)>,
}

impl Group {
    /// Nothing where a signature is malformed, or one that cannot be checked together is bad.
    fn read(group: &[Pair]) -> Option<Self> {
        let mut random = vec![0; RANDOM_BYTES * group.len()];
        OsRng.try_fill_bytes(&mut random).ok()?;
        let mut read = Self::default();
        for ((statement, key), random) in group.iter().zip(random.as_chunks().0) {
            read.add(statement, key, random)?;
        }
        Some(read)
    }

    fn add(
        &mut self,
        statement: &Statement,
        key: &PublicKey,
        random: &[u8; RANDOM_BYTES],
    ) -> Option<()> {
        let header = statement.header();
        let message = statement.signed_bytes();
        let PublicKey::Ed25519(ed25519) = key else {
            let named = header.kid == key.thumbprint() && header.algorithm == key.algorithm();
            return key.verify(&message, statement.signature()).ok().filter(|()| named);
        };
        let ([encoded, s], []) = statement.signature().as_chunks::<32>() else {
            return None;
        };
        let nonce = CompressedEdwardsY(*encoded).decompress()?;
        if nonce.is_identity() || !is_canonical(encoded) || header.algorithm != key.algorithm() {
            return None;
        }
        let s: Scalar = Option::from(Scalar::from_canonical_bytes(*s))?;
        let hash = Sha512::new()
            .chain_update(encoded)
            .chain_update(ed25519.verifying_key().as_bytes())
            .chain_update(message);
        let h = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());

        let (known, _, key_factor) = match self.keys.entry(header.kid) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                if key.thumbprint() != header.kid {
                    return None;
                }
                entry.insert((*key, ed25519.verifying_key().to_edwards(), Scalar::ZERO))
            }
        };
        if known != key {
            return None;
        }
        let (factor, subsets) = random.split_first_chunk::<16>()?;
        let factor = Scalar::from(u128::from_le_bytes(*factor));
        *key_factor += factor * h;
        self.base_factor -= factor * s;
        self.factors.push(factor);
        self.nonces.push(nonce);
        self.subsets.push(u32::from_le_bytes(subsets.try_into().ok()?));
        Some(())
    }

    fn equation_holds(&self) -> bool {
        let keys = self.keys.values();
        let factors = once(self.base_factor)
            .chain(self.factors.iter().copied())
            .chain(keys.clone().map(|(_, _, factor)| *factor));
        let points = once(ED25519_BASEPOINT_POINT)
            .chain(self.nonces.iter().copied())
            .chain(keys.map(|(_, point, _)| *point));
        EdwardsPoint::vartime_multiscalar_mul(factors, points).is_identity()
    }

    /// The sum of each subset of the `R`s. In each window the points that are in the same subsets
    /// are added up first; half of those heaps make the sum of the last subset, and with the halves
    /// laid on each other the same goes for the subset before.
    fn subset_sums(&self) -> Sums {
        let mut sums = [EdwardsPoint::identity(); SUBSETS];
        for (window, sums) in sums.chunks_mut(WINDOW_BITS).enumerate() {
            let mut heaps = [EdwardsPoint::identity(); 1 << WINDOW_BITS];
            for (nonce, subsets) in self.nonces.iter().zip(&self.subsets) {
                let heap = *subsets as usize >> (window * WINDOW_BITS) & (heaps.len() - 1);
                heaps[heap] += nonce;
            }
            for (bit, sum) in sums.iter_mut().enumerate().rev() {
                let (without, with) = heaps.split_at_mut(1 << bit);
                for (without, with) in without.iter_mut().zip(with) {
                    *sum += *with;
                    *without += *with;
                }
            }
        }
        sums
    }
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
                let group = Group::read(&statements).expect("well-formed signatures");
                passed_the_equation += usize::from(group.equation_holds());
                assert!(!hold_together(&statements));
                let refused = Statement::verify_batch(statements).map_err(|(at, _)| at);
                assert_eq!(refused.map(|all| all.len()), Err(40));
            }
        }
        assert!(passed_the_equation > 0, "the attack must be a real one");
    }

    #[test]
    fn each_subset_is_summed_as_if_by_itself() {
        let statements = honest();
        let group = Group::read(&statements).expect("well-formed signatures");
        for (subset, sum) in group.subset_sums().into_iter().enumerate() {
            let has = |subsets: &u32| subsets >> subset & 1 == 1;
            let chosen = group.nonces.iter().zip(&group.subsets);
            let chosen = chosen.filter(|(_, subsets)| has(subsets)).map(|(nonce, _)| nonce);
            assert_eq!(sum, chosen.sum(), "{subset}");
        }
        assert!(group.subsets.iter().any(|subsets| *subsets != group.subsets[0]), "drawn for each");
    }

    #[test]
    fn signatures_by_several_keys_and_algorithms_have_the_verdict_of_each() {
        let at = Timestamp::parse_start("2026-03-01").unwrap();
        let mut statements = honest();
        for number in 0..60 {
            let key = ed25519_dalek::SigningKey::from_bytes(&[100 + number % 7; 32]);
            let signing = Signing { key, moved_by: EdwardsPoint::identity() };
            let record = SplitAgreed { work: RecordId::from_bytes([number; 32]) }.into();
            let signed = Statement::sign(record, "lin", at, &signing).unwrap();
            statements.push((signed, signing.public_key()));
        }
        assert!(hold_together(&statements));
        // Says that it is signed with the other algorithm, under a signature that holds.
        let (signed, key) = statements[110].clone();
        let mut bytes = signed.as_bytes().to_vec();
        let algorithm = bytes.windows(2).position(|pair| pair == [0x01, 0x27]).unwrap() + 1;
        bytes[algorithm] = 0x26;
        let moved = Statement::decode(&bytes).unwrap();
        let signing = Signing {
            key: ed25519_dalek::SigningKey::from_bytes(&[103; 32]),
            moved_by: EdwardsPoint::identity(),
        };
        assert_eq!(signing.public_key(), key);
        let place = bytes.len() - 64;
        bytes[place..].copy_from_slice(&signing.sign(&moved.signed_bytes()).unwrap());
        statements[110].0 = Statement::decode(&bytes).unwrap();
        // A good signature, said to be by another key.
        statements[120].1 = statements[0].1;
        let bad: Vec<usize> = Statement::verify_each(statements.clone())
            .into_iter()
            .enumerate()
            .filter_map(|(place, verdict)| verdict.err().map(|_| place))
            .collect();
        assert_eq!(bad, [110, 120]);
        for place in [110, 120] {
            let (statement, key) = statements[place].clone();
            assert!(statement.clone().verify(&key).is_err());
            let mut others = honest();
            others[40] = (statement, key);
            assert!(!hold_together(&others), "{place}");
        }
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
