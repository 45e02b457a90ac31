//! The text of a public key under a name: `name+key id+type and key` (C2SP signed-note, section
//! Verifier keys). It never says whose key it is, or whether it is to be trusted.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{PUBLIC_KEY_LENGTH, VerifyingKey};

use super::{Origin, TlogError};

/// The longest text of a key that is read, in bytes: the longest name, and some hundred more.
const MAX_TEXT_SIZE_BYTES: usize = 512;

/// What a key signs: the byte before it in its text and under its key id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureType {
    /// 0x01: notes, plainly (C2SP signed-note).
    Ed25519,
    /// 0x04: checkpoints with a time, as a witness (C2SP tlog-cosignature).
    Cosignature,
}

impl SignatureType {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }

    fn material(self, key: &VerifyingKey) -> Vec<u8> {
        [&[self.byte()], key.as_bytes().as_slice()].concat()
    }

    /// The id of a key under a name: the first four bytes of the SHA-256 of name, line end, type
    /// and key.
    pub(super) fn key_id(self, name: &Origin, key: &VerifyingKey) -> u32 {
        signed_note::key_id(name.as_str(), &self.material(key))
    }

    /// The text of a key.
    pub(super) fn write(self, name: &Origin, key: &VerifyingKey) -> String {
        let material = BASE64_STANDARD.encode(self.material(key));
        format!("{name}+{:08x}+{material}", self.key_id(name, key))
    }

    /// Reads exactly what [`SignatureType::write`] writes, for this type.
    pub(super) fn read(self, text: &str) -> Result<(Origin, VerifyingKey), TlogError> {
        let malformed = || TlogError::VerifierKeyMalformed;
        if text.len() > MAX_TEXT_SIZE_BYTES {
            return Err(malformed());
        }
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let name = Origin::new(name)?;
        let material = BASE64_STANDARD.decode(material).map_err(|_| malformed())?;
        let Some((found, key)) = material.split_first() else {
            return Err(malformed());
        };
        if *found != self.byte() {
            return Err(TlogError::VerifierKeyType { found: *found, wanted: self.byte() });
        }
        let key: &[u8; PUBLIC_KEY_LENGTH] = key.try_into().map_err(|_| malformed())?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| malformed())?;
        if key.is_weak() {
            return Err(TlogError::KeyWeak);
        }
        let wanted = self.key_id(&name, &key);
        if id != format!("{wanted:08x}") {
            return Err(TlogError::VerifierKeyId { wanted });
        }
        Ok((name, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    #[test]
    fn a_key_has_one_text_for_each_type() {
        let name = Origin::new("witness.example/w1").unwrap();
        let key = SigningKey::from_bytes(&[9; 32]).verifying_key();
        for kind in [SignatureType::Ed25519, SignatureType::Cosignature] {
            let text = kind.write(&name, &key);
            assert_eq!(kind.read(&text), Ok((name.clone(), key)));
            for (place, old) in text.char_indices() {
                for new in ['0', 'A', '+', ' ', '='] {
                    let mut changed = text.clone();
                    changed.replace_range(place..place + old.len_utf8(), &new.to_string());
                    assert!(changed == text || kind.read(&changed).is_err(), "{changed}");
                }
                assert!(kind.read(&text[..place]).is_err());
            }
            assert_eq!(
                kind.read(&format!("{text}{}", "A".repeat(512))),
                Err(TlogError::VerifierKeyMalformed)
            );
        }
        let note = SignatureType::Ed25519.write(&name, &key);
        assert_eq!(
            SignatureType::Cosignature.read(&note),
            Err(TlogError::VerifierKeyType { found: 1, wanted: 4 })
        );
    }

    #[test]
    fn a_plain_key_is_the_one_that_the_note_library_writes() {
        let name = Origin::new("register.example/deeds").unwrap();
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        let text = SignatureType::Ed25519.write(&name, &key);
        assert_eq!(text, signed_note::new_ed25519_verifier_key(name.as_str(), &key));
    }

    #[test]
    fn a_weak_key_is_refused() {
        let name = Origin::new("witness.example/w1").unwrap();
        let mut identity = [0; 32];
        identity[0] = 1;
        let weak = VerifyingKey::from_bytes(&identity).unwrap();
        let text = SignatureType::Cosignature.write(&name, &weak);
        assert_eq!(SignatureType::Cosignature.read(&text), Err(TlogError::KeyWeak));
    }
}
