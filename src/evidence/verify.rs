//! The verifier: from the bytes of a bundle to what they prove.

use super::attestation::{Attestations, Seen, earliest};
use super::parts::Parts;
use super::{
    Attestation, Case, Claim, Completeness, EvidenceError, FileMatch, Index, LedgerKey, Manifest,
    OpenedPrompt, Page, PartName, Policy, SubjectKind, Verdict,
};
use crate::record::{
    Commitment, Digest, Entry, EntryNumber, Kind, Ledger, PublicKey, Record, Salt,
};
use crate::tlog::receipt::InclusionReceipt;
use crate::tlog::{CheckpointVerifier, leaf_hash};
use std::collections::BTreeMap;

/// Verifies a bundle, and says what it proves. `file` is the digest of a file that is said to be
/// what the bundle is about.
///
/// Everything is checked that the bundle says: each entry's place in the log by its receipt, each
/// statement's signature, and whether the register could have admitted each after those before it.
/// Nothing but the policy is trusted.
///
/// # Errors
/// [`EvidenceError`], the first reason why the bundle is not proven.
pub fn verify(
    bytes: &[u8],
    policy: &Policy,
    file: Option<Digest>,
) -> Result<Verdict, EvidenceError> {
    let (mut parts, manifest, written) = Parts::of(bytes)?;
    let entries = entries(&mut parts, &manifest)?;
    let opening = opening(&entries, &manifest)?;
    let (verifier, ledger) = trust(&opening, &manifest, policy)?;
    let attestations = Attestations::new(&verifier, policy, *ledger.thumbprint.as_bytes());
    let Seen { attestations, earlier, sightings } = attestations.check(&mut parts, &manifest)?;
    check_receipts(&mut parts, &manifest, &opening, &entries)?;
    check_subject(&manifest, &entries)?;
    let texts = texts(&mut parts, &entries)?;
    let read: Vec<_> =
        entries.iter().map(|(number, (entry, _))| (*number, entry.clone())).collect();
    let case = Case::replay(&read, &texts, manifest.subject.entry)?;
    let completeness = completeness(&mut parts, &manifest, (written, &opening.key), policy)?;
    let openings = openings(&mut parts, &entries)?;
    check_accounts(&mut parts, &entries)?;
    let page = page(&mut parts, completeness)?;
    parts.finish()?;
    let claim = |(number, (entry, _)): (&EntryNumber, &(Entry, _))| {
        let concerns_subject = manifest.selection.concerns.contains(number);
        let existed_by = earliest(&attestations, number.get()).cloned();
        claim(*number, entry, concerns_subject, existed_by)
    };
    let claims = entries.iter().map(claim).collect();
    let file = file.map(|digest| {
        let works = works_with(&entries, &digest);
        let is_told = |work: &EntryNumber| match manifest.subject.kind {
            SubjectKind::Work => *work == manifest.subject.entry,
            SubjectKind::Contract | SubjectKind::Party => manifest.selection.works.contains(work),
        };
        let is_of_subject = works.iter().any(is_told);
        FileMatch { digest, works, is_of_subject }
    });
    let mut verdict = Verdict {
        subject: manifest.subject,
        ledger,
        tree_size: manifest.tree_size,
        root: manifest.root,
        earlier,
        claims,
        attestations,
        completeness,
        works: manifest.selection.works,
        openings,
        file,
        page: Page::Missing,
        case,
    };
    verdict.page = super::page::compare(page, bytes.len(), &verdict, sightings);
    Ok(verdict)
}

/// The entries, in order, each with the bytes that it was read from.
type Entries<'a> = BTreeMap<EntryNumber, (Entry, &'a [u8])>;

/// Every entry that the manifest lists, and no other.
fn entries<'a>(parts: &mut Parts<'a>, manifest: &Manifest) -> Result<Entries<'a>, EvidenceError> {
    let mut entries = Entries::new();
    for number in manifest.selection.entries() {
        let bytes = parts.take(PartName::Entry(number))?;
        let entry =
            Entry::decode(bytes).map_err(|error| EvidenceError::Entry { entry: number, error })?;
        entries.insert(number, (entry, bytes));
    }
    Ok(entries)
}

/// The opening of the register.
fn opening(entries: &Entries<'_>, manifest: &Manifest) -> Result<Ledger, EvidenceError> {
    let origin = &manifest.origin;
    let first = entries.get(&EntryNumber::new(0)).map(|(entry, _)| entry.statement.record());
    match first {
        Some(Record::Ledger(ledger)) if ledger.origin == *origin => Ok(ledger.clone()),
        Some(_) | None => Err(EvidenceError::NoOpening { origin: origin.clone() }),
    }
}

/// The key that the opening names, and whether the policy knows it.
fn trust(
    opening: &Ledger,
    manifest: &Manifest,
    policy: &Policy,
) -> Result<(CheckpointVerifier, LedgerKey), EvidenceError> {
    let origin = manifest.origin.clone();
    let PublicKey::Ed25519(key) = &opening.key else {
        return Err(EvidenceError::NoOpening { origin });
    };
    let verifier = CheckpointVerifier::new(origin.clone(), *key.verifying_key())
        .map_err(EvidenceError::Checkpoint)?;
    let is_trusted = match policy.trusts(&verifier) {
        Some(false) => return Err(EvidenceError::LedgerUntrusted { origin }),
        Some(true) => true,
        None => false,
    };
    let verifier_key = verifier.verifier_key();
    let thumbprint = opening.key.thumbprint();
    Ok((verifier, LedgerKey { origin, verifier_key, thumbprint, is_trusted }))
}

/// Each entry is in the log, at its number, under the root of the checkpoint.
fn check_receipts(
    parts: &mut Parts<'_>,
    manifest: &Manifest,
    opening: &Ledger,
    entries: &Entries<'_>,
) -> Result<(), EvidenceError> {
    let PublicKey::Ed25519(key) = &opening.key else {
        return Err(EvidenceError::NoOpening { origin: manifest.origin.clone() });
    };
    let thumbprint = opening.key.thumbprint();
    for (number, (entry, bytes)) in entries {
        let number = *number;
        let failed = |error| EvidenceError::Receipt { entry: number, error };
        let differs = |what| Err(EvidenceError::ReceiptDiffers { entry: number, what });
        let receipt = parts.take(PartName::Receipt(number))?;
        let receipt = InclusionReceipt::from_bytes(receipt).map_err(failed)?;
        if receipt.leaf_index() != number.get() {
            return differs("entry");
        }
        if receipt.kid() != thumbprint.as_bytes() {
            return differs("key");
        }
        if receipt.claims().issuer != manifest.origin.as_str() {
            return differs("register");
        }
        if receipt.claims().subject != format!("entry:{}", entry.statement.id()) {
            return differs("statement");
        }
        if receipt.registered_at_ms() != entry.registered_at.as_millis() {
            return differs("time");
        }
        let root = receipt.verify(leaf_hash(bytes), key.verifying_key()).map_err(failed)?;
        if (receipt.tree_size(), root) != (manifest.tree_size, manifest.root) {
            return differs("tree");
        }
    }
    Ok(())
}

/// The texts of the standard forms, each under its digest. What is left is of no form here.
fn texts(
    parts: &mut Parts<'_>,
    entries: &Entries<'_>,
) -> Result<BTreeMap<Digest, String>, EvidenceError> {
    let mut texts = BTreeMap::new();
    for (entry, _) in entries.values() {
        let Record::Terms(terms) = entry.statement.record() else {
            continue;
        };
        for shown in &terms.texts {
            let digest = shown.digest;
            if texts.contains_key(&digest) {
                continue;
            }
            let part = PartName::Terms(digest);
            let found = text(part, parts.take(part)?)?;
            if Digest::of(found.as_bytes()) != digest {
                return Err(EvidenceError::TextDiffers { part });
            }
            texts.insert(digest, found.to_owned());
        }
    }
    Ok(texts)
}

/// The subject is what the manifest says, and the works whose title is told are works.
fn check_subject(manifest: &Manifest, entries: &Entries<'_>) -> Result<(), EvidenceError> {
    let subject = manifest.subject;
    let needed = subject.kind.record_kind();
    let found = entries.get(&subject.entry).map(|(entry, _)| &entry.statement);
    let fits = |found: &crate::record::Statement| {
        found.record().kind() == needed && found.id() == subject.id
    };
    if !found.is_some_and(fits) {
        let (entry, needed) = (subject.entry, needed.name());
        return Err(EvidenceError::SubjectDiffers { entry, needed });
    }
    for work in &manifest.selection.works {
        let found = entries.get(work).map(|(entry, _)| entry.statement.record().kind());
        if found != Some(Kind::Work) {
            let needed = Kind::Work.name();
            return Err(EvidenceError::SubjectDiffers { entry: *work, needed });
        }
    }
    Ok(())
}

/// Whether the register vouches for the manifest.
fn completeness(
    parts: &mut Parts<'_>,
    manifest: &Manifest,
    (written, key): (&[u8], &PublicKey),
    policy: &Policy,
) -> Result<Completeness, EvidenceError> {
    let tree_size = manifest.tree_size;
    let Some(index) = parts.take_if_there(PartName::Index) else {
        if policy.must_be_complete {
            return Err(EvidenceError::NotComplete);
        }
        return Ok(Completeness::NotProven { tree_size });
    };
    let index = Index::from_bytes(index)?;
    index.verify((&manifest.origin, &manifest.subject), written, key)?;
    Ok(Completeness::SignedByRegister { tree_size, signed_at_s: index.issued_at_s() })
}

/// What is revealed, each opening a commitment of a work or of a session in the bundle.
fn openings(
    parts: &mut Parts<'_>,
    entries: &Entries<'_>,
) -> Result<Vec<OpenedPrompt>, EvidenceError> {
    let mut committed: BTreeMap<Commitment, EntryNumber> = BTreeMap::new();
    for (number, (entry, _)) in entries {
        for commitment in entry.statement.record().commitments() {
            committed.entry(commitment).or_insert(*number);
        }
    }
    let mut openings = Vec::new();
    for part in parts.names() {
        let PartName::OpeningText(commitment) = part else {
            continue;
        };
        let bytes = parts.take(part)?.to_vec();
        let salt = parts.take(PartName::OpeningSalt(commitment))?;
        let differs = EvidenceError::OpeningDiffers { commitment };
        let salt = <[u8; 32]>::try_from(salt).map_err(|_| differs.clone())?;
        if Commitment::of(&Salt::from_bytes(salt), &bytes) != commitment {
            return Err(differs);
        }
        let entry = *committed.get(&commitment).ok_or(EvidenceError::PartWithoutUse { part })?;
        openings.push(OpenedPrompt { commitment, entry, bytes });
    }
    Ok(openings)
}

/// The figures of closed statements of account, each with the digest that was signed.
fn check_accounts(parts: &mut Parts<'_>, entries: &Entries<'_>) -> Result<(), EvidenceError> {
    for part in parts.names() {
        let PartName::Account(number) = part else {
            continue;
        };
        let closing = entries.get(&number).map(|(entry, _)| entry.statement.record());
        let Some(Record::StatementClosed(closed)) = closing else {
            return Err(EvidenceError::PartWithoutUse { part });
        };
        if Digest::of(parts.take(part)?) != closed.digest {
            return Err(EvidenceError::TextDiffers { part });
        }
    }
    Ok(())
}

/// The page for people. What it says rests on the register's signature of the manifest; without that
/// it must not be there.
fn page<'a>(
    parts: &mut Parts<'a>,
    completeness: Completeness,
) -> Result<Option<&'a str>, EvidenceError> {
    match completeness {
        Completeness::NotProven { .. } => Ok(None),
        Completeness::SignedByRegister { .. } => {
            let report = parts.take_if_there(PartName::Report);
            report.map(|report| text(PartName::Report, report)).transpose()
        }
    }
}

fn text(part: PartName, bytes: &[u8]) -> Result<&str, EvidenceError> {
    std::str::from_utf8(bytes).map_err(|_| EvidenceError::NotText { part })
}

fn works_with(entries: &Entries<'_>, digest: &Digest) -> Vec<EntryNumber> {
    let has = |entry: &Entry| {
        let Record::Work(work) = entry.statement.record() else {
            return false;
        };
        work.contents.iter().any(|content| content.digest == *digest)
    };
    entries.iter().filter(|(_, (entry, _))| has(entry)).map(|(number, _)| *number).collect()
}

fn claim(
    number: EntryNumber,
    entry: &Entry,
    concerns_subject: bool,
    existed_by: Option<Attestation>,
) -> Claim {
    let header = entry.statement.header();
    Claim {
        entry: number,
        id: entry.statement.id(),
        kind: entry.statement.record().kind(),
        signer: header.issuer.clone(),
        key: header.kid,
        registered_at: entry.registered_at,
        concerns_subject,
        existed_by,
    }
}
