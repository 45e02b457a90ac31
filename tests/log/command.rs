//! The commands, run as a script runs them.

use super::register_of;
use crate::support::{Register, ledger_key};
use deedbook::record::TransparentStatement;
use deedbook::tlog::receipt::{ConsistencyReceipt, InclusionReceipt};
use deedbook::tlog::{LogProof, leaf_hash};
use serde_json::Value;
use std::fs;
use std::process::{Command, Output, Stdio};

/// A ledger of twelve entries with its key beside it, closed.
fn place() -> Register {
    let mut register = register_of(12);
    register.close();
    let key = ssh_key::PrivateKey::new(
        ssh_key::private::KeypairData::Ed25519(ssh_key::private::Ed25519Keypair::from(
            &ledger_key(),
        )),
        "ledger",
    );
    let text = key.unwrap().to_openssh(ssh_key::LineEnding::LF).unwrap();
    let path = register.directory().join("deedbook.db.key");
    fs::write(&path, text.as_bytes()).unwrap();
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&path, owner_only).unwrap();
    register
}

fn run(register: &Register, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deedbook"))
        .args(words)
        .current_dir(register.directory())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn json(register: &Register, words: &[&str]) -> Value {
    let output = run(register, &[&["--json"], words].concat());
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {told}");
    serde_json::from_str(&told).unwrap()
}

fn refused(register: &Register, words: &[&str]) -> (i32, String) {
    let output = run(register, &[&["--json"], words].concat());
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), told["error"]["code"].as_str().unwrap().to_owned())
}

/// The keys in alphabetical order, which those of an object need not have.
fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn receipts_are_written_as_they_are_told() {
    let register = place();
    let told = json(&register, &["receipt", "#3", "-o", "3.receipt"]);
    assert_eq!(
        keys(&told),
        [
            "entry",
            "issued_at",
            "issuer",
            "kid",
            "path",
            "proves",
            "registered_at",
            "subject",
            "transparent_statement",
            "tree_size"
        ]
    );
    let bytes = fs::read(register.directory().join("3.receipt")).unwrap();
    let receipt = InclusionReceipt::from_bytes(&bytes).unwrap();
    assert_eq!(told["proves"], "inclusion");
    assert_eq!((told["entry"].as_u64(), told["tree_size"].as_u64()), (Some(3), Some(12)));
    assert_eq!(told["subject"], receipt.claims().subject);

    let told = json(&register, &["receipt", "#3", "--transparent", "-o", "3.scitt"]);
    assert_eq!(told["transparent_statement"], true);
    let bytes = fs::read(register.directory().join("3.scitt")).unwrap();
    assert_eq!(TransparentStatement::decode(&bytes).unwrap().receipts().len(), 1);

    let told = json(&register, &["receipt", "--since", "5", "--size", "9", "-o", "grown.receipt"]);
    let needed = ["issued_at", "issuer", "kid", "old_size", "path", "proves", "subject"];
    assert_eq!(keys(&told)[..7], needed);
    let bytes = fs::read(register.directory().join("grown.receipt")).unwrap();
    let receipt = ConsistencyReceipt::from_bytes(&bytes).unwrap();
    assert_eq!((receipt.old_size(), receipt.new_size()), (5, 9));

    let text = run(&register, &["receipt", "#3", "-o", "again.receipt"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.starts_with("Receipt for entry #3\n"), "{text}");
    for (words, code) in [
        (&["receipt", "#3", "-o", "3.receipt"][..], "file_exists"),
        (&["receipt", "#12", "-o", "12.receipt"], "not_found"),
        (&["receipt", "--since", "0", "-o", "0.receipt"], "tree"),
        (&["receipt", "--since", "13", "-o", "13.receipt"], "tree"),
        (&["receipt", "--since", "3", "--size", "99", "-o", "x"], "no_checkpoint"),
    ] {
        assert_eq!(refused(&register, words), (1, code.to_owned()), "{words:?}");
    }
    assert_eq!(refused(&register, &["receipt", "#3"]).0, 2);
    fs::remove_file(register.directory().join("deedbook.db.key")).unwrap();
    let without = refused(&register, &["receipt", "#3", "-o", "new.receipt"]);
    assert_eq!(without, (1, "no_ledger_key".to_owned()));
}

#[test]
fn checkpoints_and_proofs_need_no_key() {
    let register = place();
    fs::remove_file(register.directory().join("deedbook.db.key")).unwrap();
    let shown = json(&register, &["checkpoint", "show"]);
    assert_eq!(keys(&shown), ["note", "origin", "path", "root", "size", "verifier_key"]);
    assert_eq!((shown["size"].as_u64(), &shown["path"]), (Some(12), &Value::Null));
    let told = json(&register, &["checkpoint", "export", "-o", "head.checkpoint"]);
    let written = fs::read_to_string(register.directory().join("head.checkpoint")).unwrap();
    assert_eq!(written, shown["note"].as_str().unwrap());
    assert_eq!(told["path"], "head.checkpoint");
    let text = run(&register, &["checkpoint", "show"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains(&written), "{text}");
    let none = refused(&register, &["checkpoint", "show", "--size", "11"]);
    assert_eq!(none, (1, "no_checkpoint".to_owned()));

    let told = json(&register, &["proof", "#3", "--with-entry", "-o", "3.tlog-proof"]);
    assert_eq!(keys(&told), ["entry", "hashes", "path", "tree_size", "with_entry"]);
    let written = fs::read_to_string(register.directory().join("3.tlog-proof")).unwrap();
    let proof = LogProof::from_text(&written).unwrap();
    let ledger = register.open(deedbook::ledger::Access::Read).unwrap();
    let leaf = leaf_hash(proof.extra().unwrap());
    assert_eq!(proof.verify(leaf, ledger.verifier()).unwrap().size, 12);
    assert_eq!(told["hashes"].as_u64(), Some(proof.path().hashes().len() as u64));
}

#[test]
fn the_log_is_published_once() {
    let register = place();
    let told = json(&register, &["log", "publish", "www/log"]);
    let needed = ["files", "old_size", "origin", "path", "root", "size", "size_bytes"];
    assert_eq!(keys(&told), needed);
    let count = |told: &Value| (told["files"].as_u64(), told["old_size"].as_u64());
    assert_eq!(count(&told), (Some(3), Some(0)));
    let again = json(&register, &["log", "publish", "www/log"]);
    assert_eq!(count(&again), (Some(0), Some(12)));
    let text = run(&register, &["log", "publish", "www/log"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("is published already"), "{text}");
    fs::write(register.directory().join("www/log/checkpoint"), "something else").unwrap();
    let other = refused(&register, &["log", "publish", "www/log"]);
    assert_eq!(other, (1, "published_other".to_owned()));
}
