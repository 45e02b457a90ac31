//! Several processes on one ledger, and processes that are killed while they append.
//!
//! The children are this test binary itself, started again for the one test below that does
//! nothing unless it is told to by the environment.

use crate::support::{Register, Story, append_access, check_ledger, wen, work};
use deedbook::ledger::{Access, HeadFile, Ledger, SystemClock};
use deedbook::record::{EntryNumber, RecordId, Statement, Timestamp};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Where the child's ledger is.
const LEDGER: &str = "DEEDBOOK_TEST_LEDGER";
/// What its works are called.
const NAME: &str = "DEEDBOOK_TEST_NAME";
/// How many statements it appends.
const COUNT: &str = "DEEDBOOK_TEST_COUNT";
/// The longest time before a child is killed, in microseconds: some dozen appends.
const MAX_WAIT_US: u64 = 60_000;

fn open(path: &Path) -> Ledger {
    let head = HeadFile::beside(path);
    Ledger::open(path, head, append_access(), Box::new(SystemClock)).unwrap()
}

/// The child: appends one statement after another, and says so after each.
#[test]
fn child() {
    let (Ok(path), Ok(name)) = (std::env::var(LEDGER), std::env::var(NAME)) else {
        return;
    };
    let count: u32 = std::env::var(COUNT).unwrap().parse().unwrap();
    let mut ledger = open(Path::new(&path));
    let wen_id = {
        let reader = ledger.read().unwrap();
        reader.entry_row(EntryNumber::new(2)).unwrap().unwrap().id
    };
    let mut out = std::io::stdout();
    writeln!(out, "\nready").unwrap();
    for number in 0..count {
        let work = work(&format!("{name} {number}"), None, &[(wen_id, "1")]);
        let signed_at = Timestamp::parse_start("2026-03-01").unwrap();
        let statement = Statement::sign(work.into(), "wen", signed_at, &wen().key).unwrap();
        let submission = vec![statement.as_bytes().to_vec()].into();
        let recorded = ledger.submit(submission).unwrap()[0];
        assert!(recorded.is_new);
        writeln!(out, "entered {} {}", recorded.entry.get(), recorded.id).unwrap();
        out.flush().unwrap();
    }
}

fn start(path: &Path, name: &str, count: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger::process::child", "--nocapture"])
        .env(LEDGER, path)
        .env(NAME, name)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a line of the child acknowledges. The last line of a killed child may be torn.
fn acknowledged(line: &str) -> Option<(u64, RecordId)> {
    let (entry, id) = line.strip_prefix("entered ")?.split_once(' ')?;
    Some((entry.parse().unwrap(), id.parse().ok()?))
}

/// The ledger of the story, which the real clock is past.
fn begun() -> Register {
    let mut story = Story::begin();
    story.register.close();
    story.register
}

fn assert_there(ledger: &Ledger, entered: &BTreeMap<u64, RecordId>) {
    let reader = ledger.read().unwrap();
    for (entry, id) in entered {
        let row = reader.entry_row(EntryNumber::new(*entry)).unwrap();
        assert_eq!(row.map(|row| row.id), Some(*id), "#{entry}");
        assert_eq!(reader.entry_number(id).unwrap(), Some(EntryNumber::new(*entry)));
    }
}

/// Kills a child at a moment that the run's number decides. Every second one dies while it opens
/// the ledger or soon after. What it acknowledged is added.
fn kill_one(path: &Path, run: u64, entered: &mut BTreeMap<u64, RecordId>) {
    let random = blake3::hash(&run.to_le_bytes());
    let random = u64::from_le_bytes(random.as_bytes()[..8].try_into().unwrap());
    let wait = Duration::from_micros(random % MAX_WAIT_US);
    let mut child = start(path, &format!("run {run}"), u32::MAX);
    let output = BufReader::new(child.stdout.take().unwrap());
    let (ready_out, ready_in) = channel();
    let reading = std::thread::spawn(move || {
        let mut entered = Vec::new();
        for line in output.lines().map_while(Result::ok) {
            if line == "ready" {
                // The parent waits for it in every second run alone.
                let _ = ready_out.send(());
            }
            entered.extend(acknowledged(&line));
        }
        entered
    });
    if run.is_multiple_of(2) {
        ready_in.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    for (entry, id) in reading.join().unwrap() {
        assert_eq!(entered.insert(entry, id), None, "#{entry} twice");
    }
}

fn kill_many(runs: u64) {
    let register = begun();
    let path = register.path();
    let mut entered = BTreeMap::new();
    let mut fruitful = 0;
    for run in 0..runs {
        let before = entered.len();
        kill_one(&path, run, &mut entered);
        fruitful += u64::from(entered.len() > before);
        let mut ledger = open(&path);
        assert_there(&ledger, &entered);
        ledger.verify(&mut |_, _| {}).unwrap();
        let wen_id = ledger.read().unwrap().entry_row(EntryNumber::new(2)).unwrap();
        let work = work(&format!("after {run}"), None, &[(wen_id.unwrap().id, "1")]);
        let statement = register.sign(&wen(), work);
        let submission = vec![statement.as_bytes().to_vec()].into();
        let recorded = ledger.submit(submission).unwrap()[0];
        assert!(recorded.is_new);
        entered.insert(recorded.entry.get(), recorded.id);
    }
    let ledger = open(&path);
    assert_there(&ledger, &entered);
    check_ledger(&ledger);
    let size = ledger.read().unwrap().size().unwrap();
    println!(
        "{runs} children killed, {fruitful} of them after an entry; {} entries acknowledged of {size}",
        entered.len()
    );
    assert!(fruitful * 3 >= runs, "only {fruitful} children entered anything");
}

#[test]
fn what_was_acknowledged_survives_the_death_of_the_process() {
    kill_many(6);
}

#[test]
#[ignore = "minutes"]
fn long_killed_at_random_moments() {
    kill_many(500);
}

fn append_together(processes: u32, each: u32) {
    let register = begun();
    let path = register.path();
    let children: Vec<Child> =
        (0..processes).map(|process| start(&path, &format!("process {process}"), each)).collect();
    let reading: Vec<_> = children
        .into_iter()
        .map(|mut child| {
            std::thread::spawn(move || {
                let output = BufReader::new(child.stdout.take().unwrap());
                let lines = output.lines().map(Result::unwrap);
                let entered: Vec<_> = lines.filter_map(|line| acknowledged(&line)).collect();
                assert!(child.wait().unwrap().success());
                entered
            })
        })
        .collect();
    // Meanwhile the ledger opens and verifies: what others append is no damage.
    let mut looks = 0;
    while !reading.iter().all(std::thread::JoinHandle::is_finished) {
        let head = HeadFile::beside(&path);
        let ledger = Ledger::open(&path, head, Access::Read, Box::new(SystemClock)).unwrap();
        ledger.verify(&mut |_, _| {}).unwrap();
        looks += 1;
    }
    let mut entered = BTreeMap::new();
    for process in reading {
        let process = process.join().unwrap();
        assert_eq!(process.len(), each as usize);
        assert!(process.is_sorted(), "one process is out of order");
        for (entry, id) in process {
            assert_eq!(entered.insert(entry, id), None, "#{entry} twice");
        }
    }
    let ledger = open(&path);
    assert_there(&ledger, &entered);
    check_ledger(&ledger);
    let first = 8;
    let numbers: Vec<u64> = entered.keys().copied().collect();
    let needed: Vec<u64> = (first..first + u64::from(processes * each)).collect();
    assert_eq!(numbers, needed, "every entry is there, and no other");
    println!("{processes} processes, {} entries, verified {looks} times meanwhile", numbers.len());
}

#[test]
fn processes_append_to_one_ledger_at_once() {
    append_together(3, 20);
}

#[test]
#[ignore = "minutes"]
fn long_eight_processes() {
    append_together(8, 200);
}
