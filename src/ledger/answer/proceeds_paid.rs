//! What holders paid each other of what came in for works, taken off the parts that they owe.

use super::accounts::{MAX_ROWS, bounded};
use super::proceeds::{PartGround, ProceedsPart, WorkProceeds};
use super::{Accounts, AnswerError, Names};
use crate::admission::proceeds_moved;
use crate::money::Amount;
use crate::record::EntryNumber;
use std::collections::{BTreeMap, BTreeSet};

/// Handles of payer and payee, and the code of the currency.
type Sides = (String, String, &'static str);

/// Takes what was paid, as confirmed, off what is owed. Payments of one payer to one payee for one work
/// pay their parts in the order in which they stand; what is more than all of them stands with the
/// last. Who has no part, and was paid, gets one of nothing.
pub(super) fn settle(
    names: &Names<'_>,
    accounts: &Accounts<'_>,
    found: &mut [WorkProceeds],
) -> Result<(), AnswerError> {
    let works: BTreeSet<EntryNumber> = found.iter().map(|work| work.work.entry).collect();
    for work in works {
        let paid = paid(names, accounts, work)?;
        add_unowed(names, work, &paid, found)?;
        for (sides, places) in parts(work, found) {
            let (_, mut rest) = paid.get(&sides).copied().unwrap_or_default();
            let last = places.len().saturating_sub(1);
            for (number, (answer, part)) in places.into_iter().enumerate() {
                let part = found.get_mut(answer).and_then(|answer| answer.parts.get_mut(part));
                let Some(part) = part else { continue };
                let owed = part.amount.minor().max(0);
                let used = if number == last { rest } else { rest.min(owed) };
                rest -= used;
                let used = Amount::new(used, part.amount.currency())?;
                part.owed = Some(part.amount.checked_sub(used)?);
                part.paid = Some(used);
            }
        }
    }
    Ok(())
}

/// What was paid of the proceeds of a work, less what was given back; with who was paid.
fn paid(
    names: &Names<'_>,
    accounts: &Accounts<'_>,
    work: EntryNumber,
) -> Result<BTreeMap<Sides, (EntryNumber, i128)>, AnswerError> {
    let mut paid = BTreeMap::new();
    let rows = names.reader().confirmations(work, Some(work), MAX_ROWS + 1)?;
    for row in bounded(rows, "payments")? {
        if !accounts.is_known(row.entry) || row.effective_at > accounts.as_of() {
            continue;
        }
        let payment = names.payment(row.payment)?;
        let Some((payer, payee, minor)) = proceeds_moved(&row, &payment) else { continue };
        let handles = (names.handle(payer)?.to_string(), names.handle(payee)?.to_string());
        let sides = (handles.0, handles.1, row.currency.code());
        let (_, sum) = paid.entry(sides).or_insert((payee, 0));
        *sum += minor;
    }
    Ok(paid)
}

/// Where the parts of each payer and payee stand, of one work.
fn parts(work: EntryNumber, found: &[WorkProceeds]) -> BTreeMap<Sides, Vec<(usize, usize)>> {
    let mut parts: BTreeMap<Sides, Vec<(usize, usize)>> = BTreeMap::new();
    for (place, answer) in found.iter().enumerate().filter(|(_, it)| it.work.entry == work) {
        // What the payer gets itself, it has.
        for (number, part) in answer.parts.iter().enumerate() {
            if part.payee != answer.payer {
                let handles = (answer.payer.to_string(), part.payee.to_string());
                let sides = (handles.0, handles.1, answer.currency.code());
                parts.entry(sides).or_default().push((place, number));
            }
        }
    }
    parts
}

/// Adds parts of nothing for those who were paid and have none.
fn add_unowed(
    names: &Names<'_>,
    work: EntryNumber,
    paid: &BTreeMap<Sides, (EntryNumber, i128)>,
    found: &mut [WorkProceeds],
) -> Result<(), AnswerError> {
    let owed = parts(work, found);
    for (sides, (payee, _)) in paid.iter().filter(|(sides, _)| !owed.contains_key(*sides)) {
        let (payer, _, currency) = sides;
        let is_of = |answer: &&mut WorkProceeds| {
            answer.work.entry == work
                && answer.payer.as_str() == payer
                && answer.currency.code() == *currency
                && answer.undivided.is_empty()
        };
        if let Some(answer) = found.iter_mut().find(is_of) {
            let zero = Amount::zero(answer.currency);
            let key = (*payee, PartGround::Title, work, zero);
            answer.parts.push(ProceedsPart::new(names, key)?);
        }
    }
    Ok(())
}
