//! Opening balances: stated by one side of a contract, agreed to by the other.

use super::account::profit_share;
use super::pool;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, OpeningAgreedRow, OpeningRow, Refusal, View};
use crate::record::{EntryNumber, Kind, Opening, OpeningAgreed};

/// One side states the balance; it counts for nothing before the other agrees.
pub(in crate::admission) fn state<V: View>(
    context: &Context<V>,
    opening: &Opening,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let (contract, clauses) = profit_share(context, &opening.contract)?;
    let entry = contract.entry;
    pool::check_first(context, entry)?;
    let other_side = if signer.entry == contract.party {
        contract.provider
    } else if signer.entry == contract.provider {
        contract.party
    } else {
        return Err(Refusal::NotASide { signer: signer.handle, contract: entry }.into());
    };
    if opening.currency != clauses.currency {
        let (found, needed) = (opening.currency, clauses.currency);
        return Err(Refusal::CurrencyDiffers { found, needed }.into());
    }
    check_open(context, entry)?;
    let row = OpeningRow {
        entry: context.number,
        contract: entry,
        other_side,
        effective_at: opening.effective_at,
        currency: opening.currency,
        base: opening.base,
        carried_loss: opening.carried_loss,
        // At most a million millions, by the rules of the record.
        units: i64::try_from(opening.units).unwrap_or(i64::MAX),
        earned: opening.earned,
        paid: opening.paid,
        advance: opening.advance,
    };
    let about = AboutRow { entry: context.number, target: entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}

/// The other side agrees.
pub(in crate::admission) fn agree<V: View>(
    context: &Context<V>,
    agreed: &OpeningAgreed,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&agreed.opening, Kind::Opening)?;
    let opening = context.known(context.view.opening(entry), Kind::Opening)?;
    if signer.entry != opening.other_side {
        let needed = context.handle(opening.other_side)?;
        return Err(Refusal::NotTheOtherSide { signer: signer.handle, needed }.into());
    }
    check_open(context, opening.contract)?;
    let effective_at = opening.effective_at;
    if let Some(first_on) = context.ask(context.view.first_line_on(opening.contract))?
        && first_on < effective_at
    {
        return Err(Refusal::OpeningAfterLines { effective_at, first_on }.into());
    }
    let contract = opening.contract;
    let row = OpeningAgreedRow { entry: context.number, opening: entry, contract };
    let about = |target| AboutRow { entry: context.number, target }.into();
    admitted::<V>(signer.entry, vec![row.into(), about(entry), about(contract)])
}

/// A contract opens once.
fn check_open<V: View>(context: &Context<V>, contract: EntryNumber) -> Ruling<(), V> {
    match context.ask(context.view.opening_agreed(contract))? {
        Some(agreed) => Err(Refusal::OpeningExists { contract, entry: agreed.entry }.into()),
        None => Ok(()),
    }
}
