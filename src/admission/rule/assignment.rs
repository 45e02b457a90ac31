//! Transfer of a share by its holder.

use super::title::rows_after;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, AssignmentRow, Effect, View};
use crate::record::{Assignment, Kind};
use crate::title::{Event, Fact};

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    assignment: &Assignment,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&assignment.work, Kind::Work)?;
    let assignee = context.resolve(&assignment.assignee, Kind::Party)?;
    let work = context.known(context.view.work(entry), Kind::Work)?;
    context.check_after(assignment.effective_at, entry, work.effective_at)?;
    let fact = Fact {
        entry: context.number,
        effective_at: assignment.effective_at,
        registered_at: context.registered_at,
        event: Event::Assigned {
            assignor: signer.entry,
            assignee,
            share: assignment.share,
            scope: assignment.scope,
            until: assignment.until,
        },
    };
    let known = context.ask(context.view.title_facts(&work))?;
    let title = rows_after(context, entry, &known, fact)?;
    let row = AssignmentRow {
        entry: context.number,
        work: entry,
        assignor: signer.entry,
        assignee,
        effective_at: assignment.effective_at,
    };
    let about = |target| AboutRow { entry: context.number, target }.into();
    let mut effects = vec![Effect::from(row)];
    effects.extend(title);
    effects.extend([about(entry), about(assignee)]);
    admitted::<V>(signer.entry, effects)
}
