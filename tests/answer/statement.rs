//! Statements of account: what one period opened with, earned, was paid and closed with.

use super::{code, entry, moments};
use crate::support::{
    Story, account, amount, at, confirmation, line, northlight, payment, publish, share_terms,
    text, wen,
};
use deedbook::ledger::answer::{
    AnswerError, ClosedStatus, Group, Moments, StatementOfAccount, statement,
};
use deedbook::record::{
    Correction, Form, LineKind, RecordId, StatementAccepted, StatementClosed, StatementDisputed,
};

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

/// A fee has no lines of account; what changes its figures later is a payment or a work that was
/// not registered yet.
#[test]
fn the_statement_of_a_fee_is_closed_and_trued_up() {
    let mut story = Story::begin();
    let fee = story.fee_contract;
    story.work_of_wen("spring", Some(fee));
    story.register.clock.advance_ms(70 * 24 * 3600 * 1000);
    let when = moments("2026-12-31", "now");
    let closing = close_under(&mut story, fee, "2026-04");
    let april = ask(&story, fee, "2026-04", when).unwrap();
    let info = april.closed.clone().unwrap();
    assert_eq!((info.closing, info.status), (closing, ClosedStatus::Unanswered));
    assert!(info.is_confirmed && info.true_up.is_zero() && info.causes.is_empty());
    story.register.record(&northlight(), StatementAccepted { closing });

    // A period of another length that begins with it is another statement.
    assert!(ask(&story, fee, "2026-Q2", when).unwrap().closed.is_none());
    let march = close_under(&mut story, fee, "2026-03");
    story.work_of_wen("autumn", Some(fee));
    let again = ask(&story, fee, "2026-04", when).unwrap();
    let info = again.closed.clone().unwrap();
    assert_eq!((info.status, again.lines), (ClosedStatus::Accepted, april.lines));
    assert_eq!(
        (info.true_up, info.causes.len(), info.is_confirmed),
        (amount("49.00 CNY"), 1, true)
    );
    let reason = text("autumn is missing");
    story.register.record(&northlight(), StatementDisputed { reason, closing: march });
    let march = ask(&story, fee, "2026-03", when).unwrap();
    assert_eq!(march.closed.unwrap().status, ClosedStatus::Disputed);
    assert_eq!(march.lines.len(), 2, "as known now");
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
        Err(AnswerError::Period { needed, .. }) => format!("{needed}; {}", needed.hint()),
        other => panic!("{other:?}"),
    };
    let when = moments("2026-12-31", "now");
    let month = needed("2026-03", when);
    assert_eq!(
        month,
        "a quarter, such as 2026-Q1, as the terms settle by; write a quarter as in `--period 2026-Q1`"
    );
    let early = needed("2025-Q4", when);
    assert_eq!(
        early,
        "one that ends after 2026-02-01, when the contract was made; nothing was owed before; the first period is the one with 2026-02-01 in it"
    );
    let ahead = needed("2026-Q3", moments("2026-06-30", "now"));
    assert_eq!(
        ahead,
        "one that has begun by 2026-06-30; name an earlier period, or a later moment with `--as-of`"
    );
    let unknown = needed("2026-Q1", moments("2026-12-31", "2026-02-28"));
    assert_eq!(
        unknown,
        "asked of a moment at which the ledger knew the contract; ask with `--known-at 2026-03-01` or later"
    );
    assert_eq!(code(ask(&story, story.share_contract, "2026", when)), "period");
}

/// Wen closes a quarter under the share, with the figures that the ledger shows her.
fn close(story: &mut Story, period: &str) -> RecordId {
    let contract = story.share_contract;
    close_under(story, contract, period)
}

fn close_under(story: &mut Story, contract: RecordId, period: &str) -> RecordId {
    let now = story.register.now();
    let drawn = ask(story, contract, period, Moments { as_of: now, known_at: now }).unwrap();
    let closed = StatementClosed {
        digest: drawn.digest(),
        closing: drawn.balance().unwrap().minor().try_into().unwrap(),
        ends_at: drawn.until,
        contract,
        currency: text("CNY"),
        known_at: now,
        starts_at: drawn.from,
        effective_at: now,
    };
    story.register.record(&wen(), closed)
}

/// A sale of March that is reported after Q1 was closed, and a line that is reversed then.
fn late_facts(story: &mut Story) {
    let mut late = line(LineKind::Revenue, "prints", 10_000, "late-1");
    late.on = at("2026-03-30");
    story.register.record(&wen(), account(story.share_contract, vec![late]));
    let correction = Correction {
        work: None,
        reason: text("never given back"),
        contract: Some(story.share_contract),
        reference: text("b-1"),
        replacement: None,
    };
    story.register.record(&wen(), correction);
    let mut next = line(LineKind::Revenue, "prints", 100, "next-1");
    next.on = at("2026-04-11");
    story.register.record(&wen(), account(story.share_contract, vec![next]));
}

#[test]
fn a_closed_statement_stays_and_the_next_has_the_true_up() {
    let mut story = told();
    let when = moments("2026-12-31", "now");
    let open = ask(&story, story.share_contract, "2026-Q1", when).unwrap();
    let closing = close(&mut story, "2026-Q1");
    let closed = ask(&story, story.share_contract, "2026-Q1", when).unwrap();
    assert_eq!(closed.lines, open.lines);
    let info = closed.closed.clone().unwrap();
    assert_eq!((info.closing, info.status), (closing, ClosedStatus::Unanswered));
    assert!(info.is_confirmed && info.true_up.is_zero() && info.causes.is_empty());

    story.register.record(&northlight(), StatementAccepted { closing });
    late_facts(&mut story);
    let again = ask(&story, story.share_contract, "2026-Q1", when).unwrap();
    assert_eq!(again.lines, open.lines, "what was closed stays");
    let info = again.closed.unwrap();
    assert_eq!(info.status, ClosedStatus::Accepted);
    // 7.5% of 100.00 and of 200.00 that were not given back: 67.4625 becomes 89.9625, 89.96.
    assert_eq!((info.true_up, info.is_confirmed), (amount("22.50 CNY"), true));
    let causes: Vec<_> = info.causes.iter().map(ToString::to_string).collect();
    assert_eq!(causes, ["#14", "#15"], "the line of April is no cause");

    let second = ask(&story, story.share_contract, "2026-Q2", when).unwrap();
    check(&[open, second.clone()]);
    let row = second.lines[0].rows.iter().find(|row| row.item == "true_up").unwrap();
    assert_eq!((row.label.as_str(), row.value.number().as_str()), ("True-up of 2026-Q1", "22.50"));
    assert_eq!(row.working.as_deref(), Some("known since: #14, #15"));
    // Asked as known when it was closed, nothing of that is there.
    let known = Moments { known_at: open_at(&closed), ..when };
    let before = ask(&story, story.share_contract, "2026-Q2", known).unwrap();
    assert!(
        before.closed.is_none() && before.lines[0].rows.iter().all(|row| row.item != "true_up")
    );
}

fn open_at(statement: &StatementOfAccount) -> deedbook::record::Timestamp {
    statement.closed.as_ref().unwrap().known_at
}

#[test]
fn a_disputed_statement_counts_no_more_and_is_closed_anew() {
    let mut story = told();
    let when = moments("2026-12-31", "now");
    let closing = close(&mut story, "2026-Q1");
    late_facts(&mut story);
    let reason = text("a sale of March is missing");
    story.register.record(&northlight(), StatementDisputed { reason, closing });
    let disputed = ask(&story, story.share_contract, "2026-Q1", when).unwrap();
    assert_eq!(disputed.closed.as_ref().unwrap().status, ClosedStatus::Disputed);
    assert_eq!(disputed.lines[0].closing, amount("89.96 CNY"), "as known now");
    let second = ask(&story, story.share_contract, "2026-Q2", when).unwrap();
    assert!(second.lines[0].rows.iter().all(|row| row.item != "true_up"));
    check(&[disputed, second]);
    close(&mut story, "2026-Q1");
    let anew = ask(&story, story.share_contract, "2026-Q1", when).unwrap().closed.unwrap();
    assert!(anew.is_confirmed && anew.true_up.is_zero(), "{anew:?}");
}

#[test]
fn figures_that_are_not_the_ledgers_are_told() {
    let mut story = told();
    let now = story.register.now();
    let closed = StatementClosed {
        digest: deedbook::record::Digest::of(b"other figures"),
        closing: 6746,
        ends_at: at("2026-04-01"),
        contract: story.share_contract,
        currency: text("CNY"),
        known_at: now,
        starts_at: at("2026-01-01"),
        effective_at: now,
    };
    story.register.record(&wen(), closed);
    let when = moments("2026-12-31", "now");
    let shown = ask(&story, story.share_contract, "2026-Q1", when).unwrap().closed.unwrap();
    assert!(!shown.is_confirmed);
}
