//! A change of title: one link of the chain.

use super::Ground;
use crate::money::Share;
use crate::record::{EntryNumber, Period, Scope, Timestamp};

/// Title passed, from someone or by the making of the work, to someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The entry that caused it.
    pub entry: EntryNumber,
    /// When it took effect.
    pub effective_at: Timestamp,
    /// Who held before; nobody where the work was made.
    pub from: Option<EntryNumber>,
    /// Who holds from then on.
    pub to: EntryNumber,
    /// Which share of the whole.
    pub share: Share,
    /// Of which rights, where.
    pub scope: Scope,
    /// For which time; at its end the rights fall back without another change.
    pub period: Period,
    /// Why.
    pub ground: Ground,
}
