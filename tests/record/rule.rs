//! The rules that a record must keep by itself, at signing and at reading alike.

use super::raw::sample;
use crate::support::{Key, account_of, signed_at};
use deedbook::money::{Amount, MoneyError};
use deedbook::record::*;

fn refused(record: impl Into<Record>) -> RecordError {
    Statement::sign(record.into(), "wen", signed_at(), &Key::wen()).unwrap_err()
}

fn list(what: &'static str, found: usize, needed: &'static str) -> RecordError {
    RecordError::List { what, found, needed }
}

fn range(what: &'static str, found: &str, needed: &'static str) -> RecordError {
    RecordError::OutOfRange { what, found: found.to_owned(), needed }
}

macro_rules! body {
    ($kind:ident, $name:literal) => {
        match sample(Kind::$kind, $name).record {
            Record::$kind(body) => body,
            other => panic!("{other:?}"),
        }
    };
}

#[test]
fn shares_must_sum_to_one_and_the_message_says_what_is_missing() {
    let mut work = body!(Work, "maximal");
    work.creators[0].share = "47/100".parse().unwrap();
    work.creators[1].share = "1/2".parse().unwrap();
    let error = refused(work.clone());
    assert_eq!(
        error,
        RecordError::Money {
            what: "shares of the creators",
            error: MoneyError::SharesFallShort {
                sum: "97/100".parse().unwrap(),
                missing: "3/100".parse().unwrap(),
            },
        }
    );
    let message = error.to_string();
    assert!(message.contains("97/100") && message.contains("3/100"), "{message}");
    work.creators[0].share = "3/4".parse().unwrap();
    let message = refused(work.clone()).to_string();
    assert!(message.contains("5/4") && message.contains("1/4"), "{message}");
    work.creators.clear();
    assert!(matches!(refused(work), RecordError::Money { .. }));
}

#[test]
fn works_name_each_creator_and_each_content_once() {
    let mut work = body!(Work, "maximal");
    work.creators[1].party = work.creators[0].party;
    assert_eq!(refused(work), list("creators", 2, "1 to 200, none twice"));
    let mut work = body!(Work, "maximal");
    work.contents[1].digest = work.contents[0].digest;
    assert_eq!(refused(work), list("contents", 2, "1 to 200, none twice"));
    let mut work = body!(Work, "maximal");
    work.contents.clear();
    assert_eq!(refused(work), list("contents", 0, "1 to 200, none twice"));
    let mut work = body!(Work, "minimal");
    work.contents =
        (0..201_u64).map(|size| Content::new(size, Digest::of(&size.to_be_bytes()))).collect();
    assert_eq!(refused(work.clone()), list("contents", 201, "1 to 200, none twice"));
    work.contents.pop();
    assert!(Record::from(work).check().is_ok());
}

#[test]
fn generations_say_something_and_not_too_much() {
    let with = |change: fn(&mut Generation)| {
        let mut work = body!(Work, "maximal");
        change(work.generation.as_mut().unwrap());
        refused(work)
    };
    let empty = with(|generation| *generation = Generation::default());
    assert_eq!(empty, list("generation", 0, "something told, or left out"));
    let prompts = with(|generation| generation.prompts = vec![generation.prompts[0]; 201]);
    assert_eq!(prompts, list("prompts", 201, "at most 200"));
    let loras = with(|generation| generation.loras = vec![generation.loras[0].clone(); 51]);
    assert_eq!(loras, list("LoRAs", 51, "at most 50"));
    let parameters = with(|generation| {
        generation.parameters = (0..201)
            .map(|index| {
                let name: Name = format!("p{index}").parse().unwrap();
                (Parameter(name.clone()), name)
            })
            .collect();
    });
    assert_eq!(parameters, list("parameters", 201, "at most 200"));
}

/// A part of proceeds names its work and its payee, and nothing else names a payee.
#[test]
fn payments_of_proceeds_name_work_and_payee() {
    let with = |change: fn(&mut Payment)| {
        let mut payment = body!(Payment, "proceeds");
        change(&mut payment);
        refused(payment)
    };
    let needed = "of a work and to a payee, both named, and no contract";
    let refusal = |found| range("payment of proceeds", found, needed);
    let under = |found| range("payment", found, "under a contract, which says who is paid");
    assert_eq!(with(|payment| payment.work = None), refusal("no work"));
    assert_eq!(with(|payment| payment.payee = None), refusal("no payee"));
    assert_eq!(with(|payment| payment.contract = payment.work), refusal("a contract"));
    assert_eq!(with(|payment| payment.purpose = None), under("a payee, and another purpose"));
    let other = with(|payment| payment.purpose = Some(Purpose::Advance));
    assert_eq!(other, under("a payee, and another purpose"));
    let mut payment = body!(Payment, "minimal");
    payment.contract = None;
    assert_eq!(refused(payment), under("no contract, and another purpose"));
}

/// An account without a contract is of one work, which every line names; a correction is of one account.
#[test]
fn an_account_is_of_a_contract_or_of_a_work() {
    let with = |works: usize, change: fn(&mut Account)| {
        let mut account = Account { contract: None, ..account_of(2, works) };
        change(&mut account);
        refused(account)
    };
    let needed = "one, which every line names";
    let refusal = |found| list("works of an account without a contract", found, needed);
    assert_eq!(with(0, |_| {}), refusal(0));
    assert_eq!(with(2, |_| {}), refusal(2));
    assert_eq!(with(1, |account| account.lines[1].work = None), refusal(1));
    let with = |change: fn(&mut Correction)| {
        let mut correction = body!(Correction, "of-a-work");
        change(&mut correction);
        refused(correction)
    };
    let refusal = |found| range("account of a correction", found, "of a contract or of a work");
    assert_eq!(with(|it| it.work = None), refusal("neither"));
    assert_eq!(with(|it| it.contract = it.work), refusal("a contract and a work"));
    let other = with(|it| it.replacement = Some(account_of(1, 1)));
    assert!(matches!(other, RecordError::OutOfRange { what: "replacement", .. }), "{other:?}");
}

#[test]
fn what_a_file_says_of_itself_is_bounded_and_checked() {
    let with = |change: fn(&mut Content)| {
        let mut work = body!(Work, "maximal");
        change(&mut work.contents[0]);
        refused(work)
    };
    let claims = with(|content| content.claims = vec![content.claims[0].clone(); 17]);
    assert_eq!(claims, list("claims of a file", 17, "at most 16"));
    let empty = with(|content| content.claims[0].generation = Some(Generation::default()));
    assert_eq!(empty, list("generation", 0, "something told, or left out"));
}

#[test]
fn each_content_code_is_of_its_kind() {
    let with = |change: &dyn Fn(&mut ContentCodes)| {
        let mut work = body!(Work, "maximal");
        change(work.contents[0].codes.as_mut().unwrap());
        refused(work)
    };
    let other = |kind| ContentCode::new(kind, 5);
    let bad = |kind| RecordError::ContentCode { found: other(kind).to_string() };
    assert_eq!(with(&|codes| codes.data = other(CodeKind::Image)), bad(CodeKind::Image));
    assert_eq!(with(&|codes| codes.image = Some(other(CodeKind::Data))), bad(CodeKind::Data));
    assert_eq!(with(&|codes| codes.regions[0] = other(CodeKind::Data)), bad(CodeKind::Data));
    // Not the beginning of the digest.
    assert_eq!(with(&|codes| codes.instance = other(CodeKind::Instance)), bad(CodeKind::Instance));
    let regions = "at most 16, of a picture with a code";
    let many = with(&|codes| codes.regions = vec![other(CodeKind::Image); 17]);
    assert_eq!(many, list("regions of a picture", 17, regions));
    assert_eq!(with(&|codes| codes.image = None), list("regions of a picture", 2, regions));
}

#[test]
fn terms_keep_their_rules() {
    let with = |change: fn(&mut Terms)| {
        let mut terms = body!(Terms, "maximal");
        change(&mut terms);
        refused(terms)
    };
    let texts = "1 to 20, ordered by language, none twice";
    assert_eq!(with(|terms| terms.texts.clear()), list("texts", 0, texts));
    assert_eq!(with(|terms| terms.texts.reverse()), list("texts", 2, texts));
    let clauses = "1 to 40, none twice";
    assert_eq!(with(|terms| terms.clauses.clear()), list("clauses", 0, clauses));
    let twice = with(|terms| terms.clauses[1].name = terms.clauses[0].name.clone());
    assert_eq!(twice, list("clauses", 2, clauses));
    assert_eq!(with(|terms| terms.version = 0), range("version", "0", "1 or more"));
    assert_eq!(
        with(|terms| terms.vesting = Vesting::WhenPaid),
        range("vesting of a profit share", "when-paid", "at-generation or at-first-payment")
    );
    let ended = with(|terms| terms.expires_at = Some(terms.effective_at));
    assert!(matches!(ended, RecordError::PeriodEmpty { .. }), "{ended}");
}

#[test]
fn forms_keep_their_rules() {
    let share = |change: fn(&mut ProfitShare)| {
        let mut terms = body!(Terms, "maximal");
        let Form::ProfitShare(share) = &mut terms.form else { panic!("{:?}", terms.form) };
        change(share);
        refused(terms)
    };
    let net = "1 to 40 where the base is net, in alphabetical order, none twice";
    assert_eq!(share(|share| share.deductions.reverse()), list("deductions", 2, net));
    assert_eq!(share(|share| share.deductions.clear()), list("deductions", 0, net));
    assert_eq!(
        share(|share| share.base = Base::Gross),
        list("deductions", 2, "none where the base is gross")
    );
    let late = range("due_days", "3654", "at most 3653, ten years");
    assert_eq!(share(|share| share.due_days = 3654), late);
    let fee = |change: fn(&mut Fee)| {
        let mut terms = body!(Terms, "minimal");
        let Form::FeeForAssignment(fee) = &mut terms.form else { panic!("{:?}", terms.form) };
        change(fee);
        refused(terms)
    };
    assert_eq!(fee(|fee| fee.due_days = 3654), late);
    assert_eq!(
        fee(|fee| fee.amount = Amount::new(-1, fee.amount.currency()).unwrap()),
        range("fee", "-0.01 CNY", "zero or more")
    );
}

#[test]
fn times_stand_in_order() {
    let mut contract = body!(Contract, "minimal");
    contract.notice.shown_at = Timestamp::MAX;
    assert_eq!(
        refused(contract),
        range("the time of notice", "9999-12-31T23:59:59.999Z", "not after the acceptance")
    );
    let mut assignment = body!(Assignment, "maximal");
    let from = assignment.effective_at;
    assignment.until = Some(from);
    assert_eq!(refused(assignment), RecordError::PeriodEmpty { from, until: from });
}

#[test]
fn money_is_in_range() {
    let yuan = |minor| Amount::new(minor, "CNY".parse().unwrap()).unwrap();
    for (minor, found) in [(0, "0.00 CNY"), (-1, "-0.01 CNY")] {
        let mut payment = body!(Payment, "minimal");
        payment.amount = yuan(minor);
        assert_eq!(refused(payment), range("payment", found, "more than zero"));
    }
    let mut assignment = body!(Assignment, "maximal");
    assignment.price = Some(yuan(-1));
    assert_eq!(refused(assignment), range("price", "-0.01 CNY", "zero or more"));
    let mut payment = body!(Payment, "minimal");
    payment.amount = yuan(i128::from(i64::MAX) + 1);
    let message = refused(payment).to_string();
    assert!(message.contains("does not fit 64 bits"), "{message}");
}

#[test]
fn accounts_name_their_works_once_and_only_those() {
    let with = |change: fn(&mut Account)| {
        let mut account = account_of(6, 2);
        change(&mut account);
        refused(account)
    };
    assert_eq!(with(|account| account.lines.clear()), list("lines", 0, "1 to 1000"));
    let works = "those that the lines are about, none twice";
    assert_eq!(
        with(|account| account.works[1] = account.works[0]),
        list("works of an account", 2, works)
    );
    assert_eq!(
        with(|account| account.works.push(RecordId::of(b"unused"))),
        list("works of an account", 3, works)
    );
    assert_eq!(
        with(|account| account.lines[0].work = Some(2)),
        range("work of a line", "2", "a place in the list of works")
    );
    for (minor, found) in [(0, "0.00 CNY"), (-1, "-0.01 CNY")] {
        let mut account = account_of(6, 2);
        account.lines[3].minor = minor;
        let error = range("amount of a line", found, "more than zero");
        assert_eq!(refused(account), error);
    }
    assert_eq!(refused(account_of(MAX_ACCOUNT_LINES + 1, 0)), list("lines", 1001, "1 to 1000"));
}

#[test]
fn parties_have_roles_and_ledgers_an_ed25519_key() {
    let mut party = body!(Party, "minimal");
    party.roles = Roles::new([]);
    assert_eq!(refused(party), list("roles", 0, "at least one, in order, none twice"));
    let mut ledger = body!(Ledger, "minimal");
    ledger.key = Key::p256(3).public_key();
    assert_eq!(
        refused(ledger),
        RecordError::Key { reason: "the ledger's key must be Ed25519".to_owned() }
    );
    for length in [0, 63, 65] {
        let mut added = body!(KeyAdded, "minimal");
        added.possession = vec![0; length];
        assert_eq!(
            refused(added),
            RecordError::Key {
                reason: format!("the proof of possession has {length} bytes, must be 64")
            }
        );
    }
}
