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
use deedbook::tlog::receipt::ConsistencyReceipt;
use deedbook::tlog::{Checkpoint, Frontier, leaf_hash};
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

fn against(left: &Shown, right: &Shown, receipts: &[ConsistencyReceipt]) -> Comparison {
    fn side(shown: &Shown) -> Side<'_> {
        Side { head: &shown.head, earlier: &shown.earlier, case: &shown.case, works: &shown.works }
    }
    compare(side(left), side(right), receipts, Moments::ALL).unwrap()
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
    let found = against(&left, &right, &[]);
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
    let found = against(&before, &after, &[]);
    assert_eq!(found.heads, Heads::NotShown, "nobody has shown that the one extends the other");
    assert_eq!(found.contents[0].verdict, Agreement::Holders);
    assert!(found.is_conflict());
    let [only] = found.only_right.as_slice() else { panic!("{:?}", found.only_right) };
    assert_eq!((only.id, only.was_there), (sold, Some(false)), "the log was shorter then");

    let silent = shown(&story.register, spring, &[number(&story.register, sold)]);
    let found = against(&silent, &after, &[]);
    assert_eq!(found.heads, Heads::Same);
    assert_eq!(found.only_right[0].was_there, Some(true), "it was there to be shown");
    assert_eq!(found.contents[0].verdict, Agreement::Holders);
    let left = found.contents[0].left.holders.as_ref().unwrap();
    assert_eq!((left[0].party.as_str(), left.len()), ("wen", 1));
}

/// The register's receipt that its log extends what it was.
fn receipt(register: &Register, old_size: u64, new_size: u64) -> ConsistencyReceipt {
    let ledger = register.ledger();
    ledger.consistency_receipt(&ledger.read().unwrap(), old_size, Some(new_size)).unwrap()
}

#[test]
fn a_consistency_receipt_shows_that_one_log_extends_the_other() {
    let (mut story, spring) = paid();
    let before = shown(&story.register, spring, &[]);
    story.register.record(&ana(), party(&ana(), Role::Creator));
    let between = shown(&story.register, spring, &[]).head.size;
    story.register.record(&bo(), work("winter", None, &[(story.bo, "1")]));
    let after = shown(&story.register, spring, &[]);
    story.register.record(&bo(), work("rain", None, &[(story.bo, "1")]));
    let last = shown(&story.register, spring, &[]).head.size;
    let (old, new) = (before.head.size, after.head.size);
    let of = |sizes: &[(u64, u64)]| -> Vec<_> {
        sizes.iter().map(|(old, new)| receipt(&story.register, *old, *new)).collect()
    };
    // From the one to the other; by way of a head between; both to a later one.
    for sizes in [&[(old, new)][..], &[(between, new), (old, between)], &[(old, last), (new, last)]]
    {
        let receipts = of(sizes);
        for (left, right) in [(&before, &after), (&after, &before)] {
            let found = against(left, right, &receipts);
            assert_eq!(found.heads, Heads::Consistent, "{sizes:?}");
            assert!(found.receipts.iter().all(|it| it.left || it.right), "{sizes:?}");
        }
    }
    // What leads from one of them to nothing that the other shows, and what leads nowhere.
    for sizes in [&[(old, between)][..], &[(old, last)], &[(new, last)], &[(between, last)], &[]] {
        let found = against(&before, &after, &of(sizes));
        assert_eq!(found.heads, Heads::NotShown, "{sizes:?}");
    }
    let found = against(&before, &after, &of(&[(between, last)]));
    assert!(!found.receipts[0].left && !found.receipts[0].right);
    // The receipt of another register, which is not of this log.
    let mut foreign = Story::begin();
    foreign.register.clock.advance_ms(1000);
    while foreign.register.ledger().read().unwrap().size().unwrap() < new {
        let size = foreign.register.ledger().read().unwrap().size().unwrap();
        foreign.work_of_wen(&format!("spring {size}"), None);
    }
    let receipts = [receipt(&foreign.register, old, new)];
    assert_eq!(against(&before, &after, &receipts).heads, Heads::NotShown);
}

/// The other side's log is a fork, and shows nothing by which the two differ: the receipt that this
/// side has shows what the register signed for that size.
#[test]
fn a_consistency_receipt_shows_a_fork() {
    let (story, spring) = paid();
    let kept = story.register.keep();
    let mut ways = [Register::restore(&kept), Register::restore(&kept)];
    ways.iter_mut().for_each(Register::reopen);
    let (dan, [one, other]) = (Actor::new("dan", 9), &mut ways);
    one.record(&dan, party(&dan, Role::Creator));
    let left = shown(one, spring, &[]);
    one.record(&ana(), party(&ana(), Role::Creator));
    other.record(&ana(), party(&ana(), Role::Creator));
    other.record(&dan, party(&dan, Role::Creator));
    let right = shown(other, spring, &[]);
    let (old, new) = (left.head.size, right.head.size);
    let silent = [old - 1, old].map(EntryNumber::new);
    let [left, right] = [&*one, &*other].map(|register| shown(register, spring, &silent));
    let left = Shown { head: Head { size: old, root: root(one, old), ..left.head }, ..left };
    assert_eq!(against(&left, &right, &[]).heads, Heads::NotShown);
    let found = against(&left, &right, &[receipt(one, old, new)]);
    assert_eq!(found.heads, Heads::Fork(Fork::Roots));
    assert!(found.is_conflict() && found.receipts[0].left);
    // The fork's own receipt says nothing of the head of the left.
    let found = against(&left, &right, &[receipt(other, old, new)]);
    assert_eq!((found.heads, found.receipts[0].left), (Heads::NotShown, false));
}

fn root(register: &Register, size: u64) -> deedbook::tlog::Hash {
    deedbook::tlog::root_at(size, &register.ledger().read().unwrap()).unwrap()
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
    let same_size = against(&shown(one, spring, &[]), &shown(other, spring, &[]), &[]);
    assert_eq!(same_size.heads, Heads::Fork(Fork::Roots));
    assert!(same_size.is_conflict());
    other.record(&dan, party(&dan, Role::Licensee));
    let (left, right) = (shown(one, spring, &[]), shown(other, spring, &[]));
    let found = against(&left, &right, &[]);
    let at = found.differing[0].entry;
    assert_eq!(found.heads, Heads::Fork(Fork::Entry(at)));
    assert_eq!(at.get() + 1, left.head.size);
    // Neither shows the entry by which they differ, and the sizes are not the same: not shown.
    let silent = [at, EntryNumber::new(at.get() + 1)];
    let found = against(&shown(one, spring, &silent), &shown(other, spring, &silent), &[]);
    assert_eq!(found.heads, Heads::NotShown);
}

#[test]
fn of_two_claims_on_one_content_the_earlier_is_named() {
    let (mut story, spring) = paid();
    let again = story.register.record(&bo(), work("spring", None, &[(story.bo, "1")]));
    let wens = shown(&story.register, spring, &[number(&story.register, again)]);
    let all = shown(&story.register, again, &[]);
    let found = against(&all, &wens, &[]);
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
    let found = against(&left, &right, &[]);
    assert_eq!(found.heads, Heads::OtherLogs);
    assert_eq!(found.contents[0].earlier, Earlier::Left(Order::Clock));
    assert!(found.differing.is_empty(), "numbers of two logs mean nothing to each other");
    assert_eq!(found.only_right[0].was_there, None);
    right.head.origin = left.head.origin.clone();
    right.head.key = ana().key.public_key().thumbprint();
    assert_eq!(against(&left, &right, &[]).heads, Heads::OtherKeys);
}
