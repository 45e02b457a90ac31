//! How often a changed copy of a picture is found, beside comparing every code with every other.

use super::painting::painting;
use super::{jpeg, number};
use deedbook::admission::CodeBlock;
use deedbook::intake::{Coded, Examined};
use deedbook::ledger::answer::Likeness;
use deedbook::record::{ContentCode, ContentCodes};
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What is done to a picture, by name.
type Change = (&'static str, fn(&RgbImage) -> Vec<u8>);

fn cut(picture: &RgbImage, [left, top, right, below]: [u32; 4]) -> Vec<u8> {
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

const CHANGES: [Change; 6] = [
    ("JPEG quality 90", |picture| jpeg(picture, 90)),
    ("JPEG quality 60", |picture| jpeg(picture, 60)),
    ("JPEG quality 30", |picture| jpeg(picture, 30)),
    ("half the size", |picture| sized(picture, 50)),
    ("twice the size", |picture| sized(picture, 200)),
    ("watermark painted over", blotted),
];

/// What is cut off of the left, the top, the right and below, in hundredths of the side.
const CROPS: [(&str, [u32; 4]); 20] = [
    ("10 % around", [5, 5, 5, 5]),
    ("20 % around", [10, 10, 10, 10]),
    ("25 % around", [12, 12, 13, 13]),
    ("33 % around", [17, 17, 16, 16]),
    ("40 % around", [20, 20, 20, 20]),
    ("50 % around", [25, 25, 25, 25]),
    ("a square of the middle", [21, 0, 21, 0]),
    ("uneven: 2, 7, 6, 3 %", [2, 7, 6, 3]),
    ("uneven: 12, 7, 4, 10 %", [12, 7, 4, 10]),
    ("uneven: 20, 5, 8, 11 %", [20, 5, 8, 11]),
    ("5 % off two sides", [0, 0, 5, 5]),
    ("10 % off two sides", [0, 0, 10, 10]),
    ("20 % off two sides", [0, 0, 20, 20]),
    ("25 % off two sides", [25, 25, 0, 0]),
    ("30 % off two sides", [30, 30, 0, 0]),
    ("10 % off one side", [0, 0, 0, 10]),
    ("14 % off one side", [14, 0, 0, 0]),
    ("20 % off one side", [20, 0, 0, 0]),
    ("25 % off one side", [0, 25, 0, 0]),
    ("30 % off one side", [0, 0, 30, 0]),
];

/// The pictures in the folder that the environment names, whatever can be read, reduced to a usual size; drawn
/// ones where it names none.
fn originals() -> Vec<RgbImage> {
    let Some(folder) = std::env::var_os("DEEDBOOK_PHOTOGRAPHS") else {
        let count = number("DEEDBOOK_PAINTINGS", 60);
        return (0..count).into_par_iter().map(|n| painting(n, 640, 480)).collect();
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let reduced = |path: &PathBuf| {
        let picture = image::open(path).ok()?;
        Some(picture.resize(1280, 960, FilterType::Triangle).to_rgb8())
    };
    files.par_iter().filter_map(reduced).collect()
}

fn coded(place: &Path, bytes: &[u8]) -> Coded {
    std::fs::write(place, bytes).expect("a file");
    Examined::read_to_find(place).expect("a picture").coded
}

/// The least distances of a changed copy from what is registered of a picture.
struct Distances {
    whole: u32,
    /// Of regions, as `match` holds them against each other.
    region: u32,
    /// Of windows, all compared.
    window: u32,
    /// Of windows that have a part unchanged, as `match` finds them.
    window_found: u32,
}

impl Distances {
    fn of(own: &Coded, registered: &ContentCodes) -> Self {
        let least = |distances: &mut dyn Iterator<Item = Option<u32>>| {
            distances.flatten().min().unwrap_or(u64::BITS)
        };
        let pair = |(one, other): (&ContentCode, &ContentCode)| one.distance(*other);
        let codes = &own.codes;
        let pairs = codes.regions.iter().zip(&registered.regions);
        let crops =
            codes.image.iter().flat_map(|own| registered.regions.iter().map(move |it| (own, it)));
        let larger =
            codes.regions.iter().flat_map(|own| registered.image.iter().map(move |it| (own, it)));
        let all = || registered.image.iter().chain(&registered.regions);
        // A code that shares a part with one window is as good as held against all.
        let parts: HashSet<CodeBlock> =
            own.windows.iter().flat_map(|own| CodeBlock::of(*own)).collect();
        let met =
            |code: &&ContentCode| CodeBlock::of(**code).iter().any(|part| parts.contains(part));
        let nearest =
            |code: &ContentCode| own.windows.iter().filter_map(|own| own.distance(*code)).min();
        Self {
            whole: least(&mut codes.image.iter().zip(&registered.image).map(pair)),
            region: least(&mut pairs.chain(crops).chain(larger).map(pair)),
            window: least(&mut all().map(nearest)),
            window_found: least(&mut all().filter(met).map(nearest)),
        }
    }
}

/// How often changed copies are found at each distance, and how often other pictures.
pub(super) fn run(directory: &Path) {
    let originals = originals();
    let count = originals.len();
    let registered: Vec<ContentCodes> = originals
        .par_iter()
        .enumerate()
        .map(|(n, picture)| coded(&directory.join(format!("{n}.jpg")), &jpeg(picture, 92)).codes)
        .collect();
    println!("{count} pictures; found of 100 within so many bits");
    println!(
        "{:<28} {:>7} {:>7} {:>8} {:>8} {:>8} {:>12} {:>8}",
        "changed by",
        "whole 5",
        "whole 8",
        "whole 11",
        "region 5",
        "window 5",
        "of these met",
        "match"
    );
    let try_change = |name, change: &(dyn Fn(&RgbImage) -> Vec<u8> + Sync)| {
        let changed = originals.par_iter().zip(&registered).enumerate();
        let changed = changed.map(|(n, (picture, registered))| {
            let path = directory.join(format!("{n}-changed.jpg"));
            Distances::of(&coded(&path, &change(picture)), registered)
        });
        row(name, &changed.collect::<Vec<_>>());
    };
    for (name, change) in CHANGES {
        try_change(name, &change);
    }
    for (name, cuts) in CROPS {
        try_change(name, &|picture| cut(picture, cuts));
    }
    let again: Vec<Coded> = (0..count)
        .map(|n| {
            Examined::read_to_find(&directory.join(format!("{n}.jpg"))).expect("a picture").coded
        })
        .collect();
    let pairs = (0..again.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    let others: Vec<_> =
        pairs.map(|(one, other)| Distances::of(&again[one], &registered[other])).collect();
    row("another picture altogether", &others);
    parts_in_common(&again, &registered);
}

/// How often a window and a code of another picture have a part in common, beside how often by chance.
fn parts_in_common(again: &[Coded], registered: &[ContentCodes]) {
    let (mut pairs, mut common) = (0_u64, 0);
    for (place, own) in again.iter().enumerate() {
        let others = registered.iter().enumerate().filter(|(other, _)| *other != place);
        let codes = others.flat_map(|(_, other)| other.image.iter().chain(&other.regions));
        for (code, window) in
            codes.flat_map(|code| own.windows.iter().map(move |window| (code, window)))
        {
            let parts = CodeBlock::of(*code).into_iter().zip(CodeBlock::of(*window));
            common += parts.filter(|(one, other)| one == other).count();
            pairs += 1;
        }
    }
    // Parts of 22, 21 and 21 bits.
    let by_chance = (pairs * 5) >> 22;
    println!("windows with a part of another picture: {common} of {pairs}; by chance {by_chance}");
}

fn row(name: &str, all: &[Distances]) {
    let share = |good: &dyn Fn(&Distances) -> bool| {
        let found = all.iter().filter(|distances| good(distances)).count();
        format!("{}.{}", found * 100 / all.len(), found * 1000 / all.len() % 10)
    };
    let (picture, part) = (Likeness::Picture.usual_distance(), Likeness::Region.usual_distance());
    println!(
        "{name:<28} {:>7} {:>7} {:>8} {:>8} {:>8} {:>12} {:>8}",
        share(&|it| it.whole <= 5),
        share(&|it| it.whole <= 8),
        share(&|it| it.whole <= 11),
        share(&|it| it.region <= part),
        share(&|it| it.window <= part),
        share(&|it| it.window_found <= part),
        share(&|it| it.whole <= picture || it.region <= part || it.window_found <= part),
    );
}
