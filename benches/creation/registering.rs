//! Registering pictures of two megabytes, and the same bytes decoded and hashed by everything there is.
//!
//! So many files as `DEEDBOOK_FILES` lie on the disk at once, since ten thousand would be 20 GB. Round after
//! round the last bytes of each are changed, behind the end of the picture, so that each round registers other
//! contents in the same ledger. Half are JPEG and half PNG with a generator's text in them.

use super::painting::painting;
use super::{jpeg, number, program};
use deedbook::intake::examine_all;
use image::{ImageFormat, Rgb, RgbImage};
use rayon::prelude::*;
use std::hint::black_box;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Pictures that are drawn; the others are these with other bytes behind their end.
const DRAWN: u64 = 8;
/// Bytes behind the end of a picture that tell files apart.
const TAIL_BYTES: i64 = 16;
const TEXT: &str = "harbour in spring, morning light\nNegative prompt: rain\nSteps: 33, Sampler: Euler, CFG scale: 7, Seed: 42, Size: 1024x1024, Model: northlight-xl";

/// Processor time so far: of this process, and of those that it waited for.
fn busy() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks =
        after.split_whitespace().skip(11).take(4).filter_map(|text| text.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Runs it, and adds how long that took and how much of the cores.
fn timed<T>(sum: &mut (Duration, Duration), work: impl FnOnce() -> T) -> T {
    let (began, before) = (Instant::now(), busy());
    let done = work();
    sum.0 += began.elapsed();
    sum.1 += busy().saturating_sub(before);
    done
}

fn print(name: &str, files: usize, (took, used): (Duration, Duration)) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = used.as_millis() * 100 / (took.as_millis().max(1) * cores as u128);
    let rate = files as u128 * 1000 / took.as_millis().max(1);
    println!("{name:<34} {took:>9.2?}  {rate:>6} files/s  {share:>3} % of {cores} cores busy");
}

/// With so much grain that it takes two megabytes.
fn grained(seed: u64, width: u32, height: u32, grain: u8) -> RgbImage {
    let mut picture = painting(seed, width, height);
    let mut random = seed | 1;
    for Rgb(channels) in picture.pixels_mut() {
        for channel in channels {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            *channel = channel.saturating_add((random >> 40) as u8 % grain);
        }
    }
    picture
}

fn chunk(kind: &[u8; 4], bytes: &[u8]) -> Vec<u8> {
    let named = [&kind[..], bytes].concat();
    let length = u32::try_from(bytes.len()).expect("a short chunk").to_be_bytes();
    [&length[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}

fn drawn(seed: u64) -> Vec<u8> {
    if seed.is_multiple_of(2) {
        return jpeg(&grained(seed, 1920, 1440, 28), 94);
    }
    let mut bytes = Cursor::new(Vec::new());
    let picture = grained(seed, 1024, 1024, 24);
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    let bytes = bytes.into_inner();
    // The text stands behind the first chunk, which has 25 bytes, and the signature, which has 8.
    let text = chunk(b"tEXt", format!("parameters\0{TEXT}").as_bytes());
    [&bytes[..33], &text, &bytes[33..]].concat()
}

/// The picture of a file decoded and its bytes hashed, and nothing else.
fn decoded_and_hashed(path: &Path) {
    let bytes = std::fs::read(path).expect("a file");
    black_box(blake3::hash(&bytes));
    black_box(image::load_from_memory(&bytes).expect("a picture").into_luma8());
}

pub(super) fn run(directory: &Path) {
    let files = number("DEEDBOOK_FILES", 2000);
    let rounds = number("DEEDBOOK_PICTURES", 10_000).div_ceil(files);
    let folder = directory.join("pictures");
    std::fs::create_dir(&folder).expect("a folder");
    let drawn: Vec<Vec<u8>> = (0..DRAWN).into_par_iter().map(drawn).collect();
    let paths: Vec<PathBuf> = (0..files).map(|n| folder.join(format!("{n}.picture"))).collect();
    for (place, path) in paths.iter().enumerate() {
        let mut bytes = drawn[place % drawn.len()].clone();
        bytes.extend([0; TAIL_BYTES as usize]);
        std::fs::write(path, bytes).expect("a file");
    }
    let sizes: Vec<String> = drawn.iter().map(|it| format!("{}", it.len() / 1000)).collect();
    println!("\n{files} files, of {} KB by turns; {rounds} rounds", sizes.join(", "));
    // From warm disk: written out, and read once.
    let synced = Command::new("sync").status().expect("sync");
    assert!(synced.success());
    paths.par_iter().for_each(|path| drop(black_box(std::fs::read(path).expect("a file"))));
    println!("warm");
    let mut sum = Default::default();
    timed(&mut sum, || paths.par_iter().for_each(|path| decoded_and_hashed(path)));
    print("decoding and hashing alone", paths.len(), sum);
    let mut sum = Default::default();
    timed(&mut sum, || {
        examine_all(&paths, |_, examined| black_box(examined).map(|_| ())).expect("good files");
    });
    print("digests, codes and claims", paths.len(), sum);
    program(directory, &["--ledger", "each.db", "init", "--name", "benchmark"]);
    program(directory, &["--ledger", "each.db", "party", "add", "wen", "--role", "creator"]);
    let mut most_kib = 0;
    let mut sum = Default::default();
    for round in 0..rounds {
        change(&paths, round);
        most_kib = most_kib.max(timed(&mut sum, || register(directory)));
    }
    print("register --each, as a program", paths.len() * rounds as usize, sum);
    println!("most memory of it: {} MiB", most_kib / 1024);
    let answer =
        program(directory, &["--ledger", "each.db", "--json", "list", "works", "--limit", "1"]);
    assert!(answer.contains("northlight-xl"), "taken from the file: {answer}");
}

/// Other bytes behind the end of each picture.
fn change(paths: &[PathBuf], round: u64) {
    paths.par_iter().enumerate().for_each(|(place, path)| {
        let file = std::fs::OpenOptions::new().write(true).open(path);
        let mut file = file.expect("a file");
        file.seek(SeekFrom::End(-TAIL_BYTES)).expect("a place");
        let tail = [(place as u64).to_le_bytes(), round.to_le_bytes()].concat();
        file.write_all(&tail).expect("bytes");
    });
}

/// Registers the folder, and says how much memory that took at most, in kibibytes.
fn register(directory: &Path) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_deedbook"))
        .args(["--ledger", "each.db", "--json", "register", "--each", "pictures", "--as", "wen"])
        .current_dir(directory)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    let path = format!("/proc/{}/status", child.id());
    let mut most_kib = 0;
    loop {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most_kib = most_kib.max(kib.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success());
            return most_kib;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
