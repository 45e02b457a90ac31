//! A licence: a holder allows others to make works out of a work, for a share of what these earn.

use super::{Body, Note, RecordError, RecordId, Right, Scope, Timestamp, wire};
use crate::money::Rate;
use serde::{Deserialize, Serialize};

/// A permission that is not exclusive, with what Article 26 of the Copyright Law of the PRC asks of
/// the contract: the work, the kinds of right and territory, the term, remuneration and manner of
/// payment, liability for breach. What is not named is not granted (Article 29). An exclusive
/// licence cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// What is owed of each payment for a work that was made under it.
    #[serde(with = "wire::rate")]
    pub rate: Rate,
    /// The work.
    pub work: RecordId,
    /// Which rights, and where.
    pub scope: Scope,
    /// Until when works may be made under it; for the term of protection, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Liability for breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<Note>,
    /// Of which payments.
    pub passing: Passing,
    /// Who may use it; anybody, where nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensee: Option<RecordId>,
    /// From when on.
    pub effective_at: Timestamp,
    /// Date and manner of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_terms: Option<Note>,
}

macro_rules! passings {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Which payments a licence takes its share of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Passing {
            $($(#[$doc])* $variant),+
        }

        impl Passing {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

passings! {
    /// An absolute share of the payment for the work that was made under the licence, and of each
    /// payment for a work derived from that one, however far.
    EveryAncestor = "every-ancestor",
    /// A share of what the work that was made under the licence receives: of the payments for it, and
    /// of what works derived from it pass on to it.
    DirectParents = "direct-parents",
}

impl Body for Licence {
    fn subject(&self) -> String {
        format!("work:{}", self.work)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        super::Period::new(self.effective_at, self.until)?;
        let deriving = [Right::Filming, Right::Adaptation, Right::Translation, Right::Compilation];
        if deriving.iter().any(|right| self.scope.rights.contains(*right)) {
            return Ok(());
        }
        Err(RecordError::OutOfRange {
            what: "rights of a licence",
            found: self.scope.rights.to_string(),
            needed: "with filming, adaptation, translation or compilation among them",
        })
    }
}
