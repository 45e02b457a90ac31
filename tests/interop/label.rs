//! Labels, read by programs that are not ours: Debian's exiftool, and Pillow by `label.py`.

use crate::command::place::Place;
use std::path::Path;
use std::process::Command;

/// A Python with Pillow: DEEDBOOK_PILLOW_PYTHON, or the `python3` on the PATH if it has it.
fn python() -> Option<Command> {
    let name = std::env::var_os("DEEDBOOK_PILLOW_PYTHON").unwrap_or_else(|| "python3".into());
    let probe = Command::new(&name).args(["-c", "import PIL.Image"]).output();
    if probe.is_ok_and(|output| output.status.success()) {
        return Some(Command::new(&name));
    }
    println!("skipped: `python3` has not Pillow, nor does DEEDBOOK_PILLOW_PYTHON name one");
    None
}

fn exiftool() -> Option<Command> {
    if Command::new("exiftool").arg("-ver").output().is_ok_and(|output| output.status.success()) {
        return Some(Command::new("exiftool"));
    }
    println!("skipped: exiftool is not there");
    None
}

fn told(mut command: Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// The picture of the story, and one that Pillow writes as JPEG, with EXIF and XMP of its own.
fn pictures(place: &Place) -> Vec<&'static str> {
    let Some(mut python) = python() else { return vec!["spring.png"] };
    let script = "import sys; from PIL import Image; \
        image = Image.effect_noise((64, 48), 50).convert('RGB'); exif = Image.Exif(); \
        exif[0x010e] = 'a breeze'; \
        image.save(sys.argv[1], exif=exif, xmp=b\"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
        xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:format>image/jpeg</dc:format>\
        </rdf:Description></rdf:RDF></x:xmpmeta>\")";
    python.args(["-c", script]).arg(place.path("breeze.jpg"));
    told(python);
    vec!["spring.png", "breeze.jpg"]
}

#[test]
#[ignore = "runs other programs"]
fn long_other_programs_read_the_label_and_see_the_same_picture() {
    if (python().is_none() || exiftool().is_none()) && super::needs_all() {
        panic!("a program is missing, see above");
    }
    let place = Place::with(&["init --name Northlight", "party add northlight --role provider"]);
    for name in pictures(&place) {
        let copy = format!("labelled-{name}");
        let line =
            format!("label {name} -o {copy} --as northlight --code M&M'7 --source-type composite");
        let answer = place.done(&line);
        let source_type = answer["source_type"].as_str().unwrap();
        let number = answer["original_digest"].as_str().unwrap();
        let label = format!(
            "{{\"Label\":\"1\",\"ContentProducer\":\"M&M'7\",\"ProduceID\":\"{number}\",\
             \"ReservedCode1\":\"\",\"ContentPropagator\":\"\",\"PropagateID\":\"\",\"ReservedCode2\":\"\"}}"
        );
        if let Some(mut python) = python() {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/label.py");
            python.arg(script).args([place.path(name), place.path(&copy)]);
            told({
                python.args([&label, source_type]);
                python
            });
        }
        if let Some(mut exiftool) = exiftool() {
            exiftool
                .args(["-j", "-G1", "-n", "-struct", "-warning", "-error"])
                .args(["-XMP:all", "-IFD0:all"]);
            exiftool.arg(place.path(&copy));
            let read: serde_json::Value = serde_json::from_str(&told(exiftool)).unwrap();
            // A namespace that it does not know has its prefix, and names in the case it likes.
            assert_eq!(read[0]["XMP-TC260:Aigc"], label, "{read}");
            assert_eq!(read[0]["XMP-iptcExt:DigitalSourceType"], source_type, "{read}");
            let keys: Vec<&String> = read[0].as_object().unwrap().keys().collect();
            assert!(
                !keys.iter().any(|key| key.contains("Warning") || key.contains("Error")),
                "{read}"
            );
            if name == "breeze.jpg" {
                assert_eq!(read[0]["IFD0:ImageDescription"], "a breeze");
                assert_eq!(read[0]["XMP-dc:Format"], "image/jpeg");
            }
        }
    }
}
