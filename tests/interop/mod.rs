//! Programs that are not ours read what is exported: Beancount, hledger and Ledger the books,
//! scitt-cose, cbor2 and @transmute/cose statements and receipts, the packages of an expert a bundle, iscc-core the content codes.
//!
//! They are looked for on the PATH, or where DEEDBOOK_BEAN_CHECK, DEEDBOOK_HLEDGER,
//! DEEDBOOK_LEDGER_CLI, DEEDBOOK_SCITT_PYTHON and DEEDBOOK_COSE_JS say. One that is missing is told
//! and left out; where CI is set, or DEEDBOOK_INTEROP is `all`, that is a failure.

mod browser;
mod codes;
mod expert;
mod label;
mod odrl;
mod program;
mod receipt;
mod shop;

use crate::answer::journal::{books, sums};
use deedbook::journal::{Balance, Journal};
use deedbook::ledger::answer::Moments;
use deedbook::ledger::{Access, HeadFile, Ledger};
use deedbook::money::Amount;
use deedbook::record::Timestamp;
use program::Program;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The stories that end with a ledger.
const STORIES: &[&str] =
    &["main-job", "sales-report", "dreamwriter", "data-report", "spring-breeze", "derivation"];

#[test]
#[ignore = "runs every story and other programs"]
fn long_accounting_programs_agree() {
    let programs: Vec<Program> = Program::ALL.into_iter().filter(|one| one.is_there()).collect();
    if needs_all() {
        assert_eq!(programs.len(), Program::ALL.len(), "a program is missing, see above");
    }
    let mut seen = 0;
    for story in STORIES {
        let kept = tempfile::tempdir().unwrap();
        let ledger = ledger_of(story, kept.path());
        let reader = ledger.read().unwrap();
        for day in ["2026-03-01", "2026-04-30", "2026-07-31", "2027-12-31"] {
            let as_of = Timestamp::parse_end(day).unwrap();
            let journal = books(&reader, Moments { as_of, known_at: Timestamp::MAX });
            seen += journal.transactions().len();
            agree(&programs, &format!("{story} as of {day}"), &journal);
        }
    }
    assert!(seen > 0, "no story has books");
    let register = shop::register(10_000);
    let reader = register.ledger().read().unwrap();
    for day in ["2026-02-14", "2026-08-15", "2027-12-31"] {
        let as_of = Timestamp::parse_end(day).unwrap();
        let journal = books(&reader, Moments { as_of, known_at: Timestamp::MAX });
        agree(&programs, &format!("generated ledger as of {day}"), &journal);
    }
    let journal = books(
        &reader,
        Moments { as_of: Timestamp::parse_end("2027-12-31").unwrap(), known_at: Timestamp::MAX },
    );
    assert!(journal.transactions().len() >= 10_000, "{}", journal.transactions().len());
}

/// Whether a program that is missing is a failure.
fn needs_all() -> bool {
    std::env::var_os("CI").is_some()
        || std::env::var_os("DEEDBOOK_INTEROP").is_some_and(|value| value == "all")
}

/// Each program accepts the books with every balance as we have it, and refuses them with one
/// minor unit more.
fn agree(programs: &[Program], what: &str, journal: &Journal) {
    journal.check().unwrap();
    if journal.balances().is_empty() {
        return;
    }
    let all = with_every_balance(journal);
    for program in programs {
        if let Err(told) = program.accepts(&journal.write(program.format())) {
            panic!("{what}: {program} refuses the books: {told}");
        }
        if let Err(told) = program.accepts(&all.write(program.format())) {
            panic!("{what}: {program} has another balance: {told}");
        }
        if let Some(found) = program.balances(&journal.write(program.format())) {
            let ours = sums(journal).into_iter();
            let ours = ours.filter(|(_, amount)| !amount.is_zero());
            let ours: BTreeMap<String, String> =
                ours.map(|(name, amount)| (name, amount.to_string())).collect();
            assert_eq!(found, ours, "{what}: {program}");
        }
        for changed in 0..journal.balances().len().min(2) {
            let written = changed_balance(journal, changed).write(program.format());
            let told = program.accepts(&written);
            assert!(told.is_err(), "{what}: {program} takes balance {changed}, which was changed");
        }
    }
}

/// With an assertion for every account, not for payables alone.
fn with_every_balance(journal: &Journal) -> Journal {
    let on = journal.balances()[0].on;
    let mut balances: Vec<Balance> = Vec::new();
    let sums = sums(journal);
    for posting in journal.transactions().iter().flat_map(|transaction| transaction.postings()) {
        if balances.iter().all(|balance| balance.account != posting.account) {
            let amount = sums[posting.account.as_str()];
            balances.push(Balance { on, account: posting.account.clone(), amount });
        }
    }
    Journal::new(journal.transactions().to_vec(), balances)
}

fn changed_balance(journal: &Journal, place: usize) -> Journal {
    let mut balances = journal.balances().to_vec();
    let amount = &mut balances[place].amount;
    *amount = Amount::new(amount.minor() + 1, amount.currency()).unwrap();
    Journal::new(journal.transactions().to_vec(), balances)
}

/// Runs a story, and opens the ledger as its last command left it.
fn ledger_of(story: &str, kept: &Path) -> Ledger {
    let wrapper: PathBuf = kept.join("deedbook");
    let script = "#!/bin/sh\n\"$KEPT_PROGRAM\" \"$@\"\ncode=$?\n\
        cp deedbook.db deedbook.db.head \"$KEPT_IN\" 2>/dev/null\nexit $code\n";
    std::fs::write(&wrapper, script).unwrap();
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("bash")
        .arg(root.join("examples").join(story).join("run.sh"))
        .env("DEEDBOOK", &wrapper)
        .env("KEPT_PROGRAM", env!("CARGO_BIN_EXE_deedbook"))
        .env("KEPT_IN", kept)
        .output()
        .unwrap();
    assert!(output.status.success(), "{story}: {}", String::from_utf8_lossy(&output.stderr));
    let path = kept.join("deedbook.db");
    let clock = Box::new(crate::support::HandClock::at("2027-12-31"));
    Ledger::open(&path, HeadFile::beside(&path), Access::Read, clock).unwrap()
}
