//! Fees, for each work and for the contract.

use crate::money::Amount;
use crate::record::{DayCount, Due, EntryNumber, Fee, FeeUnit, LateInterest, Part, Timestamp};
use crate::royalty::{Account, FeeObligation, FeeRefund, Receipt, RoyaltyError, fee};

fn clauses(unit: FeeUnit) -> Fee {
    Fee::plain(unit, Amount::parse_with_currency("49.00 CNY").unwrap(), 30)
}

fn obligation(entry: u64, work: Option<u64>, from: &str) -> FeeObligation {
    FeeObligation {
        entry: EntryNumber::new(entry),
        work: work.map(EntryNumber::new),
        from: Timestamp::parse_start(from).unwrap(),
    }
}

fn receipt(entry: u64, work: Option<u64>, on: &str, amount: &str) -> Receipt {
    Receipt {
        entry: EntryNumber::new(entry),
        on: Timestamp::parse_start(on).unwrap(),
        amount: Amount::parse_with_currency(amount).unwrap(),
        work: work.map(EntryNumber::new),
    }
}

fn end(date: &str) -> Timestamp {
    Timestamp::parse_end(date).unwrap()
}

fn rows(account: &Account) -> Vec<String> {
    account
        .lines
        .iter()
        .map(|line| {
            let work = line.work.map_or("-".to_owned(), |work| work.to_string());
            format!(
                "{work}: earned {} due {} paid {} owed {} credit {}",
                line.earned.to_decimal(),
                line.due.to_decimal(),
                line.paid.to_decimal(),
                line.owed.to_decimal(),
                line.credit.to_decimal()
            )
        })
        .collect()
}

#[test]
fn each_work_owes_its_own_fee() {
    let obligations = [
        obligation(9, Some(9), "2026-02-01"),
        obligation(7, Some(7), "2026-01-10"),
        obligation(12, Some(12), "2026-06-01"),
    ];
    let receipts = [
        receipt(20, Some(7), "2026-02-02", "20.00 CNY"),
        receipt(21, Some(9), "2026-02-02", "60.00 CNY"),
        receipt(22, None, "2026-02-02", "5.00 CNY"),
        receipt(23, Some(7), "2026-12-02", "29.00 CNY"),
    ];
    let account = fee(&clauses(FeeUnit::Work), &obligations, &receipts, &[], end("2026-02-20"));
    assert_eq!(
        rows(&account.unwrap()),
        [
            "-: earned 0.00 due 0.00 paid 5.00 owed -5.00 credit 5.00",
            "#7: earned 49.00 due 49.00 paid 20.00 owed 29.00 credit 0.00",
            "#9: earned 49.00 due 49.00 paid 60.00 owed -11.00 credit 11.00",
        ]
    );
    let account = fee(&clauses(FeeUnit::Work), &obligations, &receipts, &[], end("2026-12-31"));
    assert_eq!(
        rows(&account.unwrap())[1..],
        [
            "#7: earned 49.00 due 49.00 paid 49.00 owed 0.00 credit 0.00",
            "#9: earned 49.00 due 49.00 paid 60.00 owed -11.00 credit 11.00",
            "#12: earned 49.00 due 49.00 paid 0.00 owed 49.00 credit 0.00",
        ]
    );
}

#[test]
fn the_contract_owes_one_fee_whatever_work_a_payment_names() {
    let obligations = [obligation(5, None, "2026-01-01")];
    let receipts = [
        receipt(20, Some(7), "2026-01-05", "20.00 CNY"),
        receipt(21, None, "2026-01-06", "20.00 CNY"),
    ];
    let account = fee(&clauses(FeeUnit::Contract), &obligations, &receipts, &[], end("2026-01-30"));
    let line = &account.unwrap().lines[0];
    assert_eq!(line.instalments[0].outstanding.to_string(), "9.00 CNY");
    let due_at = Timestamp::parse_start("2026-01-31").unwrap();
    let next = Amount::parse_with_currency("9.00 CNY").unwrap();
    assert_eq!(line.next_due, Some((due_at, next)));
    assert_eq!(
        fee(&clauses(FeeUnit::Contract), &[], &[], &[], due_at),
        Ok(Account { lines: vec![] })
    );
}

#[test]
fn a_fee_is_owed_once_and_for_something() {
    let work = clauses(FeeUnit::Work);
    let bare = obligation(5, None, "2026-01-01");
    assert_eq!(
        fee(&work, &[bare], &[], &[], end("2026-01-30")),
        Err(RoyaltyError::ObligationWithoutWork { entry: EntryNumber::new(5) })
    );
    let twice = Err(RoyaltyError::ObligationTwice {
        first: EntryNumber::new(5),
        second: EntryNumber::new(6),
    });
    let again = obligation(6, None, "2026-01-02");
    let contract = clauses(FeeUnit::Contract);
    assert_eq!(fee(&contract, &[again, bare], &[], &[], end("2026-01-30")), twice);
    let same = [obligation(5, Some(7), "2026-01-01"), obligation(6, Some(7), "2026-01-01")];
    assert_eq!(fee(&work, &same, &[], &[], end("2026-01-30")), twice);
}

#[test]
fn a_due_date_out_of_range_is_an_error() {
    let late = [obligation(5, Some(5), "9999-12-31")];
    assert!(matches!(
        fee(&clauses(FeeUnit::Work), &late, &[], &[], Timestamp::MAX),
        Err(RoyaltyError::Time(_))
    ));
}

#[test]
fn derivation_of_a_fee() {
    let obligations = [obligation(7, Some(7), "2026-01-10")];
    let receipts = [receipt(20, Some(7), "2026-02-02", "20.00 CNY")];
    let account = fee(&clauses(FeeUnit::Work), &obligations, &receipts, &[], end("2026-02-20"));
    let tree = account.unwrap().lines[0].derivation.to_text_tree().join("\n");
    insta::assert_snapshot!(tree, @r"
    owed = 49.00 - 20.00 = 29.00 CNY: due less paid
    ├─ due = 49.00 CNY: the sum of what has fallen due
    │  └─ fee for work #7 = 49.00 CNY: the fee for each work; due 30 days after the moment it was made, as its registration states it, on 2026-02-09 [#7]
    └─ paid = 20.00 CNY: the sum of confirmed payments [#20]
       └─ applied to fee for work #7 = 20.00 CNY: payments pay what falls due first
    ");
}

fn in_parts() -> Fee {
    let part =
        |amount: &str, due| Part { due, amount: Amount::parse_with_currency(amount).unwrap() };
    let second = Due::On(Timestamp::parse_start("2026-06-01").unwrap());
    Fee {
        instalments: vec![part("20.00 CNY", Due::After(10)), part("29.00 CNY", second)],
        ..clauses(FeeUnit::Contract)
    }
}

fn refund(on: &str, amount: &str, has_title_moved: bool) -> FeeRefund {
    FeeRefund {
        entry: EntryNumber::new(30),
        on: Timestamp::parse_start(on).unwrap(),
        amount: Amount::parse_with_currency(amount).unwrap(),
        work: None,
        has_title_moved,
    }
}

fn row(clauses: &Fee, receipts: &[Receipt], refunds: &[FeeRefund], as_of: &str) -> String {
    let obligations = [obligation(5, None, "2026-01-01")];
    let account = fee(clauses, &obligations, receipts, refunds, end(as_of)).unwrap();
    rows(&account).remove(0)
}

/// By hand: 20.00 are due on 11 January and 29.00 on 1 June; 25.00 pay the first and 5.00 of the
/// second before its day.
#[test]
fn a_fee_in_instalments_is_paid_part_by_part() {
    let receipts = [receipt(20, None, "2026-02-02", "25.00 CNY")];
    let at = |as_of| row(&in_parts(), &receipts, &[], as_of);
    assert_eq!(at("2026-01-10"), "-: earned 49.00 due 0.00 paid 0.00 owed 0.00 credit 0.00");
    assert_eq!(at("2026-01-11"), "-: earned 49.00 due 20.00 paid 0.00 owed 20.00 credit 0.00");
    assert_eq!(at("2026-05-31"), "-: earned 49.00 due 25.00 paid 25.00 owed 0.00 credit 0.00");
    assert_eq!(at("2026-06-01"), "-: earned 49.00 due 49.00 paid 25.00 owed 24.00 credit 0.00");
}

/// By hand: 1 June lies before the acceptance of 1 July, with which the 49.00 fall due; paid on 12
/// September they are 73 days late: 49 x 0.1 x 73/365 = 0.98.
#[test]
fn nothing_falls_due_before_it_is_owed() {
    let interest = LateInterest {
        rate: "10%".parse().unwrap(),
        day_count: DayCount::Actual365,
        grace_days: 0,
    };
    let due = Due::On(Timestamp::parse_start("2026-06-01").unwrap());
    let amount = Amount::parse_with_currency("49.00 CNY").unwrap();
    let late = Fee {
        instalments: vec![Part { due, amount }],
        late_interest: Some(interest),
        ..clauses(FeeUnit::Contract)
    };
    let accepted = [obligation(5, None, "2026-07-01")];
    let receipts = [receipt(20, None, "2026-09-12", "49.00 CNY")];
    let account = fee(&late, &accepted, &receipts, &[], end("2026-12-31")).unwrap();
    assert_eq!(account.lines[0].instalments[0].due_at, accepted[0].from);
    assert_eq!(rows(&account), ["-: earned 49.00 due 49.00 paid 49.00 owed 0.98 credit 0.00"]);
}

/// By hand: what is given back before title moved is owed again; afterwards the fee is lowered.
#[test]
fn a_refund_before_and_after_title_has_moved() {
    let plain = clauses(FeeUnit::Contract);
    let part = [receipt(20, None, "2026-02-02", "20.00 CNY")];
    let before = [refund("2026-02-10", "15.00 CNY", false)];
    assert_eq!(
        row(&plain, &part, &before, "2026-02-09"),
        "-: earned 49.00 due 49.00 paid 20.00 owed 29.00 credit 0.00"
    );
    assert_eq!(
        row(&plain, &part, &before, "2026-02-10"),
        "-: earned 49.00 due 49.00 paid 5.00 owed 44.00 credit 0.00"
    );
    let all = [receipt(20, None, "2026-02-02", "49.00 CNY")];
    let after = [refund("2026-02-10", "15.00 CNY", true)];
    assert_eq!(
        row(&plain, &all, &after, "2026-02-10"),
        "-: earned 34.00 due 34.00 paid 34.00 owed 0.00 credit 0.00"
    );
    let lowered = [refund("2026-02-10", "30.00 CNY", true)];
    assert_eq!(
        row(&in_parts(), &all, &lowered, "2026-06-01"),
        "-: earned 19.00 due 19.00 paid 19.00 owed 0.00 credit 0.00"
    );
    let overpaid = [receipt(20, None, "2026-02-02", "60.00 CNY")];
    assert_eq!(
        row(&plain, &overpaid, &[refund("2026-02-10", "11.00 CNY", true)], "2026-02-10"),
        "-: earned 49.00 due 49.00 paid 49.00 owed 0.00 credit 0.00"
    );
    assert_eq!(
        row(&plain, &overpaid, &[refund("2026-02-10", "49.00 CNY", true)], "2026-02-10"),
        "-: earned 11.00 due 11.00 paid 11.00 owed 0.00 credit 0.00"
    );
    let obligations = [obligation(5, None, "2026-01-01")];
    let more = [refund("2026-02-10", "20.01 CNY", false)];
    let refused = fee(&plain, &obligations, &part, &more, end("2026-12-31")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "refunds of 20.01 CNY exceed the payments of 20.00 CNY, must not"
    );
}

/// By hand: 49.00 are due on 31 January and paid 73 days late: 49 x 0.1 x 73/365 = 0.98.
#[test]
fn a_fee_that_is_paid_late_bears_interest() {
    let interest = LateInterest {
        rate: "10%".parse().unwrap(),
        day_count: DayCount::Actual365,
        grace_days: 0,
    };
    let late = Fee { late_interest: Some(interest), ..clauses(FeeUnit::Contract) };
    let receipts = [receipt(20, None, "2026-04-14", "49.00 CNY")];
    let at = |as_of| row(&late, &receipts, &[], as_of);
    assert_eq!(at("2026-01-31"), "-: earned 49.00 due 49.00 paid 0.00 owed 49.00 credit 0.00");
    assert_eq!(at("2026-12-31"), "-: earned 49.00 due 49.00 paid 49.00 owed 0.98 credit 0.00");
}

/// By hand: what was paid in time is given back the next day, so that the 49.00 due on 31 January are
/// paid by the second payment alone, 73 days late, as above.
#[test]
fn a_refund_undoes_no_payment_that_was_made_after_it() {
    let interest = LateInterest {
        rate: "10%".parse().unwrap(),
        day_count: DayCount::Actual365,
        grace_days: 0,
    };
    let late = Fee { late_interest: Some(interest), ..clauses(FeeUnit::Contract) };
    let receipts = [
        receipt(20, None, "2026-01-31", "49.00 CNY"),
        receipt(22, None, "2026-04-14", "49.00 CNY"),
    ];
    let given_back = [refund("2026-02-01", "49.00 CNY", false)];
    let found = row(&late, &receipts, &given_back, "2026-12-31");
    assert_eq!(found, "-: earned 49.00 due 49.00 paid 49.00 owed 0.98 credit 0.00");
}
