//! How records become the facts of a title; the same for every view.

use super::{AccountLineFacts, ConfirmationRow, PaymentRow};
use crate::money::{Amount, MoneyError};
use crate::record::{
    Account, AccountLine, Assignment, EntryNumber, Form, Purpose, Record, Statement, Terms,
    Timestamp,
};
use crate::title::{Event, Fact, Regime};

/// What a contract says about the title of the works made under it.
pub fn regime(contract: EntryNumber, provider: EntryNumber, terms: &Terms) -> Regime {
    let fee = match &terms.form {
        Form::FeeForAssignment(fee) => Some(fee.amount),
        Form::ProfitShare(_) => None,
    };
    Regime::Contract { contract, provider, vesting: terms.vesting, scope: terms.scope, fee }
}

/// A confirmed payment as a fact. Which works it counts for follows from what the payment names:
/// one work, or the contract and so every work under it. Nothing for a part of proceeds, which is
/// paid between holders and moves no title.
///
/// # Errors
/// Never for a row made by admission.
pub fn payment_confirmed(
    row: &ConfirmationRow,
    registered_at: Timestamp,
) -> Result<Option<Fact>, MoneyError> {
    let amount = Amount::new(i128::from(row.minor), row.currency)?;
    let event = match row.purpose {
        Some(Purpose::Refund) => Event::PaymentRefunded { amount },
        Some(Purpose::Advance) | None => Event::PaymentConfirmed { amount },
        Some(Purpose::Proceeds | Purpose::ProceedsRefund) => return Ok(None),
    };
    Ok(Some(Fact { entry: row.entry, effective_at: row.effective_at, registered_at, event }))
}

/// Who paid whom a part of proceeds by a confirmed payment, and how many minor units: below zero where the
/// payment gave them back. Nothing for any other payment.
pub fn proceeds_moved(
    confirmed: &ConfirmationRow,
    payment: &PaymentRow,
) -> Option<(EntryNumber, EntryNumber, i128)> {
    let minor = i128::from(confirmed.minor);
    match confirmed.purpose {
        Some(Purpose::Proceeds) => Some((payment.payer, payment.payee, minor)),
        Some(Purpose::ProceedsRefund) => Some((payment.payee, payment.payer, -minor)),
        Some(Purpose::Advance | Purpose::Refund) | None => None,
    }
}

/// The lines of account that a statement reports, if it does.
pub fn reported(statement: &Statement) -> Option<&Account> {
    match statement.record() {
        Record::Account(account) => Some(account),
        Record::Correction(correction) => correction.replacement.as_ref(),
        Record::Ledger(_)
        | Record::Party(_)
        | Record::KeyAdded(_)
        | Record::KeyRevoked(_)
        | Record::Terms(_)
        | Record::TermsWithdrawn(_)
        | Record::Contract(_)
        | Record::Work(_)
        | Record::SplitAgreed(_)
        | Record::Assignment(_)
        | Record::Licence(_)
        | Record::Attestation(_)
        | Record::Labelled(_)
        | Record::Payment(_)
        | Record::Confirmation(_)
        | Record::Opening(_)
        | Record::OpeningAgreed(_)
        | Record::ExchangeRate(_)
        | Record::StatementClosed(_)
        | Record::StatementAccepted(_)
        | Record::StatementDisputed(_)
        | Record::SessionStarted(_)
        | Record::SessionSteps(_)
        | Record::SessionStopped(_) => None,
    }
}

/// A line of an account, whose works stand in these entries.
pub fn line_facts(
    (entry, place): (EntryNumber, u32),
    contract: EntryNumber,
    account: &Account,
    line: &AccountLine,
    works: &[EntryNumber],
) -> AccountLineFacts {
    AccountLineFacts {
        entry,
        line: place,
        contract,
        work: line.work.and_then(|place| works.get(usize::from(place)).copied()),
        kind: line.kind,
        category: line.category.clone(),
        currency: account.currency,
        minor: line.minor,
        units: line.units,
        territory: line.territory,
        reference: line.reference.clone(),
        effective_at: line.on,
    }
}

/// A transfer as a fact.
pub fn assigned(
    entry: EntryNumber,
    registered_at: Timestamp,
    assignment: &Assignment,
    assignor: EntryNumber,
    assignee: EntryNumber,
) -> Fact {
    Fact {
        entry,
        effective_at: assignment.effective_at,
        registered_at,
        event: Event::Assigned {
            assignor,
            assignee,
            share: assignment.share,
            scope: assignment.scope,
            until: assignment.until,
        },
    }
}
