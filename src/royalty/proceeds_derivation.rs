//! How the division of what came in for a work came about, so that it can be done again with a pencil:
//! what was left of each sum, what of it was earned by the payee of the terms, and each holder's share.

use super::{
    Charge, Derivation, Figure, HeldPart, HeldStretch, HolderPart, Licensed, Remainder,
    RoyaltyError, WorkFacts,
};
use crate::money::{Amount, Share};
use crate::record::Timestamp;

/// The sums over everything that came in.
pub(super) struct Sums {
    pub(super) received: Amount,
    pub(super) expenses: Amount,
    pub(super) earned: Amount,
}

/// What came in during one period and unchanged titles, and what was left of it.
pub(super) struct Came {
    /// The day of the first line.
    pub(super) on: Timestamp,
    pub(super) received: Amount,
    pub(super) expenses: Amount,
    pub(super) licensed: Amount,
    pub(super) rest: Amount,
}

fn number(amount: Amount) -> String {
    Figure::from(amount).number()
}

/// The whole tree: what came in and went out, what was left while titles were unchanged and how it was
/// divided, and what that comes to for each holder.
pub(super) fn derivation(
    facts: &WorkFacts<'_>,
    sums: &Sums,
    (steps, came_in): (Vec<Derivation>, Vec<Came>),
    licensed: &[Licensed],
    found: &Remainder,
) -> Result<Derivation, RoyaltyError> {
    let zero = Amount::zero(facts.currency);
    let to_ancestors = licensed.iter().try_fold(zero, |sum, part| sum.checked_add(part.amount))?;
    let remainder =
        found.parts.iter().try_fold(zero, |sum, part| sum.checked_add(part.remainder))?;
    let taken = [sums.received, sums.expenses, to_ancestors, sums.earned].map(number);
    let mut children = vec![
        Derivation::new("received", sums.received, "revenue less refunds").children(steps),
        Derivation::new("expenses", sums.expenses, "expenses that were reported"),
        Derivation::new(
            "licensed",
            to_ancestors,
            "owed to the holders of works that it derives from",
        ),
        Derivation::new("earned", sums.earned, "what the payee of the terms earned of it")
            .children(facts.charges.iter().map(|charge| charged(facts, charge)).collect()),
    ];
    for stretch in &found.stretches {
        children.push(held(facts, stretch, &came_in)?);
    }
    for part in &found.parts {
        children.push(holder(facts, part, found)?);
    }
    let rule = "received less expenses, less what is licensed and earned";
    let tree = Derivation::new("remainder", remainder, rule).working(taken.join(" - "));
    Ok(tree.children(children))
}

/// What the payee of the terms earned of the work in one period.
fn charged(facts: &WorkFacts<'_>, charge: &Charge) -> Derivation {
    let label = format!("in the period from {}", charge.from.date());
    let Some(of) = charge.of else {
        return Derivation::new(label, charge.amount, "all that was earned in the period");
    };
    let exact = |minor| Figure::exact(minor, facts.currency).number();
    let rule = "what was earned in the period, by revenue less refunds of this work and of all";
    let working = format!("{} x {}/{}", number(of.whole), exact(of.came_in), exact(of.all));
    Derivation::new(label, charge.amount, rule).working(working)
}

/// What was left while the title was unchanged, and how it was divided.
fn held(
    facts: &WorkFacts<'_>,
    stretch: &HeldStretch,
    came_in: &[Came],
) -> Result<Derivation, RoyaltyError> {
    let mut children = Vec::new();
    for came in stretch.dated.iter().filter_map(|place| came_in.get(*place)) {
        let rule = "received less expenses, less what is licensed of it";
        let label = format!("payments from {}", came.on.date());
        let working = [came.received, came.expenses, came.licensed].map(number).join(" - ");
        children.push(Derivation::new(label, came.rest, rule).working(working));
    }
    for borne in &stretch.borne {
        let label = format!("earned of it in the period from {}", borne.charge.from.date());
        let node = match borne.came_in {
            Some((part, all)) => {
                let rule =
                    "what the payee of the terms earned in the period, by what was left of it";
                let working =
                    format!("{} x {}/{}", number(borne.charge.amount), number(part), number(all));
                Derivation::new(label, borne.amount, rule).working(working)
            }
            None => {
                let rule =
                    "nothing was left in the period, so its last holders bear what was earned";
                Derivation::new(label, borne.amount, rule)
            }
        };
        children.push(node);
    }
    let (money, charges) = (number(stretch.money), number(stretch.charges));
    for part in &stretch.parts {
        let HeldPart { share, .. } = part;
        let working = match *share == Share::WHOLE {
            true => format!("{money} - {charges}"),
            false => format!("{share} x {money} - {share} x {charges}"),
        };
        let amount = part.money.checked_sub(part.charges)?;
        let (own, borne) = (number(part.money), number(part.charges));
        let rule = match *share == Share::WHOLE {
            true => "it holds the whole title".to_owned(),
            false => {
                format!("its share of the title: {own} - {borne}, divided by {}", facts.split)
            }
        };
        let name = facts.called.name(part.holder);
        children.push(Derivation::new(name, amount, rule).working(working));
    }
    let came = stretch.dated.iter().filter_map(|place| came_in.get(*place));
    let charged = stretch.borne.iter().map(|borne| borne.charge.from);
    let on = came.map(|came| came.on).min().or(charged.min());
    let label = match on {
        Some(on) => format!("left from {} on, while the title was unchanged", on.date()),
        None => "left while the title was unchanged".to_owned(),
    };
    let rule = "what was left of payments of that time, less what was earned of it";
    let left = stretch.money.checked_sub(stretch.charges)?;
    Ok(Derivation::new(label, left, rule)
        .working(format!("{money} - {charges}"))
        .children(children))
}

/// What one holder gets of all that was left.
fn holder(
    facts: &WorkFacts<'_>,
    part: &HolderPart,
    found: &Remainder,
) -> Result<Derivation, RoyaltyError> {
    let mut amounts = Vec::new();
    for held in found.stretches.iter().flat_map(|stretch| &stretch.parts) {
        if held.holder == part.holder {
            amounts.push(number(held.money.checked_sub(held.charges)?));
        }
    }
    let rule = "the sum of its shares above";
    let node = Derivation::new(facts.called.name(part.holder), part.remainder, rule);
    Ok(if amounts.len() < 2 { node } else { node.working(amounts.join(" + ")) })
}
