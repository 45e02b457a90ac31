//! Sessions: made at random, and the rules that a step must keep by itself.

use super::generated::{contents, generation, id, text, timestamp};
use super::raw::sample;
use crate::support::{Key, signed_at};
use deedbook::record::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn commitment() -> impl Strategy<Value = Commitment> {
    any::<[u8; 32]>().prop_map(Commitment::from_bytes)
}

pub(super) fn started() -> impl Strategy<Value = SessionStarted> {
    (option::of(commitment()), text(), option::of(id()), timestamp()).prop_map(
        |(note, title, contract, effective_at)| SessionStarted {
            note,
            title,
            contract,
            effective_at,
        },
    )
}

/// Steps in order of time, of every act.
pub(super) fn steps() -> impl Strategy<Value = SessionSteps> {
    let told = (0..5_usize, timestamp(), commitment(), any::<[u8; 32]>(), option::of(generation()));
    (contents(), vec(told, 1..6), id()).prop_map(|(files, told, session)| {
        let mut files = files.into_iter();
        let mut steps = Vec::new();
        for (act, at, note, before, generation) in told {
            let Some(file) = files.next() else {
                steps.push(Step::noted(at, note));
                continue;
            };
            let step = match Act::ALL[act] {
                Act::Generated => Step { generation, ..Step::generated(at, file) },
                Act::Rejected => Step { note: Some(note), ..Step::rejected(at, file) },
                Act::Selected => Step::selected(at, file),
                Act::Edited => {
                    let edited = Step::edited(at, Digest::from_bytes(before), file);
                    Step { generation, note: Some(note), ..edited }
                }
                Act::Noted => Step::noted(at, note),
            };
            steps.push(step);
        }
        steps.sort_by_key(|step| step.at);
        SessionSteps { steps, session }
    })
}

fn refused(steps: Vec<Step>) -> RecordError {
    let record = SessionSteps { steps, session: RecordId::of(b"session") };
    Statement::sign(record.into(), "wen", signed_at(), &Key::wen()).unwrap_err()
}

fn told() -> Vec<Step> {
    match sample(Kind::SessionSteps, "maximal").record {
        Record::SessionSteps(told) => told.steps,
        other => panic!("{other:?}"),
    }
}

fn step(act: Act) -> Step {
    told().into_iter().find(|step| step.act == act).unwrap()
}

#[test]
fn steps_are_some_and_in_order_of_time() {
    let list = |found| {
        let (what, needed) = ("steps", "1 to 1000, in order of time");
        RecordError::List { what, found, needed }
    };
    assert_eq!(refused(Vec::new()), list(0));
    let mut swapped = told();
    swapped.swap(0, 1);
    assert_eq!(refused(swapped), list(told().len()));
    let note = step(Act::Noted);
    assert_eq!(refused(vec![note; MAX_STEPS + 1]), list(MAX_STEPS + 1));
    let twice = vec![step(Act::Generated); 2];
    let (what, needed) = ("files that were generated", "none twice");
    assert_eq!(refused(twice), RecordError::List { what, found: 2, needed });
}

/// Each act with the members that it must and must not have, one by one.
#[test]
fn a_step_has_what_its_act_needs_and_nothing_else() {
    let file = step(Act::Generated).file;
    let generation = told().into_iter().find_map(|step| step.generation);
    let before = Some(Digest::of(b"before"));
    let mut found = Vec::new();
    for act in Act::ALL {
        let good = step(*act);
        let makes = act.makes();
        let changed = [
            (*act != Act::Noted, Step { file: None, ..good.clone() }),
            (*act == Act::Noted, Step { file: file.clone(), ..good.clone() }),
            (*act != Act::Edited, Step { before, ..good.clone() }),
            (*act == Act::Edited, Step { before: None, ..good.clone() }),
            (!makes, Step { generation: generation.clone(), ..good.clone() }),
            (*act == Act::Noted, Step { note: None, ..good.clone() }),
        ];
        for (_, bad) in changed.into_iter().filter(|(is_bad, _)| *is_bad) {
            found.push(refused(vec![bad]).to_string());
        }
    }
    insta::assert_snapshot!(found.join("\n"), @r#"
a step is `generated` without a file, must be with one
a step is `generated` with a file before, must be without it
a step is `rejected` without a file, must be with one
a step is `rejected` with a file before, must be without it
a step is `rejected` with a generation, must be without it
a step is `selected` without a file, must be with one
a step is `selected` with a file before, must be without it
a step is `selected` with a generation, must be without it
a step is `edited` without a file, must be with one
a step is `edited` without a file before, must be with one
a step is `noted` with a file, must be without it
a step is `noted` with a file before, must be without it
a step is `noted` with a generation, must be without it
a step is `noted` without a note, must be with one
"#);
    let edit = step(Act::Edited);
    let before = edit.output();
    let same = refused(vec![Step { before, ..edit }]);
    let expected = "file of an edit is the same as before, must be another than before";
    assert_eq!(same.to_string(), expected);
}

/// What whoever packs steps into statements counts with.
#[test]
fn a_step_takes_the_bytes_that_it_says() {
    let whole = |steps: Vec<Step>| {
        let record = SessionSteps { steps, session: RecordId::of(b"session") };
        let signed = Statement::sign(record.into(), "wen", signed_at(), &Key::wen()).unwrap();
        signed.as_bytes().len()
    };
    let steps = told();
    let (first, rest) = steps.split_first().unwrap();
    let sizes: usize = rest.iter().map(|step| step.size_bytes().unwrap()).sum();
    let more = whole(steps.clone()) - whole(vec![first.clone()]);
    // The heads of the payload around them may each take two bytes more.
    assert!((sizes..sizes + 6).contains(&more), "{sizes} {more}");
}
