//! Questions about one work, in a small ledger and in one a hundred times its size.

mod support;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use deedbook::ledger::answer::{Moments, history, owed, owner};
use deedbook::record::EntryNumber;
use std::hint::black_box;
use support::Register;

const SIZES: [u64; 2] = [10_000, 1_000_000];
/// Statements in one transaction.
const BATCH: u64 = 16_384;
/// Facts of a history, as the program shows by default.
const FACTS: usize = 1000;

/// A ledger with so many works, kept in a directory that is removed with it.
fn ledger(works: u64) -> (tempfile::TempDir, deedbook::ledger::Ledger) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut register = Register::create(directory.path());
    let starts = (0..works).step_by(BATCH as usize);
    let parties = &register.parties;
    let batches = starts.map(|start| parties.works(start..works.min(start + BATCH)));
    register.ledger.submit_batches(batches, |_| ()).expect("good statements");
    let path = register.path.clone();
    drop(register);
    (directory, Register::reopen(&path))
}

fn questions(criterion: &mut Criterion) {
    let ledgers = SIZES.map(|size| (size, ledger(size)));
    for name in ["owner", "owed", "history"] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        for (size, (_, ledger)) in &ledgers {
            let mut place = 0;
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| {
                    // A work of its own each time, all over the ledger.
                    place = (place + 7919) % (size - 200);
                    let work = EntryNumber::new(150 + place);
                    let reader = ledger.read().expect("a ledger");
                    match name {
                        "owner" => drop(black_box(owner(&reader, work, Moments::ALL))),
                        "owed" => drop(black_box(owed(&reader, Some(work), Moments::ALL))),
                        _ => drop(black_box(history(&reader, work, Moments::ALL, FACTS))),
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, questions);
criterion_main!(benches);
