//! The chain of title as a timeline: a drawing of who held when, and the passings in words.

use super::text::{entry_link, exactly, linked, when};
use crate::evidence::{Case, CaseError, CaseTitle};
use crate::narration::{ChangeOfTitle, Holder, day_or_moment, visible};
use crate::record::{EntryNumber, Timestamp};
use crate::title::Status;
use maud::{Markup, html};

/// Holdings that the drawing shows; the list beneath has them all.
const MAX_BARS: usize = 30;
/// Passings that the drawing numbers.
const MAX_MARKS: usize = 40;
/// The drawing, in its own units.
const WIDTH: i128 = 760;
const MARGIN: i128 = 14;
const ROW_HEIGHT: i128 = 40;
const MARK_RADIUS: i128 = 9;
/// So long at least the drawing goes on after the last change.
const LEAST_TAIL_MS: i64 = 86_400_000;
/// Rows of marks that stand above each other where they would touch.
const MARK_ROWS: usize = 4;

/// The timeline of one work.
pub(super) fn section(
    case: &Case,
    title: &CaseTitle,
    as_of: Timestamp,
) -> Result<Markup, CaseError> {
    let mut passings = Vec::with_capacity(title.changes.len());
    for change in &title.changes {
        passings.push((change, case.registered_at(change.entry)?));
    }
    Ok(html! {
        h3 { "Chain of title" }
        (drawing(case.work(title.work.entry)?.effective_at, title, as_of))
        ol.chain {
            @for (change, registered_at) in passings {
                li { (passing(case, change, registered_at)) }
            }
        }
    })
}

fn passing(case: &Case, change: &ChangeOfTitle, registered_at: Timestamp) -> Markup {
    html! {
        div.date { (when(change.at)) @if let Some(until) = change.until { " until " (when(until)) } }
        div { strong { (linked(case, &change.sentence)) } }
        div.note {
            (ground(change)) ": entry " (entry_link(case, change.entry))
            ", registered " (exactly(registered_at)) " UTC"
        }
    }
}

/// The kind of ground in words.
fn ground(change: &ChangeOfTitle) -> &'static str {
    use crate::title::GroundKind;
    match change.ground {
        GroundKind::Registration => "by the creator's own registration, without a contract",
        GroundKind::Terms => "by the terms of the contract",
        GroundKind::FeePaid => "because the fee was confirmed as paid in full",
        GroundKind::FirstPayment => "because a first payment was confirmed",
        GroundKind::Assignment => "by assignment",
    }
}

/// What a status means, for somebody who reads it once.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Complete => "nothing is outstanding",
        Status::UntilPaid => "until the creator has paid what the terms ask",
        Status::SubjectToShare => "and owes a share of the profit",
        Status::Claimed => "as a claim of its own, which no contract supports or contradicts",
        Status::SplitUnsigned => "not every co-creator has signed the split",
    }
}

/// Places on the axis of time.
#[derive(Clone, Copy)]
struct Scale {
    from: i128,
    to: i128,
}

impl Scale {
    fn new(from: Timestamp, to: Timestamp) -> Self {
        let from = i128::from(from.as_millis());
        Self { from, to: i128::from(to.as_millis()).max(from + 1) }
    }

    /// The place of a moment, within the drawing.
    fn place(self, moment: Timestamp) -> i128 {
        let at = i128::from(moment.as_millis()).clamp(self.from, self.to);
        MARGIN + (at - self.from) * (WIDTH - 2 * MARGIN) / (self.to - self.from)
    }
}

fn drawing(made_at: Timestamp, title: &CaseTitle, as_of: Timestamp) -> Markup {
    let first = title.course.iter().map(|held| held.since).min().unwrap_or(made_at).min(made_at);
    let (last, is_cut) = end(first, title, as_of);
    let scale = Scale::new(first, last);
    let held: Vec<&Holder> = title.course.iter().filter(|held| held.since <= as_of).collect();
    let left_out = held.len().saturating_sub(MAX_BARS);
    let held = &held[..held.len() - left_out];
    let marks = marks(&title.changes, scale, as_of);
    let rows = marks.iter().map(|mark| mark.row + 1).max().unwrap_or_default();
    let top = i128::try_from(rows).unwrap_or_default() * (2 * MARK_RADIUS + 2) + 6;
    let bottom = top + i128::try_from(held.len()).unwrap_or_default() * ROW_HEIGHT + 4;
    let (start, end) = (day_or_moment(first), day_or_moment(last));
    html! {
        figure {
            svg role="img" viewBox={ "0 0 " (WIDTH) " " (bottom + 24) } {
                title { "Who held the work when, from " (start) " to " (end) }
                @for mark in &marks {
                    line.drop x1=(mark.place) x2=(mark.place) y1=(mark.middle()) y2=(bottom) {}
                }
                @for (place, held) in (0_i128..).zip(held) {
                    (bar(held, scale, top + place * ROW_HEIGHT))
                }
                line.axis x1=(MARGIN) x2=(WIDTH - MARGIN) y1=(bottom) y2=(bottom) {}
                text.small x=(MARGIN) y=(bottom + 16) { (start) }
                text.small x=(WIDTH - MARGIN) y=(bottom + 16) text-anchor="end" {
                    @if is_cut { "unchanged until " (day_or_moment(as_of)) } @else { (end) }
                }
                @for mark in &marks {
                    circle.mark cx=(mark.place) cy=(mark.middle()) r=(MARK_RADIUS) {}
                    text.number x=(mark.place) y=(mark.middle() + 4) { (mark.number) }
                }
            }
            figcaption {
                "Each bar is a holding, as thick as the share. The numbers are those of the list. "
                "Dashed: held only until the creator has paid. Hollow: a bare claim."
                @if left_out > 0 { " " (left_out) " further holdings are not drawn." }
            }
        }
    }
}

/// Where the drawing ends: where nothing changes for long, it is cut rather than left empty.
fn end(first: Timestamp, title: &CaseTitle, as_of: Timestamp) -> (Timestamp, bool) {
    let ends = title.course.iter().filter_map(|held| held.until);
    let moments = title.course.iter().map(|held| held.since).chain(ends);
    let last = moments.filter(|moment| *moment <= as_of).max().unwrap_or(as_of);
    let span = last.as_millis().saturating_sub(first.as_millis()) / 2;
    let cut = Timestamp::from_millis(last.as_millis().saturating_add(span.max(LEAST_TAIL_MS)));
    match cut {
        Ok(cut) if cut < as_of => (cut, true),
        Ok(_) | Err(_) => (as_of, false),
    }
}

/// One holding: what it is, and a bar for as long as it lasts.
fn bar(held: &Holder, scale: Scale, top: i128) -> Markup {
    let left = scale.place(held.since);
    let right = held.until.map_or(WIDTH - MARGIN, |until| scale.place(until)).max(left + 3);
    let share = held.share.as_fraction();
    // A share is more than nothing and at most the whole.
    let height = (14 * share.numerator() / share.denominator().max(1)).max(3);
    let anchor = if left > WIDTH * 2 / 3 { "end" } else { "start" };
    let text_at = if left > WIDTH * 2 / 3 { WIDTH - MARGIN } else { left };
    let what = format!("{}, {}, {}", visible(held.party.as_str()), part(held), status(held.status));
    html! {
        text x=(text_at) y=(top + 13) text-anchor=(anchor) { (what) }
        rect class=(held.status) x=(left) y=(top + 18) width=(right - left) height=(height) {}
    }
}

/// The share and, where it is not of everything, of what.
pub(super) fn part(held: &Holder) -> String {
    use crate::money::Share;
    use crate::record::Scope;
    let share = match held.share == Share::WHOLE {
        true => "the whole".to_owned(),
        false => held.share.to_string(),
    };
    if held.scope == Scope::WHOLE { share } else { format!("{share} of {}", held.scope) }
}

/// The number of a passing, and where it stands.
struct Mark {
    number: usize,
    place: i128,
    row: usize,
}

impl Mark {
    fn middle(&self) -> i128 {
        MARK_RADIUS + 2 + i128::try_from(self.row).unwrap_or_default() * (2 * MARK_RADIUS + 2)
    }
}

/// Marks stand beside each other where there is room, else above.
fn marks(changes: &[ChangeOfTitle], scale: Scale, as_of: Timestamp) -> Vec<Mark> {
    let mut ends = [i128::MIN; MARK_ROWS];
    let mut marks = Vec::new();
    for (number, change) in (1..).zip(changes).take(MAX_MARKS) {
        if change.at > as_of {
            continue;
        }
        let place = scale.place(change.at);
        let Some(row) = ends.iter().position(|end| *end < place - MARK_RADIUS) else { continue };
        ends[row] = place + MARK_RADIUS;
        marks.push(Mark { number, place, row });
    }
    marks
}

/// Other claims on the content of a work.
pub(super) fn conflicts(case: &Case, title: &CaseTitle) -> Markup {
    let own: EntryNumber = title.work.entry;
    html! {
        @for conflict in &title.conflicts {
            p.warning {
                strong { "The same content is claimed by somebody else. " }
                (super::text::shown(conflict.party.as_str())) " registered it as “"
                (super::text::shown(conflict.title.as_str())) "” in entry " (entry_link(case, conflict.entry))
                ", on " (exactly(conflict.registered_at)) " UTC: "
                @if conflict.earlier { "before " } @else { "after " }
                "the registration in entry " (entry_link(case, own)) ". "
                "The register documents both claims and does not decide between them."
            }
        }
    }
}
