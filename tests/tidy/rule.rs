//! The rules that look at one file each, other than the one of layers.

use crate::finding::Finding;
use crate::source::{Source, body, closing};

/// Longest file, in lines.
const MAX_FILE_LINES: usize = 600;
/// Longest function, in lines, from its `fn` to its closing brace.
const MAX_FUNCTION_LINES: usize = 70;

/// The one file that writes to the terminal.
const PRINTER: &str = "src/cli/printer.rs";
/// The one file that reads the machine's time.
const CLOCK: &str = "src/ledger/clock.rs";
/// Files that may name a floating-point type, each with its reason.
const FLOATS: &[(&str, &str)] = &[
    ("src/intake/claim/json.rs", "numbers of strangers' JSON, which serde hands over as floats"),
    ("src/intake/code/resampling.rs", "weights of pixels round as those of the reference do"),
];

/// A rule: what it finds in a file.
pub(crate) type Rule = fn(&Source<'_>) -> Vec<Finding>;

/// Every rule of this file.
pub(crate) const RULES: &[Rule] = &[
    database,
    sql,
    printing,
    clock,
    floats,
    panics,
    file_length,
    function_length,
    module_doc,
    module_name,
    machine_path,
    trailing_space,
];

fn find(source: &Source<'_>, words: &[&str], advice: &str) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    for word in words {
        for at in source.words(word) {
            let advice = format!("`{word}` {advice}");
            found.push((at, Finding::new(source, at, &advice)));
        }
    }
    found
}

fn all(found: Vec<(usize, Finding)>) -> Vec<Finding> {
    found.into_iter().map(|(_, finding)| finding).collect()
}

fn outside_tests(source: &Source<'_>, found: Vec<(usize, Finding)>) -> Vec<Finding> {
    let kept = found.into_iter().filter(|(at, _)| !source.is_test(*at));
    kept.map(|(_, finding)| finding).collect()
}

fn is_library(source: &Source<'_>) -> bool {
    source.is_rust() && source.is_in("src/")
}

/// SQLite is known to the store alone.
pub(crate) fn database(source: &Source<'_>) -> Vec<Finding> {
    if !is_library(source) || source.is_in("src/store/") {
        return Vec::new();
    }
    let advice = "outside src/store/: ask the store by a method that says what is wanted";
    all(find(source, &["rusqlite"], advice))
}

/// SQL has two homes.
pub(crate) fn sql(source: &Source<'_>) -> Vec<Finding> {
    const PHRASES: &[&str] = &[
        "SELECT ",
        "INSERT INTO",
        "INSERT OR ",
        "REPLACE INTO",
        "UPDATE ",
        "DELETE FROM",
        "CREATE TABLE",
        "CREATE TRIGGER",
        "CREATE INDEX",
        "ALTER TABLE",
        "DROP TABLE",
        "DROP TRIGGER",
        "PRAGMA ",
        "BEGIN IMMEDIATE",
    ];
    let advice = "SQL outside schema/ and src/store/: move it there, behind a method";
    if source.path.ends_with(".sql") && !source.is_in("schema/") {
        return vec![Finding::new(source, 0, advice)];
    }
    if !is_library(source) || source.is_in("src/store/") {
        return Vec::new();
    }
    let found = PHRASES.iter().flat_map(|phrase| source.literals.match_indices(phrase));
    let found = found.filter(|(at, _)| !source.is_test(*at));
    found.map(|(at, _)| Finding::new(source, at, advice)).collect()
}

/// The terminal is written to in one place.
pub(crate) fn printing(source: &Source<'_>) -> Vec<Finding> {
    if !is_library(source) || source.path == PRINTER || source.path == "src/main.rs" {
        return Vec::new();
    }
    let words = ["println!", "eprintln!", "print!", "eprint!", "stdout()", "stderr()"];
    let advice = format!("outside {PRINTER}: return a typed output, which is printed there");
    let mut found = find(source, &words, &advice);
    // A progress bar is told its stream and draws on it by itself.
    found.retain(|(at, _)| !source.code[..*at].ends_with("ProgressDrawTarget::"));
    outside_tests(source, found)
}

/// The machine's time is read in one place.
pub(crate) fn clock(source: &Source<'_>) -> Vec<Finding> {
    if !is_library(source) || source.path == CLOCK {
        return Vec::new();
    }
    let words = [
        "SystemTime::now",
        "Instant::now",
        "OffsetDateTime::now_utc",
        "OffsetDateTime::now_local",
        "UtcDateTime::now",
    ];
    let advice = format!("outside {CLOCK}: take the moment, or a `Clock`, as an argument");
    all(find(source, &words, &advice))
}

/// No floating point: figures are exact or refused.
pub(crate) fn floats(source: &Source<'_>) -> Vec<Finding> {
    if !is_library(source) || FLOATS.iter().any(|(path, _)| *path == source.path) {
        return Vec::new();
    }
    let advice =
        "is not exact: use Amount, Share, Rate or Fraction, or a whole number with its unit";
    all(find(source, &["f32", "f64"], advice))
}

/// The library answers with errors, and nothing unfinished is left in it.
pub(crate) fn panics(source: &Source<'_>) -> Vec<Finding> {
    let words = ["todo!", "unimplemented!", "dbg!", "panic!", ".unwrap()", ".expect("];
    let advice = "outside tests: return an error, or write it so that it cannot fail";
    let mut found = find(source, &words, advice);
    // A reader of ours may expect an item; only a message means a panic.
    let is_message = |at: usize| {
        let argument = source.code[at..].strip_prefix(".expect(");
        argument.is_none_or(|argument| {
            let argument = argument.trim_start();
            argument.starts_with(['"', '&'])
        })
    };
    found.retain(|(at, _)| is_message(*at));
    outside_tests(source, found)
}

/// A file is about one noun.
pub(crate) fn file_length(source: &Source<'_>) -> Vec<Finding> {
    let found = source.text.lines().count();
    if !source.is_rust() || found <= MAX_FILE_LINES {
        return Vec::new();
    }
    let advice = format!(
        "{found} lines, at most {MAX_FILE_LINES}: give a noun of its own a file of its own"
    );
    vec![Finding::new(source, 0, &advice)]
}

/// A function does one thing.
pub(crate) fn function_length(source: &Source<'_>) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for start in source.words("fn") {
        let named = source.code[start + 2..].trim_start();
        let is_item =
            named.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
        let Some(open) = body(&source.code, start).filter(|_| is_item) else {
            continue;
        };
        if source.code.as_bytes()[open] == b';' {
            continue;
        }
        let end = closing(&source.code, open) - 1;
        let lines = source.line(end) - source.line(start) + 1;
        if lines > MAX_FUNCTION_LINES {
            let advice = format!(
                "a function of {lines} lines, at most {MAX_FUNCTION_LINES}: name a part of it"
            );
            found.push(Finding::new(source, start, &advice));
        }
    }
    found
}

/// A module opens with what it is for and what it never does. The tests of one file say it by their
/// name.
pub(crate) fn module_doc(source: &Source<'_>) -> Vec<Finding> {
    let is_told = source.text.starts_with("//! ") || source.path.ends_with("/tests.rs");
    if !source.is_rust() || is_told {
        return Vec::new();
    }
    let advice = "opens without `//!`: say what the module is for and what it never does";
    vec![Finding::new(source, 0, advice)]
}

/// A module is named for its noun.
pub(crate) fn module_name(source: &Source<'_>) -> Vec<Finding> {
    const NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc"];
    let advice = |name: &str| format!("a module called `{name}`: name it for the noun it is about");
    if !source.is_rust() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for part in source.path.split(['/', '.']) {
        if NAMES.contains(&part) {
            found.push(Finding::new(source, 0, &advice(part)));
        }
    }
    for start in source.words("mod") {
        let name = source.code[start + 3..].trim_start();
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let name = &name[..end.unwrap_or(name.len())];
        if NAMES.contains(&name) {
            found.push(Finding::new(source, start, &advice(name)));
        }
    }
    found
}

/// Nothing says on which machine it was written.
pub(crate) fn machine_path(source: &Source<'_>) -> Vec<Finding> {
    // Written in two pieces, so that this file keeps the rule.
    const PLACES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let starts_a_path = |at: usize| {
        let before = source.text[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-}".contains(letter))
    };
    let found = PLACES
        .iter()
        .flat_map(|place| source.text.match_indices(place))
        .filter(|(at, _)| starts_a_path(*at));
    let advice = "a path of one machine: write it relative to the repository";
    found.map(|(at, _)| Finding::new(source, at, advice)).collect()
}

/// Lines end where their text ends.
pub(crate) fn trailing_space(source: &Source<'_>) -> Vec<Finding> {
    // Snapshots are what a program wrote, to the byte.
    if source.path.ends_with(".snap") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let text = line.strip_suffix('\n').unwrap_or(line);
        if text.ends_with([' ', '\t', '\r']) {
            let advice = "white space at the end of the line: take it away";
            found.push(Finding::new(source, at, advice));
        }
        at += line.len();
    }
    found
}
