//! A row of the log. Never says whether it is a good one: hashes and signature are not checked.

use crate::record::{EntryNumber, Kind, RecordId, Timestamp};
use crate::tlog::Hash;

/// One entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its place in the log.
    pub number: EntryNumber,
    /// When the ledger took it in.
    pub registered_at: Timestamp,
    /// BLAKE3-256 of the statement.
    pub id: RecordId,
    /// The kind of its record.
    pub kind: Kind,
    /// The enrolment of the party that signed it; none for the opening of the ledger.
    pub signer: Option<EntryNumber>,
    /// The tree hashes that it completes, the leaf first, as
    /// [`Frontier::append`](crate::tlog::Frontier::append) gives them.
    pub nodes: Vec<Hash>,
    /// The signed tree head over this entry and all before it: on the last entry of a commit.
    pub checkpoint: Option<String>,
    /// The bytes of the statement.
    pub statement: Vec<u8>,
}
