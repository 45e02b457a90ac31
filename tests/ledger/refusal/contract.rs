//! Acceptance of standard forms.

use super::told;
use crate::support::{
    Actor, Story, TERMS_TEXT, account, at, bo, contract, fee_terms, line, northlight, party,
    payment, publish, share_terms, text, wen, withdrawn,
};
use deedbook::admission::Refusal;
use deedbook::record::{
    Base, Contract, Digest, Form, LineKind, Pool, ProfitShare, RecordId, Role, SettlementPeriod,
    Terms, Vesting,
};

fn accepted_on(terms: RecordId, moment: &str) -> Contract {
    let mut contract = contract(terms);
    contract.notice.shown_at = contract.notice.shown_at.min(at(moment));
    contract.effective_at = at(moment);
    contract
}

/// Acceptances that do not show what the terms ask to be shown.
fn unnoticed(terms: RecordId) -> Vec<Contract> {
    let mut other_text = contract(terms);
    other_text.notice.digest = Digest::of(b"another text");
    let mut other_language = contract(terms);
    other_language.notice.language = text("zh");
    let mut too_little = contract(terms);
    too_little.acknowledged.clear();
    let mut other_clause = contract(terms);
    other_clause.acknowledged = vec![text("breach")];
    let mut too_much = contract(terms);
    too_much.acknowledged.push(text("breach"));
    vec![other_text, other_language, too_little, other_clause, too_much]
}

pub(super) fn refusals() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (fee, share) = (story.fee, story.share);
    let register = &mut story.register;
    let mut expired = fee_terms("expired");
    expired.expires_at = Some(at("2026-02-15"));
    let expired = publish(register, expired);
    let mut seen = vec![
        register.refused(&northlight(), contract(fee)),
        register.refused(&bo(), accepted_on(fee, "2025-12-31T23:59:59Z")),
        register.refused(&bo(), contract(expired)),
        register.refused(&wen(), contract(fee)),
    ];
    for contract in unnoticed(fee) {
        seen.push(register.refused(&bo(), contract));
    }
    register.record(&northlight(), withdrawn(share, "2026-03-01"));
    seen.push(register.refused(&bo(), contract(share)));
    register.record(&bo(), contract(fee));
    seen
}

/// Wen's acceptance of later terms for the contract by a share.
fn amending(terms: RecordId, first: RecordId) -> Contract {
    Contract { amends: Some(first), ..contract(terms) }
}

/// A later version of the terms by a share, changed.
fn later(version: u32, change: impl FnOnce(&mut Terms, &mut ProfitShare)) -> Terms {
    let mut terms = share_terms("share");
    terms.version = version;
    let Form::ProfitShare(mut share) = terms.form.clone() else { panic!("no share") };
    change(&mut terms, &mut share);
    terms.form = Form::ProfitShare(share);
    terms
}

pub(super) fn amendments() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (fee_contract, first) = (story.fee_contract, story.share_contract);
    let register = &mut story.register;
    let second = publish(register, later(2, |_, _| ()));
    let mut seen = vec![
        register.refused(&wen(), amending(second, fee_contract)),
        register.refused(&bo(), amending(second, first)),
        register.refused(
            &wen(),
            Contract { amends: Some(first), ..accepted_on(second, "2026-02-01T09:00:59Z") },
        ),
    ];
    let fee = publish(register, fee_terms("other-fee"));
    seen.push(register.refused(&wen(), amending(fee, first)));
    let other = Actor::new("southlight", 9);
    register.record(&other, party(&other, Role::Provider));
    let foreign = register.record_with(&other, share_terms("share"), &[TERMS_TEXT]).id;
    seen.push(register.refused(&wen(), amending(foreign, first)));
    let changes: [fn(&mut Terms, &mut ProfitShare); 6] = [
        |_, share| share.currency = text("EUR"),
        |_, share| share.period = SettlementPeriod::Year,
        |_, share| share.pool = Some(Pool::Work),
        |_, share| {
            share.base = Base::Gross;
            share.deductions.clear();
            share.rates[0].kind = Some(text("prints"));
        },
        |terms, _| terms.scope.territory = text("CN"),
        |terms, _| terms.vesting = Vesting::AtFirstPayment,
    ];
    for (version, change) in (3..).zip(changes) {
        let terms = publish(register, later(version, change));
        seen.push(register.refused(&wen(), amending(terms, first)));
    }
    let amendment = register.record(&wen(), amending(second, first));
    let third = publish(register, later(9, |_, _| ()));
    seen.push(register.refused(&wen(), amending(third, amendment)));
    let sale = line(LineKind::Revenue, "print-sales", 100, "r-1");
    seen.push(register.refused(&wen(), account(amendment, vec![sale])));
    seen.push(register.refused(&wen(), payment(amendment, None, "1.00 CNY", "p-1")));
    let earlier = accepted_on(third, "2026-02-01T09:00:59Z");
    seen.push(register.refused(&wen(), Contract { amends: Some(first), ..earlier }));
    seen
}

#[test]
fn only_what_one_account_can_go_on_with_amends_a_contract() {
    insta::assert_snapshot!(told(&amendments()), @r#"
amendment_of_fee: contract #5 asks for a fee, which no later version changes
  hint: accept the version without `--amends`, as a contract of its own
contract_of_other: contract #7 is of `wen`, `bo` cannot use it
  hint: sign as `wen`, or name a contract of `bo`
before_cause: the fact takes effect at 2026-02-01T09:00:59.000Z, before #7 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
amendment_changes: contract #7 must keep the form, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep the provider, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep the settlement currency, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep the settlement period, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep what is accounted for together, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep the kinds of revenue that have their own rate, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep the rights that pass, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
amendment_changes: contract #7 must keep when title passes, which the version changes
  hint: accept the version without `--amends`, as a contract of its own
names_amendment: #18 amends contract #7 and has no account of its own
  hint: name contract #7 instead
names_amendment: #18 amends contract #7 and has no account of its own
  hint: name contract #7 instead
names_amendment: #18 amends contract #7 and has no account of its own
  hint: name contract #7 instead
before_cause: the fact takes effect at 2026-02-01T09:00:59.000Z, before #18 on which it rests, at 2026-02-01T09:01:00.000Z
  hint: give a day that is not before that, with `--on`
"#);
}

#[test]
fn terms_are_accepted_as_shown_while_they_are_in_force() {
    insta::assert_snapshot!(told(&refusals()), @r#"
contract_with_self: `northlight` published these terms and cannot accept them
  hint: accept them as the party that uses the service
terms_not_yet: the acceptance takes effect at 2025-12-31T23:59:59.000Z, the terms are in force from 2026-01-01T00:00:00.000Z
  hint: accept them from that moment on
terms_expired: the terms expired at 2026-02-15T00:00:00.000Z, the acceptance is of 2026-03-01T12:00:11.000Z
  hint: accept a version in force: `deedbook list terms` shows them
contract_exists: the party has already accepted these terms, the contract is #5
  hint: use the contract #5
notice_differs: the text shown, 550505161f51dd4e42cf281563e1cbd3857145cac60e28ffbd7c2f4ceb14998d in `en`, is not a text of the terms
  hint: show the text that `deedbook terms text` prints
notice_differs: the text shown, 696fddef3cfe13ce93a2038b0f151b6603cad1a0d1469584882b58749214e4e6 in `zh`, is not a text of the terms
  hint: show the text that `deedbook terms text` prints
not_acknowledged: the material clause `assignment` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
not_acknowledged: the material clause `assignment` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
not_acknowledged: the material clause `breach` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
terms_withdrawn: the terms were withdrawn as of 2026-03-01T00:00:00.000Z, the acceptance is of 2026-03-01T12:00:19.000Z
  hint: accept a version in force: `deedbook list terms` shows them
"#);
}
