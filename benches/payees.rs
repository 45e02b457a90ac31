//! A million royalty lines for a thousand payees, from CSV into the ledger and asked about payee by
//! payee, beside `okane balance`, which parses and sums a journal of the same transactions.
//!
//! Each runs in a process of its own, so that memory is told apart. The peer is `okane` of
//! crates.io, found through the environment variable `OKANE` or on the path. `cargo bench --bench
//! payees -- 100000` takes fewer lines.

#![expect(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod support;

use deedbook::intake::{Mapping, SalesReport};
use deedbook::ledger::Import;
use deedbook::ledger::answer::{Moments, owed};
use deedbook::record::EntryNumber;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::accounts::{MAPPING, Payees, WORKS_EACH, report_lines, write_report};

const LINES: u64 = 1_000_000;
const PAYEES: u64 = 1000;
/// The payee alone in a ledger is asked about so many times.
const QUESTIONS: u32 = 20;
/// The word that makes this program the process that is measured.
const MEASURED: &str = "measured";
/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// How long a process took, and the most memory that it ever had.
struct Run {
    took: Duration,
    peak_kib: u64,
}

/// Runs a process to its end.
fn run(command: &mut Command) -> Option<Run> {
    let start = Instant::now();
    let mut child = command.spawn().ok()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_kib = 0;
    loop {
        peak_kib = peak_of(&status).unwrap_or(0).max(peak_kib);
        if let Some(ended) = child.try_wait().expect("a process to wait for") {
            assert!(ended.success(), "{command:?}: {ended}");
            return Some(Run { took: start.elapsed(), peak_kib });
        }
        std::thread::sleep(LOOK);
    }
}

/// The most memory that a process ever had, in kibibytes, where the system says it.
fn peak_of(status: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn report(directory: &Path, payee: u64) -> PathBuf {
    directory.join(format!("report-{payee}.csv"))
}

fn write_reports(directory: &Path, payees: u64, lines: u64) {
    let each = lines / payees;
    for payee in 0..payees {
        write_report(&report(directory, payee), payee * each, each, WORKS_EACH);
    }
}

fn write_journal(path: &Path, payees: u64, lines: u64) {
    let each = lines / payees;
    let mut out = BufWriter::new(std::fs::File::create(path).expect("a new file"));
    for payee in 0..payees {
        for line in report_lines(payee * each, each) {
            line.write_transaction(payee, &mut out);
        }
    }
    out.flush().expect("a journal on disk");
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// Imports the reports of a directory and asks what is owed: what is measured. The first line that
/// it prints is what the whole took, in seconds; the making of the ledger is left out.
fn measured(directory: &Path, payees: u64) {
    let mapping = Mapping::parse(MAPPING).expect("a mapping");
    let ledger = tempfile::tempdir_in(directory).expect("a directory");
    let Payees { mut ledger, payees, contracts, party, key } =
        Payees::create(ledger.path(), payees, WORKS_EACH);
    let import = Import { contract: contracts[0], party: &party, signer: &key, dry_run: false };
    let start = Instant::now();
    let reports = (0..).zip(&contracts).map(|(payee, contract)| {
        (*contract, SalesReport::open(&report(directory, payee), &mapping))
    });
    let imported = ledger.import_all(reports, &import).expect("good reports");
    let import_took = start.elapsed();
    let reader = ledger.read().expect("a reader");
    let ask = |payee: &EntryNumber| {
        let owed = owed(&reader, Some(*payee), Moments::ALL).expect("an answer");
        assert!(!owed.lines.is_empty(), "every payee is owed something");
    };
    let start = Instant::now();
    payees.iter().for_each(ask);
    let owed_took = start.elapsed();
    let start = Instant::now();
    let times = if payees.len() == 1 { QUESTIONS } else { 1 };
    (0..times).for_each(|_| ask(&payees[0]));
    let one_took = start.elapsed() / times;
    println!("{}", (import_took + owed_took).as_secs_f64());
    println!(
        "  import of {} lines {:.3} s, owed for {} payees {:.1} ms, for one of them {:.3} ms",
        imported.new_lines,
        import_took.as_secs_f64(),
        payees.len(),
        ms(owed_took),
        ms(one_took),
    );
}

/// Runs [`measured`] in a process of its own, and tells what it took and had.
fn measure(what: &str, payees: u64, lines: u64) -> Run {
    let place = tempfile::tempdir().expect("a directory");
    write_reports(place.path(), payees, lines);
    let this = std::env::current_exe().expect("this program");
    let said = place.path().join("said");
    let out = std::fs::File::create(&said).expect("a new file");
    let mut command = Command::new(this);
    command.arg(MEASURED).arg(place.path()).arg(payees.to_string()).stdout(out);
    let Run { peak_kib, .. } = run(&mut command).expect("this program again");
    let said = std::fs::read_to_string(said).expect("what it said");
    let (seconds, rest) = said.split_once('\n').expect("two lines");
    let took = Duration::from_secs_f64(seconds.parse().expect("seconds"));
    println!("{what:<44} {:>7.3} s {:>6} MiB", took.as_secs_f64(), peak_kib / 1024);
    print!("{rest}");
    Run { took, peak_kib }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, directory, payees] = words.as_slice()
        && word == MEASURED
    {
        return measured(Path::new(directory), payees.parse().expect("a number"));
    }
    let lines = words.iter().find_map(|word| word.parse().ok()).unwrap_or(LINES);
    let place = tempfile::tempdir().expect("a directory");
    let journal = place.path().join("journal.ledger");
    write_journal(&journal, PAYEES, lines);
    let okane = std::env::var_os("OKANE").unwrap_or_else(|| "okane".into());
    let balance = || {
        let mut command = Command::new(&okane);
        run(command.arg("balance").arg(&journal).stdout(Stdio::null()))
    };
    for _ in 0..3 {
        let ours = measure("import, sign, commit, and owed for 1000", PAYEES, lines);
        let Some(peer) = balance() else {
            println!("okane is not there: set OKANE, or `cargo install okane`");
            continue;
        };
        let (took, mib) = (peer.took.as_secs_f64(), peer.peak_kib / 1024);
        println!("{:<44} {took:>7.3} s {mib:>6} MiB", "okane balance of the same transactions");
        println!(
            "  time {:.2} of okane's, memory {:.3} of it",
            ours.took.as_secs_f64() / took,
            ours.peak_kib as f64 / peer.peak_kib as f64,
        );
    }
    for lines in [lines / 100, lines] {
        measure(&format!("one payee with {lines} lines"), 1, lines);
    }
}
