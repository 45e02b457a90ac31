//! What came in for one work, and who gets which part of it: the holders of the works that it derives
//! from, the payee of the terms, and its own holders the rest.

use super::{
    Charge, Dated, Derivation, Derived, Figure, HolderPart, Holders, RoyaltyError, Sources,
    derivative_split, split_remainder,
};
use crate::money::{Amount, Currency, Fraction, Rounding, SplitRule, allocate};
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
    /// What falls to the holders of ancestors, by ancestor and holder.
    pub licensed: Vec<Licensed>,
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
/// once: first among the works of the graph by their exact shares in revenue less refunds, then
/// what falls to each ancestor among its holders, by their shares on that day. What remains after
/// expenses and charges is split among the holders of the work as [`split_remainder`] does.
///
/// # Errors
/// What [`derivative_split`] and [`split_remainder`] refuse; [`RoyaltyError::NoHolder`] for an
/// ancestor without holders.
pub fn proceeds(facts: &WorkFacts<'_>) -> Result<Proceeds, RoyaltyError> {
    let zero = Amount::zero(facts.currency);
    let (mut received, mut expenses) = (zero, zero);
    let mut licensed: BTreeMap<(EntryNumber, EntryNumber), Amount> = BTreeMap::new();
    let mut money = Vec::new();
    let mut steps = Vec::new();
    for stretch in stretches(facts)? {
        let came = fixed(facts, stretch.received)?;
        let spent = fixed(facts, stretch.expenses)?;
        let mut rest = came.checked_sub(spent)?;
        let (parts, step) = of_ancestors(facts, came, stretch)?;
        for part in parts {
            rest = rest.checked_sub(part.amount)?;
            let sum = licensed.entry((part.work, part.holder)).or_insert(zero);
            *sum = sum.checked_add(part.amount)?;
        }
        money.push(Dated { on: step.1, amount: rest });
        steps.push(step.0);
        received = received.checked_add(came)?;
        expenses = expenses.checked_add(spent)?;
    }
    let none = Vec::new();
    let holders = facts.holders.get(&facts.work).unwrap_or(&none);
    let parts = split_remainder(&money, facts.charges, holders, facts.currency, facts.split)?;
    let earned =
        facts.charges.iter().try_fold(zero, |sum, charge| sum.checked_add(charge.amount))?;
    let licensed: Vec<Licensed> = licensed
        .into_iter()
        .map(|((work, holder), amount)| Licensed { work, holder, amount })
        .collect();
    let sums = Sums { received, expenses, earned };
    let derivation = derivation(&sums, steps, &licensed, &parts, zero)?;
    Ok(Proceeds { received, expenses, licensed, earned, parts, derivation })
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

type Parts = Vec<Licensed>;

/// What of a payment falls to the holders of ancestors, and the step that says so.
fn of_ancestors(
    facts: &WorkFacts<'_>,
    came: Amount,
    stretch: Stretch,
) -> Result<(Parts, (Derivation, Timestamp)), RoyaltyError> {
    let on = stretch.first_on;
    let mut parts = Vec::new();
    let mut steps = Vec::new();
    let shares = derivative_split(came, facts.work, facts.licences, facts.split)?;
    for part in shares.into_iter().skip(1).filter(|part| !part.share.is_zero()) {
        let holders = held(facts, part.work, on)?;
        let weights: Vec<_> = holders.iter().map(|(_, share)| share.as_fraction()).collect();
        let amounts = allocate(part.amount, &weights, facts.split)?;
        let working: Vec<String> =
            holders.iter().map(|(holder, share)| format!("{share} to party {holder}")).collect();
        let label = format!("work {}", part.work);
        let rule = format!("{}, {}", part.working, working.join(", "));
        steps.push(Derivation::new(label, part.amount, rule));
        for ((holder, _), amount) in holders.iter().zip(amounts) {
            parts.push(Licensed { work: part.work, holder: *holder, amount });
        }
    }
    let label = format!("payments from {}", on.date());
    let rule = "revenue less refunds of one period and unchanged titles";
    let step = Derivation::new(label, came, rule).sources(stretch.sources).children(steps);
    Ok((parts, (step, on)))
}

type Held<'a> = &'a [(EntryNumber, crate::money::Share)];

fn held<'a>(
    facts: &'a WorkFacts<'_>,
    work: EntryNumber,
    on: Timestamp,
) -> Result<Held<'a>, RoyaltyError> {
    let holders = facts.holders.get(&work).into_iter().flatten();
    let last = holders.filter(|holders| holders.from <= on).max_by_key(|holders| holders.from);
    last.map(|holders| holders.shares.as_slice()).ok_or(RoyaltyError::NoHolder { on })
}

struct Sums {
    received: Amount,
    expenses: Amount,
    earned: Amount,
}

fn derivation(
    sums: &Sums,
    steps: Vec<Derivation>,
    licensed: &[Licensed],
    parts: &[HolderPart],
    zero: Amount,
) -> Result<Derivation, RoyaltyError> {
    let to_ancestors =
        licensed.iter().try_fold(zero, |sum, licensed| sum.checked_add(licensed.amount))?;
    let remainder = parts.iter().try_fold(zero, |sum, part| sum.checked_add(part.remainder))?;
    let number = |amount: Amount| Figure::from(amount).number();
    let working = format!(
        "{} - {} - {} - {}",
        number(sums.received),
        number(sums.expenses),
        number(to_ancestors),
        number(sums.earned)
    );
    let given = |label: &str, amount: Amount, rule: &str| Derivation::new(label, amount, rule);
    let mut children = vec![
        given("received", sums.received, "revenue less refunds").children(steps),
        given("expenses", sums.expenses, "expenses that were reported"),
        given("licensed", to_ancestors, "owed to the holders of works that it derives from"),
        given("earned", sums.earned, "what the payee of the terms earned of it"),
    ];
    children.extend(parts.iter().map(|part| {
        let label = format!("party {}", part.holder);
        let working = format!("{} - {}", number(part.money), number(part.charges));
        let rule = "its share of the title on the day, less its part of what was earned";
        Derivation::new(label, part.remainder, rule).working(working)
    }));
    let rule = "received less expenses, less what is licensed and earned";
    Ok(Derivation::new("remainder", remainder, rule).working(working).children(children))
}
