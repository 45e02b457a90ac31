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
use std::path::Path;

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

const CHANGES: [Change; 18] = [
    ("JPEG quality 90", |picture| jpeg(picture, 90)),
    ("JPEG quality 60", |picture| jpeg(picture, 60)),
    ("JPEG quality 30", |picture| jpeg(picture, 30)),
    ("half the size", |picture| sized(picture, 50)),
    ("twice the size", |picture| sized(picture, 200)),
    ("watermark painted over", blotted),
    ("10 % off the middle's rim", |picture| cut(picture, 5, 5, 5, 5)),
    ("20 % off the middle's rim", |picture| cut(picture, 10, 10, 10, 10)),
    ("25 % off the middle's rim", |picture| cut(picture, 12, 12, 13, 13)),
    ("uneven rim", |picture| cut(picture, 2, 7, 6, 3)),
    ("5 % off two sides", |picture| cut(picture, 0, 0, 5, 5)),
    ("10 % off two sides", |picture| cut(picture, 0, 0, 10, 10)),
    ("20 % off two sides", |picture| cut(picture, 0, 0, 20, 20)),
    ("25 % off two sides", |picture| cut(picture, 25, 25, 0, 0)),
    ("10 % off one side", |picture| cut(picture, 0, 0, 0, 10)),
    ("14 % off one side", |picture| cut(picture, 14, 0, 0, 0)),
    ("20 % off one side", |picture| cut(picture, 20, 0, 0, 0)),
    ("25 % off one side", |picture| cut(picture, 0, 25, 0, 0)),
];

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
        let windows = || own.windows.iter().flat_map(|own| all().map(move |it| (own, it)));
        let shares = |(one, other): &(&ContentCode, &ContentCode)| {
            CodeBlock::of(**one)
                .iter()
                .zip(CodeBlock::of(**other))
                .any(|(one, other)| *one == other)
        };
        Self {
            whole: least(&mut codes.image.iter().zip(&registered.image).map(pair)),
            region: least(&mut pairs.chain(crops).chain(larger).map(pair)),
            window: least(&mut windows().map(pair)),
            window_found: least(&mut windows().filter(shares).map(pair)),
        }
    }
}

/// How often changed copies are found at each distance, and how often other pictures.
pub(super) fn run(directory: &Path) {
    let count = number("DEEDBOOK_PAINTINGS", 60);
    let originals: Vec<_> = (0..count).into_par_iter().map(|n| painting(n, 640, 480)).collect();
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
    for (name, change) in CHANGES {
        let changed = originals.par_iter().zip(&registered).enumerate();
        let changed = changed.map(|(n, (picture, registered))| {
            let path = directory.join(format!("{n}-changed.jpg"));
            Distances::of(&coded(&path, &change(picture)), registered)
        });
        row(name, &changed.collect::<Vec<_>>());
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
