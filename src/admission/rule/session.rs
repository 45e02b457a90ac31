//! Sessions: the record of a creation, step by step.

use crate::admission::admit::{CLOCK_TOLERANCE_MS, Context, Outcome, Ruling, admitted};
use crate::admission::{
    AboutRow, Effect, PartyFacts, Refusal, SessionOutputRow, SessionRow, SessionStoppedRow, View,
};
use crate::record::{
    Act, Digest, EntryNumber, Kind, RecordId, SessionStarted, SessionSteps, SessionStopped, Step,
};
use std::collections::BTreeSet;

/// Under a contract of the party that starts it, where one is named.
pub(in crate::admission) fn start<V: View>(
    context: &Context<V>,
    started: &SessionStarted,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.number;
    let contract = match &started.contract {
        Some(id) => Some(contract(context, id, started, &signer)?),
        None => None,
    };
    let row = SessionRow {
        entry,
        party: signer.entry,
        contract,
        title: started.title.clone(),
        effective_at: started.effective_at,
    };
    let about = contract.map(|target| AboutRow { entry, target }.into());
    admitted::<V>(signer.entry, std::iter::once(row.into()).chain(about).collect())
}

fn contract<V: View>(
    context: &Context<V>,
    id: &RecordId,
    started: &SessionStarted,
    signer: &PartyFacts,
) -> Ruling<EntryNumber, V> {
    let contract = context.resolve(id, Kind::Contract)?;
    let row = context.known(context.view.contract(contract), Kind::Contract)?;
    if row.party != signer.entry {
        let (party, signer) = (context.handle(row.party)?, signer.handle.clone());
        return Err(Refusal::ContractOfOther { contract, party, signer }.into());
    }
    context.check_after(started.effective_at, contract, row.effective_at)?;
    Ok(contract)
}

/// While the session is open, each at its time: not before the session began, and not ahead of the
/// clock. What is rejected or selected came out of the session, and nothing comes out twice.
pub(in crate::admission) fn steps<V: View>(
    context: &Context<V>,
    told: &SessionSteps,
) -> Ruling<Outcome, V> {
    let (signer, session) = open_session(context, &told.session)?;
    let entry = context.number;
    let mut effects = Vec::with_capacity(told.steps.len() + 1);
    let mut outputs = BTreeSet::new();
    for (step, place) in told.steps.iter().zip(0..) {
        check_time(context, step, &session)?;
        check_output(context, step, session.entry, &outputs)?;
        if let Some(digest) = step.output() {
            outputs.insert(digest);
            let row = SessionOutputRow { entry, step: place, session: session.entry, digest };
            effects.push(Effect::from(row));
        }
    }
    effects.push(AboutRow { entry, target: session.entry }.into());
    admitted::<V>(signer.entry, effects)
}

fn check_time<V: View>(context: &Context<V>, step: &Step, session: &SessionRow) -> Ruling<(), V> {
    context.check_after(step.at, session.entry, session.effective_at)?;
    let registered_at = context.registered_at;
    if step.at.as_millis() > registered_at.as_millis().saturating_add(CLOCK_TOLERANCE_MS) {
        return Err(Refusal::StepInFuture { at: step.at, registered_at }.into());
    }
    Ok(())
}

fn check_output<V: View>(
    context: &Context<V>,
    step: &Step,
    session: EntryNumber,
    told: &BTreeSet<Digest>,
) -> Ruling<(), V> {
    let Some(file) = &step.file else {
        return Ok(());
    };
    let earlier = || context.ask(context.view.session_output(session, &file.digest));
    let digest = || file.digest.to_string();
    match step.act {
        Act::Generated => match earlier()? {
            Some(entry) => Err(Refusal::OutputRecorded { digest: digest(), entry }.into()),
            None => Ok(()),
        },
        Act::Rejected | Act::Selected => {
            if told.contains(&file.digest) || earlier()?.is_some() {
                return Ok(());
            }
            Err(Refusal::NoOutput { digest: digest(), session }.into())
        }
        Act::Edited | Act::Noted => Ok(()),
    }
}

/// Once.
pub(in crate::admission) fn stop<V: View>(
    context: &Context<V>,
    stopped: &SessionStopped,
) -> Ruling<Outcome, V> {
    let (signer, session) = open_session(context, &stopped.session)?;
    context.check_after(stopped.effective_at, session.entry, session.effective_at)?;
    let (entry, effective_at) = (context.number, stopped.effective_at);
    let row = SessionStoppedRow { entry, session: session.entry, effective_at };
    let about = AboutRow { entry, target: session.entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}

/// The session, which must be one of the signer and not stopped.
fn open_session<V: View>(
    context: &Context<V>,
    id: &RecordId,
) -> Ruling<(PartyFacts, SessionRow), V> {
    let signer = context.signer()?;
    let session = context.resolve(id, Kind::SessionStarted)?;
    let row = context.known(context.view.session(session), Kind::SessionStarted)?;
    if row.party != signer.entry {
        let (party, signer) = (context.handle(row.party)?, signer.handle);
        return Err(Refusal::SessionOfOther { session, party, signer }.into());
    }
    if let Some(entry) = context.ask(context.view.session_stopped(session))? {
        return Err(Refusal::SessionOver { session, entry }.into());
    }
    Ok((signer, row))
}
