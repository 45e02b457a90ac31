//! Accounts through the program: what each command answers, in the shapes that `schema/cli-v1.md`
//! describes, and what is owed and exported after it.

use super::BEGUN;
use super::place::{Place, has_keys, keys};
use serde_json::Value;

/// What every statement that was recorded has.
const RECORDED: &str = "entry id registered_at new";
const LINE: &str =
    "account contract work kind amount currency category units territory reference effective_at";

/// What an answer has beside the keys of every recording.
#[track_caller]
fn recorded(answer: &Value, named: &str) {
    has_keys(answer, &format!("{RECORDED} {named}"));
    assert_eq!(answer["new"], true, "{answer}");
}

fn begun() -> Place {
    Place::with(BEGUN)
}

#[test]
fn a_line_is_reported_and_corrected() {
    let place = begun();
    let sale = place.done("revenue poster.png 1000.00 CNY --as wen --on 2026-02-01 --category prints --units 10 --territory CN --reference S-1");
    recorded(&sale, LINE);
    assert_eq!([&sale["kind"], &sale["amount"], &sale["territory"]], ["revenue", "1000.00", "CN"]);
    let cost = place.done("expense poster.png 100.00 CNY --as wen --on 2026-02-02 --category printing --reference E-1");
    recorded(&cost, LINE);
    let back = place.done("refund poster.png 200.00 CNY --as wen --on 2026-02-03 --reference B-1");
    recorded(&back, LINE);
    let earned =
        || place.done("owed northlight/share@1 --as-of 2026-03-31")["lines"][0]["earned"].clone();
    // 5% of 1000.00 - 100.00 - 200.00.
    assert_eq!(earned(), "35.00");
    let corrected =
        place.done("correct northlight/share@1 B-1 --reason miscounted --amount 50.00 --as wen");
    recorded(&corrected, "contract work reference reversed_entry replacement");
    assert_eq!(corrected["replacement"], "B-1-corrected");
    assert_eq!(corrected["reversed_entry"], back["entry"]);
    assert_eq!(earned(), "42.50");
    let reversed = place.done("correct northlight/share@1 E-1 --reason twice --as wen");
    assert_eq!(reversed["replacement"], Value::Null);
    assert_eq!(earned(), "47.50");
    place.refused(
        "correct northlight/share@1 E-1 --reason again --as wen".split(' '),
        "already_reversed",
    );
    place.refused(
        "correct northlight/share@1 none --reason again --as wen".split(' '),
        "unknown_line",
    );
    let again = place.done("revenue poster.png 1000.00 CNY --as wen --on 2026-02-01 --category prints --units 10 --territory CN --reference S-1");
    assert_eq!((&again["new"], &again["entry"]), (&Value::Bool(false), &sale["entry"]));
}

#[test]
fn an_advance_is_recouped_and_a_payment_given_back() {
    let place = begun();
    let payment = "payment contract work payee purpose amount currency reference effective_at";
    let advance =
        place.done("advance northlight/share@1 30.00 CNY --as wen --reference V-1 --on 2026-02-01");
    recorded(&advance, payment);
    assert_eq!(advance["purpose"], "advance");
    let confirmed =
        place.done(&format!("confirm #{} --as northlight --on 2026-02-01", advance["entry"]));
    recorded(&confirmed, "payment effective_at moved");
    place.done("revenue poster.png 1000.00 CNY --as wen --on 2026-02-01");
    let owed =
        || place.done("owed northlight/share@1 --as-of 2026-04-30")["lines"][0]["owed"].clone();
    assert_eq!(owed(), "20.00", "50.00 less what was paid ahead");
    let paid =
        place.done("pay northlight/share@1 20.00 CNY --as wen --reference P-1 --on 2026-04-01");
    place.done(&format!("confirm #{} --as northlight --on 2026-04-02", paid["entry"]));
    assert_eq!(owed(), "0.00");
    let back = place.done("pay northlight/share@1 5.00 CNY --purpose refund --as northlight --reference R-1 --on 2026-04-03");
    recorded(&back, payment);
    assert_eq!(back["purpose"], "refund");
    place.done(&format!("confirm #{} --as wen --on 2026-04-04", back["entry"]));
    assert_eq!(owed(), "5.00");
}

#[test]
fn accounts_that_move_here_begin_with_what_both_sides_agree_to() {
    let place = begun();
    let line = "opening northlight/share@1 CNY --earned 100.00 --paid 40.00 --base 2000.00 --as wen --on 2026-02-01";
    let opening = place.done(line);
    recorded(&opening, "opening contract currency effective_at");
    let owed =
        || place.done("owed northlight/share@1 --as-of 2026-03-31")["lines"][0]["owed"].clone();
    assert_eq!(owed(), "0.00", "the other side has not agreed");
    let agreed = place.done(&format!("agree #{} --as northlight", opening["entry"]));
    recorded(&agreed, "opening");
    assert_eq!(owed(), "60.00");
    place
        .refused("revenue poster.png 1.00 CNY --as wen --on 2026-01-31".split(' '), "before_cause");
}

#[test]
fn a_rate_converts_and_stands() {
    let place = begun();
    let rate = place.done("rate USD/CNY 7.1000 --source Bank --as northlight --on 2026-02-01");
    recorded(&rate, "base quote rate effective_at");
    assert_eq!(rate["rate"], "7.1", "as it is published, zeros and all");
    place.done("revenue poster.png 100.00 USD --as wen --on 2026-02-01 --reference U-1");
    let owed = place.done("owed northlight/share@1 --as-of 2026-03-31");
    assert_eq!(owed["lines"][0]["earned"], "35.50");
    place.refused(
        "rate USD/CNY 7.2 --source Bank --as northlight --on 2026-02-01".split(' '),
        "rate_differs",
    );
    let corrected =
        place.done("correct northlight/share@1 U-1 --reason less --amount 50.00 --as wen");
    assert_eq!(corrected["replacement"], "U-1-corrected", "in the currency of the line");
    let owed = place.done("owed northlight/share@1 --as-of 2026-03-31");
    assert_eq!(owed["lines"][0]["earned"], "17.75");
}

/// Half of the poster is bo's from 1 March: half of 1000.00 less 5%, of which wen pays 100.00.
#[test]
fn a_holder_is_paid_its_part_of_the_proceeds() {
    let place = begun();
    place.done("party add bo --role creator");
    place.done("assign poster.png --to bo --share 1/2 --as wen --on 2026-03-01");
    place.done("revenue poster.png 1000.00 CNY --as wen --on 2026-03-02 --reference S-1");
    let line = "pay poster.png 100.00 CNY --to bo --as wen --on 2026-04-01 --reference D-1";
    let paid = place.done(line);
    recorded(&paid, "payment contract work payee purpose amount currency reference effective_at");
    assert_eq!(paid["purpose"], "proceeds");
    let part = || {
        let answer = place.done("owed poster.png --as-of 2026-04-30");
        let parts = answer["proceeds"][0]["parts"].as_array().unwrap().clone();
        has_keys(&parts[0], "payee ground holds amount paid owed");
        assert!(parts.iter().any(|it| it["payee"] == "wen" && it["paid"].is_null()), "{parts:?}");
        let of_bo = parts.into_iter().find(|it| it["payee"] == "bo").unwrap();
        ["amount", "paid", "owed"].map(|key| of_bo[key].as_str().unwrap().to_owned())
    };
    assert_eq!(part(), ["475.00", "0.00", "475.00"]);
    place.done(&format!("confirm #{} --as bo --on 2026-04-02", paid["entry"]));
    assert_eq!(part(), ["475.00", "100.00", "375.00"]);
    let page = place.said("owed poster.png --as-of 2026-04-30");
    assert!(page.contains("375.00") && page.contains("--to HANDLE"), "{page}");
    let history = place.said("history poster.png");
    assert!(history.contains("100.00 CNY to bo of the proceeds"), "{history}");
    let sides = place.done("owed --by party --as-of 2026-04-30");
    let of_bo = sides["parties"].as_array().unwrap().iter().find(|it| it["payee"] == "bo");
    assert_eq!(of_bo.unwrap()["owed"], "375.00");
    place.refused(format!("{line} --purpose advance").split(' '), "value");
    place.refused("pay poster.png 1.00 CNY --to wen --as wen".split(' '), "payment_to_self");
    place.refused("pay northlight/fee@1 1.00 CNY --to bo --as wen".split(' '), "value");
    // A part is given back by who got it; what a work under a fee brings is shared likewise.
    let back = "pay poster.png 25.00 CNY --to wen --as bo --purpose refund --on 2026-04-03";
    let back = place.done(back);
    assert_eq!(
        (back["purpose"].as_str(), back["contract"].as_str()),
        (Some("proceeds-refund"), None)
    );
    place.done(&format!("confirm #{} --as wen --on 2026-04-04", back["entry"]));
    assert_eq!(part(), ["475.00", "75.00", "400.00"]);
    place.done("pay spring.png 1.00 CNY --to bo --as wen");
    let sold = "revenue spring.png 20.00 CNY --as wen --on 2026-04-01 --reference W-1";
    assert_eq!(place.done(sold)["contract"], serde_json::Value::Null);
    // What is owed is told by names, and each part can be computed again with a pencil.
    let page = place.said("owed poster.png --as-of 2026-04-30 --explain");
    for needed in [
        "Work poster (#8), accounts of contract #6, reported by wen",
        "left from 2026-03-02 on, while the title was unchanged = 1,000.00 - 50.00 = 950.00 CNY",
        "earned of it in the period from 2026-01-01 = 50.00 x 1,000.00/1,000.00 = 50.00 CNY",
        "bo = 1/2 x 1,000.00 - 1/2 x 50.00 = 475.00 CNY",
    ] {
        assert!(page.contains(needed), "{needed}: {page}");
    }
    assert!(!page.contains("party #"), "{page}");
    let negative = place
        .refused("revenue poster.png -5 CNY --as wen --on 2026-04-01".split(' '), "out_of_range");
    assert!(negative["message"].as_str().unwrap().contains("-5.00 CNY"), "{negative}");
    let wrong = "correct spring.png W-1 --amount 2.00 --as wen --reason";
    let (exit, answer) = place.run(wrong.split(' ').chain(["a digit too many"]));
    assert_eq!((exit, &answer["contract"]), (0, &serde_json::Value::Null), "{answer}");
}

fn with_books() -> Place {
    let place = begun();
    place.done(
        "revenue poster.png 1000.00 CNY --as wen --on 2026-02-01 --category prints --reference S-1",
    );
    place.done("expense poster.png 100.00 CNY --as wen --on 2026-02-02 --category printing --reference E-1");
    let paid = place.done("pay spring.png 49.00 CNY --as wen --reference P-1 --on 2026-02-03");
    place.done(&format!("confirm #{} --as northlight --on 2026-02-04", paid["entry"]));
    place
}

#[test]
fn what_is_owed_is_put_together_in_other_ways() {
    let place = with_books();
    let answer = place.done("owed --as-of 2026-04-30");
    has_keys(&answer, "as_of known_at lines proceeds");
    let line = "contract contract_entry terms work work_entry title payer payee currency earned due paid owed next_due instalments";
    answer["lines"].as_array().unwrap().iter().for_each(|found| {
        assert!(keys(found).is_superset(&line.split(' ').collect()), "{found}");
    });
    let answer = place.done("owed --by party --as-of 2026-04-30");
    let parties = answer["parties"].as_array().unwrap();
    assert_eq!(parties.len(), 1);
    has_keys(&parties[0], "payer payee currency lines earned due paid owed");
    // A fee of 49.00 that was paid, and 5% of 900.00.
    let figures = ["earned", "due", "paid", "owed"].map(|name| parties[0][name].as_str().unwrap());
    assert_eq!((figures, &parties[0]["lines"]), (["94.00", "94.00", "49.00", "45.00"], &2.into()));
    let answer = place.done("owed --by period northlight/share@1 --as-of 2026-04-30");
    let part = &answer["lines"][0]["instalments"][0];
    has_keys(part, "label payable due_at paid outstanding overdue_days");
    assert_eq!([&part["label"], &part["outstanding"]], ["2026-Q1", "45.00"]);
    let page = place.said("owed --by party --as-of 2026-04-30");
    assert!(page.contains("northlight") && page.contains("45.00"), "{page}");
    let answer = place.done("owed --explain northlight/share@1 --as-of 2026-04-30");
    let derivation = &answer["lines"][0]["derivation"];
    assert!(derivation["children"].as_array().is_some_and(|parts| !parts.is_empty()), "{answer}");
}

#[test]
fn books_are_written_in_each_format() {
    let place = with_books();
    for (format, needed) in [
        ("beancount", "Liabilities:Contract-"),
        ("hledger", "Liabilities:Contract-"),
        ("csv", "date,type,entry,reference,narration,account,amount,currency"),
        ("json", "\"transactions\""),
    ] {
        let line = format!("export --format {format} --as-of 2026-04-30");
        let answer = place.done(&line);
        has_keys(&answer, "format as_of known_at transactions balances text");
        assert_eq!(answer["format"], format);
        let text = answer["text"].as_str().unwrap();
        assert!(text.contains(needed) && text.contains("45.00"), "{text}");
        assert_eq!(place.said(&line), text);
        let answer = place.done(&format!("{line} -o books.{format}"));
        has_keys(&answer, "format as_of known_at transactions balances path");
        assert_eq!(place.read(&format!("books.{format}")), text);
        place.refused(format!("{line} -o books.{format}").split(' '), "file_exists");
    }
    let books: Value = serde_json::from_str(&place.read("books.json")).unwrap();
    has_keys(&books, "transactions balances");
    has_keys(&books["balances"][0], "date account amount currency");
    for (what, kind) in [("northlight/share@1", "Offer"), ("#6", "Agreement")] {
        let answer = place.done(&format!("export {what} --format odrl"));
        let policy: Value = serde_json::from_str(answer["text"].as_str().unwrap()).unwrap();
        assert_eq!(policy["type"], kind, "{policy}");
    }
    place.refused("export --format odrl".split(' '), "usage");
}
