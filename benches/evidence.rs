//! The bundle about one work, made from a large ledger and verified, each beside its limit.
//!
//! Building the ledger takes most of the time, so that it is built once. `cargo bench --bench
//! evidence -- 50000` takes a smaller one.

#![expect(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod support;

use deedbook::evidence::{Policy, verify};
use deedbook::ledger::{Clock as _, Ledger, SystemClock, gather};
use deedbook::record::EntryNumber;
use ed25519_dalek::SigningKey;
use std::hint::black_box;
use std::time::{Duration, Instant};
use support::Register;

const WORKS: u64 = 1_000_000;
/// Statements in one transaction.
const BATCH: u64 = 16_384;
/// Bundles that are made, of works all over the ledger.
const BUNDLES: u64 = 200;
const MADE_WITHIN: Duration = Duration::from_millis(50);
const VERIFIED_WITHIN: Duration = Duration::from_millis(20);

fn main() {
    let works = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let works = works.unwrap_or(WORKS);
    let directory = tempfile::tempdir().expect("a directory");
    let mut register = Register::create(directory.path());
    let starts = (0..works).step_by(BATCH as usize);
    let parties = &register.parties;
    let batches = starts.map(|start| parties.works(start..works.min(start + BATCH)));
    register.ledger.submit_batches(batches, |_| ()).expect("good statements");
    let path = register.path.clone();
    drop(register);
    let ledger = Register::reopen(&path);
    println!("one work among {works}, {BUNDLES} bundles:");
    measure(&ledger, works);
}

fn measure(ledger: &Ledger, works: u64) {
    let key = SigningKey::from_bytes(&[9; 32]);
    let now = SystemClock.now();
    let (mut made, mut verified, mut gathered) = (Vec::new(), Vec::new(), Vec::new());
    let mut size = 0;
    for place in 0..BUNDLES {
        let work = EntryNumber::new(150 + place * 7919 % (works - 200));
        let start = Instant::now();
        let reader = ledger.read().expect("a ledger");
        let draft = gather(&reader, work).and_then(|found| found.draft(&reader));
        let draft = draft.expect("a draft");
        gathered.push(start.elapsed());
        let bundle = draft.seal(&key, now).expect("a bundle");
        made.push(start.elapsed());
        size = bundle.len();
        let start = Instant::now();
        black_box(verify(&bundle, &Policy::default(), None).expect("a bundle that holds"));
        verified.push(start.elapsed());
    }
    println!("a bundle has {size} bytes");
    show("of that: gathered with its proofs", &mut gathered, None);
    show("bundle made, and accepted by the verifier", &mut made, Some(MADE_WITHIN));
    show("bundle verified", &mut verified, Some(VERIFIED_WITHIN));
}

fn show(what: &str, times: &mut [Duration], limit: Option<Duration>) {
    times.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    let limit = limit.map_or_else(String::new, |limit| {
        let verdict = if slowest <= limit { "within" } else { "BEYOND" };
        format!("; {verdict} the limit of {:.0} ms", millis(limit))
    });
    println!(
        "{what:45} median {:7.2} ms, slowest {:7.2} ms{limit}",
        millis(median),
        millis(slowest)
    );
}
