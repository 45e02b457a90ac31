//! Every byte of every part of a bundle changed, removed and put in twice, under a manifest that is
//! written anew to fit: by the register, which signs it, and by an opponent, who cannot. Each is
//! refused, or is harmless: the bundle proves what it proved, and no earlier time.
//!
//! Of `index.cose` nothing is tried: it is what is made anew. That `report.html` is not the page which these
//! statements give is told, and no reason to refuse them.

use super::parts::{Parts, SEALED, number};
use super::seen::{cosign, policy};
use super::told::{PROMPT, SALT, told};
use crate::support::{at, bo, ledger_key, text, work};
use crate::timestamp::{Authority, COMMON};
use deedbook::evidence::{Attestation, Claim, DraftOpening, Page, Policy, Verdict, verify};
use deedbook::ledger::answer::{Moments, statement};
use deedbook::ledger::gather;
use deedbook::record::{Salt, StatementClosed};
use deedbook::royalty::SettlementSpan;
use deedbook::timestamp::TimestampQuery;
use rayon::prelude::*;

/// A bundle with a part of every kind, and a policy that knows who saw the log.
fn whole() -> (Parts, Policy) {
    let mut told = told();
    told.register.clock.advance_ms(60 * 86_400_000);
    let now = told.register.now();
    let contract = number(&told.register, told.share_contract);
    let span: SettlementSpan = text("2026-Q1");
    let drawn = {
        let reader = told.register.ledger().read().unwrap();
        let moments = Moments { as_of: now, known_at: now };
        statement(&reader, contract, span, moments).unwrap()
    };
    let closed = StatementClosed {
        digest: drawn.digest(),
        closing: drawn.balance().unwrap().minor().try_into().unwrap(),
        ends_at: drawn.until,
        contract: told.share_contract,
        currency: text("CNY"),
        known_at: now,
        starts_at: drawn.from,
        effective_at: now,
    };
    let second =
        crate::support::Actor { handle: "wen".to_owned(), key: crate::support::Key::p256(11) };
    told.register.record(&second, closed);
    cosign(&mut told.register, 1, 1_780_000_000);
    let authority = Authority::new(COMMON);
    let checkpoint = told.register.ledger().stamped_checkpoint(None).unwrap();
    let query = TimestampQuery::new(checkpoint.digest(), 1);
    let answer = authority.answer(&query.to_der().unwrap());
    let root = authority.root();
    told.register.ledger_mut().attach_timestamp(&answer, Some(&query), &root, None).unwrap();
    told.register.record(&bo(), work("winter", None, &[(told.bo, "1")]));
    cosign(&mut told.register, 1, 1_790_000_000);
    let reader = told.register.ledger().read().unwrap();
    let entry = number(&told.register, told.wen);
    let mut draft = gather(&reader, entry).unwrap().draft(&reader).unwrap();
    draft.openings = vec![DraftOpening { salt: Salt::from_bytes(SALT), bytes: PROMPT.to_vec() }];
    let bundle = Parts::of(&draft.seal(&ledger_key(), at(SEALED)).unwrap());
    let policy = Policy { authorities: root, ..policy(&[1], 1, "") };
    (bundle, policy)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Register,
    Opponent,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Changed,
    Removed,
    Doubled,
}

impl Change {
    const ALL: [Self; 3] = [Self::Changed, Self::Removed, Self::Doubled];

    fn of(self, bytes: &[u8], place: usize) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Self::Changed => bytes[place] ^= 1,
            Self::Removed => drop(bytes.remove(place)),
            Self::Doubled => bytes.insert(place, bytes[place]),
        }
        bytes
    }
}

/// The bundle with one part that is something else, and a manifest that fits.
fn remade(bundle: &Parts, name: &str, bytes: Vec<u8>, by: By) -> Vec<u8> {
    let mut parts = bundle.clone();
    parts.0.insert(name.to_owned(), bytes);
    if name != "manifest.json" {
        parts.list_anew();
    }
    if by == By::Register {
        parts.sign_anew(&ledger_key());
    }
    parts.pack()
}

/// What a bundle proves, but for the times of others.
fn proven(verdict: &Verdict) -> impl PartialEq + std::fmt::Debug {
    let claims: Vec<_> =
        verdict.claims.iter().map(|claim| Claim { existed_by: None, ..claim.clone() }).collect();
    let titles: Vec<_> =
        verdict.works.iter().map(|work| verdict.case.title(*work, Moments::ALL).unwrap()).collect();
    let log = (verdict.tree_size, verdict.root, verdict.completeness, verdict.earlier.clone());
    (verdict.subject, claims, titles, log, verdict.openings.clone())
}

fn is_harmless(found: &Verdict, original: &Verdict) -> bool {
    let later =
        |(found, original): (&Claim, &Claim)| match (&found.existed_by, &original.existed_by) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(found), Some(original)) => found.at >= original.at,
        };
    let known = |it: &Attestation| {
        let untrusted = Attestation { is_trusted: true, ..it.clone() };
        original.attestations.contains(it) || original.attestations.contains(&untrusted)
    };
    proven(found) == proven(original)
        && found.claims.iter().zip(&original.claims).all(later)
        && found.attestations.iter().all(known)
}

/// Tries every `step`th byte of every part, and answers with how many changes were refused and how
/// many were harmless.
fn try_all(by: By, step: usize) -> (usize, usize) {
    let (mut bundle, policy) = whole();
    if by == By::Opponent {
        bundle.strip();
    }
    let original = verify(&bundle.pack(), &policy, None).unwrap();
    let page = if by == By::Register { Page::Drawn } else { Page::Missing };
    assert_eq!(original.page, page);
    let kinds = ["accounts", "checkpoints", "consistency", "cosignatures", "openings", "terms"];
    for kind in kinds.into_iter().chain(["timestamps", "entries", "receipts"]) {
        assert!(bundle.0.keys().any(|name| name.starts_with(kind)), "{kind} is not in the bundle");
    }
    let mut tries = Vec::new();
    let is_tried = |name: &str| name != "index.cose";
    for (name, bytes) in bundle.0.iter().filter(|(name, _)| is_tried(name)) {
        let places = (0..bytes.len()).step_by(step);
        tries.extend(places.flat_map(|at| Change::ALL.map(|change| (name, bytes, at, change))));
    }
    let refused = tries.par_iter().filter(|(name, bytes, place, change)| {
        let packed = remade(&bundle, name, change.of(bytes, *place), by);
        match verify(&packed, &policy, None) {
            Err(_) => true,
            Ok(found) if name.as_str() == "report.html" => {
                assert_eq!(found.page, Page::Differs, "{name} at {place}, {change:?}");
                true
            }
            Ok(found) => {
                let told = format!("{name} at {place}, {change:?} by {by:?}");
                assert!(is_harmless(&found, &original), "{told}: {:?}", proven(&found));
                false
            }
        }
    });
    let refused = refused.count();
    (refused, tries.len() - refused)
}

#[test]
fn a_sample_of_bytes_matters_under_a_manifest_that_is_made_anew() {
    for by in [By::Register, By::Opponent] {
        let (refused, harmless) = try_all(by, 613);
        assert!(refused > 100 && harmless < refused / 10, "{by:?}: {refused}, {harmless}");
    }
}

#[test]
#[ignore = "long: every byte of a bundle under a manifest of the register's own"]
fn long_every_byte_matters_though_the_register_makes_the_manifest_anew() {
    let (refused, harmless) = try_all(By::Register, 1);
    assert!(refused > 100_000 && harmless < refused / 10, "{refused}, {harmless}");
}

#[test]
#[ignore = "long: every byte of a bundle under a manifest of an opponent's"]
fn long_every_byte_matters_though_an_opponent_makes_the_manifest_anew() {
    let (refused, harmless) = try_all(By::Opponent, 1);
    assert!(refused > 80_000 && harmless < refused / 10, "{refused}, {harmless}");
}

/// An opponent can sign a manifest with a key of his own, and nobody takes it for the register's.
#[test]
fn a_manifest_that_an_opponent_signs_is_refused_whatever_he_changed() {
    let (bundle, policy) = whole();
    let key = ed25519_dalek::SigningKey::from_bytes(&[99; 32]);
    for (name, bytes) in bundle.0.iter().filter(|(name, _)| *name != "index.cose") {
        for change in Change::ALL {
            let mut parts = bundle.clone();
            parts.0.insert(name.clone(), change.of(bytes, bytes.len() / 2));
            if name != "manifest.json" {
                parts.list_anew();
            }
            parts.sign_anew(&key);
            assert!(verify(&parts.pack(), &policy, None).is_err(), "{name}: {change:?}");
        }
    }
}
