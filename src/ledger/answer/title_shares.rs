//! Who holds which share of some rights in a work from when on, where one answer holds for all of
//! them. Never weighs one right against another.

use super::owner::chain;
use super::{AnswerError, Moments, Names};
use crate::money::{Fraction, Share};
use crate::record::{EntryNumber, Scope, Timestamp};
use crate::royalty::Holders;
use crate::title::{Holding, Title};
use std::collections::BTreeMap;

/// The holders of the rights in these scopes, stretch by stretch; what is dated before the work was
/// made is of those who held it first. Nothing where, at some moment, different rights are held
/// in different shares, so that no title share could be named; or the work is not known.
///
/// # Errors
/// A ledger that cannot be read; shares out of range.
pub(super) fn title_shares(
    names: &Names<'_>,
    work: EntryNumber,
    scopes: &[Scope],
    moments: Moments,
) -> Result<Option<Vec<Holders>>, AnswerError> {
    let title = chain(names.reader(), &names.work(work)?, moments)?;
    title.map_or(Ok(None), |title| stretches(&title, scopes, moments.as_of))
}

fn stretches(
    title: &Title,
    scopes: &[Scope],
    as_of: Timestamp,
) -> Result<Option<Vec<Holders>>, AnswerError> {
    let mut moments: Vec<Timestamp> = title
        .holdings
        .iter()
        .flat_map(|holding| [Some(holding.period.from()), holding.period.until()])
        .flatten()
        .filter(|moment| *moment <= as_of)
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut stretches: Vec<Holders> = Vec::new();
    for moment in moments {
        let held: Vec<&Holding> = title.held_at(moment).collect();
        let Some(shares) = uniform(&held, scopes)? else {
            return Ok(None);
        };
        if stretches.last().is_some_and(|last| last.shares == shares) {
            continue;
        }
        let from = if stretches.is_empty() { Timestamp::MIN } else { moment };
        stretches.push(Holders { from, shares });
    }
    Ok(Some(stretches).filter(|stretches| !stretches.is_empty()))
}

type Shares = Vec<(EntryNumber, Share)>;

/// The shares in which every right in the scopes is held, by holder.
fn uniform(held: &[&Holding], scopes: &[Scope]) -> Result<Option<Shares>, AnswerError> {
    let mut cells: Vec<Scope> = scopes.to_vec();
    for holding in held {
        let parted = |cell: Scope| {
            let rest = cell.difference(holding.scope);
            cell.intersection(holding.scope).into_iter().chain(rest.into_iter().flatten())
        };
        cells = cells.into_iter().flat_map(parted).collect();
    }
    let mut found: Option<Shares> = None;
    for cell in cells {
        let mut shares: BTreeMap<EntryNumber, Fraction> = BTreeMap::new();
        for holding in held.iter().filter(|it| it.scope.intersection(cell).is_some()) {
            let sum = shares.entry(holding.holder).or_insert(Fraction::ZERO);
            *sum = sum.checked_add(holding.share.as_fraction())?;
        }
        let share = |(holder, share)| Ok((holder, Share::new(share)?));
        let shares: Shares = shares.into_iter().map(share).collect::<Result<_, AnswerError>>()?;
        if found.as_ref().is_some_and(|found| *found != shares) {
            return Ok(None);
        }
        found = Some(shares);
    }
    Ok(found.filter(|shares| !shares.is_empty()))
}
