//! Texts that records commit to, opened with what the vault keeps. Never shows what does not open its
//! commitment.

use super::{AnswerError, json};
use crate::record::{Commitment, Committed, Digest, EntryNumber, Name, TextRole};
use crate::vault::{Opening, Vault};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// A text that a record commits to, and what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenedText {
    /// The statement that commits to it.
    pub entry: EntryNumber,
    /// What it is.
    #[serde(serialize_with = "json::text")]
    pub role: TextRole,
    /// The file whose claim it is.
    #[serde(serialize_with = "json::optional_text")]
    pub file: Option<Digest>,
    /// Where in that file it stands.
    pub place: Option<Name>,
    /// The commitment.
    #[serde(serialize_with = "json::text")]
    pub commitment: Commitment,
    /// What the vault has for it; nothing where it was not asked.
    #[serde(flatten)]
    pub opened: Option<Opened>,
}

impl OpenedText {
    /// Whether its text is there and opens the commitment.
    pub const fn is_open(&self) -> bool {
        matches!(self.opened, Some(Opened::Opened { .. }))
    }
}

/// What the vault has for a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Opened {
    /// The exact bytes, which do open it.
    Opened {
        /// The bytes; in JSON as text, with what is not UTF-8 replaced.
        #[serde(serialize_with = "lossy_text")]
        text: Vec<u8>,
    },
    /// Nothing.
    NotInVault,
    /// Something that does not open it.
    DoesNotMatch,
}

fn lossy_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

/// What an opening that the vault keeps for a commitment, or not, says of it.
fn opened_of(kept: Option<Option<Opening>>, commitment: Commitment) -> Opened {
    match kept {
        Some(Some(opening)) if opening.commitment() == commitment => {
            Opened::Opened { text: opening.bytes().to_vec() }
        }
        Some(_) => Opened::DoesNotMatch,
        None => Opened::NotInVault,
    }
}

/// What the vault has for some commitments; nothing where it is not asked.
pub(super) struct Opener(Option<BTreeMap<Commitment, Opened>>);

impl Opener {
    /// Reads the vault once.
    pub(super) fn new(
        vault: Option<&Vault>,
        commitments: impl Iterator<Item = Commitment>,
    ) -> Result<Self, AnswerError> {
        let Some(vault) = vault else {
            return Ok(Self(None));
        };
        let commitments: BTreeSet<_> = commitments.collect();
        let mut openings = vault.find_all(&commitments)?;
        let opened =
            commitments.into_iter().map(|it| (it, opened_of(openings.remove(&it), it))).collect();
        Ok(Self(Some(opened)))
    }

    /// A commitment of this entry with what opens it.
    pub(super) fn committed(&self, entry: EntryNumber, committed: &Committed<'_>) -> OpenedText {
        let Committed { role, commitment, file, place } = *committed;
        let opened = self.0.as_ref().map(|opened| opened.get(&commitment).cloned());
        let opened = opened.map(|opened| opened.unwrap_or(Opened::NotInVault));
        OpenedText { entry, role, file, place: place.cloned(), commitment, opened }
    }
}
