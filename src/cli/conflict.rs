//! Claims on the same content by several parties: told, never decided.

use super::CliError;
use crate::admission::View;
use crate::ledger::Ledger;
use crate::record::{EntryNumber, Handle, RecordId, Timestamp, Title};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Most conflicts that are told.
const MAX_CONFLICTS: usize = 100;

/// Another party's registration of the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    entry: EntryNumber,
    work: RecordId,
    title: Title,
    party: Option<Handle>,
    registered_at: Timestamp,
}

impl Conflict {
    /// The conflicts of a work, in order of registration.
    pub(super) fn of(ledger: &Ledger, work: EntryNumber) -> Result<Vec<Self>, CliError> {
        let reader = ledger.read()?;
        let rows = reader.conflicts_of(work, MAX_CONFLICTS)?;
        let other = |row: &crate::admission::ConflictRow| {
            if row.entry == work { row.earlier } else { row.entry }
        };
        let mut conflicts = Vec::new();
        for entry in rows.iter().map(other).collect::<BTreeSet<_>>() {
            let (Some(row), Some(facts)) = (reader.work_row(entry)?, reader.work(entry)?) else {
                continue;
            };
            let party = reader.party(facts.signer)?;
            conflicts.push(Self {
                entry,
                work: reader.statement(entry)?.id(),
                title: row.title,
                party: party.map(|party| party.handle),
                registered_at: reader.registered_at(entry)?,
            });
        }
        Ok(conflicts)
    }

    /// The conflict for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "work": self.work.to_string(),
            "title": self.title.as_str(),
            "party": self.party.as_ref().map(Handle::as_str),
            "entry": self.entry.get(),
        })
    }

    /// The conflict for people.
    pub(super) fn warning(&self) -> String {
        let party = self.party.as_ref().map_or("another party", Handle::as_str);
        format!(
            "`{party}` has registered the same content as `{}` in {}, on {}; both claims stand, and the register does not decide between them",
            self.title, self.entry, self.registered_at
        )
    }
}
