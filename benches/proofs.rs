//! Inclusion proofs from the file, beside pymerkle on SQLite, and publishing the whole log, beside
//! copying the same files and as many bytes.
//!
//! pymerkle runs where DEEDBOOK_PYTHON names a Python that has it. `cargo bench --bench proofs --
//! publish` publishes alone.

mod support;

use deedbook::tlog::{inclusion_proof, leaf_hash, root_at};
use rayon::prelude::*;
use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use support::Register;

const ENTRIES: u64 = 1_000_000;
/// Statements in one transaction.
const BATCH: u64 = 16_384;
const PROOFS: u64 = 200_000;
/// The best of so many runs counts: other work on the machine only ever makes one slower.
const RUNS: usize = 5;
/// Each of so many takes its place on the disk until the end.
const PUBLICATIONS: usize = 3;

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
    if !std::env::args().any(|argument| argument == "publish") {
        proofs(&path);
        pymerkle();
    }
    publish(&path, directory.path());
}

fn best(run: impl FnMut() -> Duration) -> Duration {
    best_of(RUNS, run)
}

fn best_of(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    (0..runs).map(|_| run()).min().unwrap_or_default()
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

/// Nothing is removed before the end: ext4 does not use a file's number again for seconds, and looks at
/// each of thousands before it takes another.
fn publish(path: &Path, directory: &Path) {
    let ledger = Register::reopen(path);
    let (mut run, mut files, mut size_bytes) = (0, 0, 0);
    let ours = best_of(PUBLICATIONS, || {
        run += 1;
        let place = directory.join(format!("published-{run}"));
        let start = Instant::now();
        let published = ledger.publish(&place, &mut |_| {}).expect("a published log");
        (files, size_bytes) = (published.files, published.size_bytes);
        start.elapsed()
    });
    let published = directory.join("published-1");
    let names = files_in(&published);
    assert_eq!(names.len() as u64, files);
    let mut run = 0;
    let same_files = best_of(PUBLICATIONS, || {
        run += 1;
        let place = directory.join(format!("copied-{run}"));
        let start = Instant::now();
        names.par_iter().for_each(|name| copy(&published.join(name), &place.join(name)));
        let place = File::open(&place).expect("the directory");
        rustix::fs::syncfs(&place).expect("a disk");
        start.elapsed()
    });
    let whole = directory.join("whole");
    let mut out = File::create(&whole).expect("a file");
    for name in &names {
        let mut file = File::open(published.join(name)).expect("a file");
        std::io::copy(&mut file, &mut out).expect("space");
    }
    let mut run = 0;
    let one_file = best(|| {
        run += 1;
        let to = directory.join(format!("whole-{run}"));
        let start = Instant::now();
        copy(&whole, &to);
        File::open(&to).and_then(|file| file.sync_all()).expect("a disk");
        let taken = start.elapsed();
        std::fs::remove_file(&to).expect("the copy");
        taken
    });
    println!(
        "publishing {ENTRIES} entries, {} MB in {files} files: {} ms; copying the same files, on all \
         cores, forced to the disk in the same way: {} ms; as many bytes in one file: {} ms",
        size_bytes / 1_000_000,
        ours.as_millis(),
        same_files.as_millis(),
        one_file.as_millis()
    );
}

fn copy(from: &Path, to: &Path) {
    let bytes = std::fs::read(from).expect("a file");
    if std::fs::write(to, &bytes).is_err() {
        std::fs::create_dir_all(to.parent().expect("a directory")).expect("a directory");
        std::fs::write(to, &bytes).expect("space");
    }
}

/// Every file in a directory and those in it, by its path from there.
fn files_in(directory: &Path) -> Vec<PathBuf> {
    let (mut found, mut left) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(place) = left.pop() {
        for entry in std::fs::read_dir(place).expect("a directory") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => left.push(path),
                false => found.push(path.strip_prefix(directory).expect("within").to_owned()),
            }
        }
    }
    found.sort_unstable();
    found
}
