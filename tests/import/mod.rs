//! Import of sales reports, from bytes to lines of account.

mod property;
mod refusal;
mod several;

use crate::support::{
    Story, account, at, check_ledger, confirmation, line, northlight, payment, picture, text, wen,
};
use deedbook::admission::AccountLineFacts;
use deedbook::intake::{Mapping, SalesReport};
use deedbook::ledger::{Import, ImportError, Imported};
use deedbook::record::{Correction, EntryNumber, LineKind, Payment, Purpose, RecordId};
use std::path::Path;

/// The mapping of the reports here, without its first lines.
const COLUMNS: &str = "[columns]\ndate = \"Day\"\namount = \"Net\"\nreference = \"Order\"\n\
    category = \"Type\"\nwork = \"Title\"\nunits = \"Qty\"\nterritory = \"Country\"\n\
    [constants]\ncurrency = \"CNY\"\n[categories]\nsale = \"revenue/print-sales\"\n\
    fee = \"expense/platform-fees\"\nrent = \"expense/rent\"\ntotal = \"skip\"\n\
    [works]\nsku-1 = \"#8\"\n[territories]\nGermany = \"DE\"\n";

const HEADING: &str = "Day,Order,Type,Title,Qty,Country,Net\n";

fn mapping(first_lines: &str) -> Mapping {
    Mapping::parse(&format!("dates = \"YYYY-MM-DD\"\n{first_lines}{COLUMNS}")).unwrap()
}

/// Wen with two works under her contract by a share of profit, #8 and #9, and one elsewhere, #10.
fn story() -> (Story, EntryNumber) {
    let mut story = Story::begin();
    let contract = story.share_contract;
    story.work_of_wen("spring", Some(contract));
    story.work_of_wen("autumn, again", Some(contract));
    story.work_of_wen("elsewhere", None);
    let entry = entry_of(&story, contract);
    (story, entry)
}

fn entry_of(story: &Story, id: RecordId) -> EntryNumber {
    story.register.ledger().read().unwrap().entry_number(&id).unwrap().unwrap()
}

fn run(
    story: &mut Story,
    contract: EntryNumber,
    mapping: &Mapping,
    bytes: &[u8],
    dry_run: bool,
) -> Result<Imported, ImportError> {
    story.register.clock.advance_ms(1000);
    let actor = wen();
    let party = actor.handle.parse().unwrap();
    let import = Import { contract, party: &party, signer: &actor.key, dry_run };
    let mut report = SalesReport::read(bytes, Path::new("report.csv"), mapping)?;
    story.register.ledger_mut().import(&mut report, &import)
}

/// Imports what must be good, and checks the whole ledger.
fn import(story: &mut Story, contract: EntryNumber, csv: &[u8]) -> Imported {
    let imported = run(story, contract, &mapping("negative = \"refund\"\n"), csv, false).unwrap();
    check_ledger(story.register.ledger());
    imported
}

/// What the ledger holds of a contract: its lines without their places, and its sums.
fn held(story: &Story, contract: EntryNumber) -> Vec<String> {
    let reader = story.register.ledger().read().unwrap();
    let nowhere = |line: AccountLineFacts| AccountLineFacts {
        entry: EntryNumber::default(),
        line: 0,
        ..line
    };
    let lines = reader.account_lines(contract, None, None, usize::MAX).unwrap();
    let mut held: Vec<String> =
        lines.into_iter().map(|line| format!("{:?}", nowhere(line))).collect();
    held.sort();
    let mut works = vec![None];
    works.extend(reader.works_with_sums(contract).unwrap().into_iter().map(Some));
    for work in works {
        for mut sum in reader.account_sums(contract, work, None).unwrap() {
            sum.entry = EntryNumber::default();
            held.push(format!("{sum:?}"));
        }
    }
    held
}

const REPORT: &str = "Day,Order,Type,Title,Qty,Country,Net\n\
    2026-02-20,A-1,sale,spring,2,Germany,59.80\n\
    2026-02-21,A-2,sale,\"autumn, again\",1,CN,14.90\n\
    2026-02-21,A-3,sale,sku-1,,,1.00\n\
    2026-02-22,A-4,sale,spring,-1,DE,-29.90\n\
    2026-02-28,,total,,,,45.80\n\
    2026-02-28,A-5,fee,,,,9.61\n";

#[test]
fn a_report_is_recorded_as_it_says() {
    let (mut story, contract) = story();
    let imported = import(&mut story, contract, REPORT.as_bytes());
    assert_eq!((imported.new_lines, imported.known_lines, imported.statements.len()), (5, 0, 1));
    insta::assert_snapshot!(held(&story, contract).join("\n"));
}

#[test]
fn however_a_spreadsheet_writes_it_it_is_read() {
    let (mut story, contract) = story();
    import(&mut story, contract, REPORT.as_bytes());
    let whole = held(&story, contract);
    let crlf = REPORT.replace('\n', "\r\n");
    let quoted = REPORT.replace("A-1", "\"A-1\"").replace("2026-02-22", "\"2026-02-22\"");
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = format!("\u{feff}{crlf}");
        marked.encode_utf16().flat_map(bytes).collect()
    };
    for (name, bytes) in [
        ("line feeds alone", REPORT.as_bytes().to_vec()),
        ("a byte-order mark", format!("\u{feff}{REPORT}").into_bytes()),
        ("carriage returns", crlf.clone().into_bytes()),
        ("quoted fields", quoted.into_bytes()),
        ("blank lines", REPORT.replace('\n', "\n\n").into_bytes()),
        ("UTF-16, little end first", utf_16(u16::to_le_bytes)),
        ("UTF-16, big end first", utf_16(u16::to_be_bytes)),
    ] {
        let imported = import(&mut story, contract, &bytes);
        assert_eq!((imported.new_lines, imported.known_lines), (0, 5), "{name}");
        assert_eq!(held(&story, contract), whole, "{name}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_the_run_then_does() {
    let (mut story, contract) = story();
    let before = picture(story.register.ledger());
    let mapping = mapping("negative = \"refund\"\n");
    let dry = run(&mut story, contract, &mapping, REPORT.as_bytes(), true).unwrap();
    assert_eq!(picture(story.register.ledger()), before);
    let done = import(&mut story, contract, REPORT.as_bytes());
    assert_eq!((dry.new_lines, dry.totals), (done.new_lines, done.totals));
    let ids = |imported: &[deedbook::ledger::Recorded]| -> Vec<EntryNumber> {
        imported.iter().map(|recorded| recorded.entry).collect()
    };
    assert_eq!(ids(&dry.statements), ids(&done.statements));
}

/// A late correction changes what is owed now, and nothing of what was known before.
#[test]
fn a_reversed_line_leaves_its_sums_from_then_on() {
    let (mut story, contract) = story();
    import(&mut story, contract, REPORT.as_bytes());
    let gross = |story: &Story, known: Option<EntryNumber>| -> (i64, i64) {
        let reader = story.register.ledger().read().unwrap();
        let sums = reader.account_sums(contract, None, known).unwrap();
        let revenue = sums.iter().filter(|sum| sum.kind == LineKind::Revenue);
        revenue.fold((0, 0), |(minor, lines), sum| (minor + sum.minor, lines + sum.lines))
    };
    assert_eq!(gross(&story, None), (7570, 3));
    let before = story.register.ledger().read().unwrap().size().unwrap() - 1;
    let mut instead = line(LineKind::Revenue, "print-sales", 5000, "A-1-corrected");
    instead.on = at("2026-02-20");
    let correction = Correction {
        work: None,
        reason: text("the price was another"),
        contract: Some(story.share_contract),
        reference: text("A-1"),
        replacement: Some(account(story.share_contract, vec![instead])),
    };
    story.register.record(&wen(), correction);
    assert_eq!(gross(&story, None), (7570 - 5980 + 5000, 3));
    assert_eq!(gross(&story, Some(EntryNumber::new(before))), (7570, 3));
    let reader = story.register.ledger().read().unwrap();
    let references = |known| -> Vec<String> {
        let lines = reader.account_lines(contract, None, known, 9).unwrap();
        lines.iter().map(|line| line.reference.to_string()).collect()
    };
    assert_eq!(references(None), ["A-1-corrected", "A-2", "A-3", "A-4", "A-5"]);
    let known = Some(EntryNumber::new(before));
    assert_eq!(references(known), ["A-1", "A-2", "A-3", "A-4", "A-5"]);
    let corrections = reader.corrections(contract, None).unwrap();
    assert_eq!((corrections.len(), corrections[0].reference.as_str()), (1, "A-1"));
    // The report again: the line that was reversed is still known by its reference.
    drop(reader);
    let again = import(&mut story, contract, REPORT.as_bytes());
    assert_eq!((again.new_lines, again.known_lines), (0, 5));
}

/// What was paid back is missing again while title has not passed, and takes back none that has.
#[test]
fn a_refund_of_a_fee_before_title_passes() {
    let mut story = Story::begin();
    let fee = story.fee_contract;
    let spring = story.work_of_wen("spring", Some(fee));
    let work = entry_of(&story, spring);
    let register = &mut story.register;
    let first = register.record(&wen(), payment(fee, Some(spring), "30.00 CNY", "p-1"));
    register.record(&northlight(), confirmation(first));
    let back = Payment {
        purpose: Some(Purpose::Refund),
        ..payment(fee, Some(spring), "10.00 CNY", "b-1")
    };
    let back = register.record(&northlight(), back);
    register.record(&wen(), confirmation(back));
    let second = register.record(&wen(), payment(fee, Some(spring), "19.00 CNY", "p-2"));
    register.record(&northlight(), confirmation(second));
    let holder = |register: &crate::support::Register| {
        register.ledger().read().unwrap().title_rows(work).unwrap()[0].holder
    };
    assert_eq!(holder(register), EntryNumber::new(1), "10.00 of the fee are missing again");
    let third = register.record(&wen(), payment(fee, Some(spring), "10.00 CNY", "p-3"));
    register.record(&northlight(), confirmation(third));
    assert_eq!(holder(register), EntryNumber::new(2));
    let all = Payment {
        purpose: Some(Purpose::Refund),
        ..payment(fee, Some(spring), "49.00 CNY", "b-2")
    };
    let all = register.record(&northlight(), all);
    register.record(&wen(), confirmation(all));
    assert_eq!(holder(register), EntryNumber::new(2), "title that has passed stays");
}

#[test]
fn a_large_report_is_several_statements_of_one_transaction() {
    let (mut story, contract) = story();
    let line = |number: u32| format!("2026-02-20,L-{number:05},sale,spring,1,CN,1.00\n");
    let report: String = std::iter::once(HEADING.to_owned()).chain((0..2500).map(line)).collect();
    let before = story.register.ledger().read().unwrap().size().unwrap();
    let imported = import(&mut story, contract, report.as_bytes());
    assert_eq!((imported.new_lines, imported.statements.len()), (2500, 3));
    let times: Vec<_> = imported.statements.iter().map(|entry| entry.registered_at).collect();
    assert!(times.windows(2).all(|pair| pair[0] == pair[1]));
    let reader = story.register.ledger().read().unwrap();
    assert_eq!(reader.size().unwrap(), before + 3);
    let sums = reader.account_sums(contract, None, None).unwrap();
    assert_eq!((sums.len(), sums[0].minor, sums[0].units, sums[0].lines), (1, 250_000, 2500, 2500));
    // What was known before the last statement.
    let known = EntryNumber::new(before + 1);
    assert_eq!(reader.account_sums(contract, None, Some(known)).unwrap()[0].lines, 2000);
}

#[test]
fn references_too_long_for_a_thousand_lines_make_more_statements() {
    let (mut story, contract) = story();
    let long = "春".repeat(70);
    let line = |number: u32| format!("2026-02-20,{long}{number:05},sale,spring,1,CN,1.00\n");
    let report: String = std::iter::once(HEADING.to_owned()).chain((0..1000).map(line)).collect();
    let imported = import(&mut story, contract, report.as_bytes());
    assert_eq!(imported.new_lines, 1000);
    assert!(imported.statements.len() > 3, "{}", imported.statements.len());
}

/// Reports under a contract each, imported together.
fn run_all(
    story: &mut Story,
    reports: &[(EntryNumber, &[u8])],
    mapping: &Mapping,
) -> Result<Imported, ImportError> {
    story.register.clock.advance_ms(1000);
    let actor = wen();
    let party = actor.handle.parse().unwrap();
    let contract = reports[0].0;
    let import = Import { contract, party: &party, signer: &actor.key, dry_run: false };
    let reports: Vec<_> = reports
        .iter()
        .map(|(contract, bytes)| {
            (*contract, SalesReport::read(*bytes, Path::new("report.csv"), mapping))
        })
        .collect();
    story.register.ledger_mut().import_all(reports, &import)
}

#[test]
fn reports_that_are_imported_together_are_recorded_as_if_one_by_one() {
    let (mut story, contract) = story();
    let second = "Day,Order,Type,Title,Qty,Country,Net\n\
        2026-02-22,A-2,sale,\"autumn, again\",1,CN,14.90\n\
        2026-02-23,A-6,sale,spring,1,CN,1.50\n";
    let again = second.replace("2026-02-22,A-2", "2026-02-21,A-2");
    let reports = [(contract, REPORT.as_bytes()), (contract, again.as_bytes())];
    let imported = run_all(&mut story, &reports, &mapping("negative = \"refund\"\n")).unwrap();
    check_ledger(story.register.ledger());
    assert_eq!((imported.new_lines, imported.known_lines, imported.statements.len()), (6, 1, 2));
    let together = held(&story, contract);

    let (mut story, contract) = self::story();
    import(&mut story, contract, REPORT.as_bytes());
    import(&mut story, contract, again.as_bytes());
    assert_eq!(held(&story, contract), together);
}

#[test]
fn of_reports_that_are_imported_together_all_are_recorded_or_none() {
    let (mut story, contract) = story();
    let before = held(&story, contract);
    let differs = "Day,Order,Type,Title,Qty,Country,Net\n2026-02-21,A-2,sale,spring,1,CN,99.00\n";
    let never_read = b"Day,Order,Type,Title,Qty,Country,Net\n2026-02-21,A-9,sale,spring,1,CN,x\n";
    let reports =
        [(contract, REPORT.as_bytes()), (contract, differs.as_bytes()), (contract, never_read)];
    let refused = run_all(&mut story, &reports, &mapping("negative = \"refund\"\n")).unwrap_err();
    let said = refused.to_string();
    assert!(said.starts_with("report 2: line 2: reference `A-2`"), "{said}");
    assert!(said.ends_with("in line 3 of report 1"), "{said}");
    assert!(
        matches!(&refused, ImportError::Lines { report: 2, problems, .. } if problems.len() == 1)
    );
    let nowhere = EntryNumber::new(0);
    let reports = [(contract, REPORT.as_bytes()), (nowhere, REPORT.as_bytes())];
    assert!(run_all(&mut story, &reports, &mapping("negative = \"refund\"\n")).is_err());
    let empty: &[u8] = b"";
    let reports = [(contract, REPORT.as_bytes()), (contract, empty)];
    let refused = run_all(&mut story, &reports, &mapping("negative = \"refund\"\n")).unwrap_err();
    assert!(matches!(refused, ImportError::Report { report: 2, .. }), "{refused}");
    assert_eq!(held(&story, contract), before);
    check_ledger(story.register.ledger());
}
