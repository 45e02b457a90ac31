//! The decoders, what is whole for each, and what each has to keep to.

use super::{claim, evidence};
use crate::support::{ORIGIN, ledger_key, samples, signed_at};
use deedbook::record::{Entry, Statement};
use deedbook::tlog::{
    Checkpoint, CheckpointSigner, CheckpointVerifier, Frontier, Origin, leaf_hash,
};
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};

/// One decoder.
pub(super) struct Target {
    /// Its name, and that of its folder.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) seeds: fn() -> Vec<Vec<u8>>,
    /// Reads an input. Panics where it takes what it does not write again as it was; a refusal is
    /// told in words.
    pub(super) decode: fn(&[u8]) -> Result<(), String>,
    /// Fewest inputs that are tried, however short the time.
    pub(super) least: u64,
}

/// A decoder that takes microseconds.
const fn quick(
    name: &'static str,
    seeds: fn() -> Vec<Vec<u8>>,
    decode: fn(&[u8]) -> Result<(), String>,
) -> Target {
    Target { name, seeds, decode, least: 1000 }
}

pub(super) const TARGETS: &[Target] = &[
    quick("statement", statements, statement),
    quick("entry", entries, entry),
    quick("note", notes, note),
    quick("checkpoint", checkpoints, checkpoint),
    quick("receipt", evidence::receipts, evidence::receipt),
    quick("proof", evidence::proofs, evidence::proof),
    quick("cosignature", evidence::cosignatures, evidence::cosignature),
    quick("bundle", evidence::bundles, evidence::bundle),
    quick("claim-png", claim::pngs, claim::file),
    quick("claim-alpha", claim::alphas, claim::file),
    quick("claim-jpeg", claim::jpegs, claim::file),
    quick("claim-webp", claim::webps, claim::file),
    quick("claim-mp4", claim::movies, claim::file),
    quick("claim-markdown", claim::texts, claim::file),
    quick("claim-exif", claim::exifs, claim::exif),
    quick("claim-xmp", claim::packets, claim::packet),
    quick("claim-text", claim::conventions, claim::convention),
    quick("stamp", evidence::stamps, evidence::stamp),
];

fn statements() -> Vec<Vec<u8>> {
    samples().iter().map(|sample| sample.statement().as_bytes().to_vec()).collect()
}

fn statement(input: &[u8]) -> Result<(), String> {
    let statement = Statement::decode(input).map_err(|error| format!("{error:?}"))?;
    assert_eq!(statement.as_bytes(), input);
    let again = Statement::decode(statement.as_bytes()).unwrap();
    assert_eq!(again.record(), statement.record());
    Ok(())
}

fn entries() -> Vec<Vec<u8>> {
    let entry = |bytes: Vec<u8>| Entry::leaf_data(signed_at(), &bytes);
    statements().into_iter().map(entry).collect()
}

fn entry(input: &[u8]) -> Result<(), String> {
    let entry = Entry::decode(input).map_err(|error| format!("{error:?}"))?;
    assert_eq!(entry.to_bytes(), input);
    Ok(())
}

pub(super) fn origin() -> Origin {
    ORIGIN.parse().unwrap()
}

fn verifier() -> CheckpointVerifier {
    CheckpointVerifier::new(origin(), ledger_key().verifying_key()).unwrap()
}

pub(super) fn heads() -> Vec<Checkpoint> {
    let mut frontier = Frontier::empty();
    let mut heads = Vec::new();
    for leaf in 0..40_u8 {
        frontier.append(leaf_hash(&[leaf])).unwrap();
        heads.push(Checkpoint { origin: origin(), size: frontier.size(), root: frontier.root() });
    }
    heads
}

fn notes() -> Vec<Vec<u8>> {
    let signer = CheckpointSigner::new(origin(), ledger_key());
    heads()
        .iter()
        .map(|head| signer.sign(head.size, head.root).unwrap().note.into_bytes())
        .collect()
}

fn note(input: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())?;
    let head = verifier().verify(text).map_err(|error| format!("{error:?}"))?;
    assert!(text.starts_with(&head.to_text()));
    Ok(())
}

fn checkpoints() -> Vec<Vec<u8>> {
    heads().iter().map(|head| head.to_text().into_bytes()).collect()
}

/// The text of a checkpoint under a signature that holds, so that what is fuzzed is the text.
fn checkpoint(input: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())?;
    let key = ledger_key();
    // C2SP signed-note: the first four bytes of SHA-256 over name, line end, algorithm and key.
    let mut named = ORIGIN.as_bytes().to_vec();
    named.extend_from_slice(b"\n\x01");
    named.extend_from_slice(key.verifying_key().as_bytes());
    let mut line = Sha256::digest(&named)[..4].to_vec();
    line.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
    use base64::Engine as _;
    let line = base64::engine::general_purpose::STANDARD.encode(line);
    let note = format!("{text}\n\u{2014} {ORIGIN} {line}\n");
    let head = verifier().verify(&note).map_err(|error| format!("{error:?}"))?;
    assert_eq!(head.to_text(), text);
    Ok(())
}
