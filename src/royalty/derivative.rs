//! What works owe the works that they derive from.

use super::RoyaltyError;
use crate::money::{Amount, Fraction, Rate, SplitRule, allocate};
use crate::record::{EntryNumber, MAX_PARENTS, Passing};
use std::collections::{BTreeMap, BTreeSet};

/// Most works that one work may derive from, directly or not: a payment is divided among all of
/// them, and a person has to be able to follow it.
pub const MAX_ANCESTORS: usize = 1000;
/// A licence under which one work was made from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The derived work.
    pub child: EntryNumber,
    /// The work it derives from.
    pub parent: EntryNumber,
    /// What the licence takes.
    pub rate: Rate,
    /// Of which payments: under [`Passing::EveryAncestor`] the parent takes an absolute share of the
    /// payment, once for each such licence of it among the work and its ancestors, and the work
    /// that is paid for bears it; under [`Passing::DirectParents`] the child bears it, from what it
    /// receives.
    pub passing: Passing,
}

impl Derived {
    /// A work that was made from another without a licence that the register knows: nothing is
    /// taken, and what lies behind the other is owed as under the licences of that.
    pub const fn unlicensed(child: EntryNumber, parent: EntryNumber) -> Self {
        Self { child, parent, rate: Rate::ZERO, passing: Passing::DirectParents }
    }
}

/// What one work gets of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkPart {
    /// The work.
    pub work: EntryNumber,
    /// What it keeps.
    pub amount: Amount,
    /// That, as an exact part of the payment.
    pub share: Fraction,
    /// How it came about: `5% of the payment`, `10% of 100.00 less 0.50 passed on`.
    pub working: String,
}

/// Divides a payment for a work among the work and those that it derives from.
///
/// Exact shares are found first and sum to exactly 1; the payment is then divided once, by the
/// split rule. The work comes first, its ancestors in the order of their numbers.
///
/// # Errors
/// [`RoyaltyError::DerivationCycle`], [`RoyaltyError::DerivationShares`] where shares exceed the
/// whole, [`RoyaltyError::DerivationTwice`], [`RoyaltyError::DerivationTooLarge`] beyond
/// [`MAX_ANCESTORS`] and [`MAX_PARENTS`]; figures out of range.
///
/// ```
/// use deedbook::money::{Amount, SplitRule};
/// use deedbook::record::{EntryNumber, Passing};
/// use deedbook::royalty::{Derived, derivative_split};
///
/// let [a, b, c] = [1, 2, 3].map(EntryNumber::new);
/// let licences = [
///     Derived { child: b, parent: a, rate: "5%".parse().unwrap(), passing: Passing::DirectParents },
///     Derived { child: c, parent: b, rate: "10%".parse().unwrap(), passing: Passing::DirectParents },
/// ];
/// let payment = Amount::parse_with_currency("100.00 CNY").unwrap();
/// let rule = SplitRule::default();
/// let parts = derivative_split(payment, c, &licences, rule).unwrap();
/// let kept: Vec<String> = parts.iter().map(|part| part.amount.to_decimal()).collect();
/// assert_eq!(kept, ["90.00", "0.50", "9.50"]);
/// ```
pub fn derivative_split(
    payment: Amount,
    work: EntryNumber,
    licences: &[Derived],
    rule: SplitRule,
) -> Result<Vec<WorkPart>, RoyaltyError> {
    let shares = derivative_shares(work, licences)?;
    let exact: Vec<Fraction> = shares.iter().map(|part| part.share).collect();
    let amounts = allocate(payment, &exact, rule)?;
    let part = |(share, amount): (WorkShare, Amount)| WorkPart {
        work: share.work,
        amount,
        share: share.share,
        working: share.working,
    };
    Ok(shares.into_iter().zip(amounts).map(part).collect())
}

/// The exact part of each payment for a work that falls to a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkShare {
    /// The work.
    pub work: EntryNumber,
    /// What it keeps of the whole; zero or more.
    pub share: Fraction,
    /// How it came about.
    pub working: String,
}

/// The shares of a work and of those that it derives from in each payment for it: they sum to
/// exactly 1. The work comes first, its ancestors in the order of their numbers.
///
/// # Errors
/// As [`derivative_split`].
pub fn derivative_shares(
    work: EntryNumber,
    licences: &[Derived],
) -> Result<Vec<WorkShare>, RoyaltyError> {
    let Exact { received, kept, taken, .. } = exact(work, licences)?;
    let ancestors = kept.keys().copied().filter(|other| *other != work);
    let works: Vec<EntryNumber> = std::iter::once(work).chain(ancestors).collect();
    let share = |other: EntryNumber| {
        let of = |map: &BTreeMap<_, Fraction>| map.get(&other).copied().unwrap_or(Fraction::ZERO);
        let (has, share) = (of(&received), of(&kept));
        let working = if other == work {
            format!("all less {} to the works that it derives from", percent(taken)?)
        } else if has == share {
            format!("{} of the payment", percent(share)?)
        } else {
            let passed_on = percent(has.checked_sub(share)?)?;
            format!("{} of the payment received, {passed_on} of it passed on", percent(has)?)
        };
        Ok(WorkShare { work: other, share, working })
    };
    works.into_iter().map(share).collect()
}

/// The exact shares of a work and its ancestors in each payment for it.
pub(super) struct Exact<'a> {
    /// Each work before those that it derives from.
    pub(super) order: Vec<EntryNumber>,
    /// What each receives, before it passes anything on.
    pub(super) received: BTreeMap<EntryNumber, Fraction>,
    /// What each keeps.
    pub(super) kept: BTreeMap<EntryNumber, Fraction>,
    /// What the work that is paid for owes of it.
    taken: Fraction,
    /// The licences of each work.
    pub(super) parents: Parents<'a>,
}

pub(super) fn exact(work: EntryNumber, licences: &[Derived]) -> Result<Exact<'_>, RoyaltyError> {
    let parents = parents_by_child(licences)?;
    let order = from_the_work_up(work, &parents)?;
    let mut received: BTreeMap<EntryNumber, Fraction> = BTreeMap::new();
    let mut kept: BTreeMap<EntryNumber, Fraction> = BTreeMap::new();
    received.insert(work, Fraction::ONE);
    let (mut absolute, mut taken) = (Fraction::ZERO, Fraction::ZERO);
    for child in &order {
        let has = received.get(child).copied().unwrap_or(Fraction::ZERO);
        let mut passed = Fraction::ZERO;
        for licence in parents.get(child).into_iter().flatten() {
            let rate = licence.rate.as_fraction();
            let (share, bearer) = match licence.passing {
                Passing::EveryAncestor => (rate, &mut absolute),
                Passing::DirectParents => (has.checked_mul(rate)?, &mut passed),
            };
            *bearer = bearer.checked_add(share)?;
            let sum = received.entry(licence.parent).or_insert(Fraction::ZERO);
            *sum = sum.checked_add(share)?;
        }
        if *child == work {
            taken = passed;
        }
        kept.insert(*child, has.checked_sub(passed)?);
    }
    let taken = taken.checked_add(absolute)?;
    if taken > Fraction::ONE {
        return Err(RoyaltyError::DerivationShares { work, found: taken });
    }
    kept.insert(work, Fraction::ONE.checked_sub(taken)?);
    Ok(Exact { order, received, kept, taken, parents })
}

/// As a percentage where that is exact, else as a fraction.
fn percent(share: Fraction) -> Result<Rate, RoyaltyError> {
    Ok(Rate::new(share)?)
}

pub(super) type Parents<'a> = BTreeMap<EntryNumber, Vec<&'a Derived>>;

fn parents_by_child(licences: &[Derived]) -> Result<Parents<'_>, RoyaltyError> {
    let mut parents: Parents<'_> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for licence in licences {
        let (child, parent) = (licence.child, licence.parent);
        if !seen.insert((child, parent)) {
            return Err(RoyaltyError::DerivationTwice { child, parent });
        }
        parents.entry(child).or_default().push(licence);
    }
    for (child, list) in &mut parents {
        list.sort_by_key(|licence| licence.parent);
        if list.len() > MAX_PARENTS {
            let what = "works that one work derives from";
            let (found, max) = (list.len(), MAX_PARENTS);
            return Err(RoyaltyError::DerivationTooLarge { what, found, max });
        }
        let mut sum = Fraction::ZERO;
        for licence in list {
            sum = sum.checked_add(licence.rate.as_fraction())?;
        }
        if sum > Fraction::ONE {
            return Err(RoyaltyError::DerivationShares { work: *child, found: sum });
        }
    }
    Ok(parents)
}

/// The work and its ancestors, each before those that it derives from.
fn from_the_work_up(
    work: EntryNumber,
    parents: &Parents<'_>,
) -> Result<Vec<EntryNumber>, RoyaltyError> {
    let none = Vec::new();
    let of = |child: &EntryNumber| parents.get(child).unwrap_or(&none);
    // How many licences lead to each work, among the work and its ancestors.
    let mut leading: BTreeMap<EntryNumber, usize> = BTreeMap::from([(work, 0)]);
    let mut waiting = vec![work];
    while let Some(child) = waiting.pop() {
        for licence in of(&child) {
            let count = leading.entry(licence.parent).or_insert_with(|| {
                waiting.push(licence.parent);
                0
            });
            *count += 1;
        }
        let found = leading.len() - 1;
        if found > MAX_ANCESTORS {
            let what = "works that a work derives from, directly or not";
            return Err(RoyaltyError::DerivationTooLarge { what, found, max: MAX_ANCESTORS });
        }
    }
    let mut order = Vec::with_capacity(leading.len());
    let mut ready = if leading.get(&work) == Some(&0) { vec![work] } else { Vec::new() };
    while let Some(child) = ready.pop() {
        order.push(child);
        for licence in of(&child) {
            if let Some(count) = leading.get_mut(&licence.parent) {
                *count -= 1;
                if *count == 0 {
                    ready.push(licence.parent);
                }
            }
        }
    }
    match leading.iter().find(|(_, count)| **count > 0) {
        Some((circular, _)) => Err(RoyaltyError::DerivationCycle { work: *circular }),
        None => Ok(order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licences(list: &[(u64, u64, &str)], passing: Passing) -> Vec<Derived> {
        let work = EntryNumber::new;
        let of = |(child, parent, rate): &(u64, u64, &str)| Derived {
            child: work(*child),
            parent: work(*parent),
            rate: rate.parse().unwrap(),
            passing,
        };
        list.iter().map(of).collect()
    }

    fn split(
        minor: i128,
        work: u64,
        list: &[(u64, u64, &str)],
        passing: Passing,
    ) -> Result<Vec<(u64, i128)>, RoyaltyError> {
        let payment = Amount::new(minor, "CNY".parse().unwrap()).unwrap();
        let work = EntryNumber::new(work);
        let rule = SplitRule::default();
        let parts = derivative_split(payment, work, &licences(list, passing), rule)?;
        assert_eq!(parts.iter().map(|part| part.amount.minor()).sum::<i128>(), minor);
        Ok(parts.iter().map(|part| (part.work.get(), part.amount.minor())).collect())
    }

    use Passing::{DirectParents, EveryAncestor};

    /// Source: Story Protocol documentation. A's work is used by B at 5%, B's by C at 10%; C
    /// receives 100.
    #[test]
    fn chain_of_three_as_in_the_story_protocol_documentation() {
        let chain = [(2, 1, "5%"), (3, 2, "10%")];
        assert_eq!(
            split(10_000, 3, &chain, EveryAncestor),
            Ok(vec![(3, 8500), (1, 500), (2, 1000)])
        );
        assert_eq!(split(10_000, 3, &chain, DirectParents), Ok(vec![(3, 9000), (1, 50), (2, 950)]));
        assert_eq!(split(10_000, 2, &chain, EveryAncestor), Ok(vec![(2, 9500), (1, 500)]));
        assert_eq!(split(10_000, 1, &chain, DirectParents), Ok(vec![(1, 10_000)]));
    }

    /// By hand: 4 derives from 2 and 3 at 10%, each of them from 1 at 20%. Absolute: 1 takes 20%
    /// for each licence. Passed on: 1 takes 2% of each.
    #[test]
    fn an_ancestor_on_two_ways() {
        let diamond = [(4, 2, "10%"), (4, 3, "10%"), (2, 1, "20%"), (3, 1, "20%")];
        let absolute = vec![(4, 4000), (1, 4000), (2, 1000), (3, 1000)];
        assert_eq!(split(10_000, 4, &diamond, EveryAncestor), Ok(absolute));
        let passed = vec![(4, 8000), (1, 400), (2, 800), (3, 800)];
        assert_eq!(split(10_000, 4, &diamond, DirectParents), Ok(passed));
    }

    /// By hand: 3 pays 10% of what it receives to 2, and 2 gave 1 an absolute 5%: of 100.00 for 3,
    /// 5.00 are 1's, borne by 3, and 10.00 are 2's.
    #[test]
    fn each_licence_passes_by_its_own_rule() {
        let mut both = licences(&[(2, 1, "5%")], EveryAncestor);
        both.extend(licences(&[(3, 2, "10%")], DirectParents));
        let payment = Amount::parse_with_currency("100.00 CNY").unwrap();
        let work = EntryNumber::new(3);
        let parts = derivative_split(payment, work, &both, SplitRule::default()).unwrap();
        let parts: Vec<_> = parts.iter().map(|it| (it.work.get(), it.amount.minor())).collect();
        assert_eq!(parts, [(3, 8500), (1, 500), (2, 1000)]);
        both.extend(licences(&[(3, 4, "86%")], DirectParents));
        let found = derivative_shares(work, &both).map(|_| ());
        let refused = RoyaltyError::DerivationShares { work, found: "101/100".parse().unwrap() };
        assert_eq!(found, Err(refused));
    }

    #[test]
    fn cents_that_are_left_over_go_by_the_rule() {
        let chain = [(2, 1, "1/3"), (3, 2, "1/3")];
        assert_eq!(split(10, 3, &chain, DirectParents), Ok(vec![(3, 7), (1, 1), (2, 2)]));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let work = EntryNumber::new;
        for passing in [EveryAncestor, DirectParents] {
            let cycle = [(3, 2, "1%"), (2, 1, "1%"), (1, 2, "1%")];
            let refused = RoyaltyError::DerivationCycle { work: work(1) };
            assert!(
                matches!(split(1, 3, &cycle, passing), Err(RoyaltyError::DerivationCycle { .. })),
                "{refused}"
            );
            assert_eq!(
                split(1, 3, &[(3, 3, "1%")], passing),
                Err(RoyaltyError::DerivationCycle { work: work(3) })
            );
            assert_eq!(
                split(1, 3, &[(3, 2, "1%"), (3, 2, "2%")], passing),
                Err(RoyaltyError::DerivationTwice { child: work(3), parent: work(2) })
            );
            assert_eq!(
                split(1, 3, &[(3, 2, "60%"), (3, 1, "41%")], passing),
                Err(RoyaltyError::DerivationShares {
                    work: work(3),
                    found: "101/100".parse().unwrap()
                })
            );
        }
        let deep = [(3, 2, "60%"), (2, 1, "50%")];
        assert_eq!(
            split(1, 3, &deep, EveryAncestor),
            Err(RoyaltyError::DerivationShares { work: work(3), found: "11/10".parse().unwrap() })
        );
        assert_eq!(split(10, 3, &deep, DirectParents), Ok(vec![(3, 4), (1, 3), (2, 3)]));
        let wide: Vec<_> = (1..18).map(|parent| (99, parent, "1%")).collect();
        assert!(matches!(
            split(1, 99, &wide, DirectParents),
            Err(RoyaltyError::DerivationTooLarge { found: 17, max: MAX_PARENTS, .. })
        ));
        let long: Vec<_> = (0..1001).map(|work| (work + 1, work, "0%")).collect();
        assert!(matches!(
            split(1, 1001, &long, DirectParents),
            Err(RoyaltyError::DerivationTooLarge { found: 1001, .. })
        ));
        assert!(split(1, 1000, &long, DirectParents).is_ok());
    }
}
