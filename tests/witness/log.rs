//! A log in memory, and forks of it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use deedbook::tlog::{
    CheckpointSigner, CheckpointVerifier, Frontier, Hash, NodeAddress, NodeReader, TlogError,
    consistency_proof, leaf_hash,
};
use ed25519_dalek::SigningKey;

pub(crate) const ORIGIN: &str = "register.example/deeds";

/// Every node and every root of a tree.
pub(crate) struct Log {
    rows: Vec<Vec<Hash>>,
    roots: Vec<Hash>,
    pub(crate) signer: CheckpointSigner,
}

impl NodeReader for Log {
    type Error = TlogError;

    fn read_nodes(&self, addresses: &[NodeAddress]) -> Result<Vec<Hash>, TlogError> {
        let read = |address: &NodeAddress| self.rows[address.entry() as usize][address.position()];
        Ok(addresses.iter().map(read).collect())
    }
}

impl Log {
    /// A log of so many leaves, of which those from `fork` on are of the branch.
    pub(crate) fn new(size: u64, fork: u64, branch: &str) -> Self {
        let origin = ORIGIN.parse().unwrap();
        let signer = CheckpointSigner::new(origin, SigningKey::from_bytes(&[1; 32]));
        let mut log = Self { rows: Vec::new(), roots: Vec::new(), signer };
        let mut frontier = Frontier::empty();
        log.roots.push(frontier.root());
        for number in 0..size {
            let leaf =
                if number < fork { format!("{number}") } else { format!("{branch} {number}") };
            log.rows.push(frontier.append(leaf_hash(leaf.as_bytes())).unwrap());
            log.roots.push(frontier.root());
        }
        log
    }

    pub(crate) fn vkey(&self) -> String {
        let key = self.signer.verifying_key();
        CheckpointVerifier::new(self.signer.origin().clone(), key).unwrap().verifier_key()
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        self.roots[size as usize]
    }

    pub(crate) fn note(&self, size: u64) -> String {
        self.signer.sign(size, self.root(size)).unwrap().note
    }

    pub(crate) fn proof(&self, old_size: u64, size: u64) -> Vec<String> {
        if old_size == 0 || old_size > size {
            return Vec::new();
        }
        let proof = consistency_proof(old_size, size, self).unwrap();
        proof.hashes().iter().map(|hash| BASE64_STANDARD.encode(hash.as_bytes())).collect()
    }

    /// The body of a request, put together from the words of C2SP tlog-witness.
    pub(crate) fn request(&self, old_size: u64, size: u64) -> String {
        body(old_size, &self.proof(old_size, size), &self.note(size))
    }
}

pub(crate) fn body(old_size: u64, proof: &[String], note: &str) -> String {
    let lines: String = proof.iter().map(|line| format!("{line}\n")).collect();
    format!("old {old_size}\n{lines}\n{note}")
}
