//! Labels through the program: what goes into a copy, what the ledger keeps, and how it is asked.

use super::BEGUN;
use super::place::{Place, has_keys};
use deedbook::record::Digest;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;

const TEXT: &str = "# The spring breeze\n\nIt brings tenderness.\n";

fn begun() -> Place {
    let place = Place::with(BEGUN);
    place.write("breeze.md", TEXT);
    place.done("register breeze.md --as wen --contract northlight/share@1 --on 2026-01-21");
    place
}

#[test]
fn a_copy_is_labelled_and_leads_to_its_work() {
    let place = begun();
    let answer = place.done("label breeze.md -o out.md --as wen");
    has_keys(
        &answer,
        "entry id registered_at new labelled work copy original_digest labelled_digest label \
         carrier source_type had_label stays_in",
    );
    assert_eq!(place.read("breeze.md"), TEXT, "the original stays");
    let copy = place.read("out.md");
    let number = Digest::of(TEXT.as_bytes()).to_string();
    assert!(copy.contains(&format!("ProduceID: '{number}'")), "{copy}");
    assert!(copy.ends_with(TEXT));
    assert_eq!(answer["original_digest"], number);
    assert_eq!(answer["labelled_digest"], Digest::of(copy.as_bytes()).to_string());
    assert_eq!((&answer["carrier"], &answer["had_label"]), (&"front-matter".into(), &false.into()));
    assert_eq!(answer["source_type"], Value::Null, "Markdown has no place for it");
    assert_eq!(answer["label"]["ContentProducer"], "wen");
    let owner = place.done("owner out.md");
    assert_eq!(owner["work"]["work"], place.done("owner breeze.md")["work"]["work"]);
    // The content number leads there, too.
    assert_eq!(place.done(&format!("owner {number}"))["work"], owner["work"]);
    let history = place.said("history breeze.md");
    assert!(history.contains("labelled a copy of \"breeze\""), "{history}");
    assert_eq!(place.done("verify")["ok"], place.done("verify")["ok"]);
}

#[test]
fn nothing_is_overwritten_and_a_refusal_leaves_nothing() {
    let place = begun();
    place.write("out.md", "mine");
    place.refused("label breeze.md -o out.md --as wen".split(' '), "file_exists");
    assert_eq!(place.read("out.md"), "mine");
    place.refused("label breeze.md -o breeze.md --as wen".split(' '), "file_exists");
    let files = place.files();
    place.write("odd.txt", TEXT);
    place.refused("label odd.txt -o new.txt --as wen".split(' '), "value");
    place.refused(
        "label breeze.md -o new.md --as northlight --work spring.png --on 2020-01-01".split(' '),
        "before_cause",
    );
    place.refused("label breeze.md -o new.md --as nobody".split(' '), "unknown_party");
    assert!(!place.path("new.md").exists());
    assert_eq!(place.files().len(), files.len() + 1);
}

#[test]
fn a_label_of_others_is_continued_and_then_left_alone() {
    let place = begun();
    place.done("label breeze.md -o first.md --code 001191110102MAD55U9H0F10002 --as northlight");
    let answer = place.done("label first.md -o second.md --as wen --work breeze.md");
    assert_eq!(answer["had_label"], true);
    assert_eq!(answer["label"]["ContentProducer"], "001191110102MAD55U9H0F10002");
    assert_eq!(answer["label"]["ContentPropagator"], "wen");
    place.refused("label second.md -o third.md --as northlight".split(' '), "label_propagated");
}

#[test]
fn the_log_tells_to_whom_a_copy_went_without_a_visible_label() {
    let place = begun();
    place.done("label breeze.md -o a.md --as northlight --on 2026-02-01");
    place.done("label breeze.md -o b.md --as northlight --without-explicit-label user-7 --agreement northlight/share@1 --on 2026-02-02");
    let log = place.done("label log");
    has_keys(&log, "labels truncated");
    let labels = log["labels"].as_array().unwrap();
    assert_eq!(labels.len(), 2);
    has_keys(
        &labels[1],
        "entry id party work original labelled label carrier source_type provided_to \
         agreement_entry effective_at registered_at",
    );
    assert_eq!(labels[0]["provided_to"], Value::Null);
    assert_eq!(labels[1]["provided_to"], "user-7");
    let only =
        place.done("label list --without-explicit-label --work breeze.md --party northlight");
    assert_eq!(only["labels"].as_array().unwrap()[..], labels[1..]);
    assert_eq!(
        place.done("label log --to 2026-02-01")["labels"].as_array().unwrap()[..],
        labels[..1]
    );
    assert_eq!(place.done("label log --limit 1")["truncated"], true);
    assert_eq!(place.done("label log --work spring.png")["labels"].as_array().unwrap().len(), 0);
    let csv = place.said("label log --format csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("entry,id,registered_at,effective_at,party,work,title,original"));
    assert!(lines[2].contains(",user-7,"), "{csv}");
    let text = place.said("label log");
    assert!(text.contains("no visible label for") && text.contains("user-7"), "{text}");
    place.done("label log --format csv -o log.csv");
    assert_eq!(place.read("log.csv"), csv);
    place.refused(
        "label breeze.md -o c.md --as northlight --agreement northlight/share@1".split(' '),
        "usage",
    );
}

/// Names in the directory, but for those of the ledger.
fn names(place: &Place) -> BTreeSet<OsString> {
    let entries = fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| !name.to_string_lossy().starts_with("deedbook.db")).collect()
}

#[test]
fn a_copy_appears_whole() {
    let place = begun();
    place.write("long.md", TEXT.repeat(400_000));
    let mut child = place.spawn(&["label", "long.md", "-o", "copy.md", "--as", "northlight"]);
    let mut seen = BTreeSet::new();
    while child.try_wait().unwrap().is_none() {
        seen.extend(fs::metadata(place.path("copy.md")).map(|copy| copy.len()));
    }
    assert!(child.wait().unwrap().success());
    let whole = fs::metadata(place.path("copy.md")).unwrap().len();
    assert!(seen.iter().all(|len| *len == whole), "seen with {seen:?} of {whole} bytes");
}

#[test]
fn a_process_that_is_killed_leaves_no_part_of_a_copy() {
    let place = begun();
    place.write("long.md", TEXT.repeat(400_000));
    let before = names(&place);
    let mut child = place.spawn(&["label", "long.md", "-o", "copy.md", "--as", "northlight"]);
    while names(&place) == before && child.try_wait().unwrap().is_none() {}
    child.kill().unwrap();
    child.wait().unwrap();
    // The process may have been done already. What is left of one that was not is hidden.
    let copy = fs::read(place.path("copy.md")).ok();
    let log = place.done("label log");
    let labelled = log["labels"][0]["labelled"].as_str();
    if let Some(copy) = &copy {
        assert_eq!(labelled, Some(Digest::of(copy).to_string().as_str()), "whole, and in the log");
        return;
    }
    let left: Vec<_> = names(&place).difference(&before).cloned().collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with(".deedbook-")), "{left:?}");
    place.done("label long.md -o copy.md --as northlight");
}
