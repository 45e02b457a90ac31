//! A tree head and its text (C2SP tlog-checkpoint). It carries no time and no extension.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use signed_note::{Note, Signature};

use super::tree::check_size;
use super::{EMPTY_ROOT, Hash, Origin, TlogError};

/// The longest note that is read, in bytes: room for some hundred witness signatures.
pub const MAX_NOTE_SIZE_BYTES: usize = 16 * 1024;

/// What a log says of itself: it had this many leaves and this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of that size.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size in decimal and root in base64, a line each.
    ///
    /// ```
    /// use deedbook::tlog::{Checkpoint, EMPTY_ROOT, Origin};
    ///
    /// let origin = Origin::new("register.example")?;
    /// let checkpoint = Checkpoint { origin, size: 0, root: EMPTY_ROOT };
    /// assert_eq!(
    ///     checkpoint.to_text(),
    ///     "register.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    /// );
    /// # Ok::<(), deedbook::tlog::TlogError>(())
    /// ```
    pub fn to_text(&self) -> String {
        let root = BASE64_STANDARD.encode(self.root.as_bytes());
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Refuses a size that no tree has and a root that the empty tree does not have.
    pub(super) fn check(&self) -> Result<(), TlogError> {
        check_size(self.size)?;
        if self.size == 0 && self.root != EMPTY_ROOT {
            return Err(TlogError::EmptyTreeRoot { found: self.root });
        }
        Ok(())
    }

    /// Reads exactly what [`Checkpoint::to_text`] writes.
    pub(super) fn from_text(text: &str) -> Result<Self, TlogError> {
        match Self::from_extended_text(text)? {
            (checkpoint, 0) => Ok(checkpoint),
            (_, found) => Err(TlogError::CheckpointExtended { found }),
        }
    }

    /// Reads a checkpoint that other logs may have extended; says by how many lines.
    pub(super) fn from_extended_text(text: &str) -> Result<(Self, usize), TlogError> {
        let parsed = tlog_tiles::Checkpoint::from_bytes(text.as_bytes())
            .map_err(|_| TlogError::CheckpointMalformed)?;
        let extended_by = parsed.extension().lines().count();
        let checkpoint = Self {
            origin: Origin::new(parsed.origin())?,
            size: parsed.size(),
            root: Hash::from_bytes(parsed.hash().0),
        };
        checkpoint.check()?;
        Ok((checkpoint, extended_by))
    }
}

/// The text of a note and its signature lines, none of them verified.
pub(super) fn open_note(note: &str) -> Result<(String, Vec<Signature>), TlogError> {
    if note.len() > MAX_NOTE_SIZE_BYTES {
        return Err(TlogError::NoteTooLarge { found: note.len() });
    }
    let malformed = || TlogError::NoteMalformed;
    let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| malformed())?;
    // The note is its text, an empty line and the signature lines.
    let (text, lines) = note.split_at_checked(parsed.text().len()).ok_or_else(malformed)?;
    let line = |line: &str| Signature::from_bytes(line.as_bytes()).map_err(|_| malformed());
    let lines: Result<_, _> = lines.lines().skip(1).map(line).collect();
    Ok((text.to_owned(), lines?))
}

/// A checkpoint with the note in which its log signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The signed note (C2SP signed-note): the checkpoint's text, an empty line, a signature
    /// line.
    pub note: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::MAX_TREE_SIZE;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_checkpoint_has_one_spelling(
            size in prop_oneof![1_u64..200, 1..=MAX_TREE_SIZE],
            root in any::<[u8; 32]>(),
            place in any::<prop::sample::Index>(),
            removed in 0_usize..2,
            put_in in "[0-9A/+= \n\r\tx]{0,2}",
        ) {
            let origin = Origin::new("register.example").unwrap();
            let root = Hash::from_bytes(root);
            let mut text = Checkpoint { origin, size, root }.to_text();
            let start = place.index(text.len());
            text.replace_range(start..start + removed, &put_in);
            if let Ok(checkpoint) = Checkpoint::from_text(&text) {
                prop_assert_eq!(checkpoint.to_text(), text);
            }
        }
    }
}
