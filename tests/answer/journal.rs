//! The books of contracts come to what is owed, whatever happened and whenever it is asked.

use super::{entry, moments};
use crate::support::{
    Story, account, at, confirmation, contract, contract_fee_terms, line, northlight, payment,
    publish, text, wen,
};
use deedbook::journal::Journal;
use deedbook::ledger::answer::{AnswerError, Moments, journal, owed, proceeds};
use deedbook::money::Amount;
use deedbook::record::{
    Correction, LineKind, Opening, OpeningAgreed, Purpose, RecordId, Timestamp,
};
use deedbook::store::Reader;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What the postings to each account come to; each is in one currency here.
pub(crate) fn sums(journal: &Journal) -> BTreeMap<String, Amount> {
    let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
    for posting in journal.transactions().iter().flat_map(|transaction| transaction.postings()) {
        let zero = Amount::zero(posting.amount.currency());
        let sum = sums.entry(posting.account.to_string()).or_insert(zero);
        *sum = sum.checked_add(posting.amount).unwrap();
    }
    sums
}

/// The books at a moment; every payable is compared with what `owed` says of its line.
pub(crate) fn books(reader: &Reader<'_>, when: Moments) -> Journal {
    let journal = journal(reader, None, when).unwrap();
    let sums = sums(&journal);
    let owed = owed(reader, None, when).unwrap();
    let shared = shared(reader, when);
    assert_eq!(journal.balances().len(), owed.lines.len() + shared.len());
    for (name, owed) in &shared {
        let asserted = journal.balances().iter().find(|it| it.account.as_str() == name).unwrap();
        let found = (sums.get(name).map_or(0, |sum| sum.minor()), asserted.amount.minor());
        assert_eq!(found, (-owed, -owed), "{name}");
    }
    for (place, line) in owed.lines.iter().enumerate() {
        let contract = line.contract_entry.get();
        let beside = owed.lines.iter().filter(|other| other.contract_entry == line.contract_entry);
        let by_work = beside.filter(|other| other.work.is_some()).count() > 0;
        let payee = line.payee.as_str();
        let payee = format!("{}{}", payee[..1].to_uppercase(), &payee[1..]);
        let mut name = format!("Liabilities:Contract-{contract}:{payee}");
        match line.work_entry {
            Some(work) => name += &format!(":Work-{}", work.get()),
            None if by_work => name += ":No-work",
            None => {}
        }
        let found = sums.get(&name).map_or(0, |sum| sum.minor());
        assert_eq!(found, -line.owed.minor(), "line {place}, {name}, of {sums:?}");
        let asserted = journal.balances().iter().find(|balance| balance.account.as_str() == name);
        let asserted = asserted.unwrap();
        assert_eq!(asserted.amount.minor(), -line.owed.minor());
        assert_eq!(asserted.on, when.as_of.date());
    }
    journal
}

/// What each holder owes another of a work, by the account that must come to it.
fn shared(reader: &Reader<'_>, when: Moments) -> BTreeMap<String, i128> {
    let capital = |name: &str| format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let mut shared = BTreeMap::new();
    for work in proceeds(reader, None, when).unwrap() {
        for (part, owed) in work.parts.iter().filter_map(|part| Some((part, part.owed?))) {
            let (payer, payee) = (capital(work.payer.as_str()), capital(part.payee.as_str()));
            let name = format!("Liabilities:Work-{}:{payer}:{payee}", work.work.entry.get());
            *shared.entry(name).or_insert(0) += owed.minor();
        }
    }
    shared
}

fn all_moments() -> Vec<Moments> {
    let days = ["2026-02-24", "2026-02-26", "2026-03-01", "2026-03-22", "2026-05-01", "now"];
    let known = ["2026-02-28", "2026-03-01", "now"];
    days.iter().flat_map(|day| known.iter().map(|known| moments(day, known))).collect()
}

fn paid(
    story: &mut Story,
    contract: RecordId,
    work: Option<RecordId>,
    amount: &str,
    reference: &str,
) {
    let paid = story.register.record(&wen(), payment(contract, work, amount, reference));
    story.register.record(&northlight(), confirmation(paid));
}

/// Northlight pays back under the fee, which Wen confirms.
fn pay_back(story: &mut Story, work: RecordId, amount: &str) {
    let mut back = payment(story.fee_contract, Some(work), amount, "back-1");
    back.purpose = Some(Purpose::Refund);
    back.effective_at = at("2026-02-27");
    let back = story.register.record(&northlight(), back);
    let mut confirmed = confirmation(back);
    confirmed.effective_at = at("2026-02-28");
    story.register.record(&wen(), confirmed);
}

fn full_story() -> Story {
    let mut story = Story::begin();
    let (fee, share) = (story.fee_contract, story.share_contract);
    let spring = story.work_of_wen("spring", Some(fee));
    story.work_of_wen("autumn", Some(fee));
    let once = publish(&mut story.register, contract_fee_terms("once"));
    let once = story.register.record(&wen(), contract(once));
    paid(&mut story, once, None, "60.00 CNY", "once-1");
    paid(&mut story, fee, Some(spring), "20.00 CNY", "p-1");
    pay_back(&mut story, spring, "7.50 CNY");
    let lines = vec![
        line(LineKind::Revenue, "royalty", 120_000, "s-1"),
        line(LineKind::Revenue, "prints", 33_333, "s-2"),
        line(LineKind::Expense, "platform-fees", 10_050, "e-1"),
        line(LineKind::Refund, "prints", 20_000, "b-1"),
    ];
    story.register.record(&wen(), account(share, lines));
    let replacement = vec![line(LineKind::Revenue, "prints", 30_000, "s-3")];
    let correction = Correction {
        work: None,
        reason: text("counted twice"),
        contract: Some(share),
        reference: text("s-2"),
        replacement: Some(account(share, replacement)),
    };
    story.register.record(&wen(), correction);
    paid(&mut story, share, None, "60.00 CNY", "q-1");
    story
}

#[test]
fn the_books_come_to_what_is_owed_at_every_moment() {
    let story = full_story();
    let reader = story.register.ledger().read().unwrap();
    for when in all_moments() {
        books(&reader, when);
    }
    let journal = books(&reader, moments("2026-05-01", "now"));
    insta::assert_snapshot!(journal.write(deedbook::journal::Format::Beancount));
    // One contract has its own books alone, one party all of its contracts.
    let share = entry(&story.register, story.share_contract);
    let when = moments("2026-05-01", "now");
    let alone = deedbook::ledger::answer::journal(&reader, Some(share), when).unwrap();
    assert_eq!(alone.balances().len(), 1);
    let party = Some(entry(&story.register, story.northlight));
    assert_eq!(deedbook::ledger::answer::journal(&reader, party, when).unwrap(), journal);
}

#[test]
fn accounts_that_moved_here_and_advances() {
    let mut story = Story::begin();
    let share = story.share_contract;
    let opening = Opening {
        base: 1_000_000,
        paid: 60_000,
        units: 0,
        earned: 81_200,
        advance: 0,
        contract: share,
        currency: text("CNY"),
        carried_loss: 0,
        effective_at: at("2026-02-20"),
    };
    let opening = story.register.record(&northlight(), opening);
    story.register.record(&wen(), OpeningAgreed { opening });
    let mut advance = payment(share, None, "30.00 CNY", "a-1");
    advance.purpose = Some(Purpose::Advance);
    let advance = story.register.record(&wen(), advance);
    story.register.record(&northlight(), confirmation(advance));
    let lines = vec![line(LineKind::Revenue, "prints", 500_000, "s-1")];
    story.register.record(&wen(), account(share, lines));
    paid(&mut story, share, None, "100.00 CNY", "q-1");
    let reader = story.register.ledger().read().unwrap();
    for when in all_moments() {
        books(&reader, when);
    }
}

#[test]
fn the_last_day_of_the_calendar_has_no_books() {
    let story = Story::begin();
    let reader = story.register.ledger().read().unwrap();
    let when = Moments { as_of: Timestamp::MAX, known_at: Timestamp::MAX };
    let refused = journal(&reader, None, when).unwrap_err();
    assert_eq!(refused.code(), "last_day");
    assert!(matches!(refused, AnswerError::Journal(_)));
}

proptest! {
    #![proptest_config(crate::support::cases(6))]

    #[test]
    fn generated_books_come_to_what_is_owed(
        lines in prop::collection::vec((0..3_usize, 1..2_000_000_i64, 0..20_i64), 1..30),
        reversed in prop::collection::vec(0..30_usize, 0..4),
        payments in prop::collection::vec(1..500_000_i64, 0..4),
    ) {
        let mut story = Story::begin();
        let share = story.share_contract;
        let kinds = [LineKind::Revenue, LineKind::Expense, LineKind::Refund];
        let row = |(place, (kind, minor, day)): (usize, &(usize, i64, i64))| {
            let category = ["prints", "platform-fees", "prints"][*kind];
            let mut row = line(kinds[*kind], category, *minor, &format!("r-{place}"));
            row.on = Timestamp::from_millis(at("2026-02-05").as_millis() + day * 86_400_000).unwrap();
            row
        };
        let rows = lines.iter().enumerate().map(row).collect();
        story.register.record(&wen(), account(share, rows));
        let mut places: Vec<usize> = reversed.iter().map(|place| place % lines.len()).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let reference = text(&format!("r-{place}"));
            let reason = text("wrong");
            let correction = Correction { work: None, reason, contract: Some(share), reference, replacement: None };
            story.register.record(&wen(), correction);
        }
        for (place, minor) in payments.iter().enumerate() {
            let amount = Amount::new(i128::from(*minor), text("CNY")).unwrap();
            paid(&mut story, share, None, &amount.to_string(), &format!("q-{place}"));
        }
        let reader = story.register.ledger().read().unwrap();
        for when in all_moments() {
            books(&reader, when);
        }
    }
}
