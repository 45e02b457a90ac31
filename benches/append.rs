//! One durable append, beside the bare transaction of one row under the same settings, and beside the
//! two signatures without which no entry is appended: the one that is checked, and the one over the tree.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer, SigningKey};
use std::hint::black_box;
use std::time::{Duration, Instant};
use support::Register;

fn bare(directory: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(directory.join("bare.db")).expect("a database");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF;
             PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 16384;
             CREATE TABLE entry (number INTEGER PRIMARY KEY, statement BLOB NOT NULL) STRICT;",
        )
        .expect("the same settings");
    connection
}

fn append_one(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut register = Register::create(directory.path());
    let mut group = criterion.benchmark_group("append one");
    group.sample_size(50).measurement_time(Duration::from_secs(8));
    let connection = bare(directory.path());
    let statement = register.parties.work(u64::MAX).as_bytes().to_vec();
    group.bench_function("bare SQLite transaction", |bencher| {
        bencher.iter(|| {
            connection.execute_batch("BEGIN IMMEDIATE").expect("begin");
            let mut insert = connection
                .prepare_cached("INSERT INTO entry (statement) VALUES (?1)")
                .expect("an insertion");
            insert.execute([&statement]).expect("a row");
            drop(insert);
            connection.execute_batch("COMMIT").expect("commit");
        });
    });
    let key = SigningKey::from_bytes(&[7; 32]);
    let signature = key.sign(&statement);
    group.bench_function("one signature checked", |bencher| {
        let public = key.verifying_key();
        bencher.iter(|| public.verify_strict(black_box(&statement), &signature).expect("good"));
    });
    group.bench_function("one signature made", |bencher| {
        bencher.iter(|| key.sign(black_box(&statement[..200])));
    });
    let mut number = 0;
    group.bench_function("ours", |bencher| {
        bencher.iter_custom(|iterations| {
            let statements = register.parties.works(number..number + iterations);
            number += iterations;
            let mut took = Duration::ZERO;
            for statement in statements {
                let start = Instant::now();
                register.ledger.submit(vec![statement].into()).expect("a good statement");
                took += start.elapsed();
            }
            took
        });
    });
    group.finish();
}

criterion_group!(benches, append_one);
criterion_main!(benches);
