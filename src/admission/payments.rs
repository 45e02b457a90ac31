//! How rows of money become the facts that the royalty engine concludes from; the same for a ledger
//! and for a part of one.

use super::{AccountLineFacts, ConfirmationRow, OpeningRow, PaymentRow};
use crate::money::{Amount, MoneyError};
use crate::record::{EntryNumber, Fee, Purpose, Vesting};
use crate::royalty::{
    Advance, Categories, Event, FeeRefund, Opening, Reached, Receipt, RoyaltyError,
};
use std::collections::BTreeMap;

/// A line of account as an event; its category gets its place among those of the account.
///
/// # Errors
/// More categories than one account can have.
pub fn line_event(
    line: &AccountLineFacts,
    categories: &mut Categories,
) -> Result<Event, RoyaltyError> {
    Ok(Event {
        entry: line.entry,
        on: line.effective_at,
        minor: line.minor,
        units: line.units.unwrap_or_default(),
        currency: line.currency,
        work: line.work,
        line: line.line,
        line_count: 1,
        category: categories.place(&line.category)?,
        kind: line.kind,
        country: line.territory,
    })
}

/// An opening balance as a fact, with what was given back since of money that it counts as paid.
///
/// # Errors
/// Never for a row made by admission.
pub fn opening_balance(row: &OpeningRow, given_back: Vec<Receipt>) -> Result<Opening, MoneyError> {
    let amount = |minor: i64| Amount::new(i128::from(minor), row.currency);
    Ok(Opening {
        entry: row.entry,
        on: row.effective_at,
        loss: amount(row.carried_loss)?,
        unrecouped: amount(row.advance)?,
        earned: amount(row.earned)?,
        owed: amount(row.earned.saturating_sub(row.paid).max(0))?,
        given_back,
        reached: vec![Reached {
            kind: None,
            base: amount(row.base)?,
            units: u64::try_from(row.units).unwrap_or_default(),
        }],
    })
}

/// What an opening balance says was paid beyond what was earned: a payment like any other.
fn overpaid(row: &OpeningRow) -> Option<Result<Receipt, MoneyError>> {
    let minor = row.paid.checked_sub(row.earned).filter(|minor| *minor > 0)?;
    let receipt = |amount| Receipt { entry: row.entry, on: row.effective_at, amount, work: None };
    let amount = Amount::new(i128::from(minor), row.currency);
    Some(amount.map(receipt))
}

impl PaymentRow {
    /// The contract that it is under; none for a part of the proceeds of a work.
    pub fn under(&self) -> Option<EntryNumber> {
        let is_of_proceeds = self.purpose.is_some_and(Purpose::is_of_proceeds);
        (!is_of_proceeds).then_some(self.contract)
    }
}

fn amount_of(row: &ConfirmationRow) -> Result<Amount, MoneyError> {
    Amount::new(i128::from(row.minor), row.currency)
}

/// The payments that pay what falls due, and the payments back that are left over.
///
/// What was paid back is taken from the payments before it, the latest first. Where an account was moved
/// here, what was paid before its opening balance is in that, with what it says was overpaid; what is paid
/// back beyond the payments since is of that money, and left over. The rows are given in the order in
/// which the payments took effect.
///
/// # Errors
/// Never for rows made by admission.
pub fn receipts(
    payments: &[ConfirmationRow],
    opening: Option<&OpeningRow>,
) -> Result<(Vec<Receipt>, Vec<Receipt>), MoneyError> {
    let mut kept: Vec<Receipt> = Vec::new();
    kept.extend(opening.and_then(overpaid).transpose()?);
    let mut given_back = Vec::new();
    let is_new =
        |row: &&ConfirmationRow| opening.is_none_or(|it| it.effective_at <= row.effective_at);
    for row in payments.iter().filter(is_new) {
        match row.purpose {
            None => kept.push(receipt(row)?),
            Some(Purpose::Advance | Purpose::Proceeds | Purpose::ProceedsRefund) => {}
            Some(Purpose::Refund) => {
                let mut rest = i128::from(row.minor);
                for earlier in kept.iter_mut().rev().filter(|it| it.work == row.work) {
                    let taken = rest.min(earlier.amount.minor());
                    earlier.amount = Amount::new(earlier.amount.minor() - taken, row.currency)?;
                    rest -= taken;
                }
                if opening.is_some() && rest > 0 {
                    let amount = Amount::new(rest, row.currency)?;
                    given_back.push(Receipt { amount, ..receipt(row)? });
                }
            }
        }
    }
    kept.retain(|receipt| receipt.amount.is_positive());
    Ok((kept, given_back))
}

fn receipt(row: &ConfirmationRow) -> Result<Receipt, MoneyError> {
    Ok(Receipt { entry: row.entry, on: row.effective_at, amount: amount_of(row)?, work: row.work })
}

/// The payments that are advances.
///
/// # Errors
/// Never for rows made by admission.
pub fn advances(payments: &[ConfirmationRow]) -> Result<Vec<Advance>, MoneyError> {
    let paid = payments.iter().filter(|row| row.purpose == Some(Purpose::Advance));
    let advance = |row: &ConfirmationRow| {
        let (entry, on, work) = (row.entry, row.effective_at, row.work);
        Ok(Advance { entry, on, amount: amount_of(row)?, work })
    };
    paid.map(advance).collect()
}

/// What was paid of a fee, and what was given back of it. Title moves by the terms and by what was
/// paid, and stays where it has moved. The rows are given in the order in which the payments took
/// effect.
///
/// # Errors
/// Never for rows made by admission.
pub fn fee_payments(
    (fee, vesting): (&Fee, Vesting),
    payments: &[ConfirmationRow],
) -> Result<(Vec<Receipt>, Vec<FeeRefund>), MoneyError> {
    let (mut receipts, mut refunds) = (Vec::new(), Vec::new());
    let mut paid: BTreeMap<Option<EntryNumber>, (i128, bool)> = BTreeMap::new();
    for row in payments {
        let (net, moved) = paid.entry(row.work).or_insert((0, vesting == Vesting::AtGeneration));
        match row.purpose {
            None | Some(Purpose::Advance) => {
                *net += i128::from(row.minor);
                *moved |= vesting == Vesting::AtFirstPayment || *net >= fee.amount.minor();
                receipts.push(receipt(row)?);
            }
            // Between holders, and not under the contract.
            Some(Purpose::Proceeds | Purpose::ProceedsRefund) => {}
            Some(Purpose::Refund) => {
                *net -= i128::from(row.minor);
                refunds.push(FeeRefund {
                    entry: row.entry,
                    on: row.effective_at,
                    amount: amount_of(row)?,
                    work: row.work,
                    has_title_moved: *moved,
                });
            }
        }
    }
    Ok((receipts, refunds))
}
