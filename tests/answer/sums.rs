//! What is owed is read from sums: it must be what the lines themselves come to, derivation and all.

use super::entry;
use crate::support::{Story, account, at, line, text, wen};
use deedbook::admission::View as _;
use deedbook::ledger::answer::{Moments, owed};
use deedbook::record::{AccountLine, Correction, EntryNumber, Form, LineKind, Timestamp};
use deedbook::royalty::{self, Categories, Event, Facts, Line, Version};
use deedbook::store::Reader;
use proptest::prelude::*;

const DAY_MS: i64 = 86_400_000;
const KINDS: [(LineKind, &str); 4] = [
    (LineKind::Revenue, "prints"),
    (LineKind::Revenue, "licences"),
    (LineKind::Refund, "prints"),
    (LineKind::Expense, "platform-fees"),
];

/// What the engine makes of the lines, each handed in by itself.
fn from_lines(reader: &Reader<'_>, contract: EntryNumber, when: Moments) -> Vec<Line> {
    let row = reader.contract(contract).unwrap().unwrap();
    let terms = reader.terms(row.terms).unwrap().unwrap();
    let Form::ProfitShare(clauses) = &terms.terms.form else { panic!("a share of profit") };
    let known = reader.last_known_at(when.known_at).unwrap();
    let lines = reader.account_lines(contract, Some(when.as_of), known, usize::MAX).unwrap();
    let mut categories = Categories::new();
    let event = |line: &deedbook::admission::AccountLineFacts| Event {
        entry: line.entry,
        on: line.effective_at,
        minor: line.minor,
        units: line.units.unwrap_or_default(),
        currency: line.currency,
        work: line.work,
        line: line.line,
        line_count: 1,
        category: categories.place(&line.category).unwrap(),
        kind: line.kind,
        country: line.territory,
    };
    let events: Vec<Event> = lines.iter().map(event).collect();
    let version = Version { from: row.effective_at, clauses };
    let facts = Facts::of(row.effective_at, &categories, &events, &[]);
    royalty::profit_share(&[version], &facts, when.as_of).unwrap().lines
}

fn assert_alike(story: &Story, when: Moments) {
    let contract = entry(&story.register, story.share_contract);
    let reader = story.register.ledger().read().unwrap();
    let lines = from_lines(&reader, contract, when);
    let answered = owed(&reader, Some(contract), when).unwrap().lines;
    let figures = |line: &Line| (line.earned, line.due, line.paid, line.owed);
    let needed: Vec<_> = lines.iter().map(figures).collect();
    let found: Vec<_> =
        answered.iter().map(|line| (line.earned, line.due, line.paid, line.owed)).collect();
    assert_eq!(found, needed, "{when:?}");
    let needed: Vec<_> = lines.into_iter().map(|line| line.derivation).collect();
    let found: Vec<_> = answered.into_iter().map(|line| line.derivation).collect();
    assert_eq!(found, needed, "{when:?}");
}

/// Statements with lines over some months, the ledger a day older after each.
fn report(story: &mut Story, statements: &[Vec<(usize, i64, i64)>]) -> usize {
    let mut count = 0;
    story.register.clock.advance_ms(200 * DAY_MS);
    for lines in statements {
        let row = |(kind, minor, day): &(usize, i64, i64)| {
            let (kind, category) = KINDS[*kind];
            let on = Timestamp::from_millis(at("2026-02-05").as_millis() + day * DAY_MS).unwrap();
            count += 1;
            let units = (kind != LineKind::Expense).then_some(1 + *minor as u64 % 7);
            AccountLine { on, units, ..line(kind, category, *minor, &format!("r-{count:05}")) }
        };
        let rows = lines.iter().map(row).collect();
        story.register.record(&wen(), account(story.share_contract, rows));
        story.register.clock.advance_ms(DAY_MS);
    }
    count
}

fn reverse(story: &mut Story, place: usize) {
    let correction = Correction {
        work: None,
        reason: text("wrong"),
        contract: Some(story.share_contract),
        reference: text(&format!("r-{place:05}")),
        replacement: None,
    };
    story.register.record(&wen(), correction);
    story.register.clock.advance_ms(DAY_MS);
}

fn all(as_of: Timestamp) -> Moments {
    Moments { as_of, known_at: Timestamp::MAX }
}

#[test]
fn every_entry_is_named_however_many_lines_it_has() {
    let mut story = Story::begin();
    // More lines than are read one by one, and statements that touch the same months again.
    let lines = |first: i64| (0..900).map(|place| (place % 4, 100 + first, 10 + first)).collect();
    report(&mut story, &[lines(0), lines(3), lines(40)]);
    assert_alike(&story, all(at("2027-06-30")));
    let contract = entry(&story.register, story.share_contract);
    let reader = story.register.ledger().read().unwrap();
    let owed = owed(&reader, Some(contract), all(at("2027-06-30"))).unwrap();
    let text = owed.lines[0].derivation.to_text_tree().join("\n");
    assert!(text.contains("[675 lines in #8, #9, #10]"), "{text}");
}

#[test]
fn sums_that_take_back_are_read_as_lines() {
    let mut story = Story::begin();
    report(&mut story, &[vec![(0, 500, 1), (0, 700, 2)], vec![(0, 900, 3)]]);
    reverse(&mut story, 1);
    assert_alike(&story, all(at("2027-06-30")));
    reverse(&mut story, 2);
    reverse(&mut story, 3);
    assert_alike(&story, all(at("2027-06-30")));
}

proptest! {
    #![proptest_config(crate::support::cases(24))]

    #[test]
    fn sums_come_to_what_their_lines_do(
        statements in prop::collection::vec(
            prop::collection::vec((0..4_usize, 1..2_000_000_i64, 0..150_i64), 1..12), 1..6),
        reversed in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        as_of in 0..160_i64,
        known in 0..10_i64,
    ) {
        let mut story = Story::begin();
        let count = report(&mut story, &statements);
        let mut places: Vec<usize> = reversed.iter().map(|place| place.index(count) + 1).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().for_each(|place| reverse(&mut story, place));
        let day = |from: &str, days: i64| {
            Timestamp::from_millis(at(from).as_millis() + days * DAY_MS).unwrap()
        };
        let late = day("2027-06-30", 0);
        for as_of in [late, day("2026-02-05", as_of)] {
            assert_alike(&story, all(as_of));
            let reader = story.register.ledger().read().unwrap();
            let last = reader.last_registered_at().unwrap().unwrap();
            drop(reader);
            let known_at = Timestamp::from_millis(last.as_millis() - known * DAY_MS).unwrap();
            assert_alike(&story, Moments { as_of, known_at });
        }
    }
}
