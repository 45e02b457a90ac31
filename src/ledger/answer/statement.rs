//! The statement of account of one period under one contract, as royalty statements are laid out:
//! what was owed before, what the period earned and how, what was paid, what is owed after it.
//!
//! The balance counts what is payable for the periods so far, due or not, the instalments of fee,
//! advance and guarantee that fell due, and interest, less confirmed payments; so that each
//! statement opens with what the one before closed with. What an event dated into an earlier period
//! changed after that is in the opening balance, as soon as the ledger knows the event.

use super::accounts::{MAX_ROWS, bounded};
use super::closed::{TrueUp, causes, closed, closing};
use super::owed::first;
use super::{
    Accounts, Amendment, AnswerError, Closed, ClosedStatus, ContractLabel, Group, Moments, Names,
    PeriodNeeded, ProceedsSource, WorkLabel, WorkProceeds, json, proceeds,
};
use crate::admission::{ConfirmationRow, ContractRow, View};
use crate::money::{Amount, Currency};
use crate::record::{Digest, EntryNumber, Form, Handle, Kind, Purpose, Timestamp};
use crate::royalty::{
    Account, Claimed, Derivation, Earned, PeriodLine, PeriodStatement, SettlementSpan,
    StatementRow, figures,
};
use crate::store::Reader;
use serde::Serialize;

/// Payments that a row names one by one; of more it says how many.
const MAX_SHOWN_PAYMENTS: usize = 12;

/// The account of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementOfAccount {
    /// The contract, its terms and its sides.
    pub contract: ContractLabel,
    /// The title of the terms.
    pub title: String,
    /// The later versions of the terms under which the contract went on by `as_of`.
    pub amended_by: Vec<Amendment>,
    /// Who pays.
    #[serde(serialize_with = "json::text")]
    pub payer: Handle,
    /// Who receives.
    #[serde(serialize_with = "json::text")]
    pub payee: Handle,
    /// The period: `2026-Q1`.
    #[serde(serialize_with = "json::text")]
    pub period: SettlementSpan,
    /// Its first moment.
    #[serde(serialize_with = "json::text")]
    pub from: Timestamp,
    /// The first moment after it.
    #[serde(serialize_with = "json::text")]
    pub until: Timestamp,
    /// Whether it is over; else the figures are those so far.
    pub is_over: bool,
    /// The moment up to which facts count: within the period, or its end.
    #[serde(serialize_with = "json::text")]
    pub as_of: Timestamp,
    /// Only what the ledger had registered by then counts.
    #[serde(serialize_with = "json::text")]
    pub known_at: Timestamp,
    /// The currency of the contract.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// Its closing, where it was closed.
    pub closed: Option<Closed>,
    /// One for each work that is accounted for by itself, else one.
    pub lines: Vec<StatementLine>,
}

/// The account of one work, or of the contract as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// The work, where it is for one.
    pub work: Option<WorkLabel>,
    /// The currency of every figure.
    #[serde(serialize_with = "json::text")]
    pub currency: Currency,
    /// What was owed before the period.
    #[serde(serialize_with = "json::decimal")]
    pub opening: Amount,
    /// What is owed after it, due or not.
    #[serde(serialize_with = "json::decimal")]
    pub closing: Amount,
    /// When what is payable for the period falls due.
    #[serde(serialize_with = "json::optional_text")]
    pub due_at: Option<Timestamp>,
    /// The rows, in order.
    pub rows: Vec<StatementRow>,
    /// What each period earned, this one last.
    pub earned: Vec<Earned>,
    /// How the figures of the period came about; none where nothing happened in it.
    pub derivation: Option<Derivation>,
}

impl StatementOfAccount {
    /// What is owed at the end, over all lines.
    ///
    /// # Errors
    /// A sum out of range.
    pub fn balance(&self) -> Result<Amount, AnswerError> {
        let zero = Amount::zero(self.currency);
        let mut closings = self.lines.iter().map(|line| line.closing);
        Ok(closings.try_fold(zero, Amount::checked_add)?)
    }

    /// The figures by which a closed statement is known, as canonical JSON: no white space, keys in
    /// alphabetical order, and no words but names that are stable.
    pub fn figures(&self) -> String {
        let lines = self.lines.iter().map(|line| {
            let work = line.work.as_ref().map(|work| work.work);
            (work, line.currency, line.rows.as_slice())
        });
        figures((self.contract.contract, self.known_at), self.period, lines)
    }

    /// The digest of the figures, by which they are closed.
    pub fn digest(&self) -> Digest {
        Digest::of(self.figures().as_bytes())
    }
}

/// The statement of a period under a contract; of a period that is not over, as it stands so far.
/// Where it was closed, the figures are those of what the ledger knew then, and beside them stands
/// what it learned since; after a dispute they are those of what it knows now.
///
/// # Errors
/// [`AnswerError::Period`] for a period that the contract does not settle by, that has not begun,
/// or that ended before the contract; a ledger that cannot be read; figures out of range.
pub fn statement(
    reader: &Reader<'_>,
    contract: EntryNumber,
    span: SettlementSpan,
    moments: Moments,
) -> Result<StatementOfAccount, AnswerError> {
    let names = Names::new(reader);
    let row = first(&names, contract)?;
    let contract = row.entry;
    let accounts = Accounts::new(reader, moments)?;
    check(&names, &row, span, moments, accounts.is_known(contract))?;
    let drawn = draw(reader, &row, span, moments)?;
    let found = closing(reader, &accounts, contract, span)?;
    let Some((closing, status, answered_by)) = found.filter(|_| drawn.is_over) else {
        return Ok(drawn);
    };
    let known_at = closing.known_at;
    let then = Moments { as_of: before(span.end())?, known_at };
    let as_closed = draw(reader, &row, span, then)?;
    let figures = (as_closed.balance()?, as_closed.digest());
    let known = (&Accounts::new(reader, then)?, &accounts);
    let causes = causes(reader, known, &row, span.end())?;
    let parts = (closing, status, answered_by);
    let closed = closed(&names, parts, figures, drawn.balance()?, causes)?;
    let shown = match status {
        ClosedStatus::Unanswered | ClosedStatus::Accepted => as_closed,
        ClosedStatus::Disputed => drawn,
    };
    Ok(StatementOfAccount { closed: Some(closed), ..shown })
}

/// The contract whose statements have the figures of a work, where the entry is one.
///
/// # Errors
/// [`AnswerError::NoStatement`] for a work under no contract; a ledger that cannot be read.
pub fn accounted(reader: &Reader<'_>, about: EntryNumber) -> Result<EntryNumber, AnswerError> {
    if View::kind(reader, about)? != Some(Kind::Work) {
        return Ok(about);
    }
    let names = Names::new(reader);
    match names.work(about)?.contract {
        Some(contract) => Ok(contract),
        None => Err(AnswerError::NoStatement { work: names.of(about)?, entry: about }),
    }
}

/// The figures of a period, as known at one moment.
fn draw(
    reader: &Reader<'_>,
    row: &ContractRow,
    span: SettlementSpan,
    moments: Moments,
) -> Result<StatementOfAccount, AnswerError> {
    let names = Names::new(reader);
    let as_of = moments.as_of.min(before(span.end())?);
    let now = Accounts::new(reader, Moments { as_of, ..moments })?;
    let last = before(span.start())?;
    let (opening, true_up) = if row.effective_at <= last {
        let opening = Accounts::new(reader, Moments { as_of: last, ..moments })?;
        (opening.of(row, None)?, TrueUp::before(reader, &now, row, (span, last))?)
    } else {
        (Account { lines: Vec::new() }, None)
    };
    let account = now.of(row, None)?;
    let mut received = Vec::new();
    for member in now.accounted_with(row)? {
        received.extend(reader.confirmations_under(member, MAX_ROWS + 1)?);
    }
    let received = bounded(received, "payments")?.into_iter().filter(|payment| {
        let on = payment.effective_at;
        now.is_known(payment.entry) && span.contains(on) && on <= as_of
    });
    let claimed = true_up.as_ref().map(|it| Claimed { span: it.span, account: &it.account });
    let drawn = PeriodStatement::draw(span, account, &opening, claimed)?;
    let mut shared = proceeds(reader, Some(row.entry), Moments { as_of, ..moments })?;
    // Under a fee each work has an account of its own, of which the party's is looked at.
    let payer = names.handle(row.party)?;
    shared.retain(|work| match (work.source, work.contract_entry) {
        (ProceedsSource::Account, None) => work.payer == payer,
        (ProceedsSource::Account | ProceedsSource::Licences, contract) => {
            contract == Some(row.entry)
        }
    });
    let received = received.collect();
    let page = Page { names: Names::new(reader), received, true_up: &true_up, shared };
    let lines = drawn.lines.into_iter().map(|line| page.line(line));
    let terms = names.terms(row.terms)?.terms;
    let currency = match &terms.form {
        Form::ProfitShare(share) => share.currency,
        Form::FeeForAssignment(fee) => fee.amount.currency(),
    };
    Ok(StatementOfAccount {
        contract: names.contract_label(row.entry)?,
        title: terms.title.to_string(),
        amended_by: now.amendments(row.entry)?,
        payer: names.handle(row.party)?,
        payee: names.handle(row.provider)?,
        period: span,
        from: span.start(),
        until: span.end(),
        is_over: span.is_over(moments.as_of),
        as_of,
        known_at: moments.known_at,
        currency,
        closed: None,
        lines: lines.collect::<Result<_, _>>()?,
    })
}

/// The last moment before another.
fn before(moment: Timestamp) -> Result<Timestamp, AnswerError> {
    Ok(Timestamp::from_millis(moment.as_millis() - 1)?)
}

fn check(
    names: &Names<'_>,
    row: &ContractRow,
    span: SettlementSpan,
    moments: Moments,
    is_known: bool,
) -> Result<(), AnswerError> {
    let refused =
        |needed| Err(AnswerError::Period { period: span.to_string(), contract: row.entry, needed });
    if let Form::ProfitShare(share) = &names.terms(row.terms)?.terms.form
        && share.period != span.period()
    {
        return refused(PeriodNeeded::OfTerms { period: share.period });
    }
    if span.end() <= row.effective_at {
        return refused(PeriodNeeded::EndsAfter { made_at: row.effective_at });
    }
    let known = names.reader().last_known_at(moments.known_at)?;
    let opening = names.reader().opening_of(row.entry, known)?;
    if let Some(opening) = opening.filter(|opening| span.end() <= opening.effective_at) {
        return refused(PeriodNeeded::EndsAfterMove { moved_at: opening.effective_at });
    }
    if !is_known {
        let registered_at = names.reader().registered_at(row.entry)?;
        return refused(PeriodNeeded::KnownContract { registered_at });
    }
    if span.start() > moments.as_of || row.effective_at > moments.as_of {
        return refused(PeriodNeeded::Begun { as_of: moments.as_of });
    }
    Ok(())
}

/// What every line of a statement needs.
struct Page<'a> {
    names: Names<'a>,
    /// Payments that arrived in the period.
    received: Vec<ConfirmationRow>,
    /// Of the statement before, where that is closed.
    true_up: &'a Option<TrueUp>,
    /// What of the works is owed to other holders.
    shared: Vec<WorkProceeds>,
}

impl Page<'_> {
    /// A line with the name of its work, the entries that stand behind its sums, and what of it is owed to
    /// other holders.
    fn line(&self, mut line: PeriodLine) -> Result<StatementLine, AnswerError> {
        line.explain("payments", self.payments(line.work)?);
        line.explain("true_up", self.true_up.as_ref().and_then(TrueUp::because));
        let of_line = |it: &&WorkProceeds| line.work.is_none_or(|work| work == it.work.entry);
        for work in self.shared.iter().filter(of_line) {
            line.rows.extend(shared(work, line.currency)?);
        }
        Ok(StatementLine {
            work: line.work.map(|work| self.names.work_label(work)).transpose()?,
            currency: line.currency,
            opening: line.opening,
            closing: line.closing,
            due_at: line.due_at,
            rows: line.rows,
            earned: line.earned,
            derivation: line.derivation,
        })
    }

    /// The payments of the period, each with its entry and day.
    fn payments(&self, work: Option<EntryNumber>) -> Result<Option<String>, AnswerError> {
        let mut texts = Vec::new();
        for payment in self.received.iter().filter(|payment| work.is_none() || payment.work == work)
        {
            let amount = Amount::new(i128::from(payment.minor), payment.currency)?;
            let back = match payment.purpose {
                Some(Purpose::Refund) => " paid back",
                Some(Purpose::Advance | Purpose::Proceeds | Purpose::ProceedsRefund) | None => "",
            };
            let on = payment.effective_at.date();
            texts.push(format!("{} {}{back} on {on}", payment.entry, amount.to_decimal()));
        }
        Ok(match texts.len() {
            0 => None,
            1..=MAX_SHOWN_PAYMENTS => Some(texts.join(", ")),
            count => Some(format!("{count} payments")),
        })
    }
}

/// What other holders are owed of what came in for a work, and what they were paid of it.
fn shared(work: &WorkProceeds, of_line: Currency) -> Result<Vec<StatementRow>, AnswerError> {
    let mut of = format!("of “{}” ({})", work.work.title, work.work.entry);
    if work.currency != of_line {
        of.push_str(&format!(", in {}", work.currency));
    }
    let mut rows = Vec::new();
    for part in &work.parts {
        let (Some(paid), Some(owed)) = (part.paid, part.owed) else { continue };
        let mut add = |item, words: &str, amount: Amount, is_total| {
            rows.push(StatementRow {
                group: Group::Shared,
                item,
                label: format!("{words} {} {of}", part.payee),
                value: amount.into(),
                working: None,
                is_total,
            });
        };
        add("shared_part", "Part of", part.amount, false);
        if !paid.is_zero() {
            add("shared_paid", "Paid to", paid.checked_neg()?, false);
        }
        add("shared_owed", "Owed to", owed, true);
    }
    Ok(rows)
}
