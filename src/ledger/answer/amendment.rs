//! A version of the terms under which a contract goes on. Looks up the acceptance and its name, and
//! never what its clauses are.

use super::{AnswerError, Names, json};
use crate::admission::ContractRow;
use crate::record::{EntryNumber, RecordId, Timestamp};
use serde::Serialize;

/// A version of the terms under which a contract goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amendment {
    /// The acceptance.
    #[serde(serialize_with = "json::text")]
    pub contract: RecordId,
    /// Its entry.
    pub entry: EntryNumber,
    /// The terms: `northlight/share@2`.
    pub terms: String,
    /// From when on.
    #[serde(serialize_with = "json::text")]
    pub effective_at: Timestamp,
}

impl Amendment {
    /// The amendments of a contract that count, in order of effect.
    ///
    /// # Errors
    /// A ledger that cannot be read.
    pub(super) fn of(
        names: &Names<'_>,
        contract: EntryNumber,
        counts: impl Fn(&ContractRow) -> bool,
    ) -> Result<Vec<Self>, AnswerError> {
        let amendments = names.reader().amendments_of(contract)?;
        let amendment = |row: ContractRow| {
            Ok(Self {
                contract: names.id(row.entry)?,
                entry: row.entry,
                terms: names.terms_label(row.terms)?.name,
                effective_at: row.effective_at,
            })
        };
        amendments.into_iter().filter(counts).map(amendment).collect()
    }
}
