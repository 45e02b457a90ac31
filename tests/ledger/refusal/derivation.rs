//! Licences, and works that derive from others under them.

use super::told;
use crate::support::{
    Story, ana, assignment, at, bo, derived, licence, northlight, party, wen, work,
};
use deedbook::admission::Refusal;
use deedbook::ledger::{LedgerError, Submission};
use deedbook::record::{Passing, RecordId, Role};

use Passing::{DirectParents, EveryAncestor};

pub(super) fn licences() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (wen_id, bo_id, fee) = (story.wen, story.bo, story.fee_contract);
    let spring = story.work_of_wen("spring", None);
    let unpaid = story.work_of_wen("unpaid", Some(fee));
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let duet = register.record(&wen(), work("duet", None, &[(wen_id, "1/2"), (bo_id, "1/2")]));
    register.record(&wen(), assignment(spring, ana_id, "1"));
    let after = |work| {
        let mut after = licence(work, "5%", DirectParents);
        after.effective_at = at("2026-03-01");
        after
    };
    let mut early = licence(spring, "5%", DirectParents);
    early.effective_at = at("2026-02-19");
    let seen = vec![
        register.refused(&wen(), after(spring)),
        register.refused(&wen(), licence(unpaid, "5%", EveryAncestor)),
        register.refused(&wen(), licence(duet, "5%", EveryAncestor)),
        register.refused(&wen(), early),
    ];
    // Whoever held the rights then could license them, and who holds them until it is paid can.
    register.record(&wen(), licence(spring, "5%", DirectParents));
    register.record(&ana(), after(spring));
    register.record(&northlight(), licence(unpaid, "5%", EveryAncestor));
    seen
}

#[test]
fn whoever_holds_the_rights_licenses_them() {
    insta::assert_snapshot!(told(&licences()), @r#"
nothing_to_license: `wen` holds no share of #8 for adaptation, worldwide, and cannot license it
  hint: `deedbook owner #8` shows who holds what
nothing_to_license: `wen` holds no share of #9 for adaptation, worldwide, and cannot license it
  hint: `deedbook owner #9` shows who holds what
split_unsigned: the split is not signed by `bo`, and nobody can dispose of a share before
  hint: have each of them run `deedbook agree WORK`, which counts from then on
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #8 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
"#);
}

pub(super) fn derivations() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (bo_id, wen_id) = (story.bo, story.wen);
    let (spring, winter) = (story.work_of_wen("spring", None), story.work_of_wen("winter", None));
    let register = &mut story.register;
    let open = register.record(&wen(), licence(spring, "60%", EveryAncestor));
    let mut ended = licence(spring, "5%", DirectParents);
    ended.until = Some(at("2026-02-22"));
    let ended = register.record(&wen(), ended);
    let mut own = licence(winter, "5%", DirectParents);
    own.licensee = Some(wen_id);
    let own = register.record(&wen(), own);
    let half = register.record(&wen(), licence(winter, "41%", DirectParents));
    let mut later = licence(winter, "5%", DirectParents);
    later.effective_at = at("2026-02-23");
    let later = register.record(&wen(), later);
    let from = |parents: &[(RecordId, Option<RecordId>)]| derived("summer", None, bo_id, parents);
    let mut before = from(&[(spring, None)]);
    before.effective_at = at("2026-02-19");
    let mut seen = vec![
        register.refused(&bo(), from(&[(winter, Some(open))])),
        register.refused(&bo(), from(&[(winter, Some(own))])),
        register.refused(&bo(), from(&[(spring, Some(ended))])),
        register.refused(&bo(), from(&[(winter, Some(later))])),
        register.refused(&bo(), from(&[(spring, Some(winter))])),
        register.refused(&bo(), from(&[(open, None)])),
        register.refused(&bo(), before),
        register.refused(&bo(), from(&[(spring, Some(open)), (winter, Some(half))])),
    ];
    // The share of what lies farther back counts as well.
    let summer = register.record(&bo(), from(&[(spring, Some(open))]));
    let mut of_summer = licence(summer, "50%", EveryAncestor);
    of_summer.effective_at = at("2026-02-22");
    let of_summer = register.record(&bo(), of_summer);
    let autumn = derived("autumn", None, bo_id, &[(summer, Some(of_summer))]);
    seen.push(register.refused(&bo(), autumn));
    seen
}

#[test]
fn works_derive_under_licences_that_allow_it_and_never_owe_more_than_the_whole() {
    insta::assert_snapshot!(told(&derivations()), @r#"
licence_of_other: licence #10 is of #8, a licence of #9 is needed
  hint: name a licence of #9: `deedbook history #9` shows them
licence_for_other: licence #12 is for `wen`, who is not among the creators of the work
  hint: name a licence for one of the creators, or for anybody
licence_ended: licence #11 allows works made before 2026-02-22T00:00:00.000Z, this one was made at 2026-02-22T00:00:00.000Z
  hint: have the holder grant another licence
before_cause: the fact takes effect at 2026-02-22T00:00:00.000Z, before #14 on which it rests, at 2026-02-23T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
wrong_kind: #9 is a `work`, a `licence` is needed
  hint: name the `licence` instead; `deedbook list entries` shows them
wrong_kind: #10 is a `licence`, a `work` is needed
  hint: name the `work` instead; `deedbook list entries` shows them
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #8 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
derivation_shares: of each payment for #15 the works that it derives from would take 101/100, must be at most 1
  hint: name licences that take less
derivation_shares: of each payment for #17 the works that it derives from would take 11/10, must be at most 1
  hint: name licences that take less
"#);
}

/// Rates whose sum exact figures cannot hold, and a thousand and more works that lie behind one.
pub(super) fn bounds() -> Vec<Refusal> {
    let mut story = Story::begin();
    let bo_id = story.bo;
    let works = ["a", "b", "c"].map(|title| story.work_of_wen(title, None));
    let register = &mut story.register;
    let odd = ["1/9223372036854775783", "1/9223372036854775643", "1/9223372036854775549"];
    let licences = works.iter().zip(odd);
    let mut parents = Vec::new();
    for (parent, rate) in licences {
        let granted = register.record(&wen(), licence(*parent, rate, DirectParents));
        parents.push((*parent, Some(granted)));
    }
    let mut seen = vec![register.refused(&bo(), derived("sum", None, bo_id, &parents))];
    let level = |number: usize, parents: &[RecordId]| {
        let parents: Vec<_> = parents.iter().map(|parent| (*parent, None)).collect();
        derived(&format!("work {number}"), None, bo_id, &parents)
    };
    register.clock.advance_ms(1000);
    let (mut statements, mut ids) = (Vec::new(), Vec::new());
    let mut make = |number: usize, parents: &[RecordId]| {
        let statement = register.sign(&bo(), level(number, parents));
        statements.push(statement.as_bytes().to_vec());
        statement.id()
    };
    for number in 0..976 {
        ids.push(make(number, &[]));
    }
    let middle: Vec<_> = ids.chunks(16).enumerate().map(|(it, of)| make(1000 + it, of)).collect();
    let upper: Vec<_> = middle.chunks(16).enumerate().map(|(it, of)| make(2000 + it, of)).collect();
    make(3000, &upper);
    let submission = Submission { statements, documents: Vec::new() };
    match register.failed(submission) {
        LedgerError::Refused { refusal, .. } => seen.push(*refusal),
        other => panic!("not a refusal: {other}"),
    }
    seen
}

#[test]
fn what_lies_behind_a_work_is_bounded() {
    insta::assert_snapshot!(told(&bounds()), @r#"
derivation: `18446744073709551426/85070591730234614113402964855534653469 + 1/9223372036854775549` is out of range, numerator and denominator must stay below 2^127
  hint: name licences with simpler rates
too_many_ancestors: the work derives from 1009 works, directly or not, must be at most 1000
  hint: register it without the works that lie farthest back
"#);
}
