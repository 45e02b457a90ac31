//! The commands, as a person types them, with OpenSSL as the authority and as the judge.

use super::{Authority, COMMON, openssl};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

fn deedbook(place: &Path, line: &str) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
    for variable in [
        "DEEDBOOK_LEDGER",
        "DEEDBOOK_KEYS",
        "DEEDBOOK_HEAD",
        "DEEDBOOK_VAULT",
        "DEEDBOOK_WITNESSES",
    ] {
        command.env_remove(variable);
    }
    let command = command.arg("--json").args(line.split(' ')).current_dir(place);
    let output = command.stdin(Stdio::null()).output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[track_caller]
fn done(place: &Path, line: &str) -> Value {
    let (code, answer) = deedbook(place, line);
    assert_eq!(code, 0, "{line}: {answer}");
    answer
}

#[track_caller]
fn refused(place: &Path, line: &str) -> String {
    let (code, answer) = deedbook(place, line);
    assert_eq!(code, 1, "{line}: {answer}");
    assert!(answer["error"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{answer}");
    answer["error"]["code"].as_str().unwrap().to_owned()
}

/// The keys in alphabetical order, which those of an object need not have.
fn keys(answer: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_checkpoint_is_stamped_listed_exported_and_verified() {
    let authority = Authority::new(COMMON);
    let place = authority.path();
    done(place, "init --name Northlight");
    done(place, "party add wen --role creator");
    assert_eq!(done(place, "timestamp list")["timestamps"], serde_json::json!([]));
    let asked = done(place, "timestamp request -o today.tsq");
    assert_eq!(keys(&asked), ["checkpoint", "digest", "nonce", "out"]);
    // The checkpoint is not the newest one any more when the answer comes.
    done(place, "party add bo --role creator");
    let reply =
        "ts -reply -config openssl.cnf -section stamps_conf -queryfile today.tsq -out today.tsr";
    assert!(openssl(place, reply).status.success());
    // Without its own key, which stays where it is safe.
    std::fs::rename(place.join("deedbook.db.key"), place.join("away")).unwrap();
    let attached = done(place, "timestamp attach today.tsr --trust root.pem");
    let needed =
        ["accuracy_ms", "at", "authority", "checkpoint", "new", "policy", "serial", "timestamp"];
    assert_eq!(keys(&attached), needed);
    assert_eq!(attached["checkpoint"], asked["checkpoint"]);
    assert_eq!(attached["authority"], "CN=stamp,O=Northlight Notaries,C=CN");
    let again = done(place, "timestamp attach today.tsr --trust root.pem");
    assert_eq!((&again["new"], &again["timestamp"]), (&false.into(), &attached["timestamp"]));
    let listed = done(place, "timestamp list");
    assert_eq!(listed["timestamps"][0]["at"], attached["at"]);
    let exported = done(place, "timestamp export -o out.tsr");
    assert_eq!(exported["data"], "out.tsr.checkpoint");
    let verify = "ts -verify -in out.tsr -data out.tsr.checkpoint -CAfile root.pem";
    let told = openssl(place, verify);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let digest = openssl(place, "dgst -sha256 -r out.tsr.checkpoint");
    let digest = String::from_utf8(digest.stdout).unwrap();
    assert_eq!(digest.split(' ').next(), asked["digest"].as_str());
    // The first checkpoint of all, stamped late.
    let early = done(place, "timestamp request --checkpoint 1");
    assert_eq!(early["out"], "checkpoint-1.tsq");
    assert_eq!(done(place, "verify")["ok"], true);
}

#[test]
fn what_a_person_gets_wrong_is_told() {
    let authority = Authority::new(COMMON);
    let place = authority.path();
    done(place, "init --name Northlight");
    done(place, "timestamp request -o today.tsq");
    let reply =
        "ts -reply -config openssl.cnf -section stamps_conf -queryfile today.tsq -out today.tsr";
    assert!(openssl(place, reply).status.success());
    std::fs::rename(place.join("today.tsq"), place.join("moved.tsq")).unwrap();
    for (line, code) in [
        ("timestamp attach today.tsr --trust root.pem", "timestamp_query_missing"),
        ("timestamp attach moved.tsq --trust root.pem", "timestamp_malformed"),
        ("timestamp attach today.tsr --trust moved.tsq --any-query", "timestamp_malformed"),
        ("timestamp attach today.tsr --trust stamp.key --any-query", "timestamp_malformed"),
        ("timestamp attach today.tsr --trust stamp.pem --any-query", "timestamp_untrusted"),
        ("timestamp attach today.tsr --trust root.pem --any-query --checkpoint 9", "no_checkpoint"),
        ("timestamp attach today.tsr --trust root.pem --query root.pem", "timestamp_malformed"),
        ("timestamp request -o moved.tsq", "file_exists"),
        ("timestamp request --checkpoint 9", "no_checkpoint"),
        ("timestamp export 0 -o out.tsr", "timestamp_missing"),
    ] {
        assert_eq!(refused(place, line), code, "{line}");
    }
    done(place, "timestamp request -o other.tsq");
    let line = "timestamp attach today.tsr --trust root.pem --query other.tsq";
    assert_eq!(refused(place, line), "timestamp_of_another_query");
    std::fs::write(place.join("junk"), vec![0x30; 10 << 20]).unwrap();
    let (code, answer) = deedbook(place, "timestamp attach junk --trust root.pem --any-query");
    assert_eq!(code, 1, "{answer}");
    assert_eq!(done(place, "timestamp list")["timestamps"], serde_json::json!([]));
    done(place, "timestamp attach today.tsr --trust root.pem --query moved.tsq");
}
