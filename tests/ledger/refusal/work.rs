//! Works, splits and assignments.

use super::told;
use crate::support::{Story, agreed, ana, assignment, at, bo, northlight, party, text, wen, work};
use deedbook::admission::Refusal;
use deedbook::record::{Content, Digest, Role};

pub(super) fn refusals() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (wen_id, bo_id, contract) = (story.wen, story.bo, story.fee_contract);
    let spring = story.work_of_wen("spring", None);
    let register = &mut story.register;
    let mut before = work("before", Some(contract), &[(wen_id, "1")]);
    before.effective_at = at("2026-01-31");
    let mut again = work("again", None, &[(wen_id, "1")]);
    again.contents.push(Content::new(3, Digest::of(b"spring")));
    let seen = vec![
        register.refused(&wen(), work("alien", None, &[(bo_id, "1")])),
        register.refused(&bo(), work("alien", Some(contract), &[(bo_id, "1")])),
        register.refused(&wen(), before),
        register.refused(&wen(), again),
        register.refused(&wen(), work("alien", Some(wen_id), &[(wen_id, "1")])),
        register.refused(&wen(), work("alien", None, &[(spring, "1")])),
    ];
    register.record(&bo(), work("spring", None, &[(bo_id, "1")]));
    seen
}

#[test]
fn a_creator_registers_a_content_once_under_a_contract_of_its_own() {
    insta::assert_snapshot!(told(&refusals()), @r#"
signer_not_creator: `wen` registers the work but is not among its creators
  hint: sign as one of the creators
contract_of_other: contract #5 is of `wen`, `bo` cannot use it
  hint: sign as `wen`, or name a contract of `bo`
before_cause: the fact takes effect at 2026-01-31T00:00:00.000Z, before #5 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
work_exists: this party has already registered the content 27c0870911e80b75c64935c68f56e5e2d8632306b97a0c9b50022253e028283f as #8
  hint: use the work #8
wrong_kind: #2 is a `party`, a `contract` is needed
  hint: name the `contract` instead; `deedbook list entries` shows them
wrong_kind: #8 is a `work`, a `party` is needed
  hint: name the `party` instead; `deedbook list entries` shows them
"#);
}

pub(super) fn splits() -> Vec<Refusal> {
    let mut story = Story::begin();
    let creators = [(story.wen, "2/3"), (story.bo, "1/3")];
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let duet = register.record(&wen(), work("duet", None, &creators));
    let mut seen = vec![
        register.refused(&ana(), agreed(duet)),
        register.refused(&wen(), agreed(duet)),
        register.refused(&wen(), assignment(duet, ana_id, "1/3")),
    ];
    register.record(&bo(), agreed(duet));
    seen.push(register.refused(&bo(), agreed(duet)));
    let mut early = assignment(duet, ana_id, "1/3");
    early.effective_at = at("2026-02-28");
    seen.push(register.refused(&wen(), early));
    seen
}

#[test]
fn each_creator_signs_the_split_once() {
    insta::assert_snapshot!(told(&splits()), @r#"
not_a_creator: `ana` is not a creator of #9
  hint: the creators sign the split; `deedbook show #9` lists them
split_already_agreed: `wen` has already signed the split of #9
  hint: nothing is left to do
split_unsigned: the split is not signed by `bo`, and nobody can dispose of a share before
  hint: have each of them run `deedbook agree WORK`, which counts from then on
split_already_agreed: `bo` has already signed the split of #9
  hint: nothing is left to do
split_unsigned: the split is not signed by `bo`, and nobody can dispose of a share before
  hint: have each of them run `deedbook agree WORK`, which counts from then on
"#);
}

pub(super) fn titles() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (wen_id, contract) = (story.wen, story.fee_contract);
    let spring = story.work_of_wen("spring", None);
    let unpaid = story.work_of_wen("unpaid", Some(contract));
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let mut before = assignment(spring, ana_id, "1");
    before.effective_at = at("2026-02-19");
    let mut seen = vec![
        register.refused(&ana(), assignment(spring, wen_id, "1")),
        register.refused(&wen(), assignment(unpaid, ana_id, "1/2")),
        register.refused(&northlight(), assignment(unpaid, ana_id, "1/2")),
        register.refused(&wen(), assignment(spring, wen_id, "1/2")),
        register.refused(&wen(), before),
    ];
    register.record(&wen(), assignment(spring, ana_id, "2/3"));
    seen.push(register.refused(&wen(), assignment(spring, ana_id, "1/2")));
    let mut in_japan = assignment(spring, wen_id, "3/4");
    in_japan.scope.territory = text("JP");
    seen.push(register.refused(&ana(), in_japan));
    seen
}

#[test]
fn nobody_transfers_more_than_they_hold() {
    insta::assert_snapshot!(told(&titles()), @r#"
not_held: `ana` holds 0 of the work for all economic rights, worldwide, and cannot assign 1 of it
  hint: assign at most what `deedbook owner` shows
not_held: `wen` holds 0 of the work for all economic rights, worldwide, and cannot assign 1/2 of it
  hint: assign at most what `deedbook owner` shows
title: `northlight`: what is assigned passes to the creators once they pay, must be outside of that
  hint: `deedbook owner` shows who holds what
title: `wen`: the assignment is to the assignor itself, must be to another party
  hint: `deedbook owner` shows who holds what
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #8 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
not_held: `wen` holds 1/3 of the work for all economic rights, worldwide, and cannot assign 1/2 of it
  hint: assign at most what `deedbook owner` shows
not_held: `ana` holds 2/3 of the work for all economic rights, JP, and cannot assign 3/4 of it
  hint: assign at most what `deedbook owner` shows
"#);
}
