//! `evidence export` and `verify FILE`, as a person types them, and what other programs say.

use super::parts::sealed;
use super::told::told;
use crate::support::Register;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

pub(super) fn deedbook(place: &Path, line: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
    command.args(line).current_dir(place).env_remove("DEEDBOOK_LEDGER");
    command.output().unwrap()
}

#[track_caller]
pub(super) fn done(place: &Path, line: &[&str]) -> String {
    let output = deedbook(place, line);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{line:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// A ledger with one work, as its owner makes it.
pub(super) fn shop() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    std::fs::write(place.join("spring.png"), b"not really a picture").unwrap();
    std::fs::write(place.join("prompt.txt"), b"a spring breeze").unwrap();
    done(place, &["init", "--name", "Northlight register"]);
    done(place, &["party", "add", "wen", "--role", "creator"]);
    let register = ["register", "spring.png", "--as", "wen", "--prompt-file", "prompt.txt"];
    done(place, &register);
    directory
}

#[test]
fn a_bundle_is_exported_and_verified_without_the_ledger() {
    let shop = shop();
    let place = shop.path();
    let export = ["--json", "evidence", "export", "spring.png", "-o", "case.zip"];
    let answer: Value = serde_json::from_str(&done(place, &export)).unwrap();
    assert_eq!((&answer["kind"], &answer["entry"]), (&"work".into(), &2.into()));
    assert_eq!((&answer["concerns"], &answer["supports"]), (&1.into(), &2.into()));
    assert_eq!(answer["revealed"], 0);
    // It is never overwritten.
    assert_eq!(deedbook(place, &export).status.code(), Some(1));
    let elsewhere = tempfile::tempdir().unwrap();
    for file in ["case.zip", "spring.png", "prompt.txt"] {
        std::fs::copy(place.join(file), elsewhere.path().join(file)).unwrap();
    }
    let place = elsewhere.path();
    let told = done(place, &["verify", "case.zip", "--file", "spring.png"]);
    for words in ["PROVEN", "taken on trust", "by the register's signed word", "wen"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("a spring breeze"));
    let other = ["--json", "verify", "case.zip", "--file", "prompt.txt"];
    let output = deedbook(place, &other);
    assert_eq!(output.status.code(), Some(3));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&answer["ok"], &answer["file"]["works"]),
        (&false.into(), &Vec::<u8>::new().into())
    );
    assert_eq!(answer["completeness"]["claim"], "signed-by-register");
    assert_eq!(answer["claims"].as_array().unwrap().len(), 3);
    assert_eq!(answer["titles"][0]["holders"][0]["party"], "wen");
    let mut bytes = std::fs::read(place.join("case.zip")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(place.join("bad.zip"), bytes).unwrap();
    let output = deedbook(place, &["verify", "bad.zip"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("NOT PROVEN"));
}

#[test]
fn a_prompt_is_revealed_where_it_is_named() {
    let shop = shop();
    let place = shop.path();
    done(place, &["evidence", "export", "spring.png", "-o", "open.zip", "--reveal", "all"]);
    let told = done(place, &["verify", "open.zip"]);
    assert!(told.contains("a spring breeze"), "{told}");
    let unknown = ["evidence", "export", "spring.png", "-o", "x.zip", "--reveal", "00000000"];
    let refused = deedbook(place, &unknown);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("names no commitment"));
    assert!(!place.join("x.zip").exists());
}

/// Every part is there by name and bytes, for programs that are not ours.
#[test]
#[ignore = "runs other programs"]
fn long_other_programs_unpack_a_bundle() {
    let told = told();
    let register: &Register = &told.register;
    let path = register.directory().join("case.zip");
    std::fs::write(&path, sealed(register, told.spring)).unwrap();
    let needs_all = std::env::var_os("CI").is_some();
    let run = |program: &str, arguments: &[&str]| match Command::new(program)
        .args(arguments)
        .arg(&path)
        .output()
    {
        Ok(output) => assert!(output.status.success(), "{program}: {output:?}"),
        Err(error) if needs_all => panic!("{program} is needed: {error}"),
        Err(_) => println!("skipped: `{program}` is not on the PATH"),
    };
    run("unzip", &["-t"]);
    run("python3", &["-m", "zipfile", "-t"]);
}
