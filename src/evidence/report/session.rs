//! The sessions in which a work was made: every step with its times.

use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, page, shown};
use crate::evidence::{Case, CaseError};
use crate::record::{EntryNumber, Record, RecordId, SessionStarted, Step, Work};
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
                sections.push(session(case, proof, (number, started), &steps)?);
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

fn session(
    case: &Case,
    proof: &Proof,
    (number, started): (EntryNumber, &SessionStarted),
    steps: &[Told<'_>],
) -> Result<Markup, CaseError> {
    let mut rows = Vec::with_capacity(steps.len());
    for (place, (entry, step)) in (1_usize..).zip(steps).take(MAX_STEPS_SHOWN) {
        let registered_at = case.registered_at(*entry)?;
        rows.push(html! {
            tr {
                td.figure { (place) }
                td { (exactly(step.at)) }
                td { (step.act) }
                td {
                    @if let Some(before) = &step.before { (hexadecimal(before)) " became " }
                    @if let Some(file) = &step.file { (hexadecimal(&file.digest)) }
                    (texts(proof, step))
                }
                td { (exactly(registered_at)) ", entry " (entry_link(case, *entry)) }
            }
        });
    }
    Ok(html! {
        h3 { "The session “" (shown(started.title.as_str())) "”, step by step" }
        p.note {
            "Recorded while it happened, from entry " (entry_link(case, number)) " on. When a step happened "
            "is the creator's word; since when it stands in the log is shown by the log. Prompts and reasons are "
            "sealed commitments, opened here where they were revealed."
        }
        table {
            thead { tr { th.figure { "Step" } th { "Happened" } th { "What" } th { "File" } th { "Registered" } } }
            tbody { @for row in rows { (row) } }
        }
        @if steps.len() > MAX_STEPS_SHOWN {
            p.faint { (steps.len() - MAX_STEPS_SHOWN) " further steps are in the entries." }
        }
    })
}

/// What the step tells of its generation, and what was revealed of its commitments.
fn texts(proof: &Proof, step: &Step) -> Markup {
    let mut sealed = 0_usize;
    let mut opened = Vec::new();
    for commitment in step.commitments() {
        match proof.openings.get(&commitment) {
            Some(text) => opened.push(text),
            None => sealed += 1,
        }
    }
    html! {
        @if let Some(generation) = &step.generation {
            @if let Some(model) = &generation.model { " " (shown(model.as_str())) }
            @if let Some(seed) = generation.seed { ", seed " (seed) }
        }
        @for text in opened { (page(text)) }
        @if sealed > 0 { " " span.faint { (sealed) " sealed" } }
    }
}
