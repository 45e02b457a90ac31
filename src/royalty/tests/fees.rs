//! Fees, for each work and for the contract.

use crate::money::Amount;
use crate::record::{EntryNumber, Fee, FeeUnit, Timestamp};
use crate::royalty::{Account, FeeObligation, Receipt, RoyaltyError, fee};

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
    │  └─ fee for work #7 = 49.00 CNY: the fee for each work; due 30 days after its registration, on 2026-02-09 [#7]
    └─ paid = 20.00 CNY: the sum of confirmed payments [#20]
       └─ applied to fee for work #7 = 20.00 CNY: payments pay what falls due first
    ");
}
