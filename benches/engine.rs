//! The royalty engine by itself: a million lines of account of eight years, on one core, beside
//! a plain sum of the same amounts.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deedbook::record::{
    Base, Category, Deduction, EntryNumber, LineKind, ProfitShare, SettlementPeriod, Timestamp,
};
use deedbook::royalty::{Categories, Event, Facts, Version, profit_share};
use std::hint::black_box;

const LINES: u64 = 1_000_000;
const DAY_MS: i64 = 86_400_000;

fn events(categories: &mut Categories, is_sorted: bool) -> Vec<Event> {
    let names = ["streaming", "sales", "licences", "printing", "platform-fees", "shipping"];
    let places = names.map(|name| {
        let name = Category::new(name).expect("a category");
        categories.place(&name).expect("room for six")
    });
    let start = Timestamp::parse_start("2018-01-01").expect("a date").as_millis();
    let currency = "CNY".parse().expect("a currency");
    (0..LINES)
        .map(|number| {
            // A fixed sequence without a pattern that a processor could foresee.
            let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
            let day = if is_sorted { number * 2920 / LINES } else { mixed % 2920 };
            let (kind, place) = match mixed % 8 {
                0 => (LineKind::Refund, 1),
                1 | 2 => (LineKind::Expense, 3 + (mixed / 8 % 3) as usize),
                _ => (LineKind::Revenue, (mixed / 8 % 3) as usize),
            };
            Event {
                entry: EntryNumber::new(number / 1000),
                on: Timestamp::from_millis(start + day as i64 * DAY_MS).expect("a moment"),
                minor: (mixed % 100_000) as i64 + 1,
                units: mixed % 5,
                currency,
                work: Some(EntryNumber::new(mixed % 50)),
                line: (number % 1000) as u32,
                line_count: 1,
                category: places[place],
                kind,
                country: None,
            }
        })
        .collect()
}

fn engine(criterion: &mut Criterion) {
    let start = Timestamp::parse_start("2018-01-01").expect("a date");
    let as_of = Timestamp::parse_end("2026-12-31").expect("a date");
    let deductions = ["platform-fees", "printing"];
    let deductions = deductions.map(|name| Deduction::of(Category::new(name).expect("a name")));
    let rate = "7.5%".parse().expect("a rate");
    let clauses = ProfitShare {
        base: Base::Net,
        period: SettlementPeriod::Month,
        deductions: deductions.to_vec(),
        ..ProfitShare::flat(rate, "CNY".parse().expect("a currency"))
    };
    let mut group = criterion.benchmark_group("royalty of 1,000,000 lines");
    group.sample_size(10).throughput(Throughput::Elements(LINES));
    for (name, is_sorted) in [("in order of time", true), ("in no order", false)] {
        let mut categories = Categories::new();
        let events = events(&mut categories, is_sorted);
        group.bench_function(format!("a plain sum, {name}"), |bencher| {
            bencher.iter(|| {
                let sum: i128 =
                    black_box(&events).iter().map(|event| i128::from(event.minor)).sum();
                black_box(sum)
            });
        });
        group.bench_function(format!("ours, {name}"), |bencher| {
            let facts = Facts::of(start, &categories, &events, &[]);
            let version = Version { from: start, clauses: &clauses };
            bencher.iter(|| black_box(profit_share(&[version], &facts, as_of).expect("figures")));
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
