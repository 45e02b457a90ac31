//! Contracts that share one account: those between the same party and the same provider whose terms
//! name the same pool. The contract that named it first has the account, and its clauses hold.

use crate::admission::admit::{Context, Ruling};
use crate::admission::{ContractRow, PoolRow, Refusal, TermsFacts, View};
use crate::record::{EntryNumber, Form, Kind, Pool, ProfitShare, Terms};

/// The place of a new contract in the pool that its terms name. It takes effect after the first and
/// has the clauses that hold there on that day: a base that several contracts add up to is measured
/// by one set of rates, caps and guarantees, for one territory.
pub(super) fn joined<V: View>(
    context: &Context<V>,
    contract: &ContractRow,
    terms: &Terms,
) -> Ruling<Option<PoolRow>, V> {
    let Form::ProfitShare(clauses) = &terms.form else {
        return Ok(None);
    };
    let Some(Pool::Named(name)) = &clauses.pool else {
        return Ok(None);
    };
    let ContractRow { entry, party, provider, .. } = *contract;
    let first = context.ask(context.view.pool(party, provider, name))?;
    if let Some(first) = first {
        let row = context.known(context.view.contract(first), Kind::Contract)?;
        context.check_after(contract.effective_at, first, row.effective_at)?;
        if !has_clauses(&terms_at(context, row, contract)?, terms, clauses) {
            return Err(Refusal::PoolDiffers { name: name.clone(), contract: first }.into());
        }
    }
    let (name, first) = (name.clone(), first.unwrap_or(entry));
    Ok(Some(PoolRow { entry, party, provider, name, first }))
}

/// The terms of an account when a contract takes effect.
fn terms_at<V: View>(
    context: &Context<V>,
    first: ContractRow,
    contract: &ContractRow,
) -> Ruling<TermsFacts, V> {
    let amendment = context.view.amendment_at(first.entry, contract.effective_at);
    let row = context.ask(amendment)?.unwrap_or(first);
    context.known(context.view.terms(row.terms), Kind::Terms)
}

/// Whether terms have these clauses of profit, for the same territory.
fn has_clauses(held: &TermsFacts, terms: &Terms, clauses: &ProfitShare) -> bool {
    match &held.terms.form {
        Form::ProfitShare(held_clauses) => {
            held_clauses == clauses && held.terms.scope.territory == terms.scope.territory
        }
        Form::FeeForAssignment(_) => false,
    }
}

/// What concerns an account names the contract that has it.
pub(super) fn check_first<V: View>(context: &Context<V>, contract: EntryNumber) -> Ruling<(), V> {
    match context.ask(context.view.pool_of(contract))? {
        Some(first) if first != contract => Err(Refusal::PoolOfOther { contract, first }.into()),
        Some(_) | None => Ok(()),
    }
}
