//! The sessions in which a work was made: every step with its times.

use super::claimed;
use super::creation::role;
use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, page, shown, when};
use crate::evidence::{Case, CaseError};
use crate::record::{
    Act, Commitment, EntryNumber, Record, RecordId, SessionStarted, Step, Timestamp, Work,
};
use maud::{Markup, html};

/// Steps that the page shows of one session; the entries have them all.
const MAX_STEPS_SHOWN: usize = 1000;

/// A step with the entry that tells it.
type Told<'a> = (EntryNumber, &'a Step);

/// The sessions out of which the files of a work came; nothing where there are none.
pub(super) fn section(case: &Case, proof: &Proof, work: &Work) -> Result<Markup, CaseError> {
    let mut sections = Vec::new();
    for number in case.numbers() {
        if let Record::SessionStarted(started) = case.statement(number)?.record() {
            let steps = steps_of(case, case.statement(number)?.id())?;
            let is_of_work = |digest| work.contents.iter().any(|content| content.digest == digest);
            if steps.iter().any(|(_, step)| step.output().is_some_and(is_of_work)) {
                sections.push(session(case, proof, work, (number, started), &steps)?);
            }
        }
    }
    Ok(html! { @for section in sections { (section) } })
}

/// The steps of a session, in order of time.
fn steps_of(case: &Case, session: RecordId) -> Result<Vec<Told<'_>>, CaseError> {
    let mut steps = Vec::new();
    for number in case.numbers() {
        if let Record::SessionSteps(told) = case.statement(number)?.record()
            && told.session == session
        {
            steps.extend(told.steps.iter().map(|step| (number, step)));
        }
    }
    steps.sort_by_key(|(_, step)| step.at);
    Ok(steps)
}

/// When a session ended, and the entry that says so.
fn stopped(case: &Case, session: RecordId) -> Result<Option<(EntryNumber, Timestamp)>, CaseError> {
    for number in case.numbers() {
        if let Record::SessionStopped(stopped) = case.statement(number)?.record()
            && stopped.session == session
        {
            return Ok(Some((number, stopped.effective_at)));
        }
    }
    Ok(None)
}

fn session(
    case: &Case,
    proof: &Proof,
    work: &Work,
    (number, started): (EntryNumber, &SessionStarted),
    steps: &[Told<'_>],
) -> Result<Markup, CaseError> {
    let end = stopped(case, case.statement(number)?.id())?;
    let mut rows = Vec::with_capacity(steps.len().min(MAX_STEPS_SHOWN));
    for (place, (entry, step)) in (1_usize..).zip(steps).take(MAX_STEPS_SHOWN) {
        let registered_at = case.registered_at(*entry)?;
        rows.push(html! {
            tr {
                td.figure { (place) }
                td { (exactly(step.at)) }
                td { strong { (act(step.act)) } (details(proof, work, step)) }
                td { (exactly(registered_at)) div.faint { "entry " (entry_link(case, *entry)) } }
            }
        });
    }
    Ok(html! {
        h3 { "The session “" (shown(started.title.as_str())) "”, step by step" }
        p.note {
            "Recorded while it happened. When a step happened is the creator's word; by when it stood in the log, "
            "the log shows. Nothing can be added to the past or taken out of it: an attempt that was put aside stays. "
            "Prompts and reasons are sealed commitments, opened here where they were revealed."
        }
        dl {
            dt { "Begun" } dd { (when(started.effective_at)) ", entry " (entry_link(case, number)) }
            @match end {
                Some((entry, at)) => { dt { "Ended" } dd { (when(at)) ", entry " (entry_link(case, entry)) } }
                None => { dt { "Ended" } dd { "not told" } }
            }
            dt { "Steps" } dd { (count(steps)) }
            @if let Some(note) = &started.note { dt { "What was meant" } dd { (sealed(proof, "", note)) } }
        }
        table.steps {
            thead { tr { th.figure { "Step" } th { "Happened (UTC)" } th { "What was done" } th { "Registered (UTC)" } } }
            tbody { @for row in rows { (row) } }
        }
        @if steps.len() > MAX_STEPS_SHOWN {
            p.faint { (steps.len() - MAX_STEPS_SHOWN) " further steps are in the entries." }
        }
    })
}

/// How many steps of each kind.
fn count(steps: &[Told<'_>]) -> String {
    let counts = Act::ALL.iter().filter_map(|kind| {
        let count = steps.iter().filter(|(_, step)| step.act == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    let counts: Vec<_> = counts.collect();
    format!("{}: {}", steps.len(), counts.join(", "))
}

/// What was done, in words.
const fn act(act: Act) -> &'static str {
    match act {
        Act::Generated => "Generated",
        Act::Rejected => "Put aside",
        Act::Selected => "Chosen",
        Act::Edited => "Edited by hand",
        Act::Noted => "Remark",
    }
}

/// The file of a step, how it was generated, what was revealed of its commitments, and what the file says
/// of itself.
fn details(proof: &Proof, work: &Work, step: &Step) -> Markup {
    html! {
        @if let Some(before) = &step.before { div { "out of " (hexadecimal(before)) } }
        @if let Some(file) = &step.file {
            div {
                (hexadecimal(&file.digest))
                @if work.contents.iter().any(|content| content.digest == file.digest) {
                    " — " strong { "a file of this work" }
                }
            }
        }
        @if let Some(generation) = &step.generation {
            dl.compact { (super::creation::generated(generation)) }
        }
        @for prompt in step.prompts() { (sealed(proof, role(prompt.role), &prompt.commitment)) }
        @if let Some(note) = &step.note {
            (sealed(proof, if step.act == Act::Noted { "the remark" } else { "the reason" }, note))
        }
        @if let Some(file) = &step.file {
            @for claim in &file.claims {
                div.faint { "The file says of itself, in " (shown(claim.place.as_str())) ", written as " (claim.source) " does; nobody vouches for it:" }
                (claimed::told(claim, proof))
            }
        }
    }
}

/// A sealed text, opened where it was revealed.
fn sealed(proof: &Proof, what: &str, commitment: &Commitment) -> Markup {
    html! {
        @match proof.openings.get(commitment) {
            Some(text) => {
                @if !what.is_empty() { div.faint { (what) ", opened:" } }
                (page(text))
            }
            None => div.faint { @if !what.is_empty() { (what) ", " } "sealed: " (hexadecimal(commitment)) }
        }
    }
}
