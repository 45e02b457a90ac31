//! A proof file (C2SP tlog-proof): index, inclusion proof and checkpoint of an entry in one text.
//! Never says what the entry is, unless that was put into its extra data.

use super::{Checkpoint, CheckpointVerifier, Hash, InclusionProof, MAX_NOTE_SIZE_BYTES, TlogError};
use super::{MAX_BUNDLED_ENTRY_SIZE_BYTES as MAX_EXTRA_SIZE_BYTES, MAX_PROOF_HASHES};
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// The longest proof file that is read, in bytes: an extra entry, 64 hashes, and a checkpoint.
pub const MAX_LOG_PROOF_SIZE_BYTES: usize =
    MAX_EXTRA_SIZE_BYTES.div_ceil(3) * 4 + 45 * MAX_PROOF_HASHES + MAX_NOTE_SIZE_BYTES + 128;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The proof that an entry is in a log, checkable offline with the name and key of the log
/// (<https://c2sp.org/tlog-proof>).
///
/// ```
/// use deedbook::tlog::{
///     CheckpointSigner, CheckpointVerifier, InclusionProof, LogProof, Origin, leaf_hash,
/// };
/// use ed25519_dalek::SigningKey;
///
/// let origin = Origin::new("register.example")?;
/// let signer = CheckpointSigner::new(origin.clone(), SigningKey::from_bytes(&[7; 32]));
/// let leaf = leaf_hash(b"the only entry");
/// let note = signer.sign(1, leaf)?.note;
/// let proof = LogProof::new(0, InclusionProof::new(Vec::new())?, note, None)?;
/// let read = LogProof::from_text(&proof.to_text())?;
/// let verifier = CheckpointVerifier::new(origin, signer.verifying_key())?;
/// assert_eq!(read.verify(leaf, &verifier)?.size, 1);
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    extra: Option<Vec<u8>>,
    index: u64,
    path: InclusionProof,
    note: String,
}

impl LogProof {
    /// The proof for the entry at `index`, with the note of a checkpoint and perhaps extra data,
    /// which nothing in the file vouches for. Not yet verified.
    ///
    /// # Errors
    /// [`TlogError::NoteTooLarge`]; [`TlogError::LogProofMalformed`] for too much extra data.
    pub fn new(
        index: u64,
        path: InclusionProof,
        note: String,
        extra: Option<Vec<u8>>,
    ) -> Result<Self, TlogError> {
        if note.len() > MAX_NOTE_SIZE_BYTES {
            return Err(TlogError::NoteTooLarge { found: note.len() });
        }
        if extra.as_ref().is_some_and(|extra| extra.len() > MAX_EXTRA_SIZE_BYTES) {
            return Err(malformed(2, "extra data of at most 65,535 bytes"));
        }
        Ok(Self { extra, index, path, note })
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            text.push_str(&format!("extra {}\n", BASE64_STANDARD.encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in self.path.hashes() {
            text.push_str(&BASE64_STANDARD.encode(hash.as_bytes()));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// Reads exactly what [`LogProof::to_text`] writes. Nothing is verified.
    ///
    /// # Errors
    /// [`TlogError::LogProofMalformed`], [`TlogError::ProofTooLong`] or
    /// [`TlogError::NoteTooLarge`].
    pub fn from_text(text: &str) -> Result<Self, TlogError> {
        if text.len() > MAX_LOG_PROOF_SIZE_BYTES {
            return Err(malformed(1, "a file of at most some hundred kilobytes"));
        }
        let (head, note) = text.split_once("\n\n").ok_or(malformed(1, "a checkpoint"))?;
        let mut lines = head.split('\n').enumerate().map(|(place, line)| (place + 1, line));
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(malformed(1, "`c2sp.org/tlog-proof@v1`"));
        }
        let (mut number, mut line) = lines.next().unwrap_or((2, ""));
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            let decoded = BASE64_STANDARD.decode(encoded);
            extra = Some(decoded.map_err(|_| malformed(number, "extra data in base64"))?);
            (number, line) = lines.next().unwrap_or((3, ""));
        }
        let index = line.strip_prefix("index ").and_then(|digits| digits.parse().ok());
        let index = index.ok_or(malformed(number, "`index` and a number"))?;
        let mut path = Vec::new();
        for (number, line) in lines {
            if path.len() == MAX_PROOF_HASHES {
                let found = head.split('\n').count() + MAX_PROOF_HASHES - (number - 1);
                return Err(TlogError::ProofTooLong { found });
            }
            let decoded = BASE64_STANDARD.decode(line).ok();
            let hash = decoded.and_then(|bytes| Hash::try_from(bytes.as_slice()).ok());
            path.push(hash.ok_or(malformed(number, "a hash of 32 bytes in base64"))?);
        }
        let proof = Self::new(index, InclusionProof::new(path)?, note.to_owned(), extra)?;
        if proof.to_text() != text {
            return Err(malformed(number, "a number without leading zeroes or sign"));
        }
        Ok(proof)
    }

    /// Verifies that the log signed a checkpoint of a tree that has the leaf with this
    /// [hash](super::leaf_hash) at the index, and answers with that checkpoint.
    ///
    /// # Errors
    /// Those of [`CheckpointVerifier::verify`] and [`InclusionProof::verify`].
    pub fn verify(
        &self,
        leaf: Hash,
        verifier: &CheckpointVerifier,
    ) -> Result<Checkpoint, TlogError> {
        let checkpoint = verifier.verify(&self.note)?;
        self.path.verify(leaf, self.index, checkpoint.size, checkpoint.root)?;
        Ok(checkpoint)
    }

    /// The place of the entry, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The hashes beside the way from the leaf to the root.
    pub const fn path(&self) -> &InclusionProof {
        &self.path
    }

    /// The note of the checkpoint, with the signatures of witnesses that it has.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The extra data: of a ledger, the bytes of the entry. Only its hash can vouch for it.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }
}

const fn malformed(line: usize, needed: &'static str) -> TlogError {
    TlogError::LogProofMalformed { line, needed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::tests::Rows;
    use crate::tlog::{CheckpointSigner, Origin, inclusion_proof, root_at};
    use ed25519_dalek::SigningKey;
    use proptest::prelude::*;

    fn signer() -> CheckpointSigner {
        let origin = Origin::new("register.example").unwrap();
        CheckpointSigner::new(origin, SigningKey::from_bytes(&[7; 32]))
    }

    fn verifier() -> CheckpointVerifier {
        let signer = signer();
        CheckpointVerifier::new(signer.origin().clone(), signer.verifying_key()).unwrap()
    }

    fn proof(index: u64, size: u64, extra: Option<Vec<u8>>) -> (LogProof, Hash) {
        let leaves = Rows::of(size as usize);
        let note = signer().sign(size, root_at(size, &leaves).unwrap()).unwrap().note;
        let path = inclusion_proof(index, size, &leaves).unwrap();
        (LogProof::new(index, path, note, extra).unwrap(), leaves.leaves[index as usize])
    }

    #[test]
    fn a_proof_is_read_back_and_verifies() {
        for (index, size) in [(0, 1), (0, 2), (6, 7), (41, 100)] {
            for extra in [None, Some(Vec::new()), Some(b"entry".to_vec())] {
                let (proof, leaf) = proof(index, size, extra.clone());
                let read = LogProof::from_text(&proof.to_text()).unwrap();
                assert_eq!(read, proof);
                assert_eq!((read.index(), read.extra()), (index, extra.as_deref()));
                assert_eq!(read.verify(leaf, &verifier()).unwrap().size, size);
                let other = super::super::leaf_hash(b"another");
                assert!(read.verify(other, &verifier()).is_err());
            }
        }
    }

    #[test]
    fn the_text_is_as_the_specification_has_it() {
        let (proof, _) = proof(1, 3, Some(b"extra".to_vec()));
        let text = proof.to_text();
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
        assert_eq!(lines[1], "extra ZXh0cmE=");
        assert_eq!(lines[2], "index 1");
        assert_eq!((lines[3].len(), lines[4].len(), lines[5]), (44, 44, ""));
        assert_eq!((lines[6], lines[7]), ("register.example", "3"));
        assert!(lines[10].starts_with("\u{2014} register.example "));
    }

    /// Signed text under extra data that nothing vouches for: all but the extra line is bound.
    #[test]
    fn every_truncation_and_every_changed_byte_is_refused() {
        let (proof, leaf) = proof(5, 11, None);
        let text = proof.to_text();
        let refused = |changed: &[u8]| {
            let Ok(changed) = std::str::from_utf8(changed) else {
                return true;
            };
            LogProof::from_text(changed).and_then(|read| read.verify(leaf, &verifier())).is_err()
        };
        for place in 0..text.len() {
            assert!(refused(&text.as_bytes()[..place]), "cut at {place}");
            for changed_by in [0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xff] {
                let mut changed = text.clone().into_bytes();
                changed[place] ^= changed_by;
                assert!(refused(&changed), "byte {place} changed by {changed_by:02x}");
            }
        }
        assert!(refused(format!("{text}x").as_bytes()));
        assert!(refused(format!("{text}\n").as_bytes()));
    }

    #[test]
    fn lengths_are_bounded_and_spellings_are_one() {
        let (proof, _) = proof(5, 11, None);
        let text = proof.to_text();
        let line = format!("{}\n", BASE64_STANDARD.encode([0; 32]));
        for count in [61, 1_000] {
            let long = text.replacen("index 5\n", &format!("index 5\n{}", line.repeat(count)), 1);
            let found = 4 + count;
            assert_eq!(LogProof::from_text(&long), Err(TlogError::ProofTooLong { found }));
        }
        let huge = text.replacen("index 5\n", &format!("index 5\n{}", line.repeat(10_000)), 1);
        assert!(LogProof::from_text(&huge).is_err());
        for spelled in ["index 05", "index +5", "index  5", "index 5 ", "index -0", "Index 5"] {
            let changed = text.replacen("index 5", spelled, 1);
            assert!(LogProof::from_text(&changed).is_err(), "{spelled}");
        }
        let extra = Some(vec![0; MAX_EXTRA_SIZE_BYTES + 1]);
        let path = InclusionProof::new(Vec::new()).unwrap();
        assert!(LogProof::new(0, path.clone(), String::new(), extra).is_err());
        let extra = Some(vec![0; MAX_EXTRA_SIZE_BYTES]);
        let most = LogProof::new(u64::MAX, path, "n".repeat(MAX_NOTE_SIZE_BYTES), extra).unwrap();
        assert_eq!(LogProof::from_text(&most.to_text()), Ok(most));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_whatever_ends_the_reader(text in "(c2sp.org/tlog-proof@v1\n)?(extra \\PC{0,9}\n)?(index [0-9+]{0,30}\n)?\\PC{0,90}\n{0,2}\\PC{0,40}") {
            if let Ok(read) = LogProof::from_text(&text) {
                prop_assert_eq!(read.to_text(), text);
            }
        }
    }
}
