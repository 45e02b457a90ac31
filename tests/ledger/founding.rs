//! The making of a ledger by the program itself: killed at random moments, found half done, and
//! run by several processes at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The directory in which a ledger is made.
const STAGING: &str = ".deedbook.db.init";
/// All that a ledger of one entry is.
const WHOLE: [&str; 4] =
    ["deedbook.db", "deedbook.db.head", "deedbook.db.key", "deedbook.db.key.pub"];

fn deedbook(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
    for variable in [
        "DEEDBOOK_LEDGER",
        "DEEDBOOK_KEYS",
        "DEEDBOOK_HEAD",
        "DEEDBOOK_VAULT",
        "DEEDBOOK_WITNESSES",
    ] {
        command.env_remove(variable);
    }
    command.current_dir(place).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn init(place: &Path) -> Output {
    deedbook(place, &["init", "--json", "--name", "Northlight register"]).output().unwrap()
}

/// The code of the error that the program ended with; nothing where it was done.
fn code(output: &Output) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let code = answer["error"]["code"].as_str().map(str::to_owned);
    assert_eq!(output.status.code(), Some(i32::from(code.is_some())), "{answer}");
    code
}

fn names(place: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(place).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[track_caller]
fn succeed(place: &Path, arguments: &[&str]) {
    let output = deedbook(place, arguments).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
}

/// The ledger is whole, nothing but what belongs to it is there, and it can be appended to.
#[track_caller]
fn assert_whole(place: &Path) {
    // Takes away the empty log of a process that was killed while it had the whole ledger open.
    succeed(place, &["verify"]);
    assert_eq!(names(place), WHOLE.map(str::to_owned).into());
    succeed(place, &["party", "add", "wen", "--role", "creator"]);
}

/// What a killed `init` leaves: all files made, and so many of them named.
fn leave(place: &Path, whole: &Path, named: usize) {
    let staging = place.join(STAGING);
    fs::create_dir(&staging).unwrap();
    for suffix in ["", ".head", ".key", ".key.pub"] {
        let made = whole.join(format!("deedbook.db{suffix}"));
        fs::copy(made, staging.join(format!("ledger{suffix}"))).unwrap();
    }
    let link = |suffix: &str| {
        let name = place.join(format!("deedbook.db{suffix}"));
        fs::hard_link(staging.join(format!("ledger{suffix}")), name).unwrap();
    };
    let head = fs::read(whole.join("deedbook.db.head")).unwrap();
    let write_head = |size| fs::write(place.join("deedbook.db.head"), &head[..size]).unwrap();
    let steps: [&dyn Fn(); 6] = [
        &|| link(".key"),
        &|| link(".key.pub"),
        &|| write_head(0),
        &|| write_head(head.len() / 2),
        &|| write_head(head.len()),
        &|| link(""),
    ];
    for step in &steps[..named] {
        step();
    }
}

#[test]
fn what_a_killed_init_leaves_is_cleared_away() {
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(code(&init(whole.path())), None);
    assert_whole(whole.path());
    for named in 0..=5 {
        let place = tempfile::tempdir().unwrap();
        leave(place.path(), whole.path(), named);
        assert_eq!(code(&init(place.path())), None, "{named}");
        assert_whole(place.path());
    }
}

#[test]
fn a_ledger_that_has_its_name_stays() {
    let whole = tempfile::tempdir().unwrap();
    init(whole.path());
    let place = tempfile::tempdir().unwrap();
    leave(place.path(), whole.path(), 6);
    assert_eq!(code(&init(place.path())).as_deref(), Some("ledger_exists"));
    assert_whole(place.path());
    // Killed while it cleared away behind itself.
    fs::create_dir(place.path().join(STAGING)).unwrap();
    fs::remove_dir_all(place.path().join("deedbook.db.keys")).unwrap();
    assert_eq!(code(&init(place.path())).as_deref(), Some("ledger_exists"));
    assert_eq!(names(place.path()), WHOLE.map(str::to_owned).into());
}

#[test]
fn what_belongs_to_something_else_is_left_alone() {
    let whole = tempfile::tempdir().unwrap();
    init(whole.path());
    for name in &WHOLE[1..] {
        let place = tempfile::tempdir().unwrap();
        leave(place.path(), whole.path(), 0);
        fs::write(place.path().join(name), "of another ledger").unwrap();
        assert_eq!(code(&init(place.path())).as_deref(), Some("file_exists"));
        assert_eq!(names(place.path()), [(*name).to_owned()].into());
        assert_eq!(fs::read(place.path().join(name)).unwrap(), b"of another ledger");
    }
    // A log that SQLite would take for the new ledger's.
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("deedbook.db-wal"), "left over").unwrap();
    assert_eq!(code(&init(place.path())).as_deref(), Some("file_exists"));
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join(STAGING), "a file").unwrap();
    assert_eq!(code(&init(place.path())).as_deref(), Some("file_exists"));
    assert_eq!(names(place.path()), [STAGING.to_owned()].into());
}

#[test]
fn one_of_several_at_once_makes_the_ledger() {
    let place = tempfile::tempdir().unwrap();
    let arguments = ["init", "--json", "--name", "Northlight register"];
    let children: Vec<_> =
        (0..8).map(|_| deedbook(place.path(), &arguments).spawn().unwrap()).collect();
    let outputs = children.into_iter().map(|child| child.wait_with_output().unwrap());
    let codes: Vec<_> = outputs.map(|output| code(&output)).collect();
    assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1, "{codes:?}");
    for code in codes.into_iter().flatten() {
        assert!(["ledger_exists", "ledger_locked"].contains(&code.as_str()), "{code}");
    }
    assert_whole(place.path());
}

/// Kills `init` at moments spread over the time that it takes, and runs it again.
fn kill_many(runs: u32) {
    let place = tempfile::tempdir().unwrap();
    let start = Instant::now();
    init(place.path());
    let usual = start.elapsed();
    let (mut made, mut stood, mut found_half) = (0, 0, 0);
    for run in 0..runs {
        let place = tempfile::tempdir().unwrap();
        let arguments = ["init", "--json", "--name", "Northlight register"];
        let mut child = deedbook(place.path(), &arguments).spawn().unwrap();
        std::thread::sleep(usual * run / runs + Duration::from_micros(u64::from(run % 7) * 100));
        child.kill().unwrap();
        child.wait().unwrap();
        found_half += u32::from(place.path().join(STAGING).exists());
        match code(&init(place.path())).as_deref() {
            None => made += 1,
            Some("ledger_exists") => stood += 1,
            Some(other) => panic!("{other}"),
        }
        assert_whole(place.path());
    }
    println!("{runs} killed, {found_half} of them half done; {made} made again, {stood} stood");
}

#[test]
fn init_that_is_killed_can_be_run_again() {
    kill_many(8);
}

#[test]
#[ignore = "minutes"]
fn long_init_killed_at_random_moments() {
    kill_many(500);
}
