//! Evidence on its way into a bundle: what was gathered, and how it becomes signed bytes.

use super::archive::{self, StoredPart};
use super::{Index, ListedPart, Manifest, PartName, Policy, SealError, Selection, Subject, verify};
use super::{FORMAT, VERSION};
use crate::record::{
    Commitment, Digest, Entry, EntryNumber, Ledger, PublicKey, Record, Salt, Timestamp,
};
use crate::tlog::receipt::{InclusionReceipt, ReceiptClaims};
use crate::tlog::{Checkpoint, CheckpointVerifier, InclusionProof, leaf_hash};
use ed25519_dalek::SigningKey;
use std::collections::BTreeMap;

/// An entry, and the proof that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftEntry {
    /// Its place.
    pub number: EntryNumber,
    /// The leaf data: [`Entry::leaf_data`].
    pub leaf: Vec<u8>,
    /// The way from it to the root of the checkpoint.
    pub proof: InclusionProof,
}

/// A commitment that is opened: the salt and the exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftOpening {
    /// The salt.
    pub salt: Salt,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a bundle is made of.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is about.
    pub subject: Subject,
    /// Which entries it has, and why.
    pub selection: Selection,
    /// The head of the log, a signed note with its cosignatures.
    pub checkpoint: String,
    /// The entries, in order, from the opening of the log on.
    pub entries: Vec<DraftEntry>,
    /// The texts of the standard forms among them.
    pub texts: BTreeMap<Digest, String>,
    /// The figures of closed statements of account, by the entry that closed them.
    pub accounts: BTreeMap<EntryNumber, String>,
    /// What is revealed; nothing else is.
    pub openings: Vec<DraftOpening>,
    /// Time stamps on the checkpoint, as the authorities gave them.
    pub time_stamps: Vec<Vec<u8>>,
    /// The page for people.
    pub report: Option<String>,
}

impl Draft {
    /// Signs a receipt for each entry and the manifest, with the register's own key, and packs all.
    /// The same draft at the same moment is the same bytes. The verifier has accepted them.
    ///
    /// # Errors
    /// [`SealError`]: another key than that of the register, or parts that are not what the
    /// verifier asks for.
    pub fn seal(self, key: &SigningKey, issued_at: Timestamp) -> Result<Vec<u8>, SealError> {
        let ledger = self.opening()?;
        let needed = ledger.key.thumbprint();
        let own = PublicKey::ed25519(key.verifying_key().as_bytes());
        let found = own.map_err(|_| SealError::KeyWeak)?.thumbprint();
        if found != needed {
            return Err(SealError::Key { found, needed });
        }
        let verifier = CheckpointVerifier::new(ledger.origin.clone(), key.verifying_key())?;
        let checkpoint = verifier.verify(&self.checkpoint)?;
        let parts = self.parts(&checkpoint, key, &ledger, issued_at)?;
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            origin: ledger.origin.clone(),
            tree_size: checkpoint.size,
            root: checkpoint.root,
            subject: self.subject,
            selection: self.selection,
            parts: parts.iter().map(|(name, bytes)| ListedPart::of(*name, bytes)).collect(),
        };
        let bytes = manifest.to_bytes();
        let signer = (key, needed);
        let index = Index::sign(&ledger.origin, &manifest.subject, issued_at, &bytes, signer);
        let index = index.to_bytes();
        let mut stored: Vec<_> =
            parts.iter().map(|(name, bytes)| StoredPart { name: *name, bytes }).collect();
        stored.push(StoredPart { name: PartName::Manifest, bytes: &bytes });
        stored.push(StoredPart { name: PartName::Index, bytes: &index });
        let packed = archive::pack(stored)?;
        match verify(&packed, &Policy::default(), None) {
            Ok(_) => Ok(packed),
            Err(error) => Err(SealError::Refused(error)),
        }
    }

    /// The opening of the register, which comes first.
    fn opening(&self) -> Result<Ledger, SealError> {
        let first = self.entries.first().ok_or(SealError::NoOpening)?;
        match Entry::decode(&first.leaf)?.statement.record() {
            Record::Ledger(ledger) => Ok(ledger.clone()),
            _ => Err(SealError::NoOpening),
        }
    }

    /// Every part but the manifest and the signature of it, in order of their names.
    fn parts(
        &self,
        checkpoint: &Checkpoint,
        key: &SigningKey,
        ledger: &Ledger,
        issued_at: Timestamp,
    ) -> Result<Vec<(PartName, Vec<u8>)>, SealError> {
        let text = |text: &String| text.clone().into_bytes();
        let mut parts = vec![(PartName::Checkpoint, text(&self.checkpoint))];
        parts.extend(self.report.iter().map(|page| (PartName::Report, text(page))));
        let kid = *ledger.key.thumbprint().as_bytes();
        for DraftEntry { number, leaf, proof } in &self.entries {
            let entry = Entry::decode(leaf)?;
            let claims = ReceiptClaims {
                issuer: ledger.origin.to_string(),
                subject: entry.statement.id().to_string(),
                issued_at_s: u64::try_from(issued_at.as_seconds()).unwrap_or_default(),
            };
            let receipt = InclusionReceipt::sign(
                &claims,
                kid,
                entry.registered_at.as_millis(),
                (number.get(), checkpoint.size),
                proof.clone(),
                checkpoint.root,
                key,
            )?;
            // That the proof leads to this root, before anybody else finds that it does not.
            receipt.verify(leaf_hash(leaf), &key.verifying_key())?;
            parts.push((PartName::Entry(*number), leaf.clone()));
            parts.push((PartName::Receipt(*number), receipt.to_bytes()));
        }
        parts.extend(self.texts.iter().map(|(digest, it)| (PartName::Terms(*digest), text(it))));
        parts.extend(self.accounts.iter().map(|(entry, it)| (PartName::Account(*entry), text(it))));
        for DraftOpening { salt, bytes } in &self.openings {
            let commitment = Commitment::of(salt, bytes);
            parts.push((PartName::OpeningSalt(commitment), salt.as_bytes().to_vec()));
            parts.push((PartName::OpeningText(commitment), bytes.clone()));
        }
        let stamps = (0..).zip(&self.time_stamps);
        parts.extend(stamps.map(|(place, bytes)| (PartName::TimeStamp(place), bytes.clone())));
        parts.sort_by_cached_key(|(name, _)| name.to_string());
        Ok(parts)
    }
}
