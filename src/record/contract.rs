//! A contract: a party accepts one version of a standard form, with evidence of notice.

use super::{Body, ClauseName, Digest, Language, RecordError, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

/// An acceptance. The provider's publication is the offer; this is the answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The version that is accepted.
    pub terms: RecordId,
    /// The contract that goes on under this version, where it is not one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<RecordId>,
    /// What was shown before, and how.
    pub notice: Notice,
    /// The material clauses that the party acknowledged one by one, in the order of the terms.
    pub acknowledged: Vec<ClauseName>,
    /// When the contract took effect.
    pub effective_at: Timestamp,
}

/// Evidence that the text was shown. The drafter of standard terms has to prove notice and
/// explanation (Civil Code of the PRC, Article 496; judicial interpretation of 2023 on contracts,
/// Article 10: a tick-box alone is not enough).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// BLAKE3-256 of the text that was shown.
    pub digest: Digest,
    /// How it was shown.
    pub manner: Manner,
    /// In which language.
    pub language: Language,
    /// When.
    pub shown_at: Timestamp,
}

/// How a text was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// Printed on a terminal in full, then each clause asked by itself.
    Terminal,
    /// Written in full to the output of the program that the party ran to accept; no person was
    /// asked clause by clause.
    Output,
    /// On a web page or in a program's window.
    Screen,
    /// On paper.
    Paper,
    /// Sent as a message or a file.
    Message,
}

impl Manner {
    /// Every manner.
    pub const ALL: &[Self] =
        &[Self::Terminal, Self::Output, Self::Screen, Self::Paper, Self::Message];

    /// The name in records and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Output => "output",
            Self::Screen => "screen",
            Self::Paper => "paper",
            Self::Message => "message",
        }
    }
}

impl Body for Contract {
    fn subject(&self) -> String {
        format!("terms:{}", self.terms)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        if self.notice.shown_at > self.effective_at {
            return Err(RecordError::OutOfRange {
                what: "the time of notice",
                found: self.notice.shown_at.to_string(),
                needed: "not after the acceptance",
            });
        }
        Ok(())
    }
}
