//! Fuzzing: what strangers hand in is cut, spliced and flipped, and each decoder must refuse it or
//! take it exactly. It never panics, and what it takes it writes again byte for byte.
//!
//! The inputs that led somewhere new are kept in `tests/fuzz/corpus/`, one folder a decoder; every
//! run begins with them. A run lasts DEEDBOOK_FUZZ_SECONDS a decoder, or a few seconds; with
//! DEEDBOOK_FUZZ_KEEP set it adds what is new to the folder. An input that breaks a decoder is
//! written there in any case, and the test fails with its name.

mod claim;
mod corpus;
#[cfg(feature = "c2pa")]
mod credentials;
mod evidence;
mod mutator;
mod target;

use corpus::Corpus;
use mutator::Mutator;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use target::{TARGETS, Target};

/// So long is each decoder fuzzed where nothing else is said.
const SECONDS: u64 = 5;
/// Longer inputs than this are not made; every decoder has a smaller limit of its own.
const MAX_INPUT_SIZE_BYTES: usize = 80_000;

/// What became of an input, short enough to tell one refusal from another.
fn outcome(target: &Target, input: &[u8]) -> Result<String, String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.decode)(input)));
    match outcome {
        Ok(Ok(())) => Ok("taken".to_owned()),
        // Numbers differ without end; what is wrong does not.
        Ok(Err(refusal)) => {
            Ok(refusal.chars().filter(char::is_ascii_alphabetic).take(60).collect())
        }
        Err(_) => Err("the decoder panicked, or took what it does not write".to_owned()),
    }
}

fn check(target: &Target, corpus: &Corpus, input: &[u8]) -> String {
    outcome(target, input).unwrap_or_else(|reason| {
        let path = corpus.keep(input);
        panic!("{}: {reason}: {}", target.name, path.display())
    })
}

#[test]
fn what_was_kept_is_refused_or_taken_exactly() {
    for target in TARGETS {
        try_kept(target);
    }
}

fn try_kept(target: &Target) {
    let corpus = Corpus::of(target.name);
    let kept = corpus.inputs();
    assert!(!kept.is_empty(), "{} has no corpus", target.name);
    for input in kept {
        check(target, &corpus, &input);
    }
    let seeds = (target.seeds)();
    let taken = seeds.iter().filter(|seed| check(target, &corpus, seed) == "taken");
    assert_eq!(taken.count(), seeds.len(), "{}: what is whole is taken", target.name);
}

#[test]
#[ignore = "takes seconds for each decoder"]
fn long_decoders_stand_what_is_thrown_at_them() {
    for (place, target) in TARGETS.iter().enumerate() {
        fuzz(place as u64, target);
    }
}

fn fuzz(place: u64, target: &Target) {
    let seconds = std::env::var("DEEDBOOK_FUZZ_SECONDS").ok().and_then(|it| it.parse().ok());
    let keeps = std::env::var_os("DEEDBOOK_FUZZ_KEEP").is_some();
    let corpus = Corpus::of(target.name);
    let mut pool = (target.seeds)();
    pool.extend(corpus.inputs());
    let mut seen: std::collections::BTreeSet<String> =
        pool.iter().map(|input| check(target, &corpus, input)).collect();
    let known = seen.len();
    // What was kept is tried whole, and then for so long what is made of it.
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(SECONDS));
    // The same numbers in every run, so that what it finds it finds again.
    let mut mutator = Mutator::new(0x5eed + place);
    let mut tried = 0_u64;
    while Instant::now() < until || tried < target.least {
        for _ in 0..target.least.min(200) {
            let mut input = mutator.mutate(&pool);
            input.truncate(MAX_INPUT_SIZE_BYTES);
            tried += 1;
            if seen.insert(check(target, &corpus, &input)) {
                if keeps {
                    corpus.keep(&input);
                }
                pool.push(input);
            }
        }
    }
    println!("{}: {tried} inputs, {} outcomes, {known} at first", target.name, seen.len());
}
