//! How answers name a work, terms, a contract: by identifier, by entry and in words.

use super::json;
use crate::record::{EntryNumber, Handle, RecordId, Title};
use serde::Serialize;

/// A work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkLabel {
    /// The identifier of its registration.
    #[serde(serialize_with = "json::text")]
    pub work: RecordId,
    /// The entry of its registration.
    pub entry: EntryNumber,
    /// Its title.
    pub title: Title,
}

/// A version of a standard form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermsLabel {
    /// The identifier of its publication.
    #[serde(serialize_with = "json::text")]
    pub terms: RecordId,
    /// The entry of its publication.
    pub entry: EntryNumber,
    /// `northlight/fee@1`.
    pub name: String,
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractLabel {
    /// The identifier of the acceptance.
    #[serde(serialize_with = "json::text")]
    pub contract: RecordId,
    /// The entry of the acceptance.
    pub entry: EntryNumber,
    /// What was accepted.
    pub terms: TermsLabel,
    /// Who accepted.
    pub party: Handle,
    /// Whose terms they are.
    pub provider: Handle,
}
