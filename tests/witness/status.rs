//! The statuses of C2SP tlog-witness, one by one, and what a stranger may send.

use super::log::{ORIGIN, body};
use super::served::{Reply, text_of};
use super::{Log, Served};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use deedbook::tlog::{CheckpointSigner, Hash};
use ed25519_dalek::{Signer as _, SigningKey};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

fn assert_conflict(reply: &Reply, size: u64) {
    assert_eq!(reply.status, 409, "{reply:?}");
    assert_eq!(reply.body, format!("{size}\n"));
    assert!(reply.head.contains("content-type: text/x.tlog.size\r\n"), "{reply:?}");
}

/// A note over any text, signed as the log or as somebody else.
fn signed(text: &str, name: &str, seed: u8) -> String {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let material = [&[1], key.verifying_key().as_bytes().as_slice()].concat();
    let id = signed_note::key_id(name, &material).to_be_bytes();
    let bytes = [id.as_slice(), &key.sign(text.as_bytes()).to_bytes()].concat();
    format!("{text}\n\u{2014} {name} {}\n", BASE64_STANDARD.encode(bytes))
}

#[test]
fn a_checkpoint_that_extends_the_last_one_is_cosigned() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(40, 40, "");
    let served = Served::start(directory.path(), &[&log.vkey()]);
    assert_eq!(served.latest(ORIGIN).status, 404);
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for (old_size, size) in [(0, 7), (7, 8), (8, 8), (8, 40)] {
        let reply = served.add(log.request(old_size, size).as_bytes());
        assert_eq!(reply.status, 200, "{reply:?}");
        let time_s = served.check(&reply.body, text_of(&log.note(size)));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!((before..=now).contains(&time_s), "{time_s}");
        let latest = served.latest(ORIGIN);
        assert_eq!(latest.status, 200);
        assert!(latest.head.contains("cache-control: no-store"), "{latest:?}");
        assert_eq!(latest.body, format!("{}{}", log.note(size), reply.body));
    }
    // One file for the log, its lock, and nothing else is remembered.
    assert_eq!(std::fs::read_dir(directory.path().join("state")).unwrap().count(), 2);
}

#[test]
fn each_status_is_the_one_of_the_specification() {
    let directory = tempfile::tempdir().unwrap();
    let (log, fork) = (Log::new(40, 40, ""), Log::new(40, 5, "fork"));
    let served = Served::start(directory.path(), &[&log.vkey()]);
    let add = |body: &str| served.add(body.as_bytes());
    // Nothing was cosigned yet: the size is 0, and no proof leads there.
    assert_conflict(&add(&log.request(3, 10)), 0);
    let unneeded = body(0, &log.proof(4, 10), &log.note(10));
    assert_eq!(add(&unneeded).status, 422);
    assert_eq!(add(&log.request(0, 10)).status, 200);

    let note = log.note(20);
    let text = text_of(&note).to_owned();
    let proof = log.proof(10, 20);
    let line = note.strip_prefix(&format!("{text}\n")).unwrap();
    let mut short = proof.clone();
    short.pop();
    let mut long = proof.clone();
    long.push(BASE64_STANDARD.encode([7; 32]));
    let broken = note.replacen(&line[line.len() - 20..line.len() - 10], "AAAAAAAAAA", 1);
    let other = |origin: &str| {
        let key = SigningKey::from_bytes(&[1; 32]);
        let signer = CheckpointSigner::new(origin.parse().unwrap(), key);
        signer.sign(20, log.root(20)).unwrap().note
    };
    let empty_root = format!("{ORIGIN}\n0\n{}\n", BASE64_STANDARD.encode([7; 32]));
    for (what, request, status) in [
        ("nothing", String::new(), 400),
        ("no old size", format!("\n{note}"), 400),
        ("a leading zero", log.request(10, 20).replacen("old 10", "old 010", 1), 400),
        ("no empty line", format!("old 10\n{note}"), 400),
        ("no checkpoint", "old 10\n\n".to_owned(), 400),
        ("64 lines of proof", body(10, &vec![proof[0].clone(); 64], &note), 400),
        ("no signature", format!("old 10\n\n{text}"), 400),
        (
            "not a checkpoint",
            body(10, &proof, &signed(&format!("{ORIGIN}\nx\ny\n"), ORIGIN, 1)),
            400,
        ),
        ("old size beyond the checkpoint", body(30, &[], &note), 400),
        ("another key", body(10, &proof, &signed(&text, ORIGIN, 2)), 403),
        ("another name", body(10, &proof, &signed(&text, "else.example", 1)), 403),
        ("a signature that does not verify", body(10, &proof, &broken), 403),
        ("another origin", body(10, &proof, &other("other.example")), 404),
        ("an origin that is longer", body(10, &proof, &other(&format!("{ORIGIN}s"))), 404),
        ("a proof that is short", body(10, &short, &note), 422),
        ("a proof that is long", body(10, &long, &note), 422),
        ("no proof", body(10, &[], &note), 422),
        ("a fork", body(10, &fork.proof(10, 20), &fork.note(20)), 422),
        ("the proof of a fork", body(10, &fork.proof(10, 20), &note), 422),
        ("a proof between equal sizes", body(10, &proof, &log.note(10)), 422),
        ("leaves in an empty tree", body(0, &[], &signed(&empty_root, ORIGIN, 1)), 422),
    ] {
        let reply = add(&request);
        assert_eq!(reply.status, status, "{what}: {reply:?}");
    }
    for (what, request) in [
        ("asked without the size", log.request(0, 20)),
        ("an earlier size", log.request(7, 20)),
        ("rolled back", log.request(7, 9)),
        ("a later size", log.request(15, 20)),
        ("the same size and another root", fork.request(10, 10)),
    ] {
        println!("{what}");
        assert_conflict(&add(&request), 10);
    }
    assert_eq!(served.latest(ORIGIN).body.lines().nth(1), Some("10"));
    assert_eq!(add(&log.request(10, 20)).status, 200);
}

/// Lines of keys that are not known are neither looked at nor remembered; extension lines are signed.
#[test]
fn a_checkpoint_may_bear_more_than_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(9, 9, "");
    let served = Served::start(directory.path(), &[&log.vkey()]);
    let text = format!("{}extension\n", text_of(&log.note(9)));
    let note = signed(&text, ORIGIN, 1);
    let stranger = signed(&text, "stranger.example", 5);
    let stranger = stranger.strip_prefix(&format!("{text}\n")).unwrap();
    let reply = served.add(body(0, &[], &format!("{note}{stranger}")).as_bytes());
    assert_eq!(reply.status, 200, "{reply:?}");
    served.check(&reply.body, &text);
    assert_eq!(served.latest(ORIGIN).body, format!("{note}{}", reply.body));
}

#[test]
fn two_logs_and_two_keys_of_one_log_are_kept_apart() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(9, 9, "");
    let second = |origin: &str, seed| {
        CheckpointSigner::new(origin.parse().unwrap(), SigningKey::from_bytes(&[seed; 32]))
    };
    let vkey = |signer: &CheckpointSigner| {
        let name = signer.origin().as_str();
        signed_note::new_ed25519_verifier_key(name, &signer.verifying_key())
    };
    let (later, other) = (second(ORIGIN, 2), second("other.example", 3));
    let served = Served::start(directory.path(), &[&log.vkey(), &vkey(&later), &vkey(&other)]);
    assert_eq!(served.add(log.request(0, 5).as_bytes()).status, 200);
    let note = other.sign(2, Hash::from_bytes([2; 32])).unwrap().note;
    assert_eq!(served.add(body(0, &[], &note).as_bytes()).status, 200);
    let note = later.sign(9, log.root(9)).unwrap().note;
    assert_eq!(served.add(body(5, &log.proof(5, 9), &note).as_bytes()).status, 200);
    assert_eq!(served.latest("other.example").body.lines().nth(1), Some("2"));
}

#[test]
fn hostile_requests_are_bounded() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(20, 20, "");
    let served = Served::start(directory.path(), &[&log.vkey()]);
    let line = BASE64_STANDARD.encode([7; 32]);
    let lines = vec![line; 10_000];
    let huge = vec![b'a'; 64 << 20];
    for (what, body, status) in [
        ("10,000 lines of proof", body(5, &lines, &log.note(9)).into_bytes(), 413),
        ("64 MiB", huge, 413),
        ("64 MiB of line ends", vec![b'\n'; 64 << 20], 413),
        ("not UTF-8", b"old 5\n\n\xff\xfe\n".to_vec(), 400),
        ("zeros", vec![0; 1000], 400),
        (
            "a note of signature lines",
            format!("old 0\n\n{}", log.note(9).repeat(60)).into_bytes(),
            404,
        ),
    ] {
        match served.send("POST", "/add-checkpoint", &body) {
            Ok(reply) if what.starts_with("a note") => assert!((400..=413).contains(&reply.status)),
            Ok(reply) => assert_eq!(reply.status, status, "{what}"),
            // What is not read may be cut off before the answer is.
            Err(error) => assert_eq!(status, 413, "{what}: {error}"),
        }
    }
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/add-checkpoint", 405),
        ("POST", "/0/checkpoint", 405),
        ("GET", "/0/checkpoint", 404),
        ("GET", "/../../etc/passwd/checkpoint", 404),
        ("GET", "/%2e%2e%2f/checkpoint", 404),
        ("DELETE", "/add-checkpoint", 405),
    ] {
        assert_eq!(served.send(method, path, b"").unwrap().status, status, "{method} {path}");
    }
    // Connections that say nothing do not keep others out.
    let address = served.url.strip_prefix("http://").unwrap();
    let silent: Vec<_> = (0..100).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert_eq!(served.add(log.request(0, 9).as_bytes()).status, 200);
    drop(silent);
}

#[test]
fn a_damaged_memory_is_never_taken_for_none() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(20, 20, "");
    let served = Served::start(directory.path(), &[&log.vkey()]);
    assert_eq!(served.add(log.request(0, 9).as_bytes()).status, 200);
    let state = std::fs::read_dir(directory.path().join("state")).unwrap();
    let mut files = state.map(|file| file.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|end| end == "checkpoint")).unwrap();
    let note = std::fs::read_to_string(&file).unwrap();
    for damaged in [String::new(), note.replacen("\n9\n", "\n8\n", 1), log.note(9)] {
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(served.add(log.request(9, 12).as_bytes()).status, 500);
        assert_eq!(served.add(log.request(0, 12).as_bytes()).status, 500);
        assert_eq!(served.latest(ORIGIN).status, 500);
        let line = format!(
            "witness serve --key keys/witness --name {} --listen 127.0.0.1:0 --state state --log {}",
            super::served::NAME,
            log.vkey()
        );
        let (exit, answer, _) = super::served::run(directory.path(), &line);
        assert_eq!((exit, &answer["error"]["code"]), (3, &"witness_state_damaged".into()));
    }
    std::fs::write(&file, note).unwrap();
    assert_eq!(served.add(log.request(9, 12).as_bytes()).status, 200);
}

#[test]
fn it_ends_cleanly_when_it_is_told_to() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(9, 9, "");
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let mut served = Served::start(directory.path(), &[&log.vkey()]);
        let pid = rustix::process::Pid::from_child(&served.child);
        rustix::process::kill_process(pid, signal).unwrap();
        assert_eq!(served.child.wait().unwrap().code(), Some(0));
    }
}
