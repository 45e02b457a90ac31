//! What is read of a log, and what is told of a bad one.

use super::*;

const DIGEST: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

fn read(text: &str, format: LogFormat) -> Result<AttestationLog, AttestationLogError> {
    AttestationLog::read(text.as_bytes(), format, "log".as_ref())
}

fn json(reference: &str) -> String {
    format!(
        r#"{{"at":"2026-02-24T09:30:00Z","digest":"{DIGEST}","account":"studio-7","model":"xl 2.1","reference":"{reference}"}}"#
    )
}

fn csv(line: &str) -> String {
    format!("{}\n{line}\n", LOG_COLUMNS.join(","))
}

#[test]
fn both_formats_say_the_same() {
    let line = format!("2026-02-24T09:30:00Z,{DIGEST},studio-7,xl 2.1,r1,");
    let from_csv = read(&csv(&line), LogFormat::Csv).unwrap();
    let from_json = read(&format!("\n{}\n", json("r1")), LogFormat::JsonLines).unwrap();
    assert_eq!(from_csv.outputs[0].output, from_json.outputs[0].output);
    assert_eq!((from_csv.outputs[0].line, from_json.outputs[0].line), (2, 2));
    assert_eq!(from_csv.outputs[0].output.prompt, None);
    let with = format!("2026-02-24T10:30:00+01:00,{DIGEST},studio-7,xl 2.1,r1,{DIGEST}");
    let with = read(&csv(&with), LogFormat::Csv).unwrap().outputs.remove(0).output;
    assert_eq!(with.prompt, Some(Commitment::from_bytes([15; 32])));
    assert_eq!(with.at, from_csv.outputs[0].output.at);
}

/// Each bad line is told with its number and its rule, and the good ones around it are not taken.
#[test]
fn every_bad_line_is_told() {
    let bad = [
        ("2026-02-24,D,a,m,r1,", "log_moment"),
        ("yesterdayT,D,a,m,r1,", "log_moment"),
        ("2026-02-24T09:30:00Z,0f,a,m,r1,", "log_hexadecimal"),
        ("2026-02-24T09:30:00Z,D,,m,r1,", "log_empty"),
        ("2026-02-24T09:30:00Z,D,a,m,r1,0f", "log_hexadecimal"),
        ("2026-02-24T09:30:00Z,D,a,m,r1", "field_count"),
        ("2026-02-24T09:30:00Z,D,a\u{202e},m,r1,", "line_text"),
        ("2026-02-24T09:30:00Z,D,a,m,first,", "log_reference"),
    ];
    let good = "2026-02-24T09:30:00Z,D,a,m,first,";
    for (line, code) in bad {
        let text = csv(&format!("{good}\n{line}").replace('D', DIGEST));
        let error = read(&text, LogFormat::Csv).unwrap_err();
        assert_eq!(error.code(), code, "{line}");
        assert!(error.to_string().starts_with("line 3: "), "{error}");
        assert!(!error.hint().is_empty());
    }
    let text = format!("{}\n{{\"at\":1}}\nnot json\n{}\n", json("a"), json("a"));
    let AttestationLogError::Lines { problems, more: false } =
        read(&text, LogFormat::JsonLines).unwrap_err()
    else {
        panic!("not lines");
    };
    let told: Vec<_> = problems.iter().map(|it| (it.line, it.fault.code())).collect();
    assert_eq!(told, [(2, "log_json"), (3, "log_json"), (4, "log_reference")]);
}

#[test]
fn a_log_is_bounded_and_whole() {
    let heading = read("at,digest\n", LogFormat::Csv).unwrap_err();
    assert_eq!(heading.code(), "log_heading");
    for format in [LogFormat::Csv, LogFormat::JsonLines] {
        let text = if format == LogFormat::Csv { csv("") } else { String::new() };
        assert_eq!(read(&text, format).unwrap_err().code(), "log_without_lines");
    }
    let long = format!("{}\n", "x".repeat(MAX_LINE_BYTES + 1));
    let error = read(&long, LogFormat::JsonLines).unwrap_err();
    assert_eq!(error.code(), "line_too_long");
    assert!(error.to_string().ends_with("; what follows it was not read"), "{error}");
    // The values of an object without their names are no object.
    let list = format!("[\"2026-02-24T09:30:00Z\",\"{DIGEST}\",\"a\",\"m\",\"r1\",null]\n");
    assert_eq!(read(&list, LogFormat::JsonLines).unwrap_err().code(), "log_json");
    let cut = csv(&format!("2026-02-24T09:30:00Z,{DIGEST},a,m,r1,"));
    let cut = cut.trim_end();
    assert_eq!(read(cut, LogFormat::Csv).unwrap_err().code(), "line_truncated");
    let many = "not json\n".repeat(MAX_PROBLEMS + 5);
    let error = read(&many, LogFormat::JsonLines).unwrap_err();
    assert!(
        matches!(&error, AttestationLogError::Lines { problems, more: true } if problems.len() == MAX_PROBLEMS)
    );
}

#[test]
fn more_outputs_than_fit_are_refused() {
    let mut text = String::new();
    for number in 0..=MAX_LOGGED_OUTPUTS {
        text.push_str(&json(&number.to_string()));
        text.push('\n');
    }
    let error = read(&text, LogFormat::JsonLines).unwrap_err();
    assert!(matches!(error, AttestationLogError::TooManyLines { max: MAX_LOGGED_OUTPUTS }));
}
