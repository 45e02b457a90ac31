//! Parties, keys, times and references.

use super::told;
use crate::support::{
    Actor, Key, Register, Story, agreed, ana, at, bo, key_added, key_revoked, northlight, party,
    wen, work,
};
use deedbook::admission::Refusal;
use deedbook::ledger::LedgerError;
use deedbook::record::{RecordId, Role, Statement, Timestamp};

pub(super) fn enrolments() -> Vec<Refusal> {
    let mut register = Register::create();
    register.record(&wen(), party(&wen(), Role::Creator));
    let other_wen = Actor::new("wen", 8);
    let same_key = Actor::new("bo", 3);
    vec![
        register.refused(&other_wen, party(&other_wen, Role::Creator)),
        register.refused(&same_key, party(&same_key, Role::Creator)),
        register.refused(&Actor::new("ana", 6), party(&bo(), Role::Creator)),
        register.refused(&bo(), party(&ana(), Role::Creator)),
    ]
}

#[test]
fn handles_and_keys_are_taken_once() {
    insta::assert_snapshot!(told(&enrolments()), @r#"
handle_taken: handle `wen` is taken by the party of #1
  hint: choose another handle
key_in_use: key 72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc is already a key of `wen`
  hint: use another key
issuer_differs: the statement says it is by `ana`, its key is of `bo`
  hint: sign as `bo`, or with a key of `ana`
unknown_key: no party of this ledger has the key c8e0ac4384d6170c341fc8ca4db8cda3cd307313842144cfa200155dacfe4e13
  hint: enrol its holder with `deedbook party add`, or add the key with `deedbook key add`
"#);
}

pub(super) fn keys() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let work = |title: &str| work(title, None, &[(wen_id, "1")]);
    let register = &mut story.register;
    let second = wen().with_key(Key::p256(9));
    let third = wen().with_key(Key::ed25519(10));
    let mut seen = vec![
        register.refused(&wen(), key_added(bo_id, &second)),
        register.refused(&wen(), key_added(wen_id, &bo())),
        register.refused(&second, work("spring")),
        register.refused(&wen(), key_revoked(&wen())),
        register.refused(&wen(), key_revoked(&bo())),
        register.refused(&wen(), key_revoked(&third)),
        register.refused(&bo().with_key(Key::wen()), work("spring")),
    ];
    register.record(&wen(), key_added(wen_id, &second));
    register.record(&second, work("spring"));
    register.record(&second, key_revoked(&wen()));
    seen.push(register.refused(&wen(), work("summer")));
    seen.push(register.refused(&second, key_revoked(&wen())));
    register.record(&second, work("summer"));
    seen
}

#[test]
fn only_keys_of_the_party_that_are_not_revoked_sign_for_it() {
    insta::assert_snapshot!(told(&keys()), @r#"
possession_unproven: the proof that the signer holds key 256e4a22fe6e14429d6b0d5ee7e9680eb5aeac4542c146aa490e0e569c93718b does not verify
  hint: add a key with `deedbook key add`, which makes the proof with the private key
key_in_use: key c8e0ac4384d6170c341fc8ca4db8cda3cd307313842144cfa200155dacfe4e13 is already a key of `bo`
  hint: use another key
unknown_key: no party of this ledger has the key 256e4a22fe6e14429d6b0d5ee7e9680eb5aeac4542c146aa490e0e569c93718b
  hint: enrol its holder with `deedbook party add`, or add the key with `deedbook key add`
last_key: key 72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc is the last key of `wen`
  hint: add another key first with `deedbook key add`
key_of_other: key c8e0ac4384d6170c341fc8ca4db8cda3cd307313842144cfa200155dacfe4e13 is of `bo`, `wen` cannot revoke it
  hint: sign as `bo`
unknown_key: no party of this ledger has the key a4d0745f02ef31624f87c39e4f25aec8cbb91f47384eb309ea74a0689bbec882
  hint: enrol its holder with `deedbook party add`, or add the key with `deedbook key add`
issuer_differs: the statement says it is by `bo`, its key is of `wen`
  hint: sign as `wen`, or with a key of `bo`
key_revoked: key 72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc of `wen` was revoked by #10
  hint: sign with a key of `wen` that is not revoked: `deedbook key list wen` shows them
key_already_revoked: key 72d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc was already revoked by #10
  hint: nothing is left to do
"#);
}

/// Signed at another time than the present.
fn signed_at(register: &mut Register, moment: Timestamp, wen_id: RecordId) -> Refusal {
    let work = work("late", None, &[(wen_id, "1")]);
    let statement = Statement::sign(work.into(), "wen", moment, &wen().key).unwrap();
    match register.failed(vec![statement.as_bytes().to_vec()].into()) {
        LedgerError::Refused { refusal, .. } => *refusal,
        other => panic!("{other}"),
    }
}

pub(super) fn references() -> Vec<Refusal> {
    let mut story = Story::begin();
    let wen_id = story.wen;
    let register = &mut story.register;
    let mut tomorrow = work("tomorrow", None, &[(wen_id, "1")]);
    tomorrow.effective_at = at("2026-03-02T12:00:10Z");
    let nowhere = RecordId::of(b"nowhere");
    let six_minutes_ahead = register.now().as_millis() + 6 * 60 * 1000;
    let ahead = Timestamp::from_millis(six_minutes_ahead).unwrap();
    vec![
        signed_at(register, ahead, wen_id),
        register.refused(&wen(), tomorrow),
        register.refused(&wen(), agreed(nowhere)),
        register.refused(&wen(), agreed(wen_id)),
        register.refused(&northlight(), work("alien", None, &[(wen_id, "1")])),
    ]
}

#[test]
fn nothing_is_of_the_future_and_what_is_named_is_there() {
    insta::assert_snapshot!(told(&references()), @r#"
signed_in_future: the statement says it was signed at 2026-03-01T12:06:07.000Z, after the ledger's clock at 2026-03-01T12:00:07.000Z
  hint: set the clock of the machine that signs
effective_in_future: the fact takes effect at 2026-03-02T12:00:10.000Z, more than a day after now, 2026-03-01T12:00:08.000Z
  hint: record it on the day it takes effect
unknown_reference: no entry of this ledger has the identifier c7a51aa3268f8f8fb9a67a997b3df4097f135d12ebf1410a780a83324f64011c, a `work` is needed
  hint: submit the statement that it names first
wrong_kind: #2 is a `party`, a `work` is needed
  hint: name the `work` instead; `deedbook list entries` shows them
signer_not_creator: `northlight` registers the work but is not among its creators
  hint: sign as one of the creators
"#);
}

#[test]
fn what_was_signed_five_minutes_ahead_is_a_clock_that_runs_fast() {
    let mut story = Story::begin();
    let ahead = Timestamp::from_millis(story.register.now().as_millis() + 5 * 60 * 1000).unwrap();
    let mut tomorrow = work("tomorrow", None, &[(story.wen, "1")]);
    tomorrow.effective_at = story.register.now().plus_days(1).unwrap();
    let statement = Statement::sign(tomorrow.into(), "wen", ahead, &wen().key).unwrap();
    let submission = vec![statement.as_bytes().to_vec()].into();
    assert!(story.register.ledger_mut().submit(submission).unwrap()[0].is_new);
}
