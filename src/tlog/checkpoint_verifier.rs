//! The check of a log's signature on a checkpoint. It never decides which of two checkpoints
//! is right: that takes a consistency proof.

use ed25519_dalek::{SIGNATURE_LENGTH, Signature, VerifyingKey};

use super::checkpoint::open_note;
use super::verifier_key::SignatureType;
use super::{Checkpoint, Origin, TlogError};

/// Verifies the checkpoints of one log by its name and Ed25519 key.
///
/// Signatures by other names (witnesses) may stand in the note and are not looked at, as
/// C2SP signed-note asks; the log's own key must have signed exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointVerifier {
    origin: Origin,
    key_id: u32,
    key: VerifyingKey,
}

impl CheckpointVerifier {
    /// The verifier of the log `origin` with this public key.
    ///
    /// # Errors
    /// [`TlogError::KeyWeak`] for a key of small order.
    pub fn new(origin: Origin, key: VerifyingKey) -> Result<Self, TlogError> {
        if key.is_weak() {
            return Err(TlogError::KeyWeak);
        }
        let key_id = SignatureType::Ed25519.key_id(&origin, &key);
        Ok(Self { origin, key_id, key })
    }

    /// The key in the form that other tools take: name, key id and key, joined by `+`
    /// (C2SP signed-note, section Verifier keys).
    pub fn verifier_key(&self) -> String {
        SignatureType::Ed25519.write(&self.origin, &self.key)
    }

    /// The name of the log.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The id of the key in signature lines.
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The public key.
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The checkpoint that this note holds, with its signature verified (RFC 8032 section
    /// 5.1.7; points of small order refused).
    ///
    /// # Errors
    /// Those of [`CheckpointVerifier::parse_unverified`] and [`TlogError::SignatureInvalid`].
    pub fn verify(&self, note: &str) -> Result<Checkpoint, TlogError> {
        let (checkpoint, signed_text, signature) = self.parse_unverified(note)?;
        match self.key.verify_strict(&signed_text, &signature) {
            Ok(()) => Ok(checkpoint),
            Err(_) => Err(TlogError::SignatureInvalid { size: checkpoint.size }),
        }
    }

    /// The checkpoint that this note holds, the bytes that were signed and the signature by
    /// the log's key, **not verified**: for checking many in one Ed25519 batch.
    ///
    /// # Errors
    /// [`TlogError::NoteTooLarge`], [`TlogError::NoteMalformed`],
    /// [`TlogError::CheckpointMalformed`], [`TlogError::CheckpointExtended`], those of
    /// [`Origin::new`], [`TlogError::TreeTooLarge`], [`TlogError::EmptyTreeRoot`],
    /// [`TlogError::OriginUnknown`], [`TlogError::SignatureMissing`],
    /// [`TlogError::KeyUnknown`], [`TlogError::SignatureRepeated`] or
    /// [`TlogError::SignatureLength`].
    pub fn parse_unverified(
        &self,
        note: &str,
    ) -> Result<(Checkpoint, Vec<u8>, Signature), TlogError> {
        let (text, lines) = open_note(note)?;
        let checkpoint = Checkpoint::from_text(&text)?;
        let signature = self.own(&checkpoint, &lines)?;
        Ok((checkpoint, text.into_bytes(), signature))
    }

    /// As [`CheckpointVerifier::verify`], where the log may have added extension lines, which say
    /// nothing about the tree (C2SP tlog-checkpoint). Gives the whole text that was signed as well.
    ///
    /// # Errors
    /// As [`CheckpointVerifier::verify`], without [`TlogError::CheckpointExtended`].
    pub fn verify_extended(&self, note: &str) -> Result<(Checkpoint, String), TlogError> {
        let (text, lines) = open_note(note)?;
        let (checkpoint, _) = Checkpoint::from_extended_text(&text)?;
        let signature = self.own(&checkpoint, &lines)?;
        match self.key.verify_strict(text.as_bytes(), &signature) {
            Ok(()) => Ok((checkpoint, text)),
            Err(_) => Err(TlogError::SignatureInvalid { size: checkpoint.size }),
        }
    }

    /// The signature by the log's key on a checkpoint that must be of this log.
    fn own(
        &self,
        checkpoint: &Checkpoint,
        lines: &[signed_note::Signature],
    ) -> Result<Signature, TlogError> {
        if checkpoint.origin != self.origin {
            return Err(TlogError::OriginUnknown {
                found: checkpoint.origin.clone(),
                wanted: self.origin.clone(),
            });
        }
        self.own_signature(lines)
    }

    /// The one signature by the log's key among these lines.
    fn own_signature(&self, lines: &[signed_note::Signature]) -> Result<Signature, TlogError> {
        let mut own = Vec::new();
        let mut other_key_id = None;
        for signature in lines {
            if signature.name() != self.origin.as_str() {
                continue;
            }
            if signature.id() == self.key_id {
                own.push(signature);
            } else {
                other_key_id.get_or_insert(signature.id());
            }
        }
        let bytes = match (own.as_slice(), other_key_id) {
            ([signature], _) => signature.signature(),
            ([], Some(found)) => {
                return Err(TlogError::KeyUnknown { found, wanted: self.key_id });
            }
            ([], None) => {
                return Err(TlogError::SignatureMissing { wanted: self.origin.clone() });
            }
            (repeated, _) => {
                return Err(TlogError::SignatureRepeated { found: repeated.len() });
            }
        };
        let bytes: &[u8; SIGNATURE_LENGTH] =
            bytes.try_into().map_err(|_| TlogError::SignatureLength { found: bytes.len() })?;
        Ok(Signature::from_bytes(bytes))
    }
}

/// Reads what [`CheckpointVerifier::verifier_key`] writes, and refuses everything else with
/// [`TlogError::VerifierKeyMalformed`], [`TlogError::VerifierKeyType`],
/// [`TlogError::VerifierKeyId`], [`TlogError::KeyWeak`] or those of [`Origin::new`].
///
/// ```
/// use deedbook::tlog::CheckpointVerifier;
///
/// let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// assert_eq!(text.parse::<CheckpointVerifier>()?.verifier_key(), text);
/// # Ok::<(), deedbook::tlog::TlogError>(())
/// ```
impl std::str::FromStr for CheckpointVerifier {
    type Err = TlogError;

    fn from_str(text: &str) -> Result<Self, TlogError> {
        let (origin, key) = SignatureType::Ed25519.read(text)?;
        Self::new(origin, key)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey, verify_batch};
    use proptest::prelude::*;
    use signed_note::{Note, StandardVerifier, VerifierList};

    use super::*;
    use crate::tlog::{
        CheckpointSigner, EMPTY_ROOT, Hash, MAX_NOTE_SIZE_BYTES, MAX_TREE_SIZE, SignedCheckpoint,
        leaf_hash,
    };

    const NAME: &str = "register.example/deeds";

    fn origin() -> Origin {
        Origin::new(NAME).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn verifier() -> CheckpointVerifier {
        CheckpointVerifier::new(origin(), key().verifying_key()).unwrap()
    }

    fn signed() -> SignedCheckpoint {
        let signer = CheckpointSigner::new(origin(), key());
        signer.sign(42, leaf_hash(b"tree")).unwrap()
    }

    /// A note over any text whatever, properly signed under any name by any key.
    fn note_over(text: &str, name: &str, key: &SigningKey) -> String {
        let id = SignatureType::Ed25519.key_id(&Origin::new(name).unwrap(), &key.verifying_key());
        let signature = key.sign(text.as_bytes()).to_vec();
        let line = signed_note::Signature::new(name.to_owned(), id, signature).unwrap();
        format!("{text}\n{}", String::from_utf8(line.to_bytes()).unwrap())
    }

    fn refusal(text: &str) -> TlogError {
        verifier().verify(&note_over(text, NAME, &key())).unwrap_err()
    }

    #[test]
    fn a_signed_checkpoint_is_read_back() {
        let SignedCheckpoint { checkpoint, note } = signed();
        assert_eq!(verifier().verify(&note), Ok(checkpoint.clone()));
        assert_eq!((checkpoint.size, checkpoint.root), (42, leaf_hash(b"tree")));
        assert_eq!(note, note_over(&checkpoint.to_text(), NAME, &key()));
        assert_eq!(signed().note, note, "signing is deterministic");
    }

    #[test]
    fn the_note_library_by_itself_verifies_the_note() {
        let SignedCheckpoint { checkpoint, note } = signed();
        let known = StandardVerifier::new(&verifier().verifier_key()).unwrap();
        let known = VerifierList::new(vec![Box::new(known)]);
        let parsed = Note::from_bytes(note.as_bytes()).unwrap();
        let (verified, others) = parsed.verify(&known).unwrap();
        assert_eq!((verified.len(), others.len()), (1, 0));
        assert_eq!(verified[0].name(), NAME);
        assert_eq!(parsed.text(), checkpoint.to_text().as_bytes());
        let tampered = note.replacen("\n42\n", "\n43\n", 1);
        let parsed = Note::from_bytes(tampered.as_bytes()).unwrap();
        assert!(parsed.verify(&known).is_err());
    }

    #[test]
    fn every_changed_character_is_refused() {
        let note = signed().note;
        let mut tried = 0;
        for (place, old) in note.char_indices() {
            for new in ['A', '0', '=', ' ', '\n', '\t', 'é'] {
                if new != old {
                    let mut changed = note.clone();
                    changed.replace_range(place..place + old.len_utf8(), &new.to_string());
                    assert!(verifier().verify(&changed).is_err(), "{changed:?}");
                    tried += 1;
                }
            }
            assert!(verifier().verify(&note[..place]).is_err());
        }
        assert!(tried > 1000, "{tried}");
    }

    #[test]
    fn what_stands_before_or_after_the_note_is_refused() {
        let note = signed().note;
        for changed in [
            format!("{note}\n"),
            format!("{note}x"),
            format!("{note}trailing\n"),
            format!("{note}\ntrailing\n"),
            format!("\n{note}"),
            format!("x{note}"),
            format!("\u{feff}{note}"),
            format!("{note}{note}"),
            note.replace('\n', "\r\n"),
        ] {
            assert!(verifier().verify(&changed).is_err(), "{changed:?}");
        }
        assert_eq!(verifier().verify(""), Err(TlogError::NoteMalformed));
    }

    #[test]
    fn another_log_and_another_key_are_refused() {
        let text = signed().checkpoint.to_text();
        let other_key = SigningKey::from_bytes(&[8; 32]);
        let other_origin = Origin::new("other.example").unwrap();
        let wanted = SignatureType::Ed25519.key_id(&origin(), &key().verifying_key());
        let found = SignatureType::Ed25519.key_id(&origin(), &other_key.verifying_key());
        let verify = |note: &str| verifier().verify(note);
        assert_eq!(
            verify(&note_over(&text, NAME, &other_key)),
            Err(TlogError::KeyUnknown { found, wanted })
        );
        let wanted = origin();
        assert_eq!(
            verify(&note_over(&text, "other.example", &key())),
            Err(TlogError::SignatureMissing { wanted: wanted.clone() })
        );
        let found = other_origin.clone();
        let foreign = CheckpointSigner::new(other_origin, key());
        assert_eq!(
            verify(&foreign.sign(42, leaf_hash(b"tree")).unwrap().note),
            Err(TlogError::OriginUnknown { found, wanted })
        );
    }

    /// The signature line of a note of ours, with its line end.
    fn signature_line(note: &str) -> &str {
        &note[note.find("— ").unwrap()..]
    }

    #[test]
    fn the_key_signs_once_and_witnesses_may_stand_beside_it() {
        let SignedCheckpoint { checkpoint, note } = signed();
        let line = signature_line(&note);
        let witness = SigningKey::from_bytes(&[9; 32]);
        let witnessed = note_over(&checkpoint.to_text(), "witness.example", &witness);
        let witness_line = signature_line(&witnessed);
        assert_eq!(verifier().verify(&format!("{note}{witness_line}")), Ok(checkpoint.clone()));
        assert_eq!(verifier().verify(&format!("{witnessed}{line}")), Ok(checkpoint));
        assert_eq!(
            verifier().verify(&format!("{note}{witness_line}{line}")),
            Err(TlogError::SignatureRepeated { found: 2 })
        );
    }

    #[test]
    fn a_signature_that_is_short_or_over_another_text_is_refused() {
        let text = signed().checkpoint.to_text();
        let id = SignatureType::Ed25519.key_id(&origin(), &key().verifying_key());
        let with = |signature: Vec<u8>| {
            let line = signed_note::Signature::new(NAME.to_owned(), id, signature).unwrap();
            format!("{text}\n{}", String::from_utf8(line.to_bytes()).unwrap())
        };
        for found in [1, 63, 65] {
            assert_eq!(
                verifier().verify(&with(vec![0; found])),
                Err(TlogError::SignatureLength { found })
            );
        }
        let elsewhere = key().sign(b"another text\n").to_vec();
        assert_eq!(
            verifier().verify(&with(elsewhere)),
            Err(TlogError::SignatureInvalid { size: 42 })
        );
    }

    #[test]
    fn a_text_that_is_not_one_plain_checkpoint_is_refused_though_signed() {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(
            refusal(&format!("{NAME}\n7\n{root}\nmore\nlines\n")),
            TlogError::CheckpointExtended { found: 2 }
        );
        for text in [
            format!("{NAME}\n7\n"),
            format!("{NAME}\n07\n{root}\n"),
            format!("{NAME}\n+7\n{root}\n"),
            format!("{NAME}\n-7\n{root}\n"),
            format!("{NAME}\n18446744073709551616\n{root}\n"),
            format!("{NAME}\n7\n{}\n", &root[..43]),
            format!("{NAME}\n7\n{}\n", root.replace("FU=", "FV=")),
            format!("{NAME}\n7\nAAAA\n"),
            format!("{NAME}\n7\n{root} \n"),
            format!("{NAME}\n7\n{root}\n\n\n"),
        ] {
            assert_eq!(refusal(&text), TlogError::CheckpointMalformed, "{text:?}");
        }
        assert_eq!(
            refusal(&format!("two words\n7\n{root}\n")),
            TlogError::OriginCharacter { found: ' ' }
        );
        let found = MAX_TREE_SIZE + 1;
        assert_eq!(
            refusal(&format!("{NAME}\n{found}\n{root}\n")),
            TlogError::TreeTooLarge { found }
        );
        let found = leaf_hash(b"tree");
        let text = signed().checkpoint.to_text().replace("\n42\n", "\n0\n");
        assert_eq!(refusal(&text), TlogError::EmptyTreeRoot { found });
    }

    #[test]
    fn a_note_is_read_up_to_its_bound() {
        let SignedCheckpoint { checkpoint, note } = signed();
        let filled = |size: usize| {
            let name = "w".repeat(size - note.len() - "—  AAAAAAA=\n".len());
            format!("{note}— {name} AAAAAAA=\n")
        };
        let largest = filled(MAX_NOTE_SIZE_BYTES);
        assert_eq!(largest.len(), MAX_NOTE_SIZE_BYTES);
        assert_eq!(verifier().verify(&largest), Ok(checkpoint));
        let found = MAX_NOTE_SIZE_BYTES + 1;
        assert_eq!(verifier().verify(&filled(found)), Err(TlogError::NoteTooLarge { found }));
    }

    #[test]
    fn a_weak_key_and_what_no_verifier_takes_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let weak = VerifyingKey::from_bytes(&identity).unwrap();
        assert_eq!(CheckpointVerifier::new(origin(), weak), Err(TlogError::KeyWeak));
        let signer = CheckpointSigner::new(origin(), key());
        let found = MAX_TREE_SIZE + 1;
        assert_eq!(signer.sign(found, EMPTY_ROOT), Err(TlogError::TreeTooLarge { found }));
        let found = leaf_hash(b"tree");
        assert_eq!(signer.sign(0, found), Err(TlogError::EmptyTreeRoot { found }));
    }

    #[test]
    fn a_signer_does_not_show_its_key() {
        let signer = CheckpointSigner::new(origin(), key());
        let shown = format!("{signer:?}");
        assert!(shown.contains(NAME));
        assert!(!shown.contains("7, 7, 7") && !shown.contains("070707"), "{shown}");
    }

    #[test]
    fn many_checkpoints_are_verified_in_one_batch() {
        let signer = CheckpointSigner::new(origin(), key());
        let parsed: Vec<_> = (1..=20)
            .map(|size| signer.sign(size, leaf_hash(b"tree")).unwrap().note)
            .map(|note| verifier().parse_unverified(&note).unwrap())
            .collect();
        let mut texts: Vec<&[u8]> = parsed.iter().map(|(_, text, _)| text.as_slice()).collect();
        let signatures: Vec<_> = parsed.iter().map(|(_, _, signature)| *signature).collect();
        let keys = vec![key().verifying_key(); 20];
        assert!(verify_batch(&texts, &signatures, &keys).is_ok());
        texts.swap(3, 4);
        assert!(verify_batch(&texts, &signatures, &keys).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_checkpoint_reads_back_as_itself(
            size in 1..=MAX_TREE_SIZE,
            root in any::<[u8; 32]>(),
            name in "[^\\s\\p{Cc}\\p{Cf}+\\x{34F}\\x{2060}-\\x{206F}\\x{E0000}-\\x{E0FFF}]{1,20}",
        ) {
            let origin = Origin::new(&name).unwrap();
            let signer = CheckpointSigner::new(origin.clone(), key());
            let signed = signer.sign(size, Hash::from_bytes(root)).unwrap();
            let verifier = CheckpointVerifier::new(origin, signer.verifying_key()).unwrap();
            prop_assert_eq!(verifier.verify(&signed.note), Ok(signed.checkpoint));
        }

        #[test]
        fn no_text_makes_reading_panic(text in "(?s).{0,200}", lines in "[—a \n=+/0]{0,60}") {
            prop_assert!(verifier().verify(&text).is_err());
            let note = format!("{}\n{lines}", signed().checkpoint.to_text());
            prop_assert!(verifier().verify(&note).is_err());
        }
    }
}
