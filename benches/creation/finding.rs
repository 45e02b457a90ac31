//! Codes of pictures among those of a million works, beside comparing them all.

use super::painting::painting;
use super::support::Register;
use super::{jpeg, number, spread};
use deedbook::admission::{CodeBlock, CodeRow, Effect};
use deedbook::intake::Examined;
use deedbook::ledger::Ledger;
use deedbook::ledger::answer::Likeness;
use deedbook::record::{CodeKind, ContentCode, Digest, EntryNumber};
use deedbook::store::{Access, Store, StoreError};
use rayon::prelude::*;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Codes of a work: the whole picture and six regions, and the bytes.
const CODES: u64 = 8;
/// How often each question is asked.
const QUERIES: usize = 50;

/// A code that looks like those of pictures: half of the bits set, and the first ones of some the same as those
/// of others, so that two have a part in common a few times as often as by chance; of photographs twice as
/// often, as the part `recall` measures.
fn code(seed: u64) -> u64 {
    const EACH: u64 = 150;
    let digest = Digest::of(&seed.to_le_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    let bits = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let group = seed / EACH % 64;
    if seed.is_multiple_of(EACH) { bits & 0x0000_03ff_ffff_ffff | group << 58 } else { bits }
}

const fn kind(place: u64) -> CodeKind {
    if place.is_multiple_of(CODES) { CodeKind::Data } else { CodeKind::Image }
}

pub(super) fn run(directory: &Path) {
    let works = number("DEEDBOOK_WORKS", 1_000_000);
    let path = {
        let register = Register::create(directory);
        register.path.clone()
    };
    let began = Instant::now();
    let all: Vec<u64> = (0..works * CODES).into_par_iter().map(code).collect();
    fill(&path, &all).expect("rows");
    println!("\n{} codes of {works} works written in {:.1?}", all.len(), began.elapsed());
    let images: Vec<u64> = (0..)
        .zip(&all)
        .filter(|(n, _)| kind(*n) == CodeKind::Image)
        .map(|(_, bits)| *bits)
        .collect();
    let ledger = Register::reopen(&path);
    let reader = ledger.read().expect("a snapshot");
    for distance in [2, 5, 8, 11] {
        let (mut took, mut compared, mut found) = (Vec::new(), Vec::new(), 0);
        for query in 0..QUERIES {
            let wanted = images[query * 7919 % images.len()] ^ (1 << (query % 40) | 1 << 40);
            let began = Instant::now();
            let near = reader.codes_within(ContentCode::new(CodeKind::Image, wanted), distance);
            took.push(began.elapsed());
            let near = near.expect("an answer");
            let began = Instant::now();
            let naive =
                images.iter().filter(|other| (*other ^ wanted).count_ones() <= distance).count();
            compared.push(began.elapsed());
            assert_eq!(near.len(), naive, "recall is 1 within the distance");
            found += naive;
        }
        let ((median, most), (naive, _)) = (spread(took), spread(compared));
        println!(
            "within {distance:>2} bits: {median:>8.2?} median, {most:>8.2?} at most; comparing all in memory {naive:>8.2?}; {found} found, each by both"
        );
    }
    whole(&ledger, directory);
}

/// Writes rows, sorted as their table is.
pub(super) fn write<R: Into<Effect> + Clone>(path: &Path, rows: &[R]) -> Result<(), StoreError> {
    let mut store = Store::open(path, Access::ReadWrite)?;
    for rows in rows.chunks(100_000) {
        let mut writer = store.begin_write()?;
        let effects: Vec<_> = rows.iter().cloned().map(Into::into).collect();
        writer.add_all(&effects)?;
        writer.commit()?;
    }
    Ok(())
}

/// Rows as registrations make them, in the order of the table.
fn fill(path: &Path, all: &[u64]) -> Result<(), StoreError> {
    let row = |(place, bits): (usize, &u64)| {
        let place = place as u64;
        let entry = EntryNumber::new(place / CODES);
        let region = u32::try_from((place % CODES).saturating_sub(1)).expect("a region");
        CodeBlock::of(ContentCode::new(kind(place), *bits)).map(|block| CodeRow {
            entry,
            block: block.number(),
            code: bits.cast_signed(),
            place: region,
        })
    };
    let mut rows: Vec<CodeRow> = all.par_iter().enumerate().flat_map_iter(row).collect();
    rows.par_sort_unstable_by_key(|row| (row.block, row.code, row.entry, row.place));
    write(path, &rows)
}

/// Every question that `match` asks of a picture: its bytes, the whole, six regions, and the windows, which are
/// those of drawn pictures. None is registered, as where most questions end.
fn whole(ledger: &Ledger, directory: &Path) {
    let (mut took, mut examining, mut windows) = (Vec::new(), Vec::new(), 0);
    for query in 0..QUERIES {
        let path = directory.join("question.jpg");
        std::fs::write(&path, jpeg(&painting(query as u64, 1280, 960), 92)).expect("a file");
        let began = Instant::now();
        let coded = Examined::read_to_find(&path).expect("a picture").coded;
        examining.push(began.elapsed());
        let codes = &coded.codes;
        let picture = codes.image.map(|code| (code, Likeness::Picture));
        let regions = codes.regions.iter().map(|code| (*code, Likeness::Region));
        windows = coded.windows.len();
        let began = Instant::now();
        let reader = ledger.read().expect("a snapshot");
        for (code, likeness) in
            std::iter::once((codes.data, Likeness::Bytes)).chain(picture).chain(regions)
        {
            let near = reader.codes_within(code, likeness.usual_distance());
            black_box(near.expect("an answer"));
        }
        let part = Likeness::Region.usual_distance();
        black_box(reader.codes_sharing_a_part(&coded.windows, part).expect("an answer"));
        took.push(began.elapsed());
    }
    let ((median, most), (examined, _)) = (spread(took), spread(examining));
    println!(
        "match: bytes, picture, six regions, {windows} windows: {median:.2?} median, {most:.2?} at most; before it, reading a picture of 1280 x 960 and coding it: {examined:.2?}"
    );
}
