//! A labelled copy of a file.

use super::title::whole_chain;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, LabelRow, PartyFacts, Refusal, View};
use crate::record::{EntryNumber, Kind, Labelled};

/// Anybody may label a copy of any file. That it is a file of a work, by which others will find the
/// work, only those may say who have to do with it: its creators, the provider under whose terms it
/// was made, and whoever holds a share of it.
pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    labelled: &Labelled,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let work = match &labelled.work {
        Some(work) => Some(context.resolve(work, Kind::Work)?),
        None => None,
    };
    if let Some(work) = work {
        check_entitled(context, &signer, work, labelled)?;
    }
    let without = labelled.without_explicit.as_ref();
    let agreement = match without.and_then(|without| without.agreement.as_ref()) {
        Some(agreement) => Some(context.resolve(agreement, Kind::Contract)?),
        None => None,
    };
    let row = LabelRow {
        entry: context.number,
        work,
        original: labelled.original,
        labelled: labelled.labelled,
        without_explicit: u32::from(without.is_some()),
        effective_at: labelled.effective_at,
    };
    let about = |target| AboutRow { entry: context.number, target }.into();
    let home = work.unwrap_or(signer.entry);
    let mut effects = vec![row.into()];
    effects.extend([Some(home), agreement].into_iter().flatten().map(about));
    admitted::<V>(signer.entry, effects)
}

fn check_entitled<V: View>(
    context: &Context<V>,
    signer: &PartyFacts,
    work: EntryNumber,
    labelled: &Labelled,
) -> Ruling<(), V> {
    let facts = context.known(context.view.work(work), Kind::Work)?;
    context.check_after(labelled.effective_at, work, facts.effective_at)?;
    if facts.creators.iter().any(|(creator, _)| *creator == signer.entry) {
        return Ok(());
    }
    if let Some(contract) = facts.contract {
        let contract = context.known(context.view.contract(contract), Kind::Contract)?;
        if contract.provider == signer.entry {
            return Ok(());
        }
    }
    let bearing = context.ask(context.view.title_facts(&facts))?;
    let title = whole_chain(context, &bearing)?;
    let mut held = title.iter().flat_map(|title| title.held_at(labelled.effective_at));
    if held.any(|holding| holding.holder == signer.entry) {
        return Ok(());
    }
    let party = signer.handle.clone();
    Err(Refusal::LabelOfOther { party, work }.into())
}
