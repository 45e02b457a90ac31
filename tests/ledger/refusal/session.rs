//! Sessions: who adds to them, when, and what.

use super::told;
use crate::support::{Story, at, bo, output, session, steps_of, wen};
use deedbook::admission::Refusal;
use deedbook::record::{RecordId, SessionStarted, SessionStopped, Step};

fn stopped(session: RecordId, moment: &str) -> SessionStopped {
    SessionStopped { session, effective_at: at(moment) }
}

pub(super) fn sessions() -> Vec<Refusal> {
    let mut story = Story::begin();
    let contract = Some(story.fee_contract);
    let register = &mut story.register;
    let mut seen = vec![
        register.refused(&bo(), session("Spring", contract)),
        register.refused(
            &wen(),
            SessionStarted { effective_at: at("2026-01-31"), ..session("Spring", contract) },
        ),
    ];
    let spring = register.record(&wen(), session("Spring", contract));
    let noon = at("2026-02-25T12:00:00Z");
    let one = || Step::generated(noon, output("one"));
    let early = Step::generated(at("2026-02-25T11:59:59.999Z"), output("one"));
    let late = Step::generated(at("2026-03-01T12:10:00Z"), output("two"));
    let rejected = Step::rejected(noon, output("one"));
    let all = |steps: &[Step]| steps_of(spring, steps.to_vec());
    seen.push(register.refused(&bo(), all(&[one()])));
    seen.push(register.refused(&wen(), all(&[early])));
    seen.push(register.refused(&wen(), all(&[one(), late])));
    seen.push(register.refused(&wen(), all(&[rejected.clone(), one()])));
    seen.push(register.refused(&wen(), all(&[Step::selected(noon, output("one"))])));
    let steps = register.record(&wen(), all(&[one(), rejected.clone()]));
    seen.push(register.refused(&wen(), all(&[one()])));
    seen.push(register.refused(&wen(), steps_of(steps, vec![one()])));
    register.record(&wen(), all(&[rejected]));
    seen.push(register.refused(&bo(), stopped(spring, "2026-02-25T13:00:00Z")));
    seen.push(register.refused(&wen(), stopped(spring, "2026-02-25T11:00:00Z")));
    register.record(&wen(), stopped(spring, "2026-02-25T13:00:00Z"));
    seen.push(register.refused(&wen(), all(&[Step::generated(noon, output("two"))])));
    seen.push(register.refused(&wen(), stopped(spring, "2026-02-25T14:00:00Z")));
    seen
}

#[test]
fn a_session_is_its_own_partys_in_order_of_time_and_told_once() {
    insta::assert_snapshot!(told(&sessions()), @r#"
contract_of_other: contract #5 is of `wen`, `bo` cannot use it
  hint: sign as `wen`, or name a contract of `bo`
before_cause: the fact takes effect at 2026-01-31T00:00:00.000Z, before #5 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
session_of_other: session #8 is of `wen`, `bo` cannot add to it
  hint: sign as `wen`, or start a session with `deedbook session start`
before_cause: the fact takes effect at 2026-02-25T11:59:59.999Z, before #8 on which it rests, at 2026-02-25T12:00:00.000Z
  hint: give a day that is not before that, with `--on`
step_in_future: a step is of 2026-03-01T12:10:00.000Z, after the ledger's clock at 2026-03-01T12:00:13.000Z
  hint: set the clock of the machine on which the step was made
no_output: the file d33fb48ab5adff269ae172b29a6913ff04f6f266207a7a8e976f2ecd571d4492 did not come out of session #8
  hint: record it first, with `deedbook session generated` or `deedbook session edit`
no_output: the file d33fb48ab5adff269ae172b29a6913ff04f6f266207a7a8e976f2ecd571d4492 did not come out of session #8
  hint: record it first, with `deedbook session generated` or `deedbook session edit`
output_recorded: the file d33fb48ab5adff269ae172b29a6913ff04f6f266207a7a8e976f2ecd571d4492 came out of the session already, in #9
  hint: nothing is left to do: a file is recorded once
wrong_kind: #9 is a `session-steps`, a `session-started` is needed
  hint: name the `session-started` instead; `deedbook list entries` shows them
session_of_other: session #8 is of `wen`, `bo` cannot add to it
  hint: sign as `wen`, or start a session with `deedbook session start`
before_cause: the fact takes effect at 2026-02-25T11:00:00.000Z, before #8 on which it rests, at 2026-02-25T12:00:00.000Z
  hint: give a day that is not before that, with `--on`
session_over: session #8 was stopped in #11
  hint: start another session with `deedbook session start`
session_over: session #8 was stopped in #11
  hint: start another session with `deedbook session start`
"#);
}

/// An edit may go back to what a file was, and begin with a file from elsewhere; another session has
/// outputs of its own.
#[test]
fn edits_go_to_and_fro_and_sessions_are_apart() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let spring = register.record(&wen(), session("Spring", None));
    let autumn = register.record(&wen(), session("Autumn", None));
    let noon = at("2026-02-25T12:00:00Z");
    let edit = |from: &str, to: &str| Step::edited(noon, output(from).digest, output(to));
    let steps = vec![
        edit("scan", "one"),
        edit("one", "two"),
        edit("two", "one"),
        Step::selected(noon, output("one")),
    ];
    register.record(&wen(), steps_of(spring, steps));
    let one = vec![Step::generated(noon, output("one"))];
    assert!(matches!(
        register.refused(&wen(), steps_of(spring, one.clone())),
        Refusal::OutputRecorded { .. }
    ));
    register.record(&wen(), steps_of(autumn, one));
}
