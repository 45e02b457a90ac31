//! Accounts that cannot be taken as they are: each is refused with the line and the rule, and nothing
//! is written. What spreadsheets write is simply read.

use super::BEGUN;
use super::place::Place;
use serde_json::Value;

/// A clause that no share of profit can have, in line 7 of the form, and what is said of it.
const CLAUSES: &[(&str, &str)] = &[
    (
        r#"tiers = [{ to = "100.00 CNY", rate = "5%" }, { from = "50.00 CNY", rate = "6%" }]"#,
        "`50.00 CNY`, must be where the tier before ends: tiers overlap",
    ),
    (
        r#"tiers = [{ to = "100.00 CNY", rate = "5%" }, { to = "90.00 CNY", rate = "6%" }, { rate = "7%" }]"#,
        "`90.00 CNY`, must be above the end of the tier before: tiers overlap",
    ),
    (
        r#"tiers = [{ to = "100.00 CNY", rate = "5%" }, { from = "150.00 CNY", rate = "6%" }]"#,
        "`150.00 CNY`, must be where the tier before ends: there is a gap",
    ),
    (r#"tiers = [{ from = "10.00 CNY", rate = "5%" }]"#, "`10.00 CNY`"),
    (r#"rate = "101%""#, "rate 101% is out of range, must be from 0% to 100%"),
    (
        r#"tiers = [{ to = "100.00 CNY", rate = "5%" }, { rate = "100.01%" }]"#,
        "must be from 0% to 100%",
    ),
    (
        r#"cap = { amount = "10.00 CNY", over = "term" }
rate = "5%"
guarantee = { amount = "20.00 CNY", over = "term" }"#,
        "cap is 10.00 CNY, must be not below the guarantee",
    ),
    (
        r#"reserve = { share = "10%", release = [{ after = 1, part = "50%" }, { after = 2, part = "40%" }] }
rate = "5%""#,
        "sum of the releases of the reserve is 90%, must be exactly 100%",
    ),
    (
        r#"reserve = { share = "10%", release = [{ after = 1, part = "50%" }, { after = 2, part = "60%" }] }
rate = "5%""#,
        "must be exactly 100%",
    ),
];

#[test]
fn clauses_that_cannot_be_are_refused_with_line_and_rule() {
    let place = Place::with(BEGUN);
    for (clause, rule) in CLAUSES {
        place.write(
            "bad.toml",
            format!(
                "form = \"profit-share\"\nslug = \"bad\"\ntitle = \"Bad\"\n[profit_share]\n\
                 base = \"gross\"\ncurrency = \"CNY\"\n{clause}\n"
            ),
        );
        for line in [
            "terms publish bad.toml --as northlight",
            "terms publish bad.toml --dry-run --as northlight",
        ] {
            let error = place.refused(line.split(' '), "terms_malformed");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("`bad.toml`: line 7, column "), "{message}");
            assert!(message.contains(rule), "{message}");
        }
    }
}

const MAPPING: &str = "dates = \"YYYY-MM-DD\"\n[columns]\ndate = \"Day\"\namount = \"Net\"\n\
    reference = \"Order\"\ncategory = \"Type\"\ncurrency = \"Currency\"\n[categories]\n\
    sale = \"revenue/prints\"\nfee = \"expense/platform-fees\"\nrent = \"expense/rent\"\n";

const HEADING: &str = "Day,Order,Type,Currency,Net\n";

/// The accounts under a share whose term is over.
const TERM: &str = "form = \"profit-share\"\nslug = \"term\"\ntitle = \"For a month\"\n\
    effective = 2026-01-01\n[profit_share]\nrate = \"5%\"\nbase = \"gross\"\ncurrency = \"CNY\"\n\
    term_months = 1\n";

fn place() -> Place {
    let place = Place::with(BEGUN);
    place.write("term.toml", TERM);
    place.done("terms publish term.toml --as northlight");
    place.done(
        "accept northlight/term@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
    );
    place.write("known.csv", format!("{HEADING}2026-02-20,K-1,sale,CNY,1.00\n"));
    place.write("map.toml", MAPPING);
    place.done("import known.csv --mapping map.toml --contract northlight/share@1 --as wen");
    place
}

/// The lines of a report that follow a good one, and what is said of which line.
const LINES: &[(&str, &[(u64, &str)])] = &[
    ("2026-02-20,B-1,gift,CNY,1.00\n", &[(3, "unknown_category")]),
    ("2026-02-20,B-1,rent,CNY,1.00\n", &[(3, "category_not_allowed")]),
    ("2026-02-20,B-1,sale,USD,1.00\n", &[(3, "no_exchange_rate")]),
    ("2026-02-20,B-1,sale,XXY,1.00\n", &[(3, "line_currency")]),
    ("2026-02-20,B-1,sale,CNY,1.00", &[(3, "line_truncated")]),
    ("2026-02-20,B-1,sa", &[(3, "line_truncated")]),
    ("2026-02-20,B-1,sale,CNY,\"1,234\"\n", &[(3, "ambiguous_number")]),
    ("2026-02-20,B-1,sale,CNY,\"1,234.50\"\n", &[(3, "ambiguous_number")]),
    ("2026-02-20,A-1,sale,CNY,2.00\n", &[(3, "reference_used")]),
    ("2026-02-20,A-1,fee,CNY,1.00\n", &[(3, "reference_used")]),
    ("2026-02-20,K-1,sale,CNY,2.00\n", &[(3, "reference_used")]),
    ("2026-01-09,B-1,sale,CNY,1.00\n", &[(3, "before_cause")]),
    ("9000-01-01,B-1,sale,CNY,1.00\n", &[(3, "effective_in_future")]),
    ("2026-02-30,B-1,sale,CNY,1.00\n", &[(3, "line_date")]),
    (
        "2026-02-20,B-1,gift,CNY,1.00\n\"2026-02\n-20\",B-2,sale,CNY,1.00\n2026-02-20,B-3,sale,CNY,x\n",
        &[(3, "unknown_category"), (4, "line_date"), (6, "line_number")],
    ),
];

fn told(error: &Value) -> Vec<(u64, &str)> {
    let lines = error["lines"].as_array().unwrap().iter();
    lines
        .inspect(|line| {
            assert!(line["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{line}")
        })
        .map(|line| (line["line"].as_u64().unwrap(), line["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn lines_that_cannot_be_are_refused_with_line_and_rule() {
    let place = place();
    let command = "import bad.csv --mapping map.toml --as wen --contract";
    for (lines, needed) in LINES {
        place.write("bad.csv", format!("{HEADING}2026-02-20,A-1,sale,CNY,1.00\n{lines}"));
        for more in
            ["northlight/share@1", "northlight/share@1 --dry-run", "northlight/share@1 --out x"]
        {
            let line = format!("{command} {more}");
            let error = place.refused(line.split(' '), needed[0].1);
            assert_eq!(told(&error), *needed, "{lines}");
            assert_eq!(error["report"], "bad.csv");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&format!("line {}: ", needed[0].0)), "{message}");
        }
    }
    place.write(
        "bad.csv",
        format!("{HEADING}2026-02-09,A-1,sale,CNY,1.00\n2026-02-10,A-2,sale,CNY,1.00\n"),
    );
    let line = format!("{command} northlight/term@1");
    let error = place.refused(line.split(' '), "outside_term");
    assert_eq!(told(&error), [(3, "outside_term")], "the term ends on 10 February");
    let line = format!("{command} northlight/fee@1");
    place.refused(line.split(' '), "not_profit_share");
    place.refused("import bad.csv --mapping map.toml --as wen".split(' '), "contracts");
}

#[test]
fn what_spreadsheets_write_is_simply_read() {
    let place = place();
    let lines = "2026-02-20,A-1,sale,CNY,59.80\n2026-02-21,A-2,fee,CNY,10.00\n";
    let plain = format!("{HEADING}{lines}");
    let crlf = plain.replace('\n', "\r\n");
    let quoted: String =
        plain.lines().map(|line| format!("\"{}\"\n", line.replace(',', "\",\""))).collect();
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{crlf}").encode_utf16().flat_map(bytes).collect()
    };
    let command = "import good.csv --mapping map.toml --contract northlight/share@1 --as wen";
    let mut new_lines = 2;
    for (name, bytes) in [
        ("a byte-order mark", format!("\u{feff}{plain}").into_bytes()),
        ("carriage returns", crlf.clone().into_bytes()),
        ("quoted fields", quoted.into_bytes()),
        ("UTF-16, little end first", utf_16(u16::to_le_bytes)),
        ("UTF-16, big end first", utf_16(u16::to_be_bytes)),
    ] {
        place.write("good.csv", bytes);
        let answer = place.done(command);
        assert_eq!(answer["new_lines"], new_lines, "{name}");
        assert_eq!(answer["known_lines"], 2 - new_lines, "{name}");
        new_lines = 0;
    }
    assert_eq!(
        place.done("owed northlight/share@1 --as-of 2026-02-28")["lines"][0]["earned"],
        "2.54"
    );
}

/// Rates of the end of a period may be published when it is over; until then nothing is guessed.
#[test]
fn what_is_owed_waits_for_a_rate_that_is_missing() {
    let place = Place::with(BEGUN);
    let form = TERM.replace("term_months = 1", "conversion = \"period-end\"");
    place.write("term.toml", form);
    place.done("terms publish term.toml --as northlight");
    place.done(
        "accept northlight/term@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
    );
    place.refused(
        "revenue northlight/share@1 5.00 USD --as wen --on 2026-02-20".split(' '),
        "no_exchange_rate",
    );
    place.done("revenue northlight/term@1 100.00 USD --as wen --on 2026-02-20");
    for command in [
        "owed northlight/term@1 --as-of 2026-04-01",
        "statement northlight/term@1 --period 2026-Q1 --as-of 2026-04-01",
        "export northlight/term@1 --format csv --as-of 2026-04-01",
    ] {
        let error = place.refused(command.split(' '), "no_exchange_rate");
        let message = error["message"].as_str().unwrap();
        assert_eq!(
            message,
            "no rate from USD to CNY was published for 2026-03-31, must be published first"
        );
        assert!(error["hint"].as_str().unwrap().contains("deedbook rate"), "{error}");
    }
    place.done("rate USD/CNY 7.1 --source Bank --as northlight --on 2026-03-31");
    let owed = place.done("owed northlight/term@1 --as-of 2026-04-01");
    assert_eq!(owed["lines"][0]["earned"], "35.50");
}

#[test]
fn a_period_without_a_statement_says_which_one_has_one() {
    let place = Place::with(BEGUN);
    for (line, hint) in [
        (
            "northlight/share@1 --period 2025-Q4",
            "the first period is the one with 2026-01-10 in it",
        ),
        ("northlight/fee@1 --period 2025-12", "the first period is the one with 2026-01-10 in it"),
        ("northlight/share@1 --period 2026-01", "write a quarter as in `--period 2026-Q1`"),
        (
            "northlight/share@1 --period 9000-Q1",
            "name an earlier period, or a later moment with `--as-of`",
        ),
        ("northlight/share@1 --period 2026-Q1 --known-at 2026-01-01", "ask with `--known-at "),
    ] {
        let error = place.refused(format!("statement {line}").split(' '), "period");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{line}: {error}");
    }
    let error = place.refused("statement northlight/share@1 --period Q1".split(' '), "value");
    assert!(error["message"].as_str().unwrap().contains("2026-Q1"), "{error}");
}
