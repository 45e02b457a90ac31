//! Inclusion proofs from the file, beside pymerkle on SQLite, and publishing the whole log, beside
//! copying as many bytes.
//!
//! pymerkle runs where DEEDBOOK_PYTHON names a Python that has it.

mod support;

use deedbook::tlog::{inclusion_proof, leaf_hash, root_at};
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use support::Register;

const ENTRIES: u64 = 1_000_000;
/// Statements in one transaction.
const BATCH: u64 = 16_384;
const PROOFS: u64 = 200_000;
/// The best of so many runs counts: other work on the machine only ever makes one slower.
const RUNS: usize = 5;

/// Proofs of entries all over a tree of so many, one by one, and the time of each.
const PYMERKLE: &str = r#"
import sys, tempfile, time
from pymerkle import SqliteTree
entries, proofs = int(sys.argv[1]), int(sys.argv[2])
with tempfile.TemporaryDirectory() as place:
    tree = SqliteTree(place + "/tree.db")
    tree.append_entries([b"entry %d" % number for number in range(entries)])
    best = None
    for run in range(3):
        place, start = 0, time.perf_counter()
        for _ in range(proofs):
            place = (place + 611953) % entries
            tree.prove_inclusion(place + 1)
        taken = (time.perf_counter() - start) / proofs
        best = taken if best is None else min(best, taken)
    print(best * 1e6)
"#;

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut register = Register::create(directory.path());
    let present = register.ledger.read().expect("a ledger").size().expect("a size");
    let parties = &register.parties;
    let starts = (present..ENTRIES).step_by(BATCH as usize);
    let batches = starts.map(|start| parties.works(start..ENTRIES.min(start + BATCH)));
    register.ledger.submit_batches(batches, |_| ()).expect("good statements");
    let path = register.path.clone();
    drop(register);
    proofs(&path);
    pymerkle();
    publish(&path, directory.path());
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().unwrap_or_default()
}

fn proofs(path: &Path) {
    let ledger = Register::reopen(path);
    let reader = ledger.read().expect("a ledger");
    let root = root_at(ENTRIES, &reader).expect("a root");
    let mut place = 0;
    let taken = best(|| {
        let start = Instant::now();
        for _ in 0..PROOFS {
            place = (place + 611_953) % ENTRIES;
            black_box(inclusion_proof(place, ENTRIES, &reader).expect("a proof"));
        }
        start.elapsed()
    });
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let on_all = best(|| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || {
                    let ledger = Register::reopen(path);
                    let reader = ledger.read().expect("a ledger");
                    let mut place = thread * (ENTRIES / threads);
                    for _ in 0..PROOFS / threads {
                        place = (place + 611_953) % ENTRIES;
                        black_box(inclusion_proof(place, ENTRIES, &reader).expect("a proof"));
                    }
                });
            }
        });
        start.elapsed()
    });
    let row = reader.entry_row(deedbook::record::EntryNumber::new(place));
    let row = row.expect("a row").expect("an entry");
    let data = deedbook::record::Entry::leaf_data(row.registered_at, &row.statement);
    let proof = inclusion_proof(place, ENTRIES, &reader).expect("a proof");
    proof.verify(leaf_hash(&data), place, ENTRIES, root).expect("a proof that holds");
    let each = taken.as_nanos() as u64 / PROOFS;
    println!(
        "inclusion proofs of {ENTRIES} entries, one thread: {} ns each, {} a second",
        each,
        1_000_000_000 / each.max(1)
    );
    let each = on_all.as_nanos() as u64 / PROOFS;
    println!("the same on {threads} threads: {} a second", 1_000_000_000 / each.max(1));
}

fn pymerkle() {
    let Some(python) = std::env::var_os("DEEDBOOK_PYTHON") else {
        println!("skipped: pymerkle, since DEEDBOOK_PYTHON names no Python that has it");
        return;
    };
    let (entries, count) = (ENTRIES.to_string(), "500");
    let output = Command::new(python).args(["-c", PYMERKLE, &entries, count]).output();
    match output {
        Ok(output) if output.status.success() => println!(
            "pymerkle on SQLite, as many entries: {} us each",
            String::from_utf8_lossy(&output.stdout).trim()
        ),
        Ok(output) => println!("skipped: {}", String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => println!("skipped: {error}"),
    }
}

fn publish(path: &Path, directory: &Path) {
    let ledger = Register::reopen(path);
    let mut size_bytes = 0;
    let ours = best(|| {
        let place = tempfile::tempdir_in(directory).expect("a directory");
        let start = Instant::now();
        let published = ledger.publish(&place.path().join("log"), &mut |_| {});
        let taken = start.elapsed();
        size_bytes = published.expect("a published log").size_bytes;
        taken
    });
    let (from, to) = (directory.join("from"), directory.join("to"));
    let bytes: Vec<u8> =
        (0..size_bytes).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    std::fs::write(&from, bytes).expect("space");
    let plain = best(|| {
        let start = Instant::now();
        std::io::copy(
            &mut File::open(&from).expect("the file"),
            &mut File::create(&to).expect("a file"),
        )
        .expect("space");
        File::open(&to).and_then(|file| file.sync_all()).expect("a disk");
        start.elapsed()
    });
    println!(
        "publishing {ENTRIES} entries, {} MB: {} ms; copying as many bytes: {} ms",
        size_bytes / 1_000_000,
        ours.as_millis(),
        plain.as_millis()
    );
}
