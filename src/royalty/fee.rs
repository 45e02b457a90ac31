//! What a fee for assignment yields.

use super::settlement::{Received, Yield, settle, written};
use super::{Account, Derivation, Receipt, RoyaltyError, Sources};
use crate::record::{EntryNumber, Fee, FeeUnit, Timestamp};
use std::collections::BTreeMap;

/// What makes a fee payable: the registration of a work, or the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeObligation {
    /// The registration of the work, or the acceptance.
    pub entry: EntryNumber,
    /// The work, where the fee is for each work; it is not looked at where the fee is for the
    /// contract.
    pub work: Option<EntryNumber>,
    /// From when the days until it is due are counted.
    pub from: Timestamp,
}

/// What is owed under a fee for assignment at a moment.
///
/// A fee falls due so many days after the moment of its obligation, to the millisecond.
/// Obligations and payments dated after `as_of` are not looked at.
///
/// Where the fee is for each work, a payment pays the work that it names. One that names no work,
/// or one without a fee, is not spread over works by guessing: it stands as a credit on a line of
/// its own. Where the fee is for the contract, every payment pays it.
///
/// # Errors
/// A payment in another currency or of nothing; an obligation that names no work where it must;
/// the same fee owed twice, for one work or for the contract; figures or dates out of range.
///
/// ```
/// use deedbook::money::Amount;
/// use deedbook::record::{EntryNumber, Fee, FeeUnit, Timestamp};
/// use deedbook::royalty::{FeeObligation, fee};
///
/// let clauses = Fee {
///     unit: FeeUnit::Work,
///     amount: Amount::parse_with_currency("49.00 CNY").unwrap(),
///     due_days: 30,
/// };
/// let work = EntryNumber::new(7);
/// let from = Timestamp::parse_start("2026-01-10").unwrap();
/// let obligation = FeeObligation { entry: work, work: Some(work), from };
/// let as_of = Timestamp::parse_end("2026-02-20").unwrap();
/// let account = fee(&clauses, &[obligation], &[], as_of).unwrap();
/// assert_eq!(account.lines[0].owed.to_string(), "49.00 CNY");
/// assert_eq!(account.lines[0].instalments[0].overdue_days, Some(11));
/// ```
pub fn fee(
    clauses: &Fee,
    obligations: &[FeeObligation],
    receipts: &[Receipt],
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    let currency = clauses.amount.currency();
    let mut owed: BTreeMap<Option<EntryNumber>, &FeeObligation> = BTreeMap::new();
    for obligation in obligations.iter().filter(|item| item.from <= as_of) {
        let work = match clauses.unit {
            FeeUnit::Contract => None,
            FeeUnit::Work => Some(
                obligation
                    .work
                    .ok_or(RoyaltyError::ObligationWithoutWork { entry: obligation.entry })?,
            ),
        };
        if let Some(before) = owed.insert(work, obligation) {
            return Err(RoyaltyError::ObligationTwice {
                first: before.entry.min(obligation.entry),
                second: before.entry.max(obligation.entry),
            });
        }
    }
    let mut received: BTreeMap<Option<EntryNumber>, Received> = BTreeMap::new();
    for receipt in receipts.iter().filter(|item| item.on <= as_of) {
        receipt.check(currency)?;
        let work = match clauses.unit {
            FeeUnit::Contract => None,
            FeeUnit::Work => receipt.work,
        };
        received.entry(work).or_insert_with(|| Received::none(currency)).add(receipt)?;
    }
    for work in owed.keys() {
        received.entry(*work).or_insert_with(|| Received::none(currency));
    }
    let mut lines = Vec::with_capacity(received.len());
    for (work, payments) in received {
        let yields = match owed.get(&work) {
            Some(obligation) => vec![yield_of(clauses, obligation)?],
            None => Vec::new(),
        };
        lines.push(settle(work, yields, payments, as_of)?);
    }
    Ok(Account { lines })
}

fn yield_of(clauses: &Fee, obligation: &FeeObligation) -> Result<Yield, RoyaltyError> {
    let due_at = obligation.from.plus_days(clauses.due_days)?;
    let (days, date) = (clauses.due_days, written(due_at));
    let (label, rule) = match (clauses.unit, obligation.work) {
        (FeeUnit::Work, Some(work)) => (
            format!("fee for work {work}"),
            format!("the fee for each work; due {days} days after its registration, {date}"),
        ),
        (FeeUnit::Work | FeeUnit::Contract, _) => (
            "fee for the contract".to_owned(),
            format!("the fee, once for all works; due {days} days after acceptance, {date}"),
        ),
    };
    let derivation = Derivation::new(label.as_str(), clauses.amount, rule)
        .sources(Sources::one(obligation.entry));
    Ok(Yield { label, earned: clauses.amount, due_at, derivation })
}
