//! Cases of the royalty engine as text: clauses in TOML, events, expected figures, the source.

mod case;
mod expected;
mod facts;

use case::cases;

/// Every case of every file under `tests/royalty/cases`; all that differ are named.
#[test]
fn every_case_comes_out_as_its_source_says() {
    let mut wrong = Vec::new();
    let all = cases();
    assert!(all.len() > 50, "only {} cases were found", all.len());
    for case in &all {
        if let Err(error) = case.check() {
            wrong.push(format!("{}:\n{error}", case.name));
        }
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} of {} cases:\n\n{}", all.len(), wrong.join("\n\n"));
}

/// A figure that is changed on purpose is noticed, whichever it is.
#[test]
fn a_changed_figure_is_noticed() {
    for case in cases() {
        for index in 0..case.expected.len() {
            let line = &case.expected[index];
            // The figures stand after the date, and a refusal has none.
            let start = line.find(": ").unwrap();
            let digit = line.rfind(|character: char| character.is_ascii_digit());
            let Some(digit) = digit.filter(|digit| *digit > start) else { continue };
            let mut changed = case.clone();
            let other = if line.as_bytes()[digit] == b'7' { "8" } else { "7" };
            changed.expected[index].replace_range(digit..=digit, other);
            assert!(changed.check().is_err(), "{} accepts {}", case.name, changed.expected[index]);
        }
    }
}
