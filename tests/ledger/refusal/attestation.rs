//! What providers attest, and which works are versions of others.

use super::told;
use crate::support::{Story, ana, at, attested, bo, derived, northlight, party, text, wen};
use deedbook::admission::Refusal;
use deedbook::record::{Attestation, DerivationKind, Role};

pub(super) fn attestations() -> Vec<Refusal> {
    let mut story = Story::begin();
    let register = &mut story.register;
    register.record(&ana(), party(&ana(), Role::Provider));
    let one = |reference: &str| Attestation { outputs: vec![attested(reference)] };
    let mut future = one("req-9");
    future.outputs[0].at = at("2030-01-01");
    let mut seen =
        vec![register.refused(&wen(), one("req-1")), register.refused(&northlight(), future)];
    register.record(&northlight(), one("req-1"));
    // A reference is the provider's own: another provider may use it for something else.
    register.record(&ana(), one("req-1"));
    let differ = |change: &dyn Fn(&mut deedbook::record::AttestedOutput)| {
        let mut other = one("req-1");
        change(&mut other.outputs[0]);
        other
    };
    seen.push(register.refused(&northlight(), differ(&|it| it.model = text("another"))));
    seen.push(register.refused(&northlight(), differ(&|it| it.account = text("studio-8"))));
    seen.push(register.refused(&northlight(), differ(&|it| it.at = at("2026-02-23"))));
    let half_new = Attestation { outputs: vec![attested("req-2"), attested("req-1")] };
    seen.push(register.refused(&northlight(), half_new));
    seen
}

#[test]
fn a_provider_attests_each_output_once() {
    insta::assert_snapshot!(told(&attestations()), @r#"
role_missing: `wen` is not enrolled as provider
  hint: enrol a party with `--role provider`
effective_in_future: the fact takes effect at 2030-01-01T00:00:00.000Z, more than a day after now, 2026-03-01T12:00:10.000Z
  hint: record it on the day it takes effect
attested_differently: the output with reference `req-1` is attested in #9 with another model
  hint: give each output a reference of its own; an attestation that was recorded stands
attested_differently: the output with reference `req-1` is attested in #9 with another account
  hint: give each output a reference of its own; an attestation that was recorded stands
attested_differently: the output with reference `req-1` is attested in #9 with another time
  hint: give each output a reference of its own; an attestation that was recorded stands
attested_before: the output with reference `req-1` is attested in #9 already, others of the statement are not
  hint: leave it out, as `deedbook attest --log` does
"#);
}

pub(super) fn versions() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (wen_id, bo_id) = (story.wen, story.bo);
    let spring = story.work_of_wen("spring", None);
    let version = |creator| {
        let mut work = derived("spring, second version", None, creator, &[(spring, None)]);
        work.derived_from[0].kind = Some(DerivationKind::Version);
        work
    };
    let register = &mut story.register;
    let seen = vec![register.refused(&bo(), version(bo_id))];
    register.record(&wen(), version(wen_id));
    seen
}

#[test]
fn a_version_is_by_those_who_made_the_work() {
    insta::assert_snapshot!(told(&versions()), @r#"
version_by_others: none of the creators made #8, of which this would be a later version
  hint: say what was done with it instead, such as `edit=#8`; or have a creator of #8 among the creators
"#);
}

/// A work names works that are registered: what would derive from itself cannot be said.
pub(super) fn cycles() -> Vec<Refusal> {
    let mut story = Story::begin();
    let bo_id = story.bo;
    let register = &mut story.register;
    // The identifier of a statement is a digest of it, so that it cannot stand in it; of two works that
    // each name the other, the first is refused for naming one that is not there.
    let second = derived("second", None, bo_id, &[]);
    let later = register.sign(&bo(), second).id();
    let first = derived("first", None, bo_id, &[(later, None)]);
    let named = register.sign(&bo(), first.clone()).id();
    let closing = derived("second", None, bo_id, &[(named, None)]);
    vec![register.refused(&bo(), first), register.refused(&bo(), closing)]
}

#[test]
fn a_cyclic_derivation_is_refused() {
    let seen = cycles();
    assert!(seen.iter().all(|refusal| refusal.code() == "unknown_reference"), "{seen:?}");
}

#[test]
fn an_attestation_said_again_is_the_one_there_is() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let both = Attestation { outputs: vec![attested("req-1"), attested("req-2")] };
    let first = register.record(&northlight(), both.clone());
    let mut turned = both;
    turned.outputs.reverse();
    let again = register.record_with(&northlight(), turned, &[]);
    assert_eq!((again.id, again.is_new), (first, false));
}
