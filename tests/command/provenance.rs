//! What providers attest, where works come from, and what a record holds, through the program: in the
//! shapes that `schema/cli-v1.md` describes.

use super::BEGUN;
use super::place::{Place, has_keys};
use serde_json::Value;

const ATTEST: &str =
    "attest spring.png --account studio-7 --model xl-2.1 --reference req-1 --as northlight";
const ELEMENT: &str = "element question held more missing decisions";

fn begun() -> Place {
    Place::with(BEGUN)
}

fn standing(place: &Place) -> Value {
    place.done("show spring.png")["detail"]["attestation"]["standing"].clone()
}

fn element(place: &Place, work: &str, name: &str) -> Value {
    let answer = place.done(&format!("assess {work}"));
    has_keys(&answer, "work entry title attestation caveat elements");
    let elements = answer["elements"].as_array().unwrap().clone();
    assert_eq!(elements.len(), 11);
    elements.into_iter().find(|element| element["element"] == name).unwrap()
}

#[test]
fn an_attestation_meets_the_work_by_its_digest() {
    let place = begun();
    assert_eq!(standing(&place), "creators-word-only");
    let first = place.done(ATTEST);
    has_keys(
        &first,
        "entry id registered_at new digest account model reference at prompt_commitment",
    );
    let again = place.done(ATTEST);
    assert_eq!((&again["new"], &again["entry"]), (&Value::Bool(false), &first["entry"]));
    assert_eq!(standing(&place), "attested-by-the-provider");
    let shown = place.done("show spring.png");
    let output = &shown["detail"]["attestation"]["outputs"][0];
    has_keys(
        output,
        "entry id by by_the_provider digest at registered_at account model reference prompt_commitment prompt_met differences",
    );
    assert_eq!(output["differences"], Value::Array(Vec::new()));
    let facts = place.done("history spring.png")["facts"].clone();
    assert!(facts.as_array().unwrap().iter().any(|fact| fact["kind"] == "attestation"));
    let other = ATTEST.replace("xl-2.1", "xl-3");
    place.refused(other.split(' '), "attested_differently");
    place.refused(ATTEST.replace("northlight", "wen").split(' '), "role_missing");
}

/// What is missing is told, and no longer once it is there.
#[test]
fn what_a_bare_registration_lacks_is_told() {
    let place = begun();
    let lacking = [
        ("tool", "no digest of the model, which would fix its version"),
        (
            "account",
            "no attestation by the provider of the contract; proof of login is not in the record",
        ),
        ("attempts", "no attempt that was rejected"),
        ("selection", "no reason of a selection"),
    ];
    let lacks = |name: &str, needed: &str| {
        let found = element(&place, "spring.png", name);
        found["missing"].as_array().unwrap().iter().any(|missing| missing == needed)
    };
    for (name, needed) in lacking {
        assert!(lacks(name, needed), "{name}");
    }
    place.done(ATTEST);
    assert!(!lacks(lacking[1].0, lacking[1].1));
}

/// Another party's word is shown as theirs, and a registration after the attestation finds it.
#[test]
fn whose_word_it_is_and_what_it_says_otherwise_is_told() {
    let place = begun();
    place.done("party add mirror --role provider");
    place.done("attest poster.png --account guest --model other --reference m-1 --as mirror");
    let shown = place.done("show poster.png");
    assert_eq!(shown["detail"]["attestation"]["standing"], "attested-by-others");
    place.write("later.png", "made later");
    place
        .done("attest later.png --account studio-7 --model xl-2.1 --reference r-9 --as northlight");
    place.done("register later.png --as wen --contract northlight/share@1 --model xl-2.0");
    let shown = place.done("show later.png");
    let output = shown["detail"]["attestation"]["outputs"][0].clone();
    assert_eq!(output["by_the_provider"], true);
    let difference = &output["differences"][0];
    assert_eq!(
        [&difference["what"], &difference["attested"], &difference["registered"]],
        ["model", "xl-2.1", "xl-2.0"]
    );
}

#[test]
fn a_log_is_attested_whole_or_not_at_all() {
    let place = begun();
    let heading = "at,digest,account,model,reference,prompt_commitment";
    let line =
        |number: u32| format!("2026-02-24T09:30:00Z,{number:064x},studio-7,xl-2.1,req-{number},");
    let log = |lines: &[String]| format!("{heading}\n{}\n", lines.join("\n"));
    let many: Vec<String> = (0..1200).map(line).collect();
    place.write("log.csv", log(&many));
    let dry = place.done("attest --log log.csv --as northlight --dry-run");
    has_keys(&dry, "dry_run new_outputs known_outputs statements entries");
    assert_eq!(
        (&dry["new_outputs"], &dry["entries"]),
        (&Value::from(1200), &Value::Array(Vec::new()))
    );
    let made = place.done("attest --log log.csv --as northlight");
    assert!(made["statements"].as_u64().unwrap() >= 2, "{made}");
    assert_eq!(
        made["entries"].as_array().map(Vec::len),
        made["statements"].as_u64().map(|count| count as usize)
    );
    let again = place.done("attest --log log.csv --as northlight");
    assert_eq!(
        (&again["new_outputs"], &again["known_outputs"]),
        (&Value::from(0), &Value::from(1200))
    );
    // One line that says otherwise of a reference keeps the new one out, and is told by its number.
    let bad = [line(5000), line(7).replace("xl-2.1", "xl-9")];
    place.write("bad.csv", log(&bad));
    let error =
        place.refused("attest --log bad.csv --as northlight".split(' '), "attested_differently");
    assert!(error.to_string().contains("line 3"), "{error}");
    place.write("bad.jsonl", "not json\n");
    place.refused("attest --log bad.jsonl --as northlight".split(' '), "log_json");
}

#[test]
fn a_lineage_names_each_work_once_and_is_drawn() {
    let place = begun();
    for name in ["second.png", "third.png"] {
        place.write(name, name);
    }
    place.done(
        "register second.png --as wen --derived-from edit=spring.png --derived-from poster.png",
    );
    place.done(
        "register third.png --as wen --derived-from version=second.png --derived-from spring.png",
    );
    let found = place.done("lineage spring.png");
    has_keys(&found, "work entry title works derivations truncated");
    has_keys(&found["works"][0], "work entry title registered_by relation");
    has_keys(&found["derivations"][0], "entry from kind licence");
    assert_eq!(found["works"].as_array().map(Vec::len), Some(3));
    let kinds: Vec<_> =
        found["derivations"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, ["edit".into(), Value::Null, "version".into()]);
    let up = place.done("lineage third.png --limit 2");
    assert_eq!(
        (&up["truncated"], up["works"].as_array().map(Vec::len)),
        (&Value::Bool(true), Some(2))
    );
    let drawn = place.done("lineage third.png --format svg -o third.svg");
    assert_eq!(drawn["out"], "third.svg");
    let picture = place.done("lineage third.png --format svg")["svg"].as_str().unwrap().to_owned();
    assert_eq!(picture.matches("<rect").count(), 1 + 4);
    place.done("party add bo --role creator");
    place.write("foreign.png", "foreign");
    place.refused(
        "register foreign.png --as bo --derived-from version=spring.png".split(' '),
        "version_by_others",
    );
}

#[test]
fn a_bare_claim_and_a_fuller_record_are_told_apart() {
    let place = begun();
    place.write("bare.png", "bare");
    place.done("register bare.png --as wen");
    for name in ["tool", "account", "prompts", "attempts", "selection", "edits", "terms"] {
        let found = element(&place, "bare.png", name);
        has_keys(&found, ELEMENT);
        assert_eq!(found["held"], Value::Array(Vec::new()), "{name}");
        assert_ne!(found["missing"], Value::Array(Vec::new()), "{name}");
        let decision = &found["decisions"][0];
        has_keys(decision, "name court number date source examined");
    }
    place.write("full.png", "full");
    place.write("prompt.txt", "a spring breeze");
    place.done("register full.png --as wen --contract northlight/share@1 --prompt-file prompt.txt --model xl-2.1 --tool webui --seed 42 --param steps=33 --note shown-2026-02-26");
    place.done("attest full.png --account studio-7 --model xl-2.1 --reference r-2 --as northlight");
    for name in ["tool", "account", "prompts", "terms", "others", "first-publication", "ai-origin"]
    {
        let found = element(&place, "full.png", name);
        has_keys(&found["held"][0], "says entry registered_at seen");
        assert_eq!(found["held"][0]["seen"], Value::Null);
    }
    // Nothing of the process itself was kept, and the checklist says so.
    for name in ["attempts", "selection", "edits"] {
        assert_eq!(element(&place, "full.png", name)["held"], Value::Array(Vec::new()), "{name}");
    }
    let account = element(&place, "full.png", "account");
    assert_eq!(account["missing"], Value::Array(Vec::new()));
}

fn says(element: &Value) -> String {
    element["held"].to_string()
}

/// Every contract that has to do with a work is told with what it has to do with it, once.
#[test]
fn terms_of_each_contract_of_a_work_are_told() {
    let place = begun();
    place.write("made.png", "made");
    place.done("session start Spring --as wen --contract northlight/fee@1");
    place.done("session generated made.png --as wen");
    place.done("register made.png --as wen --contract northlight/share@1");
    let terms = element(&place, "made.png", "terms");
    assert_eq!(terms["held"].as_array().unwrap().len(), 2, "{terms}");
    let told = says(&terms);
    assert!(told.contains("terms of the registration: northlight/share@1"), "{told}");
    assert!(told.contains("terms of a session: northlight/fee@1"), "{told}");
    assert_eq!(terms["missing"], Value::Array(Vec::new()));
    let answer = place.done("assess made.png");
    assert_eq!(answer["attestation"], "creators-word-only");
}

/// The log of labelling belongs to the checklist, whether the label names the work or only its file.
#[test]
fn labelled_copies_are_told_with_when_they_were_made() {
    let place = begun();
    place.write("text.md", "# Spring\n");
    place.done("register text.md --as wen");
    let before = element(&place, "text.md", "ai-origin");
    assert!(before["missing"].to_string().contains("no labelled copy"), "{before}");
    place.done("label text.md -o copy.md --as wen");
    let after = element(&place, "text.md", "ai-origin");
    let told = says(&after);
    assert!(told.contains("labelled as generated (Label 1) by wen"), "{told}");
    assert!(told.contains("of a file of the work"), "{told}");
    assert_eq!(after["missing"], Value::Array(Vec::new()));
    place.done("register copy.md --as wen --title Copy");
    let copy = says(&element(&place, "copy.md", "ai-origin"));
    assert!(copy.contains("is itself the labelled copy"), "{copy}");
}

#[test]
fn before_the_registration_there_is_nothing_to_assess_and_that_is_said() {
    let place = begun();
    let error = place.refused("assess spring.png --known-at 2020-01-01".split(' '), "not_yet");
    assert!(error.to_string().contains("did not know work"), "{error}");
    place.done("assess spring.png");
}

/// What is told of earlier days is told when the log learned of it.
#[test]
fn steps_that_are_told_afterwards_are_told_as_such() {
    let place = begun();
    place.write("late.png", "late");
    place.write("prompt.txt", "a simple prompt");
    place.done("register late.png --as wen");
    place.done("session start Late --as wen --on 2025-01-05");
    place.done(
        "session generated late.png --as wen --on 2025-01-05T20:00:00Z --prompt-file prompt.txt",
    );
    place.done("session select late.png --as wen --on 2025-01-05T20:10:00Z --reason best");
    let prompts = element(&place, "late.png", "prompts");
    assert!(
        says(&prompts).contains("days after that and after the work was registered"),
        "{prompts}"
    );
    let missing = prompts["missing"].to_string();
    assert!(missing.contains("no record from the time itself"), "{missing}");
    let selection = element(&place, "late.png", "selection");
    assert!(says(&selection).contains("and after the work was registered"), "{selection}");
    // Told at the time, nothing of it is said.
    place.done("session stop --as wen");
    place.write("now.png", "now");
    place.done("session start Now --as wen");
    place.done("session generated now.png --as wen --prompt-file prompt.txt");
    place.done("register now.png --as wen");
    let prompts = element(&place, "now.png", "prompts");
    assert!(!prompts.to_string().contains("after that"), "{prompts}");
    assert!(!prompts.to_string().contains("no record from the time"), "{prompts}");
}
