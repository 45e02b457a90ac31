//! Every byte of a small ledger changed, one at a time: noticed, or the answers are equal.

use super::guard::{closed, raw};
use crate::support::{HandClock, Kept, Register, check_ledger, picture, try_picture};
use deedbook::ledger::{Access, HeadFile, Ledger};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What the byte is combined with: every bit, and the lowest alone.
const CHANGES: [u8; 2] = [0xff, 0x01];
/// No change may make a ledger of a dozen entries take so long.
const LONGEST: Duration = Duration::from_secs(8);

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    /// The ledger did not open.
    Opening,
    /// It opened and did not verify.
    Verification,
    /// It verified, and every answer is as it was.
    Harmless,
    /// It verified, and an answer is another one.
    Silent,
    /// It panicked.
    Panic,
    /// It took too long, twice.
    Slow,
}

/// Where changes are tried: in memory, where the machine has a place for that.
fn place() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    match tempfile::tempdir_in(memory) {
        Ok(directory) => directory,
        Err(_) => tempfile::tempdir().unwrap(),
    }
}

/// Writes the files, opens the ledger, verifies it and asks everything.
fn attempt(path: &Path, kept: &Kept, answers: &[String]) -> Found {
    let head = HeadFile::beside(path);
    for suffix in ["-wal", "-shm", "-journal"] {
        let mut journal = path.as_os_str().to_owned();
        journal.push(suffix);
        // Only a failed attempt leaves one.
        let _ = std::fs::remove_file(PathBuf::from(journal));
    }
    std::fs::write(path, &kept.file).unwrap();
    std::fs::write(head.path(), &kept.head).unwrap();
    let clock = Box::new(HandClock::at("2026-03-02"));
    let Ok(ledger) = Ledger::open(path, head, Access::Read, clock) else {
        return Found::Opening;
    };
    if ledger.verify(&mut |_, _| {}).is_err() {
        return Found::Verification;
    }
    match try_picture(&ledger) {
        Ok(found) if found == answers => Found::Harmless,
        Ok(_) | Err(_) => Found::Silent,
    }
}

/// What an attempt found, and how long it took.
fn timed(path: &Path, kept: &Kept, answers: &[String]) -> (Found, Duration) {
    let start = Instant::now();
    let attempt = std::panic::AssertUnwindSafe(|| attempt(path, kept, answers));
    let found = std::panic::catch_unwind(attempt).unwrap_or(Found::Panic);
    (found, start.elapsed())
}

/// What every byte is combined with.
fn both(_: usize) -> &'static [u8] {
    &CHANGES
}

/// What neighbouring bytes are combined with in turn.
fn in_turn(offset: usize) -> &'static [u8] {
    let place = offset % CHANGES.len();
    &CHANGES[place..=place]
}

/// Tries every change that `change` makes, on all cores. Says what was found where.
fn exhaust(
    kept: &Kept,
    (count, step): (usize, usize),
    masks: fn(usize) -> &'static [u8],
    change: impl Fn(&mut Kept, usize, u8) + Sync,
) -> BTreeMap<Found, Vec<(usize, u8)>> {
    let answers = picture(&Register::restore(kept).open(Access::Read).unwrap());
    let next = AtomicUsize::new(0);
    let (out, found) = mpsc::channel();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            let out = out.clone();
            scope.spawn(|| {
                let out = out;
                let directory = place();
                let path = directory.path().join("deedbook.db");
                loop {
                    let offset = next.fetch_add(step, Ordering::Relaxed);
                    if offset >= count {
                        return;
                    }
                    for mask in masks(offset).iter().copied() {
                        let mut changed = kept.clone();
                        change(&mut changed, offset, mask);
                        let (mut found, mut took) = timed(&path, &changed, &answers);
                        if took > LONGEST {
                            // The whole machine may have stood still: a change that is slow by
                            // itself is so again.
                            (found, took) = timed(&path, &changed, &answers);
                        }
                        if took > LONGEST {
                            found = Found::Slow;
                        }
                        out.send((found, (offset, mask))).unwrap();
                    }
                }
            });
        }
        drop(out);
    });
    let mut classes: BTreeMap<Found, Vec<(usize, u8)>> = BTreeMap::new();
    for (class, change) in found {
        classes.entry(class).or_default().push(change);
    }
    classes
}

fn assert_noticed(what: &str, classes: &BTreeMap<Found, Vec<(usize, u8)>>) {
    for (class, changes) in classes {
        println!("{what}: {} changes {class:?}", changes.len());
    }
    for class in [Found::Silent, Found::Panic, Found::Slow] {
        let changes = classes.get(&class).map_or(&[][..], Vec::as_slice);
        assert_eq!(changes, [], "{what}: {class:?}");
    }
    assert!(classes.contains_key(&Found::Opening), "nothing was noticed");
}

fn change_file(kept: &mut Kept, offset: usize, mask: u8) {
    kept.file[offset] ^= mask;
}

fn change_head(kept: &mut Kept, offset: usize, mask: u8) {
    kept.head[offset] ^= mask;
}

#[test]
fn some_single_byte_changes_are_noticed_or_harmless() {
    let kept = compact();
    assert!(kept.file.len() > 40_000);
    let classes = exhaust(&kept, (kept.file.len(), 701), both, change_file);
    assert_noticed("some of the file", &classes);
}

/// A changed head file is never harmless: the ledger does not open.
#[test]
fn every_single_byte_change_of_the_head_file_is_noticed() {
    let kept = closed().keep();
    let classes = exhaust(&kept, (kept.head.len(), 1), both, change_head);
    assert_noticed("the head file", &classes);
    assert_eq!(classes.keys().copied().collect::<Vec<_>>(), [Found::Opening]);
}

/// The same ledger on pages of 512 bytes: an eighth of the empty space, and pages of every kind,
/// inner nodes and overflow among them.
fn compact() -> Kept {
    let mut register = closed();
    let connection = raw(&register);
    let repack = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;
        PRAGMA journal_mode = WAL;";
    connection.execute_batch(repack).unwrap();
    drop(connection);
    register.reopen();
    check_ledger(register.ledger());
    register.keep()
}

#[test]
#[ignore = "an hour"]
fn long_every_single_byte_change() {
    let kept = compact();
    let start = Instant::now();
    let classes = exhaust(&kept, (kept.file.len(), 1), in_turn, change_file);
    println!("{} bytes in {:?}", kept.file.len(), start.elapsed());
    assert_noticed("the file", &classes);
}
