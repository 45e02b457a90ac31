//! The closing of a statement of account, and the other side's answer to it.

use super::{Body, Digest, Note, RecordError, RecordId, Timestamp};
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// The party that owes the accounts closes the statement of one period: the figures of which it
/// gives digest and closing balance are its own. Admission does not compute them; whoever asks for
/// the statement is shown whether they are what the ledger computes from what it knew then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementClosed {
    /// BLAKE3-256 of the figures, as `schema/cli-v1.md` writes them.
    pub digest: Digest,
    /// What is owed at the end of the period, in minor units; below zero where more was paid.
    pub closing: i64,
    /// The first moment after the period.
    pub ends_at: Timestamp,
    /// The contract.
    pub contract: RecordId,
    /// Of the closing balance.
    pub currency: Currency,
    /// What the ledger had registered by then is in the figures.
    pub known_at: Timestamp,
    /// The first moment of the period.
    pub starts_at: Timestamp,
    /// When it was closed: after the period.
    pub effective_at: Timestamp,
}

impl Body for StatementClosed {
    fn subject(&self) -> String {
        format!("contract:{}", self.contract)
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        if self.starts_at < self.ends_at {
            return Ok(());
        }
        Err(RecordError::OutOfRange {
            what: "end of a period",
            found: self.ends_at.to_string(),
            needed: "after its start",
        })
    }
}

/// The other side of the contract accepts a closed statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementAccepted {
    /// The closing.
    pub closing: RecordId,
}

impl Body for StatementAccepted {
    fn subject(&self) -> String {
        format!("closing:{}", self.closing)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}

/// The other side of the contract disputes a closed statement, which may then be closed anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementDisputed {
    /// Why.
    pub reason: Note,
    /// The closing.
    pub closing: RecordId,
}

impl Body for StatementDisputed {
    fn subject(&self) -> String {
        format!("closing:{}", self.closing)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
