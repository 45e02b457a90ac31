//! The sessions in which a work was made: every step with its times.

use super::claimed;
use super::creation::role;
use super::proof::Proof;
use super::text::{entry_link, exactly, hexadecimal, page, shown, when};
use crate::evidence::{Case, CaseError};
use crate::record::{
    Act, Commitment, EntryNumber, Kind, Record, RecordId, SessionStarted, Step, Timestamp, Work,
};
use maud::{Markup, html};

/// Steps that the page shows of one session; the entries have them all.
const MAX_STEPS_SHOWN: usize = 1000;

/// A step with the entry that tells it.
type Told<'a> = (EntryNumber, &'a Step);

/// The sessions out of which the files of a work came; nothing where there are none.
pub(super) fn section(case: &Case, proof: &Proof, work: &Work) -> Result<Markup, CaseError> {
    let mut sections = Vec::new();
    for number in case.of_kind(Kind::SessionStarted).iter().copied() {
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
    for number in case.of_kind(Kind::SessionSteps).iter().copied() {
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
    for number in case.of_kind(Kind::SessionStopped).iter().copied() {
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
    let mut in_time = 0;
    for (entry, step) in steps {
        in_time += usize::from(later(step.at, case.registered_at(*entry)?).is_none());
    }
    let mut rows = Vec::with_capacity(steps.len().min(MAX_STEPS_SHOWN));
    for (place, (entry, step)) in (1_usize..).zip(steps).take(MAX_STEPS_SHOWN) {
        let registered_at = case.registered_at(*entry)?;
        rows.push(html! {
            tr {
                td.figure { (place) }
                td { (exactly(step.at)) }
                td { strong { (act(step.act)) } (details(proof, work, step)) }
                td {
                    (exactly(registered_at))
                    div.faint { "entry " (entry_link(case, *entry)) }
                    @if let Some(later) = later(step.at, registered_at) { div.late { (later) " later" } }
                }
            }
        });
    }
    Ok(html! {
        h3 { "The session “" (shown(started.title.as_str())) "”, step by step" }
        p.note {
            "When a step happened is the creator's word. When it was registered is the register's, and that of those who "
            "saw the log then: a step that was registered long after it is said to have happened was told afterwards. An "
            "attempt that was put aside stays in the log. Prompts and reasons are sealed commitments, opened here where they were revealed."
        }
        dl {
            dt { "Begun" } dd { (when(started.effective_at)) ", entry " (entry_link(case, number)) }
            @match end {
                Some((entry, at)) => { dt { "Ended" } dd { (when(at)) ", entry " (entry_link(case, entry)) } }
                None => { dt { "Ended" } dd { "not told" } }
            }
            dt { "Steps" } dd { (count(steps)) }
            dt { "Told in time" } dd { (in_time) " of " (steps.len()) " steps were registered within an hour" }
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

/// How much later than it happened a step was registered, where that is more than an hour.
fn later(happened: Timestamp, registered: Timestamp) -> Option<String> {
    const HOUR_MS: i64 = 3_600_000;
    let hours = registered.as_millis().saturating_sub(happened.as_millis()) / HOUR_MS;
    match (hours, hours / 24) {
        (..=0, _) => None,
        (1, _) => Some("1 hour".to_owned()),
        (hours, 0..=1) => Some(format!("{hours} hours")),
        (_, days) => Some(format!("{days} days")),
    }
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
            dl.inline { (super::creation::generated(generation)) }
        }
        @for prompt in step.generation.iter().flat_map(|generation| &generation.prompts) {
            (sealed(proof, role(prompt.role), &prompt.commitment))
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_told_an_hour_later_shows_it() {
        let at = |moment: &str| Timestamp::parse_start(moment).unwrap();
        for (registered, shown) in [
            ("2026-02-24T12:59:59Z", None),
            ("2026-02-24T11:00:00Z", None),
            ("2026-02-24T13:00:00Z", Some("1 hour")),
            ("2026-02-26T11:59:59Z", Some("47 hours")),
            ("2026-02-26T12:00:00Z", Some("2 days")),
            ("2027-02-24T12:00:00Z", Some("365 days")),
        ] {
            let found = later(at("2026-02-24T12:00:00Z"), at(registered));
            assert_eq!(found.as_deref(), shown, "{registered}");
        }
    }
}
