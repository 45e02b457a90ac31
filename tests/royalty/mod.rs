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

/// Every clause that says something, as the tree that a clerk follows.
#[test]
fn the_derivation_of_every_step() {
    let all = cases();
    let find = |name: &str| all.iter().find(|case| case.name.ends_with(name)).unwrap();
    let mut text = String::new();
    for (name, date) in [
        ("every step in its order", "2026-04-30"),
        ("book royalty by copies sold", "2026-12-31"),
        ("the rate of the day", "2026-12-31"),
        ("part by part", "2026-12-31"),
        ("an expense by the payee's own share", "2026-12-31"),
        (
            "a cap by share of gross over the term lets in later what was too much before",
            "2026-12-31",
        ),
        ("the greater of two clauses", "2026-12-31"),
        ("rates that change from a date", "2026-12-31"),
        ("a whole-amount tier that is reached later raises what was earned before", "2026-12-31"),
        ("of three parts the oldest takes the loss of another", "2026-12-31"),
    ] {
        let account = facts::Given::read(find(name)).account(date).unwrap();
        text.push_str(&format!("{name}, as of {date}\n"));
        for line in account.lines {
            text.push_str(&line.derivation.to_text_tree().join("\n"));
        }
        text.push_str("\n\n");
    }
    insta::assert_snapshot!(text.trim_end());
}
