//! `simulate`, run as a script runs it: no ledger, no clock, nothing written.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const HEADING: &str = "date,kind,category,amount,currency,units,territory,work,reference";

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        for name in ["flat.toml", "tiers.toml", "events.csv"] {
            fs::copy(root.join("simulate/files").join(name), place.0.path().join(name)).unwrap();
        }
        fs::copy(root.join("main-job/files/fee.toml"), place.0.path().join("fee.toml")).unwrap();
        place
    }

    fn run(&self, line: &str) -> (i32, Value) {
        let output = Command::new(env!("CARGO_BIN_EXE_deedbook"))
            .args(["--json", "simulate"])
            .args(line.split(' '))
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(fs::read_dir(self.0.path()).unwrap().count(), 5, "something was written");
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
    }

    /// Runs on these lines under the heading.
    fn with(&self, lines: &str, line: &str) -> (i32, Value) {
        let text = format!("{HEADING}\n{lines}");
        fs::write(self.0.path().join("other.csv"), text).unwrap();
        self.run(line)
    }
}

fn told<'a>(line: &'a Value, names: &[&str]) -> Vec<&'a str> {
    names.iter().map(|name| line[name].as_str().unwrap()).collect()
}

#[test]
fn the_figures_are_those_of_the_engine() {
    let place = Place::new();
    let figures = ["earned", "payable", "due", "paid", "owed"];
    for (lines, as_of, needed) in [
        // A tenth of 100.00 in January; nothing is due before 30 April.
        (
            "2026-01-05,revenue,prints,100.00,CNY,,,,",
            "2026-04-29",
            ["10.00", "10.00", "0.00", "0.00", "0.00"],
        ),
        (
            "2026-01-05,revenue,prints,100.00,CNY,,,,",
            "2026-04-30",
            ["10.00", "10.00", "10.00", "0.00", "10.00"],
        ),
        (
            "2026-05-01,payment,,4.00,CNY,,,,\n2026-01-05,revenue,prints,100.00,CNY,,,,",
            "2026-05-01",
            ["10.00", "10.00", "10.00", "4.00", "6.00"],
        ),
        // 6.00 are recouped of an advance, 3.00 of an opening balance.
        (
            "2026-01-05,advance,,6.00,CNY,,,,\n2026-01-05,revenue,prints,100.00,CNY,,,,",
            "2026-05-01",
            ["10.00", "4.00", "4.00", "0.00", "4.00"],
        ),
        (
            "2026-01-01,opening,unrecouped,3.00,CNY,,,,\n2026-01-05,revenue,prints,100.00,CNY,,,,",
            "2026-05-01",
            ["10.00", "7.00", "7.00", "0.00", "7.00"],
        ),
        (
            "2026-01-05,rate,CNY,7.1,USD,,,,\n2026-01-05,revenue,prints,100.00,USD,,,,",
            "2026-05-01",
            ["71.00", "71.00", "71.00", "0.00", "71.00"],
        ),
    ] {
        fs::write(place.0.path().join("other.csv"), "").unwrap();
        let asked = format!("flat.toml --events other.csv --as-of {as_of}");
        let (exit, answer) = place.with(&format!("{lines}\n"), &asked);
        assert_eq!(exit, 0, "{answer}");
        assert_eq!(told(&answer["simulations"][0]["lines"][0], &figures), needed, "{lines}");
        assert_eq!(answer["comparison"], Value::Null);
    }
}

#[test]
fn two_forms_stand_side_by_side() {
    let place = Place::new();
    fs::write(place.0.path().join("other.csv"), "").unwrap();
    let (exit, answer) = place.run("flat.toml tiers.toml --events events.csv --as-of 2026-12-31");
    assert_eq!(exit, 0, "{answer}");
    let rows = answer["comparison"].as_array().unwrap();
    let find = |period: Value, figure: &str| {
        let row = rows.iter().find(|row| row["period"] == period && row["figure"] == figure);
        let row = row.unwrap_or_else(|| panic!("{period} {figure}"));
        let amount = |name: &str| row[name]["amount"].as_str().unwrap().to_owned();
        [amount("first"), amount("second"), amount("difference")]
    };
    assert_eq!(find("2026-Q1".into(), "earned"), ["95.00", "47.50", "-47.50"]);
    assert_eq!(find("2026-Q2".into(), "earned"), ["240.00", "255.00", "15.00"]);
    assert_eq!(find(Value::Null, "owed"), ["245.00", "212.50", "-32.50"]);
    let line = &answer["simulations"][0]["lines"][0];
    assert_eq!(line.get("derivation"), None);
    let (_, explained) = place.run("flat.toml --events events.csv --as-of 2026-12-31 --explain");
    assert!(explained["simulations"][0]["lines"][0]["derivation"]["children"].is_array());
}

/// A fee for each work beside a share: each has the lines of its form.
#[test]
fn forms_of_two_kinds_are_compared() {
    let place = Place::new();
    fs::write(place.0.path().join("other.csv"), "").unwrap();
    let (exit, answer) = place.run("flat.toml fee.toml --events events.csv --as-of 2026-12-31");
    assert_eq!(exit, 0, "{answer}");
    let lines = answer["simulations"][1]["lines"].as_array().unwrap();
    let works: Vec<_> = lines.iter().map(|line| line["work"].as_str()).collect();
    assert!(
        works.contains(&Some("spring")) && works.contains(&Some("harbour, at night")),
        "{answer}"
    );
    for line in lines.iter().filter(|line| line["work"].is_string()) {
        assert_eq!(line["earned"], "49.00");
    }
}

#[test]
fn what_cannot_be_computed_is_refused_with_its_line() {
    let place = Place::new();
    fs::write(place.0.path().join("other.csv"), "").unwrap();
    for (line, code) in [
        ("flat.toml --events none.csv", "file_missing"),
        ("none.toml --events events.csv", "file_missing"),
        ("events.csv --events events.csv", "terms_malformed"),
        ("flat.toml --events flat.toml", "events_heading"),
        ("flat.toml --events other.csv", "file_empty"),
        ("flat.toml --events events.csv --as-of 2026-02-30", "time"),
        ("flat.toml", "usage"),
    ] {
        let (exit, answer) = place.run(line);
        assert_eq!(answer["error"]["code"], code, "{answer}");
        assert_eq!(exit, if code == "usage" { 2 } else { 1 }, "{answer}");
    }
    let bad = "2026-01-05,sale,prints,1.00,CNY,,,,\n2026-01-05,revenue,prints,-1,CNY,,,,\n";
    let (exit, answer) = place.with(bad, "flat.toml --events other.csv");
    assert_eq!(exit, 1);
    let lines = answer["error"]["lines"].as_array().unwrap();
    let told: Vec<_> =
        lines.iter().map(|line| (line["line"].as_u64(), line["code"].as_str())).collect();
    assert_eq!(told, [(Some(2), Some("event_kind")), (Some(3), Some("amount_not_positive"))]);
    let dollars = "2026-01-05,revenue,prints,1.00,USD,,,,\n";
    let (exit, answer) = place.with(dollars, "flat.toml --events other.csv");
    assert_eq!((exit, &answer["error"]["code"]), (1, &"trial".into()), "{answer}");
}
