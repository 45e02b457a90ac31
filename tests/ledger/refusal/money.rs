//! Payments, confirmations and accounts.

use super::told;
use crate::support::{
    Story, account, ana, at, bo, confirmation, contract, contract_fee_terms, line, northlight,
    party, payment, publish, share_terms, text, wen, work,
};
use deedbook::admission::Refusal;
use deedbook::record::{Account, Base, Form, LineKind, RecordId, Role, Term};

pub(super) fn payments() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (fee, share) = (story.fee_contract, story.share_contract);
    let spring = story.work_of_wen("spring", Some(fee));
    let creators = [(story.wen, "2/3"), (story.bo, "1/3")];
    let register = &mut story.register;
    register.record(&ana(), party(&ana(), Role::Licensee));
    let once = publish(register, contract_fee_terms("once"));
    let once = register.record(&wen(), contract(once));
    let duet = register.record(&wen(), work("duet", Some(once), &creators));
    let mut before = payment(fee, Some(spring), "49.00 CNY", "p-1");
    before.effective_at = at("2026-01-31");
    let mut seen = vec![
        register.refused(&ana(), payment(fee, Some(spring), "49.00 CNY", "p-1")),
        register.refused(&bo(), payment(share, None, "49.00 CNY", "p-1")),
        register.refused(&wen(), payment(share, Some(spring), "49.00 CNY", "p-1")),
        register.refused(&wen(), payment(fee, None, "49.00 CNY", "p-1")),
        register.refused(&bo(), payment(once, Some(duet), "49.00 CNY", "p-1")),
        register.refused(&wen(), payment(fee, Some(spring), "49.00 USD", "p-1")),
        register.refused(&wen(), before),
    ];
    let paid = register.record(&wen(), payment(fee, Some(spring), "49.00 CNY", "p-1"));
    let mut early = confirmation(paid);
    early.effective_at = at("2026-02-23");
    seen.push(register.refused(&wen(), payment(fee, Some(spring), "1.00 CNY", "p-1")));
    seen.push(register.refused(&wen(), confirmation(paid)));
    seen.push(register.refused(&northlight(), early));
    register.record(&northlight(), confirmation(paid));
    let mut again = confirmation(paid);
    again.effective_at = at("2026-02-26");
    seen.push(register.refused(&northlight(), again));
    seen
}

#[test]
fn the_payer_reports_and_the_payee_confirms() {
    insta::assert_snapshot!(told(&payments()), @r#"
payer_not_bound: `ana` owes nothing under contract #5
  hint: the party of the contract or a creator of the work reports the payment
payer_not_bound: `bo` owes nothing under contract #7
  hint: the party of the contract or a creator of the work reports the payment
work_of_other_contract: #8 was not made under contract #7
  hint: name a work of that contract
payment_names_no_work: under contract #5 each work has its own fee, and the payment names no work
  hint: name the work that is paid for
payment_names_work: under contract #11 one fee covers every work, and the payment names one
  hint: name the contract instead
currency_differs: the amount is in USD, the contract settles in CNY
  hint: give the amount in CNY
before_cause: the fact takes effect at 2026-01-31T00:00:00.000Z, before #5 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
reference_used: reference `p-1` already stands for the payment of 49.00 CNY in #13
  hint: give each payment and line a reference of its own
not_the_payee: `wen` cannot confirm a payment to `northlight`
  hint: sign as `northlight`
before_cause: the fact takes effect at 2026-02-23T00:00:00.000Z, before #13 on which it rests, at 2026-02-24T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
already_confirmed: payment #13 was already confirmed by #14
  hint: nothing is left to do
"#);
}

/// One line of account about a work.
fn about(contract: RecordId, work: RecordId) -> Account {
    let mut account = account(contract, vec![line(LineKind::Revenue, "print-sales", 1, "r-9")]);
    account.lines[0].work = Some(0);
    account.works.push(work);
    account
}

pub(super) fn accounts() -> Vec<Refusal> {
    let one = |kind, category: &str| vec![line(kind, category, 100, "r-1")];
    let mut story = Story::begin();
    let (fee, share) = (story.fee_contract, story.share_contract);
    let elsewhere = story.work_of_wen("elsewhere", Some(fee));
    let register = &mut story.register;
    let mut gross = share_terms("gross");
    if let Form::ProfitShare(share) = &mut gross.form {
        share.base = Base::Gross;
        share.loss = deedbook::record::Loss::None;
        share.deductions.clear();
    }
    let gross = publish(register, gross);
    let gross = register.record(&wen(), contract(gross));
    let mut short = share_terms("short");
    if let Form::ProfitShare(share) = &mut short.form {
        share.term = Some(Term::Until(at("2026-02-20")));
        share.revenue = vec![text("books")];
    }
    short.scope.territory = text("CN,JP");
    let short = publish(register, short);
    let short = register.record(&wen(), contract(short));
    let mut over = one(LineKind::Revenue, "books");
    over[0].on = at("2026-02-20");
    let mut other = one(LineKind::Revenue, "print-sales");
    other[0].on = at("2026-02-19");
    let mut abroad = one(LineKind::Revenue, "books");
    abroad[0].on = at("2026-02-19");
    abroad[0].territory = Some(text("DE"));
    let sale = || one(LineKind::Revenue, "print-sales");
    let rent = one(LineKind::Expense, "rent");
    let fees = one(LineKind::Expense, "platform-fees");
    let mut dollars = account(share, sale());
    dollars.currency = text("USD");
    let mut early = sale();
    early[0].on = at("2026-01-31");
    let mut late = sale();
    late[0].on = at("2026-03-03");
    let twice = [sale(), sale()].concat();
    vec![
        register.refused(&wen(), account(fee, sale())),
        register.refused(&bo(), account(share, sale())),
        register.refused(&wen(), dollars),
        register.refused(&wen(), about(share, elsewhere)),
        register.refused(&wen(), account(share, rent)),
        register.refused(&wen(), account(gross, fees)),
        register.refused(&wen(), account(share, early)),
        register.refused(&wen(), account(share, late)),
        register.refused(&wen(), account(share, twice)),
        register.refused(&wen(), account(short, over)),
        register.refused(&wen(), account(short, other)),
        register.refused(&wen(), account(short, abroad)),
    ]
}

#[test]
fn accounts_are_owed_under_a_share_by_its_party() {
    insta::assert_snapshot!(told(&accounts()), @r#"
not_profit_share: contract #5 asks for a fee, it has no accounts
  hint: report accounts under a profit-share contract
accounts_of_other: `wen` owes these accounts, `bo` cannot report them
  hint: sign as `wen`
no_exchange_rate: no rate of USD in CNY is published for 2026-02-26
  hint: have the provider publish it with `deedbook rate`, or report the amount in CNY
work_of_other_contract: #8 was not made under contract #7
  hint: name a work of that contract
category_not_allowed: expenses of category `rent` are not deductible under the terms, which allow `platform-fees`
  hint: use a category that the terms allow; other expenses do not bear on the account
category_not_allowed: expenses of category `platform-fees` are not deductible under the terms, which allow none, the base being gross
  hint: use a category that the terms allow; other expenses do not bear on the account
before_cause: the fact takes effect at 2026-01-31T00:00:00.000Z, before #7 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
effective_in_future: the fact takes effect at 2026-03-03T00:00:00.000Z, more than a day after now, 2026-03-01T12:00:20.000Z
  hint: record it on the day it takes effect
reference_twice: two lines of the account have the reference `r-1`
  hint: give each payment and line a reference of its own
outside_term: a line is dated 2026-02-20T00:00:00.000Z, must be of the term of the contract, 2026-02-01T00:00:00.000Z until 2026-02-20T00:00:00.000Z
  hint: correct the date, or report it under the contract that was in force
revenue_not_counted: revenue of category `print-sales` is not accounted for under the terms
  hint: use a category that the terms name: `deedbook terms text` shows them
outside_territory: a line is from DE, must be from the territory of the terms, CN,JP
  hint: correct the country, or report it under a contract for that country
"#);
}
