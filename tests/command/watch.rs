//! `watch` as a process of its own over a real folder, killed and starved as processes are.

use super::place::{Place, has_keys};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than anything takes here, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(120);

/// A creator with an open session, `#2`, and a folder.
fn begun() -> Place {
    let place = Place::with(&[
        "init --name Northlight",
        "party add wen --role creator",
        "session start Spring --as wen",
    ]);
    fs::create_dir(place.path("out")).unwrap();
    place
}

/// A running program and its lines.
struct Watching {
    child: Child,
    lines: Receiver<Value>,
}

impl Watching {
    /// Runs until it says what it watches.
    fn begin(place: &Place) -> Self {
        let mut child = place.spawn(&["watch", "out", "--as", "wen"]);
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            // The last line of a killed process may be cut off.
            for line in stdout.lines().map_while(Result::ok) {
                let Ok(line) = serde_json::from_str(&line) else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let watching = Self { child, lines };
        has_keys(&watching.line(), "watching session entry told_by_the_system");
        watching
    }

    fn line(&self) -> Value {
        self.lines.recv_timeout(DEADLINE).unwrap()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// How often each file came out of the session, by the content of the file.
fn outputs(place: &Place) -> BTreeMap<String, usize> {
    let mut outputs = BTreeMap::new();
    for step in place.done("session show #2")["steps"].as_array().unwrap() {
        *outputs.entry(step["digest"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    outputs
}

fn digest(bytes: impl AsRef<[u8]>) -> String {
    blake3::hash(bytes.as_ref()).to_string()
}

#[test]
fn files_are_recorded_as_they_become_complete_and_never_half() {
    let place = begun();
    let watching = Watching::begin(&place);
    let mut slow = fs::File::create(place.path("out/slow.png")).unwrap();
    slow.write_all(b"half").unwrap();
    place.write("out/one.png", "one");
    let line = watching.line();
    has_keys(&line, "entry act at digest before path size_bytes");
    assert_eq!((&line["act"], &line["digest"]), (&"generated".into(), &digest("one").into()));
    place.write("out/two.png.part", "two");
    fs::rename(place.path("out/two.png.part"), place.path("out/two.png")).unwrap();
    assert_eq!(watching.line()["digest"], digest("two"));
    fs::create_dir(place.path("out/deeper")).unwrap();
    place.write("out/deeper/three.png", "three");
    assert_eq!(watching.line()["digest"], digest("three"));
    slow.write_all(b" and half").unwrap();
    drop(slow);
    assert_eq!(watching.line()["digest"], digest("half and half"));
    place.write("out/one.png", "one, retouched");
    let edited = watching.line();
    assert_eq!((&edited["act"], &edited["before"]), (&"edited".into(), &digest("one").into()));
    watching.kill();
    assert_eq!(outputs(&place).len(), 5);
    place.done("verify");
}

/// Killed after so many lines of each round, the last of them often cut off.
fn killed(rounds: usize, seed: u64) {
    let place = begun();
    let mut random = seed;
    for round in 0..rounds {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let watching = Watching::begin(&place);
        for file in 0..8 {
            place.write(&format!("out/{round}-{file}.png"), format!("{round} {file}"));
        }
        for _ in 0..(random >> 33) % 9 {
            watching.line();
        }
        watching.kill();
    }
    place.said("watch out --as wen --once");
    let outputs = outputs(&place);
    assert_eq!(outputs.len(), rounds * 8);
    assert!(outputs.values().all(|count| *count == 1), "{outputs:?}");
    place.done("verify");
}

#[test]
fn killed_at_any_moment_it_records_each_file_once() {
    killed(20, 7);
}

#[test]
#[ignore = "minutes"]
fn long_killed_at_any_moment_it_records_each_file_once() {
    for seed in 0..10 {
        killed(30, seed);
    }
}

/// Killed twice in the midst of them, and without the memory of the first runs, too, which only saves reading.
#[test]
fn ten_thousand_files_are_recorded_once() {
    let place = begun();
    for file in 0..10_000 {
        place.write(&format!("out/{file}.png"), format!("file {file}"));
    }
    for lines in [1, 2600] {
        let watching = Watching::begin(&place);
        for _ in 0..lines {
            watching.line();
        }
        watching.kill();
    }
    // How many were on disk before it was killed, nobody was told of the last.
    let said = place.said("watch out --as wen --once");
    let recorded = said.lines().count() - 2;
    assert!(recorded < 10_000 - 2600, "{recorded}");
    let last = said.lines().last().unwrap();
    let rest = format!("{recorded} recorded, {} recorded before, 0 left out", 10_000 - recorded);
    assert_eq!(last, rest);
    let counts = "0 recorded, 10000 recorded before, 0 left out";
    assert_eq!(place.said("watch out --as wen --once").lines().last(), Some(counts));
    fs::remove_dir_all(place.path("deedbook.db.watched")).unwrap();
    assert_eq!(place.said("watch out --as wen --once").lines().last(), Some(counts));
    let outputs = outputs(&place);
    assert_eq!(outputs.len(), 10_000);
    assert!(outputs.values().all(|count| *count == 1));
}

#[test]
fn a_folder_that_goes_is_told() {
    let place = begun();
    let mut watching = Watching::begin(&place);
    fs::remove_dir(place.path("out")).unwrap();
    assert_eq!(watching.line()["error"]["code"], "folder_gone");
    assert_eq!(watching.child.wait().unwrap().code(), Some(1));
    place.refused("watch out --as wen".split(' '), "file_missing");
    place.refused("watch spring.png --as wen".split(' '), "not_a_folder");
}

#[test]
fn links_own_files_and_files_from_before_are_left_alone() {
    let place = begun();
    fs::create_dir(place.path("elsewhere")).unwrap();
    place.write("elsewhere/secret.png", "secret");
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out/folder")).unwrap();
    std::os::unix::fs::symlink("../elsewhere/secret.png", place.path("out/link.png")).unwrap();
    place.write("out/one.png", "one");
    place.said("watch out --as wen --once");
    assert_eq!(outputs(&place).into_keys().collect::<Vec<_>>(), [digest("one")]);
    let old = fs::File::options().write(true).open(place.path("spring.png")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    place.said("watch . --as wen --once");
    let outputs = outputs(&place);
    assert!(outputs.contains_key(&digest("secret")), "{outputs:?}");
    assert!(!outputs.contains_key(&digest(fs::read(place.path("spring.png")).unwrap())));
    assert!(!outputs.contains_key(&digest(fs::read(place.path("deedbook.db.key")).unwrap())));
    assert!(
        !outputs
            .contains_key(&digest(fs::read(place.path("deedbook.db.vault")).unwrap_or_default()))
    );
}

/// Whatever is recorded of a file that is written again and again was whole at one moment.
#[test]
fn a_file_that_changes_while_it_is_read_is_never_recorded_torn() {
    let place = begun();
    let versions = [vec![b'a'; 3 << 20], vec![b'b'; 3 << 20]];
    let watching = Watching::begin(&place);
    for round in 0..60 {
        place.write("out/one.png", &versions[round % 2]);
    }
    place.write("out/last.png", "last");
    while watching.line()["digest"] != digest("last") {}
    watching.kill();
    place.said("watch out --as wen --once");
    let mut outputs = outputs(&place);
    outputs.remove(&digest("last"));
    assert!(!outputs.is_empty());
    let whole = versions.map(digest);
    assert!(outputs.keys().all(|digest| whole.contains(digest)), "{outputs:?}");
}
