//! Reversal of a line of account that was wrong.

use super::{Account, Body, Note, RecordError, RecordId, Reference};
use serde::{Deserialize, Serialize};

/// Takes one line of account back and says why, by the party that reported it; with the line that
/// stands instead, where there is one. The line stays in the log: what was known before is not
/// changed, what is owed from now on is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Why.
    pub reason: Note,
    /// The contract.
    pub contract: RecordId,
    /// The reference of the line that is reversed.
    pub reference: Reference,
    /// The line that stands instead: an account of exactly one line under the same contract, with a
    /// reference of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Account>,
}

impl Body for Correction {
    fn subject(&self) -> String {
        format!("contract:{}", self.contract)
    }

    fn check(&self) -> Result<(), RecordError> {
        let Some(account) = &self.replacement else {
            return Ok(());
        };
        account.check()?;
        let (what, needed) = ("replacement", "one line under the contract of the reversed one");
        let found = account.lines.len();
        let [line] = account.lines.as_slice() else {
            return Err(RecordError::List { what, found, needed });
        };
        if account.contract != self.contract {
            let found = account.contract.to_string();
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
