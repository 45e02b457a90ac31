//! Texts: how often an edited one is found, beside comparing them all; and how long it takes among a million.

use super::finding::write;
use super::support::Register;
use super::{number, spread};
use deedbook::admission::{TextBand, TextCodeRow};
use deedbook::ledger::Ledger;
use deedbook::ledger::answer::Likeness;
use deedbook::record::{Digest, EntryNumber, TextCode};
use rayon::prelude::*;
use std::path::Path;
use std::time::Instant;

/// Where texts of people are: the documents of this repository.
const DOCUMENTS: [&str; 5] = [
    "README.md",
    "ARCHITECTURE.md",
    "schema/cli-v1.md",
    "schema/terms-v1.md",
    "schema/evidence-v1.md",
];
/// Letters of a passage.
const LENGTHS: [usize; 3] = [600, 2500, 10_000];
/// Passages of each document and length.
const PASSAGES: usize = 6;

/// Numbers that look drawn.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

pub(super) fn run(directory: &Path) {
    let works = number("DEEDBOOK_WORKS", 1_000_000);
    let path = {
        let register = Register::create(directory);
        register.path.clone()
    };
    let passages = passages();
    let began = Instant::now();
    // Codes of nothing in common, and after them those of the passages.
    let strange = (0..works)
        .into_par_iter()
        .map(|n| TextCode::from_bytes(*Digest::of(&n.to_le_bytes()).as_bytes()));
    let mut all: Vec<TextCode> = strange.collect();
    all.extend(passages.iter().map(|text| code(text)));
    let row = |(entry, code): (usize, &TextCode)| {
        let (entry, code) = (EntryNumber::new(entry as u64), *code);
        TextBand::of(code).into_iter().map(move |band| TextCodeRow {
            entry,
            band: band.number(),
            code,
            place: 0,
        })
    };
    let mut rows: Vec<TextCodeRow> = all.par_iter().enumerate().flat_map_iter(row).collect();
    rows.par_sort_unstable_by_key(|row| (row.band, row.entry));
    write(&path, &rows).expect("rows");
    drop(rows);
    println!("\n{} text codes written in {:.1?}", all.len(), began.elapsed());
    recall(&Register::reopen(&path), &all, works, &passages);
}

fn code(text: &str) -> TextCode {
    let code = iscc_lib::gen_text_code_v0(text, 256).expect("a code");
    code.iscc.parse().expect("a text code")
}

/// Passages of the documents, each beginning with a word.
fn passages() -> Vec<String> {
    let mut drawn = Drawn(7);
    let mut passages = Vec::new();
    for document in DOCUMENTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let words: Vec<String> = std::fs::read_to_string(path)
            .expect("a document")
            .split_inclusive(' ')
            .map(str::to_owned)
            .collect();
        for length in LENGTHS {
            for _ in 0..PASSAGES {
                let mut passage = String::new();
                let start = drawn.below(words.len() * 3 / 4);
                for word in &words[start..] {
                    if passage.len() < length {
                        passage.push_str(word);
                    }
                }
                passages.push(passage);
            }
        }
    }
    passages
}

/// Every so many words in a hundred replaced by others of the documents.
fn replaced(text: &str, percent: usize, drawn: &mut Drawn, words: &[&str]) -> String {
    text.split_inclusive(' ')
        .map(|word| if drawn.below(100) < percent { words[drawn.below(words.len())] } else { word })
        .collect()
}

/// A fifth of it, in one place, replaced.
fn paragraph(text: &str, drawn: &mut Drawn, words: &[&str]) -> String {
    let all: Vec<&str> = text.split_inclusive(' ').collect();
    let start = drawn.below(all.len() * 4 / 5);
    let end = start + all.len() / 5;
    let word = |(place, word): (usize, &&str)| {
        if (start..end).contains(&place) {
            words[(place * 7919) % words.len()].to_owned()
        } else {
            (*word).to_owned()
        }
    };
    all.iter().enumerate().map(word).collect()
}

/// A tenth of it moved to another place.
fn moved(text: &str, drawn: &mut Drawn) -> String {
    let mut all: Vec<&str> = text.split_inclusive(' ').collect();
    let start = drawn.below(all.len() * 9 / 10);
    let taken: Vec<&str> = all.drain(start..start + all.len() / 10).collect();
    let place = drawn.below(all.len());
    all.splice(place..place, taken);
    all.concat()
}

fn recall(ledger: &Ledger, all: &[TextCode], works: u64, passages: &[String]) {
    let whole = passages.concat();
    let words: Vec<&str> = whole.split_inclusive(' ').collect();
    let reader = ledger.read().expect("a snapshot");
    let limit = Likeness::Text.usual_distance();
    println!(
        "{:<22} {:>9} {:>10} {:>14} {:>14} {:>9} {:>9}",
        "changed by", "differ by", "at most", "within, all", "found", "median", "at most"
    );
    type Change = fn(&str, &mut Drawn, &[&str]) -> String;
    let changes: [(&str, Change); 7] = [
        ("a tenth moved", |text, drawn, _| moved(text, drawn)),
        ("a fifth replaced", paragraph),
        ("5 % of the words", |text, drawn, words| replaced(text, 5, drawn, words)),
        ("10 % of the words", |text, drawn, words| replaced(text, 10, drawn, words)),
        ("20 % of the words", |text, drawn, words| replaced(text, 20, drawn, words)),
        ("30 % of the words", |text, drawn, words| replaced(text, 30, drawn, words)),
        ("the second half cut", |text, _, _| text.chars().take(text.chars().count() / 2).collect()),
    ];
    let mut others = 0;
    for (name, change) in changes {
        let mut drawn = Drawn(11);
        let (mut within, mut found, mut took, mut differ) = (0, 0, Vec::new(), Vec::new());
        for (place, passage) in passages.iter().enumerate() {
            let changed = code(&change(passage, &mut drawn, &words));
            let own = works as usize + place;
            differ.push(changed.distance(all[own]));
            within += usize::from(changed.distance(all[own]) <= limit);
            let began = Instant::now();
            let near = reader.texts_within(changed, limit).expect("an answer");
            took.push(began.elapsed());
            found +=
                usize::from(near.iter().any(|near| near.entry == EntryNumber::new(own as u64)));
            others += near.iter().filter(|near| near.entry.get() < works).count();
        }
        differ.sort_unstable();
        let (median, most) = spread(took);
        let percent = |count: usize| count * 100 / passages.len();
        println!(
            "{name:<22} {:>9} {:>10} {:>12} % {:>12} % {median:>9.2?} {most:>9.2?}",
            differ[differ.len() / 2],
            differ[differ.len() - 1],
            percent(within),
            percent(found),
        );
    }
    println!("strange texts within the distance: {others} in {} questions", 7 * passages.len());
}
