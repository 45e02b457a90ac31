//! A case: its text, split into parts.

use super::expected::found;
use super::facts::Given;
use std::{fs, path::PathBuf};

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// File and title.
    pub(crate) name: String,
    /// The clauses in TOML, each with the date from which it applies.
    pub(crate) clauses: Vec<(String, String)>,
    /// Events, payments, rates, one a line.
    pub(crate) facts: Vec<String>,
    /// What must come out, one figure or refusal a line.
    pub(crate) expected: Vec<String>,
}

/// Every case, in the order of files.
pub(crate) fn cases() -> Vec<Case> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/royalty/cases");
    let mut files: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = format!("\n{}", fs::read_to_string(&file).unwrap());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for block in text.split("\n=== ").skip(1) {
            cases.push(read(&name, block));
        }
    }
    cases
}

/// A block: its title, `source:`, then the parts `clauses:`, `clauses from DATE:`, `facts:`,
/// `expect:`. A line that starts with `#` is a remark.
fn read(file: &str, block: &str) -> Case {
    let (title, rest) = block.split_once('\n').unwrap();
    let mut case = Case {
        name: format!("{file}: {title}"),
        clauses: Vec::new(),
        facts: Vec::new(),
        expected: Vec::new(),
    };
    let mut part = "";
    let mut has_source = false;
    for line in rest.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(source) = line.strip_prefix("source:") {
            has_source = !source.trim().is_empty();
        } else if let Some(date) = line.strip_prefix("clauses from ") {
            part = "clauses:";
            let date = date.strip_suffix(':').unwrap();
            case.clauses.push((date.to_owned(), String::new()));
        } else if line == "clauses:" {
            part = line;
            case.clauses.push(("2020-01-01".to_owned(), String::new()));
        } else if line == "facts:" || line == "expect:" {
            part = line;
        } else {
            match part {
                "clauses:" => {
                    let text = &mut case.clauses.last_mut().unwrap().1;
                    text.push_str(line);
                    text.push('\n');
                }
                "facts:" => case.facts.push(line.to_owned()),
                "expect:" => case.expected.push(line.to_owned()),
                _ => panic!("{}: `{line}` stands in no part", case.name),
            }
        }
    }
    assert!(has_source, "{} names no source", case.name);
    assert!(!case.expected.is_empty(), "{} expects nothing", case.name);
    case
}

impl Case {
    /// Computes the case and compares it with what is expected.
    pub(crate) fn check(&self) -> Result<(), String> {
        let given = Given::read(self);
        let mut wrong = Vec::new();
        let mut date = String::new();
        for line in &self.expected {
            if let Some(as_of) = line.strip_prefix("as of ") {
                date = as_of.split([':', ' ']).next().unwrap().to_owned();
            }
            let found = found(&given, &date, line);
            if found != *line {
                wrong.push(format!("expected {line}\n   found {found}"));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }
}
