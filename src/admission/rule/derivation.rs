//! The works that a work was made from: under licences that allow it, and with shares that do not
//! exceed the whole. A work names works that are registered, so that none derives from itself.

use crate::admission::admit::{AdmitError, Context, Ruling};
use crate::admission::{DerivationRow, Refusal, View};
use crate::record::{DerivationKind, EntryNumber, Kind, Parent, Work};
use crate::royalty::{Derived, MAX_ANCESTORS, RoyaltyError, derivative_shares};
use std::collections::BTreeSet;

/// The rows of a work that derives from others. At most [`MAX_ANCESTORS`] works are asked about.
pub(super) fn rows<V: View>(
    context: &Context<V>,
    work: &Work,
    contract: Option<EntryNumber>,
    creators: &[EntryNumber],
) -> Ruling<Vec<DerivationRow>, V> {
    let mut rows = Vec::new();
    let mut derived = Vec::new();
    for parent in &work.derived_from {
        let (row, licence) = row(context, work, (parent, contract), creators)?;
        rows.push(row);
        derived.push(licence);
    }
    if !derived.is_empty() {
        let licences = with_ancestors(context, derived)?;
        if let Err(error) = derivative_shares(context.number, &licences) {
            return Err(refusal::<V>(error));
        }
    }
    Ok(rows)
}

fn row<V: View>(
    context: &Context<V>,
    work: &Work,
    (named, contract): (&Parent, Option<EntryNumber>),
    creators: &[EntryNumber],
) -> Ruling<(DerivationRow, Derived), V> {
    let entry = context.number;
    let parent = context.resolve(&named.work, Kind::Work)?;
    let facts = context.known(context.view.work(parent), Kind::Work)?;
    context.check_after(work.effective_at, parent, facts.effective_at)?;
    let kind = named.kind;
    let by_its_creators = facts.creators.iter().any(|(party, _)| creators.contains(party));
    if kind == Some(DerivationKind::Version) && !by_its_creators {
        return Err(Refusal::VersionByOthers { work: parent }.into());
    }
    let Some(licence) = &named.licence else {
        let row = DerivationRow { entry, parent, licence: None, contract, kind };
        return Ok((row, Derived::unlicensed(entry, parent)));
    };
    let licence = context.resolve(licence, Kind::Licence)?;
    let granted = context.known(context.view.licence(licence), Kind::Licence)?;
    if granted.work != parent {
        let (work, needed) = (granted.work, parent);
        return Err(Refusal::LicenceOfOther { licence, work, needed }.into());
    }
    if let Some(licensee) = granted.licensee.filter(|licensee| !creators.contains(licensee)) {
        let licensee = context.handle(licensee)?;
        return Err(Refusal::LicenceForOther { licence, licensee }.into());
    }
    context.check_after(work.effective_at, licence, granted.effective_at)?;
    let effective_at = work.effective_at;
    if let Some(until) = granted.valid_until.filter(|until| *until <= effective_at) {
        return Err(Refusal::LicenceEnded { licence, until, effective_at }.into());
    }
    let row = DerivationRow { entry, parent, licence: Some(licence), contract, kind };
    let (rate, passing) = (granted.rate, granted.passing);
    Ok((row, Derived { child: entry, parent, rate, passing }))
}

/// The licences of the work, and those of all works that it derives from.
fn with_ancestors<V: View>(
    context: &Context<V>,
    mut licences: Vec<Derived>,
) -> Ruling<Vec<Derived>, V> {
    let mut seen: BTreeSet<EntryNumber> = licences.iter().map(|licence| licence.parent).collect();
    let mut waiting: Vec<EntryNumber> = seen.iter().copied().collect();
    while let Some(work) = waiting.pop() {
        for licence in context.ask(context.view.derived(work))? {
            if seen.insert(licence.parent) {
                waiting.push(licence.parent);
            }
            licences.push(licence);
        }
        let found = seen.len();
        if found > MAX_ANCESTORS {
            return Err(Refusal::TooManyAncestors { found, max: MAX_ANCESTORS }.into());
        }
    }
    Ok(licences)
}

fn refusal<V: View>(error: RoyaltyError) -> AdmitError<V::Error> {
    match error {
        RoyaltyError::DerivationShares { work, found } => {
            Refusal::DerivationShares { work, found }.into()
        }
        other => Refusal::Derivation { error: Box::new(other) }.into(),
    }
}
