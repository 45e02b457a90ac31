//! What is said twice is recorded once, and answers with the entry that it has.

use crate::support::{Story, account, line, payment, wen};
use deedbook::ledger::LedgerError;
use deedbook::record::{LineKind, Record};

fn hand_in(story: &mut Story, record: impl Into<Record>) -> deedbook::ledger::Recorded {
    story.register.clock.advance_ms(1000);
    let statement = story.register.sign(&wen(), record);
    let submission = vec![statement.as_bytes().to_vec()].into();
    story.register.ledger_mut().submit(submission).unwrap()[0]
}

#[test]
fn the_same_statement_answers_with_its_entry() {
    let mut story = Story::begin();
    let work = crate::support::work("spring", None, &[(story.wen, "1")]);
    let statement = story.register.sign(&wen(), work);
    let bytes = statement.as_bytes().to_vec();
    let ledger = story.register.ledger_mut();
    let first = ledger.submit(vec![bytes.clone()].into()).unwrap();
    assert!(first[0].is_new);
    story.register.clock.advance_ms(86_400_000);
    let ledger = story.register.ledger_mut();
    let twice = ledger.submit(vec![bytes.clone(), bytes].into()).unwrap();
    for again in twice {
        assert!(!again.is_new);
        assert_eq!(again.entry, first[0].entry);
        assert_eq!(again.id, first[0].id);
        assert_eq!(again.registered_at, first[0].registered_at);
    }
    assert_eq!(story.register.ledger().read().unwrap().size().unwrap(), 9);
}

#[test]
fn the_same_statement_twice_in_one_submission_is_one_entry() {
    let mut story = Story::begin();
    let work = crate::support::work("spring", None, &[(story.wen, "1")]);
    let bytes = story.register.sign(&wen(), work).as_bytes().to_vec();
    let ledger = story.register.ledger_mut();
    let twice = ledger.submit(vec![bytes.clone(), bytes].into()).unwrap();
    let new: Vec<bool> = twice.iter().map(|recorded| recorded.is_new).collect();
    assert_eq!(new, [true, false]);
    assert_eq!(twice[0].entry, twice[1].entry);
    crate::support::check_ledger(story.register.ledger());
}

#[test]
fn a_payment_reported_again_under_its_reference_is_the_one_there_is() {
    let mut story = Story::begin();
    let contract = story.fee_contract;
    let spring = story.work_of_wen("spring", Some(contract));
    let report = payment(contract, Some(spring), "20.00 CNY", "p-1");
    let first = hand_in(&mut story, report.clone());
    let again = hand_in(&mut story, report.clone());
    assert_eq!((first.is_new, again.is_new), (true, false));
    assert_eq!((again.entry, again.id), (first.entry, first.id));
    let mut more = report;
    more.amount = crate::support::amount("20.01 CNY");
    let refusal = story.register.refused(&wen(), more);
    assert_eq!(refusal.code(), "reference_used");
}

#[test]
fn an_account_reported_again_is_the_one_there_is() {
    let mut story = Story::begin();
    let contract = story.share_contract;
    let sale = line(LineKind::Revenue, "print-sales", 10_000, "r-1");
    let report = account(contract, vec![sale.clone()]);
    let first = hand_in(&mut story, report.clone());
    let again = hand_in(&mut story, report);
    assert_eq!((first.is_new, again.is_new), (true, false));
    assert_eq!(again.entry, first.entry);
    let mut more = sale.clone();
    more.minor += 1;
    let refusal = story.register.refused(&wen(), account(contract, vec![more]));
    assert_eq!(refusal.code(), "reference_used");
    let further = line(LineKind::Revenue, "print-sales", 1, "r-2");
    let half_new = account(contract, vec![sale, further]);
    let refusal = story.register.refused(&wen(), half_new);
    assert_eq!(refusal.code(), "reference_used");
}

#[test]
fn of_several_statements_one_bad_one_keeps_all_out() {
    let mut story = Story::begin();
    let good = crate::support::work("spring", None, &[(story.wen, "1")]);
    let bad = crate::support::work("summer", None, &[(story.bo, "1")]);
    let statements = [good, bad].map(|work| story.register.sign(&wen(), work).as_bytes().to_vec());
    match story.register.failed(statements.to_vec().into()) {
        LedgerError::Refused { position, refusal } => {
            assert_eq!((position, refusal.code()), (1, "signer_not_creator"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn batches_before_a_refused_one_stay() {
    for place in 0..=3 {
        let mut story = Story::begin();
        let mut batches: Vec<Vec<Vec<u8>>> = Vec::new();
        for title in ["spring", "summer", "autumn"] {
            let work = crate::support::work(title, None, &[(story.wen, "1")]);
            batches.push(vec![story.register.sign(&wen(), work).as_bytes().to_vec()]);
        }
        batches.insert(place, vec![vec![0xff]]);
        let mut recorded = 0;
        let count = |batch: &[deedbook::ledger::Recorded]| recorded += batch.len();
        let refused = story.register.ledger_mut().submit_batches(batches, count);
        assert!(matches!(refused, Err(LedgerError::Record { position: 0, .. })));
        assert_eq!(recorded, place, "the batches before it are recorded and told");
        crate::support::check_ledger(story.register.ledger());
    }
}
