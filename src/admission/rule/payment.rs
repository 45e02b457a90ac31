//! A payer reports a payment.

use super::account::opened;
use super::contract::check_first;
use super::proceeds;
use crate::admission::admit::{AdmitError, Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, ContractRow, Effect, PartyFacts, PaymentRow, Refusal, View};
use crate::money::{Amount, MoneyError};
use crate::record::{EntryNumber, FeeUnit, Form, Kind, Payment, Purpose};
use crate::title::Event;

/// Minor units as a table holds them. A record cannot carry more, so this refuses nothing that was
/// decoded.
pub(super) fn minor(amount: Amount) -> Result<i64, Box<Refusal>> {
    let (minor, currency) = (amount.minor(), amount.currency());
    let error = MoneyError::AmountOutOfRange { minor, currency };
    i64::try_from(minor).map_err(|_| Refusal::Money { error }.into())
}

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    payment: &Payment,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let Some(contract) = &payment.contract else {
        return proceeds::admit(context, payment, &signer);
    };
    let entry = context.resolve(contract, Kind::Contract)?;
    let contract = context.known(context.view.contract(entry), Kind::Contract)?;
    check_first(&contract)?;
    let work = work(context, payment, &contract, &signer)?;
    let terms = context.known(context.view.terms(contract.terms), Kind::Terms)?;
    let (found, needed) = (payment.amount.currency(), terms.terms.form.currency());
    if found != needed {
        return Err(Refusal::CurrencyDiffers { found, needed }.into());
    }
    check_names(&terms.terms.form, entry, work)?;
    context.check_after(payment.effective_at, entry, contract.effective_at)?;
    let payee = check_purpose(context, payment, &contract, &terms.terms.form, &signer)?;
    let row = PaymentRow {
        entry: context.number,
        contract: entry,
        work,
        payer: signer.entry,
        payee,
        currency: found,
        minor: minor(payment.amount)?,
        reference: payment.reference.clone(),
        effective_at: payment.effective_at,
        purpose: payment.purpose,
    };
    recorded(context, row, signer.entry, work.into_iter().collect())
}

/// Records a payment that keeps all rules, unless its reference stands for a payment already.
pub(super) fn recorded<V: View>(
    context: &Context<V>,
    row: PaymentRow,
    signer: EntryNumber,
    concerned: Vec<EntryNumber>,
) -> Ruling<Outcome, V> {
    let (reference, contract) = (row.reference.clone(), row.contract);
    if let Some(earlier) = context.ask(context.view.payment_referenced(contract, &reference))? {
        if (PaymentRow { entry: earlier.entry, ..row }) == earlier {
            return Ok(Outcome::AlreadyRecorded(earlier.entry));
        }
        let amount = Amount::new(i128::from(earlier.minor), earlier.currency)
            .map_err(|error| Refusal::Money { error })?;
        let entry = earlier.entry;
        return Err(Refusal::ReferenceUsed { reference, what: "payment", amount, entry }.into());
    }
    let about = |target| AboutRow { entry: context.number, target }.into();
    let mut effects = vec![Effect::from(row), about(contract)];
    effects.extend(concerned.into_iter().map(about));
    admitted::<V>(signer, effects)
}

/// The payee, and whether there can be a payment for this purpose. An advance is recouped from a
/// share of profit; a refund goes from the provider to the party of the contract, who confirms it,
/// and is at most what was received.
fn check_purpose<V: View>(
    context: &Context<V>,
    payment: &Payment,
    contract: &ContractRow,
    form: &Form,
    signer: &PartyFacts,
) -> Ruling<EntryNumber, V> {
    let entry = contract.entry;
    match (payment.purpose, form) {
        (None, _) | (Some(Purpose::Advance), Form::ProfitShare(_)) => Ok(contract.provider),
        (Some(Purpose::Advance), Form::FeeForAssignment(_)) => {
            Err(Refusal::AdvanceUnderFee { contract: entry }.into())
        }
        // A record of this purpose names no contract.
        (Some(Purpose::Proceeds | Purpose::ProceedsRefund), _) => {
            Err(Refusal::PayerNotBound { payer: signer.handle.clone(), contract: entry }.into())
        }
        (Some(Purpose::Refund), _) => {
            if signer.entry != contract.provider {
                let provider = context.handle(contract.provider)?;
                let signer = signer.handle.clone();
                return Err(Refusal::RefundByOther { signer, provider }.into());
            }
            let work = match &payment.work {
                Some(work) => Some(context.resolve(work, Kind::Work)?),
                None => None,
            };
            check_refund(context, (entry, work), payment.amount)?;
            Ok(contract.party)
        }
    }
}

/// Nobody pays back more than arrived for the same work, or for the contract as a whole.
pub(super) fn check_refund<V: View>(
    context: &Context<V>,
    (contract, work): (EntryNumber, Option<EntryNumber>),
    refund: Amount,
) -> Ruling<(), V> {
    let mut facts = context.ask(context.view.contract_payments(contract))?;
    if let Some(entry) = work {
        let whole: Vec<EntryNumber> = facts.iter().map(|fact| fact.entry).collect();
        let work = context.known(context.view.work(entry), Kind::Work)?;
        facts = context.ask(context.view.title_facts(&work))?;
        facts.retain(|fact| !whole.contains(&fact.entry));
    }
    let mut paid = Amount::zero(refund.currency());
    // Payments before an opening balance are in what that says was paid.
    if let (Some((opening, opened_at)), None) =
        (opened(context.view, contract).map_err(AdmitError::View)?, work)
    {
        facts.retain(|fact| fact.effective_at >= opened_at);
        let row = context.known(context.view.opening(opening), Kind::Opening)?;
        paid = Amount::new(i128::from(row.paid), row.currency)
            .map_err(|error| Refusal::Money { error })?;
    }
    for fact in facts {
        let sum = match fact.event {
            Event::PaymentConfirmed { amount } => paid.checked_add(amount),
            Event::PaymentRefunded { amount } => paid.checked_sub(amount),
            Event::Registered(_) | Event::SplitAgreed { .. } | Event::Assigned { .. } => Ok(paid),
        };
        paid = sum.map_err(|error| Refusal::Money { error })?;
    }
    if refund.minor() > paid.minor() {
        return Err(Refusal::RefundExceeds { refund, paid }.into());
    }
    Ok(())
}

/// The work that is paid for, which must be of the contract. The party of the contract pays, or a
/// creator of the work.
fn work<V: View>(
    context: &Context<V>,
    payment: &Payment,
    contract: &ContractRow,
    signer: &PartyFacts,
) -> Ruling<Option<EntryNumber>, V> {
    let not_bound =
        || Refusal::PayerNotBound { payer: signer.handle.clone(), contract: contract.entry };
    // Who may pay back is another rule.
    let is_refund = payment.purpose == Some(Purpose::Refund);
    let Some(id) = &payment.work else {
        return if is_refund || signer.entry == contract.party {
            Ok(None)
        } else {
            Err(not_bound().into())
        };
    };
    let entry = context.resolve(id, Kind::Work)?;
    let work = context.known(context.view.work(entry), Kind::Work)?;
    if work.contract != Some(contract.entry) {
        return Err(Refusal::WorkOfOtherContract { work: entry, contract: contract.entry }.into());
    }
    let is_creator = work.creators.iter().any(|(party, _)| *party == signer.entry);
    if !is_refund && signer.entry != contract.party && !is_creator {
        return Err(not_bound().into());
    }
    Ok(Some(entry))
}

fn check_names(
    form: &Form,
    contract: EntryNumber,
    work: Option<EntryNumber>,
) -> Result<(), Box<Refusal>> {
    match form {
        Form::ProfitShare(_) => Ok(()),
        Form::FeeForAssignment(fee) => match (fee.unit, work) {
            (FeeUnit::Work, None) => Err(Refusal::PaymentNamesNoWork { contract }.into()),
            (FeeUnit::Contract, Some(_)) => Err(Refusal::PaymentNamesWork { contract }.into()),
            (FeeUnit::Work, Some(_)) | (FeeUnit::Contract, None) => Ok(()),
        },
    }
}
