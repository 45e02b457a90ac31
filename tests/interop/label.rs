//! Labels, read by programs that are not ours: Debian's exiftool, Pillow by `label.py`, and ffmpeg.

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

/// A label that exiftool writes into EXIF is found by it as it was, and ours beside it in XMP.
#[test]
#[ignore = "runs other programs"]
fn long_exiftool_finds_a_label_in_exif_as_it_was_and_ours_in_xmp() {
    let Some(mut write) = exiftool() else {
        assert!(!super::needs_all(), "a program is missing, see above");
        return;
    };
    let place = Place::with(&["init --name Northlight", "party add northlight --role provider"]);
    let label = "{\"AIGC\":{\"Label\":\"1\",\"ContentProducer\":\"studio\",\"ProduceID\":\"p-7\"}}";
    write.arg(format!("-EXIF:UserComment={label}")).arg("-o").arg(place.path("theirs.png"));
    write.arg(place.path("spring.png"));
    told(write);
    let answer = place.done("label theirs.png -o ours.png --as northlight");
    assert_eq!((&answer["stays_in"], &answer["had_label"]), (&"EXIF".into(), &true.into()));
    let mut read = exiftool().unwrap();
    read.args(["-j", "-G1", "-n", "-EXIF:UserComment", "-XMP:all", "-warning", "-error"]);
    read.arg(place.path("ours.png"));
    let read: serde_json::Value = serde_json::from_str(&told(read)).unwrap();
    let read = &read[0];
    assert_eq!(read["ExifIFD:UserComment"], label, "{read}");
    assert_eq!(read["XMP-iptcExt:DigitalSourceType"], answer["source_type"], "{read}");
    let ours = read["XMP-TC260:Aigc"].as_str().unwrap_or_default();
    assert!(ours.contains("\"ContentProducer\":\"studio\""), "{read}");
    assert!(ours.contains("\"ContentPropagator\":\"northlight\""), "{read}");
    assert!(read["ExifTool:Warning"].is_null() && read["ExifTool:Error"].is_null(), "{read}");
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

/// What ffmpeg says, run with these arguments; the one that PyPI's imageio-ffmpeg brings, or of the PATH.
fn ffmpeg(arguments: &[&str]) -> Option<String> {
    let mut found = python()?;
    found.args(["-c", "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"]);
    let output = found.output().unwrap();
    let name = String::from_utf8(output.stdout).unwrap();
    let name = if output.status.success() { name.trim() } else { "ffmpeg" };
    let mut command = Command::new(name);
    command.args(["-v", "error"]).args(arguments);
    let output = command.output().ok()?;
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[ignore = "runs other programs"]
fn long_ffmpeg_reads_the_label_of_a_film_and_sees_the_same_frames() {
    if ffmpeg(&["-version"]).is_none() {
        println!("skipped: ffmpeg is not there");
        assert!(!super::needs_all(), "a program is missing, see above");
        return;
    }
    let place = Place::with(&["init --name Northlight", "party add northlight --role provider"]);
    let path = |name: &str| place.path(name).into_os_string().into_string().unwrap();
    for flags in ["use_metadata_tags", "use_metadata_tags+faststart"] {
        let (film, copy) = (format!("{flags}.mp4"), format!("{flags}-labelled.mp4"));
        ffmpeg(&[
            "-f",
            "lavfi",
            "-i",
            "testsrc=d=1:s=64x48:r=5",
            "-metadata",
            "mood=calm",
            "-movflags",
            flags,
            &path(&film),
        ]);
        let answer = place.done(&format!("label {film} -o {copy} --as northlight"));
        assert_eq!(answer["carrier"], "mp4");
        let number = answer["original_digest"].as_str().unwrap();
        let metadata = ffmpeg(&["-i", &path(&copy), "-f", "ffmetadata", "-"]).unwrap();
        assert!(metadata.contains("AIGC={\"Label\":\"1\""), "{metadata}");
        assert!(metadata.contains(number) && metadata.contains("mood=calm"), "{metadata}");
        let frames = |name: &str| ffmpeg(&["-i", &path(name), "-f", "framemd5", "-"]).unwrap();
        assert_eq!(frames(&film), frames(&copy));
        if let Some(mut exiftool) = exiftool() {
            exiftool.args(["-j", "-G1", "-n", "-XMP:all", "-warning", "-error"]).arg(path(&copy));
            let read: serde_json::Value = serde_json::from_str(&told(exiftool)).unwrap();
            let source_type = &answer["source_type"];
            assert_eq!(&read[0]["XMP-iptcExt:DigitalSourceType"], source_type, "{read}");
        }
    }
}
