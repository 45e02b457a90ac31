//! One entry, and what it says.

use super::{ChangeOfTitle, Naming, json, sentence};
use crate::record::{EntryNumber, Kind, RecordId, Statement, Thumbprint, Timestamp};
use serde::Serialize;

/// One entry, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The entry.
    pub entry: EntryNumber,
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub id: RecordId,
    /// The kind of its record.
    #[serde(serialize_with = "json::text")]
    pub kind: Kind,
    /// What it says.
    pub sentence: String,
    /// How title passed by it; only in the history of a work.
    pub title: Vec<ChangeOfTitle>,
    /// Who signed it: a handle, or the origin of the ledger.
    pub signer: String,
    /// The key that signed it.
    #[serde(serialize_with = "json::text")]
    pub key: Thumbprint,
    /// The entry that revoked that key afterwards; what it had signed before stays valid.
    pub key_revoked_by: Option<EntryNumber>,
    /// When it took effect, as it says; nothing where it takes effect when it is registered.
    #[serde(serialize_with = "json::optional_text")]
    pub effective_at: Option<Timestamp>,
    /// When it was signed, as the signer says.
    #[serde(serialize_with = "json::text")]
    pub signed_at: Timestamp,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
}

impl Fact {
    /// What an entry says that was registered then; of the passings of title those that it caused.
    ///
    /// # Errors
    /// A source that cannot be read, or that lacks what the statement names.
    pub fn of<N: Naming>(
        names: &N,
        (entry, registered_at): (EntryNumber, Timestamp),
        statement: &Statement,
        passings: &[ChangeOfTitle],
        key_revoked_by: Option<EntryNumber>,
    ) -> Result<Self, N::Error> {
        let header = statement.header();
        Ok(Self {
            entry,
            id: statement.id(),
            kind: statement.record().kind(),
            sentence: sentence(statement, names)?,
            title: passings.iter().filter(|passing| passing.entry == entry).cloned().collect(),
            // Admission has seen to it that this is the handle of the party whose key it is.
            signer: header.issuer.clone(),
            key: header.kid,
            key_revoked_by,
            effective_at: statement.record().effective_at(),
            signed_at: Timestamp::from_millis(header.issued_at_s.saturating_mul(1000))?,
            registered_at,
        })
    }
}
