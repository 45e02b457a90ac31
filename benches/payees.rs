//! A million royalty lines for a thousand payees, from CSV into the ledger and asked about in one
//! question and payee by payee, beside `okane balance`, which parses and sums a journal of the same
//! transactions. One payee with as many lines is asked about in a ledger of a hundredth of them, too.
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
/// One payee is asked about so many times.
const QUESTIONS: u32 = 20;
/// The word that makes this program the process that is measured.
const MEASURED: &str = "measured";
/// Linux counts the time of processes in hundredths of a second.
const MS_OF_A_TICK: u64 = 10;
/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// How often each is run; the best of all counts, since other processes only ever add.
const ROUNDS: usize = 3;

/// How long a process took, and the most memory that it ever had.
#[derive(Clone, Copy)]
struct Run {
    took: Duration,
    /// On all cores together, in user and system mode.
    cpu: Duration,
    peak_kib: u64,
}

/// What the process that is measured says of itself, in seconds.
#[derive(Clone, Copy)]
struct Measured {
    import: f64,
    /// What is owed to all payees, in one question.
    all: f64,
    /// The same, asked one by one.
    each: f64,
    /// What is owed to one.
    one: f64,
    peak_kib: u64,
    cpu: Duration,
}

/// Runs a process to its end.
fn run(command: &mut Command) -> Option<Run> {
    let start = Instant::now();
    let mut child = command.spawn().ok()?;
    let place = PathBuf::from(format!("/proc/{}", child.id()));
    let (mut peak_kib, mut cpu) = (0, Duration::ZERO);
    loop {
        peak_kib = peak_of(&place).unwrap_or(0).max(peak_kib);
        cpu = cpu_of(&place).unwrap_or_default().max(cpu);
        if let Some(ended) = child.try_wait().expect("a process to wait for") {
            assert!(ended.success(), "{command:?}: {ended}");
            return Some(Run { took: start.elapsed(), cpu, peak_kib });
        }
        std::thread::sleep(LOOK);
    }
}

/// The most memory that a process ever had, in kibibytes, where the system says it.
fn peak_of(place: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(place.join("status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The time that a process had of all cores, where the system says it.
fn cpu_of(place: &Path) -> Option<Duration> {
    let stat = std::fs::read_to_string(place.join("stat")).ok()?;
    // The name, which may hold anything, stands in brackets.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = |field: usize| fields.split_whitespace().nth(field)?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks(11)? + ticks(12)?) * MS_OF_A_TICK))
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

/// Imports the reports of a directory and asks what is owed: what is measured. It prints how many
/// seconds each took; the making of the ledger is left out.
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
    let each_took = start.elapsed();
    let start = Instant::now();
    let all = owed(&reader, None, Moments::ALL).expect("an answer");
    let all_took = start.elapsed();
    assert_eq!(all.lines.len(), payees.len(), "every payee is owed something");
    drop(all);
    let start = Instant::now();
    (0..QUESTIONS).for_each(|_| ask(&payees[0]));
    let one_took = start.elapsed() / QUESTIONS;
    assert!(imported.new_lines > 0, "every line is new");
    for took in [import_took, all_took, each_took, one_took] {
        println!("{}", took.as_secs_f64());
    }
}

/// Runs [`measured`] in a process of its own, and tells what it took and had.
fn measure(payees: u64, lines: u64) -> Measured {
    let place = tempfile::tempdir().expect("a directory");
    write_reports(place.path(), payees, lines);
    let this = std::env::current_exe().expect("this program");
    let said = place.path().join("said");
    let out = std::fs::File::create(&said).expect("a new file");
    let mut command = Command::new(this);
    command.arg(MEASURED).arg(place.path()).arg(payees.to_string()).stdout(out);
    let Run { peak_kib, cpu, .. } = run(&mut command).expect("this program again");
    let said = std::fs::read_to_string(said).expect("what it said");
    let seconds: Vec<f64> = said.lines().map(|line| line.parse().expect("seconds")).collect();
    let [import, all, each, one] = seconds[..] else { panic!("four times: {said}") };
    Measured { import, all, each, one, peak_kib, cpu }
}

/// One figure beside what is wanted.
fn say(what: &str, found: f64, unit: &str, wanted: f64) {
    let verdict = if found <= wanted { "kept" } else { "MISSED" };
    println!("{what:<58} {found:>8.3} {unit:<8} wanted {wanted:>5} {verdict}");
}

/// Ours and the peer in turn, each round told as it ends; the peer where it is there.
fn rounds(journal: &Path, lines: u64) -> (Vec<Measured>, Vec<Run>) {
    let okane = std::env::var_os("OKANE").unwrap_or_else(|| "okane".into());
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let our = measure(PAYEES, lines);
        let Measured { import, all, each, cpu, peak_kib, .. } = our;
        println!(
            "import, sign, commit {import:.3} s, owed for {PAYEES} {:.1} ms, one by one {:.1} ms; \
             cpu {:.2} s, {} MiB",
            all * 1e3,
            each * 1e3,
            cpu.as_secs_f64(),
            peak_kib / 1024,
        );
        ours.push(our);
        let mut command = Command::new(&okane);
        let Some(peer) = run(command.arg("balance").arg(journal).stdout(Stdio::null())) else {
            println!("okane is not there: set OKANE, or `cargo install okane`");
            continue;
        };
        println!(
            "okane balance {:.3} s; cpu {:.2} s, {} MiB",
            peer.took.as_secs_f64(),
            peer.cpu.as_secs_f64(),
            peer.peak_kib / 1024,
        );
        peers.push(peer);
    }
    (ours, peers)
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
    let (ours, peers) = rounds(&journal, lines);
    let least = |of: &dyn Fn(&Measured) -> f64| ours.iter().map(of).fold(f64::INFINITY, f64::min);
    let alone = [lines / 100, lines].map(|lines| (lines, measure(1, lines)));
    let few = measure(PAYEES / 100, lines / 100);
    println!("The best of {ROUNDS} rounds of each, {lines} lines, {PAYEES} payees:");
    if !peers.is_empty() {
        let of_peers =
            |of: &dyn Fn(&Run) -> f64| peers.iter().map(of).fold(f64::INFINITY, f64::min);
        let took = of_peers(&|run| run.took.as_secs_f64());
        let peak = of_peers(&|run| run.peak_kib as f64);
        say("import and owed, of okane's time", least(&|it| it.import + it.all) / took, "", 1.0);
        let most = ours.iter().map(|it| it.peak_kib).max().unwrap_or_default();
        say("most memory, of okane's", most as f64 / peak, "", 0.1);
    }
    say("owed for all payees, in one question", least(&|it| it.all) * 1e3, "ms", 100.0);
    say("owed for all payees, one by one", least(&|it| it.each) * 1e3, "ms", 100.0);
    // The same account in a small ledger and in a large one: the size of the ledger makes no difference.
    let each = lines / PAYEES;
    for (all, one) in [(lines / 100, few.one), (lines, least(&|it| it.one))] {
        say(
            &format!("owed for one payee with {each} lines, of {all} in all"),
            one * 1e3,
            "ms",
            5.0,
        );
    }
    for (lines, measured) in alone {
        say(
            &format!("owed for one payee with {lines} lines, alone"),
            measured.one * 1e3,
            "ms",
            5.0,
        );
    }
}
