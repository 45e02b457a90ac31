//! Content codes through the program: `register --each`, and `match`.

use super::place::{Place, has_keys};
use crate::support::painting;
use image::imageops::{FilterType, crop_imm, resize};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use std::io::Cursor;

const BEGUN: &[&str] =
    &["init --name Northlight", "party add wen --role creator", "party add bo --role creator"];

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// The first match, as title, likeness and distance.
#[track_caller]
fn first(place: &Place, name: &str, bytes: &[u8]) -> (String, String, u64) {
    place.write(name, bytes);
    let answer = place.done(&format!("match {name}"));
    let found = &answer["matches"][0];
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("title"), text("likeness"), found["distance"].as_u64().unwrap_or(99))
}

#[test]
fn copies_of_a_picture_are_found_and_others_are_not() {
    let place = Place::with(BEGUN);
    for seed in 0..4 {
        place.write(&format!("work-{seed}.png"), png(&painting(seed, 480, 360)));
        place.done(&format!("register work-{seed}.png --as wen"));
    }
    let picture = painting(2, 480, 360);
    let same = first(&place, "copy.png", &png(&picture));
    assert_eq!(same, ("work-2".to_owned(), "same".to_owned(), 0));
    for (name, bytes) in [
        ("low.jpg", jpeg(&picture, 30)),
        ("half.png", png(&resize(&picture, 240, 180, FilterType::Triangle))),
        ("double.png", png(&resize(&picture, 960, 720, FilterType::CatmullRom))),
    ] {
        let (title, likeness, distance) = first(&place, name, &bytes);
        assert_eq!((title.as_str(), likeness.as_str()), ("work-2", "picture"), "{name}");
        assert!(distance <= 4, "{name}: {distance}");
    }
    let crop = crop_imm(&picture, 0, 0, 384, 288).to_image();
    let (title, likeness, distance) = first(&place, "crop.jpg", &jpeg(&crop, 80));
    assert_eq!((title.as_str(), likeness.as_str()), ("work-2", "region"));
    assert!(distance <= 4, "{distance}");
    place.write("other.png", png(&painting(77, 480, 360)));
    let answer = place.done("match other.png");
    has_keys(&answer, "matches truncated digest codes unreliable contrast proof");
    assert_eq!((&answer["matches"], &answer["proof"]), (&Value::Array(Vec::new()), &false.into()));
    assert_eq!(answer["unreliable"], false);
    let found = &place.done("match copy.png --limit 1")["matches"][0];
    has_keys(found, "work entry title registered_by registered_at likeness distance meaning");
    let said = place.said("match low.jpg");
    assert!(said.contains("it proves nothing") && !said.contains("proof"), "{said}");
    place.done("verify");
}

#[test]
fn a_picture_without_contrast_is_told_as_unreliable() {
    let place = Place::with(BEGUN);
    let grey = RgbImage::from_fn(100, 100, |x, y| image::Rgb([100 + (x * y % 3) as u8; 3]));
    place.write("grey.png", png(&grey));
    place.done("register grey.png --as wen");
    place.write("other.png", png(&RgbImage::from_pixel(300, 200, image::Rgb([9; 3]))));
    let answer = place.done("match other.png");
    assert_eq!((&answer["unreliable"], &answer["contrast"]), (&true.into(), &0.into()));
    assert_eq!(answer["matches"], Value::Array(Vec::new()));
    let said = place.warned("match other.png");
    assert!(said.contains("unreliable: the picture has next to no contrast"), "{said}");
    // What is found of such a picture says so in its line.
    let haze = |Rgb(channels): &Rgb<u8>| Rgb(channels.map(|channel| 110 + channel / 32));
    let mut hazy = painting(5, 320, 240);
    hazy.pixels_mut().for_each(|pixel| *pixel = haze(pixel));
    place.write("hazy.png", png(&hazy));
    place.done("register hazy.png --as wen");
    place.write("larger.png", png(&resize(&hazy, 640, 480, FilterType::Nearest)));
    let found = place.done("match larger.png");
    let line = &found["matches"][0];
    assert_eq!((&found["unreliable"], &line["title"]), (&true.into(), &"hazy".into()));
    assert!(line["meaning"].as_str().unwrap().starts_with("unreliable: "), "{found}");
}

/// A text of so many sentences that say different things.
fn sentences(seed: u32, count: u32) -> Vec<String> {
    let word = |n: u32| {
        let mut random = u64::from(n) << 32 | u64::from(seed);
        let mut letters = String::new();
        for _ in 0..3 + n % 7 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            letters.push(char::from(b'a' + (random >> 33) as u8 % 26));
        }
        letters
    };
    let sentence = |n: u32| (n * 9..n * 9 + 9).map(word).collect::<Vec<_>>().join(" ") + ".";
    (0..count).map(sentence).collect()
}

#[test]
fn an_edited_text_is_found() {
    let place = Place::with(BEGUN);
    let essay = sentences(1, 60);
    place.write("essay.md", essay.join("\n"));
    place.done("register essay.md --as wen");
    place.write("other.md", sentences(2, 60).join("\n"));
    place.done("register other.md --as wen");
    let mut moved = essay.clone();
    let sentence = moved.remove(7);
    moved.insert(50, sentence);
    let mut paragraph = essay.clone();
    paragraph.splice(20..32, sentences(3, 12));
    let strange = sentences(4, 60);
    let strange: Vec<&str> = strange.iter().flat_map(|sentence| sentence.split(' ')).collect();
    let all = essay.join(" ");
    let words = all.split(' ').enumerate();
    let words = words.map(|(n, word)| if n % 10 == 3 { strange[n] } else { word });
    for (name, text, least, most) in [
        ("moved.md", moved.join("\n"), 0, 11),
        ("paragraph.md", paragraph.join("\n"), 12, 34),
        ("words.md", words.collect::<Vec<_>>().join(" "), 12, 46),
        ("half.md", essay[..30].join("\n"), 12, 46),
    ] {
        let (title, likeness, distance) = first(&place, name, text.as_bytes());
        assert_eq!((title.as_str(), likeness.as_str()), ("essay", "text"), "{name}");
        assert!((least..=most).contains(&distance), "{name}: {distance}");
    }
    place.write("strange.md", strange.join(" "));
    assert_eq!(place.done("match strange.md")["matches"], Value::Array(Vec::new()));
    let few = place.done("match words.md --max-distance 3");
    assert_eq!(few["matches"], Value::Array(Vec::new()));
    place.refused("match words.md --max-distance 47".split(' '), "usage");
    place.done("verify");
}

/// Whatever else has a code, the bytes are compared: a part of a picture that no decoder takes.
#[test]
fn a_picture_cut_short_is_found_by_its_bytes() {
    let place = Place::with(BEGUN);
    let whole = png(&painting(4, 480, 360));
    place.write("whole.png", &whole);
    place.done("register whole.png --as wen");
    let part = &whole[..whole.len() * 19 / 20];
    let (title, likeness, distance) = first(&place, "part.png", part);
    assert_eq!((title.as_str(), likeness.as_str()), ("whole", "bytes"), "{distance}");
    assert!(place.warned("match part.png").contains("ends before"));
}

/// Of crops that are no fixed region, too.
#[test]
fn crops_of_several_sizes_are_found() {
    let place = Place::with(BEGUN);
    let picture = painting(6, 480, 360);
    place.write("work.png", png(&picture));
    place.done("register work.png --as wen");
    for (name, left, top, width, height) in [
        ("two-sides.jpg", 0, 0, 432, 324),
        ("one-side.jpg", 67, 0, 413, 360),
        ("rim.jpg", 24, 18, 432, 324),
    ] {
        let crop = crop_imm(&picture, left, top, width, height).to_image();
        let (title, likeness, distance) = first(&place, name, &jpeg(&crop, 85));
        assert_eq!((title.as_str(), likeness.as_str()), ("work", "region"), "{name}");
        assert!(distance <= 5, "{name}: {distance}");
    }
}

/// A file of many kilobytes whose header says 30,000 by 30,000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = png(&painting(5, 200, 200));
    // The sides stand after the signature, the length and the name of the first chunk.
    bytes[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let sum = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[test]
fn each_file_of_a_directory_becomes_a_work_and_bad_ones_are_told() {
    let place = Place::with(BEGUN);
    std::fs::create_dir_all(place.path("in/deep")).unwrap();
    for seed in 0..3 {
        place.write(&format!("in/{seed}.png"), png(&painting(seed, 120, 90)));
    }
    let whole = jpeg(&painting(9, 120, 90), 80);
    place.write("in/deep/cut.jpg", &whole[..whole.len() / 2]);
    let cut = png(&painting(8, 120, 90));
    place.write("in/deep/cut.png", &cut[..cut.len() / 2]);
    place.write("in/bomb.png", bomb());
    place.write("in/empty.png", "");
    place.write("in/again.png", png(&painting(1, 120, 90)));
    std::os::unix::fs::symlink(place.path("prompt.txt"), place.path("in/link.txt")).unwrap();
    let (exit, answer) = place.run("register --each in --as wen --model m".split(' '));
    assert_eq!(exit, 1, "{answer}");
    has_keys(&answer, "registered already_registered refused without_image_code");
    let of = |name: &str, key: &str| -> Vec<String> {
        let lines = answer[name].as_array().unwrap().iter();
        lines.map(|line| line[key].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("registered", "title"), ["0", "1", "2", "bomb", "cut", "cut"]);
    assert_eq!(
        of("without_image_code", "file"),
        ["in/bomb.png", "in/deep/cut.jpg", "in/deep/cut.png"]
    );
    let told = of("without_image_code", "message");
    assert!(told[0].contains("30000 x 30000 pixels"), "{told:?}");
    assert!(told[1].contains("ends before"), "{told:?}");
    let codes: Vec<_> = of("refused", "code");
    assert_eq!(codes, ["file_passed_over", "file_repeated", "file_empty"], "{answer}");
    let entry = &answer["registered"][3]["entry"];
    let shown = place.done(&format!("show #{entry}"));
    assert_eq!(shown["entry"], *entry);
    // Again: what is there is passed over, and nothing is added.
    let (_, again) = place.run("register --each in --as wen".split(' '));
    assert_eq!(again["registered"], Value::Array(Vec::new()));
    assert_eq!(again["already_registered"].as_array().unwrap().len(), 6);
    // Somebody else may claim the same, and both stand.
    let (_, other) = place.run("register --each in/0.png --as bo".split(' '));
    assert_eq!(other["registered"][0]["claimed_by_others"], true);
    let titled = "register --each in --as wen --title x";
    place.refused(titled.split(' '), "usage");
    place.done("verify");
}
