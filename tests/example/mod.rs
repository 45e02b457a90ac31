//! The stories under `examples/`, run as a reader would run them. Each ends with an error when an
//! expectation in it does not hold.

use std::path::Path;
use std::process::Command;

/// Runs a story with the program that was just built and gives back what it shows.
fn story(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("bash")
        .arg(root.join("examples").join(name).join("run.sh"))
        .env("DEEDBOOK", env!("CARGO_BIN_EXE_deedbook"))
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}\n{errors}");
    assert_eq!(errors, "", "{shown}");
    shown
}

/// A story from a decided case says whose facts and whose outcome it tells.
#[track_caller]
fn tells_its_source(name: &str, source: &str) {
    let shown = story(name);
    let end = shown.replace("\n# ", " ");
    let (_, end) = end.split_once("The facts of this story").unwrap();
    assert!(end.contains("retold, in our own words, from published accounts"));
    assert!(end.contains(source), "{end}");
    assert!(end.contains("The outcome was the court's, not the program's"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = script.join("examples").join(name).join("run.sh");
    let header = std::fs::read_to_string(script).unwrap();
    let header = header.replace("\n# ", " ");
    assert!(header.contains("retold from published accounts"));
    assert!(header.contains("The outcome is the court's, not the program's"));
}

#[test]
fn main_job() {
    let shown = story("main-job");
    assert!(shown.contains("$ deedbook verify"), "{shown}");
}

#[test]
fn sales_report() {
    let shown = story("sales-report");
    assert!(shown.contains("would be recorded"), "{shown}");
}

#[test]
fn simulate() {
    let shown = story("simulate");
    assert!(shown.contains("├─ "), "{shown}");
    assert!(shown.contains("Goes on by northlight/share@2 from 2026-03-01 on (#6)"), "{shown}");
}

#[test]
fn derivation() {
    let shown = story("derivation");
    assert!(shown.contains("10% x 100.00 = 10.00 CNY"), "{shown}");
    assert!(shown.contains("the ledger is whole"), "{shown}");
}

#[test]
fn dispute() {
    let shown = story("dispute");
    assert!(shown.contains("PROVEN: the evidence about work #5 holds"), "{shown}");
    assert!(shown.contains("Conflicting claim: bo registered the same content"), "{shown}");
}

#[test]
fn dreamwriter() {
    tells_its_source("dreamwriter", "WIPO Lex 585875");
}

#[test]
fn data_report() {
    tells_its_source("data-report", "typical cases of the Beijing Internet Court");
}

#[test]
fn spring_breeze() {
    tells_its_source("spring-breeze", "(2023) Jing 0491 Min Chu 11279");
}

#[test]
fn session() {
    tells_its_source("session", "Changshu People's Court");
}

/// An expectation that does not hold ends a story: a program that answers nothing passes none.
#[test]
fn a_story_can_fail() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "main-job",
        "sales-report",
        "simulate",
        "derivation",
        "dispute",
        "dreamwriter",
        "data-report",
        "spring-breeze",
        "session",
    ] {
        let output = Command::new("bash")
            .arg(root.join("examples").join(name).join("run.sh"))
            .env("DEEDBOOK", "true")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("story failed: "), "{name}: {errors}");
    }
}
