//! Evidence about one work under a share of profit has the money: what was reported, paid and closed
//! under its contract, and the figures that follow, which are those of the ledger.

use super::parts::{Parts, number, proven, sealed};
use super::told::told;
use crate::support::{
    Register, Story, account, assignment, at, bo, confirmation, contract, line, northlight,
    payment, publish, share_terms, text, wen, work,
};
use deedbook::evidence::{SubjectKind, Verdict};
use deedbook::ledger::answer::{Moments, owed};
use deedbook::record::{Account, EntryNumber, Form, LineKind, Pool, ProfitShare, RecordId};
use std::collections::BTreeSet;

/// When the figures are asked for, by everything that is known.
fn year_end() -> Moments {
    Moments { as_of: at("2026-12-31"), ..Moments::ALL }
}

/// Work, earned, due, paid and owed of each line.
type Figures = Vec<(Option<EntryNumber>, [String; 4])>;

fn told_figures(verdict: &Verdict) -> Figures {
    let accounts = verdict.accounts(year_end()).unwrap().unwrap();
    let lines = accounts.iter().flat_map(|told| &told.figures.as_ref().unwrap().lines);
    let figures = |line: &deedbook::royalty::Line| {
        [line.earned, line.due, line.paid, line.owed].map(|amount| amount.to_string())
    };
    lines.map(|line| (line.work, figures(line))).collect()
}

fn ledgers_figures(register: &Register, contract: RecordId) -> Figures {
    let reader = register.ledger().read().unwrap();
    let found = owed(&reader, Some(number(register, contract)), year_end()).unwrap();
    let figures = |line: &deedbook::ledger::answer::OwedLine| {
        [line.earned, line.due, line.paid, line.owed].map(|amount| amount.to_string())
    };
    found.lines.iter().map(|line| (line.work_entry, figures(line))).collect()
}

fn entries(verdict: &Verdict, concerns: bool) -> BTreeSet<EntryNumber> {
    let claims = verdict.claims.iter().filter(|claim| claim.concerns_subject == concerns);
    claims.map(|claim| claim.entry).collect()
}

/// Terms by which wen pays a tenth, accounted for as `pool` says, and her contract.
fn share_contract(story: &mut Story, slug: &str, pool: Option<Pool>) -> RecordId {
    let mut terms = share_terms(slug);
    let share = ProfitShare::flat(text("10%"), text("CNY"));
    terms.form = Form::ProfitShare(ProfitShare { pool, ..share });
    let terms = publish(&mut story.register, terms);
    story.register.record(&wen(), contract(terms))
}

fn sale(of: &[RecordId], contract: RecordId, minor: i64, reference: &str) -> Account {
    let mut lines = vec![line(LineKind::Revenue, "prints", minor, reference)];
    if !of.is_empty() {
        lines[0].work = Some(0);
    }
    Account { works: of.to_vec(), ..account(contract, lines) }
}

#[test]
fn a_work_under_a_share_brings_the_account_that_all_works_of_the_contract_have() {
    let mut story = Story::begin();
    let share = share_contract(&mut story, "together", None);
    let other_share = share_contract(&mut story, "elsewhere", None);
    let [spring, autumn] = ["spring", "autumn"].map(|title| story.work_of_wen(title, Some(share)));
    let elsewhere = story.work_of_wen("elsewhere", Some(other_share));
    let register = &mut story.register;
    let of_all = register.record(&wen(), sale(&[], share, 10_000, "s-1"));
    let of_autumn = register.record(&wen(), sale(&[autumn], share, 20_000, "s-2"));
    let others = register.record(&wen(), sale(&[], other_share, 70_000, "s-3"));
    let paid = register.record(&wen(), payment(share, None, "12.00 CNY", "p-1"));
    let confirmed = register.record(&northlight(), confirmation(paid));
    let sold = register.record(&wen(), assignment(autumn, story.bo, "1"));
    let bundle = sealed(register, spring);
    let verdict = proven(&bundle);
    let of = |ids: &[RecordId]| ids.iter().map(|id| number(register, *id)).collect::<BTreeSet<_>>();
    let concerns = of(&[spring, share, of_all, of_autumn, paid, confirmed]);
    assert_eq!(entries(&verdict, true), concerns);
    // The other work is there because a line names it; what became of it is somebody else's affair.
    let supports = entries(&verdict, false);
    assert!(supports.is_superset(&of(&[autumn])));
    assert!(supports.is_disjoint(&of(&[others, elsewhere, sold, other_share])));
    assert_eq!(verdict.works, of(&[spring]));
    let figures = told_figures(&verdict);
    assert_eq!(figures, ledgers_figures(register, share));
    assert_eq!(figures[0].1[2], "12.00 CNY", "{figures:?}");
    assert_ne!(figures[0].1[0], "0.00 CNY");
    let page = String::from_utf8(Parts::of(&bundle).0["report.html"].clone()).unwrap();
    for words in [figures[0].1[0].as_str(), "12.00 CNY", "how the figures follow"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("Evidence about that contract"));
}

#[test]
fn where_each_work_has_its_account_the_others_are_left_out() {
    let mut story = Story::begin();
    let share = share_contract(&mut story, "each", Some(Pool::Work));
    let [spring, autumn] = ["spring", "autumn"].map(|title| story.work_of_wen(title, Some(share)));
    let register = &mut story.register;
    let mine = register.record(&wen(), sale(&[spring], share, 10_000, "s-1"));
    let others = register.record(&wen(), sale(&[autumn], share, 20_000, "s-2"));
    let paid = register.record(&wen(), payment(share, Some(spring), "3.00 CNY", "p-1"));
    let confirmed = register.record(&northlight(), confirmation(paid));
    let verdict = proven(&sealed(register, spring));
    let of = |ids: &[RecordId]| ids.iter().map(|id| number(register, *id)).collect::<BTreeSet<_>>();
    assert_eq!(entries(&verdict, true), of(&[spring, mine, paid, confirmed]));
    assert!(entries(&verdict, false).is_disjoint(&of(&[autumn, others])));
    let spring = number(register, spring);
    let mut asked = ledgers_figures(register, share);
    asked.retain(|(work, _)| *work == Some(spring));
    assert_eq!((told_figures(&verdict), asked.len()), (asked, 1));
}

/// Whoever the work was assigned to is not a side of the contract under which it was made.
#[test]
fn evidence_about_another_party_has_no_account_of_the_contract() {
    let mut told = told();
    let autumn = number(&told.register, told.autumn);
    let second =
        crate::support::Actor { handle: "wen".to_owned(), key: crate::support::Key::p256(11) };
    told.register.record(&second, assignment(told.autumn, told.bo, "1"));
    let verdict = proven(&sealed(&told.register, told.bo));
    assert_eq!(verdict.subject.kind, SubjectKind::Party);
    assert!(verdict.works.contains(&autumn));
    assert!(!entries(&verdict, true).contains(&number(&told.register, told.share_contract)));
    assert!(!verdict.claims.iter().any(|it| it.entry == number(&told.register, told.accounts)));
    let of_it = proven(&sealed(&told.register, told.autumn));
    assert!(of_it.claims.iter().any(|it| it.entry == number(&told.register, told.accounts)));
    assert_eq!(told_figures(&of_it), ledgers_figures(&told.register, told.share_contract));
    // Of a work of bo's own, nothing of that either.
    let own = told.register.record(&bo(), work("own", None, &[(told.bo, "1")]));
    assert_eq!(told_figures(&proven(&sealed(&told.register, own))), []);
}
