//! Closed statements of account, and the answers to them. Figures are taken as claimed: a rule asks
//! for a bounded number of rows, and the account of a period is not one.

use super::account::{check_owner, contract_of};
use super::pool;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, Refusal, StatementAnsweredRow, StatementClosedRow, View};
use crate::record::{
    Form, Kind, RecordId, SettlementPeriod, StatementAccepted, StatementClosed, StatementDisputed,
};
use crate::royalty::SettlementSpan;

/// Of a settlement period that is over, once, unless what was closed is disputed.
pub(in crate::admission) fn close<V: View>(
    context: &Context<V>,
    closed: &StatementClosed,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let (contract, terms) = contract_of(context, &closed.contract)?;
    let entry = contract.entry;
    check_owner(context, &signer, &contract)?;
    pool::check_first(context, entry)?;
    let needed = match &terms.terms.form {
        Form::ProfitShare(share) => share.currency,
        Form::FeeForAssignment(fee) => fee.amount.currency(),
    };
    if closed.currency != needed {
        let found = closed.currency;
        return Err(Refusal::CurrencyDiffers { found, needed }.into());
    }
    context.check_not_in_future(closed.known_at)?;
    check_period(closed, &terms.terms.form)?;
    context.check_after(closed.ends_at, entry, contract.effective_at)?;
    let period = (closed.starts_at, closed.ends_at);
    if let Some(earlier) = context.ask(context.view.last_closing(entry, period))? {
        let answered = context.ask(context.view.statement_answered(earlier))?;
        if answered.is_none_or(|answered| answered.disputed == 0) {
            let stands =
                context.known(context.view.statement_closed(earlier), Kind::StatementClosed)?;
            if is_same(&stands, closed) {
                return Ok(Outcome::AlreadyRecorded(earlier));
            }
            return Err(Refusal::StatementExists { contract: entry, entry: earlier }.into());
        }
    }
    let row = StatementClosedRow {
        entry: context.number,
        contract: entry,
        starts_at: closed.starts_at,
        ends_at: closed.ends_at,
        currency: closed.currency,
        closing: closed.closing,
        digest: closed.digest,
        known_at: closed.known_at,
    };
    let about = AboutRow { entry: context.number, target: entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}

/// The same figures of the same knowledge: whoever signs them again says nothing new, whenever it is
/// signed.
fn is_same(earlier: &StatementClosedRow, closed: &StatementClosed) -> bool {
    (earlier.digest, earlier.known_at, earlier.closing, earlier.currency)
        == (closed.digest, closed.known_at, closed.closing, closed.currency)
}

/// The terms of a share of profit say by which periods they settle; the statement of a fee is of any.
fn check_period(closed: &StatementClosed, form: &Form) -> Result<(), Box<Refusal>> {
    let StatementClosed { starts_at, ends_at, effective_at, .. } = *closed;
    let periods = match form {
        Form::ProfitShare(share) => std::slice::from_ref(&share.period),
        Form::FeeForAssignment(_) => SettlementPeriod::ALL,
    };
    let spans = periods.iter().map(|period| SettlementSpan::containing(*period, starts_at));
    let is_it = |span: &SettlementSpan| (span.start(), span.end()) == (starts_at, ends_at);
    match spans.flatten().find(is_it) {
        Some(span) if span.is_over(effective_at) => Ok(()),
        Some(_) => Err(Box::new(Refusal::PeriodNotOver { ends_at, effective_at })),
        None => Err(Box::new(Refusal::NotAPeriod { starts_at, ends_at })),
    }
}

/// The other side accepts.
pub(in crate::admission) fn accept<V: View>(
    context: &Context<V>,
    accepted: &StatementAccepted,
) -> Ruling<Outcome, V> {
    answer(context, &accepted.closing, 0)
}

/// The other side disputes.
pub(in crate::admission) fn dispute<V: View>(
    context: &Context<V>,
    disputed: &StatementDisputed,
) -> Ruling<Outcome, V> {
    answer(context, &disputed.closing, 1)
}

fn answer<V: View>(context: &Context<V>, closing: &RecordId, disputed: u32) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(closing, Kind::StatementClosed)?;
    let closed = context.known(context.view.statement_closed(entry), Kind::StatementClosed)?;
    let contract = context.known(context.view.contract(closed.contract), Kind::Contract)?;
    if signer.entry != contract.provider {
        let needed = context.handle(contract.provider)?;
        return Err(Refusal::StatementForOther { signer: signer.handle, needed }.into());
    }
    if let Some(answered) = context.ask(context.view.statement_answered(entry))? {
        let answer = answered.entry;
        return Err(Refusal::StatementAnswered { statement: entry, entry: answer }.into());
    }
    let row = StatementAnsweredRow { entry: context.number, closing: entry, disputed };
    let about = |target| AboutRow { entry: context.number, target }.into();
    admitted::<V>(signer.entry, vec![row.into(), about(entry), about(contract.entry)])
}
