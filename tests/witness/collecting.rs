//! The ledger's side: cosignatures after commits, a fork and a roll-back shown as what they are,
//! witnesses that are slow, absent or lie.

use super::Served;
use super::served::{NAME, run, text_of};
use deedbook::tlog::WitnessPolicy;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

/// A ledger with one party in a directory of its own.
fn begun(directory: &Path) -> String {
    for line in ["init --name Northlight", "party add wen --role creator"] {
        assert_eq!(run(directory, line).0, 0, "{line}");
    }
    run(directory, "witness list").1["ledger_key"].as_str().unwrap().to_owned()
}

fn register(directory: &Path, ledger: &str, name: &str) -> (i32, Value, String) {
    std::fs::write(directory.join(name), name).unwrap();
    run(directory, &format!("register {name} --as wen --ledger {ledger}"))
}

fn copy(directory: &Path, to: &str) {
    for suffix in ["", ".head", ".key", ".witnesses"] {
        let path = |name: &str| directory.join(format!("{name}{suffix}"));
        std::fs::copy(path("deedbook.db"), path(to)).unwrap();
    }
    let keys = directory.join(format!("{to}.keys"));
    std::fs::create_dir(&keys).unwrap();
    std::os::unix::fs::symlink("x", keys.join("x")).unwrap();
    std::fs::remove_file(keys.join("x")).unwrap();
    std::fs::set_permissions(&keys, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::copy(directory.join("deedbook.db.keys/wen"), keys.join("wen")).unwrap();
}

fn assert_first(answer: &Value, code: &str) -> Value {
    let first = answer["witnesses"][0].clone();
    assert_eq!(first["code"], code, "{answer}");
    first
}

#[test]
fn every_commit_is_cosigned_and_the_cosignatures_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let vkey = begun(directory);
    let elsewhere = tempfile::tempdir().unwrap();
    let served = [Served::start(directory, &[&vkey]), Served::start(elsewhere.path(), &[&vkey])];
    assert_eq!(run(directory, "witness collect").1["error"]["code"], "no_witness");
    for served in &served {
        let (exit, answer, _) =
            run(directory, &format!("witness add {} {}", served.url, served.vkey));
        assert_eq!(exit, 0, "{answer}");
    }
    assert_eq!(run(directory, "witness quorum 3").1["error"]["code"], "policy");
    assert_eq!(run(directory, "witness quorum 2").0, 0);
    for name in ["a", "b", "c"] {
        let (exit, answer, told) = register(directory, "deedbook.db", name);
        assert_eq!(exit, 0, "{answer}");
        assert!(told.contains("2 of 2 witnesses have cosigned"), "{told}");
        assert!(told.contains("the quorum of 2 is met"), "{told}");
    }
    let (exit, collected, _) = run(directory, "witness collect");
    assert_eq!((exit, &collected["met"], &collected["entries"]), (0, &true.into(), &5.into()));
    let latest = served[0].latest(vkey.split('+').next().unwrap()).body;
    for (place, served) in served.iter().enumerate() {
        let line = collected["witnesses"][place]["line"].as_str().unwrap();
        served.check(line, text_of(&latest));
    }
    let (exit, whole, _) = run(directory, "verify");
    assert_eq!((exit, &whole["cosignatures"]), (0, &6.into()), "{whole}");
    let (_, listed, _) = run(directory, "witness list");
    assert_eq!(
        (&listed["met"], &listed["witnesses"][1]["cosigned_entries"]),
        (&true.into(), &5.into())
    );
    // The policy beside the ledger is one that a verifier takes.
    let policy = std::fs::read_to_string(directory.join("deedbook.db.witnesses")).unwrap();
    let policy = WitnessPolicy::from_toml(&policy).unwrap();
    let line = collected["witnesses"][1]["line"].as_str().unwrap();
    let witnessed = policy.verify(&format!("{latest}{line}")).unwrap();
    assert_eq!((witnessed.checkpoint.size, witnessed.is_met()), (5, true));
    assert!(!policy.verify(&latest).unwrap().is_met());
    // Both go by one name; the key tells them apart.
    assert_eq!(run(directory, &format!("witness remove {NAME}")).1["error"]["code"], "value");
    let (exit, removed, _) = run(directory, &format!("witness remove {}", served[1].vkey));
    assert_eq!((exit, &removed["quorum"]), (0, &1.into()));
}

#[test]
fn a_fork_and_a_roll_back_are_refused_and_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let vkey = begun(directory);
    let served = Served::start(directory, &[&vkey]);
    assert_eq!(run(directory, &format!("witness add {} {}", served.url, served.vkey)).0, 0);
    assert_eq!(register(directory, "deedbook.db", "a").0, 0);
    copy(directory, "old.db");
    assert_eq!(register(directory, "deedbook.db", "b").0, 0);
    assert_eq!(register(directory, "deedbook.db", "c").0, 0);

    // Two entries are missing from the copy.
    let (exit, answer, _) = run(directory, "witness collect --ledger old.db");
    assert_eq!((exit, &answer["contradicted"]), (3, &true.into()));
    let first = assert_first(&answer, "rolled_back");
    assert!(first["reason"].as_str().unwrap().contains("has 3 entries, the witness has seen 5"));
    let shown = first["checkpoint"].as_str().unwrap();
    assert_eq!(shown, served.latest(vkey.split('+').next().unwrap()).body, "signed by the ledger");

    // It goes on by itself: shorter, as long, and longer than what the witness has seen. The entry is
    // recorded, and the answer given, before anybody is asked.
    for (name, code, size) in [("x", "rolled_back", 4), ("y", "forked", 5), ("z", "forked", 6)] {
        let (exit, answer, told) = register(directory, "old.db", name);
        assert_eq!((exit, &answer["entry"]), (3, &(size - 1).into()), "{answer} {told}");
        assert!(told.contains("error: witness"), "{told}");
        let (exit, answer, _) = run(directory, "witness collect --ledger old.db");
        assert_eq!((exit, &answer["entries"]), (3, &size.into()));
        let first = assert_first(&answer, code);
        assert!(first["checkpoint"].is_string(), "{answer}");
        assert_eq!(run(directory, "verify --ledger old.db").0, 0, "whole by itself");
    }
    // The true one goes on.
    assert_eq!(register(directory, "deedbook.db", "d").0, 0);
    assert_eq!(run(directory, "witness collect").0, 0);
}

#[test]
fn a_witness_that_does_not_know_the_ledger_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    begun(directory);
    let other = super::Log::new(1, 1, "").vkey();
    let served = Served::start(directory, &[&other]);
    assert_eq!(run(directory, &format!("witness add {} {}", served.url, served.vkey)).0, 0);
    let (exit, answer, _) = run(directory, "witness collect");
    assert_eq!((exit, &answer["contradicted"]), (1, &false.into()));
    assert_first(&answer, "unknown_log");
}

/// A witness that holds its tongue holds up nothing but the time that is given it.
#[test]
fn an_entry_stands_whatever_a_witness_does() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let vkey = begun(directory);
    let served = Served::start(directory, &[&vkey]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(run(directory, &format!("witness add {url} {}", served.vkey)).0, 0);
    let before = Instant::now();
    let (exit, answer, told) = register(directory, "deedbook.db", "a");
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
    assert_eq!((exit, &answer["new"]), (0, &true.into()), "{answer}");
    assert!(told.contains("no answer"), "{told}");
    drop(silent);
    let (exit, _, told) = register(directory, "deedbook.db", "b");
    assert_eq!(exit, 0);
    assert!(told.contains("the quorum of 1 is NOT met"), "{told}");
    // What is refused is not asked about.
    let (exit, _, told) = run(directory, "register none --as wen");
    assert_eq!((exit, told.as_str()), (1, ""));
}

/// Answers every request with these bytes, one after another.
fn liar(replies: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for reply in replies {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            // All of it comes in one piece, or two.
            let _ = stream.read(&mut request);
            let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
            let _ = stream.read(&mut request);
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    url
}

fn reply(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
        Connection: close\r\n\r\n{body}"
    )
}

#[test]
fn what_a_witness_says_is_not_believed() {
    let size = |size: &str| reply("409 Conflict", "text/x.tlog.size", size);
    let plain = |status, body: &str| reply(status, "text/plain", body);
    let long = "a".repeat(1 << 20);
    let line = "\u{2014} witness.example/w1 AAAAAAAAAAAAAAAAAAAA\n";
    for (what, replies, code, exit) in [
        ("nothing", vec![plain("200 OK", "")], "cosignature", 1),
        ("no cosignature", vec![plain("200 OK", line)], "cosignature", 1),
        ("too much", vec![plain("200 OK", &long)], "unreadable", 1),
        ("no HTTP", vec!["hello\r\n\r\n".to_owned()], "unreachable", 1),
        ("a redirection", vec![plain("302 Found", "")], "refused", 1),
        ("a failure", vec![plain("500 Internal Server Error", "")], "refused", 1),
        ("a size that is none", vec![size("many\n")], "refused", 1),
        ("no end of sizes", vec![size("1\n"), size("2\n"), size("1\n")], "unsettled", 1),
        // It says so, and shows nothing.
        ("a size beyond", vec![size("99\n"), plain("404 Not Found", "")], "rolled_back", 3),
        ("another root", vec![size("2\n"), size("2\n"), plain("404 Not Found", "")], "forked", 3),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        let vkey = begun(directory);
        let served = Served::start(directory, &[&vkey]);
        let line = format!("witness add {} {}", liar(replies), served.vkey);
        assert_eq!(run(directory, &line).0, 0);
        let (found, answer, _) = run(directory, "witness collect");
        let first = assert_first(&answer, code);
        assert_eq!((found, &first["checkpoint"]), (exit, &Value::Null), "{what}: {answer}");
        assert_eq!(run(directory, "verify").1["cosignatures"], 0);
    }
}

/// The guards let a row in that says what nobody signed; verification does not.
#[test]
fn a_forged_cosignature_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let vkey = begun(directory);
    let served = Served::start(directory, &[&vkey]);
    for (witness, signature) in
        [(served.vkey.as_str(), "zeroblob(64)"), ("nobody", "randomblob(64)")]
    {
        let path = directory.join(format!("{}.db", signature.len()));
        std::fs::copy(directory.join("deedbook.db"), &path).unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        let insert = |size: u64| {
            let sql =
                format!("INSERT INTO cosignature VALUES ('{witness}', {size}, 7, {signature})");
            connection.execute_batch(&sql)
        };
        assert!(insert(2).is_ok());
        assert!(insert(2).is_err() && insert(3).is_err(), "once, and of a checkpoint");
        drop(connection);
        let line = format!("verify --ledger {}.db --head none", signature.len());
        let (exit, answer, _) = run(directory, &line);
        assert_eq!((exit, &answer["first_failure"]["entry"]), (3, &1.into()), "{answer}");
        assert!(answer["first_failure"]["reason"].as_str().unwrap().contains("cosignature"));
    }
}
