//! Acceptance of a standard form.

use super::pool;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, ContractRow, Effect, PartyFacts, Refusal, TermsFacts, View};
use crate::record::{Contract, EntryNumber, Form, Kind, RecordId, Timestamp};
use crate::royalty::changed_by;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    contract: &Contract,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&contract.terms, Kind::Terms)?;
    let facts = context.known(context.view.terms(entry), Kind::Terms)?;
    if facts.provider == signer.entry {
        return Err(Refusal::ContractWithSelf { party: signer.handle }.into());
    }
    check_in_force(context, contract, &facts)?;
    check_notice(contract, &facts)?;
    if let Some(contract) = context.ask(context.view.acceptance(signer.entry, entry))? {
        return Err(Refusal::ContractExists { contract }.into());
    }
    let amends = match &contract.amends {
        Some(first) => Some(amended(context, first, contract, &signer, &facts)?),
        None => None,
    };
    let row = ContractRow {
        entry: context.number,
        party: signer.entry,
        terms: entry,
        provider: facts.provider,
        effective_at: contract.effective_at,
        amends,
    };
    let pooled = match amends {
        Some(_) => None,
        None => pool::joined(context, &row, &facts.terms)?,
    };
    let first = pooled.as_ref().map(|pooled| pooled.first).filter(|first| *first != row.entry);
    let about = |target| AboutRow { entry: context.number, target }.into();
    let mut effects = vec![row.into()];
    effects.extend(pooled.map(Effect::from));
    effects.extend([about(entry), about(facts.provider)]);
    effects.extend(amends.into_iter().chain(first).map(about));
    admitted::<V>(signer.entry, effects)
}

/// The contract that goes on under this version: of the same two parties, by a share of profit, and
/// with everything kept that one account runs on and that moves title.
fn amended<V: View>(
    context: &Context<V>,
    first: &RecordId,
    amendment: &Contract,
    signer: &PartyFacts,
    later: &TermsFacts,
) -> Ruling<EntryNumber, V> {
    let contract = context.resolve(first, Kind::Contract)?;
    let row = context.known(context.view.contract(contract), Kind::Contract)?;
    check_first(&row)?;
    pool::check_first(context, contract)?;
    if row.party != signer.entry {
        let party = context.handle(row.party)?;
        let signer = signer.handle.clone();
        return Err(Refusal::ContractOfOther { contract, party, signer }.into());
    }
    let terms = context.known(context.view.terms(row.terms), Kind::Terms)?;
    let what = match (&terms.terms.form, &later.terms.form) {
        (Form::FeeForAssignment(_), _) => return Err(Refusal::AmendmentOfFee { contract }.into()),
        (Form::ProfitShare(_), Form::FeeForAssignment(_)) => Some("the form"),
        (Form::ProfitShare(_), _) if row.provider != later.provider => Some("the provider"),
        (Form::ProfitShare(_), _) if terms.terms.scope != later.terms.scope => {
            Some("the rights that pass")
        }
        (Form::ProfitShare(_), _) if terms.terms.vesting != later.terms.vesting => {
            Some("when title passes")
        }
        (Form::ProfitShare(first), Form::ProfitShare(later)) => changed_by(first, later),
    };
    if let Some(what) = what {
        return Err(Refusal::AmendmentChanges { contract, what }.into());
    }
    let last = context.ask(context.view.amendment_at(contract, Timestamp::MAX))?.unwrap_or(row);
    context.check_after(amendment.effective_at, last.entry, last.effective_at)?;
    Ok(contract)
}

/// What concerns an account names the contract that was made first.
pub(super) fn check_first(contract: &ContractRow) -> Result<(), Box<Refusal>> {
    match contract.amends {
        Some(first) => {
            Err(Box::new(Refusal::NamesAmendment { amendment: contract.entry, contract: first }))
        }
        None => Ok(()),
    }
}

/// The terms must be in force both when the acceptance takes effect and when it is registered:
/// an acceptance with an early date must not bind a provider who has withdrawn its offer.
fn check_in_force<V: View>(
    context: &Context<V>,
    contract: &Contract,
    facts: &TermsFacts,
) -> Ruling<(), V> {
    let effective_at = contract.effective_at;
    let from = facts.terms.effective_at;
    if effective_at < from {
        return Err(Refusal::TermsNotYet { effective_at, from }.into());
    }
    let at = effective_at.max(context.registered_at);
    if let Some(withdrawn_at) = facts.withdrawn_at
        && at >= withdrawn_at
    {
        return Err(Refusal::TermsWithdrawn { at, withdrawn_at }.into());
    }
    match facts.terms.expires_at {
        Some(expired_at) if at >= expired_at => {
            Err(Refusal::TermsExpired { at, expired_at }.into())
        }
        Some(_) | None => Ok(()),
    }
}

fn check_notice(contract: &Contract, facts: &TermsFacts) -> Result<(), Box<Refusal>> {
    let notice = &contract.notice;
    let is_shown = |text: &&crate::record::TermsText| {
        text.digest == notice.digest && text.language == notice.language
    };
    if facts.terms.texts.iter().find(is_shown).is_none() {
        return Err(Box::new(Refusal::NoticeDiffers {
            digest: notice.digest.to_string(),
            language: notice.language.to_string(),
        }));
    }
    let mut acknowledged = contract.acknowledged.iter();
    for clause in &facts.terms.clauses {
        if acknowledged.next() != Some(&clause.name) {
            return Err(Box::new(Refusal::NotAcknowledged { clause: clause.name.to_string() }));
        }
    }
    match acknowledged.next() {
        Some(extra) => Err(Box::new(Refusal::NotAcknowledged { clause: extra.to_string() })),
        None => Ok(()),
    }
}
