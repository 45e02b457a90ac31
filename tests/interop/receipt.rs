//! Statements and receipts in the hands of programs that are not ours.

use super::needs_all;
use crate::log::{grow, leaf_data, register_of};
use crate::support::{Actor, Key, Register, ledger_key, party, samples};
use deedbook::record::{EntryNumber, Kind, PublicKey, Role};
use deedbook::tlog::root_at;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Verifies each statement and receipt of a directory, and then with every byte changed.
const SCITT: &str = r#"
import json, sys
from pathlib import Path
from scitt_cose import extract_receipts, parse_signed_statement, verify_receipt, verify_sign1
place = Path(sys.argv[1])
ledger = (place / "ledger.pem").read_bytes()
told = {"statements": 0, "receipts": 0, "changed": 0, "accepted": []}
for path in sorted(place.glob("*.leaf")):
    name = path.stem
    part = lambda suffix: (place / (name + suffix)).read_bytes()
    leaf, key = path.read_bytes().hex(), part(".pem")
    def statement(data):
        return parse_signed_statement(data, public_key_pem=key)["signature_verified"] is True
    def receipt(data):
        return verify_receipt(data, leaf_entry_hex=leaf, log_public_key_pem=ledger)
    assert statement(part(".statement")), name
    found = receipt(part(".receipt"))
    assert found.ok, (name, found.errors)
    expected = json.loads(part(".json"))
    for field, value in expected.items():
        assert getattr(found, field) == value, (name, field, getattr(found, field), value)
    whole = part(".scitt")
    assert extract_receipts(whole) == [part(".receipt")], name
    assert statement(whole), name
    told["statements"] += 1
    told["receipts"] += 1
    other = receipt(part(".receipt")[:-1] + bytes([part(".receipt")[-1] ^ 1]))
    assert not other.ok and other.failed_at == "signature", name
    for suffix, accepts in [(".statement", statement), (".receipt", lambda data: receipt(data).ok)]:
        data = part(suffix)
        for at in range(len(data)):
            for changed_by in (0x01, 0x80):
                changed = data[:at] + bytes([data[at] ^ changed_by]) + data[at + 1:]
                told["changed"] += 1
                if accepts(changed):
                    told["accepted"].append([name + suffix, at, changed_by])
        if accepts(data[:-1]) or accepts(data + b"\0"):
            told["accepted"].append([name + suffix, "length"])
print(json.dumps(told))
"#;

/// Reads every record of a directory and says its kind, with the subject of the header.
const CBOR: &str = r#"
import json, sys
from collections.abc import Mapping
from pathlib import Path
import cbor2
kinds = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    message = cbor2.loads(path.read_bytes())
    assert message.tag == 18, path
    protected, unprotected, payload, signature = message.value
    header, record = cbor2.loads(protected), cbor2.loads(payload)
    assert dict(unprotected) == {} and len(signature) == 64, path
    assert set(header) == {1, 3, 4, 15} and set(header[15]) == {1, 2, 6}, path
    assert record["v"] == 1 and isinstance(record["record"], Mapping), path
    kinds.append(record["kind"])
print(json.dumps(kinds))
"#;

/// Verifies each receipt of consistency of a directory; the signature is checked by Node, since
/// the library's own check knows ECDSA alone.
const CONSISTENCY: &str = r#"
const fs = require('fs'), crypto = require('crypto'), path = require('path')
const cose = require('@transmute/cose')
const place = process.argv[1]
const key = crypto.createPublicKey(fs.readFileSync(path.join(place, 'ledger.pem')))
const verifier = { verify: async ({ coseSign1, payload }) => {
  const [header, , , signature] = cose.cbor.decode(coseSign1).value
  const signed = cose.cbor.encode(['Signature1', header, Buffer.alloc(0), Buffer.from(payload)])
  if (!crypto.verify(null, signed, key, Buffer.from(signature))) throw new Error('signature')
  return payload
} }
const accepts = async (receipt, oldRoot, newRoot) => {
  try {
    return await cose.receipt.consistency.verify({ oldRoot, newRoot, receipt, verifier }) === true
  } catch (error) { return false }
}
;(async () => {
  const told = { receipts: 0, refused: [], changed: 0, accepted: [] }
  for (const { file, old_root, new_root } of JSON.parse(fs.readFileSync(path.join(place, 'cases.json')))) {
    const receipt = fs.readFileSync(path.join(place, file))
    const [oldRoot, newRoot] = [old_root, new_root].map((root) => Buffer.from(root, 'hex'))
    told.receipts += 1
    if (!await accepts(receipt, oldRoot, newRoot)) told.refused.push(file)
    if (await accepts(receipt, newRoot, newRoot)) told.accepted.push([file, 'old root'])
    if (await accepts(receipt, oldRoot, oldRoot)) told.accepted.push([file, 'new root'])
    // The hashes of the path and the signature; what stands before them the library reads loosely.
    for (let at = receipt.length - 100; at < receipt.length; at += 1) {
      if (at >= receipt.length - 67 && at < receipt.length - 64) continue
      const changed = Buffer.from(receipt)
      changed[at] ^= 1
      told.changed += 1
      if (await accepts(changed, oldRoot, newRoot)) told.accepted.push([file, at])
    }
  }
  console.log(JSON.stringify(told))
})()
"#;

/// Runs a script; nothing where the program or what it needs is missing, which is told.
fn run(variable: &str, name: &str, words: &[&str], place: &Path) -> Option<serde_json::Value> {
    let chosen: Option<OsString> = std::env::var_os(variable);
    let mut command = if name == "node" {
        let mut command = Command::new(name);
        command.env("NODE_PATH", chosen.unwrap_or_default());
        command
    } else {
        Command::new(chosen.unwrap_or_else(|| name.into()))
    };
    let probe = if name == "node" {
        command.args(["-e", "require('@transmute/cose')"]).output()
    } else {
        command.args(["-c", "import cbor2, scitt_cose"]).output()
    };
    if !probe.is_ok_and(|probe| probe.status.success()) {
        println!("skipped: {variable} names no `{name}` with what is needed");
        assert!(!needs_all(), "a program is missing, see above");
        return None;
    }
    let program = command.get_program().to_owned();
    let mut again = Command::new(program);
    again.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = again.args(words).arg(place).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// A public key as OpenSSL writes it (RFC 8410, RFC 5480).
fn pem(key: &PublicKey) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let head: &[u8] = match key {
        PublicKey::Ed25519(_) => {
            &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
        }
        PublicKey::P256(_) => &[
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
        ],
    };
    let text = BASE64_STANDARD.encode([head, &key.to_bytes()].concat());
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn ledger_public() -> PublicKey {
    PublicKey::ed25519(ledger_key().verifying_key().as_bytes()).unwrap()
}

/// A ledger in which parties enrol with keys of both kinds.
fn register() -> (Register, Vec<(u64, PublicKey)>) {
    let mut register = Register::create();
    let mut signed = vec![(0, ledger_public())];
    for (number, key) in
        [Key::ed25519(40), Key::p256(41), Key::ed25519(42), Key::p256(43)].into_iter().enumerate()
    {
        let public = deedbook::record::Signer::public_key(&key);
        let actor = Actor::new(&format!("party-{number}"), 40).with_key(key);
        register.record(&actor, party(&actor, Role::Creator));
        signed.push((number as u64 + 1, public));
    }
    (register, signed)
}

/// Python's scitt-cose verifies statements by both kinds of keys, their receipts and both in one,
/// and refuses each of them with any byte changed.
#[test]
#[ignore = "runs another program"]
fn long_scitt_cose_verifies_statements_and_receipts() {
    let (register, signed) = register();
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    let place = tempfile::tempdir().unwrap();
    let write = |name: String, bytes: &[u8]| fs::write(place.path().join(name), bytes).unwrap();
    write("ledger.pem".to_owned(), pem(&ledger_public()).as_bytes());
    for (number, key) in &signed {
        let entry = EntryNumber::new(*number);
        let receipt = ledger.inclusion_receipt(&reader, entry).unwrap();
        let whole = ledger.transparent_statement(&reader, entry).unwrap();
        let root = ledger.signed_checkpoint(&reader, None).unwrap().checkpoint.root;
        let expected = serde_json::json!({
            "root": root.to_string(),
            "tree_size": receipt.tree_size(),
            "leaf_index": number,
            "iat": receipt.claims().issued_at_s,
            "issuer": receipt.claims().issuer,
            "subject": receipt.claims().subject,
        });
        write(format!("{number}.statement"), whole.statement().as_bytes());
        write(format!("{number}.receipt"), &receipt.to_bytes());
        write(format!("{number}.scitt"), &whole.to_bytes());
        write(format!("{number}.leaf"), &leaf_data(&register, *number));
        write(format!("{number}.pem"), pem(key).as_bytes());
        write(format!("{number}.json"), expected.to_string().as_bytes());
    }
    let told = run("DEEDBOOK_SCITT_PYTHON", "python3", &["-c", SCITT], place.path());
    let Some(told) = told else {
        return;
    };
    assert_eq!(told["statements"].as_u64(), Some(signed.len() as u64), "{told}");
    assert_eq!(told["accepted"], serde_json::json!([]), "{told}");
    assert!(told["changed"].as_u64().unwrap() > 4_000, "{told}");
}

/// Python's cbor2 reads every kind of record.
#[test]
#[ignore = "runs another program"]
fn long_cbor2_reads_every_kind_of_record() {
    let place = tempfile::tempdir().unwrap();
    for (number, sample) in samples().iter().enumerate() {
        let path = place.path().join(format!("{number:03}"));
        fs::write(path, sample.statement().as_bytes()).unwrap();
    }
    let told = run("DEEDBOOK_SCITT_PYTHON", "python3", &["-c", CBOR], place.path());
    let Some(told) = told else {
        return;
    };
    let told: Vec<String> = serde_json::from_value(told).unwrap();
    let ours: Vec<&str> = samples().iter().map(|sample| sample.record.kind().name()).collect();
    assert_eq!(told, ours);
    let kinds: BTreeSet<&str> = ours.into_iter().collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
}

/// npm's @transmute/cose verifies receipts of consistency, where it serves: its version 0.2 leaves
/// out the step of RFC 9162 section 2.1.4.2 that puts the old root before the path when the old
/// size is a power of two, and so refuses all such proofs, also right ones; and it checks no EdDSA
/// signature, which is left to Node here.
#[test]
#[ignore = "runs another program"]
fn long_transmute_cose_verifies_consistency() {
    let mut register = register_of(8);
    let creator = crate::log::creator(&register);
    grow(&mut register, creator, 40);
    let ledger = register.ledger();
    let reader = ledger.read().unwrap();
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("ledger.pem"), pem(&ledger_public())).unwrap();
    let mut cases = Vec::new();
    let sizes = (3..40).flat_map(|old| [(old, 40), (old, old + 1)]);
    for (old, new) in sizes.filter(|(old, _): &(u64, u64)| !old.is_power_of_two()) {
        let receipt = ledger.consistency_receipt(&reader, old, Some(new)).unwrap();
        let file = format!("{old}-{new}.receipt");
        fs::write(place.path().join(&file), receipt.to_bytes()).unwrap();
        let root = |size| root_at(size, &reader).unwrap().to_string();
        cases.push(
            serde_json::json!({ "file": file, "old_root": root(old), "new_root": root(new) }),
        );
    }
    let count = cases.len() as u64;
    let cases = serde_json::Value::Array(cases).to_string();
    fs::write(place.path().join("cases.json"), cases).unwrap();
    let told = run("DEEDBOOK_COSE_JS", "node", &["-e", CONSISTENCY], place.path());
    let Some(told) = told else {
        return;
    };
    assert_eq!(told["receipts"].as_u64(), Some(count), "{told}");
    assert_eq!(told["refused"], serde_json::json!([]), "{told}");
    assert_eq!(told["accepted"], serde_json::json!([]), "{told}");
}
