//! Closed statements: what was closed, how the other side answered, whether the figures are what the
//! ledger computes from what it knew then, and what it learned since. Never changes what was closed.

use super::accounts::{MAX_ROWS, bounded};
use super::{Accounts, AnswerError, Moments, Names, json};
use crate::admission::{ContractRow, StatementClosedRow, View as _};
use crate::money::Amount;
use crate::record::{
    Digest, EntryNumber, Form, Handle, Record, RecordId, Statement, Timestamp, Work,
};
use crate::royalty::SettlementSpan;
use crate::store::Reader;
use serde::Serialize;

/// A period is closed anew only after a dispute; nobody disputes so often.
const MAX_CLOSINGS: usize = 1000;

/// A closed statement, beside its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// The closing.
    #[serde(serialize_with = "json::text")]
    pub closing: RecordId,
    /// Its entry.
    pub entry: EntryNumber,
    /// When the ledger took it in.
    #[serde(serialize_with = "json::text")]
    pub registered_at: Timestamp,
    /// Who closed it.
    #[serde(serialize_with = "json::text")]
    pub by: Handle,
    /// What was registered by then is in its figures.
    #[serde(serialize_with = "json::text")]
    pub known_at: Timestamp,
    /// The closing balance as it was claimed.
    #[serde(serialize_with = "json::decimal")]
    pub balance: Amount,
    /// The digest of the figures as it was claimed.
    #[serde(serialize_with = "json::text")]
    pub digest: Digest,
    /// How the other side answered.
    pub status: ClosedStatus,
    /// Its answer.
    pub answered_by: Option<EntryNumber>,
    /// Whether balance and digest are those that the ledger computes from what it knew then.
    pub is_confirmed: bool,
    /// What is owed now at the end of the period, less what was claimed: it stands in the next
    /// statement.
    #[serde(serialize_with = "json::decimal")]
    pub true_up: Amount,
    /// The entries that became known since and bear on it.
    pub causes: Vec<EntryNumber>,
}

/// How the other side answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedStatus {
    /// Not yet.
    Unanswered,
    /// It accepted.
    Accepted,
    /// It disputed: the statement counts no more and may be closed anew.
    Disputed,
}

/// The latest closing of a period that was known, and the answer to it that was.
pub(super) fn closing(
    reader: &Reader<'_>,
    now: &Accounts<'_>,
    contract: EntryNumber,
    span: SettlementSpan,
) -> Result<Option<(StatementClosedRow, ClosedStatus, Option<EntryNumber>)>, AnswerError> {
    let closings = reader.closings(contract, (span.start(), span.end()), MAX_CLOSINGS)?;
    let Some(row) = closings.into_iter().rfind(|row| now.is_known(row.entry)) else {
        return Ok(None);
    };
    let answer = reader.statement_answered(row.entry)?;
    let answer = answer.filter(|answer| now.is_known(answer.entry));
    let status = match answer.as_ref().map(|answer| answer.disputed) {
        None => ClosedStatus::Unanswered,
        Some(0) => ClosedStatus::Accepted,
        Some(_) => ClosedStatus::Disputed,
    };
    Ok(Some((row, status, answer.map(|answer| answer.entry))))
}

/// The entries that one account knows and an earlier one did not, and that are of the time before
/// a moment: lines, corrections, payments, opening balances; under a fee, works.
pub(super) fn causes(
    reader: &Reader<'_>,
    (then, now): (&Accounts<'_>, &Accounts<'_>),
    contract: &ContractRow,
    until: Timestamp,
) -> Result<Vec<EntryNumber>, AnswerError> {
    let mut causes = Vec::new();
    let terms = Names::new(reader).terms(contract.terms)?;
    let is_fee = matches!(&terms.terms.form, Form::FeeForAssignment(_));
    let about = reader.about(contract.entry, MAX_ROWS + 1)?;
    for entry in bounded(about, "entries about the contract")? {
        if then.is_known(entry) || !now.is_known(entry) {
            continue;
        }
        let statement = reader.statement(entry)?;
        let is_owed = |work: &Work| is_fee && work.effective_at < until;
        if bears(reader, &statement, contract.entry, until)?
            || matches!(statement.record(), Record::Work(work) if is_owed(work))
        {
            causes.push(entry);
        }
    }
    Ok(causes)
}

fn bears(
    reader: &Reader<'_>,
    statement: &Statement,
    contract: EntryNumber,
    until: Timestamp,
) -> Result<bool, AnswerError> {
    let record = statement.record();
    if let Record::Account(account) = record {
        return Ok(account.lines.iter().any(|line| line.on < until));
    }
    if let Record::Correction(correction) = record {
        let reversed = reader.account_line(contract, &correction.reference)?;
        let replacement = correction.replacement.iter().flat_map(|account| &account.lines);
        return Ok(reversed.is_some_and(|line| line.effective_at < until)
            || replacement.into_iter().any(|line| line.on < until));
    }
    if let Record::Confirmation(confirmation) = record {
        return Ok(confirmation.effective_at < until);
    }
    Ok(matches!(record, Record::OpeningAgreed(_)))
}

/// What the next statement corrects of the one before it.
pub(super) struct TrueUp {
    /// The period that was closed.
    pub(super) span: SettlementSpan,
    /// Its account, as known when it was closed.
    pub(super) account: crate::royalty::Account,
    /// What became known since.
    pub(super) causes: Vec<EntryNumber>,
}

impl TrueUp {
    /// Of the period before another, where its statement is closed and not disputed.
    pub(super) fn before(
        reader: &Reader<'_>,
        now: &Accounts<'_>,
        contract: &ContractRow,
        (span, last): (SettlementSpan, Timestamp),
    ) -> Result<Option<Self>, AnswerError> {
        let span = SettlementSpan::containing(span.period(), last)?;
        let closing = closing(reader, now, contract.entry, span)?;
        let Some((row, ClosedStatus::Unanswered | ClosedStatus::Accepted, _)) = closing else {
            return Ok(None);
        };
        let then = Accounts::new(reader, Moments { as_of: last, known_at: row.known_at })?;
        let account = then.of(contract, None)?;
        let causes = causes(reader, (&then, now), contract, span.end())?;
        Ok(Some(Self { span, account, causes }))
    }

    /// The causes in words.
    pub(super) fn because(&self) -> Option<String> {
        /// Entries that are named one by one.
        const MAX_SHOWN: usize = 12;
        let shown: Vec<_> = self.causes.iter().take(MAX_SHOWN).map(ToString::to_string).collect();
        let more = match self.causes.len().saturating_sub(MAX_SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!shown.is_empty()).then(|| format!("known since: {}{more}", shown.join(", ")))
    }
}

/// What a closed statement says of itself; the balances are those of its figures as known then,
/// and now.
pub(super) fn closed(
    names: &Names<'_>,
    (row, status, answered_by): (StatementClosedRow, ClosedStatus, Option<EntryNumber>),
    figures: (Amount, Digest),
    now: Amount,
    causes: Vec<EntryNumber>,
) -> Result<Closed, AnswerError> {
    let reader = names.reader();
    let balance = Amount::new(i128::from(row.closing), row.currency)?;
    Ok(Closed {
        closing: names.id(row.entry)?,
        entry: row.entry,
        registered_at: reader.registered_at(row.entry)?,
        by: names.handle(names.contract(row.contract)?.party)?,
        known_at: row.known_at,
        balance,
        digest: row.digest,
        status,
        answered_by,
        is_confirmed: figures == (balance, row.digest),
        true_up: now.checked_sub(balance)?,
        causes,
    })
}
