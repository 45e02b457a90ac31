//! Two sides of a dispute, held against each other.

use super::case::{documents, entries, number, without};
use crate::support::{
    Actor, Key, Register, Story, ana, assignment, bo, confirmation, northlight, party, payment,
    wen, work,
};
use deedbook::evidence::{
    Agreement, Case, Comparison, Earlier, Fork, Head, Heads, Order, Side, compare,
};
use deedbook::narration::Moments;
use deedbook::record::{EntryNumber, RecordId, Role, Signer as _};
use deedbook::tlog::{Checkpoint, ConsistencyProof, Frontier, leaf_hash};
use std::collections::BTreeSet;

/// What a side shows, and what it is built on.
struct Shown {
    head: Head,
    earlier: Vec<Checkpoint>,
    case: Case,
    works: BTreeSet<EntryNumber>,
}

/// The entries of a register but for some, about one work of it.
fn shown(register: &Register, subject: RecordId, left_out: &[EntryNumber]) -> Shown {
    let all = entries(register);
    let mut frontier = Frontier::empty();
    for (_, entry) in &all {
        frontier.append(leaf_hash(&entry.to_bytes())).unwrap();
    }
    let case = without(all, left_out);
    let case = Case::replay(&case, &documents(register), number(register, subject)).unwrap();
    let works = case.works().into_iter().collect();
    let head = Head {
        origin: "register.example/deeds".parse().unwrap(),
        key: Key::ed25519(1).public_key().thumbprint(),
        size: frontier.size(),
        root: frontier.root(),
    };
    Shown { head, earlier: Vec::new(), case, works }
}

fn against(left: &Shown, right: &Shown, proof: Option<&ConsistencyProof>) -> Comparison {
    fn side(shown: &Shown) -> Side<'_> {
        Side { head: &shown.head, earlier: &shown.earlier, case: &shown.case, works: &shown.works }
    }
    compare(side(left), side(right), proof, Moments::ALL).unwrap()
}

/// Spring of wen, paid; and the entry of its confirmation.
fn paid() -> (Story, RecordId) {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let register = &mut story.register;
    let paid = register.record(&wen(), payment(story.fee_contract, Some(spring), "49.00 CNY", "1"));
    register.record(&northlight(), confirmation(paid));
    (story, spring)
}

#[test]
fn one_log_and_one_story_agree() {
    let (story, spring) = paid();
    let [left, right] = [(); 2].map(|()| shown(&story.register, spring, &[]));
    let found = against(&left, &right, None);
    assert_eq!(found.heads, Heads::Same);
    assert!(!found.is_conflict());
    assert_eq!((found.only_left.len(), found.only_right.len()), (0, 0));
    assert_eq!(found.shared.len(), left.case.numbers().count());
    assert_eq!(found.contents[0].earlier, Earlier::Same);
    assert_eq!(found.contents[0].verdict, Agreement::Agree);
}

/// The left bundle was made before wen assigned her work, or leaves it out.
#[test]
fn a_later_assignment_that_one_side_leaves_out_is_named() {
    let (mut story, spring) = paid();
    let before = shown(&story.register, spring, &[]);
    let sold = story.register.record(&wen(), assignment(spring, story.bo, "1"));
    let after = shown(&story.register, spring, &[]);
    let found = against(&before, &after, None);
    assert_eq!(found.heads, Heads::NotShown, "nobody has shown that the one extends the other");
    assert_eq!(found.contents[0].verdict, Agreement::Holders);
    assert!(found.is_conflict());
    let [only] = found.only_right.as_slice() else { panic!("{:?}", found.only_right) };
    assert_eq!((only.id, only.was_there), (sold, Some(false)), "the log was shorter then");

    let silent = shown(&story.register, spring, &[number(&story.register, sold)]);
    let found = against(&silent, &after, None);
    assert_eq!(found.heads, Heads::Same);
    assert_eq!(found.only_right[0].was_there, Some(true), "it was there to be shown");
    assert_eq!(found.contents[0].verdict, Agreement::Holders);
    let left = found.contents[0].left.holders.as_ref().unwrap();
    assert_eq!((left[0].party.as_str(), left.len()), ("wen", 1));
}

#[test]
fn a_consistency_proof_shows_that_one_log_extends_the_other() {
    let (mut story, spring) = paid();
    let before = shown(&story.register, spring, &[]);
    story.register.record(&ana(), party(&ana(), Role::Creator));
    let after = shown(&story.register, spring, &[]);
    let reader = story.register.ledger().read().unwrap();
    let nodes = |size| deedbook::tlog::consistency_proof(before.head.size, size, &reader);
    let proof = nodes(after.head.size).unwrap();
    assert_eq!(against(&before, &after, Some(&proof)).heads, Heads::Consistent);
    assert_eq!(against(&after, &before, Some(&proof)).heads, Heads::Consistent);
    let wrong = ConsistencyProof::new(vec![leaf_hash(b"another")]).unwrap();
    assert_eq!(against(&before, &after, Some(&wrong)).heads, Heads::NotShown);
}

/// Two copies of one ledger go different ways under one key.
#[test]
fn one_key_with_two_histories_is_a_fork() {
    let (story, spring) = paid();
    let kept = story.register.keep();
    let mut ways = [Register::restore(&kept), Register::restore(&kept)];
    ways.iter_mut().for_each(Register::reopen);
    let dan = Actor::new("dan", 9);
    let [one, other] = &mut ways;
    one.record(&dan, party(&dan, Role::Creator));
    other.record(&ana(), party(&ana(), Role::Creator));
    let same_size = against(&shown(one, spring, &[]), &shown(other, spring, &[]), None);
    assert_eq!(same_size.heads, Heads::Fork(Fork::Roots));
    assert!(same_size.is_conflict());
    other.record(&dan, party(&dan, Role::Licensee));
    let (left, right) = (shown(one, spring, &[]), shown(other, spring, &[]));
    let found = against(&left, &right, None);
    let at = found.differing[0].entry;
    assert_eq!(found.heads, Heads::Fork(Fork::Entry(at)));
    assert_eq!(at.get() + 1, left.head.size);
    // Neither shows the entry by which they differ, and the sizes are not the same: not shown.
    let silent = [at, EntryNumber::new(at.get() + 1)];
    let found = against(&shown(one, spring, &silent), &shown(other, spring, &silent), None);
    assert_eq!(found.heads, Heads::NotShown);
}

#[test]
fn of_two_claims_on_one_content_the_earlier_is_named() {
    let (mut story, spring) = paid();
    let again = story.register.record(&bo(), work("spring", None, &[(story.bo, "1")]));
    let wens = shown(&story.register, spring, &[number(&story.register, again)]);
    let all = shown(&story.register, again, &[]);
    let found = against(&all, &wens, None);
    let claims: Vec<_> =
        found.contents.iter().filter(|it| it.verdict == Agreement::Claims).collect();
    let [claim] = claims.as_slice() else { panic!("{:?}", found.contents) };
    assert_eq!((claim.left.signer.as_str(), claim.right.signer.as_str()), ("bo", "wen"));
    assert_eq!(claim.earlier, Earlier::Right(Order::Number));
    assert!(found.is_conflict());
}

/// Two registers, each with its own key: only their clocks can be compared.
#[test]
fn two_registers_are_compared_by_their_clocks() {
    let (story, spring) = paid();
    let left = shown(&story.register, spring, &[]);
    let mut elsewhere = Story::begin();
    elsewhere.register.clock.advance_ms(86_400_000);
    let copied = elsewhere.register.record(&bo(), work("spring", None, &[(elsewhere.bo, "1")]));
    let mut right = shown(&elsewhere.register, copied, &[]);
    right.head.origin = "other.example/deeds".parse().unwrap();
    let found = against(&left, &right, None);
    assert_eq!(found.heads, Heads::OtherLogs);
    assert_eq!(found.contents[0].earlier, Earlier::Left(Order::Clock));
    assert!(found.differing.is_empty(), "numbers of two logs mean nothing to each other");
    assert_eq!(found.only_right[0].was_there, None);
    right.head.origin = left.head.origin.clone();
    right.head.key = ana().key.public_key().thumbprint();
    assert_eq!(against(&left, &right, None).heads, Heads::OtherKeys);
}
