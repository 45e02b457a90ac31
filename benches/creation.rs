//! The record of a creation: registering many pictures, beside decoding and hashing the same files on all
//! cores and nothing else; finding codes among a million works, beside comparing them all; and how often a
//! changed copy is found.
//!
//! Pictures are drawn from numbers, with light and shade at each scale. `DEEDBOOK_PICTURES` says how many
//! (500), `DEEDBOOK_WORKS` among how many codes are looked for (1,000,000).

#[path = "../tests/support/painting.rs"]
mod painting;
mod support;

use deedbook::admission::{CodeBlock, CodeRow};
use deedbook::intake::{Examined, examine_all};
use deedbook::ledger::Ledger;
use deedbook::ledger::answer::{Likeness, MatchFilter, matches};
use deedbook::record::{CodeKind, ContentCode, ContentCodes, Digest, EntryNumber};
use deedbook::store::{Access, Store, StoreError};
use image::imageops::{FilterType, crop_imm, resize};
use image::{ImageFormat, RgbImage};
use painting::painting;
use rayon::prelude::*;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::Register;

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    recall();
    finding(directory.path(), number("DEEDBOOK_WORKS", 1_000_000));
    registering(directory.path(), number("DEEDBOOK_PICTURES", 500));
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).expect("a picture");
    bytes
}

/// Processor time of this process so far.
fn busy() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks =
        after.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Runs it, and says for how long and with how much of the cores.
fn timed(name: &str, files: usize, work: impl FnOnce()) -> Duration {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (began, before) = (Instant::now(), busy());
    work();
    let (took, used) = (began.elapsed(), busy().saturating_sub(before));
    let share = used.as_millis() * 100 / (took.as_millis().max(1) * cores as u128);
    let rate = files as u128 * 1000 / took.as_millis().max(1);
    println!("{name:<46} {took:>9.2?}  {rate:>6} files/s  {share:>3} % of {cores} cores busy");
    took
}

/// Registering pictures of two megabytes, and the same bytes decoded and hashed by everything there is.
fn registering(directory: &Path, count: u64) {
    let folder = directory.join("pictures");
    std::fs::create_dir(&folder).expect("a folder");
    let paths: Vec<PathBuf> = (0..count).map(|n| folder.join(format!("{n}.jpg"))).collect();
    // A few are drawn, and made different by a byte after the end of each, for decoders are to work.
    let drawn: Vec<Vec<u8>> =
        (0..8.min(count)).into_par_iter().map(|n| jpeg(&painting(n, 2400, 1800), 97)).collect();
    for (place, path) in paths.iter().enumerate() {
        let mut bytes = drawn[place % drawn.len()].clone();
        bytes.extend((place as u64).to_le_bytes());
        std::fs::write(path, bytes).expect("a file");
    }
    let size = drawn.iter().map(Vec::len).sum::<usize>() / drawn.len();
    println!("\n{count} pictures of {} KB on average", size / 1000);
    timed("decoding and hashing alone", paths.len(), || {
        paths.par_iter().for_each(|path| {
            let bytes = std::fs::read(path).expect("a file");
            black_box(blake3::hash(&bytes));
            let decoded = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg);
            black_box(decoded.expect("a picture").into_luma8());
        });
    });
    timed("digests and codes", paths.len(), || {
        examine_all(&paths, |_, examined| black_box(examined).map(|_| ())).expect("good files");
    });
    let program = Path::new(env!("CARGO_BIN_EXE_deedbook"));
    let run = |words: &[&str]| {
        let mut command = std::process::Command::new(program);
        let output = command.args(words).current_dir(directory).output().expect("the program");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["--ledger", "each.db", "init", "--name", "benchmark"]);
    run(&["--ledger", "each.db", "party", "add", "wen", "--role", "creator"]);
    let began = Instant::now();
    run(&["--ledger", "each.db", "register", "--each", "pictures", "--as", "wen"]);
    println!("{:<46} {:>9.2?}", "register --each, as a program", began.elapsed());
}

/// A code that looks like those of pictures: half of the bits set, the first ones shared by many.
fn code(seed: u64) -> u64 {
    let digest = Digest::of(&seed.to_le_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    let bits = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    // Every fourth work has the same three first bytes as many others.
    if seed.is_multiple_of(4) { bits & 0x0000_0fff_ffff_ffff | (seed / 4 % 64) << 58 } else { bits }
}

/// Codes of whole pictures and five regions of so many works.
fn finding(directory: &Path, works: u64) {
    let register = Register::create(directory);
    let path = register.path.clone();
    drop(register);
    let began = Instant::now();
    let all: Vec<u64> = (0..works * 6).into_par_iter().map(code).collect();
    fill(&path, &all).expect("rows");
    println!("\n{} codes of {works} works written in {:.1?}", all.len(), began.elapsed());
    let ledger = Register::reopen(&path);
    let reader = ledger.read().expect("a snapshot");
    for distance in [2, 5, 8, 11] {
        let (mut took, mut compared, mut found) = (Vec::new(), Vec::new(), 0);
        for query in 0..20 {
            let wanted = all[(query * 7919 % all.len() as u64) as usize] ^ (1 << query | 1 << 40);
            let began = Instant::now();
            let near = reader.codes_within(ContentCode::new(CodeKind::Image, wanted), distance);
            took.push(began.elapsed());
            let near = near.expect("an answer");
            let began = Instant::now();
            let naive =
                all.iter().filter(|other| (*other ^ wanted).count_ones() <= distance).count();
            compared.push(began.elapsed());
            assert_eq!(near.len(), naive, "recall is 1 within the distance");
            found += naive;
        }
        took.sort_unstable();
        compared.sort_unstable();
        println!(
            "within {distance:>2} bits: {:>8.2?} median, {:>8.2?} at most; comparing all in memory {:>8.2?}; {found} found, each by both",
            took[10], took[19], compared[10]
        );
    }
    whole(&ledger, &all);
}

/// Rows as registrations make them, in the order of the table.
fn fill(path: &Path, all: &[u64]) -> Result<(), StoreError> {
    let row = |(place, bits): (usize, &u64)| {
        let (entry, place) = (EntryNumber::new(place as u64 / 6), (place % 6) as u32);
        CodeBlock::of(ContentCode::new(CodeKind::Image, *bits)).map(|block| CodeRow {
            entry,
            block: block.number(),
            code: bits.cast_signed(),
            place,
        })
    };
    let mut rows: Vec<CodeRow> = all.par_iter().enumerate().flat_map_iter(row).collect();
    rows.par_sort_unstable_by_key(|row| (row.block, row.code, row.entry, row.place));
    let mut store = Store::open(path, Access::ReadWrite)?;
    for rows in rows.chunks(100_000) {
        let mut writer = store.begin_write()?;
        let effects: Vec<_> = rows.iter().cloned().map(Into::into).collect();
        writer.add_all(&effects)?;
        writer.commit()?;
    }
    Ok(())
}

/// The whole question as `match` puts it, with six codes.
fn whole(ledger: &Ledger, all: &[u64]) {
    let image = |bits: u64| ContentCode::new(CodeKind::Image, bits);
    let mut took = Vec::new();
    for query in 0..20_usize {
        let own: Vec<_> = (0..6).map(|n| image(all[query * 60 + n].rotate_left(7))).collect();
        let digest = Digest::of(&query.to_le_bytes());
        let codes = ContentCodes {
            data: ContentCode::new(CodeKind::Data, 0),
            text: None,
            image: own.first().copied(),
            regions: own[1..].to_vec(),
            instance: ContentCode::instance(&digest),
            preparation: "benchmark".parse().expect("a name"),
        };
        let filter = MatchFilter { digest, codes: &codes, max_distance: None, limit: 20 };
        let began = Instant::now();
        let reader = ledger.read().expect("a snapshot");
        black_box(matches(&reader, &filter).expect("an answer"));
        took.push(began.elapsed());
    }
    took.sort_unstable();
    println!("match, six codes: {:.2?} median, {:.2?} at most", took[10], took[19]);
}

/// What is done to a picture, by name.
type Change = (&'static str, fn(&RgbImage) -> Vec<u8>);

fn cut(picture: &RgbImage, left: u32, top: u32, right: u32, below: u32) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let (x, y) = (width * left / 100, height * top / 100);
    let across = width - x - width * right / 100;
    let down = height - y - height * below / 100;
    jpeg(&crop_imm(picture, x, y, across, down).to_image(), 85)
}

fn sized(picture: &RgbImage, percent: u32) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let resized =
        resize(picture, width * percent / 100, height * percent / 100, FilterType::CatmullRom);
    jpeg(&resized, 85)
}

/// A label in the lower right corner, painted over.
fn blotted(picture: &RgbImage) -> Vec<u8> {
    let mut picture = picture.clone();
    let (width, height) = picture.dimensions();
    for y in height * 88 / 100..height * 97 / 100 {
        for x in width * 70 / 100..width * 97 / 100 {
            picture.put_pixel(x, y, image::Rgb([128; 3]));
        }
    }
    jpeg(&picture, 85)
}

const CHANGES: [Change; 15] = [
    ("JPEG quality 90", |picture| jpeg(picture, 90)),
    ("JPEG quality 60", |picture| jpeg(picture, 60)),
    ("JPEG quality 30", |picture| jpeg(picture, 30)),
    ("half the size", |picture| sized(picture, 50)),
    ("twice the size", |picture| sized(picture, 200)),
    ("watermark painted over", blotted),
    ("10 % off the middle's rim", |picture| cut(picture, 5, 5, 5, 5)),
    ("20 % off the middle's rim", |picture| cut(picture, 10, 10, 10, 10)),
    ("25 % off the middle's rim", |picture| cut(picture, 12, 12, 13, 13)),
    ("10 % off two sides", |picture| cut(picture, 0, 0, 10, 10)),
    ("20 % off two sides", |picture| cut(picture, 0, 0, 20, 20)),
    ("25 % off two sides", |picture| cut(picture, 25, 25, 0, 0)),
    ("10 % off one side", |picture| cut(picture, 0, 0, 0, 10)),
    ("20 % off one side", |picture| cut(picture, 20, 0, 0, 0)),
    ("25 % off one side", |picture| cut(picture, 0, 25, 0, 0)),
];

fn codes(place: &Path, bytes: &[u8]) -> ContentCodes {
    std::fs::write(place, bytes).expect("a file");
    Examined::read(place).expect("a picture").coded.codes
}

/// The least distance of wholes, and of what regions are held against, as `match` does.
fn distances(own: &ContentCodes, other: &ContentCodes) -> (u32, u32) {
    let (Some(whole), Some(registered)) = (own.image, other.image) else {
        return (64, 64);
    };
    let pairs = own.regions.iter().zip(&other.regions).map(|(own, other)| own.distance(*other));
    let crops = other.regions.iter().map(|region| whole.distance(*region));
    let larger = own.regions.iter().map(|region| region.distance(registered));
    let regions = pairs.chain(crops).chain(larger).flatten().min();
    (whole.distance(registered).unwrap_or(64), regions.unwrap_or(64))
}

/// How often changed copies are found at each distance, and how often other pictures.
fn recall() {
    let place = tempfile::tempdir().expect("a directory");
    let count = number("DEEDBOOK_PAINTINGS", 60);
    let originals: Vec<_> = (0..count).into_par_iter().map(|n| painting(n, 640, 480)).collect();
    let registered: Vec<ContentCodes> = originals
        .par_iter()
        .enumerate()
        .map(|(n, picture)| codes(&place.path().join(format!("{n}.jpg")), &jpeg(picture, 92)))
        .collect();
    println!("{count} pictures; found of 100 within so many bits, by the whole or by a region");
    println!(
        "{:<28} {:>7} {:>7} {:>7} {:>12} {:>12}",
        "changed by", "whole 5", "whole 8", "whole 11", "region 5", "8 or region 5"
    );
    let row = |name: &str, all: &[(u32, u32)]| {
        let share = |good: &dyn Fn(&(u32, u32)) -> bool| {
            let found = all.iter().filter(|pair| good(pair)).count();
            format!("{}.{}", found * 100 / all.len(), found * 1000 / all.len() % 10)
        };
        println!(
            "{name:<28} {:>7} {:>7} {:>7} {:>12} {:>12}",
            share(&|(whole, _)| *whole <= 5),
            share(&|(whole, _)| *whole <= 8),
            share(&|(whole, _)| *whole <= 11),
            share(&|(_, region)| *region <= Likeness::Region.usual_distance()),
            share(&|(whole, region)| {
                *whole <= Likeness::Picture.usual_distance()
                    || *region <= Likeness::Region.usual_distance()
            }),
        );
    };
    for (name, change) in CHANGES {
        let changed = originals.par_iter().zip(&registered).enumerate();
        let changed = changed.map(|(n, (picture, registered))| {
            let path = place.path().join(format!("{n}-changed.jpg"));
            distances(&codes(&path, &change(picture)), registered)
        });
        row(name, &changed.collect::<Vec<_>>());
    }
    let pairs = (0..registered.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    let others: Vec<_> =
        pairs.map(|(one, other)| distances(&registered[one], &registered[other])).collect();
    row("another picture altogether", &others);
}
