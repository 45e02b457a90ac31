//! Sheets as they are written, and every way in which a line can be wrong.

use super::*;
use crate::intake::IntakeError;

const HEADING: &str = "date,kind,category,amount,currency,units,territory,work,reference";

fn read(bytes: &[u8]) -> Result<EventSheet, EventSheetError> {
    EventSheet::read(bytes, "events.csv".as_ref())
}

fn lines(lines: &str) -> Result<EventSheet, EventSheetError> {
    read(format!("{HEADING}\n{lines}").as_bytes())
}

/// A line of each kind.
const GOOD: &str = "\
2026-01-01,opening,loss,12.00,CNY,,,,
2026-01-01,opening,unrecouped,300.00,CNY,,,,
2026-01-01,opening,earned,50.00,CNY,,,,
2026-01-01,opening,owed,0,CNY,,,,
2026-01-01,opening,base,900.00,CNY,70,,,
2026-01-01,opening,base:prints,1.00,CNY,,,,
2026-01-15,revenue,prints,49.00,CNY,2,CN,\"harbour, at night\",A-1
2026-01-16,expense,printing,5.5,CNY,,,spring,
2026-01-17,refund,prints,10.00,USD,1,,\"harbour, at night\",A-2
2026-01-18,payment,,20.00,CNY,,,spring,A-3
2026-01-10,advance,,30.00,CNY,,,,
2026-01-31,rate,CNY,7.1234,USD,,,,central parity
2026-02-01,rate,CNY,7.2,USD,,,,central parity
";

#[test]
fn every_kind_is_read() {
    let sheet = lines(GOOD).unwrap();
    let told: Vec<_> =
        sheet.events.iter().map(|event| (event.entry.get(), event.minor, event.units)).collect();
    assert_eq!(told, [(8, 4900, 2), (9, 550, 0), (10, 1000, 1)]);
    assert_eq!(
        sheet.events[0].country.map(|country| country.as_str().to_owned()),
        Some("CN".into())
    );
    let works: Vec<_> =
        sheet.works.iter().map(|work| (work.entry.get(), work.label.as_str())).collect();
    assert_eq!(works, [(8, "harbour, at night"), (9, "spring")]);
    assert_eq!(sheet.events[2].work, Some(EntryNumber::new(8)));
    assert_eq!(
        (sheet.receipts[0].amount.minor(), sheet.receipts[0].work),
        (2000, Some(EntryNumber::new(9)))
    );
    assert_eq!((sheet.advances[0].amount.minor(), sheet.advances[0].work), (3000, None));
    let opening = sheet.opening.unwrap();
    let figures = [opening.loss, opening.unrecouped, opening.earned, opening.owed];
    assert_eq!(figures.map(|amount| amount.minor()), [1200, 30_000, 5000, 0]);
    let reached = &opening.reached;
    assert_eq!((reached[0].base.minor(), reached[0].units), (90_000, 70));
    assert_eq!(reached[1].kind.as_ref().map(|kind| kind.as_str()), Some("prints"));
    // A rate is no event.
    let (first, last) = sheet.days.unwrap();
    assert_eq!([first, last].map(|day| day.date().to_string()), ["2026-01-01", "2026-01-18"]);
}

/// As spreadsheets write it: the same facts from each.
#[test]
fn a_mark_crlf_quotes_and_utf_16_are_simply_read() {
    let text = format!("{HEADING}\n{GOOD}");
    let needed = read(text.as_bytes()).unwrap();
    let crlf = text.replace('\n', "\r\n");
    let quoted: String =
        HEADING.split(',').map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let mut utf_16 = vec![0xff, 0xfe];
    utf_16.extend(crlf.encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [
        format!("\u{feff}{text}").into_bytes(),
        crlf.clone().into_bytes(),
        text.replace(HEADING, &quoted).into_bytes(),
        utf_16,
    ] {
        assert_eq!(read(&bytes).unwrap(), needed);
    }
}

#[test]
fn every_fault_is_told_with_its_line() {
    let cases = [
        ("2026-01-01,sale,prints,1.00,CNY,,,,", "event_kind"),
        (",revenue,prints,1.00,CNY,,,,", "field_empty"),
        ("2026-02-30,revenue,prints,1.00,CNY,,,,", "line_date"),
        ("01.02.2026,revenue,prints,1.00,CNY,,,,", "line_date"),
        ("2026-01-01,revenue,,1.00,CNY,,,,", "field_empty"),
        ("2026-01-01,revenue,prints,,CNY,,,,", "field_empty"),
        ("2026-01-01,revenue,prints,1.00,,,,,", "field_empty"),
        ("2026-01-01,revenue,prints,0.00,CNY,,,,", "amount_not_positive"),
        ("2026-01-01,revenue,prints,-1.00,CNY,,,,", "amount_not_positive"),
        ("2026-01-01,revenue,prints,\"1,000.00\",CNY,,,,", "ambiguous_number"),
        ("2026-01-01,revenue,prints,1.001,CNY,,,,", "too_many_decimals"),
        ("2026-01-01,revenue,prints,one,CNY,,,,", "line_number"),
        ("2026-01-01,revenue,prints,1.00,XYZ,,,,", "line_currency"),
        ("2026-01-01,revenue,prints,1.00,CNY,0,,,", "line_units"),
        ("2026-01-01,revenue,prints,1.00,CNY,-2,,,", "line_units"),
        ("2026-01-01,revenue,prints,1.00,CNY,,Mars,,", "unknown_territory"),
        ("2026-01-01,revenue,prints,1.00,CNY", "field_count"),
        ("2026-01-01,payment,prints,1.00,CNY,,,,", "field_not_empty"),
        ("2026-01-01,advance,,1.00,CNY,1,,,", "field_not_empty"),
        ("2026-01-01,rate,CNY,7.1,USD,,,spring,", "field_not_empty"),
        ("2026-01-01,rate,CNY,0,USD,,,,", "line_text"),
        ("2026-01-01,opening,profit,1.00,CNY,,,,", "opening_figure"),
        ("2026-01-01,opening,loss,1.00,CNY,5,,,", "field_not_empty"),
        ("2026-01-01,opening,loss,-1.00,CNY,,,,", "amount_not_positive"),
    ];
    for (line, code) in cases {
        let Err(EventSheetError::Lines { problems, more }) = lines(&format!("{line}\n")) else {
            panic!("{line} is read");
        };
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert_eq!((problem.line, problem.fault.code(), more), (2, code, false), "{line}");
        assert!(!problem.fault.hint().is_empty());
    }
    let together: String = cases.iter().map(|(line, _)| format!("{line}\n")).collect();
    let Err(EventSheetError::Lines { problems, .. }) = lines(&together) else {
        panic!("read");
    };
    let told: Vec<_> =
        problems.iter().map(|problem| (problem.line, problem.fault.code())).collect();
    let needed: Vec<_> = (2..).zip(cases.map(|(_, code)| code)).collect();
    assert_eq!(told, needed);
}

/// Lines that are good by themselves and not together.
#[test]
fn lines_that_contradict_each_other_are_refused() {
    for (second, code) in [
        ("2026-01-09,revenue,prints,1.00,CNY,,,,A-1", "reference_twice"),
        ("2026-01-02,opening,owed,1.00,CNY,,,,", "opening_differs"),
        ("2026-01-01,opening,owed,1.00,USD,,,,", "opening_differs"),
        ("2026-01-01,opening,earned,1.00,CNY,,,,", "opening_twice"),
        ("2026-01-31,rate,CNY,7.2,USD,,,,", "event_refused"),
    ] {
        let first = "2026-01-01,opening,earned,1.00,CNY,,,,\n\
                     2026-01-08,revenue,prints,1.00,CNY,,,,A-1\n\
                     2026-01-31,rate,CNY,7.1,USD,,,,\n";
        let error = lines(&format!("{first}{second}\n")).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().starts_with("line 5: "), "{error}");
    }
}

#[test]
fn a_file_that_is_no_sheet_is_refused() {
    let good = "2026-01-08,revenue,prints,1.00,CNY,,,,A-1";
    for (text, code) in [
        (String::new(), "events_empty"),
        (format!("{HEADING}\n"), "events_empty"),
        (format!("{HEADING}\n2026-01-31,rate,CNY,7.1,USD,,,,\n"), "events_empty"),
        (format!("{}\n{good}\n", HEADING.replace(',', ";")), "events_heading"),
        (format!("{}\n{good}\n", HEADING.replace("date,kind", "kind,date")), "events_heading"),
        (format!("{HEADING}\n{good}"), "line_truncated"),
        (format!("{HEADING}\n\"{good}\n"), "quote_unclosed"),
        (format!("{HEADING}\n{good}{}\n", "x".repeat(70_000)), "line_too_long"),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err().code(), code, "{text:.100}");
    }
    let broken = [HEADING.as_bytes(), b"\n2026-01-08,revenue,prints,1.00,CNY,,,\xff,\n"].concat();
    assert_eq!(read(&broken).unwrap_err().code(), "line_encoding");
    let missing = EventSheet::open("no/such/file".as_ref()).unwrap_err();
    assert!(matches!(missing, EventSheetError::File(IntakeError::Missing { .. })), "{missing:?}");
}

#[test]
fn only_the_first_hundred_problems_are_told() {
    let many = "2026-01-01,sale,prints,1.00,CNY,,,,\n".repeat(300);
    let error = lines(&many).unwrap_err();
    assert!(error.to_string().ends_with(", and 99 more lines or more"), "{error}");
    let EventSheetError::Lines { problems, more } = error else { panic!("{error:?}") };
    assert_eq!((problems.len(), more), (100, true));
}
