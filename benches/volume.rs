//! What a large ledger costs, each figure beside the limit of the machine, measured in one run.
//!
//! These runs take seconds each, so that they are timed once, as whole runs. `cargo bench --bench
//! volume -- 50000` takes a smaller ledger.

#![expect(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod support;

use deedbook::record::Statement;
use deedbook::tlog::leaf_hash;
use ed25519_dalek::{Signature, VerifyingKey, verify_batch};
use rayon::prelude::*;
use std::time::{Duration, Instant};
use support::{Parties, Register};

const APPENDED: u64 = 200_000;
const VERIFIED: u64 = 1_000_000;
/// Statements in one transaction.
const BATCH: usize = 16_384;
/// Signatures in one equation.
const GROUP: usize = 128;

struct Signed {
    messages: Vec<Vec<u8>>,
    signatures: Vec<Signature>,
    keys: Vec<VerifyingKey>,
    leaves: Vec<Vec<u8>>,
}

impl Signed {
    fn of(parties: &Parties, statements: &[Vec<u8>]) -> Self {
        let parts = statements.par_iter().enumerate().map(|(number, bytes)| {
            let statement = Statement::decode(bytes).expect("a statement");
            let deedbook::record::PublicKey::Ed25519(key) = parties.key_of(number as u64) else {
                panic!("the parties have Ed25519 keys");
            };
            let signature = Signature::from_slice(statement.signature()).expect("64 bytes");
            (statement.signed_bytes(), (signature, *key.verifying_key()))
        });
        let (messages, (signatures, keys)) = parts.unzip();
        Self { messages, signatures, keys, leaves: statements.to_vec() }
    }

    fn verify_group(&self, group: usize) {
        let range = group * GROUP..((group + 1) * GROUP).min(self.messages.len());
        let messages: Vec<&[u8]> = self.messages[range.clone()].iter().map(Vec::as_slice).collect();
        verify_batch(&messages, &self.signatures[range.clone()], &self.keys[range])
            .expect("good signatures");
    }

    fn groups(&self) -> usize {
        self.messages.len().div_ceil(GROUP)
    }

    /// The library's own batch verification, on all cores.
    fn verify_on_all_cores(&self) -> Duration {
        timed(|| (0..self.groups()).into_par_iter().for_each(|group| self.verify_group(group)))
    }

    /// The same on one core, over a part.
    fn verify_on_one_core(&self) -> Duration {
        let part = self.groups().min(80);
        let took = timed(|| (0..part).for_each(|group| self.verify_group(group)));
        took.mul_f64(self.groups() as f64 / part as f64)
    }

    fn hash_on_all_cores(&self) -> Duration {
        timed(|| self.leaves.par_iter().for_each(|leaf| hash(leaf)))
    }

    fn hash_on_one_core(&self) -> Duration {
        timed(|| self.leaves.iter().for_each(|leaf| hash(leaf)))
    }
}

fn hash(leaf: &[u8]) {
    std::hint::black_box(leaf_hash(leaf));
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn line(what: &str, took: Duration, entries: u64) {
    let each_us = took.as_secs_f64() * 1e6 / entries as f64;
    let rate = entries as f64 / took.as_secs_f64();
    println!("  {what:<44} {took:>9.2?}  {each_us:>7.2} us each  {rate:>9.0} a second");
}

/// Peak memory of this process so far, in megabytes.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}

fn append(directory: &std::path::Path, entries: u64) {
    println!("\nappending {entries} signed registrations in batches of {BATCH}");
    let mut register = Register::create(directory);
    let statements = register.parties.works(0..entries);
    let signed = Signed::of(&register.parties, &statements);
    let all_cores = signed.verify_on_all_cores();
    let one_core = signed.verify_on_one_core();
    let batches: Vec<Vec<Vec<u8>>> = statements.chunks(BATCH).map(<[_]>::to_vec).collect();
    let mut appended = 0;
    let ours = timed(|| {
        let count = |recorded: &[deedbook::ledger::Recorded]| appended += recorded.len() as u64;
        register.ledger.submit_batches(batches, count).expect("good statements");
    });
    assert_eq!(appended, entries);
    line("ours: verified, admitted, durable, signed", ours, entries);
    line("Ed25519 batch verification alone, all cores", all_cores, entries);
    line("Ed25519 batch verification alone, one core", one_core, entries);
    println!(
        "  rate: {:.2} of all cores', {:.2} of one core's (wanted: at least 0.50)",
        all_cores.as_secs_f64() / ours.as_secs_f64(),
        one_core.as_secs_f64() / ours.as_secs_f64(),
    );
}

/// The ledger is verified by a process of its own, so that its memory is not mixed with what made
/// the ledger.
fn verify(directory: &std::path::Path, entries: u64) {
    println!("\nverifying {entries} entries");
    let mut register = Register::create(directory);
    let statements = register.parties.works(0..entries);
    let signed = Signed::of(&register.parties, &statements);
    let batches = statements.chunks(BATCH).map(<[_]>::to_vec);
    register.ledger.submit_batches(batches, |_| ()).expect("good statements");
    let path = register.path.clone();
    drop((register, statements));
    let all_cores = signed.verify_on_all_cores() + signed.hash_on_all_cores();
    let one_core = signed.verify_on_one_core() + signed.hash_on_one_core();
    drop(signed);
    let program = std::env::current_exe().expect("this program");
    let output = std::process::Command::new(program).arg("--verify").arg(&path).output();
    let output = output.expect("this program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut words = text.split_whitespace();
    let seconds: f64 = words.next().and_then(|word| word.parse().ok()).expect("seconds");
    let peak: u64 = words.next().and_then(|word| word.parse().ok()).expect("megabytes");
    let ours = Duration::from_secs_f64(seconds);
    line("ours: from the bytes up", ours, entries);
    line("signatures and leaves alone, all cores", all_cores, entries);
    line("signatures and leaves alone, one core", one_core, entries);
    println!(
        "  time: {:.2} x all cores' (wanted: at most 1.50), {:.2} x one core's",
        seconds / all_cores.as_secs_f64(),
        seconds / one_core.as_secs_f64(),
    );
    println!("  peak memory: {peak} MB (wanted: under 500)");
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let first = arguments.next();
    if first.as_deref() == Some("--verify") {
        let path = arguments.next().expect("a ledger");
        let ledger = Register::reopen(std::path::Path::new(&path));
        let took = timed(|| {
            ledger.verify(&mut |_, _| ()).expect("a whole ledger");
        });
        println!("{} {}", took.as_secs_f64(), peak_mb());
        return;
    }
    let size: Option<u64> = first.and_then(|first| first.parse().ok());
    println!("{} cores", std::thread::available_parallelism().map_or(1, usize::from));
    let directory = tempfile::tempdir().expect("a directory");
    append(directory.path(), size.unwrap_or(APPENDED));
    let directory = tempfile::tempdir().expect("a directory");
    verify(directory.path(), size.unwrap_or(VERIFIED));
}
