//! Another claim on the same content.

use super::json;
use crate::record::{EntryNumber, Handle, RecordId, Timestamp, Title};
use serde::Serialize;

/// Another registration of the same content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// Its identifier.
    #[serde(serialize_with = "json::text")]
    pub work: RecordId,
    /// Its entry.
    pub entry: EntryNumber,
    /// Its title.
    pub title: Title,
    /// Who registered it.
    #[serde(serialize_with = "json::text")]
    pub party: Handle,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// Whether it was registered before the work that is asked about.
    pub earlier: bool,
}
