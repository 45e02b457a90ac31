//! `evidence compare`, as a person types it: two bundles from opposing sides.

use super::command::{deedbook, done, shop};
use super::parts::{Parts, number, proven, sealed};
use super::seen::cosign;
use super::told::told;
use crate::support::{Actor, Register, Story, ana, bo, party, work};
use deedbook::record::{EntryNumber, Role};
use serde_json::{Value, json};

/// The answer about two bundles, and the exit code.
fn answer(left: &[u8], right: &[u8]) -> (Value, i32) {
    answer_with(left, right, None)
}

/// The same, with a receipt of consistency.
fn answer_with(left: &[u8], right: &[u8], receipt: Option<&[u8]>) -> (Value, i32) {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("left.zip"), left).unwrap();
    std::fs::write(place.path().join("right.zip"), right).unwrap();
    let mut line = vec!["evidence", "compare", "left.zip", "right.zip", "--as-of", "2027-01-01"];
    if let Some(receipt) = receipt {
        std::fs::write(place.path().join("grown.receipt"), receipt).unwrap();
        line.extend(["--consistency", "grown.receipt"]);
    }
    let output = deedbook(place.path(), &[&["--json"], line.as_slice()].concat());
    let said = deedbook(place.path(), &line);
    assert_eq!(said.status.code(), output.status.code());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let heading = String::from_utf8(said.stdout).unwrap();
    let first = heading.split_whitespace().next().unwrap();
    let found = matches!(
        (&answer["conflict"], first),
        (Value::Bool(true), "CONFLICT") | (Value::Bool(false), "No") | (Value::Null, "NOT")
    );
    assert!(found, "{answer}: {heading}");
    (answer, output.status.code().unwrap())
}

fn verdicts(answer: &Value) -> Vec<&str> {
    let contents = answer["contents"].as_array().unwrap();
    contents.iter().map(|content| content["verdict"].as_str().unwrap()).collect()
}

#[test]
fn a_bundle_agrees_with_itself_and_shows_a_dispute_once() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let bundle = sealed(&story.register, spring);
    let (found, code) = answer(&bundle, &bundle);
    assert_eq!((code, &found["ok"], &found["conflict"]), (0, &true.into(), &false.into()));
    assert_eq!((&found["logs"], verdicts(&found)), (&"same".into(), vec!["agree"]));
    assert_eq!(found["contents"][0]["earlier"], "same");
    assert_eq!(found["contents"][0]["left"]["holders"][0]["party"], "wen");
    assert_eq!(found["shared_statements"], 3);
    assert_eq!((&found["left"], &found["registers_trusted"]), (&found["right"], &false.into()));

    let told = told();
    let of = |id| sealed(&told.register, id);
    let (found, code) = answer(&of(told.spring), &of(told.claimed));
    assert_eq!((code, &found["conflict"]), (0, &true.into()));
    assert_eq!(verdicts(&found), ["claims", "partly", "partly"]);
    let claims = &found["contents"][0];
    assert_eq!(
        (&claims["left"]["signer"], &claims["right"]["signer"]),
        (&"wen".into(), &"ana".into())
    );
    assert_eq!((&claims["earlier"], &claims["earlier_by"]), (&"left".into(), &"number".into()));
}

#[test]
fn an_assignment_that_one_side_leaves_out_is_a_conflict() {
    let told = told();
    let whole = sealed(&told.register, told.spring);
    let mut parts = Parts::of(&whole);
    let assigned = number(&told.register, told.assigned);
    parts.leave_out(assigned.get());
    parts.strip();
    let (found, code) = answer(&parts.pack(), &whole);
    assert_eq!((code, &found["conflict"], &found["logs"]), (0, &true.into(), &"same".into()));
    assert_eq!(verdicts(&found)[0], "holders");
    let holders = |side: &str| found["contents"][0][side]["holders"].as_array().unwrap().len();
    assert_eq!((holders("left"), holders("right")), (1, 2));
    let [only] = found["only_right"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((&only["kind"], &only["entry"]), (&"assignment".into(), &assigned.get().into()));
    assert_eq!(
        (&only["was_there"], &found["only_left"]),
        (&true.into(), &Value::Array(Vec::new()))
    );
}

/// Two copies of one ledger go different ways under one key. That is an integrity failure.
#[test]
fn a_fork_is_shown_by_heads_and_by_what_witnesses_saw() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let kept_size = story.register.ledger().stamped_checkpoint(None).unwrap().size;
    let kept = story.register.keep();
    let mut ways = [(); 3].map(|()| Register::restore(&kept));
    ways.iter_mut().for_each(Register::reopen);
    let [one, other, unseen] = &mut ways;
    let dan = Actor::new("dan", 9);
    one.record(&dan, party(&dan, Role::Creator));
    for other in [&mut *other, &mut *unseen] {
        other.record(&ana(), party(&ana(), Role::Creator));
    }
    let left = sealed(one, spring);
    let (found, code) = answer(&left, &sealed(other, spring));
    assert_eq!((code, &found["ok"], &found["logs"]), (3, &false.into(), &"fork".into()));
    assert_eq!((&found["conflict"], &found["fork_entry"]), (&true.into(), &Value::Null));
    // The other grows on, and its head is of another size: it shows only where somebody saw it
    // when it was of this one.
    cosign(other, 1, 1_780_000_000);
    for other in [&mut *other, &mut *unseen] {
        other.record(&dan, party(&dan, Role::Licensee));
    }
    assert_eq!(answer(&left, &sealed(unseen, spring)).0["logs"], "not-shown");
    let (found, code) = answer(&left, &sealed(other, spring));
    assert_eq!((code, &found["logs"]), (3, &"fork".into()));
    // Each shows what it has at one number, and that is not the same.
    let ids = [one, unseen].map(|register| {
        let reader = register.ledger().read().unwrap();
        reader.entry_row(EntryNumber::new(kept_size)).unwrap().unwrap().id
    });
    let (found, code) = answer(&sealed(&ways[0], ids[0]), &sealed(&ways[2], ids[1]));
    assert_eq!((code, &found["logs"]), (3, &"fork".into()));
    assert_eq!(found["fork_entry"], kept_size);
    assert_eq!(found["differing"][0]["left"], ids[0].to_string());
}

#[test]
fn heads_are_consistent_where_a_bundle_carries_the_receipt_of_it() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    cosign(&mut story.register, 1, 1_780_000_000);
    let early = sealed(&story.register, spring);
    story.register.record(&bo(), work("winter", None, &[(story.bo, "1")]));
    let late = sealed(&story.register, spring);
    for (left, right) in [(&early, &late), (&late, &early)] {
        let (found, code) = answer(left, right);
        assert_eq!((code, &found["logs"]), (0, &"consistent".into()));
        assert_eq!((&found["conflict"], verdicts(&found)), (&false.into(), vec!["agree"]));
    }
    // Nobody saw the head of another moment.
    let later = {
        story.register.record(&bo(), work("rain", None, &[(story.bo, "1")]));
        sealed(&story.register, spring)
    };
    let (found, code) = answer(&late, &later);
    assert_eq!((code, &found["logs"], &found["conflict"]), (0, &"not-shown".into(), &false.into()));
    assert_eq!(found["consistency"], Value::Array(Vec::new()));
    // The register's receipt from the one to the other shows it, from another size it does not.
    let sizes = [&late, &later].map(|bundle| proven(bundle).tree_size);
    let ledger = story.register.ledger();
    let reader = ledger.read().unwrap();
    let receipt = |old_size| ledger.consistency_receipt(&reader, old_size, None).unwrap();
    let (found, code) = answer_with(&late, &later, Some(&receipt(sizes[0]).to_bytes()));
    assert_eq!((code, &found["logs"], &found["ok"]), (0, &"consistent".into(), &true.into()));
    let shown = json!([
        { "old_size": sizes[0], "new_size": sizes[1], "left": true, "right": false }
    ]);
    assert_eq!(found["consistency"], shown);
    let (found, code) = answer_with(&late, &later, Some(&receipt(1).to_bytes()));
    assert_eq!((code, &found["logs"]), (0, &"not-shown".into()));
    assert_eq!(found["consistency"][0]["left"], false);
    // What is no receipt is refused and not passed over.
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("bundle.zip"), &late).unwrap();
    let line = ["--json", "evidence", "compare", "bundle.zip", "bundle.zip"];
    let line = [line.as_slice(), &["--consistency", "bundle.zip"]].concat();
    let output = deedbook(place.path(), &line);
    assert_eq!(output.status.code(), Some(1));
    let refused = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(refused.contains("consistency_receipt"), "{refused}");
}

#[test]
fn two_registers_that_have_the_same_content_are_told_apart_by_their_clocks() {
    let [ours, theirs] = [shop(), shop()];
    for shop in [&ours, &theirs] {
        done(shop.path(), &["evidence", "export", "spring.png", "-o", "case.zip"]);
    }
    let [left, right] =
        [&ours, &theirs].map(|shop| std::fs::read(shop.path().join("case.zip")).unwrap());
    let (found, code) = answer(&left, &right);
    assert_eq!((code, &found["logs"], &found["ok"]), (0, &"other-logs".into(), &true.into()));
    // One handle in two registers need not be one person.
    assert_eq!((&found["conflict"], verdicts(&found)), (&true.into(), vec!["claims"]));
    assert_eq!((&found["contents"][0]["earlier_by"]), &Value::from("clock"));
    assert_eq!(found["only_right"][0]["was_there"], Value::Null);
}

#[test]
fn a_bundle_that_is_not_proven_is_compared_with_nothing() {
    let told = told();
    let whole = sealed(&told.register, told.spring);
    let (found, code) = answer(&whole, &whole[..whole.len() - 1]);
    assert_eq!((code, &found["ok"], &found["bundle"]), (3, &false.into(), &"right.zip".into()));
    assert!(found["first_reason"].is_string());
    let (found, code) = answer(b"no bundle", &whole);
    assert_eq!((code, &found["bundle"]), (3, &"left.zip".into()));
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("left.zip"), &whole).unwrap();
    let missing = deedbook(place.path(), &["evidence", "compare", "left.zip", "right.zip"]);
    assert_eq!(missing.status.code(), Some(1), "not there is not forged");
    let one = deedbook(place.path(), &["evidence", "compare", "left.zip"]);
    assert_eq!(one.status.code(), Some(2));
}
