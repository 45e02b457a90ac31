//! Bundles taken apart and put together by code of the tests' own: a second writer of the format.

use deedbook::evidence::{EvidenceError, Policy, Verdict, verify};
use deedbook::ledger::gather;
use deedbook::record::{EntryNumber, RecordId};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

use crate::support::{Register, at, ledger_key};

/// The moment at which every bundle of these tests is sealed.
pub(crate) const SEALED: &str = "2026-06-01T00:00:00Z";

/// The bundle about something in a ledger.
pub(crate) fn sealed(register: &Register, id: RecordId) -> Vec<u8> {
    let reader = register.ledger().read().unwrap();
    let entry = reader.entry_number(&id).unwrap().unwrap();
    let draft = gather(&reader, entry).unwrap().draft(&reader).unwrap();
    draft.seal(&ledger_key(), at(SEALED)).unwrap()
}

pub(crate) fn number(register: &Register, id: RecordId) -> EntryNumber {
    register.ledger().read().unwrap().entry_number(&id).unwrap().unwrap()
}

pub(crate) fn proven(bytes: &[u8]) -> Verdict {
    verify(bytes, &Policy::default(), None).unwrap()
}

pub(crate) fn refusal(bytes: &[u8]) -> EvidenceError {
    match verify(bytes, &Policy::default(), None) {
        Ok(_) => panic!("the bundle holds"),
        Err(error) => error,
    }
}

/// The parts of a bundle, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts(pub(crate) BTreeMap<String, Vec<u8>>);

fn word(bytes: &[u8], place: usize) -> usize {
    u32::from_le_bytes(bytes[place..place + 4].try_into().unwrap()) as usize
}

impl Parts {
    /// Takes a bundle apart.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut parts = BTreeMap::new();
        let mut at = 0;
        while bytes[at..].starts_with(b"PK\x03\x04") {
            let size = word(bytes, at + 22);
            let name_size = usize::from(u16::from_le_bytes([bytes[at + 26], bytes[at + 27]]));
            let name = &bytes[at + 30..at + 30 + name_size];
            let start = at + 30 + name_size;
            let name = String::from_utf8(name.to_vec()).unwrap();
            parts.insert(name, bytes[start..start + size].to_vec());
            at = start + size;
        }
        Self(parts)
    }

    /// Puts the parts together, in order of their names.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, bytes) in &self.0 {
            let mut shared = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
            shared.extend(crc32fast::hash(bytes).to_le_bytes());
            let size = (bytes.len() as u32).to_le_bytes();
            shared.extend([size, size].concat());
            shared.extend((name.len() as u16).to_le_bytes());
            directory.extend([b"PK\x01\x02\x0a\x00", shared.as_slice(), &[0; 12]].concat());
            directory.extend((out.len() as u32).to_le_bytes());
            directory.extend(name.as_bytes());
            out.extend([b"PK\x03\x04", shared.as_slice(), &[0, 0], name.as_bytes()].concat());
            out.extend(bytes);
        }
        let count = (self.0.len() as u16).to_le_bytes();
        let end = [(directory.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes()];
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count, count].concat());
        out.extend(end.concat());
        out.extend([0, 0]);
        out
    }

    pub(crate) fn manifest(&self) -> Value {
        serde_json::from_slice(&self.0["manifest.json"]).unwrap()
    }

    /// Lets the manifest say what the parts are, in the one way in which it is written; the order
    /// of its keys stays as it was.
    pub(crate) fn list_anew(&mut self) {
        let text = String::from_utf8(self.0["manifest.json"].clone()).unwrap();
        let head = text[..text.find("  \"parts\": [").unwrap()].to_owned();
        let listed = self.0.iter().filter(|(name, _)| !is_outer(name)).map(|(name, bytes)| {
            let digest: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
            format!(
                "    {{\n      \"path\": {},\n      \"size\": {},\n      \"sha256\": \"{digest}\"\n    }}",
                json!(name),
                bytes.len()
            )
        });
        let listed: Vec<_> = listed.collect();
        let text = format!("{head}  \"parts\": [\n{}\n  ]\n}}\n", listed.join(",\n"));
        self.0.insert("manifest.json".to_owned(), text.into_bytes());
    }

    /// Leaves an entry out, everywhere.
    pub(crate) fn leave_out(&mut self, entry: u64) {
        self.0.remove(&format!("entries/{entry:06}.cbor")).unwrap();
        self.0.remove(&format!("receipts/{entry:06}.cose")).unwrap();
        let text = String::from_utf8(self.0["manifest.json"].clone()).unwrap();
        let line = format!("      {entry}");
        let mut lines: Vec<&str> = text.lines().collect();
        lines.retain(|found| found.trim_end_matches(',') != line);
        let mut text = lines.join("\n") + "\n";
        // The last of a list has no comma.
        text = text.replace(",\n    ]", "\n    ]");
        self.0.insert("manifest.json".to_owned(), text.into_bytes());
        self.list_anew();
    }

    /// Takes away the register's word, and what rests on nothing else.
    pub(crate) fn strip(&mut self) {
        self.0.remove("index.cose");
        self.0.remove("report.html");
        self.list_anew();
    }

    /// Signs the manifest with whatever key, in the header that it has.
    pub(crate) fn sign_anew(&mut self, key: &SigningKey) {
        let index = &self.0["index.cose"];
        // Tag, array of four, byte string with a length in one byte.
        let protected = index[4..4 + usize::from(index[3])].to_vec();
        assert_eq!(index[..3], [0xd2, 0x84, 0x58]);
        let mut signed = b"\x84\x6aSignature1\x58".to_vec();
        signed.push(protected.len() as u8);
        signed.extend(&protected);
        signed.push(0x40);
        let manifest = &self.0["manifest.json"];
        assert!(manifest.len() > 0xff && manifest.len() <= 0xffff);
        signed.push(0x59);
        signed.extend((manifest.len() as u16).to_be_bytes());
        signed.extend(manifest);
        let mut index = index[..index.len() - 64].to_vec();
        index.extend(key.sign(&signed).to_bytes());
        self.0.insert("index.cose".to_owned(), index);
    }
}

fn is_outer(name: &str) -> bool {
    name == "manifest.json" || name == "index.cose"
}
