//! A contract that goes on under a later version of its terms.

use crate::support::{
    Register, Story, account, at, check_ledger, contract, line, publish, share_terms, text, wen,
    work,
};
use deedbook::admission::{ContractRow, Refusal, View};
use deedbook::record::{
    Account, AccountLine, Contract, Deduction, EntryNumber, Form, LineKind, RecordId, Terms,
    Timestamp,
};

/// The second version and later ones: another category is deductible.
fn later(version: u32, deductible: &str) -> Terms {
    let mut terms = share_terms("share");
    terms.version = version;
    if let Form::ProfitShare(share) = &mut terms.form {
        share.deductions = vec![Deduction::of(text(deductible))];
    }
    terms
}

fn amending(terms: RecordId, first: RecordId, from: &str) -> Contract {
    let mut accepted = contract(terms);
    accepted.notice.shown_at = at(from);
    Contract { amends: Some(first), effective_at: at(from), ..accepted }
}

fn expense(category: &str, on: &str, reference: &str) -> AccountLine {
    AccountLine { on: at(on), ..line(LineKind::Expense, category, 100, reference) }
}

fn entry(register: &Register, id: RecordId) -> EntryNumber {
    register.ledger().read().unwrap().entry_number(&id).unwrap().unwrap()
}

/// Wen's contract with two amendments, of 10 and of 20 February.
fn amended() -> (Story, [RecordId; 2]) {
    let mut story = Story::begin();
    let first = story.share_contract;
    let register = &mut story.register;
    let mut amend = |version, deductible, from| {
        let terms = publish(register, later(version, deductible));
        register.record(&wen(), amending(terms, first, from))
    };
    let amendments = [amend(2, "printing", "2026-02-10"), amend(3, "framing", "2026-02-20")];
    (story, amendments)
}

#[test]
fn amendments_come_in_order_of_effect() {
    let (story, amendments) = amended();
    let register = &story.register;
    let first = entry(register, story.share_contract);
    let [second, third] = amendments.map(|id| entry(register, id));
    let reader = register.ledger().read().unwrap();
    let rows = reader.amendments_of(first).unwrap();
    assert_eq!(rows.iter().map(|row| row.entry).collect::<Vec<_>>(), [second, third]);
    assert!(rows.iter().all(|row| row.amends == Some(first)));
    assert_eq!(reader.contract(first).unwrap().unwrap().amends, None);
    assert_eq!(reader.amendments_of(second).unwrap(), []);
    let in_effect = |moment: Timestamp| {
        let row: Option<ContractRow> = reader.amendment_at(first, moment).unwrap();
        row.map(|row| row.entry)
    };
    for (moment, needed) in [
        (at("2026-02-09T23:59:59.999Z"), None),
        (at("2026-02-10"), Some(second)),
        (at("2026-02-19T23:59:59.999Z"), Some(second)),
        (at("2026-02-20"), Some(third)),
        (Timestamp::MAX, Some(third)),
    ] {
        assert_eq!(in_effect(moment), needed, "{moment}");
    }
}

/// The day of a line decides, not the day on which it is reported.
#[test]
fn a_line_keeps_the_terms_of_its_day() {
    let (mut story, _) = amended();
    let first = story.share_contract;
    let register = &mut story.register;
    for (place, (category, on, allowed)) in [
        ("platform-fees", "2026-02-09", true),
        ("printing", "2026-02-09", false),
        ("platform-fees", "2026-02-10", false),
        ("printing", "2026-02-10", true),
        ("printing", "2026-02-20", false),
        ("framing", "2026-02-20", true),
    ]
    .into_iter()
    .enumerate()
    {
        let lines = account(first, vec![expense(category, on, &format!("r-{place}"))]);
        if allowed {
            register.record(&wen(), lines);
        } else {
            let refusal = register.refused(&wen(), lines);
            assert_eq!(refusal.code(), "category_not_allowed", "{category} on {on}: {refusal}");
        }
    }
    let together = vec![
        expense("platform-fees", "2026-02-08", "s-1"),
        expense("printing", "2026-02-11", "s-2"),
        expense("framing", "2026-02-21", "s-3"),
    ];
    register.record(&wen(), account(first, together));
}

/// Whichever of the contracts a later work names, its lines and its title are of the first.
#[test]
fn later_works_name_either() {
    let (mut story, [second, _]) = amended();
    let first = story.share_contract;
    let mut works = Vec::new();
    for (title, named) in [("spring", first), ("autumn", second)] {
        works.push(story.work_of_wen(title, Some(named)));
    }
    let register = &mut story.register;
    let sale = |place: u16| {
        let reference = format!("w-{place}");
        let sale = line(LineKind::Revenue, "print-sales", 100, &reference);
        AccountLine { work: Some(place), ..sale }
    };
    let mut ids = works.clone();
    ids.sort_unstable();
    let lines = Account { works: ids, ..account(first, vec![sale(0), sale(1)]) };
    register.record(&wen(), lines);
    let kept = works.iter().map(|id| {
        let reader = register.ledger().read().unwrap();
        let facts = reader.work(entry(register, *id)).unwrap().unwrap();
        facts.contract
    });
    let kept: Vec<_> = kept.collect();
    assert_eq!(kept, vec![Some(entry(register, first)); 2]);
    // The history of the amendment has the work that names it.
    let reader = register.ledger().read().unwrap();
    let about = reader.about(entry(register, second), 100).unwrap();
    assert!(about.contains(&entry(register, works[1])), "{about:?}");
    check_ledger(register.ledger());
}

#[test]
fn a_work_from_before_an_amendment_cannot_name_it() {
    let (mut story, [_, third]) = amended();
    let mut early = work("winter", Some(third), &[(story.wen, "1")]);
    early.effective_at = at("2026-02-19");
    let refusal = story.register.refused(&wen(), early);
    assert!(matches!(refusal, Refusal::BeforeCause { .. }), "{refusal}");
}
