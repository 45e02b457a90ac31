//! `register --each` through the program: what it takes of each file, and files that are not what they were.

use super::place::{Place, has_keys};
use crate::support::painting;
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

const BEGUN: &[&str] = &["init --name Northlight", "party add wen --role creator"];

/// A picture in which a common tool wrote how it was made.
fn told(seed: u64, text: &str) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    painting(seed, 64, 48).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    let chunk = [&b"tEXtparameters\0"[..], text.as_bytes()].concat();
    let length = u32::try_from(chunk.len() - 4).unwrap().to_be_bytes();
    let sum = crc32fast::hash(&chunk).to_be_bytes();
    // Behind the signature and the first chunk.
    [&bytes[..33], &length, &chunk, &sum, &bytes[33..]].concat()
}

#[test]
fn each_file_says_what_was_taken_from_it() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    for seed in 0..3 {
        let text = format!(
            "harbour {seed}\nNegative prompt: rain\nSteps: 20, Seed: {seed}, Model: northlight"
        );
        place.write(&format!("in/{seed}.png"), told(seed, &text));
    }
    place.write("in/plain.txt", "of which nothing is told");
    let answer = place.done("register --each in --as wen --account wen-7");
    let lines = answer["registered"].as_array().unwrap();
    for (seed, line) in lines.iter().take(3).enumerate() {
        has_keys(line, "file entry work title digest claimed_by_others generation prompts taken");
        let generation = &line["generation"];
        assert_eq!(
            (&generation["model"], &generation["seed"], &generation["account"], &line["prompts"]),
            (&"northlight".into(), &seed.into(), &"wen-7".into(), &2.into())
        );
        assert_eq!(line["taken"]["source"], "automatic1111", "{line}");
        let names = line["taken"]["names"].as_array().unwrap();
        assert_eq!(*names, ["model", "seed", "steps", "2 prompts"].map(Value::from));
    }
    let plain = &lines[3];
    assert_eq!((&plain["title"], &plain["taken"]), (&"plain".into(), &Value::Null));
    assert_eq!(plain["generation"]["account"], "wen-7");
    // Somebody who looks on has a line a file, and the sum of it.
    place.write("in/3.png", told(3, "quay\nSteps: 20, Seed: 99, Model: northlight"));
    let said = place.said("register --each in --as wen");
    assert!(said.contains("1 work registered") && said.contains("4 works"), "{said}");
    assert!(said.contains("northlight") && said.contains("99"), "{said}");
    assert!(said.contains("1 (1 automatic1111)"), "{said}");
    // A single registration takes the account, too.
    place.write("one.txt", "one");
    place.done("register one.txt --as wen --account wen-7");
    assert!(place.said("show one.txt").contains("wen-7"));
    place.done("verify");
}

/// Bytes of a file that takes long enough to be read for something to happen meanwhile.
const LONG_BYTES: u64 = 192 * 1024 * 1024;

/// Runs the program while a file grows by a byte again and again, from before it begins until it has ended.
fn run_while_it_grows(place: &Place, name: &str, words: &[&str]) -> (i32, Value) {
    let mut file = OpenOptions::new().append(true).open(place.path(name)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_deedbook"))
        .arg("--json")
        .args(words)
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let exit = loop {
        file.write_all(b"x").unwrap();
        if let Some(exit) = child.try_wait().unwrap() {
            break exit;
        }
    };
    let answer = serde_json::from_reader(child.stdout.take().unwrap()).unwrap();
    (exit.code().unwrap(), answer)
}

#[test]
fn a_file_that_grows_while_it_is_read_is_told_and_not_recorded() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    place.write("in/a.txt", "a");
    place.write("in/z.txt", "z");
    File::create(place.path("in/film.bin")).unwrap().set_len(LONG_BYTES).unwrap();
    let each = ["register", "--each", "in", "--as", "wen"];
    let (exit, answer) = run_while_it_grows(&place, "in/film.bin", &each);
    assert_eq!((exit, &answer["refused"][0]["code"]), (1, &"file_changed".into()), "{answer}");
    let titles: Vec<_> = answer["registered"].as_array().unwrap().iter().collect();
    assert_eq!(
        (titles.len(), &titles[0]["title"], &titles[1]["title"]),
        (2, &"a".into(), &"z".into())
    );
    let one = ["register", "in/film.bin", "--as", "wen"];
    let (exit, answer) = run_while_it_grows(&place, "in/film.bin", &one);
    assert_eq!((exit, &answer["error"]["code"]), (1, &"file_changed".into()), "{answer}");
    // Once it stays as it is, it is taken.
    let again = place.done("register --each in --as wen");
    assert_eq!(again["registered"][0]["title"], "film");
    place.done("verify");
}

/// Pictures at the limit of what is decoded, as many at once as there are cores, in little memory: the system
/// gives the program no more than that.
#[test]
#[ignore = "gigabytes are unfolded"]
fn long_the_largest_pictures_are_decoded_in_bounded_memory() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    let picture =
        RgbaImage::from_fn(8192, 8192, |x, y| Rgba([(x / 32) as u8, (y / 32) as u8, 77, 255]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    for n in 0_u8..8 {
        place.write(&format!("in/{n}.png"), [&bytes[..], &[n]].concat());
    }
    let limited = format!(
        "ulimit -v {}; exec {} --json register --each in --as wen",
        1536 * 1024,
        env!("CARGO_BIN_EXE_deedbook")
    );
    let output = Command::new("sh")
        .args(["-c", &limited])
        // An arena of the allocator takes addresses that are never used.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(place.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["registered"].as_array().unwrap().len(), 8);
    assert_eq!(answer["without_image_code"], Value::Array(Vec::new()));
}
