//! What a statement does to the title of a work, and the rows that say so.

use crate::admission::admit::{AdmitError, Context, Ruling};
use crate::admission::{Effect, Refusal, TitleRow, View};
use crate::record::{EntryNumber, Handle, Timestamp};
use crate::title::{Fact, Holding, Title, TitleError, title};

/// The rows that a further fact makes, if it changes who holds what. A fact that would undo an
/// assignment that is already recorded is refused like one that exceeds a holding.
pub(super) fn rows_after<V: View>(
    context: &Context<V>,
    work: EntryNumber,
    known: &[Fact],
    fact: Fact,
) -> Ruling<Vec<Effect>, V> {
    let before = whole_chain(context, known)?;
    let mut facts = known.to_vec();
    facts.push(fact);
    let after = whole_chain(context, &facts)?;
    let holdings = |title: &Option<Title>| title.as_ref().map(|title| title.holdings.clone());
    if holdings(&before) == holdings(&after) {
        return Ok(Vec::new());
    }
    Ok(after.map_or_else(Vec::new, |title| rows(context, work, &title)))
}

/// The rows of a title, in its own order: what is held now and what is to come. What is over
/// stands in the rows of earlier entries; repeating it would make long chains grow as the square
/// of their length.
pub(super) fn rows<V: View>(context: &Context<V>, work: EntryNumber, title: &Title) -> Vec<Effect> {
    let (entry, now) = (context.number, context.registered_at);
    let is_over = |until: Timestamp| until <= now;
    let row = |(place, holding): (u32, &Holding)| {
        Effect::from(TitleRow {
            entry,
            place,
            work,
            holder: holding.holder,
            share: holding.share,
            rights: holding.scope.rights,
            territory: holding.scope.territory,
            valid_from: holding.period.from(),
            valid_until: holding.period.until(),
            status: holding.status,
            ground: holding.ground.kind,
            ground_entry: holding.ground.entry,
        })
    };
    let lasting = |holding: &&Holding| !holding.period.until().is_some_and(is_over);
    (0..).zip(title.holdings.iter().filter(lasting)).map(row).collect()
}

/// The title when everything known has taken effect.
pub(super) fn whole_chain<V: View>(
    context: &Context<V>,
    facts: &[Fact],
) -> Ruling<Option<Title>, V> {
    match title(facts, Timestamp::MAX, Timestamp::MAX) {
        Ok(title) => Ok(title),
        Err(error) => Err(refusal(context, error)?),
    }
}

/// Nobody can dispose of a share before these have signed the split.
pub(super) fn unsigned<V: View>(
    context: &Context<V>,
    unsigned: &[EntryNumber],
) -> Ruling<AdmitError<V::Error>, V> {
    let handles: Result<Vec<Handle>, _> =
        unsigned.iter().map(|party| context.handle(*party)).collect();
    let names: Vec<String> = handles?.iter().map(|handle| format!("`{handle}`")).collect();
    Ok(Refusal::SplitUnsigned { unsigned: names.join(", ") }.into())
}

fn refusal<V: View>(context: &Context<V>, error: TitleError) -> Ruling<AdmitError<V::Error>, V> {
    let refusal = match error {
        TitleError::NotHeld { assignor, wanted, held, scope, .. } => Refusal::NotHeld {
            party: context.handle(assignor)?,
            wanted: wanted.as_fraction(),
            held,
            scope: scope.to_string(),
        },
        TitleError::SplitUnsigned { unsigned: parties, .. } => return unsigned(context, &parties),
        other => Refusal::Title { error: other, party: context.signer()?.handle },
    };
    Ok(refusal.into())
}
