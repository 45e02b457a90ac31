//! What is written, and what is refused. That accounting programs take it is tested with the
//! programs themselves.

use super::*;
use crate::money::Amount;
use crate::record::EntryNumber;
use time::macros::date;

fn amount(text: &str) -> Amount {
    Amount::parse_with_currency(text).unwrap()
}

fn account(root: Root, name: &str) -> Account {
    Account::new(root, &["contract-12", name]).unwrap()
}

fn journal() -> Journal {
    let payable = || account(Root::Liabilities, "northlight");
    let royalty = account(Root::Expenses, "royalty");
    let bank = account(Root::Assets, "bank");
    let earned = Transaction::transfer(
        date!(2026 - 04 - 30),
        "earned 2026-Q1",
        amount("61.73 CNY"),
        (payable(), royalty),
    );
    let paid = Transaction::transfer(
        date!(2026 - 04 - 20),
        "paid; \"first\" [2026]",
        amount("40.00 CNY"),
        (bank, payable()),
    );
    let paid = paid.unwrap().entry(EntryNumber::new(31)).reference("p-1, x");
    let balance =
        Balance { on: date!(2026 - 06 - 30), account: payable(), amount: amount("-21.73 CNY") };
    Journal::new(vec![earned.unwrap(), paid], vec![balance])
}

#[test]
fn beancount() {
    insta::assert_snapshot!(journal().write(Format::Beancount), @r#"
2026-04-20 open Assets:Contract-12:Bank
2026-04-20 open Expenses:Contract-12:Royalty
2026-04-20 open Liabilities:Contract-12:Northlight

2026-04-20 * "paid; \"first\" [2026]"
  entry: "31"
  reference: "p-1, x"
  Liabilities:Contract-12:Northlight  40.00 CNY
  Assets:Contract-12:Bank  -40.00 CNY

2026-04-30 * "earned 2026-Q1"
  Expenses:Contract-12:Royalty  61.73 CNY
  Liabilities:Contract-12:Northlight  -61.73 CNY

2026-07-01 balance Liabilities:Contract-12:Northlight  -21.73 ~ 0 CNY
"#);
}

#[test]
fn hledger() {
    insta::assert_snapshot!(journal().write(Format::Hledger), @r#"
account Assets:Contract-12:Bank
account Expenses:Contract-12:Royalty
account Liabilities:Contract-12:Northlight
commodity 1000.00 CNY

2026-04-20 paid   first   2026
    ; entry: 31
    ; reference: p-1  x
    Liabilities:Contract-12:Northlight  40.00 CNY
    Assets:Contract-12:Bank  -40.00 CNY

2026-04-30 earned 2026-Q1
    Expenses:Contract-12:Royalty  61.73 CNY
    Liabilities:Contract-12:Northlight  -61.73 CNY

2026-06-30 balance
    Liabilities:Contract-12:Northlight  0.00 CNY = -21.73 CNY
"#);
}

#[test]
fn csv() {
    insta::assert_snapshot!(journal().write(Format::Csv).replace('\r', ""), @r#"
date,type,entry,reference,narration,account,amount,currency
2026-04-20,posting,31,"p-1, x","paid; ""first"" [2026]",Liabilities:Contract-12:Northlight,40.00,CNY
2026-04-20,posting,31,"p-1, x","paid; ""first"" [2026]",Assets:Contract-12:Bank,-40.00,CNY
2026-04-30,posting,,,earned 2026-Q1,Expenses:Contract-12:Royalty,61.73,CNY
2026-04-30,posting,,,earned 2026-Q1,Liabilities:Contract-12:Northlight,-61.73,CNY
2026-06-30,balance,,,,Liabilities:Contract-12:Northlight,-21.73,CNY
"#);
}

#[test]
fn json() {
    let value: serde_json::Value = serde_json::from_str(&journal().write(Format::Json)).unwrap();
    assert_eq!(value["transactions"][0]["entry"], "31");
    assert_eq!(value["transactions"][1]["postings"][0]["amount"], "61.73");
    assert_eq!(value["balances"][0]["account"], "Liabilities:Contract-12:Northlight");
}

#[test]
fn a_balance_that_the_postings_do_not_come_to_is_refused() {
    assert_eq!(journal().check(), Ok(()));
    let mut changed = journal();
    changed.balances[0].amount = amount("-21.74 CNY");
    let refused = JournalError::Balance {
        account: "Liabilities:Contract-12:Northlight".to_owned(),
        found: amount("-21.73 CNY"),
        needed: amount("-21.74 CNY"),
    };
    assert_eq!(changed.check(), Err(refused));
    let mut early = journal();
    early.balances[0].on = date!(2026 - 04 - 29);
    assert!(early.check().is_err(), "what was earned the next day does not count yet");
    early.balances[0].amount = amount("40.00 CNY");
    assert_eq!(early.check(), Ok(()));
    let mut last = journal();
    last.balances[0].on = time::Date::MAX;
    assert_eq!(last.check(), Err(JournalError::LastDay { on: time::Date::MAX }));
}

#[test]
fn a_name_that_some_program_refuses_is_refused_here() {
    for name in ["", "-a", "a b", "a:b", "ä", "a_b"] {
        let expected = JournalError::AccountName { name: name.to_owned() };
        assert_eq!(Account::new(Root::Assets, &[name]), Err(expected));
    }
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_set_apart() {
    let transaction = Transaction::transfer(
        date!(2026 - 01 - 01),
        "=HYPERLINK(\"x\")",
        amount("1.00 CNY"),
        (account(Root::Assets, "a"), account(Root::Assets, "b")),
    );
    let journal = Journal::new(vec![transaction.unwrap()], Vec::new());
    let written = journal.write(Format::Csv);
    assert!(written.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{written}");
    assert!(written.contains(",-1.00,"), "an amount stays a number: {written}");
}
