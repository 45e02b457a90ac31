//! PyPI's iscc-core, the reference of ISO 24138, with Pillow for the pixels: its conformance vectors, and
//! codes of real files. Nothing of it is kept here; it is looked for where DEEDBOOK_ISCC_PYTHON says.

use crate::support::painting;
use deedbook::intake::Examined;
use image::ImageFormat;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Prints the conformance vectors of the installed package.
const VECTORS: &str =
    "import iscc_core.conformance as c\nprint(open(c.TEST_DATA, encoding='utf-8').read())";

/// The codes of the files named, as the reference takes them: pixels by Pillow, without trimming borders.
const CODES: &str = r#"
import io, json, sys
import iscc_core as ic
from PIL import Image, ImageOps

def pixels(data):
    img = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    img.load()
    # As iscc-sdk: a transparent colour counts in palettes, and is left as it is in every other mode.
    if img.mode == "P" and "transparency" in img.info:
        img = img.convert("RGBA")
    if img.mode in ("RGBA", "LA"):
        white = Image.new("RGB", img.size, (255, 255, 255))
        white.paste(img, mask=img.getchannel("A"))
        img = white
    elif img.mode != "RGB":
        img = img.convert("RGB")
    img = img.convert("L").resize((32, 32), Image.BICUBIC)
    return list(img.tobytes())

def text(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(ord(c) < 32 and c not in "\t\n\r\f" or 127 <= ord(c) < 160 for c in text):
        return None
    return ic.gen_text_code_v0(text, 256)["iscc"]

def codes(path):
    data = open(path, "rb").read()
    told = {"data": ic.gen_data_code_v0(io.BytesIO(data))["iscc"]}
    told["instance"] = ic.gen_instance_code_v0(io.BytesIO(data))["iscc"]
    try:
        told["image"] = ic.gen_image_code_v0(pixels(data))["iscc"]
    except Exception:
        told["image"] = None
        told["text"] = text(data)
    return told

print(json.dumps([codes(path) for path in sys.argv[1:]]))
"#;

/// What the reference prints; none where it is not there, which is told.
fn reference(script: &str, files: &[PathBuf]) -> Option<Value> {
    let python = std::env::var_os("DEEDBOOK_ISCC_PYTHON").unwrap_or_else(|| "python3".into());
    let is_there = Command::new(&python).args(["-c", "import iscc_core, PIL"]).output();
    if !is_there.is_ok_and(|output| output.status.success()) {
        println!("skipped: DEEDBOOK_ISCC_PYTHON names no `python3` with iscc-core and Pillow");
        assert!(!super::needs_all(), "iscc-core is missing");
        return None;
    }
    let output = Command::new(&python).args(["-c", script]).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn bytes(input: &Value) -> Vec<u8> {
    let hex = input.as_str().unwrap().split_once(':').unwrap().1;
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// Header and body of a code in text form.
fn unit(code: &str) -> Vec<u8> {
    let (main, sub, version, length, body) = iscc_lib::iscc_decode(code).unwrap();
    [&[main << 4 | sub, version << 4 | length][..], &body].concat()
}

/// The codes of a sequence of headers and bodies.
fn units(mut bytes: &[u8]) -> Vec<String> {
    let mut units = Vec::new();
    while let [types, length, rest @ ..] = bytes {
        let size = 4 * (usize::from(length & 15) + 1);
        let bits = u32::try_from(size * 8).unwrap();
        let (body, rest) = rest.split_at(size);
        let code = iscc_lib::encode_component(types >> 4, types & 15, length >> 4, bits, body);
        units.push(format!("ISCC:{}", code.unwrap()));
        bytes = rest;
    }
    units
}

/// Sequences of codes (IEP-0020), the value of C2PA's soft binding `io.iscc.v0`: nothing here reads or writes
/// one. What they consist of are the library's codes, which are put together and taken apart here.
fn check_sequence(function: &str, case: &Value) {
    let (input, output) = (&case["inputs"][0], &case["outputs"]);
    match function {
        "encode_seq" => {
            let codes = input.as_array().unwrap().iter().map(|code| code.as_str().unwrap());
            assert_eq!(codes.flat_map(unit).collect::<Vec<u8>>(), bytes(output), "{function}");
        }
        "decode_seq" => assert_eq!(json!(units(&bytes(input))), *output, "{function}"),
        _ => panic!("{function} is not known here"),
    }
}

/// Our answer to one vector; none for sequences of codes.
fn answer(function: &str, inputs: &[Value]) -> Option<String> {
    let bits = || u32::try_from(inputs[1].as_u64().unwrap()).unwrap();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let numbers = |value: &Value| -> Vec<i32> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|n| i32::try_from(n.as_i64().unwrap()).unwrap())
            .collect()
    };
    Some(match function {
        "gen_meta_code_v0" => {
            let some = |place: usize| inputs[place].as_str().filter(|text| !text.is_empty());
            let bits = u32::try_from(inputs[3].as_u64().unwrap()).unwrap();
            let meta = match &inputs[2] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                value => Some(value.to_string()),
            };
            let name = inputs[0].as_str().unwrap();
            iscc_lib::gen_meta_code_v0(name, some(1), meta.as_deref(), bits).unwrap().iscc
        }
        "gen_text_code_v0" => {
            iscc_lib::gen_text_code_v0(inputs[0].as_str().unwrap(), bits()).unwrap().iscc
        }
        "gen_image_code_v0" => {
            let pixels: Vec<u8> =
                numbers(&inputs[0]).into_iter().map(|n| u8::try_from(n).unwrap()).collect();
            iscc_lib::gen_image_code_v0(&pixels, bits()).unwrap().iscc
        }
        "gen_audio_code_v0" => {
            iscc_lib::gen_audio_code_v0(&numbers(&inputs[0]), bits()).unwrap().iscc
        }
        "gen_video_code_v0" => {
            let frames: Vec<_> = inputs[0].as_array().unwrap().iter().map(numbers).collect();
            iscc_lib::gen_video_code_v0(&frames, bits()).unwrap().iscc
        }
        "gen_mixed_code_v0" => {
            let codes = texts(&inputs[0]);
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            iscc_lib::gen_mixed_code_v0(&codes, bits()).unwrap().iscc
        }
        "gen_data_code_v0" => iscc_lib::gen_data_code_v0(&bytes(&inputs[0]), bits()).unwrap().iscc,
        "gen_instance_code_v0" => {
            iscc_lib::gen_instance_code_v0(&bytes(&inputs[0]), bits()).unwrap().iscc
        }
        "gen_iscc_code_v0" => {
            let codes = texts(&inputs[0]);
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            iscc_lib::gen_iscc_code_v0(&codes, false).unwrap().iscc
        }
        _ => return None,
    })
}

#[test]
#[ignore = "runs another program"]
fn long_the_conformance_vectors_of_the_reference_pass() {
    assert!(iscc_lib::conformance_selftest());
    let Some(vectors) = reference(VECTORS, &[]) else {
        return;
    };
    let (mut passed, mut sequences) = (0, 0);
    for (function, cases) in vectors.as_object().unwrap() {
        if function.starts_with('_') {
            continue;
        }
        for (name, case) in cases.as_object().unwrap() {
            match answer(function, case["inputs"].as_array().unwrap()) {
                Some(ours) => {
                    assert_eq!(case["outputs"]["iscc"], ours, "{function} {name}");
                    passed += 1;
                }
                None => {
                    check_sequence(function, case);
                    sequences += 1;
                }
            }
        }
    }
    println!("{passed} conformance vectors of codes pass, and {sequences} of sequences of codes");
    assert!(passed >= 50 && sequences >= 8, "{passed} {sequences}");
}

/// Files of every format that is decoded, with what the preparation has to mind.
fn files(place: &Path) -> Vec<(PathBuf, bool)> {
    use image::{DynamicImage, GrayImage, RgbaImage};
    let mut files = Vec::new();
    let mut add = |name: String, picture: DynamicImage, format, exact| {
        let path = place.join(name);
        picture.save_with_format(&path, format).unwrap();
        files.push((path, exact));
    };
    for (seed, (width, height)) in
        (0..).zip([(480, 360), (33, 31), (1, 1), (7, 900), (1920, 1081), (32, 32), (640, 640)])
    {
        let rgb = painting(seed, width, height);
        let rgba = RgbaImage::from_fn(width, height, |x, y| {
            let [red, green, blue] = rgb.get_pixel(x, y).0;
            image::Rgba([red, green, blue, ((x * 3 + y * 5) % 256) as u8])
        });
        let grey: GrayImage = DynamicImage::from(rgb.clone()).into_luma8();
        add(format!("{seed}.png"), rgb.clone().into(), ImageFormat::Png, true);
        add(format!("{seed}-alpha.png"), rgba.clone().into(), ImageFormat::Png, true);
        add(format!("{seed}-grey.png"), grey.into(), ImageFormat::Png, true);
        add(format!("{seed}.webp"), rgba.into(), ImageFormat::WebP, true);
        add(format!("{seed}.gif"), rgb.clone().into(), ImageFormat::Gif, true);
        add(format!("{seed}.jpg"), rgb.into(), ImageFormat::Jpeg, false);
    }
    for (name, bytes) in [
        ("text.md", "# The spring breeze\n\nbrings *tenderness*, 春风送来了温柔.\n".repeat(40)),
        (
            "bytes.bin",
            (0..200_000).map(|n: u32| char::from((n % 1009 * (n % 1013) % 128) as u8)).collect(),
        ),
    ] {
        std::fs::write(place.join(name), bytes).unwrap();
        files.push((place.join(name), true));
    }
    files
}

/// The samples that lie beside a checkout, where they are.
fn samples(folder: &Path, files: &mut Vec<(PathBuf, bool)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: there are no samples in {}", folder.display());
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            samples(&path, files);
        } else if path.metadata().unwrap().len() > 0 {
            let exact = path.extension().is_some_and(|ending| ending != "jpg");
            files.push((path, exact));
        }
    }
}

#[test]
#[ignore = "runs another program"]
fn long_the_reference_takes_the_same_codes_of_real_files() {
    let place = tempfile::tempdir().unwrap();
    let mut named = files(place.path());
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    samples(&beside, &mut named);
    let paths: Vec<PathBuf> = named.iter().map(|(path, _)| path.clone()).collect();
    let Some(told) = reference(CODES, &paths) else {
        return;
    };
    let mut farthest = 0;
    for ((path, exact), told) in named.iter().zip(told.as_array().unwrap()) {
        let codes = Examined::read(path).unwrap().coded.codes;
        let shown = path.display();
        assert_eq!(told["data"], json!(codes.data), "{shown}");
        assert_eq!(told["instance"], json!(codes.instance), "{shown}");
        match (&told["image"], codes.image) {
            (Value::Null, None) => assert_eq!(told["text"], json!(codes.text), "{shown}"),
            (Value::Null, Some(_)) => panic!("{shown}: the reference decodes nothing"),
            (theirs, None) => panic!("{shown}: the reference has {theirs}"),
            // Of a picture without features each bit hangs on the last digit of a sum.
            (theirs, Some(ours)) if *exact && !ours.is_featureless() => {
                assert_eq!(*theirs, json!(ours), "{shown}")
            }
            // JPEG leaves the last bit of a sample to the decoder (ITU-T T.81, annex A.3.3).
            (theirs, Some(ours)) => {
                let theirs = theirs.as_str().unwrap().parse().unwrap();
                farthest = farthest.max(ours.distance(theirs).unwrap());
            }
        }
    }
    println!("{} files; JPEG codes differ in at most {farthest} of 64 bits", named.len());
    assert!(farthest <= 2, "{farthest}");
}
