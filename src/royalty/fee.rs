//! What a fee for assignment yields.

use super::settlement::{Received, Terms, Yield, settle, written};
use super::{Account, Derivation, Receipt, RoyaltyError, Sources};
use crate::money::{Amount, Rounding};
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

/// Money of a fee that the payee gave back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRefund {
    /// The entry that states it.
    pub entry: EntryNumber,
    /// When it was given back.
    pub on: Timestamp,
    /// How much; more than zero.
    pub amount: Amount,
    /// The work whose fee it was, if it names one.
    pub work: Option<EntryNumber>,
    /// Whether title had moved by then. Before, the payment is undone and the fee is open again.
    /// After, title stays where it is, so the fee is lowered by what had not been overpaid, and
    /// nothing is owed again.
    pub has_title_moved: bool,
}

/// What is owed under a fee for assignment at a moment.
///
/// A fee falls due so many days after the moment of its obligation, to the millisecond, or in
/// instalments on their days. Obligations, payments and refunds dated after `as_of` are not looked
/// at.
///
/// Where the fee is for each work, a payment pays the work that it names. One that names no work,
/// or one without a fee, is not spread over works by guessing: it stands as a credit on a line of
/// its own. Where the fee is for the contract, every payment pays it.
///
/// # Errors
/// A payment in another currency or of nothing; an obligation that names no work where it must;
/// the same fee owed twice, for one work or for the contract; refunds of more than was paid;
/// figures or dates out of range.
///
/// ```
/// use deedbook::money::Amount;
/// use deedbook::record::{EntryNumber, Fee, FeeUnit, Timestamp};
/// use deedbook::royalty::{FeeObligation, fee};
///
/// let amount = Amount::parse_with_currency("49.00 CNY").unwrap();
/// let clauses = Fee::plain(FeeUnit::Work, amount, 30);
/// let work = EntryNumber::new(7);
/// let from = Timestamp::parse_start("2026-01-10").unwrap();
/// let obligation = FeeObligation { entry: work, work: Some(work), from };
/// let as_of = Timestamp::parse_end("2026-02-20").unwrap();
/// let account = fee(&clauses, &[obligation], &[], &[], as_of).unwrap();
/// assert_eq!(account.lines[0].owed.to_string(), "49.00 CNY");
/// assert_eq!(account.lines[0].instalments[0].overdue_days, Some(11));
/// ```
pub fn fee(
    clauses: &Fee,
    obligations: &[FeeObligation],
    receipts: &[Receipt],
    refunds: &[FeeRefund],
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    let currency = clauses.amount.currency();
    let owed = obligations_by_work(clauses, obligations, as_of)?;
    let place = |work| match clauses.unit {
        FeeUnit::Contract => None,
        FeeUnit::Work => work,
    };
    let mut received: BTreeMap<Option<EntryNumber>, Received> = BTreeMap::new();
    for receipt in receipts.iter().filter(|item| item.on <= as_of) {
        receipt.check(currency)?;
        let line = received.entry(place(receipt.work));
        line.or_insert_with(|| Received::none(currency)).add(receipt)?;
    }
    for work in owed.keys() {
        received.entry(*work).or_insert_with(|| Received::none(currency));
    }
    let mut undone: BTreeMap<Option<EntryNumber>, Vec<&FeeRefund>> = BTreeMap::new();
    for refund in refunds.iter().filter(|item| item.on <= as_of) {
        let (entry, on, amount) = (refund.entry, refund.on, refund.amount);
        Receipt { entry, on, amount, work: refund.work }.check(currency)?;
        undone.entry(place(refund.work)).or_default().push(refund);
    }
    let mut lines = Vec::with_capacity(received.len());
    for (work, mut payments) in received {
        let refunds = undone.remove(&work).unwrap_or_default();
        let lowered = give_back(clauses.amount, &mut payments, &refunds)?;
        let yields = match owed.get(&work) {
            Some(obligation) => yields_of(clauses, obligation, lowered)?,
            None => Vec::new(),
        };
        let terms = Terms { work, rounding: Rounding::HalfEven, as_of };
        lines.push(settle(&terms, yields, payments, None, Vec::new())?);
    }
    match undone.into_values().flatten().next() {
        Some(refund) => Err(RoyaltyError::RefundExceedsPayments {
            refunded: refund.amount,
            paid: Amount::zero(currency),
        }),
        None => Ok(Account { lines }),
    }
}

fn obligations_by_work<'a>(
    clauses: &Fee,
    obligations: &'a [FeeObligation],
    as_of: Timestamp,
) -> Result<BTreeMap<Option<EntryNumber>, &'a FeeObligation>, RoyaltyError> {
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
    Ok(owed)
}

/// Takes refunds off the payments, in order of time. What lowers the fee, and the entries that say so:
/// what had been overpaid is given back first, and lowers nothing.
fn give_back(
    fee: Amount,
    payments: &mut Received,
    refunds: &[&FeeRefund],
) -> Result<(i128, Sources), RoyaltyError> {
    let (mut lowered, mut sources) = (0, Sources::none());
    let mut refunds = refunds.to_vec();
    refunds.sort_by_key(|refund| (refund.on, refund.entry));
    for refund in refunds {
        let overpaid = payments.minor_until(refund.on) - (fee.minor() - lowered);
        payments.take_back(refund.on, refund.amount)?;
        let beyond = refund.amount.minor() - overpaid.clamp(0, refund.amount.minor());
        if refund.has_title_moved && beyond > 0 {
            lowered += beyond;
            sources.add(refund.entry);
        }
    }
    Ok((lowered, sources))
}

/// The parts of the fee, the last ones lowered by what was given back after title had moved.
fn yields_of(
    clauses: &Fee,
    obligation: &FeeObligation,
    (mut lowered, sources): (i128, Sources),
) -> Result<Vec<Yield>, RoyaltyError> {
    let what = match (clauses.unit, obligation.work) {
        (FeeUnit::Work, Some(work)) => format!("fee for work {work}"),
        (FeeUnit::Work | FeeUnit::Contract, _) => "fee for the contract".to_owned(),
    };
    let (whose, since) = match clauses.unit {
        FeeUnit::Work => {
            ("the fee for each work", "the moment it was made, as its registration states it")
        }
        FeeUnit::Contract => ("the fee, once for all works", "acceptance"),
    };
    let mut parts = Vec::new();
    if clauses.instalments.is_empty() {
        let due_at = obligation.from.plus_days(clauses.due_days)?;
        let (days, date) = (clauses.due_days, written(due_at));
        let rule = format!("{whose}; due {days} days after {since}, {date}");
        parts.push((what.clone(), clauses.amount, due_at, rule));
    }
    let count = clauses.instalments.len();
    for (place, part) in clauses.instalments.iter().enumerate() {
        // Nothing falls due before there is who owes it.
        let due_at = part.due.moment(obligation.from)?.max(obligation.from);
        let label = format!("{what}, instalment {} of {count}", place + 1);
        let rule = format!("{whose}, in instalments; due {}", written(due_at));
        parts.push((label, part.amount, due_at, rule));
    }
    parts.sort_by_key(|(_, _, due_at, _)| *due_at);
    let mut yields = Vec::with_capacity(parts.len());
    for (label, amount, due_at, rule) in parts.into_iter().rev() {
        let less = lowered.min(amount.minor());
        lowered -= less;
        let earned = Amount::new(amount.minor() - less, amount.currency())?;
        let derivation = Derivation::new(label.clone(), earned, rule);
        let derivation = if less == 0 {
            derivation.sources(Sources::one(obligation.entry))
        } else {
            let back = Amount::new(less, amount.currency())?;
            let rule = "given back after title had moved, beyond what had been overpaid: title \
                        stays, and the fee is lowered";
            let node = Derivation::new("given back", back, rule).sources(sources.clone());
            let number = |amount| super::Figure::from(amount).number();
            derivation
                .working(format!("{} - {}", number(amount), number(back)))
                .sources(Sources::one(obligation.entry))
                .children(vec![node])
        };
        let late_interest = clauses.late_interest;
        yields.push(Yield { label, earned, due_at, late_interest, derivation });
    }
    yields.reverse();
    Ok(yields)
}
