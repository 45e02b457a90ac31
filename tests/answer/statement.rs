//! Statements of account: what one period opened with, earned, was paid and closed with.

use super::{code, entry, moments};
use crate::support::{
    Story, account, amount, at, confirmation, line, northlight, payment, publish, share_terms,
    text, wen,
};
use deedbook::ledger::answer::{AnswerError, Group, Moments, StatementOfAccount, statement};
use deedbook::record::{Form, LineKind, RecordId};

fn ask(
    story: &Story,
    contract: RecordId,
    period: &str,
    when: Moments,
) -> Result<StatementOfAccount, AnswerError> {
    let reader = story.register.ledger().read().unwrap();
    statement(&reader, entry(&story.register, contract), text(period), when)
}

/// `item label figure` of each row of the only line.
fn rows(statement: &StatementOfAccount) -> String {
    let [line] = statement.lines.as_slice() else { panic!("{statement:?}") };
    let mut page = String::new();
    for row in &line.rows {
        let working = row.working.as_deref().map_or(String::new(), |text| format!(" ({text})"));
        let total = if row.is_total { "= " } else { "  " };
        page.push_str(&format!("{total}{}: {}{working}\n", row.label, row.value.number()));
    }
    page
}

/// What stands under the balance adds up, and each statement opens as the one before closed.
fn check(statements: &[StatementOfAccount]) {
    for statement in statements {
        for line in &statement.lines {
            let balance = line.rows.iter().filter(|row| row.group == Group::Balance);
            let parts = balance.filter(|row| row.item != "closing");
            let sum: i128 = parts.map(|row| row.value.minor().numerator()).sum();
            assert_eq!(sum, line.closing.minor(), "{}", statement.period);
        }
    }
    for pair in statements.windows(2) {
        for line in &pair[1].lines {
            let before = pair[0].lines.iter().find(|other| other.work == line.work);
            let closing = before.map_or(0, |before| before.closing.minor());
            assert_eq!(line.opening.minor(), closing, "{}", pair[1].period);
        }
    }
}

/// Sales in two quarters; 60.00 paid in the second.
fn told() -> Story {
    let mut story = Story::begin();
    let mut later = line(LineKind::Revenue, "prints", 50_000, "s-2");
    later.on = at("2026-04-10");
    let lines = vec![
        line(LineKind::Revenue, "prints", 120_000, "s-1"),
        line(LineKind::Expense, "platform-fees", 10_050, "e-1"),
        line(LineKind::Refund, "prints", 20_000, "b-1"),
    ];
    story.register.record(&wen(), account(story.share_contract, lines));
    story.register.clock.advance_ms(60 * 24 * 3600 * 1000);
    story.register.record(&wen(), account(story.share_contract, vec![later]));
    let mut paid = payment(story.share_contract, None, "60.00 CNY", "q-1");
    paid.effective_at = at("2026-04-20");
    let paid = story.register.record(&wen(), paid);
    let mut confirmed = confirmation(paid);
    confirmed.effective_at = at("2026-04-21");
    story.register.record(&northlight(), confirmed);
    story
}

#[test]
fn two_quarters_and_a_payment() {
    let story = told();
    let when = moments("2026-12-31", "now");
    let first = ask(&story, story.share_contract, "2026-Q1", when).unwrap();
    let second = ask(&story, story.share_contract, "2026-Q2", when).unwrap();
    let third = ask(&story, story.share_contract, "2026-Q3", when).unwrap();
    check(&[first.clone(), second.clone(), third.clone()]);
    assert!(first.is_over && first.payer.as_str() == "wen" && first.payee.as_str() == "northlight");
    insta::assert_snapshot!(rows(&first), @r"
= Opening balance: 0.00
  Revenue: 1,200.00
  Refunds: -200.00
= Gross: 1,000.00
  Deduction: platform-fees: -100.50
= Deductions: -100.50
  Base: 899.50 (1,000.00 - 100.50)
  Yield: 67.4625 (7.5% x 899.50)
= Earned: 67.46
= Payable: 67.46
  Payable for the period: 67.46
  Payments: 0.00
= Closing balance: 67.46
");
    insta::assert_snapshot!(rows(&second), @r"
= Opening balance: 67.46
  Revenue: 500.00
  Refunds: 0.00
= Gross: 500.00
  Base: 500.00 (500.00 - 0.00)
  Yield: 37.50 (7.5% x 500.00)
= Earned: 37.50
= Payable: 37.50
  Payable for the period: 37.50
  Payments: -60.00 (#11 60.00 on 2026-04-21)
= Closing balance: 44.96
");
    insta::assert_snapshot!(rows(&third), @r"
= Opening balance: 44.96
  Payable for the period: 0.00
  Payments: 0.00
= Closing balance: 44.96
");
    let earned: Vec<String> = second.lines[0]
        .earned
        .iter()
        .map(|part| format!("{} {}", part.period, part.amount))
        .collect();
    assert_eq!(earned, ["2026-Q1 67.46 CNY", "2026-Q2 37.50 CNY"]);
}

#[test]
fn a_period_that_is_not_over_has_figures_so_far() {
    let story = told();
    let early = ask(&story, story.share_contract, "2026-Q2", moments("2026-04-15", "now")).unwrap();
    assert!(!early.is_over);
    assert_eq!(early.lines[0].closing, amount("104.96 CNY"), "before the payment");
    let known = moments("2026-04-30", "2026-03-02");
    let before = ask(&story, story.share_contract, "2026-Q2", known).unwrap();
    assert_eq!(before.lines[0].closing, amount("67.46 CNY"), "the sale was not known");
}

#[test]
fn a_fee_has_a_statement_of_any_period() {
    let mut story = Story::begin();
    story.work_of_wen("spring", Some(story.fee_contract));
    let when = moments("2026-12-31", "now");
    let months: Vec<_> = ["2026-02", "2026-03", "2026-04"]
        .map(|period| ask(&story, story.fee_contract, period, when).unwrap())
        .into();
    check(&months);
    let closing = months.iter().map(|statement| statement.lines[0].closing.to_decimal());
    assert_eq!(closing.collect::<Vec<_>>(), ["0.00", "49.00", "49.00"]);
    let title = months[1].lines[0].work.as_ref().map(|work| work.title.to_string());
    assert_eq!(title.as_deref(), Some("spring"));
}

#[test]
fn what_is_held_back_stands_in_the_rows() {
    let mut story = Story::begin();
    let mut terms = share_terms("held");
    if let Form::ProfitShare(share) = &mut terms.form {
        share.withholding = Some(text("10%"));
        share.threshold = Some(amount("50.00 CNY"));
    }
    let terms = publish(&mut story.register, terms);
    let contract = story.register.record(&wen(), crate::support::contract(terms));
    let sale = line(LineKind::Revenue, "prints", 60_000, "s-1");
    story.register.record(&wen(), account(contract, vec![sale]));
    let when = moments("2026-12-31", "now");
    let first = ask(&story, contract, "2026-Q1", when).unwrap();
    check(std::slice::from_ref(&first));
    let items = first.lines[0].rows.iter().filter(|row| !row.value.minor().is_zero());
    let figures = items.map(|row| format!("{} {}", row.item, row.value.number()));
    assert_eq!(
        figures.collect::<Vec<_>>().join(", "),
        "revenue 600.00, gross 600.00, base 600.00, yield 45.00, earned 45.00, \
         withheld -4.50, rolled_over -40.50, rolled_after 40.50"
    );
}

#[test]
fn periods_that_have_no_statement() {
    let story = told();
    let needed = |period, when| match ask(&story, story.share_contract, period, when) {
        Err(AnswerError::Period { needed, .. }) => needed,
        other => panic!("{other:?}"),
    };
    let when = moments("2026-12-31", "now");
    let month = needed("2026-03", when);
    assert_eq!(month, "a quarter, such as 2026-Q1, as the terms settle by");
    let early = needed("2025-Q4", when);
    assert_eq!(early, "one that ends after 2026-02-01, when the contract was made");
    let ahead = needed("2026-Q3", moments("2026-06-30", "now"));
    assert_eq!(ahead, "one that has begun by 2026-06-30");
    let unknown = needed("2026-Q1", moments("2026-12-31", "2026-02-28"));
    assert_eq!(unknown, "asked of a moment at which the ledger knew the contract");
    assert_eq!(code(ask(&story, story.share_contract, "2026", when)), "period");
}
