//! A creation recorded while it happens, by the program itself.

use super::place::{Place, has_keys, refuses};
use serde_json::Value;
use std::ffi::OsString;

/// Words with spaces in them, which a line of a story cannot have.
fn words(line: &[&str]) -> impl Iterator<Item = OsString> {
    line.iter().map(OsString::from).collect::<Vec<_>>().into_iter()
}

#[track_caller]
fn done(place: &Place, line: &[&str]) -> Value {
    let (exit, answer) = place.run(words(line));
    assert_eq!(exit, 0, "{line:?}: {answer}");
    answer
}

/// A creator who has started to record.
fn begun() -> Place {
    let place = Place::with(&["init --name Northlight", "party add wen --role creator"]);
    done(&place, &["session", "start", "Spring breeze", "--as", "wen", "--note", "light of dusk"]);
    place
}

/// Twenty attempts with their prompts and parameters, nineteen of them rejected with a reason, one
/// selected and edited.
fn twenty_attempts(place: &Place) {
    for attempt in 1..=20 {
        place.write("prompt.txt", format!("a portrait, attempt {attempt}, 春风"));
        place.write("negative.txt", "lettering");
        place.write(&format!("out-{attempt}.png"), format!("picture {attempt}"));
        let file = format!("out-{attempt}.png");
        let (seed, lora) = (attempt.to_string(), format!("portrait 0.{attempt}"));
        done(
            place,
            &[
                "session",
                "generated",
                &file,
                "--as",
                "wen",
                "--prompt-file",
                "prompt.txt",
                "--negative-prompt-file",
                "negative.txt",
                "--model",
                "northlight-xl 2.1",
                "--model-digest",
                "abc123",
                "--account",
                "wen-7",
                "--lora",
                &lora,
                "--param",
                "steps=33",
                "--seed",
                &seed,
            ],
        );
        let reason = format!("attempt {attempt}: the hands are wrong");
        if attempt < 20 {
            done(place, &["session", "reject", &file, "--reason", &reason, "--as", "wen"]);
        }
    }
    let why = ["--reason", "the light is right", "--as", "wen"];
    done(place, &[&["session", "select", "out-20.png"], &why[..]].concat());
    place.write("retouched.png", "picture 20, retouched");
    let why = ["--reason", "hands redrawn", "--as", "wen"];
    done(place, &[&["session", "edit", "out-20.png", "retouched.png"], &why[..]].concat());
    done(place, &["session", "note", "finished", "--as", "wen"]);
    place.done("session stop --as wen");
}

/// The whole session comes back from the ledger, each prompt and reason opened and checked.
#[test]
fn a_session_with_twenty_attempts_is_replayed_with_its_prompts_checked() {
    let place = begun();
    twenty_attempts(&place);
    let closed = place.done("session show #2");
    has_keys(
        &closed,
        "session entry title party contract started_at registered_at note stopped steps late truncated",
    );
    let steps = closed["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 20 + 19 + 3);
    has_keys(
        &steps[0],
        "entry act at signer registered_at digest size_bytes before generation claimed committed works",
    );
    has_keys(&steps[0]["committed"][0], "entry role file place commitment");
    let replayed = place.done("session show #2 --reveal");
    assert_eq!(
        (&replayed["opened"], &replayed["not_opened"]),
        (&(20 * 2 + 19 + 4).into(), &0.into())
    );
    let steps = replayed["steps"].as_array().unwrap();
    let generated: Vec<&Value> = steps.iter().filter(|step| step["act"] == "generated").collect();
    for (number, step) in (1..).zip(&generated) {
        let told = &step["generation"];
        has_keys(told, "model model_digest tool account seed loras parameters");
        assert_eq!(told["seed"], number);
        assert_eq!(told["parameters"]["steps"], "33");
        let prompts = step["committed"].as_array().unwrap();
        assert_eq!(prompts[0]["text"], format!("a portrait, attempt {number}, 春风"));
        assert_eq!(prompts[1]["text"], "lettering");
        let picture = blake3::hash(format!("picture {number}").as_bytes()).to_string();
        assert_eq!(step["digest"], picture.as_str());
    }
    let reasons = steps.iter().filter(|step| step["act"] == "rejected");
    for (number, step) in (1..).zip(reasons) {
        let reason = format!("attempt {number}: the hands are wrong");
        assert_eq!(step["committed"][0]["text"], reason.as_str());
        assert_eq!(step["committed"][0]["role"], "reason");
    }
    let edited = steps.iter().find(|step| step["act"] == "edited").unwrap();
    assert_eq!(edited["before"], generated[19]["digest"]);
    let said = place.said("session show #2 --reveal");
    assert!(said.contains("    a portrait, attempt 7, 春风\n"), "{said}");
    assert!(said.contains("63 opened and checked against the record, 0 not opened"), "{said}");
    assert!(!place.said("session show #2").contains("attempt 7"));
    place.done("verify");
}

/// What the vault has lost, or has another text for, is named; exit code 1.
#[test]
fn what_cannot_be_opened_is_named() {
    let place = begun();
    done(&place, &["session", "note", "first", "--as", "wen"]);
    let vault = place.path("deedbook.db.vault");
    let kept = std::fs::read(&vault).unwrap();
    done(&place, &["session", "note", "second", "--as", "wen"]);
    std::fs::write(&vault, kept).unwrap();
    let (exit, replayed) = place.run("session show #2 --reveal".split(' '));
    assert_eq!((exit, &replayed["not_opened"]), (1, &1.into()), "{replayed}");
    let state = |step: usize| &replayed["steps"][step]["committed"][0]["state"];
    assert_eq!((state(0), state(1)), (&"opened".into(), &"not-in-vault".into()));
}

/// A work tells the session in which it was made; its history has the steps.
#[test]
fn a_work_meets_its_session_by_its_content() {
    let place = begun();
    twenty_attempts(&place);
    place.done("register retouched.png --as wen --title Breeze");
    let shown = place.done("show retouched.png");
    assert_eq!(shown["detail"]["sessions"][0]["entry"], 2, "{shown}");
    has_keys(&shown["detail"]["sessions"][0], "session entry title party");
    let history = place.done("history retouched.png");
    let kinds: Vec<&Value> =
        history["facts"].as_array().unwrap().iter().map(|fact| &fact["kind"]).collect();
    assert_eq!(kinds.len(), 1 + 42 + 1 + 1);
    assert_eq!((kinds[0], kinds[1]), (&"session-started".into(), &"session-steps".into()));
    let said = place.said("show retouched.png");
    assert!(said.contains("Came out of session \"Spring breeze\" of wen"), "{said}");
    let replayed = place.done("session show #2");
    let edited = replayed["steps"].as_array().unwrap().iter().find(|step| step["act"] == "edited");
    assert_eq!(edited.unwrap()["works"][0]["title"], "Breeze");
}

#[test]
fn the_open_session_is_found_by_itself_where_there_is_one() {
    let place = Place::with(&["init --name Northlight", "party add wen --role creator"]);
    place.write("one.png", "one");
    place.refused("session note x --as wen".split(' '), "no_open_session");
    place.done("session start Spring --as wen");
    place.done("session generated one.png --as wen");
    let refused = [
        ("session generated one.png --as wen", "output_recorded"),
        ("session reject spring.png --as wen", "no_output"),
    ];
    refuses(&place, &refused);
    place.done("session start Autumn --as wen");
    place.refused("session generated spring.png --as wen".split(' '), "which_session");
    place.done("session generated one.png --as wen --session #4");
    let digest = blake3::hash(b"one").to_string();
    let short = &digest[..8];
    let rejected = place.done(&format!("session reject {short} --as wen --session #4"));
    has_keys(&rejected, "entry id registered_at new session act at digest before commitments");
    assert_eq!(rejected["digest"], digest.as_str());
    place.refused("session reject 00000000 --as wen --session #4".split(' '), "value");
    place.done("session stop --as wen --session #2");
    place.refused("session stop --as wen --session #2".split(' '), "session_over");
    place.done("session note x --as wen");
}

/// Earlier days may be given, and the record shows that the log learned of them later.
#[test]
fn a_process_that_is_re_enacted_shows_that_its_time_is_not_borne_out() {
    let place = begun();
    place.write("one.png", "one");
    place.done("session stop --as wen");
    place.done("session start Before --as wen --on 2025-01-05");
    place.done("session generated one.png --as wen --on 2025-01-05T20:00:00Z");
    place.done("session note true --as wen");
    let shown = place.done("session show #4");
    assert_eq!((&shown["late"], shown["steps"].as_array().unwrap().len()), (&1.into(), 2));
    // Not before the session began, nor ahead of the clock; out of order it is put in its place.
    let refused = [
        ("session note x --as wen --on 2025-01-04", "before_cause"),
        ("session note x --as wen --on 2999-01-01", "effective_in_future"),
    ];
    refuses(&place, &refused);
    done(&place, &["session", "note", "between", "--as", "wen", "--on", "2025-01-06"]);
    let steps = place.done("session show #4")["steps"].clone();
    let acts: Vec<&Value> = steps.as_array().unwrap().iter().map(|step| &step["entry"]).collect();
    assert_eq!(acts, [&Value::from(5), &Value::from(7), &Value::from(6)]);
}

/// Whoever did not begin a session tells nothing in it, and what is over stays over.
#[test]
fn a_session_is_its_partys_alone() {
    let place = begun();
    place.write("one.png", "one");
    place.done("session generated one.png --as wen");
    place.done("party add guo --role creator");
    let refused = [
        ("session select one.png --as guo --session #2", "session_of_other"),
        ("session stop --as guo --session #2", "session_of_other"),
    ];
    refuses(&place, &refused);
    place.done("session stop --as wen");
    place.refused("session select one.png --as wen --session #2".split(' '), "session_over");
}
