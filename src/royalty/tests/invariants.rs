//! Properties over edge-biased amounts, rates, dates and orders.

use super::table::{account, clauses, yuan};
use crate::money::{Amount, MoneyError, Rate, Rounding};
use crate::record::{
    Base, Category, Deduction, EntryNumber, LineKind, Loss, Price, ProfitShare, Scale,
    SettlementPeriod, Timestamp,
};
use crate::royalty::{Account, Categories, CategoryPlace, Event, Receipt, RoyaltyError};
use proptest::prelude::*;

const NAMES: [&str; 4] = ["printing", "platform-fees", "travel", "sales"];

/// The categories of every event here.
fn all() -> Categories {
    let mut categories = Categories::new();
    for name in NAMES {
        categories.place(&Category::new(name).unwrap()).unwrap();
    }
    categories
}

fn place(name: &str) -> CategoryPlace {
    all().place(&Category::new(name).unwrap()).unwrap()
}

const DAY_MS: i64 = 86_400_000;

fn moments() -> impl Strategy<Value = Timestamp> {
    let days = prop_oneof![
        3 => prop::sample::select(vec![
            "2024-02-29", "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-28", "2026-03-31",
            "2026-04-01", "2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01",
        ])
        .prop_map(|day| Timestamp::parse_start(day).unwrap().as_millis()),
        1 => (0_i64..800).prop_map(|days| {
            Timestamp::parse_start("2025-06-01").unwrap().as_millis() + days * DAY_MS
        }),
    ];
    let within = prop::sample::select(vec![0, 1, DAY_MS / 2, DAY_MS - 1]);
    (days, within).prop_map(|(day, within)| Timestamp::from_millis(day + within).unwrap())
}

fn minors() -> impl Strategy<Value = i64> {
    prop_oneof![
        prop::sample::select(vec![1, 2, 3, 5, 10, 99, 100, 101, 33_333, 1 << 53, i64::MAX / 1000]),
        1_i64..100_000,
    ]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let kinds = prop::sample::select(LineKind::ALL);
    let categories = prop::sample::select(vec!["printing", "platform-fees", "travel"]);
    let event = (0_u64..60, moments(), kinds, categories, minors());
    prop::collection::vec(event, 0..40).prop_map(|events| {
        let numbered = events.into_iter().zip(0..);
        numbered
            .map(|((entry, on, kind, category, minor), line)| Event {
                entry: EntryNumber::new(entry),
                on,
                minor,
                units: 0,
                currency: yuan(),
                work: None,
                line,
                line_count: 1,
                category: place(category),
                kind,
                country: None,
            })
            .collect()
    })
}

fn receipts() -> impl Strategy<Value = Vec<Receipt>> {
    let receipt = (100_u64..120, moments(), minors());
    prop::collection::vec(receipt, 0..6).prop_map(|receipts| {
        receipts
            .into_iter()
            .map(|(entry, on, minor)| Receipt {
                entry: EntryNumber::new(entry),
                on,
                amount: Amount::new(minor.into(), yuan()).unwrap(),
                work: None,
            })
            .collect()
    })
}

fn rates() -> impl Strategy<Value = Rate> {
    let edges = ["0%", "100%", "1/3", "2/3", "1/7", "50%", "5%", "12.5%", "0.0001%", "99.9999%"];
    prop::sample::select(edges.to_vec()).prop_map(|text| text.parse().unwrap())
}

fn rate_of(share: &ProfitShare) -> crate::money::Fraction {
    match share.rates[0].scale {
        Scale::Flat(Price::Rate(rate)) => rate.as_fraction(),
        _ => panic!("a flat rate"),
    }
}

fn shares() -> impl Strategy<Value = ProfitShare> {
    let periods = prop::sample::select(vec![
        SettlementPeriod::Month,
        SettlementPeriod::Quarter,
        SettlementPeriod::HalfYear,
        SettlementPeriod::Year,
    ]);
    let losses = prop::sample::select(vec![Loss::Full, Loss::Share, Loss::None]);
    let roundings = prop::sample::select(Rounding::ALL.to_vec());
    let days = prop::sample::select(vec![0_u32, 1, 30, 90]);
    (rates(), any::<bool>(), periods, losses, roundings, days).prop_map(
        |(rate, net, period, loss, rounding, due_days)| {
            let named = ["platform-fees", "printing"];
            let named = named.map(|name| Category::new(name).unwrap());
            ProfitShare {
                base: if net { Base::Net } else { Base::Gross },
                loss,
                period,
                due_days,
                rounding,
                deductions: if net { named.map(Deduction::of).to_vec() } else { Vec::new() },
                ..ProfitShare::flat(rate, yuan())
            }
        },
    )
}

/// Label, earned, paid of each period.
fn figures(account: &Account) -> Vec<(String, i128, i128)> {
    let parts = account.lines[0].instalments.iter();
    parts.map(|part| (part.label.clone(), part.earned.minor(), part.paid.minor())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn order_makes_no_difference(
        share in shares(),
        (events, shuffled) in events().prop_flat_map(|events| {
            (Just(events.clone()), Just(events).prop_shuffle())
        }),
        receipts in receipts(),
        as_of in moments()
    ) {
        let backward: Vec<_> = receipts.iter().rev().copied().collect();
        let account = super::table::account(&share, &all(), &events, &receipts, as_of);
        prop_assert_eq!(account, super::table::account(&share, &all(), &shuffled, &backward, as_of));
    }

    #[test]
    fn money_is_conserved_and_no_cent_leaks(
        share in shares(), events in events(), receipts in receipts(), as_of in moments()
    ) {
        let account = super::table::account(&share, &all(), &events, &receipts, as_of).unwrap();
        let line = &account.lines[0];
        let sum = |part: fn(&crate::royalty::Instalment) -> Amount| -> i128 {
            line.instalments.iter().map(|item| part(item).minor()).sum()
        };
        prop_assert_eq!(line.paid.minor(), sum(|part| part.paid) + line.credit.minor());
        prop_assert_eq!(line.earned.minor(), sum(|part| part.earned));
        prop_assert_eq!(line.owed.minor(), line.due.minor() - line.paid.minor());
        for part in &line.instalments {
            prop_assert!(!part.earned.is_negative() && !part.outstanding.is_negative());
            prop_assert_eq!(part.earned, part.paid.checked_add(part.outstanding).unwrap());
        }
        // All periods in one fix the same sum, where no loss is carried between them.
        let gross_of_losses = events.iter().all(|event| event.kind == LineKind::Revenue);
        if gross_of_losses {
            let exact: i128 = events
                .iter()
                .filter(|event| event.on <= as_of)
                .map(|event| i128::from(event.minor))
                .sum();
            let exact = Amount::new(exact, yuan()).unwrap().times(rate_of(&share));
            let fixed = Amount::from_fraction(exact.unwrap(), yuan(), share.rounding).unwrap();
            prop_assert_eq!(line.earned, fixed);
        }
    }

    #[test]
    fn a_share_of_losses_at_one_rate_is_the_full_loss(
        share in shares(), events in events(), as_of in moments()
    ) {
        let with = |loss| ProfitShare { loss, ..share.clone() };
        let full = account(&with(Loss::Full), &all(), &events, &[], as_of).unwrap();
        let part = account(&with(Loss::Share), &all(), &events, &[], as_of).unwrap();
        prop_assert_eq!(figures(&full), figures(&part));
    }
}

fn sale(minor: i64) -> Event {
    Event {
        entry: EntryNumber::new(4),
        on: Timestamp::parse_start("2026-01-01").unwrap(),
        minor,
        units: 0,
        currency: yuan(),
        work: None,
        line: 7,
        line_count: 1,
        category: place("sales"),
        kind: LineKind::Revenue,
        country: None,
    }
}

#[test]
fn overflow_is_an_error() {
    let largest = u64::MAX;
    let share = ProfitShare::flat(format!("{}/{largest}", largest - 1).parse().unwrap(), yuan());
    let as_of = Timestamp::parse_end("2026-12-31").unwrap();
    let events = vec![sale(i64::MAX - 1); 40];
    assert!(matches!(
        account(&share, &all(), &events, &[], as_of),
        Err(RoyaltyError::Money(MoneyError::FractionOverflow { .. }))
    ));
    let receipt = Receipt {
        entry: EntryNumber::new(5),
        on: as_of,
        amount: Amount::new(crate::money::MAX_MINOR, yuan()).unwrap(),
        work: None,
    };
    assert!(matches!(
        account(&share, &all(), &[], &[receipt, receipt], as_of),
        Err(RoyaltyError::Money(MoneyError::AmountOutOfRange { .. }))
    ));
    let last_day = Event { on: Timestamp::MAX, ..sale(1) };
    assert!(matches!(
        account(&share, &all(), &[last_day], &[], Timestamp::MAX),
        Err(RoyaltyError::Time(_))
    ));
}

#[test]
fn lines_and_payments_that_cannot_be_are_refused() {
    let as_of = Timestamp::parse_end("2026-12-31").unwrap();
    let yen = "JPY".parse().unwrap();
    for minor in [0, -1] {
        assert_eq!(
            account(&clauses(), &all(), &[sale(minor)], &[], as_of),
            Err(RoyaltyError::EventAmount { entry: EntryNumber::new(4), line: 7, found: minor })
        );
    }
    let foreign = Event { currency: yen, ..sale(1) };
    assert_eq!(
        account(&clauses(), &all(), std::slice::from_ref(&foreign), &[], as_of),
        Err(RoyaltyError::ExchangeRateMissing {
            from: yen,
            to: yuan(),
            on: "2026-01-01".to_owned()
        })
    );
    let before = Timestamp::parse_end("2025-12-31").unwrap();
    assert!(account(&clauses(), &all(), &[foreign], &[], before).is_ok());
    for (amount, refused) in [
        ("1 JPY", "payment #5 is in JPY, must be in CNY, which the terms settle in"),
        ("0 CNY", "payment #5 is of 0.00 CNY, must be more than 0"),
    ] {
        let receipt = Receipt {
            entry: EntryNumber::new(5),
            on: as_of,
            amount: Amount::parse_with_currency(amount).unwrap(),
            work: None,
        };
        let found = account(&clauses(), &all(), &[], &[receipt], as_of).unwrap_err();
        assert_eq!(found.to_string(), refused);
    }
}

#[test]
fn a_late_event_changes_what_is_owed_now() {
    let as_of = Timestamp::parse_end("2026-12-31").unwrap();
    let owed = |events: &[Event]| {
        let account = super::table::account(&clauses(), &all(), events, &[], as_of).unwrap();
        account.lines[0].owed.to_decimal()
    };
    let late = Event { entry: EntryNumber::new(99), ..sale(10_000) };
    assert_eq!(owed(&[sale(10_000)]), "5.00");
    assert_eq!(owed(&[sale(10_000), late]), "10.00");
}

#[test]
fn days_overdue_and_the_next_due_date() {
    let later = Event { on: Timestamp::parse_start("2026-05-05").unwrap(), ..sale(20_000) };
    let at = |as_of: &str| {
        let as_of = Timestamp::parse_start(as_of).unwrap();
        let account = super::table::account(&clauses(), &all(), &[sale(10_000), later], &[], as_of);
        let line = account.unwrap().lines.remove(0);
        let next = line.next_due.map(|(when, amount)| format!("{amount} at {}", when.date()));
        (line.due.to_decimal(), line.instalments[0].overdue_days, next.unwrap_or_default())
    };
    assert_eq!(at("2026-04-01"), ("0.00".into(), None, "5.00 CNY at 2026-04-30".into()));
    assert_eq!(
        at("2026-04-29T23:59:59.999Z"),
        ("0.00".into(), None, "5.00 CNY at 2026-04-30".into())
    );
    assert_eq!(at("2026-04-30"), ("5.00".into(), Some(0), String::new()));
    assert_eq!(
        at("2026-05-12T12:00:00Z"),
        ("5.00".into(), Some(12), "10.00 CNY at 2026-07-30".into())
    );
    assert_eq!(at("2026-07-30"), ("15.00".into(), Some(91), String::new()));
}

#[test]
fn a_gross_base_deducts_nothing_whatever_is_listed() {
    let cost = Event { kind: LineKind::Expense, ..sale(4_000) };
    let share = ProfitShare {
        deductions: vec![Deduction::of(Category::new("sales").unwrap())],
        ..clauses()
    };
    let as_of = Timestamp::parse_end("2026-12-31").unwrap();
    let account = super::table::account(&share, &all(), &[sale(10_000), cost], &[], as_of).unwrap();
    assert_eq!(account.lines[0].owed.to_decimal(), "5.00");
}
