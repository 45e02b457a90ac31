//! Payments of parts of what came in for a work, from one holder to another, and of such parts that are
//! given back.

use super::payment::{minor, recorded};
use crate::admission::admit::{Context, Outcome, Ruling};
use crate::admission::{PartyFacts, PaymentRow, Refusal, View, WorkFacts};
use crate::money::Amount;
use crate::record::{EntryNumber, Kind, Payment, Purpose};
use crate::title::Event;

/// Who holds a work, or held it, has what came in for it, and pays; who is paid is any other party.
/// That it has a part shows where the proceeds are divided, and it confirms for itself that it was
/// paid. A part goes back the way it came, and never more than came.
pub(super) fn admit<V: View>(
    context: &Context<V>,
    payment: &Payment,
    signer: &PartyFacts,
) -> Ruling<Outcome, V> {
    // A record of this purpose names work and payee.
    let (statement, needed) = (context.statement.id(), Kind::Work);
    let missing = || Refusal::UnknownReference { id: statement, needed };
    let work = context.resolve(payment.work.as_ref().ok_or_else(missing)?, Kind::Work)?;
    let facts = context.known(context.view.work(work), Kind::Work)?;
    let payee = context.resolve(payment.payee.as_ref().ok_or_else(missing)?, Kind::Party)?;
    if payee == signer.entry {
        return Err(Refusal::PaymentToSelf { payer: signer.handle.clone() }.into());
    }
    context.check_after(payment.effective_at, work, facts.effective_at)?;
    let row = PaymentRow {
        entry: context.number,
        contract: work,
        work: Some(work),
        payer: signer.entry,
        payee,
        currency: payment.amount.currency(),
        minor: minor(payment.amount)?,
        reference: payment.reference.clone(),
        effective_at: payment.effective_at,
        purpose: payment.purpose,
    };
    if payment.purpose == Some(Purpose::ProceedsRefund) {
        check_given_back(context, &row)?;
    } else {
        check_held(context, &facts, signer)?;
    }
    // Nothing else leads from the holder to what it was paid.
    recorded(context, row, signer.entry, vec![payee])
}

/// Nobody gives back more than it confirmed to have been paid.
pub(super) fn check_given_back<V: View>(
    context: &Context<V>,
    refund: &PaymentRow,
) -> Ruling<(), V> {
    let (from, to, currency) = (refund.payee, refund.payer, refund.currency);
    let paid = context.ask(context.view.proceeds_paid(refund.contract, (from, to), currency))?;
    if i128::from(refund.minor) > paid {
        let amount = |minor| {
            Amount::new(minor, currency).map_err(|error| Box::new(Refusal::Money { error }))
        };
        let (refund, paid) = (amount(i128::from(refund.minor))?, amount(paid)?);
        return Err(Refusal::RefundExceeds { refund, paid }.into());
    }
    Ok(())
}

/// The party holds a share of the work, held one, or has it by the contract: whoever it came to, it
/// may have come in to that party.
pub(super) fn check_held<V: View>(
    context: &Context<V>,
    work: &WorkFacts,
    party: &PartyFacts,
) -> Ruling<(), V> {
    if context.ask(holds(context.view, work, party.entry))? {
        return Ok(());
    }
    Err(Refusal::ProceedsOfOther { party: party.handle.clone(), work: work.entry }.into())
}

/// Whether a party holds a share of a work, held one, or has it by the contract.
///
/// # Errors
/// A view that could not answer.
pub fn holds<V: View>(view: &V, work: &WorkFacts, party: EntryNumber) -> Result<bool, V::Error> {
    if work.creators.iter().any(|(creator, _)| *creator == party) {
        return Ok(true);
    }
    if let Some(contract) = work.contract
        && let Some(row) = view.contract(contract)?
        && [row.party, row.provider].contains(&party)
    {
        return Ok(true);
    }
    let was_assigned = |event: &Event| match event {
        Event::Assigned { assignee, .. } => *assignee == party,
        Event::Registered(_)
        | Event::SplitAgreed { .. }
        | Event::PaymentConfirmed { .. }
        | Event::PaymentRefunded { .. } => false,
    };
    Ok(view.title_facts(work)?.iter().any(|fact| was_assigned(&fact.event)))
}
