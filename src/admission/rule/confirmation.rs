//! A payee confirms a payment, and title that hangs on it moves.

use super::payment::check_refund;
use super::proceeds::check_given_back;
use super::title::rows_after;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, ConfirmationRow, Effect, PaymentRow, Refusal, TermsFacts, View};
use crate::money::{Amount, MoneyError};
use crate::record::{Confirmation, Form, Kind, Purpose, Vesting};
use crate::title::{Event, Fact};
use std::collections::BTreeSet;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    confirmation: &Confirmation,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&confirmation.payment, Kind::Payment)?;
    let payment = context.known(context.view.payment(entry), Kind::Payment)?;
    if signer.entry != payment.payee {
        let payee = context.handle(payment.payee)?;
        return Err(Refusal::NotThePayee { signer: signer.handle, payee }.into());
    }
    if let Some(earlier) = context.ask(context.view.confirmation(entry))? {
        return Err(Refusal::AlreadyConfirmed { payment: entry, entry: earlier }.into());
    }
    context.check_after(confirmation.effective_at, entry, payment.effective_at)?;
    let row = ConfirmationRow {
        entry: context.number,
        payment: entry,
        contract: payment.contract,
        work: payment.work,
        currency: payment.currency,
        minor: payment.minor,
        effective_at: confirmation.effective_at,
        purpose: payment.purpose,
    };
    match payment.purpose {
        Some(Purpose::Refund) => {
            let refund = amount_of(&payment)?;
            check_refund(context, (payment.contract, payment.work), refund)?;
        }
        Some(Purpose::ProceedsRefund) => check_given_back(context, &payment)?,
        Some(Purpose::Advance | Purpose::Proceeds) | None => {}
    }
    let mut effects = vec![Effect::from(row)];
    effects.extend(title_rows(context, confirmation, &payment)?);
    // A part of proceeds is under no contract: its work stands in that place.
    let targets: BTreeSet<_> =
        [Some(entry), Some(payment.contract), payment.work].into_iter().flatten().collect();
    let about = |target| AboutRow { entry: context.number, target }.into();
    effects.extend(targets.into_iter().map(about));
    admitted::<V>(signer.entry, effects)
}

fn amount_of(payment: &PaymentRow) -> Result<Amount, Box<Refusal>> {
    Amount::new(i128::from(payment.minor), payment.currency)
        .map_err(|error| Box::new(Refusal::Money { error }))
}

fn title_rows<V: View>(
    context: &Context<V>,
    confirmation: &Confirmation,
    payment: &PaymentRow,
) -> Ruling<Vec<Effect>, V> {
    let amount = amount_of(payment)?;
    let event = match payment.purpose {
        Some(Purpose::Refund) => Event::PaymentRefunded { amount },
        Some(Purpose::Advance) | None => Event::PaymentConfirmed { amount },
        Some(Purpose::Proceeds | Purpose::ProceedsRefund) => return Ok(Vec::new()),
    };
    let fact = Fact {
        entry: context.number,
        effective_at: confirmation.effective_at,
        registered_at: context.registered_at,
        event,
    };
    let works = match payment.work {
        Some(work) => vec![work],
        None if moves_title(context, payment, &fact)? => {
            context.ask(context.view.works_under(payment.contract))?
        }
        None => Vec::new(),
    };
    let mut effects = Vec::new();
    for entry in works {
        let work = context.known(context.view.work(entry), Kind::Work)?;
        let known = context.ask(context.view.title_facts(&work))?;
        effects.extend(rows_after(context, entry, &known, fact.clone())?);
    }
    Ok(effects)
}

/// Whether a payment for the contract as a whole can move the title of its works: not when title
/// passed before any payment, nor when payments that took effect earlier had moved it already.
fn moves_title<V: View>(
    context: &Context<V>,
    payment: &PaymentRow,
    fact: &Fact,
) -> Ruling<bool, V> {
    let contract = context.known(context.view.contract(payment.contract), Kind::Contract)?;
    let terms = context.known(context.view.terms(contract.terms), Kind::Terms)?;
    let earlier = context.ask(context.view.contract_payments(payment.contract))?;
    let is_latest = earlier.iter().all(|known| known.effective_at <= fact.effective_at);
    match terms.terms.vesting {
        Vesting::AtGeneration => Ok(false),
        Vesting::AtFirstPayment => Ok(earlier.is_empty() || !is_latest),
        Vesting::WhenPaid => Ok(!is_latest || !is_paid(&terms, &earlier)?),
    }
}

fn is_paid(terms: &TermsFacts, payments: &[Fact]) -> Result<bool, Box<Refusal>> {
    let Form::FeeForAssignment(fee) = &terms.terms.form else {
        return Ok(false);
    };
    let add = |sum: Result<Amount, MoneyError>, fact: &Fact| match &fact.event {
        Event::PaymentConfirmed { amount } => sum?.checked_add(*amount),
        Event::PaymentRefunded { amount } => sum?.checked_sub(*amount),
        Event::Registered(_) | Event::SplitAgreed { .. } | Event::Assigned { .. } => sum,
    };
    let paid = payments
        .iter()
        .fold(Ok(Amount::zero(fee.amount.currency())), add)
        .map_err(|error| Refusal::Money { error })?;
    Ok(paid.minor() >= fee.amount.minor())
}
