//! Registration of a work.

use super::{
    Body, Committed, Content, DerivationKind, Generation, Note, RecordError, RecordId, Timestamp,
    Title, wire,
};
use crate::money::Share;
use serde::{Deserialize, Serialize};

const MAX_CONTENTS: usize = 200;
const MAX_CREATORS: usize = 200;
/// Most works that one work may derive from directly: more than that, nobody could follow.
pub const MAX_PARENTS: usize = 16;

/// A creator registers what was made, by whom, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// What else the creator wants to say, such as where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The title.
    pub title: Title,
    /// The files of the work; the first one is the main one.
    pub contents: Vec<Content>,
    /// The contract under which it was made; none for a bare claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<RecordId>,
    /// Who made it, in which shares. The signer must be among them; the others sign the split.
    pub creators: Vec<Creator>,
    /// How it was generated, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
    /// The works that it was made from, where it was made from others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<Parent>,
    /// When it was made.
    pub effective_at: Timestamp,
}

/// A work that another one was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// What was done with it, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DerivationKind>,
    /// The work.
    pub work: RecordId,
    /// The licence under which that was done; where none is named, nothing is owed by the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<RecordId>,
}

/// A creator's share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creator {
    /// The party.
    pub party: RecordId,
    /// Its share; all creators' shares sum to exactly 1.
    #[serde(with = "wire::share")]
    pub share: Share,
}

fn all_different<T: Ord>(mut items: Vec<T>) -> bool {
    items.sort_unstable();
    items.windows(2).all(|pair| pair[0] != pair[1])
}

impl Body for Work {
    fn subject(&self) -> String {
        self.contents.first().map_or_else(String::new, |main| format!("blake3:{}", main.digest))
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn committed(&self) -> Vec<Committed<'_>> {
        let told = self.generation.as_ref().map_or(&[][..], |generation| &generation.prompts);
        Committed::of(told, &self.contents).collect()
    }

    fn check(&self) -> Result<(), RecordError> {
        let digests = self.contents.iter().map(|content| content.digest).collect();
        if self.contents.is_empty() || self.contents.len() > MAX_CONTENTS || !all_different(digests)
        {
            return Err(RecordError::List {
                what: "contents",
                found: self.contents.len(),
                needed: "1 to 200, none twice",
            });
        }
        self.contents.iter().try_for_each(Content::check)?;
        let parties = self.creators.iter().map(|creator| creator.party).collect();
        if self.creators.len() > MAX_CREATORS || !all_different(parties) {
            return Err(RecordError::List {
                what: "creators",
                found: self.creators.len(),
                needed: "1 to 200, none twice",
            });
        }
        Share::sum_to_one(self.creators.iter().map(|creator| creator.share))
            .map_err(|error| RecordError::Money { what: "shares of the creators", error })?;
        let parents = self.derived_from.iter().map(|parent| parent.work).collect();
        if self.derived_from.len() > MAX_PARENTS || !all_different(parents) {
            return Err(RecordError::List {
                what: "works that it derives from",
                found: self.derived_from.len(),
                needed: "at most 16, none twice",
            });
        }
        self.generation.as_ref().map_or(Ok(()), Generation::check)
    }
}
