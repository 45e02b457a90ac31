//! `inspect`, and `register` of files that say how they were made.

use super::place::{Place, has_keys};
use crate::claim::made::{plain_text, png};
use serde_json::Value;
use std::fs;

const TEXT: &str = "a quiet harbour <lora:ink:0.8>\nNegative prompt: rain\nSteps: 33, Sampler: Euler, Seed: 42, \
                    Model hash: 6ce0161689, Model: northlight";
const BEGUN: &[&str] = &["init --name Northlight", "party add wen --role creator"];

fn place() -> Place {
    let place = Place::with(BEGUN);
    let dream = plain_text("Dream", b"\"other\" -s 5 -S 6");
    fs::write(place.path("one.png"), png(&[], &[plain_text("parameters", TEXT.as_bytes())]))
        .unwrap();
    let both = png(&[plain_text("parameters", TEXT.as_bytes()), dream], &[]);
    fs::write(place.path("two.png"), both).unwrap();
    fs::write(place.path("bad.png"), png(&[plain_text("prompt", b"{\"1\": [")], &[])).unwrap();
    place
}

#[test]
fn a_picture_is_registered_with_nothing_typed() {
    let place = place();
    let answer = place.done("register one.png --as wen");
    let names = ["model", "model digest", "seed", "1 LoRAs", "steps", "sampler", "2 prompts"];
    assert_eq!(answer["taken"]["names"], serde_json::json!(names));
    assert_eq!(answer["taken"]["place"], "tEXt parameters");
    assert_eq!(answer["claims"][0]["source"], "automatic1111");
    let shown = place.done("show one.png");
    let (record, claim) = (&shown["record"], &shown["record"]["contents"][0]["claims"][0]);
    assert_eq!(record["generation"]["seed"], 42);
    assert_eq!(record["generation"], claim["generation"], "the same commitments");
    assert!(!shown.to_string().contains("harbour"), "prompts are private");
    let prompts = place.done("prompt show one.png");
    assert_eq!(prompts["prompts"][0]["text"], "a quiet harbour <lora:ink:0.8>");
    assert_eq!(prompts["prompts"][1]["text"], "rain");
    let text = place.said("show one.png");
    assert!(text.contains("Claimed by file 1 itself; nobody vouches for it"), "{text}");
    let history = place.said("history one.png");
    assert!(
        history.contains("claimed by the file itself (automatic1111: with northlight)"),
        "{history}"
    );
    place.done("verify");
}

#[test]
fn what_is_typed_wins_and_claims_can_be_left_out() {
    let place = place();
    fs::write(place.path("prompt.txt"), "mine").unwrap();
    let typed = "register one.png --as wen --model other --param steps=9 --prompt-file prompt.txt";
    let answer = place.done(typed);
    let names = ["seed", "1 LoRAs", "sampler"];
    assert_eq!(answer["taken"]["names"], serde_json::json!(names));
    let generation = place.done("show one.png")["record"]["generation"].clone();
    assert_eq!(generation["model"], "other");
    assert_eq!(
        generation["model_digest"],
        serde_json::Value::Null,
        "it is that of the file's model"
    );
    assert_eq!(generation["parameters"]["steps"], "9");
    assert_eq!(generation["prompts"].as_array().unwrap().len(), 1);
    let answer = place.done("register two.png --as wen --no-claims");
    assert_eq!(answer["claims"], serde_json::json!([]));
    let record = place.done("show two.png")["record"].clone();
    assert_eq!(record["generation"], serde_json::Value::Null);
    assert_eq!(record["contents"][0]["claims"], serde_json::Value::Null);
}

#[test]
fn claims_that_contradict_are_both_recorded() {
    let place = place();
    let answer = place.done("register two.png --as wen");
    assert_eq!(answer["claims"].as_array().unwrap().len(), 2);
    let record = place.done("show two.png")["record"].clone();
    assert_eq!(record["generation"]["seed"], 42);
    assert_eq!(record["contents"][0]["claims"][1]["generation"]["seed"], 6);
}

#[test]
fn metadata_that_is_broken_keeps_no_file_from_being_registered() {
    let place = place();
    let answer = place.done("register bad.png --as wen");
    assert_eq!(answer["claims"][0]["source"], "comfyui");
    assert_eq!(answer["taken"], serde_json::Value::Null);
    let claim = place.done("show bad.png")["record"]["contents"][0]["claims"][0].clone();
    assert_eq!(claim["generation"], serde_json::Value::Null);
    assert_eq!(claim["verbatim"].as_str().unwrap().len(), 64);
}

#[test]
fn inspect_asks_no_ledger() {
    let place = place();
    fs::remove_file(place.path("deedbook.db")).unwrap();
    let answer = place.done("inspect one.png");
    assert_eq!(answer["form"], "png");
    assert_eq!(answer["picture"], serde_json::json!({ "width": 2, "height": 2 }));
    assert_eq!(answer["claims"][0]["seed"], 42);
    assert_eq!(answer["claims"][0]["parameters"]["sampler"], "Euler");
    assert_eq!(answer["claims"][0]["prompts"][1]["role"], "negative prompt");
    assert!(answer["codes"]["image"].as_str().unwrap().starts_with("ISCC:EE"), "{answer}");
    let reads_credentials = cfg!(feature = "c2pa");
    let state = if reads_credentials { "absent" } else { "not_built" };
    assert_eq!(answer["credentials"], serde_json::json!({ "state": state, "failures": [] }));
    let text = place.said("inspect one.png");
    assert!(reads_credentials || text.contains("built without Content Credentials"), "{text}");
    assert!(text.contains("Claimed by the file in `tEXt parameters`"), "{text}");
    assert!(text.contains("  a quiet harbour"), "{text}");
    let text = place.said("inspect spring.png");
    assert!(text.contains("says nothing of how it was made"), "{text}");
}

/// What a followed file says of itself is a claim of the file, and its prompts can be opened.
#[test]
fn a_file_that_is_followed_brings_its_claims() {
    let place = place();
    let number = place.done("session start Harbour --as wen")["entry"].clone();
    fs::create_dir(place.path("out")).unwrap();
    fs::copy(place.path("one.png"), place.path("out/one.png")).unwrap();
    place.said("watch out --as wen --once");
    let shown = place.done(&format!("session show #{number} --reveal"));
    let step = &shown["steps"][0];
    assert_eq!(step["generation"], serde_json::Value::Null, "nobody but the file tells");
    assert_eq!(step["claimed"][0]["source"], "automatic1111");
    assert_eq!(step["claimed"][0]["generation"]["seed"], 42);
    let roles: Vec<&str> = step["committed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["role"].as_str().unwrap())
        .collect();
    let prompts = ["prompt claimed by the file", "negative prompt claimed by the file"];
    assert_eq!(roles, [prompts[0], prompts[1], "exact bytes of a claim"]);
    assert_eq!(step["committed"][1]["text"], "rain");
    assert_eq!(step["committed"][2]["text"], TEXT);
    assert_eq!((&shown["opened"], &shown["not_opened"]), (&3.into(), &0.into()));
    let text = place.said(&format!("session show #{number} --reveal"));
    assert!(text.contains("Claimed by the file in `tEXt parameters`"), "{text}");
}

/// What a work commits to, with its files and its sessions, is opened by one command, each text named.
#[test]
fn every_text_of_a_work_is_opened_whatever_recorded_it() {
    let place = place();
    let number = place.done("session start Harbour --as wen")["entry"].clone();
    fs::create_dir(place.path("out")).unwrap();
    fs::copy(place.path("two.png"), place.path("out/two.png")).unwrap();
    place.said("watch out --as wen --once");
    place.done("session generated one.png --as wen --note darker");
    place.done("register two.png one.png --as wen --title Harbour");
    let shown = place.done("prompt show two.png");
    has_keys(&shown, "work session entry title prompts");
    let texts = shown["prompts"].as_array().unwrap();
    has_keys(&texts[0], "entry role file place commitment state text");
    let named: Vec<String> = texts
        .iter()
        .map(|it| {
            let place = it["place"].as_str().unwrap_or("-");
            format!("{} {} {}", it["entry"], it["role"].as_str().unwrap(), place)
        })
        .collect();
    let claimed = |entry: u64| {
        [
            format!("{entry} prompt claimed by the file tEXt parameters"),
            format!("{entry} negative prompt claimed by the file tEXt parameters"),
        ]
    };
    let exact = |entry: u64, key: &str| format!("{entry} exact bytes of a claim tEXt {key}");
    let told = |entry: u64| [format!("{entry} prompt -"), format!("{entry} negative prompt -")];
    let dream = |entry: u64| {
        [format!("{entry} prompt claimed by the file tEXt Dream"), exact(entry, "Dream")]
    };
    let mut wanted = told(5).to_vec();
    wanted.push(exact(5, "parameters"));
    wanted.extend(dream(5));
    wanted.extend(claimed(5));
    wanted.push(exact(5, "parameters"));
    wanted.extend(claimed(3));
    wanted.push(exact(3, "parameters"));
    wanted.extend(dream(3));
    wanted.extend(told(4));
    wanted.push(exact(4, "parameters"));
    wanted.push("4 reason -".to_owned());
    assert_eq!(named, wanted);
    assert!(texts.iter().all(|it| it["state"] == "opened"), "{shown}");
    let exact = texts.iter().find(|it| it["role"] == "exact bytes of a claim").unwrap();
    assert_eq!(exact["text"], TEXT);
    let only = &exact["commitment"].as_str().unwrap()[..8];
    assert_eq!(place.said(&format!("prompt show two.png --only {only}")), TEXT);
    let of_session = place.done(&format!("prompt show #{number}"));
    assert_eq!(
        (&of_session["work"], of_session["prompts"].as_array().unwrap().len()),
        (&Value::Null, 9)
    );
    place.refused("prompt show two.png --only 00000000".split(' '), "value");
    place.refused(format!("prompt show two.png --only {}", &only[..7]).split(' '), "value");
    let said = place.said("prompt show two.png");
    let heading =
        format!("exact bytes of `tEXt parameters`, {} bytes, open commitment", TEXT.len());
    assert!(said.contains(&heading), "{said}");
}

/// A session of somebody else that tells of the same file is theirs, and so are its texts.
#[test]
fn texts_of_others_are_not_asked_of_this_vault() {
    let place = place();
    place.done("register one.png --as wen --no-claims --prompt-file spring.png");
    place.done("party add guo --role creator");
    place.done("session start Mine --as guo");
    place.done("session generated one.png --as guo --note after");
    let texts = place.done("prompt show one.png")["prompts"].clone();
    assert_eq!(texts.as_array().unwrap().len(), 1, "{texts}");
}

/// What a file says, byte for byte, goes into evidence where it is named.
#[test]
fn the_exact_bytes_of_a_claim_are_revealed_where_they_are_named() {
    let place = place();
    place.done("register one.png --as wen");
    let texts = place.done("prompt show one.png")["prompts"].clone();
    let exact =
        texts.as_array().unwrap().iter().find(|it| it["place"] == "tEXt parameters").unwrap();
    let only = &exact["commitment"].as_str().unwrap()[..12];
    let export = place.done(&format!("evidence export one.png -o case.zip --reveal {only}"));
    assert_eq!(export["revealed"], 1);
    place.done("verify case.zip");
    assert_eq!(place.done("evidence export one.png -o all.zip --reveal all")["revealed"], 3);
    let opened = place.done("verify all.zip")["openings"].clone();
    assert!(opened.to_string().contains("a quiet harbour"), "{opened}");
}
