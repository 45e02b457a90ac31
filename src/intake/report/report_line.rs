//! What one line of a sales report says.

use super::WorkBy;
use crate::money::Currency;
use crate::record::{Category, CountryCode, LineKind, Reference, Timestamp};
use std::sync::Arc;

/// A line of account, as far as the file and its mapping say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// Where it stands in the file, counted from 1.
    pub line: u64,
    /// The contract, where the mapping says it: a reference, shared by the lines that name it.
    pub contract: Option<Arc<str>>,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Category.
    pub category: Category,
    /// When it took effect.
    pub on: Timestamp,
    /// Minor units; more than zero.
    pub minor: i64,
    /// Currency.
    pub currency: Currency,
    /// The reporter's reference.
    pub reference: Reference,
    /// The work, by whatever the report calls it.
    pub work: Option<WorkName>,
    /// Copies or licences.
    pub units: Option<u64>,
    /// Where.
    pub territory: Option<CountryCode>,
}

/// What a report calls a work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WorkName {
    /// How the text names it.
    pub by: WorkBy,
    /// The text; lines about one work share it.
    pub text: Arc<str>,
}
