//! Statements of account through the program: asked for in each format, closed, accepted, disputed.

use super::BEGUN;
use super::place::{Place, has_keys};
use serde_json::Value;

const STATEMENT: &str = "contract title amended_by payer payee period from until is_over as_of known_at currency closed lines";
const CLOSED: &str = "closing entry registered_at by known_at balance digest status answered_by is_confirmed true_up causes";

fn begun() -> Place {
    let place = Place::with(BEGUN);
    place.done("revenue poster.png 1000.00 CNY --as wen --on 2026-02-01 --reference S-1");
    place
}

fn closed(place: &Place, contract: &str, period: &str) -> Value {
    let closed = place
        .done(&format!("statement close {contract} --period {period} --as wen --on 2026-04-02"));
    has_keys(
        &closed,
        "entry id registered_at new closing contract period balance currency digest effective_at",
    );
    assert_eq!(closed["closing"], closed["id"]);
    closed
}

fn status(place: &Place, contract: &str, period: &str) -> Value {
    let statement =
        place.done(&format!("statement {contract} --period {period} --as-of 2026-07-01"));
    has_keys(&statement, STATEMENT);
    has_keys(&statement["closed"], CLOSED);
    statement["closed"].clone()
}

#[test]
fn a_statement_is_written_in_each_format() {
    let place = begun();
    let line =
        "statement northlight/share@1 --period 2026-Q1 --as-of 2026-04-30 --known-at 2100-01-01";
    let answer = place.done(line);
    has_keys(&answer, STATEMENT);
    has_keys(&answer["lines"][0], "work currency opening closing due_at rows earned derivation");
    has_keys(&answer["lines"][0]["rows"][0], "group item label value working is_total");
    assert_eq!(answer["lines"][0]["closing"], "50.00");
    for (format, needed) in [
        ("text", "Closing balance"),
        ("csv", "contract,terms,payer,payee,period,work,title,item,label,amount,exact,currency"),
        ("html", "<!DOCTYPE html>"),
    ] {
        let page = place.said(&format!("{line} --format {format}"));
        assert!(page.contains(needed) && page.contains("50.00"), "{page}");
        let answer = place.done(&format!("{line} --format {format} -o page.{format}"));
        has_keys(&answer, &format!("{STATEMENT} out"));
        assert_eq!(answer["out"], format!("page.{format}"));
        // The moment of the question is all that may differ.
        let known = |page: &str| page.lines().filter(|line| !line.contains("known at")).count();
        assert_eq!(known(&place.read(&format!("page.{format}"))), known(&page));
        place.refused(
            format!("{line} --format {format} -o page.{format}").split(' '),
            "file_exists",
        );
    }
    let page = place.read("page.html");
    assert!(!page.contains("://") && !page.contains("<script"), "nothing from elsewhere: {page}");
    assert!(page.contains("<details open>"), "what is folded is not printed: {page}");
}

#[test]
fn a_statement_is_closed_accepted_and_trued_up() {
    let place = begun();
    let early = "statement close northlight/share@1 --period 2026-Q1 --as wen --on 2026-03-31";
    place.refused(early.split(' '), "period_not_over");
    let line = "statement close northlight/share@1 --period 2026-Q1 --on 2026-04-02 --as";
    place.refused(format!("{line} northlight").split(' '), "accounts_of_other");
    let closing = closed(&place, "northlight/share@1", "2026-Q1");
    assert_eq!([&closing["balance"], &closing["period"]], ["50.00", "2026-Q1"]);
    let again = place.done(&format!("{line} wen"));
    assert_eq!((&again["new"], &again["entry"]), (&false.into(), &closing["entry"]));
    let before = status(&place, "northlight/share@1", "2026-Q1");
    assert_eq!([&before["status"], &before["digest"]], [&"unanswered".into(), &closing["digest"]]);
    let number = format!("#{}", closing["entry"]);
    place.refused(format!("statement accept {number} --as wen").split(' '), "statement_for_other");
    let accepted = place.done(&format!("statement accept {number} --as northlight"));
    has_keys(&accepted, "entry id registered_at new closing");
    assert_eq!(accepted["closing"], closing["closing"]);
    place.refused(
        format!("statement dispute {number} --reason no --as northlight").split(' '),
        "statement_answered",
    );
    let late = place.done("revenue poster.png 100.00 CNY --as wen --on 2026-03-01 --reference S-2");
    let after = status(&place, "northlight/share@1", "2026-Q1");
    assert_eq!((&after["status"], &after["is_confirmed"]), (&"accepted".into(), &true.into()));
    assert_eq!([&after["balance"], &after["true_up"]], ["50.00", "5.00"]);
    assert_eq!(after["causes"][0], late["entry"]);
    let page = place.said("statement northlight/share@1 --period 2026-Q2 --as-of 2026-07-01");
    assert!(page.contains("True-up of 2026-Q1") && page.contains("5.00"), "{page}");
}

#[test]
fn a_disputed_statement_may_be_closed_anew() {
    let place = begun();
    let first = closed(&place, "northlight/share@1", "2026-Q1");
    let disputed = place.done(&format!(
        "statement dispute #{} --reason incomplete --as northlight",
        first["entry"]
    ));
    has_keys(&disputed, "entry id registered_at new closing");
    assert_eq!(status(&place, "northlight/share@1", "2026-Q1")["status"], "disputed");
    place.done("revenue poster.png 100.00 CNY --as wen --on 2026-03-01 --reference S-2");
    let second = closed(&place, "northlight/share@1", "2026-Q1");
    assert_eq!(second["balance"], "55.00");
    let found = status(&place, "northlight/share@1", "2026-Q1");
    assert_eq!((&found["status"], &found["closing"]), (&"unanswered".into(), &second["closing"]));
}

#[test]
fn the_statement_of_a_fee_is_closed_too() {
    let place = begun();
    let closing = closed(&place, "northlight/fee@1", "2026-02");
    assert_eq!([&closing["balance"], &closing["currency"]], ["49.00", "CNY"]);
    place.done(&format!("statement accept #{} --as northlight", closing["entry"]));
    let found = status(&place, "northlight/fee@1", "2026-02");
    assert_eq!((&found["status"], &found["is_confirmed"]), (&"accepted".into(), &true.into()));
    let quarter = closed(&place, "northlight/fee@1", "2026-Q1");
    place.done(&format!("statement dispute #{} --reason no --as northlight", quarter["entry"]));
    let paid = place.done("pay spring.png 49.00 CNY --as wen --on 2026-02-10");
    place.done(&format!("confirm #{} --as northlight --on 2026-02-11", paid["entry"]));
    let found = status(&place, "northlight/fee@1", "2026-02");
    assert_eq!([&found["balance"], &found["true_up"]], ["49.00", "-49.00"]);
    let page = place.said("statement northlight/fee@1 --period 2026-03 --as-of 2026-07-01");
    assert!(page.contains("True-up of 2026-02"), "{page}");
    place.done("verify");
}

/// A work stands for its contract, by a share or by a fee, with what is shared of its own account; a
/// bare claim has no statement, and the answer says where its figures are.
#[test]
fn a_work_stands_for_its_contract() {
    let place = begun();
    let by_contract =
        place.done("statement northlight/share@1 --period 2026-Q1 --known-at 2100-01-01");
    let by_work = place.done("statement poster.png --period 2026-Q1 --known-at 2100-01-01");
    assert_eq!(by_work["contract"], by_contract["contract"]);
    assert_eq!(by_work["lines"], by_contract["lines"]);
    place.done("party add bo --role creator");
    place.done("pay spring.png 49.00 CNY --as wen --on 2026-02-01");
    place.done("confirm #11 --as northlight --on 2026-02-02");
    place.done("assign spring.png --to bo --share 1/4 --as wen --on 2026-02-03");
    place.done("revenue spring.png 20.00 USD --as wen --on 2026-02-04 --reference W-1");
    let page = place.said("statement spring.png --period 2026-Q1");
    assert!(page.contains("Owed to bo of “spring” (#7), in USD"), "{page}");
    let row = place.said("statement spring.png --period 2026-Q1 --format csv");
    assert!(row.contains("5.00,,USD"), "{row}");
    place.write("bare.txt", "bare");
    place.done("register bare.txt --as bo --on 2026-02-04");
    for line in [
        "statement bare.txt --period 2026-Q1",
        "statement close bare.txt --period 2026-Q1 --as bo --on 2026-04-02",
    ] {
        let error = place.refused(line.split(' '), "no_statement");
        assert!(
            error["hint"].as_str().unwrap().contains("deedbook owed '#15' --explain"),
            "{error}"
        );
    }
    closed(&place, "poster.png", "2026-Q1");
}

/// A contract of this day under terms of a net base with these clauses, as `northlight/walked@1`.
fn walked(clauses: &str) -> Place {
    let place = Place::with(BEGUN);
    let head =
        "form = \"profit-share\"\nslug = \"walked\"\ntitle = \"Walked\"\neffective = 2026-01-01";
    let share = "[profit_share]\ncurrency = \"CNY\"\nbase = \"net\"\nrate = \"10%\"";
    place.write("walked.toml", format!("{head}\n{share}\n{clauses}\n"));
    place.done("terms publish walked.toml --as northlight --on 2026-01-01");
    place.done(
        "accept northlight/walked@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
    );
    place
}

/// Each row but its figure's alignment: `label figure working`.
fn squeezed(place: &Place, period: &str) -> Vec<String> {
    let line = format!("statement northlight/walked@1 --period {period} --as-of 2026-11-01");
    let page = place.said(&line);
    page.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// By hand: an advance of 300.00 fell due on 1 February, before accounts moved here on 1 April, when 80.00
/// of 120.00 earned was open and 60.00 of the advance was not recouped. The quarter of the move opens with
/// nothing: not with the advance, which the parties did not carry over. 10% of 1,000.00 is 100.00, of which
/// 60.00 are recouped.
#[test]
fn an_account_that_moved_here_opens_with_what_both_sides_stated() {
    let place = walked(
        "deductions = [\"printing\"]\nadvance = [{ amount = \"300.00 CNY\", on = 2026-02-01 }]",
    );
    let line = "opening northlight/walked@1 CNY --earned 120.00 --paid 40.00 --advance 60.00 --as wen --on 2026-04-01";
    let opening = place.done(line)["entry"].clone();
    place.done(&format!("agree #{opening} --as northlight"));
    place.done("revenue northlight/walked@1 1000.00 CNY --as wen --on 2026-05-01 --reference S-1");
    let page = squeezed(&place, "2026-Q2");
    for row in [
        "Opening balance 0.00".to_owned(),
        "Recouped from advances -60.00".to_owned(),
        format!("Moved here 80.00 #{opening}: how the account stood on 2026-04-01"),
        "Closing balance 120.00".to_owned(),
    ] {
        assert!(page.contains(&row), "{row}: {page:#?}");
    }
    assert!(!page.iter().any(|row| row.starts_with("Change in the figures")), "{page:#?}");
    let before = "statement northlight/walked@1 --period 2026-Q1 --as-of 2026-11-01";
    place.refused(before.split(' '), "period");
    let owed = place.said("owed northlight/walked@1 --as-of 2026-11-01 --explain");
    let stated = format!(
        "opening balance = 120.00 earned - 40.00 paid = 80.00 CNY: what was due and not paid when the account was moved here, on 2026-04-01 [#{opening}]"
    );
    assert!(owed.contains(&stated), "{owed}");
    let books = place.said("export northlight/walked@1 --format beancount --as-of 2026-11-01");
    let stated = format!("2026-04-01 * \"opening balance\"\n  entry: \"{opening}\"\n");
    assert!(books.contains(&stated), "{books}");
}

/// By hand: of 700.00 spent 500.00 are deducted, half of 40.00 is taken off the yield: 50.00 - 20.00. In the
/// next quarter nothing of the cap is left.
#[test]
fn what_a_cap_leaves_out_of_all_deductions_is_said_beside_their_sum() {
    let place = walked(
        "deductions = [\"ads\", \"printing\", { category = \"video\", share = \"50%\" }]\ndeduction_cap = { cap = \"500.00 CNY\", over = \"term\" }",
    );
    for line in [
        "revenue northlight/walked@1 1000.00 CNY --as wen --on 2026-02-01",
        "expense northlight/walked@1 100.00 CNY --category ads --as wen --on 2026-02-01",
        "expense northlight/walked@1 600.00 CNY --category printing --as wen --on 2026-02-01",
        "expense northlight/walked@1 40.00 CNY --category video --as wen --on 2026-02-01",
        "revenue northlight/walked@1 200.00 CNY --as wen --on 2026-05-01",
        "expense northlight/walked@1 30.00 CNY --category ads --as wen --on 2026-05-01",
    ] {
        place.done(line);
    }
    for (period, rows) in [
        (
            "2026-Q1",
            [
                "Deduction: video -40.00 50% x 40.00 is taken off the yield instead",
                "Deductions -500.00 the lesser of 700.00 and 500.00 - 0.00 before: at most 500.00 CNY over the term",
                "Earned 30.00",
            ],
        ),
        (
            "2026-Q2",
            [
                "Deduction: ads -30.00",
                "Deductions 0.00 the lesser of 730.00 and 500.00 - 500.00 before: at most 500.00 CNY over the term",
                "Earned 20.00",
            ],
        ),
    ] {
        let page = squeezed(&place, period);
        for row in rows {
            assert!(page.contains(&row.to_owned()), "{row}: {page:#?}");
        }
    }
}

/// By hand: the work has its own account of 10% of 900.00; a line that names none has 10% of 100.00 in the
/// account beside it, no part of which is the work's.
#[test]
fn a_work_with_its_own_account_bears_nothing_of_the_account_beside_it() {
    let place = walked("deductions = [\"printing\"]\npool = \"work\"");
    for name in ["one.txt", "two.txt"] {
        place.write(name, name);
        place.done(&format!(
            "register {name} --as wen --contract northlight/walked@1 --on 2026-01-20"
        ));
    }
    place.done("revenue one.txt 900.00 CNY --as wen --on 2026-02-01");
    place.done("revenue northlight/walked@1 100.00 CNY --as wen --on 2026-02-01");
    let parts = place.done("owed northlight/walked@1 --by work --as-of 2026-11-01");
    let parts = parts["parts"].as_array().unwrap_or_else(|| panic!("{parts}"));
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|part| {
            (part["work"]["title"].as_str().unwrap_or("-"), part["earned"].as_str().unwrap())
        })
        .collect();
    assert_eq!(parts, [("-", "10.00"), ("one", "90.00")]);
}
