//! A bundle holds, has what it needs, and nothing about anybody else.

use super::parts::{Parts, SEALED, number, proven, refusal, sealed};
use super::report::check_links;
use super::told::{PROMPT, SALT, Told, told};
use crate::support::{at, ledger_key};
use deedbook::evidence::{
    Completeness, DraftOpening, EvidenceError, Page, Policy, SealError, SubjectKind, verify,
};
use deedbook::ledger::answer::{Moments, owner};
use deedbook::ledger::{GatherError, gather};
use deedbook::record::{Digest, EntryNumber, Kind, RecordId, Salt};
use ed25519_dalek::SigningKey;
use std::collections::BTreeSet;

fn numbers(told: &Told, ids: &[RecordId]) -> BTreeSet<EntryNumber> {
    ids.iter().map(|id| number(&told.register, *id)).collect()
}

#[test]
fn evidence_about_a_work_tells_its_title_as_the_ledger_does() {
    let told = told();
    let verdict = proven(&sealed(&told.register, told.spring));
    let work = number(&told.register, told.spring);
    assert_eq!((verdict.subject.kind, verdict.subject.entry), (SubjectKind::Work, work));
    let reader = told.register.ledger().read().unwrap();
    let asked = owner(&reader, work, Moments::ALL).unwrap();
    let title = verdict.case.title(work, Moments::ALL).unwrap().unwrap();
    assert_eq!((title.holders, title.outstanding), (asked.holders, asked.outstanding));
    assert_eq!(title.conflicts, asked.conflicts);
    assert_eq!(title.changes.len(), 3);
    assert_eq!(verdict.works, BTreeSet::from([work]));
    let tree_size = reader.size().unwrap();
    assert_eq!(
        verdict.completeness,
        Completeness::SignedByRegister { tree_size, signed_at_s: at(SEALED).as_seconds() }
    );
    assert!(!verdict.ledger.is_trusted);
}

#[test]
fn it_has_what_is_needed_and_nothing_about_anybody_else() {
    let told = told();
    let reader = told.register.ledger().read().unwrap();
    let spring = number(&told.register, told.spring);
    let gathered = gather(&reader, spring).unwrap();
    let concerns = [told.spring, told.paid, told.confirmed, told.assigned, told.claimed];
    assert_eq!(gathered.selection.concerns, numbers(&told, &concerns));
    let kinds: BTreeSet<Kind> = gathered.rows.iter().map(|row| row.kind).collect();
    assert!(kinds.contains(&Kind::KeyRevoked) && kinds.contains(&Kind::KeyAdded));
    assert!(!kinds.contains(&Kind::Account));
    let others = [told.autumn, told.accounts, told.private, told.bos_contract, told.share_contract];
    for entry in numbers(&told, &others) {
        assert!(!gathered.selection.contains(entry), "{entry}");
    }
    for entry in numbers(&told, &[told.northlight, told.wen, told.bo, told.ana, told.fee_contract])
    {
        assert!(gathered.selection.supports.contains(&entry), "{entry}");
    }
    assert_eq!(gathered.texts.len(), 1);
    // Each entry is needed: without any one that the others rest on, nothing is admitted.
    let bundle = Parts::of(&sealed(&told.register, told.spring));
    for entry in &gathered.selection.supports {
        let mut parts = bundle.clone();
        parts.leave_out(entry.get());
        parts.strip();
        let kind = reader.entry_row(*entry).unwrap().unwrap().kind;
        match refusal_or_none(&parts) {
            Some(EvidenceError::Case(_) | EvidenceError::Manifest(_)) => {}
            // Nothing else rests on a revocation; it shows that the key is valid no more.
            None if kind == Kind::KeyRevoked => {}
            // With the terms, their text stands alone.
            Some(EvidenceError::PartWithoutUse { .. }) if kind == Kind::Terms => {}
            other => panic!("without {entry}, {kind}: {other:?}"),
        }
    }
}

fn refusal_or_none(parts: &Parts) -> Option<EvidenceError> {
    verify(&parts.pack(), &Policy::default(), None).err()
}

#[test]
fn evidence_about_a_contract_has_its_works_and_accounts() {
    let told = told();
    let verdict = proven(&sealed(&told.register, told.share_contract));
    assert_eq!(verdict.works, numbers(&told, &[told.autumn]));
    let concerns: BTreeSet<_> =
        verdict.claims.iter().filter(|it| it.concerns_subject).map(|it| it.entry).collect();
    assert_eq!(concerns, numbers(&told, &[told.share_contract, told.autumn, told.accounts]));
}

#[test]
fn evidence_about_a_party_has_its_works_and_contracts() {
    let told = told();
    for (party, works) in [
        (told.wen, vec![told.spring, told.autumn]),
        (told.bo, vec![told.spring, told.private]),
        (told.northlight, vec![told.spring, told.autumn]),
        (told.ana, vec![told.claimed]),
    ] {
        let verdict = proven(&sealed(&told.register, party));
        assert_eq!(verdict.works, numbers(&told, &works), "{party}");
    }
}

#[test]
fn what_is_no_subject_is_refused() {
    let told = told();
    let reader = told.register.ledger().read().unwrap();
    let entry = number(&told.register, told.paid);
    let found = Some(Kind::Payment);
    assert_eq!(gather(&reader, entry).unwrap_err(), GatherError::NotASubject { entry, found });
    let entry = EntryNumber::new(1000);
    let error = gather(&reader, entry).unwrap_err();
    assert_eq!(error, GatherError::NotASubject { entry, found: None });
}

#[test]
fn the_same_ledger_at_the_same_moment_gives_the_same_bytes() {
    let told = told();
    let once = sealed(&told.register, told.spring);
    assert_eq!(sealed(&told.register, told.spring), once);
    // A second writer of the container makes the same file.
    assert_eq!(Parts::of(&once).pack(), once);
    let mut parts = Parts::of(&once);
    parts.list_anew();
    parts.sign_anew(&ledger_key());
    assert_eq!(parts.pack(), once);
}

#[test]
fn nothing_is_revealed_unless_it_is_named() {
    let told = told();
    let silent = Parts::of(&sealed(&told.register, told.spring));
    assert!(!silent.0.keys().any(|name| name.starts_with("openings/")));
    let reader = told.register.ledger().read().unwrap();
    let spring = number(&told.register, told.spring);
    let mut draft = gather(&reader, spring).unwrap().draft(&reader).unwrap();
    let opening = DraftOpening { salt: Salt::from_bytes(SALT), bytes: PROMPT.to_vec() };
    draft.openings = vec![opening.clone()];
    let bundle = draft.clone().seal(&ledger_key(), at(SEALED)).unwrap();
    let verdict = proven(&bundle);
    assert_eq!(verdict.openings.len(), 1);
    assert_eq!((verdict.openings[0].entry, &*verdict.openings[0].bytes), (spring, PROMPT));
    // A text that nobody committed to does not get in, nor does another salt.
    draft.openings = vec![DraftOpening { bytes: b"another".to_vec(), ..opening }];
    let refused = draft.seal(&ledger_key(), at(SEALED)).unwrap_err();
    assert!(matches!(refused, SealError::Refused(EvidenceError::PartWithoutUse { .. })));
    for name in Parts::of(&bundle).0.keys().filter(|name| name.starts_with("openings/")) {
        let mut parts = Parts::of(&bundle);
        parts.0.get_mut(name).unwrap()[0] ^= 1;
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        let refused = refusal(&parts.pack());
        assert!(matches!(refused, EvidenceError::OpeningDiffers { .. }), "{refused}");
    }
}

#[test]
fn a_file_is_the_content_of_the_work_or_is_not() {
    let told = told();
    let bundle = sealed(&told.register, told.spring);
    let ask = |bytes: &[u8]| verify(&bundle, &Policy::default(), Some(Digest::of(bytes))).unwrap();
    let verdict = ask(b"spring");
    let works = numbers(&told, &[told.spring, told.claimed]);
    assert_eq!(verdict.file.as_ref().unwrap().works, works.into_iter().collect::<Vec<_>>());
    assert!(verdict.is_proven());
    assert!(!ask(b"spring, cropped").is_proven());
}

#[test]
fn a_policy_names_the_register_or_refuses_it() {
    let told = told();
    let bundle = sealed(&told.register, told.spring);
    let key = told.register.ledger().verifier().verifier_key();
    let policy = |key: &str| Policy::from_toml(&format!("[[ledger]]\nkey = \"{key}\"")).unwrap();
    assert!(verify(&bundle, &policy(&key), None).unwrap().ledger.is_trusted);
    let other = SigningKey::from_bytes(&[99; 32]).verifying_key();
    let origin = told.register.ledger().opening().origin.clone();
    let other = deedbook::tlog::CheckpointVerifier::new(origin.clone(), other).unwrap();
    let refused = verify(&bundle, &policy(&other.verifier_key()), None).err();
    assert_eq!(refused, Some(EvidenceError::LedgerUntrusted { origin }));
    assert!(Policy::from_toml("[[register]]").is_err());
}

#[test]
fn another_key_than_the_registers_own_seals_nothing() {
    let told = told();
    let reader = told.register.ledger().read().unwrap();
    let spring = number(&told.register, told.spring);
    let draft = gather(&reader, spring).unwrap().draft(&reader).unwrap();
    let refused = draft.seal(&SigningKey::from_bytes(&[99; 32]), at(SEALED)).unwrap_err();
    assert!(matches!(refused, SealError::Key { .. }), "{refused}");
}

/// The page in a bundle has no link that leads nowhere, whatever the bundle is about, and shows what
/// was paid for a work, by a fee and by a share of profit.
#[test]
fn the_page_in_a_bundle_is_whole() {
    let told = told();
    let not_told = "Evidence about that contract has it";
    for (subject, needed, other) in [
        (told.spring, "49.00 CNY", not_told),
        (told.autumn, "the contract as a whole", "49.00 CNY"),
        (told.share_contract, "the contract as a whole", not_told),
        (told.wen, "49.00 CNY", not_told),
        (told.claimed, "Every fact", "Contracts and money"),
    ] {
        let bundle = sealed(&told.register, subject);
        assert_eq!(proven(&bundle).page, Page::Drawn, "{needed}");
        let mut parts = Parts::of(&bundle);
        let page = String::from_utf8(parts.0["report.html"].clone()).unwrap();
        check_links(&page);
        assert!(page.contains(needed), "{needed} is missing");
        assert!(!page.contains(other), "{other} is not for this page");
        // The register writes something else into it and signs that.
        parts.0.insert("report.html".to_owned(), page.replace(needed, "nothing").into_bytes());
        parts.list_anew();
        parts.sign_anew(&ledger_key());
        assert_eq!(proven(&parts.pack()).page, Page::Differs, "{needed}");
        parts.strip();
        assert_eq!(proven(&parts.pack()).page, Page::Missing, "{needed}");
    }
}
