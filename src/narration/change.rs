//! One passing of title.

use super::{Naming, json};
use crate::money::Share;
use crate::record::{EntryNumber, Handle, Scope, Timestamp};
use crate::title::{Change, GroundKind};
use serde::Serialize;

/// One passing of title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeOfTitle {
    /// The entry that caused it.
    pub entry: EntryNumber,
    /// When it took effect.
    #[serde(serialize_with = "json::text")]
    pub at: Timestamp,
    /// Who held before; nobody where the work was made.
    #[serde(serialize_with = "json::optional_text")]
    pub from: Option<Handle>,
    /// Who holds from then on.
    #[serde(serialize_with = "json::text")]
    pub to: Handle,
    /// Which share of the whole.
    #[serde(serialize_with = "json::text")]
    pub share: Share,
    /// Which rights, and where.
    #[serde(serialize_with = "json::text")]
    pub scope: Scope,
    /// Until when; nothing for as long as the work is protected.
    #[serde(serialize_with = "json::optional_text")]
    pub until: Option<Timestamp>,
    /// On what kind of ground.
    #[serde(serialize_with = "json::text")]
    pub ground: GroundKind,
    /// The same in words.
    pub sentence: String,
}

impl ChangeOfTitle {
    /// A change of title, in words.
    ///
    /// # Errors
    /// A source that cannot be read, or that lacks a party.
    pub fn of<N: Naming>(names: &N, change: &Change) -> Result<Self, N::Error> {
        let from = change.from.map(|party| names.handle(party)).transpose()?;
        let to = names.handle(change.to)?;
        let share = super::sentence::share_in_words(change.share);
        let what = if change.scope == Scope::WHOLE {
            share
        } else {
            format!("{share} of {}", change.scope)
        };
        let sentence = match &from {
            Some(from) => format!("{what} passed from {from} to {to}"),
            None => format!("{to} held {what} from the making of the work"),
        };
        Ok(Self {
            entry: change.entry,
            at: change.effective_at,
            from,
            to,
            share: change.share,
            scope: change.scope,
            until: change.period.until(),
            ground: change.ground.kind,
            sentence,
        })
    }
}
