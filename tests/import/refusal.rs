//! Every line that cannot be recorded: named with its place and its rule, and nothing written.

use super::*;
use deedbook::intake::MappingError;

/// What is said of a report under a mapping, line by line; nothing is written.
fn refused(first_lines: &str, csv: &str) -> String {
    let (mut story, contract) = story();
    import(&mut story, contract, format!("{HEADING}2026-02-20,R-1,sale,,,,1.00\n").as_bytes());
    let before = picture(story.register.ledger());
    let error =
        run(&mut story, contract, &mapping(first_lines), csv.as_bytes(), false).unwrap_err();
    assert_eq!(picture(story.register.ledger()), before);
    match error {
        ImportError::Lines { problems, more, .. } => {
            let told =
                problems.iter().map(|problem| format!("{}: {problem}", problem.fault.code()));
            let mut told: Vec<String> = told.collect();
            told.extend(more.then(|| "and more".to_owned()));
            told.join("\n")
        }
        ImportError::Report { error, .. } => format!("{}: {error}", error.code()),
        error => error.to_string(),
    }
}

#[test]
fn each_line_is_named_with_its_rule() {
    let lines = [
        "2026-02-30,B-1,sale,spring,1,CN,1.00",
        "2026-02-20,B-2,gift,spring,1,CN,1.00",
        "2026-02-20,B-3,sale,winter,1,CN,1.00",
        "2026-02-20,B-4,sale,spring,1,Atlantis,1.00",
        "2026-02-20,B-5,sale,spring,1,CN,\"1,234\"",
        "2026-02-20,B-6,sale,spring,1,CN,1.005",
        "2026-02-20,B-7,sale,spring,1,CN,0.00",
        "2026-02-20,B-8,sale,spring,1,CN,-1.00",
        "2026-02-20,B-9,sale,spring,1.5,CN,1.00",
        "2026-02-20,,sale,spring,1,CN,1.00",
        "2026-02-20,B-11,sale,spring,1,CN,free",
        "2026-02-20,B-12,sale,spring,1,CN",
        "2026-01-15,B-13,sale,spring,1,CN,1.00",
        "2026-03-09,B-14,sale,spring,1,CN,1.00",
        "2026-02-20,B-15,rent,spring,1,CN,1.00",
        "2026-02-20,R-1,sale,,,,2.00",
        "2026-02-20,B-17,sale,spring,1,CN,1.00",
        "2026-02-20,B-17,sale,spring,2,CN,1.50",
        "2026-02-20,B\u{202e}18,sale,spring,1,CN,1.00",
    ];
    let csv = format!("{HEADING}{}\n", lines.join("\n"));
    insta::assert_snapshot!(refused("", &csv));
}

#[test]
fn two_lines_far_apart_with_one_reference_are_both_named() {
    let line = |number: u32| format!("2026-02-20,L-{number:05},sale,spring,1,CN,1.00\n");
    let mut csv: String = std::iter::once(HEADING.to_owned()).chain((0..2500).map(line)).collect();
    csv.push_str("2026-02-20,L-00007,sale,spring,1,CN,3.00\n");
    assert_eq!(
        refused("", &csv),
        "reference_used: line 2502: reference `L-00007` stands for 3.00 CNY here and for 1.00 CNY \
         in line 9"
    );
}

#[test]
fn a_file_of_another_shape_is_refused() {
    let good = "2026-02-20,B-1,sale,spring,1,CN,1.00\n";
    for (csv, code) in [
        (String::new(), "report_empty"),
        (HEADING.trim_end().to_owned(), "report_empty"),
        (HEADING.replace("Net", "Gross"), "column_missing"),
        (HEADING.replace("Type", "Net"), "column_twice"),
        (format!("{HEADING}{}", good.trim_end()), "line_truncated"),
        (format!("{HEADING}2026-02-20,\"B-1\n{good}"), "quote_unclosed"),
        (format!("{HEADING}2026-02-20,\"{}\n", "x".repeat(70_000)), "line_too_long"),
        (format!("{HEADING}2026-02-20{}\n", ",".repeat(600)), "line_too_long"),
    ] {
        let told = refused("", &csv);
        assert!(told.starts_with(code), "{code}: {told}");
    }
    let dates = "dates = [\"MM/DD/YYYY\", \"DD/MM/YYYY\"]\n";
    let mapping = Mapping::parse(&format!("{dates}{COLUMNS}")).unwrap();
    let (mut story, contract) = story();
    for (day, code) in [("02/03/2026", Some("ambiguous_date")), ("02/20/2026", None)] {
        let csv = format!("{HEADING}{day},B-1,sale,spring,1,CN,1.00\n");
        let done = run(&mut story, contract, &mapping, csv.as_bytes(), true);
        let found = done.err().map(|error| match error {
            ImportError::Lines { problems, .. } => problems[0].fault.code(),
            other => panic!("{other}"),
        });
        assert_eq!(found, code, "{day}");
    }
    let csv = [HEADING.as_bytes(), b"2026-02-20,B-1,sale,spr\xffing,1,CN,1.00\n"].concat();
    let done = run(&mut story, contract, &super::mapping(""), &csv, true);
    assert!(matches!(done, Err(ImportError::Lines { problems, .. })
        if problems[0].fault.code() == "line_encoding"));
}

#[test]
fn so_many_lines_are_told_and_no_more() {
    let csv = format!("{HEADING}{}", "2026-02-20,B,sale,winter,1,CN,1.00\n".repeat(5000));
    let told = refused("", &csv);
    assert_eq!(told.lines().count(), deedbook::ledger::MAX_PROBLEMS + 1);
    assert!(told.ends_with("and more"));
}

#[test]
fn works_are_named_as_the_mapping_says() {
    let (mut story, contract) = story();
    let spring = {
        let reader = story.register.ledger().read().unwrap();
        reader.statement(EntryNumber::new(8)).unwrap().id().to_string()
    };
    for (by, name, code) in [
        ("reference", "#8", None),
        ("reference", &spring[..8], None),
        ("reference", "#10", Some("work_of_other_contract")),
        ("reference", "#5", Some("unknown_work")),
        ("reference", "8", Some("unknown_work")),
        ("title", "spring", None),
        ("title", "Spring", Some("unknown_work")),
        ("digest", &"0".repeat(64), Some("unknown_work")),
    ] {
        let mapping = mapping(&format!("work_by = \"{by}\"\n"));
        let csv = format!("{HEADING}2026-02-20,B-1,sale,{name},1,CN,1.00\n");
        let done = run(&mut story, contract, &mapping, csv.as_bytes(), true);
        let found = done.err().map(|error| match error {
            ImportError::Lines { problems, .. } => problems[0].fault.code(),
            other => panic!("{other}"),
        });
        assert_eq!(found, code, "{by} {name}");
    }
}

#[test]
fn two_works_of_one_title_are_ambiguous() {
    let (mut story, contract) = story();
    let share = story.share_contract;
    let mut twin = crate::support::work("spring", Some(share), &[(story.wen, "1")]);
    twin.contents[0].digest = deedbook::record::Digest::of(b"another picture");
    story.register.record(&wen(), twin);
    let csv = format!("{HEADING}2026-02-20,B-1,sale,spring,1,CN,1.00\n");
    let error = run(&mut story, contract, &mapping(""), csv.as_bytes(), true).unwrap_err();
    assert_eq!(error.to_string(), "line 2: the title `spring` may mean #8, #11");
}

#[test]
fn mappings_that_leave_something_open_are_refused() {
    let read = |text: &str| Mapping::parse(text).map(|_| ()).unwrap_err();
    let whole = format!("dates = \"YYYY-MM-DD\"\n{COLUMNS}");
    assert!(Mapping::parse(&whole).is_ok());
    for (from, to, needed) in [
        ("YYYY-MM-DD", "YY-MM-DD", "dates"),
        ("\"YYYY-MM-DD\"", "[]", "dates"),
        ("[columns]", "decimal = \";\"\n[columns]", "decimal"),
        ("[columns]", "decimal = \",\"\nthousands = \",\"\n[columns]", "thousands"),
        ("[columns]", "thousands = \"x\"\n[columns]", "thousands"),
        ("[columns]", "delimiter = \"#\"\n[columns]", "delimiter"),
        ("[columns]", "encoding = \"klingon\"\n[columns]", "encoding"),
        ("revenue/print-sales", "income/print-sales", "categories.sale"),
        ("Germany = \"DE\"", "Germany = \"XX\"", "territories.Germany"),
        ("currency = \"CNY\"", "currency = \"CNX\"", "constants.currency"),
        ("reference = \"Order\"", "reference = []", "columns.reference"),
    ] {
        let MappingError::Value { key, .. } = read(&whole.replace(from, to)) else {
            panic!("{to}");
        };
        assert_eq!(key, needed);
    }
    let missing = read(&whole.replace("currency = \"CNY\"", ""));
    assert_eq!(missing, MappingError::Missing { key: "currency" });
    let twice = read(&whole.replace("[constants]", "[constants]\nwork = \"spring\""));
    assert_eq!(twice, MappingError::Twice { key: "work" });
    let unknown = read(&whole.replace("units", "unit"));
    assert!(matches!(unknown, MappingError::Toml { line: 8, .. }), "{unknown:?}");
}
