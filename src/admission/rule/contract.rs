//! Acceptance of a standard form.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, ContractRow, Refusal, TermsFacts, View};
use crate::record::{Contract, Kind};

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
    let row = ContractRow {
        entry: context.number,
        party: signer.entry,
        terms: entry,
        provider: facts.provider,
        effective_at: contract.effective_at,
    };
    let about = |target| AboutRow { entry: context.number, target }.into();
    admitted::<V>(signer.entry, vec![row.into(), about(entry), about(facts.provider)])
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
