//! Corrections, opening balances, exchange rates, and payments for a purpose.

use super::told;
use crate::support::{
    Story, account, ana, at, bo, confirmation, line, northlight, party, payment, text, wen,
};
use deedbook::admission::Refusal;
use deedbook::record::{
    Account, AccountLine, Correction, ExchangeRate, LineKind, Opening, OpeningAgreed, Payment,
    Purpose, RecordId, Role,
};

fn correction(contract: RecordId, reference: &str) -> Correction {
    Correction {
        work: None,
        reason: text("reported twice"),
        contract: Some(contract),
        reference: text(reference),
        replacement: None,
    }
}

fn opening(contract: RecordId, moment: &str) -> Opening {
    Opening {
        base: 0,
        paid: 60_000,
        units: 0,
        earned: 81_200,
        advance: 0,
        contract,
        currency: text("CNY"),
        carried_loss: 0,
        effective_at: at(moment),
    }
}

fn rate(decimal: &str) -> ExchangeRate {
    ExchangeRate {
        on: at("2026-02-26"),
        url: None,
        base: text("USD"),
        rate: text(decimal),
        quote: text("CNY"),
        source: text("central parity"),
    }
}

pub(super) fn corrections() -> Vec<Refusal> {
    let mut story = Story::begin();
    let share = story.share_contract;
    let register = &mut story.register;
    let sale = |reference: &str| line(LineKind::Revenue, "print-sales", 100, reference);
    register.record(&wen(), account(share, vec![sale("r-1"), sale("r-2")]));
    let replaced = |with: &str| {
        let replacement = Some(account(share, vec![sale(with)]));
        Correction { replacement, ..correction(share, "r-1") }
    };
    let mut rent = replaced("r-3");
    rent.replacement = Some(account(share, vec![line(LineKind::Expense, "rent", 1, "r-3")]));
    let mut dollars = replaced("r-3");
    dollars.replacement.iter_mut().for_each(|account| account.currency = text("USD"));
    let mut seen = vec![
        register.refused(&bo(), correction(share, "r-1")),
        register.refused(&wen(), correction(story.fee_contract, "r-1")),
        register.refused(&wen(), correction(share, "r-9")),
        register.refused(&wen(), replaced("r-2")),
        register.refused(&wen(), rent),
        register.refused(&wen(), dollars),
    ];
    register.record(&wen(), replaced("r-3"));
    seen.push(register.refused(&wen(), correction(share, "r-1")));
    seen.push(register.refused(&wen(), account(share, vec![sale("r-3"), sale("r-4")])));
    seen
}

#[test]
fn a_line_is_reversed_once_by_who_reported_it() {
    insta::assert_snapshot!(told(&corrections()), @r#"
accounts_of_other: `wen` owes these accounts, `bo` cannot report them
  hint: sign as `wen`
not_profit_share: contract #5 asks for a fee, it has no accounts
  hint: report accounts under a profit-share contract
unknown_line: no line of the account of #7 has the reference `r-9`
  hint: name the reference with which the line was reported: `deedbook show` lists them
reference_used: reference `r-2` already stands for the revenue of 1.00 CNY in #8
  hint: give each payment and line a reference of its own
category_not_allowed: expenses of category `rent` are not deductible under the terms, which allow `platform-fees`
  hint: use a category that the terms allow; other expenses do not bear on the account
no_exchange_rate: no rate of USD in CNY is published for 2026-02-26
  hint: have the provider publish it with `deedbook rate`, or report the amount in CNY
already_reversed: the line with reference `r-1` was already reversed by #9
  hint: correct the line that stands instead of it, if that is wrong too
reference_used: reference `r-3` already stands for the revenue of 1.00 CNY in #9
  hint: give each payment and line a reference of its own
"#);
}

pub(super) fn openings() -> Vec<Refusal> {
    let mut story = Story::begin();
    let share = story.share_contract;
    let register = &mut story.register;
    let mut dollars = opening(share, "2026-02-20");
    dollars.currency = text("USD");
    let sale = |moment: &str, reference: &str| {
        let mut sale = line(LineKind::Revenue, "print-sales", 100, reference);
        sale.on = at(moment);
        account(share, vec![sale])
    };
    let mut seen = vec![
        register.refused(&bo(), opening(share, "2026-02-20")),
        register.refused(&wen(), opening(story.fee_contract, "2026-02-20")),
        register.refused(&wen(), dollars),
    ];
    let late = register.record(&wen(), opening(share, "2026-02-26"));
    let stated = register.record(&northlight(), opening(share, "2026-02-20"));
    register.record(&wen(), sale("2026-02-21", "r-1"));
    seen.push(register.refused(&northlight(), OpeningAgreed { opening: late }));
    seen.push(register.refused(&northlight(), OpeningAgreed { opening: stated }));
    register.record(&wen(), OpeningAgreed { opening: stated });
    seen.push(register.refused(&northlight(), OpeningAgreed { opening: late }));
    seen.push(register.refused(&wen(), opening(share, "2026-02-27")));
    seen.push(register.refused(&wen(), sale("2026-02-19", "r-2")));
    seen
}

#[test]
fn an_opening_balance_is_agreed_once_by_the_other_side() {
    insta::assert_snapshot!(told(&openings()), @r#"
not_a_side: `bo` is neither side of contract #7
  hint: sign as the party of the contract or as the provider of its terms
not_profit_share: contract #5 asks for a fee, it has no accounts
  hint: report accounts under a profit-share contract
currency_differs: the amount is in USD, the contract settles in CNY
  hint: give the amount in CNY
opening_after_lines: the opening balance is as of 2026-02-26T00:00:00.000Z, and lines are reported from 2026-02-21T00:00:00.000Z on
  hint: state the balance as of the first of these lines or earlier
not_the_other_side: `northlight` cannot agree to this opening balance, the other side is `wen`
  hint: have `wen` agree
opening_exists: the opening balance of contract #7 was agreed in #11
  hint: report lines of account; a balance that was agreed stands
opening_exists: the opening balance of contract #7 was agreed in #11
  hint: report lines of account; a balance that was agreed stands
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #9 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
"#);
}

pub(super) fn rates() -> Vec<Refusal> {
    let mut story = Story::begin();
    let register = &mut story.register;
    register.record(&ana(), party(&ana(), Role::Arbiter));
    let first = register.record(&northlight(), rate("7.1234"));
    let mut again = rate("7.1234");
    again.source = text("the same, read again");
    let again = register.sign(&northlight(), again).as_bytes().to_vec();
    let again = register.ledger_mut().submit(vec![again].into()).unwrap();
    assert_eq!((again[0].is_new, again[0].id), (false, first), "the same rate is there already");
    register.record(&ana(), rate("7.13"));
    vec![register.refused(&wen(), rate("7.1234")), register.refused(&northlight(), rate("7.1235"))]
}

#[test]
fn a_published_rate_stands() {
    insta::assert_snapshot!(told(&rates()), @r#"
role_missing: `wen` is not enrolled as provider
  hint: enrol a party with `--role provider`
rate_differs: the rate is 7.1235, the same publisher gave 7.1234 for this pair and day in #9
  hint: a published rate stands; have another party publish the other one with its source
"#);
}

pub(super) fn purposes() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (fee, share) = (story.fee_contract, story.share_contract);
    let spring = story.work_of_wen("spring", Some(fee));
    let register = &mut story.register;
    let paid = |contract, work, amount: &str, reference: &str, purpose| Payment {
        purpose: Some(purpose),
        ..payment(contract, work, amount, reference)
    };
    let refund =
        |amount: &str, reference: &str| paid(fee, Some(spring), amount, reference, Purpose::Refund);
    let mut seen = vec![
        register.refused(&wen(), paid(fee, Some(spring), "9.00 CNY", "a", Purpose::Advance)),
        register.refused(&wen(), refund("9.00 CNY", "b-1")),
        register.refused(&northlight(), refund("9.00 CNY", "b-1")),
    ];
    let part = register.record(&wen(), payment(fee, Some(spring), "20.00 CNY", "p-1"));
    register.record(&northlight(), confirmation(part));
    let back = register.record(&northlight(), refund("15.00 CNY", "b-1"));
    let more = register.record(&northlight(), refund("6.00 CNY", "b-2"));
    seen.push(register.refused(&northlight(), confirmation(back)));
    register.record(&wen(), confirmation(back));
    seen.push(register.refused(&wen(), confirmation(more)));
    let picture = story.work_of_wen("picture", Some(share));
    let register = &mut story.register;
    let part = |work, payee, reference: &str| Payment {
        payee: Some(payee),
        contract: None,
        ..paid(share, Some(work), "5.00 CNY", reference, Purpose::Proceeds)
    };
    let given_back = |work, payee, amount: &str, reference: &str| Payment {
        payee: Some(payee),
        contract: None,
        ..paid(share, Some(work), amount, reference, Purpose::ProceedsRefund)
    };
    seen.extend([
        register.refused(&wen(), part(picture, story.wen, "d-1")),
        register.refused(&bo(), part(picture, story.wen, "d-1")),
    ]);
    let given = register.record(&wen(), part(picture, story.bo, "d-1"));
    seen.push(register.refused(&northlight(), confirmation(given)));
    // Of a work under a fee too; and what was not confirmed is not given back.
    register.record(&wen(), part(spring, story.bo, "d-1"));
    seen.push(register.refused(&bo(), given_back(picture, story.wen, "5.00 CNY", "g-1")));
    register.record(&bo(), confirmation(given));
    seen.push(register.refused(&bo(), given_back(picture, story.wen, "5.01 CNY", "g-1")));
    let back = register.record(&bo(), given_back(picture, story.wen, "3.00 CNY", "g-1"));
    let more = register.record(&bo(), given_back(picture, story.wen, "3.00 CNY", "g-2"));
    register.record(&wen(), confirmation(back));
    seen.push(register.refused(&wen(), confirmation(more)));
    let advance = register.record(&wen(), paid(share, None, "500.00 CNY", "a", Purpose::Advance));
    register.record(&northlight(), confirmation(advance));
    seen
}

#[test]
fn an_advance_is_recouped_and_a_refund_is_of_what_arrived() {
    insta::assert_snapshot!(told(&purposes()), @r#"
advance_under_fee: contract #5 asks for a fee, from which no advance is recouped
  hint: report the payment without a purpose: part of a fee may be paid early
refund_by_other: `northlight` received what is paid under the contract, `wen` cannot pay it back
  hint: sign as `northlight`
refund_exceeds: 9.00 CNY would be paid back, 0.00 CNY was received and not yet paid back
  hint: pay back at most 0.00 CNY
not_the_payee: `northlight` cannot confirm a payment to `wen`
  hint: sign as `wen`
refund_exceeds: 6.00 CNY would be paid back, 5.00 CNY was received and not yet paid back
  hint: pay back at most 5.00 CNY
payment_to_self: `wen` would pay a part of the proceeds to itself
  hint: name another holder with `--to`: who reports the accounts has its own part already
proceeds_of_other: `bo` never held a share of #14, and has nothing of what came in for it
  hint: have a holder report it: `deedbook owner #14` shows who holds what
not_the_payee: `northlight` cannot confirm a payment to `bo`
  hint: sign as `bo`
refund_exceeds: 5.00 CNY would be paid back, 0.00 CNY was received and not yet paid back
  hint: pay back at most 0.00 CNY
refund_exceeds: 5.01 CNY would be paid back, 5.00 CNY was received and not yet paid back
  hint: pay back at most 5.00 CNY
refund_exceeds: 3.00 CNY would be paid back, 2.00 CNY was received and not yet paid back
  hint: pay back at most 2.00 CNY
"#);
}

pub(super) fn works() -> Vec<Refusal> {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.fee_contract));
    let poster = story.work_of_wen("poster", Some(story.share_contract));
    let register = &mut story.register;
    let of = |work, reference: &str, moment: &str| {
        let sale = line(LineKind::Revenue, "prints", 100, reference);
        let sale = AccountLine { work: Some(0), on: at(moment), ..sale };
        Account { contract: None, works: vec![work], ..account(work, vec![sale]) }
    };
    let taken_back = |reference: &str| Correction {
        work: Some(spring),
        contract: None,
        ..correction(spring, reference)
    };
    register.record(&wen(), of(spring, "r-1", "2026-02-26"));
    let mut seen = vec![
        register.refused(&wen(), of(poster, "r-1", "2026-02-26")),
        register.refused(&bo(), of(spring, "r-2", "2026-02-26")),
        register.refused(&wen(), of(spring, "r-2", "2026-02-19")),
        register.refused(&northlight(), of(spring, "r-1", "2026-02-25")),
        register.refused(&northlight(), taken_back("r-1")),
        register.refused(&wen(), taken_back("r-2")),
    ];
    // The provider holds it until the fee is paid, and may have sold it.
    register.record(&northlight(), of(spring, "r-2", "2026-02-26"));
    register.record(&wen(), taken_back("r-1"));
    seen.push(register.refused(&wen(), taken_back("r-1")));
    seen
}

#[test]
fn the_account_of_a_work_is_of_those_who_hold_it() {
    insta::assert_snapshot!(told(&works()), @r#"
account_of_contract: #9 was made under contract #7, by a share of profit, which has its account
  hint: report the line under contract #7
proceeds_of_other: `bo` never held a share of #8, and has nothing of what came in for it
  hint: have a holder report it: `deedbook owner #8` shows who holds what
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #8 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
reference_used: reference `r-1` already stands for the revenue of 1.00 CNY in #10
  hint: give each payment and line a reference of its own
accounts_of_other: `wen` owes these accounts, `northlight` cannot report them
  hint: sign as `wen`
unknown_line: no line of the account of #8 has the reference `r-2`
  hint: name the reference with which the line was reported: `deedbook show` lists them
already_reversed: the line with reference `r-1` was already reversed by #12
  hint: correct the line that stands instead of it, if that is wrong too
"#);
}

/// What is paid back after an opening balance is of the payments since, and then of what the balance says
/// was paid, and no more.
#[test]
fn what_was_paid_before_an_opening_balance_can_be_paid_back() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let register = &mut story.register;
    let opened = register.record(&wen(), opening(share, "2026-02-20"));
    register.record(&northlight(), OpeningAgreed { opening: opened });
    let paid = register.record(&wen(), payment(share, None, "10.00 CNY", "p-1"));
    register.record(&northlight(), confirmation(paid));
    let refund = |amount: &str, reference: &str| Payment {
        purpose: Some(Purpose::Refund),
        ..payment(share, None, amount, reference)
    };
    let refused = register.refused(&northlight(), refund("610.01 CNY", "b-1"));
    assert_eq!(refused.code(), "refund_exceeds");
    assert!(refused.to_string().contains("610.00 CNY was received"), "{refused}");
    register.record(&northlight(), refund("610.00 CNY", "b-1"));
}
