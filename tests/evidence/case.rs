//! A case made of some entries answers like the ledger that it was taken from.

use crate::support::{
    Actor, Register, Story, ana, assignment, bo, confirmation, key_added, key_revoked, northlight,
    party, payment, wen, work,
};
use deedbook::admission::{MemoryError, Refusal};
use deedbook::evidence::{Case, CaseError, CaseTitle};
use deedbook::ledger::answer::{Moments, history, owner};
use deedbook::record::{Digest, Entry, EntryNumber, Kind, RecordId, Role, Statement, Timestamp};
use deedbook::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Entries = Vec<(EntryNumber, Entry)>;

/// Every entry of a ledger.
pub(super) fn entries(register: &Register) -> Entries {
    let reader = register.ledger().read().unwrap();
    let mut entries = Vec::new();
    let keep = |row: deedbook::store::EntryRow| {
        let statement = Statement::decode(&row.statement).unwrap();
        entries.push((row.number, Entry { registered_at: row.registered_at, statement }));
        Ok::<(), StoreError>(())
    };
    reader.entries(0..reader.size().unwrap(), keep).unwrap();
    entries
}

pub(super) fn documents(register: &Register) -> BTreeMap<Digest, String> {
    let reader = register.ledger().read().unwrap();
    let mut texts = BTreeMap::new();
    let keep = |digest, text: &str| {
        texts.insert(digest, text.to_owned());
        Ok::<(), StoreError>(())
    };
    reader.documents(keep).unwrap();
    texts
}

pub(super) fn number(register: &Register, id: RecordId) -> EntryNumber {
    register.ledger().read().unwrap().entry_number(&id).unwrap().unwrap()
}

pub(super) fn without(mut entries: Entries, left_out: &[EntryNumber]) -> Entries {
    entries.retain(|(number, _)| !left_out.contains(number));
    entries
}

/// Spring: made by wen under the fee, paid, confirmed, half of it assigned to bo.
struct Told {
    story: Story,
    spring: RecordId,
    other: RecordId,
    conflicting: RecordId,
}

fn told() -> Told {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let other = story.work_of_wen("autumn", Some(story.share_contract));
    let register = &mut story.register;
    let paid = register.record(&wen(), payment(story.fee_contract, Some(spring), "49.00 CNY", "1"));
    register.record(&northlight(), confirmation(paid));
    let half = assignment(spring, story.bo, "1/2");
    register.record(&wen(), half);
    let again = work("spring", None, &[(story.bo, "1")]);
    let conflicting = register.record(&bo(), again);
    Told { story, spring, other, conflicting }
}

fn replay(entries: &Entries, register: &Register, subject: EntryNumber) -> Case {
    Case::replay(entries, &documents(register), subject).unwrap()
}

fn answered(case: &Case, work: EntryNumber, moments: Moments) -> CaseTitle {
    case.title(work, moments).unwrap().unwrap()
}

#[test]
fn a_part_answers_like_the_ledger() {
    let Told { story, spring, other, conflicting } = told();
    let register = &story.register;
    let (spring, other) = (number(register, spring), number(register, other));
    let contract = number(register, story.share_contract);
    let part = without(entries(register), &[other, contract]);
    let reader = register.ledger().read().unwrap();
    let facts = history(&reader, spring, Moments::ALL, 1000).unwrap().facts;
    let moment = |text: &str| Timestamp::parse_end(text).unwrap();
    let case = replay(&part, register, spring);
    assert_eq!(case.subject_kind(), Kind::Work);
    for as_of in ["2026-02-24", "2026-02-25", "2026-03-01", "2026-12-31"] {
        let moments = Moments { as_of: moment(as_of), known_at: Timestamp::MAX };
        let needed = owner(&reader, spring, moments).unwrap();
        let found = answered(&case, spring, moments);
        assert_eq!(found.holders, needed.holders, "{as_of}");
        assert_eq!(found.changes, needed.changes);
        assert_eq!(found.outstanding, needed.outstanding);
        assert_eq!(found.contract, needed.contract);
        assert_eq!(found.conflicts, needed.conflicts);
        assert_eq!(found.work, needed.work);
    }
    let conflicts = answered(&case, spring, Moments::ALL).conflicts;
    assert_eq!(conflicts[0].work, conflicting);
    let told = case.facts().unwrap();
    let of_spring: BTreeSet<EntryNumber> = facts.iter().map(|fact| fact.entry).collect();
    let mut found: Vec<_> =
        told.into_iter().filter(|fact| of_spring.contains(&fact.entry)).collect();
    // The other registration passes a title too, but that is not in the history of this work.
    let last = found.last_mut().unwrap();
    assert_eq!((last.id, last.title.len()), (conflicting, 1));
    last.title.clear();
    assert_eq!(found, facts);
}

#[test]
fn before_it_is_known_there_is_no_title() {
    let Told { story, spring, .. } = told();
    let spring = number(&story.register, spring);
    let case = replay(&entries(&story.register), &story.register, spring);
    let known_at = Timestamp::parse_end("2026-02-28").unwrap();
    let early = Moments { as_of: Timestamp::MAX, known_at };
    assert_eq!(case.title(spring, early).unwrap(), None);
}

#[test]
fn a_part_that_does_not_hang_together_is_refused() {
    let Told { story, spring, .. } = told();
    let register = &story.register;
    let (all, texts) = (entries(register), documents(register));
    let spring = number(register, spring);
    let fee = number(register, story.fee);
    let payment = EntryNumber::new(spring.get() + 2);
    let refused = |entries: Entries| match Case::replay(&entries, &texts, spring) {
        Err(error) => error,
        Ok(_) => panic!("taken"),
    };
    let confirmation = EntryNumber::new(payment.get() + 1);
    match refused(without(all.clone(), &[payment])) {
        CaseError::Refused { entry, refusal } => {
            assert_eq!(entry, confirmation);
            assert!(matches!(*refusal, Refusal::UnknownReference { .. }), "{refusal}");
        }
        other => panic!("{other}"),
    }
    // Without the confirmation wen held nothing that she could assign.
    let assigned = EntryNumber::new(confirmation.get() + 1);
    assert!(matches!(
        refused(without(all.clone(), &[confirmation])),
        CaseError::Refused { entry, .. } if entry == assigned
    ));
    assert!(matches!(refused(without(all.clone(), &[fee])), CaseError::Refused { .. }));
    let opening = EntryNumber::new(0);
    let first = EntryNumber::new(1);
    assert_eq!(
        refused(without(all.clone(), &[opening])),
        CaseError::Unopened { found: Some(first) }
    );
    assert_eq!(refused(Vec::new()), CaseError::Unopened { found: None });
    assert_eq!(
        refused(without(all.clone(), &[spring])),
        CaseError::Refused {
            entry: payment,
            refusal: Box::new(Refusal::UnknownReference {
                id: all[usize::try_from(spring.get()).unwrap()].1.statement.id(),
                needed: Kind::Work,
            }),
        }
    );
    let wen = EntryNumber::new(2);
    assert!(matches!(
        refused(without(all.clone(), &[wen])),
        CaseError::UnknownKey { entry, .. } if entry == number(register, story.fee_contract)
    ));
    let mut swapped = all.clone();
    swapped.swap(2, 3);
    assert!(matches!(refused(swapped), CaseError::Order { .. }));
    let mut backwards = all.clone();
    backwards[3].1.registered_at = Timestamp::parse_start("2026-01-01").unwrap();
    assert!(matches!(refused(backwards), CaseError::TimeOrder { .. }));
    let mut twice = all.clone();
    let (last, entry) = twice.last().unwrap().clone();
    twice.push((EntryNumber::new(last.get() + 5), entry));
    assert!(matches!(refused(twice), CaseError::Repeated { earlier, .. } if earlier == last));
}

#[test]
fn a_subject_is_a_work_a_contract_or_a_party() {
    let Told { story, .. } = told();
    let (all, texts) = (entries(&story.register), documents(&story.register));
    let asked = |number: u64| Case::replay(&all, &texts, EntryNumber::new(number)).err();
    assert_eq!(asked(2), None);
    assert_eq!(asked(number(&story.register, story.fee_contract).get()), None);
    let (opening, absent) = (EntryNumber::new(0), EntryNumber::new(999));
    let found = Some(Kind::Ledger);
    assert_eq!(asked(0), Some(CaseError::Subject { entry: opening, found }));
    assert_eq!(asked(999), Some(CaseError::Subject { entry: absent, found: None }));
}

#[test]
fn texts_are_checked_and_needed() {
    let Told { story, spring, .. } = told();
    let (all, mut texts) = (entries(&story.register), documents(&story.register));
    let spring = number(&story.register, spring);
    let none = Case::replay(&all, &BTreeMap::new(), spring).err();
    assert!(matches!(none, Some(CaseError::Refused { .. })), "{none:?}");
    let digest = *texts.keys().next().unwrap();
    texts.insert(digest, "You pay, and nothing is yours.\n".to_owned());
    let other = Case::replay(&all, &texts, spring).err();
    assert_eq!(other, Some(CaseError::Document { digest }));
}

/// A statement is put under a key that was the signer's, but at another time.
#[test]
fn a_key_counts_at_its_place_in_the_log() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let stolen = wen();
    let fresh: Actor = Actor { handle: wen().handle, key: ana().key };
    register.record(&wen(), key_added(story.wen, &fresh));
    register.record(&fresh, key_revoked(&stolen));
    let honest = register.record(&fresh, work("spring", None, &[(story.wen, "1")]));
    let all = entries(register);
    let spring = number(register, honest);
    assert!(Case::replay(&all, &documents(register), spring).is_ok());
    let forged = register.sign(&stolen, work("summer", None, &[(story.wen, "1")]));
    let registered_at = all.last().unwrap().1.registered_at;
    let mut more = all.clone();
    let place = EntryNumber::new(spring.get() + 1);
    more.push((place, Entry { registered_at, statement: forged }));
    match Case::replay(&more, &documents(register), spring).err() {
        Some(CaseError::Refused { entry, refusal }) => {
            assert_eq!(entry, place);
            assert!(matches!(*refusal, Refusal::KeyRevoked { .. }), "{refusal}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_signature_by_another_key_is_named() {
    let Told { story, spring, .. } = told();
    let register = &story.register;
    let mut all = entries(register);
    let spring = number(register, spring);
    let place = usize::try_from(spring.get()).unwrap();
    // The last 64 bytes are the signature.
    let mut bytes = all[place].1.statement.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    all[place].1.statement = Statement::decode(&bytes).unwrap();
    let kid = all[place].1.statement.header().kid;
    let found = Case::replay(&all, &documents(register), spring).err();
    assert_eq!(found, Some(CaseError::Signature { entry: spring, kid }));
}

#[test]
fn a_whole_view_takes_no_gap() {
    let mut story = Story::begin();
    let dan = Actor::new("dan", 9);
    let statement = story.register.sign(&dan, party(&dan, Role::Creator));
    let mut view = crate::support::memory_of(story.register.ledger());
    let admission = deedbook::admission::Admission { signer: None, effects: Vec::new() };
    let (found, needed) = (EntryNumber::new(view.size() + 1), EntryNumber::new(view.size()));
    let now = story.register.now();
    let gap = view.apply_as(found, &statement, now, &admission);
    assert_eq!(gap, Err(MemoryError::OutOfOrder { found, needed, part: false }));
    assert_eq!(view.apply_as(needed, &statement, now, &admission), Ok(()));
    story.register.record(&dan, party(&dan, Role::Creator));
}
