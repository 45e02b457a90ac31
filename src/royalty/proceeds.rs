//! What came in for one work, and who gets which part of it: the holders of the works that it derives
//! from, the payee of the terms, and its own holders the rest.

use super::proceeds_derivation::{Came, Sums, derivation};
use super::{
    Called, Charge, Dated, Derivation, Derived, Figure, HolderPart, Holders, RoyaltyError, Sources,
    derivative_flows, split_remainder,
};
use crate::money::{Amount, Currency, Fraction, Rounding, Share, SplitRule, allocate};
use crate::record::{EntryNumber, LineKind, Timestamp};
use std::collections::BTreeMap;

/// One event of a work, in the settlement currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The entry that reports it.
    pub entry: EntryNumber,
    /// When.
    pub on: Timestamp,
    /// The first moment of its settlement period.
    pub period: Timestamp,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// How much, in exact minor units; zero or more.
    pub minor: Fraction,
}

/// Everything that bears on the proceeds of one work.
#[derive(Clone, Copy, Debug)]
pub struct WorkFacts<'a> {
    /// The work.
    pub work: EntryNumber,
    /// Its revenue, expenses and refunds, in any order.
    pub received: &'a [Received],
    /// The licences of the work and of its ancestors.
    pub licences: &'a [Derived],
    /// Who holds the work and each of its ancestors, from when on; by work.
    pub holders: &'a BTreeMap<EntryNumber, Vec<Holders>>,
    /// What the payee of the terms earned of it in each period.
    pub charges: &'a [Charge],
    /// The settlement currency.
    pub currency: Currency,
    /// How sums are fixed to the minor unit.
    pub rounding: Rounding,
    /// How amounts are divided.
    pub split: SplitRule,
    /// What works and parties are called.
    pub called: &'a Called,
}

/// What a holder of a work passes on to one of a work that this derives from, of what it received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onward {
    /// The work whose holder received it.
    pub from: EntryNumber,
    /// Who passes it on.
    pub payer: EntryNumber,
    /// To whom, and of which work that is a holder.
    pub licensed: Licensed,
}

/// What a holder of an ancestor gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Licensed {
    /// The ancestor.
    pub work: EntryNumber,
    /// Who holds a share of it.
    pub holder: EntryNumber,
    /// How much.
    pub amount: Amount,
}

/// What came in for a work, and who gets it: received less expenses is, to the minor unit, what is
/// licensed, what the payee of the terms earned, and the remainders of the holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proceeds {
    /// Revenue less refunds.
    pub received: Amount,
    /// Expenses that were reported.
    pub expenses: Amount,
    /// What is owed of it to the holders of ancestors, by ancestor and holder; they may have to pass on a
    /// part.
    pub licensed: Vec<Licensed>,
    /// What these pass on, by work, payer, work and payee.
    pub onward: Vec<Onward>,
    /// What the payee of the terms earned of it.
    pub earned: Amount,
    /// What falls to each holder of the work.
    pub parts: Vec<HolderPart>,
    /// How it came about.
    pub derivation: Derivation,
}

/// What came in during one stretch of unchanged titles and one period.
struct Stretch {
    first_on: Timestamp,
    received: Fraction,
    expenses: Fraction,
    sources: Sources,
}

/// Divides what came in for a work.
///
/// Everything of one settlement period in which no title changed is summed, fixed once, and divided
/// once: first along the licences of the graph by their exact shares in revenue less refunds, then
/// what falls to each ancestor among its holders, by their shares on that day, and what is passed on
/// likewise. What remains after
/// expenses and charges is split among the holders of the work as [`split_remainder`] does.
///
/// # Errors
/// What [`derivative_flows`] and [`split_remainder`] refuse; [`RoyaltyError::NoHolder`] for an
/// ancestor without holders.
pub fn proceeds(facts: &WorkFacts<'_>) -> Result<Proceeds, RoyaltyError> {
    let zero = Amount::zero(facts.currency);
    let (mut received, mut expenses) = (zero, zero);
    let mut licensed: BTreeMap<(EntryNumber, EntryNumber), Amount> = BTreeMap::new();
    let mut onward: BTreeMap<Way, Amount> = BTreeMap::new();
    let mut money = Vec::new();
    let mut steps = Vec::new();
    let mut came_in = Vec::new();
    for stretch in stretches(facts)? {
        let came = fixed(facts, stretch.received)?;
        let spent = fixed(facts, stretch.expenses)?;
        let mut rest = came.checked_sub(spent)?;
        let (flows, step) = of_ancestors(facts, came, stretch)?;
        for part in flows.licensed {
            rest = rest.checked_sub(part.amount)?;
            let sum = licensed.entry((part.work, part.holder)).or_insert(zero);
            *sum = sum.checked_add(part.amount)?;
        }
        for Onward { from, payer, licensed } in flows.onward {
            let way = (from, payer, licensed.work, licensed.holder);
            let sum = onward.entry(way).or_insert(zero);
            *sum = sum.checked_add(licensed.amount)?;
        }
        money.push(Dated { on: step.1, amount: rest });
        let licensed = came.checked_sub(spent)?.checked_sub(rest)?;
        came_in.push(Came { on: step.1, received: came, expenses: spent, licensed, rest });
        steps.push(step.0);
        received = received.checked_add(came)?;
        expenses = expenses.checked_add(spent)?;
    }
    let none = Vec::new();
    let holders = facts.holders.get(&facts.work).unwrap_or(&none);
    let remainder = split_remainder(&money, facts.charges, holders, facts.currency, facts.split)?;
    let earned =
        facts.charges.iter().try_fold(zero, |sum, charge| sum.checked_add(charge.amount))?;
    let licensed: Vec<Licensed> = licensed
        .into_iter()
        .map(|((work, holder), amount)| Licensed { work, holder, amount })
        .collect();
    let onward = onward.into_iter().map(|((from, payer, work, holder), amount)| {
        let licensed = Licensed { work, holder, amount };
        Onward { from, payer, licensed }
    });
    let onward = onward.collect();
    let sums = Sums { received, expenses, earned };
    let derivation = derivation(facts, &sums, (steps, came_in), &licensed, &remainder)?;
    let parts = remainder.parts;
    Ok(Proceeds { received, expenses, licensed, onward, earned, parts, derivation })
}

fn fixed(facts: &WorkFacts<'_>, exact: Fraction) -> Result<Amount, RoyaltyError> {
    Ok(Amount::new(facts.rounding.round(exact), facts.currency)?)
}

/// The sums of periods, parted where a title changed; oldest first.
fn stretches(facts: &WorkFacts<'_>) -> Result<Vec<Stretch>, RoyaltyError> {
    let mut changes: Vec<Timestamp> =
        facts.holders.values().flatten().map(|holders| holders.from).collect();
    changes.sort_unstable();
    changes.dedup();
    let mut stretches: BTreeMap<(usize, Timestamp), Stretch> = BTreeMap::new();
    for event in facts.received {
        let place = changes.partition_point(|from| *from <= event.on);
        let stretch = stretches.entry((place, event.period)).or_insert_with(|| Stretch {
            first_on: event.on,
            received: Fraction::ZERO,
            expenses: Fraction::ZERO,
            sources: Sources::none(),
        });
        stretch.first_on = stretch.first_on.min(event.on);
        stretch.sources.add(event.entry);
        match event.kind {
            LineKind::Revenue => stretch.received = stretch.received.checked_add(event.minor)?,
            LineKind::Refund => stretch.received = stretch.received.checked_sub(event.minor)?,
            LineKind::Expense => stretch.expenses = stretch.expenses.checked_add(event.minor)?,
        }
    }
    Ok(stretches.into_values().collect())
}

/// The work, its holder, the work it derives from, the holder of that.
type Way = (EntryNumber, EntryNumber, EntryNumber, EntryNumber);

/// What of one payment goes to whom.
#[derive(Default)]
struct Flows {
    licensed: Vec<Licensed>,
    onward: Vec<Onward>,
}

/// What of a payment falls to the holders of ancestors, and the step that says so.
fn of_ancestors(
    facts: &WorkFacts<'_>,
    came: Amount,
    stretch: Stretch,
) -> Result<(Flows, (Derivation, Timestamp)), RoyaltyError> {
    let on = stretch.first_on;
    let mut flows = Flows::default();
    let mut steps = Vec::new();
    for flow in derivative_flows(came, facts.work, facts.licences, facts.split)? {
        let holders = held(facts, flow.to, on)?;
        let parts = among(holders, flow.amount, facts.split)?;
        let working = in_words(facts, holders, &parts);
        if flow.from == facts.work {
            let rule = format!("of the payment, under its licence; {working}");
            let step = Derivation::new(facts.called.name(flow.to), flow.amount, rule);
            steps.push(step.working(flow.working));
            let part = |(holder, amount): (EntryNumber, Amount)| Licensed {
                work: flow.to,
                holder,
                amount,
            };
            flows.licensed.extend(parts.into_iter().map(part));
            continue;
        }
        let (to, from) = (facts.called.name(flow.to), facts.called.name(flow.from));
        let label = format!("{to}, passed on by {from}");
        let rule = format!("of what {from} receives, under its licence; {working}");
        steps.push(Derivation::new(label, flow.amount, rule).working(flow.working));
        let payers = among(held(facts, flow.from, on)?, flow.amount, facts.split)?;
        for (payer, amount) in payers {
            for (holder, amount) in among(holders, amount, facts.split)? {
                let licensed = Licensed { work: flow.to, holder, amount };
                flows.onward.push(Onward { from: flow.from, payer, licensed });
            }
        }
    }
    let label = format!("payments from {}", on.date());
    let rule = "revenue less refunds of one period and unchanged titles";
    let step = Derivation::new(label, came, rule).sources(stretch.sources).children(steps);
    Ok((flows, (step, on)))
}

/// An amount divided among holders by their shares.
fn among(
    holders: Held<'_>,
    amount: Amount,
    rule: SplitRule,
) -> Result<Vec<(EntryNumber, Amount)>, RoyaltyError> {
    let weights: Vec<_> = holders.iter().map(|(_, share)| share.as_fraction()).collect();
    let amounts = allocate(amount, &weights, rule)?;
    Ok(holders.iter().map(|(holder, _)| *holder).zip(amounts).collect())
}

/// `to mei`, or `1/3 to bo: 1.67, 2/3 to mei: 3.33`.
fn in_words(facts: &WorkFacts<'_>, holders: Held<'_>, parts: &[(EntryNumber, Amount)]) -> String {
    if let [(holder, _)] = holders {
        return format!("to {}", facts.called.name(*holder));
    }
    let part = |((holder, share), (_, amount)): (&(EntryNumber, Share), &(EntryNumber, Amount))| {
        let (name, number) = (facts.called.name(*holder), Figure::from(*amount).number());
        format!("{share} to {name}: {number}")
    };
    holders.iter().zip(parts).map(part).collect::<Vec<_>>().join(", ")
}

type Held<'a> = &'a [(EntryNumber, Share)];

fn held<'a>(
    facts: &'a WorkFacts<'_>,
    work: EntryNumber,
    on: Timestamp,
) -> Result<Held<'a>, RoyaltyError> {
    let holders = facts.holders.get(&work).into_iter().flatten();
    let last = holders.filter(|holders| holders.from <= on).max_by_key(|holders| holders.from);
    last.map(|holders| holders.shares.as_slice()).ok_or(RoyaltyError::NoHolder { on })
}
