//! The vault has what opens the commitments of what was recorded, and nothing of what was refused.

use super::BEGUN;
use super::place::Place;
use crate::claim::made::chunk;
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A form of PNG with one text, which is enough for its claim to be read.
fn claiming(prompt: &str) -> Vec<u8> {
    let text = format!("parameters\0{prompt}\nSteps: 20, Sampler: Euler, Seed: 7, Model: xl");
    let header = [0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0];
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"tEXt", text.as_bytes()),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// A creator and a provider with an open session `#9`, in which `one.png` was made.
fn begun() -> Place {
    let place = Place::with(BEGUN);
    place.done("session start Spring --as wen");
    place.write("one.png", claiming("a harbour"));
    place.write("two.png", claiming("a quay"));
    place.write("prompt.txt", "a harbour at dusk");
    fs::create_dir(place.path("in")).unwrap();
    place.done("session generated one.png --as wen");
    place
}

fn vault(place: &Place) -> Vec<u8> {
    fs::read(place.path("deedbook.db.vault")).unwrap()
}

/// Each command that commits to something, refused by a rule of the ledger after everything about it was
/// read: `refused` compares every file, the vault among them.
#[test]
fn what_is_refused_leaves_no_opening() {
    let place = begun();
    assert!(!vault(&place).is_empty());
    place.write("in/two.png", claiming("a pier"));
    let prompts = "--prompt-file prompt.txt --negative-prompt-file prompt.txt";
    let attest = "--account a --model m --reference r --prompt-file prompt.txt --as";
    for (line, code) in [
        (
            "session start Autumn --note warm --as wen --on 2999-01-01".to_owned(),
            "effective_in_future",
        ),
        ("session note warm --as wen --on 2020-01-01".to_owned(), "before_cause"),
        (
            format!("session generated two.png {prompts} --note n --as wen --on 2020-01-01"),
            "before_cause",
        ),
        (format!("session generated one.png {prompts} --note n --as wen"), "output_recorded"),
        ("session reject two.png --reason dull --as wen".to_owned(), "no_output"),
        ("session select two.png --reason bright --as wen".to_owned(), "no_output"),
        ("session edit one.png one.png --reason hands --as wen".to_owned(), "out_of_range"),
        ("session note warm --session #9 --as northlight".to_owned(), "session_of_other"),
        (format!("register two.png {prompts} --as wen --on 2999-01-01"), "effective_in_future"),
        (format!("attest two.png {attest} wen"), "role_missing"),
        (format!("attest two.png {attest} northlight --on 2999-01-01"), "effective_in_future"),
    ] {
        place.refused(line.split(' '), code);
    }
    // Of many works some may be refused: here all are, each by itself.
    let before = vault(&place);
    let line = format!("register --each in {prompts} --as wen --on 2999-01-01");
    let (exit, answer) = place.run(line.split(' '));
    assert_eq!((exit, &answer["refused"][0]["code"]), (1, &"effective_in_future".into()));
    assert!(vault(&place) == before);
    place.done("session stop --as wen");
    place.refused("session note late --session #9 --as wen".split(' '), "session_over");
    place.refused("watch in --session #9 --once --as wen".split(' '), "session_over");
    place.refused("watch in --session #9 --once --as northlight".split(' '), "session_of_other");
    place.done("verify");
}

/// What was recorded before answers with its entry, and nothing more is kept.
#[test]
fn what_is_recorded_already_adds_no_opening() {
    let place = begun();
    let attest = "attest two.png --account a --model m --reference r --prompt-file prompt.txt --as northlight";
    let register = "register two.png --prompt-file prompt.txt --as wen --on 2026-02-01";
    place.write("in/three.png", claiming("a pier"));
    let each = "register --each in --prompt-file prompt.txt --as wen";
    for line in [attest, register, each] {
        let first = vault(&place);
        place.done(line);
        let then = vault(&place);
        assert!(then.len() > first.len(), "{line}");
        place.run(line.split(' '));
        assert!(vault(&place) == then, "{line}");
    }
}

/// Many works share one prompt, which is kept once; each keeps what its own file says.
#[test]
fn many_works_keep_their_common_prompt_once_and_their_own_claims() {
    let place = begun();
    for n in 0..3 {
        place.write(&format!("in/{n}.png"), claiming(&format!("pier {n}")));
    }
    let prompt = "a prompt that nothing else has";
    place.write("prompt.txt", prompt);
    let before = vault(&place).len();
    let answer = place.done("register --each in --prompt-file prompt.txt --as wen");
    let kept = vault(&place)[before..].to_vec();
    let count =
        |text: &str| kept.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
    assert_eq!(count(prompt), 1);
    // The prompt by itself, and the exact bytes of the claim.
    assert_eq!([0, 1, 2].map(|n| count(&format!("pier {n}"))), [2, 2, 2]);
    for line in answer["registered"].as_array().unwrap() {
        let shown = place.done(&format!("prompt show {}", line["work"].as_str().unwrap()));
        let states = shown["prompts"].as_array().unwrap();
        assert!(states.iter().all(|prompt| prompt["state"] == "opened"), "{shown}");
    }
}

/// A vault that takes nothing in: nothing is recorded whose opening would be lost.
#[test]
fn without_its_opening_nothing_is_recorded() {
    let place = begun();
    let path = place.path("deedbook.db.vault");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    for line in [
        "session note warm --as wen",
        "register two.png --prompt-file prompt.txt --as wen",
        "session note warm --out note.statement --as wen",
        "attest two.png --account a --model m --reference r --prompt-file prompt.txt --as northlight",
    ] {
        place.refused(line.split(' '), "vault_permissions");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    place.done("session note warm --as wen");
    assert_eq!(place.done("session show #9")["steps"].as_array().unwrap().len(), 2);
}

/// What is only signed is kept, since it may be submitted later; a file that cannot be made keeps nothing.
#[test]
fn what_is_only_signed_keeps_its_opening() {
    let place = begun();
    place.refused("session note warm --out none/note.statement --as wen".split(' '), "file");
    place.refused("session note warm --out one.png --as wen".split(' '), "file_exists");
    let line = ["session", "note", "warmer light", "--out", "note.statement", "--as", "wen"];
    let (exit, answer) = place.run(line.iter().map(OsString::from));
    assert_eq!(exit, 0, "{answer}");
    place.done("submit note.statement");
    let replayed = place.done("session show #9 --reveal");
    let steps = replayed["steps"].as_array().unwrap();
    assert_eq!(steps[1]["committed"][0]["text"], Value::from("warmer light"));
    assert_eq!(replayed["not_opened"], 0);
}

/// A folder that is followed keeps the claims of what is recorded, and of nothing twice.
#[test]
fn watching_keeps_the_claims_of_what_it_records() {
    let place = begun();
    place.write("in/two.png", claiming("a pier at noon"));
    place.said("watch in --as wen --once");
    let kept = vault(&place);
    place.said("watch in --as wen --once");
    assert!(vault(&place) == kept);
    let replayed = place.done("session show #9 --reveal");
    assert_eq!(replayed["not_opened"], 0, "{replayed}");
}
