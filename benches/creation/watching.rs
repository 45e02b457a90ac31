//! How long after a file is complete `watch` has recorded it: from the moment at which it was closed until the
//! program says that it is on disk.

use super::painting::painting;
use super::{jpeg, program, spread};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const FILES: usize = 40;
/// How long the tool takes for its next file.
const PAUSE: Duration = Duration::from_millis(400);

pub(super) fn run(directory: &Path) {
    program(directory, &["init", "--name", "benchmark"]);
    program(directory, &["party", "add", "wen", "--role", "creator"]);
    program(directory, &["session", "start", "Spring", "--as", "wen"]);
    let out = directory.join("out");
    std::fs::create_dir(&out).expect("a folder");
    let picture = jpeg(&painting(3, 2800, 2100), 99);
    let mut child = Command::new(env!("CARGO_BIN_EXE_deedbook"))
        .args(["--json", "watch", "out", "--as", "wen"])
        .current_dir(directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let stdout = BufReader::new(child.stdout.take().expect("its output"));
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            let _ = sender.send((Instant::now(), line));
        }
    });
    lines.recv().expect("what is watched");
    let mut took = Vec::new();
    for n in 0..FILES {
        let mut bytes = picture.clone();
        bytes.extend((n as u64).to_le_bytes());
        std::fs::write(out.join(format!("{n}.jpg")), &bytes).expect("a file");
        let complete = Instant::now();
        let (told, line) = lines.recv().expect("a line");
        assert!(line.contains(&format!("/{n}.jpg")), "{line}");
        took.push(told.saturating_duration_since(complete));
        std::thread::sleep(PAUSE);
    }
    child.kill().expect("a running program");
    child.wait().expect("an end");
    let (median, most) = spread(took);
    println!(
        "\nwatch, {FILES} files of {} KB one after the other: recorded {median:.0?} after each was complete, {most:.0?} at most",
        picture.len() / 1000
    );
}
