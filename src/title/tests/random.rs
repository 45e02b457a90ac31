//! Random histories, grown as a ledger grows: a fact that the whole chain refuses is left out.

use super::model::{Cell, Held, Model, Refusal, model};
use super::*;
use crate::money::Fraction;
use crate::record::Right;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const DAYS: i64 = 12;
/// Every denominator divides one number far inside 128 bits, so that sums stay exact.
const SHARES: &[&str] = &[
    "1",
    "1/2",
    "1/3",
    "2/3",
    "1/7",
    "1/7",
    "1/6",
    "1/21",
    "1/21",
    "1/42",
    "999999/1000000",
    "1/1000000",
    "1/1000000",
    "1/2147483647",
    "1/2147483647",
    "2147483646/2147483647",
];
const SCOPES: &[(&str, &str)] = &[
    ("all", "worldwide"),
    ("all", "worldwide"),
    ("all", "JP"),
    ("all", "worldwide except CN"),
    ("translation", "worldwide"),
    ("translation", "JP"),
    ("adaptation,translation", "CN,JP"),
    ("adaptation", "worldwide except JP"),
    (
        "reproduction,distribution,rental,exhibition,performance,projection,broadcasting,network-dissemination,filming,compilation,other",
        "worldwide",
    ),
];
const SPLITS: &[&[&str]] = &[
    &["1"],
    &["1/2", "1/2"],
    &["1/3", "2/3"],
    &["1/7", "2/7", "4/7"],
    &["1/2147483647", "2147483646/2147483647"],
];

fn moment(day: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + day * 86_400_000).unwrap()
}

/// One cell for every class that the scopes and days above can tell apart.
fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for right in [Right::Rental, Right::Adaptation, Right::Translation] {
        for country in ["CN", "JP", "US"] {
            for day in -1..=DAYS + 1 {
                cells.push((right, country.parse().unwrap(), moment(day)));
            }
        }
    }
    cells
}

fn shares() -> impl Strategy<Value = Share> {
    prop::sample::select(SHARES).prop_map(share)
}

fn scopes() -> impl Strategy<Value = Scope> {
    prop::sample::select(SCOPES).prop_map(|(rights, territory)| scope(rights, territory))
}

fn parties() -> impl Strategy<Value = EntryNumber> {
    (1_u64..=4).prop_map(EntryNumber::new)
}

fn days() -> impl Strategy<Value = i64> {
    0..=DAYS
}

fn fees() -> impl Strategy<Value = Amount> {
    (0_i128..4).prop_map(|minor| Amount::new(minor, "CNY".parse().unwrap()).unwrap())
}

fn regimes() -> impl Strategy<Value = Regime> {
    let vesting = prop_oneof![
        fees().prop_map(|fee| (Vesting::WhenPaid, Some(fee))),
        prop::option::of(fees()).prop_map(|fee| (Vesting::AtGeneration, fee)),
        prop::option::of(fees()).prop_map(|fee| (Vesting::AtFirstPayment, fee)),
    ];
    prop_oneof![
        1 => Just(Regime::BareClaim),
        3 => (vesting, scopes()).prop_map(|((vesting, fee), scope)| Regime::Contract {
            contract: EntryNumber::new(5),
            provider: NORTHLIGHT,
            vesting,
            scope,
            fee,
        }),
    ]
}

fn registrations() -> impl Strategy<Value = Registration> {
    (prop::sample::select(SPLITS), regimes()).prop_map(|(split, regime)| {
        let parts = split.iter().map(|part| share(part));
        let creators = (WEN.get()..).map(EntryNumber::new).zip(parts).collect();
        Registration { signer: WEN, creators, regime }
    })
}

fn events() -> impl Strategy<Value = Event> {
    let until = prop::option::weighted(0.4, 1..=DAYS + 1);
    let assigned = (parties(), parties(), shares(), scopes(), until);
    prop_oneof![
        2 => (2_u64..=4).prop_map(|party| Event::SplitAgreed { party: EntryNumber::new(party) }),
        2 => fees().prop_map(|amount| Event::PaymentConfirmed { amount }),
        1 => fees().prop_map(|amount| Event::PaymentRefunded { amount }),
        10 => assigned.prop_map(|(assignor, assignee, share, scope, until)| Event::Assigned {
            assignor,
            assignee,
            share,
            scope,
            until: until.map(moment),
        }),
    ]
}

/// Facts in the order in which the ledger learns of them, among them payments before the work.
fn histories() -> impl Strategy<Value = Vec<Fact>> {
    let before = prop::collection::vec((days(), fees()), 0..2);
    let after = prop::collection::vec((days(), events()), 0..60);
    (before, 0..=3_i64, registrations(), after, prop::bool::weighted(0.7)).prop_map(
        |(before, made, registration, mut after, is_in_order)| {
            if is_in_order {
                after.sort_by_key(|(day, _)| *day);
            }
            let creators: Vec<_> = registration.creators.iter().map(|(party, _)| *party).collect();
            let has_contract = registration.regime != Regime::BareClaim;
            let before =
                before.into_iter().map(|(day, amount)| (day, Event::PaymentConfirmed { amount }));
            before
                .chain([(made, Event::Registered(registration))])
                .chain(after)
                .filter(|(day, event)| match event {
                    Event::Registered(_) => true,
                    Event::SplitAgreed { party } => creators.contains(party),
                    Event::PaymentConfirmed { amount } | Event::PaymentRefunded { amount } => {
                        has_contract && amount.is_positive()
                    }
                    Event::Assigned { until, .. } => until.is_none_or(|until| until > moment(*day)),
                })
                .zip(10_u64..)
                .map(|((day, event), entry)| Fact {
                    entry: EntryNumber::new(entry),
                    effective_at: moment(day),
                    registered_at: moment(DAYS + i64::try_from(entry).unwrap() / 2),
                    event,
                })
                .collect()
        },
    )
}

fn whole(facts: &[Fact]) -> Result<Option<Title>, TitleError> {
    title(facts, Timestamp::MAX, Timestamp::MAX)
}

fn refusal(error: TitleError) -> Refusal {
    match error {
        TitleError::NotHeld { held, .. } => Refusal::NotHeld(held),
        TitleError::SplitUnsigned { .. } => Refusal::Unsigned,
        TitleError::Expectancy { .. } => Refusal::Expectancy,
        TitleError::SameParty { .. } => Refusal::SameParty,
        TitleError::BeforeWork { .. } => Refusal::BeforeWork,
        other => panic!("{other}"),
    }
}

/// What the title says of one cell.
fn held(title: &Title, (right, country, moment): Cell) -> Held {
    let mut table = Held::new();
    for held in title.held_at(moment) {
        if held.scope.rights.contains(right) && held.scope.territory.contains(country) {
            let key = (held.holder, held.status, held.ground.kind, held.ground.entry);
            let share = table.entry(key).or_insert(Fraction::ZERO);
            *share = share.checked_add(held.share.as_fraction()).unwrap();
        }
    }
    table
}

fn table(title: &Title, cells: &[Cell]) -> BTreeMap<Cell, Held> {
    cells.iter().map(|cell| (*cell, held(title, *cell))).collect()
}

fn agree(title: &Title, model: &Model, cells: &[Cell]) {
    assert_eq!(table(title, cells), model.held);
    assert_eq!(title.outstanding.map(Amount::minor), model.outstanding);
    let unsigned: BTreeSet<_> = title.unsigned.iter().copied().collect();
    assert_eq!(unsigned, model.unsigned);
}

/// Admits one fact after the other, as a ledger does, and compares each answer with the model.
fn admitted(history: &[Fact], cells: &[Cell]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for fact in history {
        facts.push(fact.clone());
        match (whole(&facts), model(&facts, cells)) {
            (Ok(None), None) => {}
            (Ok(Some(title)), Some(Ok(model))) => agree(&title, &model, cells),
            (Err(error), Some(Err(expected))) => {
                assert_eq!(refusal(error), expected);
                facts.pop();
            }
            (title, model) => panic!("{title:?} but {:?}", model.map(|model| model.err())),
        }
    }
    facts
}

fn check_whole(facts: &[Fact], cells: &[Cell]) {
    let Some(title) = whole(facts).unwrap() else {
        return;
    };
    let registered = |fact: &&Fact| matches!(fact.event, Event::Registered(_));
    let made_at = facts.iter().find(registered).unwrap().effective_at;
    for (cell, table) in table(&title, cells) {
        let sum =
            (table.values()).fold(Fraction::ZERO, |sum, part| sum.checked_add(*part).unwrap());
        let expected = if cell.2 < made_at { Fraction::ZERO } else { Fraction::ONE };
        assert_eq!(sum, expected, "{cell:?}");
    }
    let order = |held: &Holding| (held.ground.since, held.holder, held.scope, held.period);
    assert!(title.holdings.is_sorted_by_key(order));
    let reversed: Vec<Fact> = facts.iter().rev().cloned().collect();
    assert_eq!(whole(&reversed).unwrap().unwrap(), title);
}

/// A question about two times is a question about the facts of those times; and what the chain
/// says of a moment in the past is what was said then.
fn check_questions(facts: &[Fact], cells: &[Cell]) {
    let known = facts.iter().map(|fact| fact.registered_at);
    for known_at in known.chain([Timestamp::MIN]) {
        let known: Vec<Fact> =
            (facts.iter()).filter(|fact| fact.registered_at <= known_at).cloned().collect();
        let chain = whole(&known).unwrap();
        for day in -1..=DAYS + 1 {
            let as_of = moment(day);
            let mut then = known.clone();
            then.retain(|fact| fact.effective_at <= as_of);
            let found = title(facts, as_of, known_at).unwrap();
            assert_eq!(found, whole(&then).unwrap());
            if let (Some(found), Some(chain)) = (found, &chain) {
                for cell in cells.iter().filter(|cell| cell.2 == as_of) {
                    assert_eq!(held(&found, *cell), held(chain, *cell));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn every_history_agrees_with_the_model(history in histories()) {
        let cells = cells();
        let facts = admitted(&history, &cells);
        check_whole(&facts, &cells);
        check_questions(&facts, &cells);
    }
}

/// Guards the property above against histories in which nothing happens.
#[test]
fn random_histories_are_long_and_refuse_for_every_reason() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let cells = cells();
    let mut longest = 0;
    let mut statuses = BTreeSet::new();
    let mut refusals = BTreeSet::new();
    for _ in 0..400 {
        let history = histories().new_tree(&mut runner).unwrap().current();
        let facts = admitted(&history, &cells);
        let assigned = |fact: &&Fact| matches!(fact.event, Event::Assigned { .. });
        longest = longest.max(facts.iter().filter(assigned).count());
        for held in whole(&facts).unwrap().iter().flat_map(|title| &title.holdings) {
            statuses.insert((held.status, held.ground.kind));
        }
        for fact in history.iter().filter(|fact| !facts.contains(fact)) {
            let mut with = facts.clone();
            with.push(fact.clone());
            if let Err(error) = whole(&with) {
                let text = format!("{:?}", refusal(error));
                refusals.insert(text.split('(').next().unwrap().to_owned());
            }
        }
    }
    assert!(longest >= 8, "{longest}");
    assert!(statuses.len() >= 12, "{statuses:?}");
    let all = ["BeforeWork", "Expectancy", "NotHeld", "SameParty", "Unsigned"];
    assert_eq!(refusals, BTreeSet::from(all.map(str::to_owned)));
}
