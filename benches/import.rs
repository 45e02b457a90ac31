//! Import of sales reports: reading alone, and reading, signing and appending in one transaction;
//! then what is asked of the sums. `cargo bench --bench import -- 100000` takes a shorter report.

#![expect(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod support;

use deedbook::intake::{Mapping, SalesReport};
use deedbook::ledger::Import;
use std::time::{Duration, Instant};
use support::accounts::{Accounts, MAPPING, WORKS, write_report};

const LINES: u64 = 1_000_000;
const QUESTIONS: u32 = 1000;

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// The most memory that the process ever had, in kibibytes, where the system says it.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn print(what: &str, lines: u64, took: Duration) {
    let rate = lines as f64 / took.as_secs_f64();
    println!("{what:<34} {:>9.3} s {rate:>12.0} lines/s", took.as_secs_f64());
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let lines = asked.unwrap_or(LINES);
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("report.csv");
    write_report(&path, 0, lines, WORKS);
    let size_bytes = std::fs::metadata(&path).expect("a report").len();
    println!("{lines} lines, {} MiB of CSV", size_bytes / (1024 * 1024));
    let mapping = Mapping::parse(MAPPING).expect("a mapping");

    let (read, took) = timed(|| {
        let mut report = SalesReport::open(&path, &mapping).expect("a report");
        let mut read = 0;
        while let Some(line) = report.next_line().expect("a readable report") {
            line.expect("a good line");
            read += 1;
        }
        read
    });
    assert_eq!(read, lines);
    print("read", lines, took);

    let mut accounts = Accounts::create(place.path());
    let before_kib = peak_kib();
    let (contract, party) = (accounts.contract, accounts.party.clone());
    for (what, new) in [("read, sign, append, commit", lines), ("the same report again", 0)] {
        let import = Import { contract, party: &party, signer: &accounts.key, dry_run: false };
        let (imported, took) = timed(|| {
            let mut report = SalesReport::open(&path, &mapping).expect("a report");
            accounts.ledger.import(&mut report, &import).expect("a good report")
        });
        assert_eq!((imported.new_lines, imported.known_lines), (new, lines - new));
        print(what, lines, took);
    }
    if let (Some(before), Some(after)) = (before_kib, peak_kib()) {
        println!("peak memory {} MiB, {} MiB before the import", after / 1024, before / 1024);
    }

    let reader = accounts.ledger.read().expect("a reader");
    let (sums, took) = timed(|| {
        let mut sums = 0;
        for _ in 0..QUESTIONS {
            sums = reader.account_sums(contract, None, None).expect("sums").len();
        }
        sums
    });
    let each_us = took.as_secs_f64() * 1e6 / f64::from(QUESTIONS);
    println!("the {sums} sums of the contract           {each_us:>9.1} us");
    let size_bytes = std::fs::metadata(place.path().join("deedbook.db")).expect("a ledger").len();
    println!("ledger file                        {:>9} MiB", size_bytes / (1024 * 1024));
}
