//! Reversal of a line of account that was wrong.

use super::{Account, Body, Note, RecordError, RecordId, Reference};
use serde::{Deserialize, Serialize};

/// Takes one line of account back and says why, by the party that reported it; with the line that
/// stands instead, where there is one. The line stays in the log: what was known before is not
/// changed, what is owed from now on is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The work, where the account is of a work and under no contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<RecordId>,
    /// Why.
    pub reason: Note,
    /// The contract, where the account is under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<RecordId>,
    /// The reference of the line that is reversed.
    pub reference: Reference,
    /// The line that stands instead: an account of exactly one line under the same contract or of
    /// the same work, with a reference of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Account>,
}

impl Body for Correction {
    fn subject(&self) -> String {
        match (&self.contract, &self.work) {
            (Some(contract), _) => format!("contract:{contract}"),
            (None, Some(work)) => format!("work:{work}"),
            // Refused by the check.
            (None, None) => "work:".to_owned(),
        }
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = match (&self.contract, &self.work) {
            (Some(_), None) | (None, Some(_)) => None,
            (Some(_), Some(_)) => Some("a contract and a work"),
            (None, None) => Some("neither"),
        };
        if let Some(found) = found {
            return Err(RecordError::OutOfRange {
                what: "account of a correction",
                found: found.to_owned(),
                needed: "of a contract or of a work",
            });
        }
        let Some(account) = &self.replacement else {
            return Ok(());
        };
        account.check()?;
        let (what, needed) = ("replacement", "one line of the account of the reversed one");
        let found = account.lines.len();
        let [line] = account.lines.as_slice() else {
            return Err(RecordError::List { what, found, needed });
        };
        let of_work = account.works.first().filter(|_| account.contract.is_none());
        if account.contract != self.contract || of_work != self.work.as_ref() {
            let found = account.subject();
            return Err(RecordError::OutOfRange { what, found, needed });
        }
        if line.reference == self.reference {
            return Err(RecordError::OutOfRange {
                what: "reference of a replacement",
                found: line.reference.to_string(),
                needed: "another one than that of the reversed line",
            });
        }
        Ok(())
    }
}
