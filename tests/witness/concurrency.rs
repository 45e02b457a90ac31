//! Many at once, several processes on one memory, and processes that are killed: no two cosigned
//! checkpoints are inconsistent, and none is smaller than one cosigned before it.

use super::log::ORIGIN;
use super::served::text_of;
use super::{Log, Served};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Up to here both branches are one log.
const FORK: u64 = 6;
const LEAVES: u64 = 400;

fn random(seed: u64) -> u64 {
    u64::from_le_bytes(blake3::hash(&seed.to_le_bytes()).as_bytes()[..8].try_into().unwrap())
}

/// What was cosigned, as (size, branch) with the text.
#[derive(Default)]
struct Cosigned(Mutex<Vec<(u64, usize, String)>>);

impl Cosigned {
    /// No two are inconsistent: one root a size, and one branch beyond the fork.
    fn assert_one_history(&self) -> (u64, Option<usize>) {
        let cosigned = self.0.lock().unwrap();
        let mut texts = BTreeMap::new();
        let mut beyond = None;
        for (size, branch, text) in cosigned.iter() {
            assert_eq!(texts.entry(size).or_insert(text), &text, "two roots of {size} entries");
            if *size > FORK {
                assert_eq!(*beyond.get_or_insert(*branch), *branch, "both branches");
            }
        }
        (cosigned.iter().map(|(size, ..)| *size).max().unwrap_or(0), beyond)
    }
}

/// Hands in checkpoints of either branch, larger and smaller ones, with whatever size the witness
/// says it has; as somebody would who holds the log's key and wants two histories cosigned.
fn attack(served: &Served, branches: &[Log; 2], seed: u64, rounds: u64, cosigned: &Cosigned) {
    let mut old_size = 0;
    for round in 0..rounds {
        let random = random(seed << 32 | round);
        let branch = (random & 1) as usize;
        let log = &branches[branch];
        let size =
            (old_size + (random >> 8) % 5).saturating_sub((random >> 16) % 3).clamp(1, LEAVES);
        let request = log.request(old_size.min(size), size);
        let Ok(reply) = served.send("POST", "/add-checkpoint", request.as_bytes()) else {
            // Killed.
            return;
        };
        match reply.status {
            200 => {
                served.check(&reply.body, text_of(&log.note(size)));
                let text = text_of(&log.note(size)).to_owned();
                cosigned.0.lock().unwrap().push((size, branch, text));
                old_size = size;
            }
            409 => old_size = reply.body.trim().parse().unwrap(),
            status => assert_eq!(status, 422, "{reply:?}"),
        }
    }
}

fn branches() -> [Log; 2] {
    [Log::new(LEAVES, FORK, "left"), Log::new(LEAVES, FORK, "right")]
}

#[test]
fn eight_threads_and_two_processes_get_one_history() {
    let directory = tempfile::tempdir().unwrap();
    let branches = branches();
    let vkey = branches[0].vkey();
    let served =
        [Served::start(directory.path(), &[&vkey]), Served::start(directory.path(), &[&vkey])];
    let cosigned = Cosigned::default();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (served, branches, cosigned) = (&served[thread % 2], &branches, &cosigned);
            scope.spawn(move || attack(served, branches, thread as u64, 60, cosigned));
        }
    });
    let (largest, beyond) = cosigned.assert_one_history();
    assert!(largest > FORK && beyond.is_some(), "the attack got nowhere: {largest}");
    for served in &served {
        let latest = served.latest(ORIGIN).body;
        assert_eq!(latest.lines().nth(1), Some(largest.to_string().as_str()));
    }
}

/// Killed while it writes, again and again: what was answered is remembered, and nothing else is ever
/// cosigned in its place.
#[test]
#[ignore = "long: starts and kills many processes"]
fn long_a_killed_witness_never_signs_backwards() {
    let directory = tempfile::tempdir().unwrap();
    let branches = branches();
    let vkey = branches[0].vkey();
    let cosigned = Cosigned::default();
    let seed = AtomicU64::new(1000);
    let mut kept = 0;
    for run in 0..100 {
        let mut served = Served::start(directory.path(), &[&vkey]);
        let latest = served.latest(ORIGIN).body;
        let size: u64 = latest.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or(0);
        let (acknowledged, _) = cosigned.assert_one_history();
        assert!(size >= acknowledged && size >= kept, "run {run}: {size} after {acknowledged}");
        kept = size;
        let pid = rustix::process::Pid::from_child(&served.child);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let seed = seed.fetch_add(1, Ordering::Relaxed);
                let (served, branches, cosigned) = (&served, &branches, &cosigned);
                scope.spawn(move || attack(served, branches, seed, u64::from(u32::MAX), cosigned));
            }
            std::thread::sleep(Duration::from_micros(random(run) % 30_000));
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        });
        served.child.wait().unwrap();
    }
    let (largest, beyond) = cosigned.assert_one_history();
    println!("{largest} entries, {} cosignatures", cosigned.0.lock().unwrap().len());
    assert!(largest > FORK && beyond.is_some(), "the attack got nowhere: {largest}");
}
