//! Closed statements of account in a bundle: their figures are computed anew, and not taken from whoever
//! closed them.

use super::command::done;
use super::parts::{Parts, number, proven, sealed};
use crate::support::{
    Register, Story, account, at, confirmation, contract, line, northlight, payment, publish,
    share_terms, text, wen,
};
use deedbook::evidence::{CaseClosing, Page, Recomputed};
use deedbook::ledger::answer::{Moments, owed, statement};
use deedbook::record::{
    AccountLine, Form, LineKind, Pool, ProfitShare, RecordId, StatementAccepted, StatementClosed,
    StatementDisputed, Timestamp,
};
use deedbook::royalty::SettlementSpan;

/// What the party of a contract closes, as the ledger computes it now.
pub(super) fn closing(register: &Register, contract: RecordId, span: &str) -> StatementClosed {
    let now = register.now();
    let reader = register.ledger().read().unwrap();
    let span: SettlementSpan = text(span);
    let moments = Moments { as_of: now, known_at: now };
    let drawn = statement(&reader, number(register, contract), span, moments).unwrap();
    StatementClosed {
        digest: drawn.digest(),
        closing: drawn.balance().unwrap().minor().try_into().unwrap(),
        ends_at: drawn.until,
        contract,
        currency: drawn.currency,
        known_at: now,
        starts_at: drawn.from,
        effective_at: now,
    }
}

fn sold(on: &str, minor: i64, reference: &str) -> AccountLine {
    AccountLine { on: at(on), ..line(LineKind::Revenue, "prints", minor, reference) }
}

fn until(register: &Register, moment: &str) {
    let to = at(moment).as_millis() - register.now().as_millis();
    register.clock.advance_ms(to);
}

fn outcomes(closings: &[CaseClosing]) -> Vec<&'static str> {
    closings.iter().map(|it| it.recomputed.name()).collect()
}

/// Two quarters, of which the first becomes other than it was closed, with a payment between.
fn two_quarters(story: &mut Story) -> [RecordId; 2] {
    let share = story.share_contract;
    let register = &mut story.register;
    register.record(&wen(), account(share, vec![sold("2026-02-26", 123_457, "q1")]));
    until(register, "2026-04-10");
    let first = closing(register, share, "2026-Q1");
    let first = register.record(&wen(), first);
    register.record(&northlight(), StatementAccepted { closing: first });
    // Known late, and of the first quarter.
    register.record(&wen(), account(share, vec![sold("2026-03-05", 50_000, "late")]));
    let mut paid = payment(share, None, "90.00 CNY", "p-1");
    paid.effective_at = at("2026-05-02");
    until(register, "2026-05-04");
    let paid = register.record(&wen(), paid);
    let mut arrived = confirmation(paid);
    arrived.effective_at = at("2026-05-03");
    register.record(&northlight(), arrived);
    register.record(&wen(), account(share, vec![sold("2026-04-20", 77_777, "q2")]));
    until(register, "2026-07-10");
    let second = closing(register, share, "2026-Q2");
    [first, register.record(&wen(), second)]
}

#[test]
fn closings_that_say_what_the_entries_give_agree_in_every_figure() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", Some(story.share_contract));
    let closings = two_quarters(&mut story);
    let register = &story.register;
    for subject in [spring, story.share_contract, story.wen] {
        let bundle = sealed(register, subject);
        let verdict = proven(&bundle);
        let found = verdict.closings().unwrap();
        assert_eq!(outcomes(&found), ["agrees", "agrees"], "{found:#?}");
        let entries = closings.map(|closing| number(register, closing));
        assert_eq!([found[0].entry, found[1].entry], entries);
        assert_eq!(
            (found[0].period.to_string().as_str(), found[0].by.as_str()),
            ("2026-Q1", "wen")
        );
        assert!(found[0].answer.is_some_and(|(_, accepted)| accepted));
        assert_eq!(found[1].answer, None);
        assert_eq!(verdict.page, Page::Drawn);
        let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
        assert_eq!(page.matches("agrees in every figure").count(), 2);
    }
    let bundle = sealed(register, spring);
    std::fs::write(register.directory().join("case.zip"), bundle).unwrap();
    let told = done(register.directory(), &["verify", "case.zip"]);
    assert_eq!(told.matches("agrees in every figure").count(), 2, "{told}");
    let told = done(register.directory(), &["--json", "verify", "case.zip"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["closings"][0]["recomputed"], "agrees");
    assert_eq!(told["closings"][1]["period"], "2026-Q2");
    assert_eq!(told["closings"][0]["balance"], told["closings"][0]["recomputed_balance"]);
}

#[test]
fn a_closing_of_other_figures_is_told_as_what_it_is_with_those_that_follow() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let register = &mut story.register;
    register.record(&wen(), account(share, vec![sold("2026-02-26", 100_000, "q1")]));
    until(register, "2026-04-10");
    let true_figures = closing(register, share, "2026-Q1");
    let less = StatementClosed { closing: true_figures.closing - 4_000, ..true_figures.clone() };
    let less = register.record(&wen(), less);
    let disputed = StatementDisputed { closing: less, reason: text("the sales are more") };
    register.record(&northlight(), disputed);
    let other_rows =
        StatementClosed { digest: deedbook::record::Digest::of(b"other rows"), ..true_figures };
    register.record(&wen(), other_rows);
    let bundle = sealed(register, share);
    let verdict = proven(&bundle);
    let found = verdict.closings().unwrap();
    assert_eq!(outcomes(&found), ["differs", "differs"]);
    let given = Recomputed::Differs { balance: crate::support::amount("75.00 CNY") };
    assert_eq!([&found[0].recomputed, &found[1].recomputed], [&given, &given]);
    assert_eq!(found[0].balance, crate::support::amount("35.00 CNY"));
    assert!(found[0].answer.is_some_and(|(_, accepted)| !accepted));
    // Of figures that the ledger does not have the digest is all that there is.
    let parts = Parts::of(&bundle).0;
    assert_eq!(parts.keys().filter(|name| name.starts_with("accounts/")).count(), 1);
    let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
    assert!(page.contains("</strong>: the entries give 75.00 CNY"), "{page}");
    assert!(page.contains("the same balance, but other figures"));
    std::fs::write(register.directory().join("case.zip"), bundle).unwrap();
    let told = done(register.directory(), &["verify", "case.zip"]);
    for words in ["DIFFERS: the entries give 75.00 CNY", "DIFFERS: the same balance", "disputed ("]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// An opponent leaves a sale out, without the register's word: the closing shows that something is missing.
#[test]
fn a_sale_that_is_left_out_shows_in_the_closing() {
    let mut story = Story::begin();
    two_quarters(&mut story);
    let register = &story.register;
    let mut parts = Parts::of(&sealed(register, story.share_contract));
    let of_account = |name: &&String| {
        name.strip_prefix("entries/").is_some_and(|_| {
            let entry = deedbook::record::Entry::decode(&parts.0[*name]).unwrap();
            entry.statement.record().kind() == deedbook::record::Kind::Account
        })
    };
    let first = parts.0.keys().find(of_account).unwrap();
    let first: u64 = first["entries/".len()..first.len() - 5].parse().unwrap();
    parts.leave_out(first);
    parts.strip();
    let found = proven(&parts.pack()).closings().unwrap();
    assert_eq!(outcomes(&found), ["differs", "differs"]);
}

/// The statement rests on the other work of the contract as well, which is not what the evidence is about.
#[test]
fn a_closing_whose_account_is_not_here_is_not_computed() {
    let mut story = Story::begin();
    let mut terms = share_terms("each");
    terms.form = Form::ProfitShare(ProfitShare {
        pool: Some(Pool::Work),
        ..ProfitShare::flat(text("10%"), text("CNY"))
    });
    let terms = publish(&mut story.register, terms);
    let each = story.register.record(&wen(), contract(terms));
    let [spring, autumn] = ["spring", "autumn"].map(|title| story.work_of_wen(title, Some(each)));
    let register = &mut story.register;
    for (work, reference) in [(spring, "s"), (autumn, "a")] {
        let mut of_work = account(each, vec![sold("2026-02-26", 10_000, reference)]);
        (of_work.works, of_work.lines[0].work) = (vec![work], Some(0));
        register.record(&wen(), of_work);
    }
    until(register, "2026-04-10");
    let closed = closing(register, each, "2026-Q1");
    let closed = register.record(&wen(), closed);
    let found = proven(&sealed(register, each)).closings().unwrap();
    assert_eq!(outcomes(&found), ["agrees"]);
    // Of one work it is no part of the evidence.
    let of_work = proven(&sealed(register, spring));
    assert!(!of_work.claims.iter().any(|it| it.entry == number(register, closed)));
    assert_eq!(of_work.closings().unwrap(), []);
    // Were it there, nobody could compute it.
    let all = super::case::entries(register);
    let texts = super::case::documents(register);
    let case = deedbook::evidence::Case::replay(&all, &texts, number(register, spring)).unwrap();
    let concerns = [number(register, spring)].into();
    assert_eq!(case.closings(&concerns).unwrap()[0].recomputed, Recomputed::NotHere);
}

/// Three contracts of one pool have one account: evidence about a work under any of them has all of it.
#[test]
fn a_pool_has_one_account_and_its_closing_is_computed_from_all_contracts() {
    let mut story = Story::begin();
    let contracts = ["a", "b", "c"].map(|slug| {
        let mut terms = share_terms(slug);
        terms.form = Form::ProfitShare(ProfitShare {
            pool: Some(Pool::Named(text("catalogue"))),
            ..ProfitShare::flat(text("10%"), text("CNY"))
        });
        let terms = publish(&mut story.register, terms);
        story.register.record(&wen(), contract(terms))
    });
    let works =
        [0, 1, 2].map(|place| story.work_of_wen(&format!("work {place}"), Some(contracts[place])));
    let register = &mut story.register;
    for (place, contract) in contracts.into_iter().enumerate() {
        let lines = vec![sold("2026-02-26", 10_000, &format!("s-{place}"))];
        register.record(&wen(), account(contract, lines));
        let paid =
            register.record(&wen(), payment(contract, None, "1.00 CNY", &format!("p-{place}")));
        register.record(&northlight(), confirmation(paid));
    }
    until(register, "2026-04-10");
    let closed = closing(register, contracts[0], "2026-Q1");
    register.record(&wen(), closed);
    let moments = Moments { as_of: at("2026-12-31"), known_at: Timestamp::MAX };
    let reader = register.ledger().read().unwrap();
    let asked = owed(&reader, Some(number(register, contracts[0])), moments).unwrap();
    assert_eq!(asked.lines[0].earned, crate::support::amount("30.00 CNY"));
    for subject in contracts.into_iter().chain(works) {
        let verdict = proven(&sealed(register, subject));
        let told = verdict.accounts(moments).unwrap().unwrap();
        let lines: Vec<_> =
            told.iter().flat_map(|it| &it.figures.as_ref().unwrap().lines).collect();
        let figures = |it: &&deedbook::royalty::Line| (it.earned, it.due, it.paid, it.owed);
        let of_ledger: Vec<_> =
            asked.lines.iter().map(|it| (it.earned, it.due, it.paid, it.owed)).collect();
        assert_eq!(lines.iter().map(figures).collect::<Vec<_>>(), of_ledger);
        let payments: usize =
            told.iter().map(|it| it.figures.as_ref().unwrap().payments.len()).sum();
        assert_eq!(payments, 3);
        assert_eq!(outcomes(&verdict.closings().unwrap()), ["agrees"]);
    }
}
