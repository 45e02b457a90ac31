//! A licence by whoever holds the rights.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::rule::title::{unsigned, whole_chain};
use crate::admission::{AboutRow, LicenceRow, Refusal, View};
use crate::record::{Kind, Licence, Scope};

/// Whoever holds a share of each right that is licensed may license it: a co-holder too, since the
/// licence is not exclusive (Copyright Law of the PRC, Article 14), and all holders get their part of
/// what it brings.
pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    licence: &Licence,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&licence.work, Kind::Work)?;
    let licensee = match &licence.licensee {
        Some(party) => Some(context.resolve(party, Kind::Party)?),
        None => None,
    };
    let work = context.known(context.view.work(entry), Kind::Work)?;
    context.check_after(licence.effective_at, entry, work.effective_at)?;
    let facts = context.ask(context.view.title_facts(&work))?;
    let title = whole_chain(context, &facts)?;
    if let Some(title) = title.as_ref().filter(|title| !title.unsigned.is_empty()) {
        return Err(unsigned(context, &title.unsigned)?);
    }
    let mut rest = vec![licence.scope];
    for holding in title.iter().flat_map(|title| title.held_at(licence.effective_at)) {
        if holding.holder == signer.entry {
            let without = |scope: Scope| scope.difference(holding.scope).into_iter().flatten();
            rest = rest.into_iter().flat_map(without).collect();
        }
    }
    if let Some(scope) = rest.first() {
        let (party, scope) = (signer.handle, scope.to_string());
        return Err(Refusal::NothingToLicense { party, work: entry, scope }.into());
    }
    let row = LicenceRow {
        entry: context.number,
        work: entry,
        licensor: signer.entry,
        licensee,
        rate: licence.rate,
        passing: licence.passing,
        effective_at: licence.effective_at,
        valid_until: licence.until,
    };
    let about = |target| AboutRow { entry: context.number, target }.into();
    let targets = [Some(entry), licensee].into_iter().flatten();
    let mut effects = vec![row.into()];
    effects.extend(targets.map(about));
    admitted::<V>(signer.entry, effects)
}
