//! Cosignatures: what a witness signs about a checkpoint, and when (C2SP tlog-cosignature, version 1,
//! Ed25519). The time is passed in; whether the checkpoint extends the one before is for whoever
//! signs to check first.

use ed25519_dalek::{SIGNATURE_LENGTH, Signature, Signer as _, SigningKey};
use thiserror::Error;

use super::{Origin, TlogError, WitnessKey};

/// Size of a cosignature behind its key id, in bytes: the time and the signature.
pub const COSIGNATURE_SIZE_BYTES: usize = 8 + SIGNATURE_LENGTH;

/// The latest time of a cosignature, in seconds since 1970 (C2SP tlog-cosignature, section Format).
pub const MAX_COSIGNATURE_TIME_S: u64 = i64::MAX as u64;

/// Why something is not the cosignature of a witness on a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CosignatureError {
    /// Not a note with a checkpoint.
    #[error(transparent)]
    Note(#[from] TlogError),
    /// Not signature lines.
    #[error("answer is not signature lines of a note")]
    Lines,
    /// No signature by the key of the witness.
    #[error("there is no cosignature by `{witness}`")]
    Missing {
        /// The name of the witness.
        witness: Origin,
    },
    /// More than one signature by the key of the witness.
    #[error("there are {found} cosignatures by one key, must be 1")]
    Repeated {
        /// How many.
        found: usize,
    },
    /// Not a time and an Ed25519 signature.
    #[error("cosignature is {found} bytes long, must be {COSIGNATURE_SIZE_BYTES}")]
    Length {
        /// Length in bytes, without the key id.
        found: usize,
    },
    /// No time, or one that the format does not allow.
    #[error("cosignature has the time {found_s}, must be 1 to {MAX_COSIGNATURE_TIME_S} seconds")]
    Time {
        /// Seconds since 1970.
        found_s: u64,
    },
    /// The signature is not one by the witness over this checkpoint and time.
    #[error("cosignature by `{witness}` does not verify")]
    Invalid {
        /// The name of the witness.
        witness: Origin,
    },
}

/// The statement of a witness that, at this time, the largest consistent tree that it had seen of a
/// log was that of the checkpoint which it signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    witness: WitnessKey,
    time_s: u64,
    signature: Signature,
}

impl Cosignature {
    /// The cosignature of these parts, not verified.
    ///
    /// # Errors
    /// [`CosignatureError::Time`] for 0, which says nothing of time, or beyond
    /// [`MAX_COSIGNATURE_TIME_S`].
    pub fn new(
        witness: WitnessKey,
        time_s: u64,
        signature: [u8; SIGNATURE_LENGTH],
    ) -> Result<Self, CosignatureError> {
        check_time(time_s)?;
        Ok(Self { witness, time_s, signature: Signature::from_bytes(&signature) })
    }

    /// The cosignature of a signature line behind its key id, not verified.
    pub(super) fn from_bytes(witness: WitnessKey, bytes: &[u8]) -> Result<Self, CosignatureError> {
        let length = || CosignatureError::Length { found: bytes.len() };
        let (time, signature) = bytes.split_first_chunk::<8>().ok_or_else(length)?;
        let signature = <[u8; SIGNATURE_LENGTH]>::try_from(signature).map_err(|_| length())?;
        Self::new(witness, u64::from_be_bytes(*time), signature)
    }

    /// Who signed.
    pub const fn witness(&self) -> &WitnessKey {
        &self.witness
    }

    /// When the witness signed, by its own clock: whole seconds since 1970.
    pub const fn time_s(&self) -> u64 {
        self.time_s
    }

    /// The Ed25519 signature.
    pub fn signature(&self) -> [u8; SIGNATURE_LENGTH] {
        self.signature.to_bytes()
    }

    /// The signature line that goes into a note, with its line end.
    pub fn to_line(&self) -> String {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let id = self.witness.key_id().to_be_bytes();
        let time = self.time_s.to_be_bytes();
        let bytes = [id.as_slice(), &time, &self.signature.to_bytes()].concat();
        format!("— {} {}\n", self.witness.name(), BASE64_STANDARD.encode(bytes))
    }

    /// Verifies the signature over the whole text of a checkpoint, extension lines included
    /// (RFC 8032 section 5.1.7; points of small order refused).
    ///
    /// # Errors
    /// [`CosignatureError::Invalid`].
    pub fn verify(&self, checkpoint_text: &str) -> Result<(), CosignatureError> {
        let message = signed_message(self.time_s, checkpoint_text);
        self.witness
            .key()
            .verify_strict(message.as_bytes(), &self.signature)
            .map_err(|_| CosignatureError::Invalid { witness: self.witness.name().clone() })
    }
}

/// What the line of a cosignature says by itself. Whether it is true, only the witness's key shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignatureLine {
    /// The witness, as it calls itself.
    pub name: String,
    /// The identifier of its key.
    pub key_id: u32,
    /// When it signed, as it says: whole seconds since 1970.
    pub time_s: u64,
}

impl CosignatureLine {
    /// What each of these lines says, whoever wrote it; nothing is verified.
    ///
    /// # Errors
    /// [`CosignatureError::Lines`], [`CosignatureError::Length`] or [`CosignatureError::Time`].
    pub fn all(lines: &str) -> Result<Vec<Self>, CosignatureError> {
        let read = |line: &str| {
            let line = signed_note::Signature::from_bytes(line.as_bytes());
            let line = line.map_err(|_| CosignatureError::Lines)?;
            let found = line.signature();
            let length = || CosignatureError::Length { found: found.len() };
            let (time, signature) = found.split_first_chunk::<8>().ok_or_else(length)?;
            let time_s = u64::from_be_bytes(*time);
            check_time(time_s)?;
            match signature.len() {
                SIGNATURE_LENGTH => {
                    Ok(Self { name: line.name().to_string(), key_id: line.id(), time_s })
                }
                _ => Err(length()),
            }
        };
        lines.lines().map(read).collect()
    }
}

/// Signs checkpoints as a witness. The key is wiped when this is dropped and never shown.
///
/// ```
/// use deedbook::tlog::{Checkpoint, CosignatureSigner, EMPTY_ROOT, Origin};
/// use ed25519_dalek::SigningKey;
///
/// let origin = Origin::new("register.example")?;
/// let text = Checkpoint { origin, size: 0, root: EMPTY_ROOT }.to_text();
/// let name = Origin::new("witness.example/w1")?;
/// let signer = CosignatureSigner::new(name, SigningKey::from_bytes(&[9; 32]))?;
/// let cosignature = signer.cosign(&text, 1_772_366_400)?;
/// assert_eq!(signer.witness().find(&cosignature.to_line())?, cosignature);
/// cosignature.verify(&text)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CosignatureSigner {
    witness: WitnessKey,
    key: SigningKey,
}

impl CosignatureSigner {
    /// The signer of the witness `name` with `key`. The format does not sign the name: use a key for
    /// one witness and for nothing else.
    ///
    /// # Errors
    /// [`TlogError::KeyWeak`].
    pub fn new(name: Origin, key: SigningKey) -> Result<Self, TlogError> {
        let witness = WitnessKey::new(name, key.verifying_key())?;
        Ok(Self { witness, key })
    }

    /// The public half.
    pub const fn witness(&self) -> &WitnessKey {
        &self.witness
    }

    /// Signs the whole text of a checkpoint at a time, in seconds since 1970. Sign only what was
    /// found to extend what was signed before.
    ///
    /// # Errors
    /// [`CosignatureError::Time`].
    pub fn cosign(
        &self,
        checkpoint_text: &str,
        time_s: u64,
    ) -> Result<Cosignature, CosignatureError> {
        check_time(time_s)?;
        let signature = self.key.sign(signed_message(time_s, checkpoint_text).as_bytes());
        Ok(Cosignature { witness: self.witness.clone(), time_s, signature })
    }
}

fn check_time(found_s: u64) -> Result<(), CosignatureError> {
    if (1..=MAX_COSIGNATURE_TIME_S).contains(&found_s) {
        return Ok(());
    }
    Err(CosignatureError::Time { found_s })
}

/// The message of C2SP tlog-cosignature, section Ed25519 signed message.
fn signed_message(time_s: u64, checkpoint_text: &str) -> String {
    format!("cosignature/v1\ntime {time_s}\n{checkpoint_text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{Checkpoint, CheckpointSigner, leaf_hash};
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use ed25519_dalek::VerifyingKey;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    const TIME_S: u64 = 1_772_366_400;

    fn signer() -> CosignatureSigner {
        let name = Origin::new("witness.example/w1").unwrap();
        CosignatureSigner::new(name, SigningKey::from_bytes(&[9; 32])).unwrap()
    }

    fn note() -> (Checkpoint, String) {
        let origin = Origin::new("register.example/deeds").unwrap();
        let log = CheckpointSigner::new(origin, SigningKey::from_bytes(&[7; 32]));
        let signed = log.sign(42, leaf_hash(b"tree")).unwrap();
        (signed.checkpoint, signed.note)
    }

    /// The bytes are put together here from the words of the specification.
    #[test]
    fn a_line_is_the_one_of_the_specification() {
        let text = note().0.to_text();
        let line = signer().cosign(&text, TIME_S).unwrap().to_line();
        let encoded = line.strip_prefix("\u{2014} witness.example/w1 ").unwrap();
        let bytes = BASE64_STANDARD.decode(encoded.strip_suffix('\n').unwrap()).unwrap();
        assert_eq!(bytes.len(), 4 + 8 + 64);
        let key = SigningKey::from_bytes(&[9; 32]).verifying_key();
        let mut id = Sha256::new();
        id.update(b"witness.example/w1\n\x04");
        id.update(key.as_bytes());
        assert_eq!(bytes[..4], id.finalize()[..4]);
        assert_eq!(bytes[4..12], [0, 0, 0, 0, 0x69, 0xa4, 0x2a, 0x40]);
        let message = [b"cosignature/v1\ntime 1772366400\n".as_slice(), text.as_bytes()].concat();
        let signature = Signature::from_slice(&bytes[12..]).unwrap();
        VerifyingKey::verify_strict(&key, &message, &signature).unwrap();
    }

    /// The example of C2SP tlog-cosignature names its key's id; without the key its form is what can
    /// be checked.
    #[test]
    fn the_example_of_the_specification_has_our_form() {
        let example = "\u{2014} witness.example.com/w1 \
            jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
        let line = signed_note::Signature::from_bytes(example.as_bytes()).unwrap();
        let witness = signer().witness().clone();
        let cosignature = Cosignature::from_bytes(witness, line.signature()).unwrap();
        assert_eq!(cosignature.time_s(), 1_679_315_147);
    }

    #[test]
    fn a_cosigned_note_is_read_back_and_every_changed_character_refused() {
        let (checkpoint, log_note) = note();
        let cosignature = signer().cosign(&checkpoint.to_text(), TIME_S).unwrap();
        let note = format!("{log_note}{}", cosignature.to_line());
        let witness = signer().witness().clone();
        assert_eq!(witness.verify(&note), Ok((checkpoint, cosignature.clone())));
        // What stands in the log's own signature line is not the witness's to check.
        let own = log_note.find('\u{2014}').unwrap()..log_note.len();
        for (place, old) in note.char_indices().filter(|(place, _)| !own.contains(place)) {
            for new in ['A', '0', '=', ' ', '\n', 'é'] {
                if new != old {
                    let mut changed = note.clone();
                    changed.replace_range(place..place + old.len_utf8(), &new.to_string());
                    assert!(witness.verify(&changed).is_err(), "{changed:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_the_cosignature_is_refused_as_what_it_is() {
        let text = note().0.to_text();
        let witness = signer().witness().clone();
        let line = signer().cosign(&text, TIME_S).unwrap().to_line();
        let name = witness.name().clone();
        let other = Origin::new("witness.example/w2").unwrap();
        let other = CosignatureSigner::new(other, SigningKey::from_bytes(&[9; 32])).unwrap();
        let other = other.cosign(&text, TIME_S).unwrap().to_line();
        assert_eq!(witness.find(&other), Err(CosignatureError::Missing { witness: name.clone() }));
        assert!(witness.find(&format!("{other}{line}")).is_ok());
        assert_eq!(
            witness.find(&format!("{line}{line}")),
            Err(CosignatureError::Repeated { found: 2 })
        );
        for lines in ["", "\n", "x\n", line.trim_end(), &line.repeat(300)] {
            assert_eq!(witness.find(lines), Err(CosignatureError::Lines), "{lines:?}");
        }
        for found in [1, 71, 73] {
            let line =
                signed_note::Signature::new(name.to_string(), witness.key_id(), vec![1; found]);
            let line = String::from_utf8(line.unwrap().to_bytes()).unwrap();
            assert_eq!(witness.find(&line), Err(CosignatureError::Length { found }));
        }
        let found = signer().cosign("another text\n", TIME_S).unwrap();
        assert_eq!(found.verify(&text), Err(CosignatureError::Invalid { witness: name.clone() }));
        let moved = Cosignature::new(witness, TIME_S + 1, found.signature()).unwrap();
        assert_eq!(
            moved.verify("another text\n"),
            Err(CosignatureError::Invalid { witness: name })
        );
        for found_s in [0, 1 << 63, u64::MAX] {
            let refused = Err(CosignatureError::Time { found_s });
            assert_eq!(signer().cosign(&text, found_s), refused);
        }
    }

    #[test]
    fn a_signer_does_not_show_its_key() {
        let shown = format!("{:?}", signer());
        assert!(!shown.contains("9, 9, 9") && !shown.contains("090909"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_makes_reading_panic(text in "(?s).{0,200}", lines in "[—a \n=+/0]{0,60}") {
            let witness = signer().witness().clone();
            prop_assert!(witness.find(&text).is_err());
            prop_assert!(witness.find(&lines).is_err());
            prop_assert!(witness.verify(&text).is_err());
            prop_assert!(text.parse::<WitnessKey>().is_err());
        }
    }
}
