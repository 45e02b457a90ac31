//! Along which licences a payment for a work flows: from the work that is paid for to every ancestor with
//! an absolute share, and from each work to its direct parents, who pass on from what they receive.

use super::derivative::{Exact, exact};
use super::{Derived, RoyaltyError};
use crate::money::{Amount, Fraction, SplitRule, allocate};
use crate::record::{EntryNumber, Passing};
use std::collections::{BTreeMap, BTreeSet};

/// What the holders of one work owe those of another, of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The work that bears it: the one that is paid for, or one that passes on what it received.
    pub from: EntryNumber,
    /// The work that receives it.
    pub to: EntryNumber,
    /// How much, of which that may have to pass on a part.
    pub amount: Amount,
    /// How it came about: `5% x 100.00`, of the payment, or of what the bearer receives.
    pub working: String,
}

/// What flows of a payment for a work, licence by licence.
///
/// The payment is divided once, among all works by what they keep
/// ([`derivative_split`](super::derivative_split)); a work receives what it keeps and what it passes
/// on, so that not a minor unit is lost on the way. Where several licences bring something to one work,
/// it is divided among them by their exact shares.
///
/// # Errors
/// As [`derivative_split`](super::derivative_split).
///
/// ```
/// use deedbook::money::{Amount, SplitRule};
/// use deedbook::record::{EntryNumber, Passing};
/// use deedbook::royalty::{Derived, derivative_flows};
///
/// let [a, b, c] = [1, 2, 3].map(EntryNumber::new);
/// let passing = Passing::DirectParents;
/// let licences = [
///     Derived { child: b, parent: a, rate: "5%".parse().unwrap(), passing },
///     Derived { child: c, parent: b, rate: "10%".parse().unwrap(), passing },
/// ];
/// let payment = Amount::parse_with_currency("100.00 CNY").unwrap();
/// let flows = derivative_flows(payment, c, &licences, SplitRule::default()).unwrap();
/// let told: Vec<_> = flows.iter().map(|it| (it.from, it.to, it.amount.to_decimal())).collect();
/// assert_eq!(told, [(c, b, "10.00".to_owned()), (b, a, "0.50".to_owned())]);
/// ```
pub fn derivative_flows(
    payment: Amount,
    work: EntryNumber,
    licences: &[Derived],
    rule: SplitRule,
) -> Result<Vec<Flow>, RoyaltyError> {
    let shares = exact(work, licences)?;
    let ancestors = shares.kept.keys().copied().filter(|other| *other != work);
    let works: Vec<EntryNumber> = std::iter::once(work).chain(ancestors).collect();
    let kept = |work: &EntryNumber| shares.kept.get(work).copied().unwrap_or(Fraction::ZERO);
    let exact: Vec<Fraction> = works.iter().map(kept).collect();
    let amounts = allocate(payment, &exact, rule)?;
    // What each work has: what it keeps, and what it passes on.
    let mut has: BTreeMap<EntryNumber, Amount> = works.into_iter().zip(amounts).collect();
    let mut flows = Vec::new();
    let mut into = into_each(work, &shares)?;
    for to in shares.order.iter().rev().filter(|to| **to != work) {
        let ways = into.remove(to).unwrap_or_default();
        let zero = Amount::zero(payment.currency());
        let received = has.get(to).copied().unwrap_or(zero);
        let weights: Vec<Fraction> = ways.iter().map(|way| way.share).collect();
        if weights.iter().all(|weight| weight.is_zero()) {
            continue;
        }
        for (way, amount) in ways.into_iter().zip(allocate(received, &weights, rule)?) {
            if way.from != work {
                let sum = has.entry(way.from).or_insert(zero);
                *sum = sum.checked_add(amount)?;
            }
            flows.push((way, *to, amount));
        }
    }
    has.insert(work, payment);
    flows.reverse();
    let flow = |(way, to, amount): (Way<'_>, EntryNumber, Amount)| {
        let whole = has.get(&way.from).copied().unwrap_or(payment);
        let number = super::Figure::from(whole).number();
        let rate = way.licence.rate;
        let working = format!("{rate} x {number}");
        Flow { from: way.from, to, amount, working }
    };
    Ok(flows.into_iter().filter(|(way, ..)| !way.share.is_zero()).map(flow).collect())
}

/// The ancestors of a work that receive something of each payment for it, to keep or to pass on.
///
/// # Errors
/// As [`derivative_split`](super::derivative_split).
pub fn receiving(
    work: EntryNumber,
    licences: &[Derived],
) -> Result<BTreeSet<EntryNumber>, RoyaltyError> {
    let received = exact(work, licences)?.received;
    let some = received.into_iter().filter(|(other, share)| *other != work && !share.is_zero());
    Ok(some.map(|(other, _)| other).collect())
}

/// A licence with the work that bears what it takes, and the exact share of the payment.
struct Way<'a> {
    from: EntryNumber,
    share: Fraction,
    licence: &'a Derived,
}

/// The licences that bring something to each work.
fn into_each<'a>(
    work: EntryNumber,
    shares: &Exact<'a>,
) -> Result<BTreeMap<EntryNumber, Vec<Way<'a>>>, RoyaltyError> {
    let mut into: BTreeMap<EntryNumber, Vec<Way<'a>>> = BTreeMap::new();
    for child in &shares.order {
        let has = shares.received.get(child).copied().unwrap_or(Fraction::ZERO);
        for licence in shares.parents.get(child).into_iter().flatten() {
            let rate = licence.rate.as_fraction();
            let (from, share) = match licence.passing {
                Passing::EveryAncestor => (work, rate),
                Passing::DirectParents => (*child, has.checked_mul(rate)?),
            };
            into.entry(licence.parent).or_default().push(Way { from, share, licence });
        }
    }
    Ok(into)
}
