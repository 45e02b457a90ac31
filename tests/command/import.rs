//! Sales reports through the program: several contracts, currencies and reports, all of it or nothing,
//! recorded here or only signed.

use super::BEGUN;
use super::place::{Place, has_keys};
use std::fs;

const MAPPING: &str = "dates = \"YYYY-MM-DD\"\n[columns]\ndate = \"Day\"\namount = \"Net\"\n\
    reference = \"Order\"\ncurrency = \"Currency\"\ncontract = \"Under\"\n[constants]\n\
    category = \"revenue/prints\"\n[contracts]\nNL = \"northlight/share@1\"\n";

const REPORT: &str = "Day,Order,Under,Currency,Net\n2026-02-20,A-1,NL,CNY,100.00\n\
    2026-02-20,A-2,northlight/other@1,CNY,10.00\n2026-02-21,A-1,northlight/other@1,USD,5.00\n\
    2026-02-21,A-3,NL,USD,20.00\n";

/// As begun, with a second contract by a share of profit and a rate.
fn begun() -> Place {
    let place = Place::with(BEGUN);
    let form = place.read("share.toml").replace("slug = \"share\"", "slug = \"other\"");
    place.write("other.toml", form);
    for line in [
        "terms publish other.toml --as northlight",
        "accept northlight/other@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
        "rate USD/CNY 7 --source Bank --as northlight --on 2026-02-21",
    ] {
        place.done(line);
    }
    place.write("map.toml", MAPPING);
    place.write("report.csv", REPORT);
    place
}

fn earned(place: &Place, contract: &str) -> String {
    let owed = place.done(&format!("owed northlight/{contract}@1 --as-of 2026-03-31"));
    owed["lines"][0]["earned"].as_str().unwrap().to_owned()
}

const IMPORT: &str = "import report.csv --mapping map.toml --as wen";
const ANSWER: &str =
    "contract contracts works dry_run new_lines known_lines statements entries totals first_lines";

#[test]
fn a_report_covers_several_contracts_and_currencies() {
    let place = begun();
    let before = place.files();
    let dry = place.done(&format!("{IMPORT} --dry-run"));
    assert_eq!(place.files(), before);
    has_keys(&dry, ANSWER);
    has_keys(
        &dry["first_lines"][0],
        "kind category amount currency reference contract_entry work_entry units territory effective_at",
    );
    has_keys(&dry["totals"][0], "kind category currency amount units lines");
    let done = place.done(IMPORT);
    has_keys(&done, ANSWER);
    has_keys(&done["entries"][0], "entry id");
    assert_eq!((&dry["totals"], &dry["first_lines"]), (&done["totals"], &done["first_lines"]));
    // A statement for each contract and currency.
    assert_eq!([&done["new_lines"], &done["statements"]], [4, 4]);
    assert_eq!(done["contracts"].as_array().unwrap().len(), 2);
    assert!(done["contract"].is_null(), "{done}");
    // 5% of 100.00 + 7 x 20.00, and of 10.00 + 7 x 5.00.
    assert_eq!([earned(&place, "share"), earned(&place, "other")], ["12.00", "2.25"]);
    let again = place.done(IMPORT);
    assert_eq!([&again["new_lines"], &again["known_lines"]], [0, 4]);
    place.write("report.csv", format!("{REPORT}2026-02-22,A-4,NL,CNY,1.00\n"));
    let more = place.done(IMPORT);
    assert_eq!([&more["new_lines"], &more["known_lines"], &more["statements"]], [1, 4, 1]);
    place.done("verify");
}

#[test]
fn one_bad_line_of_one_contract_keeps_all_out() {
    let place = begun();
    for (line, code) in [
        ("2026-02-22,A-9,northlight/fee@1,CNY,1.00", "not_profit_share"),
        ("2026-02-22,A-9,elsewhere,CNY,1.00", "unknown_contract"),
        ("2026-02-22,A-9,,CNY,1.00", "field_empty"),
        ("2026-02-22,A-9,NL,USD,1.00", "no_exchange_rate"),
        ("2026-02-22,A-3,NL,CNY,1.00", "reference_used"),
    ] {
        place.write("report.csv", format!("{REPORT}{line}\n"));
        let error = place.refused(IMPORT.split(' '), code);
        assert_eq!(error["lines"][0]["line"], 6, "{line}: {error}");
        assert_eq!(error["lines"].as_array().unwrap().len(), 1, "{error}");
    }
    place.refused(format!("{IMPORT} --contract northlight/share@1").split(' '), "contracts");
}

#[test]
fn several_reports_are_recorded_together_or_not_at_all() {
    let place = begun();
    place.write(
        "map.toml",
        MAPPING
            .replace("contract = \"Under\"\n", "")
            .replace("[contracts]\nNL = \"northlight/share@1\"\n", ""),
    );
    place.write(
        "a.csv",
        "Day,Order,Currency,Net\n2026-02-20,B-2,CNY,1.00\n\n2026-02-21,B-1,CNY,5.00\n",
    );
    let two = "import report.csv a.csv --mapping map.toml --as wen";
    place.write(
        "report.csv",
        "Day,Order,Currency,Net\n2026-02-20,B-1,CNY,100.00\n2026-02-21,C-1,CNY,1.00\n",
    );
    let error =
        place.refused(format!("{two} --contract northlight/share@1").split(' '), "reference_used");
    assert_eq!((&error["report"], &error["lines"][0]["line"]), (&"a.csv".into(), &4.into()));
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("line 2 of report 1"), "{message}");
    place.refused(two.split(' '), "contracts");
    place.refused(
        "import report.csv none.csv --mapping map.toml --as wen --contract northlight/other@1"
            .split(' '),
        "file_missing",
    );
    place.write("a.csv", "Day,Order,Currency,Net\n2026-02-20,B-1,CNY,10.00\n");
    let each = format!("{two} --contract northlight/share@1 --contract northlight/other@1");
    let done = place.done(&each);
    assert_eq!([&done["new_lines"], &done["statements"]], [3, 2]);
    assert_eq!([earned(&place, "share"), earned(&place, "other")], ["5.05", "0.50"]);
    assert_eq!(place.done(&each)["known_lines"], 3);
    let page = place.said(&format!("{each} --dry-run"));
    assert!(page.contains("nothing is new"), "{page}");
}

const BY_WORK: &str = "dates = \"YYYY-MM-DD\"\n[columns]\ndate = \"Day\"\namount = \"Net\"\n\
    reference = \"Order\"\nwork = \"Work\"\n[constants]\ncurrency = \"CNY\"\n\
    category = \"revenue/prints\"\n";

/// A line of the poster is of its contract, one of `spring`, which is under a fee, of its own account.
#[test]
fn the_work_of_a_line_says_whose_account_it_is() {
    let place = begun();
    place.write("map.toml", BY_WORK);
    let report = "Day,Order,Work,Net\n2026-02-20,A-1,spring,10.00\n2026-02-20,A-1,poster,100.00\n";
    place.write("report.csv", report);
    let before = place.files();
    let dry = place.done(&format!("{IMPORT} --dry-run"));
    assert_eq!(place.files(), before);
    has_keys(&dry, ANSWER);
    let told =
        |line: &serde_json::Value| (line["contract_entry"].clone(), line["work_entry"].clone());
    let lines: Vec<_> = dry["first_lines"].as_array().unwrap().iter().map(told).collect();
    assert!(lines.contains(&(serde_json::Value::Null, 7.into())), "{lines:?}");
    assert!(lines.contains(&(6.into(), 8.into())), "{lines:?}");
    let done = place.done(IMPORT);
    assert_eq!([&done["new_lines"], &done["statements"]], [2, 2]);
    assert_eq!(done["works"].as_array().unwrap().len(), 1);
    assert_eq!(done["contracts"].as_array().unwrap().len(), 1);
    assert_eq!(done["contract"], serde_json::Value::Null);
    assert_eq!(earned(&place, "share"), "5.00");
    place.write("report.csv", format!("{report}2026-02-21,A-2,spring,1.00\n"));
    let more = place.done(IMPORT);
    assert_eq!([&more["new_lines"], &more["known_lines"]], [1, 2]);
    for (line, code) in [
        ("2026-02-21,A-2,spring,2.00", "reference_used"),
        ("2026-01-19,A-3,spring,2.00", "before_cause"),
        ("2026-02-21,A-3,,2.00", "contract_missing"),
        ("2026-02-21,A-3,winter,2.00", "unknown_work"),
    ] {
        place.write("report.csv", format!("{report}{line}\n"));
        let error = place.refused(IMPORT.split(' '), code);
        assert_eq!(error["lines"][0]["line"], 4, "{line}: {error}");
        assert_eq!(error["lines"].as_array().unwrap().len(), 1, "{error}");
    }
    // One work for the whole report: a line about another one is not of its account.
    let whole = format!("{IMPORT} --contract spring");
    place.write("report.csv", report);
    assert_eq!(place.refused(whole.split(' '), "other_work")["lines"][0]["line"], 3);
    place.write("report.csv", "Day,Order,Work,Net\n2026-02-22,A-4,,3.00\n");
    let done = place.done(&whole);
    assert_eq!(done["first_lines"][0]["work_entry"], 7);
    // Who never held it has nothing of what came in for it.
    place.done("party add bo --role creator");
    let of_bo = whole.replace("wen", "bo");
    place.refused(of_bo.split(' '), "proceeds_of_other");
    let verified = place.done("verify");
    assert_eq!(verified["error"], serde_json::Value::Null);
}

/// The party has a copy of the ledger and not its key; whoever runs the ledger has no key of hers.
#[test]
fn a_report_is_signed_in_one_place_and_submitted_in_another() {
    let place = begun();
    let copy = Place::bare();
    for name in ["deedbook.db", "deedbook.db.head", "report.csv", "map.toml"] {
        fs::copy(place.path(name), copy.path(name)).unwrap();
    }
    fs::rename(place.path("deedbook.db.keys/wen"), copy.path("wen.key")).unwrap();
    let line = format!("{IMPORT} --key wen.key");
    copy.refused(line.split(' '), "no_ledger_key");
    let ledger = fs::read(copy.path("deedbook.db")).unwrap();
    let signed = copy.done(&format!("{line} --out wen.statement"));
    has_keys(&signed, &format!("{ANSWER} signed"));
    assert_eq!([&signed["new_lines"], &signed["statements"]], [4, 4]);
    assert!(signed["entries"].as_array().unwrap().is_empty());
    assert_eq!(fs::read(copy.path("deedbook.db")).unwrap(), ledger);
    copy.refused(format!("{line} --out wen.statement").split(' '), "file_exists");
    copy.refused(format!("{line} --out new --dry-run").split(' '), "usage");
    let mut submit = "submit".to_owned();
    for statement in signed["signed"].as_array().unwrap() {
        has_keys(statement, "id out");
        let name = statement["out"].as_str().unwrap();
        fs::copy(copy.path(name), place.path(name)).unwrap();
        submit.push_str(&format!(" {name}"));
    }
    assert_eq!(submit, "submit wen.statement wen.statement.2 wen.statement.3 wen.statement.4");
    let submitted = place.done(&submit);
    let ids = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|it| it["id"].to_string()).collect()
    };
    assert_eq!(ids(&submitted["recorded"]), ids(&signed["signed"]));
    assert_eq!([earned(&place, "share"), earned(&place, "other")], ["12.00", "2.25"]);
    place.done("verify");
    let empty = Place::bare();
    empty.write("map.toml", MAPPING);
    fs::copy(copy.path("wen.key"), empty.path("wen.key")).unwrap();
    empty.write("report.csv", REPORT);
    empty.refused(format!("{line} --out x").split(' '), "ledger_needed");
}
