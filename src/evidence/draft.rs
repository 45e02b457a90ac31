//! Evidence on its way into a bundle: what was gathered, and how it becomes signed bytes.

use super::archive::{self, StoredPart};
use super::{
    Case, Cosigned, FORMAT, Index, ListedPart, Manifest, PartName, Policy, Proof, SealError,
    SeenEarlier, Selection, Subject, TimeStamped, VERSION, report, verify,
};
use crate::record::{
    Commitment, Digest, Entry, EntryNumber, Ledger, PublicKey, Record, Salt, Timestamp,
};
use crate::timestamp::TimestampAnswer;
use crate::tlog::receipt::{ConsistencyReceipt, InclusionReceipt, ReceiptClaims};
use crate::tlog::{
    Checkpoint, CheckpointVerifier, ConsistencyProof, Cosignature, InclusionProof, leaf_hash,
};
use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};
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

/// A checkpoint, and what others say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftCheckpoint {
    /// The note as the register signed it.
    pub note: String,
    /// What witnesses signed about it.
    pub cosignatures: Vec<Cosignature>,
    /// Time stamps on the note, as the authorities gave them.
    pub time_stamps: Vec<Vec<u8>>,
}

/// An earlier head of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftEarlier {
    /// The head.
    pub checkpoint: DraftCheckpoint,
    /// The proof that the log extends it.
    pub proof: ConsistencyProof,
}

impl DraftCheckpoint {
    fn parts(&self, name: PartName, size: u64) -> Vec<(PartName, Vec<u8>)> {
        let mut parts = vec![(name, self.note.clone().into_bytes())];
        if !self.cosignatures.is_empty() {
            let lines: String = self.cosignatures.iter().map(Cosignature::to_line).collect();
            parts.push((PartName::Cosignatures(size), lines.into_bytes()));
        }
        let stamps = (0..).zip(&self.time_stamps);
        parts.extend(stamps.map(|(place, it)| (PartName::TimeStamp(size, place), it.clone())));
        parts
    }
}

impl DraftCheckpoint {
    /// The witnesses, for the page.
    fn cosigned(&self) -> Result<Vec<Cosigned>, SealError> {
        Ok(Cosigned::all(&self.cosignatures.iter().map(Cosignature::to_line).collect::<String>())?)
    }

    /// The time stamps, for the page.
    fn stamped(&self) -> Result<Vec<TimeStamped>, SealError> {
        let digest: [u8; 32] = Sha256::digest(self.note.as_bytes()).into();
        let stamped = |answer: &Vec<u8>| {
            let stamped = TimestampAnswer::from_der(answer)?.verify_signature(&digest)?;
            let latest_ms = stamped.at_ms.saturating_add(stamped.accuracy_ms.unwrap_or_default());
            Ok(TimeStamped { authority: stamped.authority, at: moment(latest_ms) })
        };
        self.time_stamps.iter().map(stamped).collect()
    }
}

/// A moment in milliseconds since 1970; one beyond the range is the last there is.
fn moment(millis: u64) -> Timestamp {
    let millis = i64::try_from(millis).unwrap_or(i64::MAX);
    Timestamp::from_millis(millis).unwrap_or(Timestamp::MAX)
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
    /// The head of the log.
    pub checkpoint: DraftCheckpoint,
    /// Earlier heads that others saw.
    pub earlier: Vec<DraftEarlier>,
    /// The entries, in order, from the opening of the log on.
    pub entries: Vec<DraftEntry>,
    /// The texts of the standard forms among them.
    pub texts: BTreeMap<Digest, String>,
    /// The figures of closed statements of account, by the entry that closed them.
    pub accounts: BTreeMap<EntryNumber, String>,
    /// What is revealed; nothing else is.
    pub openings: Vec<DraftOpening>,
}

impl Draft {
    /// Signs a receipt for each entry and the manifest, with the register's own key, and packs all.
    /// The same draft at the same moment is the same bytes. The verifier has accepted them.
    ///
    /// # Errors
    /// [`SealError`]: another key than that of the register, or parts that are not what the
    /// verifier asks for.
    pub fn seal(self, key: &SigningKey, issued_at: Timestamp) -> Result<Vec<u8>, SealError> {
        // The signature of the manifest says when in whole seconds, and the page says the same.
        let whole_ms = issued_at.as_seconds().saturating_mul(1000);
        let issued_at = Timestamp::from_millis(whole_ms).unwrap_or(issued_at);
        let ledger = self.opening()?;
        let needed = ledger.key.thumbprint();
        let own = PublicKey::ed25519(key.verifying_key().as_bytes());
        let found = own.map_err(|_| SealError::KeyWeak)?.thumbprint();
        if found != needed {
            return Err(SealError::Key { found, needed });
        }
        let verifier = CheckpointVerifier::new(ledger.origin.clone(), key.verifying_key())?;
        let checkpoint = verifier.verify(&self.checkpoint.note)?;
        let mut parts = self.parts(&checkpoint, key, &ledger, issued_at)?;
        let earlier = self.seen_earlier(&verifier)?;
        let page = self.page(&checkpoint, &ledger, issued_at, earlier)?;
        parts.push((PartName::Report, page.into_bytes()));
        parts.extend(self.earlier_parts(&checkpoint, &verifier, (key, &ledger, issued_at))?);
        parts.sort_by_cached_key(|(name, _)| name.to_string());
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

    /// The page for people, as of the moment at which the bundle is sealed.
    fn page(
        &self,
        head: &Checkpoint,
        ledger: &Ledger,
        issued_at: Timestamp,
        earlier: Vec<SeenEarlier>,
    ) -> Result<String, SealError> {
        let read = |it: &DraftEntry| Ok((it.number, Entry::decode(&it.leaf)?));
        let entries = self.entries.iter().map(read).collect::<Result<Vec<_>, SealError>>()?;
        let case = Case::replay(&entries, &self.texts, self.subject.entry)?;
        let opening = |it: &DraftOpening| (Commitment::of(&it.salt, &it.bytes), it.bytes.clone());
        let size = head.size;
        let proof = Proof {
            origin: ledger.origin.clone(),
            tree_size: size,
            root: head.root,
            register_key: ledger.key.thumbprint(),
            cosignatures: self.checkpoint.cosigned()?,
            time_stamps: self.checkpoint.stamped()?,
            earlier,
            completeness: Proof::signed_completeness(size),
            concerns: self.selection.concerns.clone(),
            works: self.selection.works.clone(),
            openings: self.openings.iter().map(opening).collect(),
            as_of: Proof::as_of_second(issued_at.as_seconds()).unwrap_or(issued_at),
        };
        Ok(report(&case, &proof)?)
    }

    /// What others say of the earlier heads, for the page.
    fn seen_earlier(&self, verifier: &CheckpointVerifier) -> Result<Vec<SeenEarlier>, SealError> {
        let mut seen = Vec::new();
        for DraftEarlier { checkpoint, .. } in &self.earlier {
            let tree_size = verifier.verify(&checkpoint.note)?.size;
            let by = |by, is_time_stamp, at| SeenEarlier { tree_size, by, is_time_stamp, at };
            seen.extend(checkpoint.cosigned()?.into_iter().map(|it| by(it.witness, false, it.at)));
            seen.extend(checkpoint.stamped()?.into_iter().map(|it| by(it.authority, true, it.at)));
        }
        Ok(seen)
    }

    /// The opening of the register, which comes first.
    fn opening(&self) -> Result<Ledger, SealError> {
        let first = self.entries.first().ok_or(SealError::NoOpening)?;
        let entry = Entry::decode(&first.leaf)?;
        let Record::Ledger(ledger) = entry.statement.record() else {
            return Err(SealError::NoOpening);
        };
        Ok(ledger.clone())
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
        let mut parts = self.checkpoint.parts(PartName::Checkpoint, checkpoint.size);
        let kid = *ledger.key.thumbprint().as_bytes();
        for DraftEntry { number, leaf, proof } in &self.entries {
            let entry = Entry::decode(leaf)?;
            let claims = claims(ledger, format!("entry:{}", entry.statement.id()), issued_at);
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
        Ok(parts)
    }

    /// The earlier heads, each with the receipt that the log extends it.
    fn earlier_parts(
        &self,
        head: &Checkpoint,
        verifier: &CheckpointVerifier,
        (key, ledger, issued_at): (&SigningKey, &Ledger, Timestamp),
    ) -> Result<Vec<(PartName, Vec<u8>)>, SealError> {
        let mut parts = Vec::new();
        for DraftEarlier { checkpoint, proof } in &self.earlier {
            let earlier = verifier.verify(&checkpoint.note)?;
            let receipt = ConsistencyReceipt::sign(
                &claims(ledger, ledger.origin.to_string(), issued_at),
                *ledger.key.thumbprint().as_bytes(),
                (earlier.size, head.size),
                proof.clone(),
                earlier.root,
                head.root,
                key,
            )?;
            parts.extend(checkpoint.parts(PartName::Earlier(earlier.size), earlier.size));
            parts.push((PartName::Consistency(earlier.size), receipt.to_bytes()));
        }
        Ok(parts)
    }
}

/// Who gives a receipt, about what, and when.
fn claims(ledger: &Ledger, subject: String, issued_at: Timestamp) -> ReceiptClaims {
    ReceiptClaims {
        issuer: ledger.origin.to_string(),
        subject,
        issued_at_s: u64::try_from(issued_at.as_seconds()).unwrap_or_default(),
    }
}
