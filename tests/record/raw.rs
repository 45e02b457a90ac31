//! Statements put together byte by byte, so that tests can say what the library never would.

use super::golden::coset_parts;
use crate::support::{Key, Sample, samples};
use ciborium::Value;
use deedbook::record::{Kind, RecordError, Signer, Statement};

/// The parts of a statement before they are signed.
#[derive(Clone)]
pub(super) struct Raw {
    pub(super) protected: Vec<u8>,
    pub(super) unprotected: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

impl Raw {
    /// The parts of a kind's minimal sample, whose key is `wen`'s, the provider's or the ledger's.
    pub(super) fn minimal(kind: Kind) -> (Self, Key) {
        let Sample { key, .. } = sample(kind, "minimal");
        let statement = sample(kind, "minimal").statement();
        let [protected, payload] = coset_parts(statement.as_bytes());
        let unprotected = vec![0xa0];
        (Self { protected, unprotected, payload }, key)
    }

    /// The payload as a value.
    pub(super) fn payload_value(&self) -> Value {
        ciborium::from_reader(self.payload.as_slice()).unwrap()
    }

    /// Another payload.
    pub(super) fn with_payload(mut self, payload: &Value) -> Self {
        self.payload = encode(payload);
        self
    }

    /// The statement, with a signature that is good for what it says.
    pub(super) fn sign(&self, key: &Key) -> Vec<u8> {
        let mut to_sign = vec![0x84];
        to_sign.extend(encode(&Value::from("Signature1")));
        to_sign.extend(bytes(&self.protected));
        to_sign.push(0x40);
        to_sign.extend(bytes(&self.payload));
        self.frame(&key.sign(&to_sign).unwrap())
    }

    /// The statement with some signature.
    pub(super) fn frame(&self, signature: &[u8]) -> Vec<u8> {
        let mut out = vec![0xd2, 0x84];
        out.extend(bytes(&self.protected));
        out.extend(&self.unprotected);
        out.extend(bytes(&self.payload));
        out.extend(bytes(signature));
        out
    }

    /// What decoding says to it.
    pub(super) fn refused(&self) -> RecordError {
        Statement::decode(&self.frame(&[0; 64])).unwrap_err()
    }
}

pub(super) fn sample(kind: Kind, name: &str) -> Sample {
    samples()
        .into_iter()
        .find(|sample| sample.record.kind() == kind && sample.name == name)
        .unwrap()
}

/// The CBOR of a value, map keys in the order in which they stand.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).unwrap();
    out
}

/// The CBOR of a byte string.
pub(super) fn bytes(bytes: &[u8]) -> Vec<u8> {
    encode(&Value::Bytes(bytes.to_vec()))
}

/// The value under a text key of a map.
pub(super) fn member<'a>(map: &'a mut Value, key: &str) -> &'a mut Value {
    let pairs = map.as_map_mut().unwrap();
    let found = pairs.iter_mut().find(|(k, _)| k.as_text() == Some(key));
    &mut found.unwrap_or_else(|| panic!("no key {key}")).1
}
