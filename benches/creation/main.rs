//! The record of a creation: registering many pictures, beside decoding and hashing the same files on all
//! cores and nothing else; following a folder; finding codes among a million works, beside comparing them all;
//! and how often a changed copy is found.
//!
//! `cargo bench --bench creation -- recall finding texts registering watching` runs the parts that are named,
//! all where none is. Pictures are drawn from numbers, with light and shade at each scale. Environment:
//! `DEEDBOOK_PAINTINGS`, how many are changed (60), and `DEEDBOOK_PHOTOGRAPHS`, a folder with pictures to change
//! instead; `DEEDBOOK_WORKS`, among how many codes are looked for
//! (1,000,000); `DEEDBOOK_FILES`, how many files of two megabytes lie in the folder at once (2,000), and
//! `DEEDBOOK_PICTURES`, how many are registered in all, round after round (10,000).

#[path = "../../tests/support/painting.rs"]
mod painting;
#[path = "../support/mod.rs"]
mod support;

mod finding;
mod picture_recall;
mod registering;
mod text_finding;
mod watching;

use image::RgbImage;
use std::path::Path;
use std::time::Duration;

/// A part by its name.
type Part = (&'static str, fn(&Path));

fn main() {
    let parts: [Part; 5] = [
        ("recall", picture_recall::run),
        ("finding", finding::run),
        ("texts", text_finding::run),
        ("registering", registering::run),
        ("watching", watching::run),
    ];
    let named: Vec<String> = std::env::args().skip(1).collect();
    let is_named = |name: &str| named.iter().any(|word| word == name);
    let all = !parts.iter().any(|(name, _)| is_named(name));
    for (name, run) in parts {
        if all || is_named(name) {
            let directory = tempfile::tempdir().expect("a directory");
            run(directory.path());
        }
    }
}

/// A number that the environment names, or the usual one.
fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).expect("a picture");
    bytes
}

/// The middle one and the longest.
fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    (middle, times.last().copied().unwrap_or_default())
}

/// Runs the program in a directory, and answers with what it wrote.
fn program(directory: &Path, words: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_deedbook"));
    let output = command.args(words).current_dir(directory).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
