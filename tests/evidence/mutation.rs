//! Every byte of every part of a bundle changed, removed and put in twice, under a manifest that is
//! written anew to fit: by the register, which signs it, and by an opponent, who cannot. Each is
//! refused, or is harmless: the bundle proves what it proved, and no earlier time.
//!
//! `index.cose` is changed under a manifest that is as it was, and its header also with a signature of the
//! register's that fits. That `report.html` is not the page which these statements give is told, and no reason
//! to refuse them; it is compared as a whole, so that of its bytes a sample is tried.

use super::closed::closing;
use super::parts::{Parts, SEALED, number};
use super::seen::{cosign, policy};
use super::told::{PROMPT, SALT, told};
use crate::support::{
    Actor, Register, account, at, contract, ledger_key, line, northlight, party, publish,
    share_terms, wen, work,
};
use crate::timestamp::{Authority, COMMON};
use deedbook::evidence::{Attestation, Claim, DraftOpening, Page, Policy, Verdict, verify};
use deedbook::ledger::answer::Moments;
use deedbook::ledger::gather;
use deedbook::record::{
    Commitment, Generation, LineKind, Prompt, PromptRole, RecordId, Role, Salt, StatementClosed,
};
use deedbook::timestamp::TimestampQuery;
use rayon::prelude::*;

/// What is closed for the first quarter, in April.
fn first_quarter(register: &mut Register, contract: RecordId) -> StatementClosed {
    register.clock.advance_ms(60 * 86_400_000);
    closing(register, contract, "2026-Q1")
}

/// A bundle with a part of every kind about wen, who has two keys and two works, and a policy that knows who
/// saw the log.
fn whole() -> (Parts, Policy) {
    let mut told = told();
    let closed = first_quarter(&mut told.register, told.share_contract);
    let second =
        crate::support::Actor { handle: "wen".to_owned(), key: crate::support::Key::p256(11) };
    told.register.record(&second, closed);
    seen(told.register, told.wen)
}

/// The least bundle with a part of every kind.
fn least() -> (Parts, Policy) {
    let mut register = Register::create();
    register.record(&northlight(), party(&northlight(), Role::Provider));
    let wen_id = register.record(&wen(), party(&wen(), Role::Creator));
    let share = publish(&mut register, share_terms("share"));
    let share = register.record(&wen(), contract(share));
    let mut spring = work("spring", Some(share), &[(wen_id, "1")]);
    let commitment = Commitment::of(&Salt::from_bytes(SALT), PROMPT);
    let prompts = vec![Prompt { role: PromptRole::Prompt, commitment }];
    spring.generation = Some(Generation { prompts, ..Generation::default() });
    let spring = register.record(&wen(), spring);
    let lines = vec![line(LineKind::Revenue, "prints", 10_000, "r-1")];
    register.record(&wen(), account(share, lines));
    let closed = first_quarter(&mut register, share);
    register.record(&wen(), closed);
    seen(register, spring)
}

/// The bundle about something in a ledger that others saw, once before its last entry.
fn seen(mut register: Register, subject: RecordId) -> (Parts, Policy) {
    cosign(&mut register, 1, 1_780_000_000);
    let authority = Authority::new(COMMON);
    let checkpoint = register.ledger().stamped_checkpoint(None).unwrap();
    let query = TimestampQuery::new(checkpoint.digest(), 1);
    let answer = authority.answer(&query.to_der().unwrap());
    let root = authority.root();
    register.ledger_mut().attach_timestamp(&answer, Some(&query), &root, None).unwrap();
    let stranger = Actor::new("stranger", 77);
    register.record(&stranger, party(&stranger, Role::Creator));
    cosign(&mut register, 1, 1_790_000_000);
    let reader = register.ledger().read().unwrap();
    let entry = number(&register, subject);
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
    if !["manifest.json", "index.cose"].contains(&name) {
        parts.list_anew();
    }
    if by == By::Register && name != "index.cose" {
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

/// Of the page, which is compared as a whole, one byte of so many is tried where of other parts each is.
const PAGE_STEP: usize = 32;

/// Tries every `step`th byte of every part, and answers with how many changes were refused and how
/// many were harmless.
fn try_all((mut bundle, policy): (Parts, Policy), by: By, step: usize) -> (usize, usize) {
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
    assert_eq!(bundle.0.contains_key("index.cose"), by == By::Register);
    let mut tries = Vec::new();
    for (name, bytes) in &bundle.0 {
        let step = if name == "report.html" { step.max(PAGE_STEP) } else { step };
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
                assert_ne!(name.as_str(), "index.cose", "{told}");
                assert!(is_harmless(&found, &original), "{told}: {:?}", proven(&found));
                false
            }
        }
    });
    let refused = refused.count();
    println!("{by:?}: {} changes, {refused} refused", tries.len());
    (refused, tries.len() - refused)
}

#[test]
fn a_sample_of_bytes_matters_under_a_manifest_that_is_made_anew() {
    for by in [By::Register, By::Opponent] {
        let (refused, harmless) = try_all(whole(), by, 613);
        assert!(refused > 100 && harmless < refused / 10, "{by:?}: {refused}, {harmless}");
    }
}

#[test]
#[ignore = "long: every byte of a bundle under a manifest of the register's own"]
fn long_every_byte_matters_though_the_register_makes_the_manifest_anew() {
    let (refused, harmless) = try_all(least(), By::Register, 1);
    assert!(refused > 47_000 && harmless < 600, "{refused}, {harmless}");
}

#[test]
#[ignore = "long: every byte of a bundle under a manifest of an opponent's"]
fn long_every_byte_matters_though_an_opponent_makes_the_manifest_anew() {
    let (refused, harmless) = try_all(least(), By::Opponent, 1);
    assert!(refused > 43_000 && harmless < 600, "{refused}, {harmless}");
}

/// The register may sign another moment, and nothing else: what the header says of algorithm, content, key,
/// register and subject has one spelling. Another moment is another page.
#[test]
fn the_header_of_the_index_is_what_it_must_be_though_the_register_signs_another() {
    let (bundle, policy) = least();
    let original = verify(&bundle.pack(), &policy, None).unwrap();
    let index = &bundle.0["index.cose"];
    let protected = &index[4..4 + usize::from(index[3])];
    let mut harmless = 0;
    for place in 0..protected.len() {
        for change in Change::ALL {
            let header = change.of(protected, place);
            let size = u8::try_from(header.len()).unwrap();
            let rest = &index[4 + protected.len()..];
            let changed = [&[0xd2, 0x84, 0x58, size], header.as_slice(), rest].concat();
            let mut parts = bundle.clone();
            parts.0.insert("index.cose".to_owned(), changed);
            parts.sign_anew(&ledger_key());
            let Ok(found) = verify(&parts.pack(), &policy, None) else { continue };
            harmless += 1;
            let told = format!("{place}, {change:?}");
            assert_ne!(found.completeness, original.completeness, "{told}");
            assert_eq!(found.page, Page::Differs, "{told}");
            let found = Verdict { completeness: original.completeness, ..found };
            assert!(is_harmless(&found, &original), "{told}");
        }
    }
    // The bytes of the moment: four of them, each changed.
    assert_eq!(harmless, 4);
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
