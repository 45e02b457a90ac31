//! Bundles about what hangs together across works and contracts: works that derive from others
//! under licences, and contracts of one pool.

use super::parts::{number, proven, sealed};
use crate::support::{
    Register, Story, account, ana, assignment, at, bo, contract, derived, licence, line, party,
    publish, share_terms, text, wen,
};
use deedbook::evidence::{SubjectKind, Verdict};
use deedbook::ledger::answer::{Moments, owner};
use deedbook::record::{EntryNumber, Form, LineKind, Passing, Pool, ProfitShare, RecordId, Role};

/// The title of every work that the bundle tells whole is what the ledger answers.
fn told_as_in_the_ledger(register: &Register, verdict: &Verdict) {
    let reader = register.ledger().read().unwrap();
    assert!(!verdict.works.is_empty());
    for work in &verdict.works {
        let asked = owner(&reader, *work, Moments::ALL).unwrap();
        let title = verdict.case.title(*work, Moments::ALL).unwrap().unwrap();
        assert_eq!((title.holders, title.outstanding), (asked.holders, asked.outstanding));
        assert_eq!(title.conflicts, asked.conflicts);
    }
}

fn has(verdict: &Verdict, entry: EntryNumber) -> bool {
    verdict.claims.iter().any(|claim| claim.entry == entry)
}

#[test]
fn a_derived_work_brings_the_licence_and_what_made_its_licensor_a_holder() {
    let mut story = Story::begin();
    let spring = story.work_of_wen("spring", None);
    let other = story.work_of_wen("other", None);
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let sold = register.record(&wen(), assignment(spring, ana_id, "1"));
    let mut granted = licence(spring, "5%", Passing::EveryAncestor);
    granted.effective_at = at("2026-03-01");
    let granted = register.record(&ana(), granted);
    let mut summer = derived("summer", None, story.bo, &[(spring, Some(granted))]);
    summer.effective_at = at("2026-03-01");
    let summer = register.record(&bo(), summer);
    let passed = register.record(&bo(), assignment(summer, story.wen, "1/4"));
    let later = register.record(&ana(), assignment(spring, story.bo, "1/2"));
    let verdict = proven(&sealed(register, summer));
    let work = number(register, summer);
    assert_eq!((verdict.subject.kind, verdict.subject.entry), (SubjectKind::Work, work));
    told_as_in_the_ledger(register, &verdict);
    let title = verdict.case.title(work, Moments::ALL).unwrap().unwrap();
    let mut holders: Vec<_> =
        title.holders.iter().map(|held| (held.party.as_str(), held.share.to_string())).collect();
    holders.sort_unstable();
    assert_eq!(holders, [("bo", "3/4".to_owned()), ("wen", "1/4".to_owned())]);
    for needed in [spring, sold, granted, passed] {
        assert!(has(&verdict, number(register, needed)), "{needed}");
    }
    // Nothing of another work, and nothing that came to its parent after the licence.
    for left in [other, later] {
        assert!(!has(&verdict, number(register, left)), "{left}");
    }
    // The work that it derives from is told whole in its own bundle, and there alone.
    assert!(!verdict.works.contains(&number(register, spring)));
    told_as_in_the_ledger(register, &proven(&sealed(register, spring)));
}

#[test]
fn a_contract_of_a_pool_brings_the_first_contract_and_the_works_under_it() {
    let mut story = Story::begin();
    let register = &mut story.register;
    let contracts = ["pictures", "songs"].map(|slug| {
        let mut terms = share_terms(slug);
        terms.form = Form::ProfitShare(ProfitShare {
            pool: Some(Pool::Named(text("catalogue"))),
            ..ProfitShare::flat(text("10%"), text("CNY"))
        });
        let terms = publish(register, terms);
        register.record(&wen(), contract(terms))
    });
    let works: [RecordId; 2] = [("a", contracts[0]), ("b", contracts[1])]
        .map(|(title, contract)| story.work_of_wen(title, Some(contract)));
    let register = &mut story.register;
    let accounts = contracts.map(|contract| {
        let lines = vec![line(LineKind::Revenue, "prints", 10_000, "s-1")];
        register.record(&wen(), account(contract, lines))
    });
    register.record(&wen(), assignment(works[0], story.bo, "1/2"));
    for subject in contracts {
        let verdict = proven(&sealed(register, subject));
        let entry = number(register, subject);
        assert_eq!((verdict.subject.kind, verdict.subject.entry), (SubjectKind::Contract, entry));
        told_as_in_the_ledger(register, &verdict);
        for needed in [contracts[0], subject] {
            assert!(has(&verdict, number(register, needed)), "{needed}");
        }
    }
    // The later one has all of the account that it is part of.
    let verdict = proven(&sealed(register, contracts[1]));
    for needed in works.into_iter().chain(accounts) {
        assert!(has(&verdict, number(register, needed)), "{needed}");
    }
    assert_eq!(verdict.works, works.map(|work| number(register, work)).into());
    let party = proven(&sealed(register, story.wen));
    told_as_in_the_ledger(register, &party);
}
