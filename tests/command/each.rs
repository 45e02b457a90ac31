//! `register --each` through the program: what it takes of each file, and files that are not what they were.

use super::place::{Place, has_keys};
use crate::claim::made::chunk;
use crate::support::painting;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, RgbImage, Rgba, RgbaImage};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{Cursor, Write};
use std::process::Command;

const BEGUN: &[&str] = &["init --name Northlight", "party add wen --role creator"];

/// A picture in which a common tool wrote how it was made.
fn told(seed: u64, text: &str) -> Vec<u8> {
    let bytes = png(&painting(seed, 64, 48));
    let text = chunk(b"tEXt", &[&b"parameters\0"[..], text.as_bytes()].concat());
    // Behind the signature and the first chunk.
    [&bytes[..33], &text, &bytes[33..]].concat()
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn each_file_says_what_was_taken_from_it() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    for seed in 0..3 {
        let text = format!(
            "harbour {seed}\nNegative prompt: rain\nSteps: 20, Seed: {seed}, Model: northlight"
        );
        place.write(&format!("in/{seed}.png"), told(seed, &text));
    }
    place.write("in/plain.txt", "of which nothing is told");
    let answer = place.done("register --each in --as wen --account wen-7");
    let lines = answer["registered"].as_array().unwrap();
    for (seed, line) in lines.iter().take(3).enumerate() {
        has_keys(line, "file entry work title digest claimed_by_others generation prompts taken");
        let generation = &line["generation"];
        assert_eq!(
            (&generation["model"], &generation["seed"], &generation["account"], &line["prompts"]),
            (&"northlight".into(), &seed.into(), &"wen-7".into(), &2.into())
        );
        assert_eq!(line["taken"]["source"], "automatic1111", "{line}");
        let names = line["taken"]["names"].as_array().unwrap();
        assert_eq!(*names, ["model", "seed", "steps", "2 prompts"].map(Value::from));
    }
    let plain = &lines[3];
    assert_eq!((&plain["title"], &plain["taken"]), (&"plain".into(), &Value::Null));
    assert_eq!(plain["generation"]["account"], "wen-7");
    // Somebody who looks on has a line a file, and the sum of it.
    place.write("in/3.png", told(3, "quay\nSteps: 20, Seed: 99, Model: northlight"));
    let said = place.said("register --each in --as wen");
    assert!(said.contains("1 work registered") && said.contains("4 works"), "{said}");
    assert!(said.contains("northlight") && said.contains("99"), "{said}");
    assert!(said.contains("1 (1 automatic1111)"), "{said}");
    // A single registration takes the account, too.
    place.write("one.txt", "one");
    place.done("register one.txt --as wen --account wen-7");
    assert!(place.said("show one.txt").contains("wen-7"));
    place.done("verify");
}

/// Bytes of a file that takes long enough to be read for something to happen meanwhile.
const LONG_BYTES: u64 = 192 * 1024 * 1024;

/// Runs the program while a file grows by a byte again and again, from before it begins until it has ended.
fn run_while_it_grows(place: &Place, name: &str, words: &[&str]) -> (i32, Value) {
    let mut file = OpenOptions::new().append(true).open(place.path(name)).unwrap();
    let mut child = place.spawn(words);
    let exit = loop {
        file.write_all(b"x").unwrap();
        if let Some(exit) = child.try_wait().unwrap() {
            break exit;
        }
    };
    let answer = serde_json::from_reader(child.stdout.take().unwrap()).unwrap();
    (exit.code().unwrap(), answer)
}

#[test]
fn a_file_that_grows_while_it_is_read_is_told_and_not_recorded() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    place.write("in/a.txt", "a");
    place.write("in/z.txt", "z");
    File::create(place.path("in/film.bin")).unwrap().set_len(LONG_BYTES).unwrap();
    let each = ["register", "--each", "in", "--as", "wen"];
    let (exit, answer) = run_while_it_grows(&place, "in/film.bin", &each);
    assert_eq!((exit, &answer["refused"][0]["code"]), (1, &"file_changed".into()), "{answer}");
    let titles: Vec<_> = answer["registered"].as_array().unwrap().iter().collect();
    assert_eq!(
        (titles.len(), &titles[0]["title"], &titles[1]["title"]),
        (2, &"a".into(), &"z".into())
    );
    let one = ["register", "in/film.bin", "--as", "wen"];
    let (exit, answer) = run_while_it_grows(&place, "in/film.bin", &one);
    assert_eq!((exit, &answer["error"]["code"]), (1, &"file_changed".into()), "{answer}");
    // Once it stays as it is, it is taken.
    let again = place.done("register --each in --as wen");
    assert_eq!(again["registered"][0]["title"], "film");
    place.done("verify");
}

/// Registers what is in a folder in so many mebibytes of addresses: the system gives the program no more.
fn registered_within(place: &Place, mebibytes: usize) -> Value {
    let limited = format!(
        "ulimit -v {}; exec {} --json register --each in --as wen",
        mebibytes * 1024,
        env!("CARGO_BIN_EXE_deedbook")
    );
    let output = Command::new("sh")
        .args(["-c", &limited])
        // An arena of the allocator takes addresses that are never used.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(place.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A few hundred kilobytes that say they are half a gigabyte of text, colour profile or picture: nothing of it
/// is unfolded, and each file is a work all the same.
#[test]
fn what_unfolds_without_end_is_told_and_takes_no_memory() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    (0..512).for_each(|_| encoder.write_all(&zeros).unwrap());
    let packed = encoder.finish().unwrap();
    let picture = png(&painting(7, 64, 48));
    for (name, kind, head) in [
        ("profile", b"iCCP", &b"icc\0\0"[..]),
        ("text", b"zTXt", b"parameters\0\0"),
        ("words", b"iTXt", b"parameters\0\x01\0\0\0"),
        ("xmp", b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
    ] {
        let bomb = chunk(kind, &[head, &packed].concat());
        place.write(&format!("in/{name}.png"), [&picture[..33], &bomb, &picture[33..]].concat());
    }
    let header = chunk(b"IHDR", &[0, 0, 255, 255, 0, 0, 255, 255, 8, 6, 0, 0, 0]);
    let unfolding = [&picture[..8], &header, &chunk(b"IDAT", &packed), &chunk(b"IEND", b"")];
    place.write("in/pixels.png", unfolding.concat());
    let answer = registered_within(&place, 512);
    assert_eq!(answer["registered"].as_array().unwrap().len(), 5);
    let uncoded = answer["without_image_code"].as_array().unwrap();
    assert_eq!((uncoded.len(), &uncoded[0]["file"]), (1, &"in/pixels.png".into()));
}

/// Pictures at the limit of what is decoded, as many at once as there are cores, in little memory: the system
/// gives the program no more than that.
#[test]
#[ignore = "gigabytes are unfolded"]
fn long_the_largest_pictures_are_decoded_in_bounded_memory() {
    let place = Place::with(BEGUN);
    std::fs::create_dir(place.path("in")).unwrap();
    let picture =
        RgbaImage::from_fn(8192, 8192, |x, y| Rgba([(x / 32) as u8, (y / 32) as u8, 77, 255]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    for n in 0_u8..8 {
        place.write(&format!("in/{n}.png"), [&bytes[..], &[n]].concat());
    }
    let answer = registered_within(&place, 1536);
    assert_eq!(answer["registered"].as_array().unwrap().len(), 8);
    assert_eq!(answer["without_image_code"], Value::Array(Vec::new()));
}
