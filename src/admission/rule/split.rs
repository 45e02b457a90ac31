//! A co-creator signs the split of a work.

use super::title::rows_after;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, Effect, Refusal, SplitAgreedRow, View};
use crate::record::{Kind, SplitAgreed};
use crate::title::{Event, Fact};

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    agreed: &SplitAgreed,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&agreed.work, Kind::Work)?;
    let work = context.known(context.view.work(entry), Kind::Work)?;
    if !work.creators.iter().any(|(party, _)| *party == signer.entry) {
        return Err(Refusal::NotACreator { work: entry, party: signer.handle }.into());
    }
    let again = context.ask(context.view.split_agreed(entry, signer.entry))?;
    if again || work.signer == signer.entry {
        return Err(Refusal::SplitAlreadyAgreed { work: entry, party: signer.handle }.into());
    }
    let fact = Fact {
        entry: context.number,
        effective_at: context.registered_at,
        registered_at: context.registered_at,
        event: Event::SplitAgreed { party: signer.entry },
    };
    let known = context.ask(context.view.title_facts(&work))?;
    let title = rows_after(context, entry, &known, fact)?;
    let row = SplitAgreedRow { entry: context.number, work: entry, party: signer.entry };
    let mut effects = vec![Effect::from(row)];
    effects.extend(title);
    effects.push(AboutRow { entry: context.number, target: entry }.into());
    admitted::<V>(signer.entry, effects)
}
