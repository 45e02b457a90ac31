//! What is deducted of a period's expenses: allowed categories, up to their caps.

use super::gross::{Converter, Gross};
use super::tally::Sum;
use super::{Derivation, Figure, RoyaltyError};
use crate::money::{Currency, Fraction};
use crate::record::{Category, Deduction, DeductionCap, Limit, Over};
use std::collections::BTreeMap;

/// What a segment deducts, exact.
pub(super) struct Deducted {
    /// Off the base, before the rate.
    pub(super) from_base: Fraction,
    /// Off the yield, after the rate: the payee's own share of expenses.
    pub(super) shared: Fraction,
    /// Category, what was spent, what is allowed of it.
    pub(super) categories: Vec<(Category, Fraction, Fraction)>,
}

/// What passes from period to period.
#[derive(Default)]
pub(super) struct DeductionCourse {
    caps: BTreeMap<Option<Category>, Capped>,
}

/// How far a cap is used, in a period and over the term.
#[derive(Clone, Copy)]
struct Capped {
    term: Used,
    period: Used,
}

/// What deductions are, before the cap on all of them is named.
pub(super) const EXPENSES_ALLOWED: &str = "expenses of the categories that the terms allow";

#[derive(Clone, Copy)]
struct Used {
    gross: Fraction,
    spent: Fraction,
    allowed: Fraction,
}

const UNUSED: Used = Used { gross: Fraction::ZERO, spent: Fraction::ZERO, allowed: Fraction::ZERO };

impl DeductionCourse {
    pub(super) fn begin_period(&mut self) {
        self.caps.values_mut().for_each(|capped| capped.period = UNUSED);
    }

    /// What is allowed of the next expenses: of all to date in the scope of the cap, at most the
    /// limit, less what was allowed before.
    fn allow(
        &mut self,
        key: Option<&Category>,
        cap: Option<DeductionCap>,
        gross: Fraction,
        spent: Fraction,
        currency: Currency,
    ) -> Result<(Fraction, Option<(String, String)>), RoyaltyError> {
        let start = Capped { term: UNUSED, period: UNUSED };
        let capped = self.caps.entry(key.cloned()).or_insert(start);
        for used in [&mut capped.term, &mut capped.period] {
            used.gross = used.gross.checked_add(gross)?;
            used.spent = used.spent.checked_add(spent)?;
        }
        let mut allowed = spent;
        let mut said = None;
        if let Some(cap) = cap {
            let used = match cap.over {
                Over::Term => capped.term,
                Over::Period => capped.period,
            };
            let limit = match cap.limit {
                Limit::Amount(amount) => amount.as_fraction(),
                Limit::Share(rate) => {
                    used.gross.max(Fraction::ZERO).checked_mul(rate.as_fraction())?
                }
            };
            allowed = used.spent.min(limit).checked_sub(used.allowed)?;
            let write = |minor| Figure::exact(minor, currency).number();
            let working = format!(
                "the lesser of {} and {} - {} before",
                write(used.spent),
                write(limit),
                write(used.allowed)
            );
            let rule = format!("at most {} over the {}", cap.limit, cap.over);
            if spent > allowed || !used.allowed.is_zero() {
                said = Some((working, rule));
            }
        }
        for used in [&mut capped.term, &mut capped.period] {
            used.allowed = used.allowed.checked_add(allowed)?;
        }
        Ok((allowed, said))
    }

    /// What the clauses allow of the expenses.
    pub(super) fn deduct(
        &mut self,
        converter: &Converter<'_>,
        gross: &Gross,
        steps: &mut Vec<Derivation>,
    ) -> Result<Deducted, RoyaltyError> {
        let clauses = converter.clauses;
        let currency = clauses.currency;
        let (mut base, mut shared) = (Fraction::ZERO, Fraction::ZERO);
        let (mut operands, mut parts, mut categories) = (Vec::new(), Vec::new(), Vec::new());
        let none = Sum::default();
        let active = if clauses.deducts() { clauses.deductions.as_slice() } else { &[] };
        for deduction in active {
            let place =
                converter.facts.categories.iter().position(|name| *name == deduction.category);
            let sum = place.and_then(|place| converter.tally.expenses.get(place)).unwrap_or(&none);
            let (spent, conversion) = converter.convert(sum)?;
            let key = Some(&deduction.category);
            let (allowed, said) = self.allow(key, deduction.cap, gross.net, spent, currency)?;
            if sum.is_empty() && allowed.is_zero() {
                continue;
            }
            categories.push((deduction.category.clone(), spent, allowed));
            let node = allowed_node(deduction, sum, allowed, currency, said).children(conversion);
            match deduction.share {
                None => {
                    base = base.checked_add(allowed)?;
                    operands.push(Figure::exact(allowed, currency).number());
                    parts.push(node);
                }
                Some(share) => {
                    let value = allowed.checked_mul(share.as_fraction())?;
                    shared = shared.checked_add(value)?;
                    let allowed = Figure::exact(allowed, currency).number();
                    let label = format!("share of {}", deduction.category);
                    let rule = "the payee's own share of it, taken off the yield";
                    let outer = Derivation::new(label, Figure::exact(value, currency), rule);
                    let outer = outer.working(format!("{share} x {allowed}"));
                    parts.push(outer.children(vec![node]));
                }
            }
        }
        left_out(converter, &mut parts)?;
        let (from_base, said) =
            self.allow(None, clauses.deduction_cap, gross.net, base, currency)?;
        if clauses.deducts() || !parts.is_empty() {
            let rule = EXPENSES_ALLOWED;
            let value = Figure::exact(from_base, currency);
            let step = match said {
                Some((working, cap)) => {
                    Derivation::new("deductions", value, format!("{rule}, {cap}")).working(working)
                }
                None if operands.len() > 1 => {
                    Derivation::new("deductions", value, rule).working(operands.join(" + "))
                }
                None => Derivation::new("deductions", value, rule),
            };
            steps.push(step.children(parts));
        }
        Ok(Deducted { from_base, shared, categories })
    }
}

/// What is allowed of a category, and by which cap.
fn allowed_node(
    deduction: &Deduction,
    sum: &Sum,
    allowed: Fraction,
    currency: Currency,
    said: Option<(String, String)>,
) -> Derivation {
    let value = Figure::exact(allowed, currency);
    let label = deduction.category.as_str().to_owned();
    let node = match said {
        Some((working, cap)) => {
            Derivation::new(label, value, format!("the terms allow it, {cap}")).working(working)
        }
        None => Derivation::new(label, value, "the terms allow this deduction"),
    };
    node.sources(sum.sources.clone())
}

/// Expenses that the clauses do not allow are shown, so that nobody looks for them.
fn left_out(converter: &Converter<'_>, parts: &mut Vec<Derivation>) -> Result<(), RoyaltyError> {
    let clauses = converter.clauses;
    let rule = if clauses.deducts() {
        "the terms do not allow this deduction"
    } else {
        "the base is gross: no expense is deducted"
    };
    let mut nodes = Vec::new();
    for (sum, name) in converter.tally.expenses.iter().zip(converter.facts.categories.iter()) {
        if sum.is_empty() || clauses.allows(name) {
            continue;
        }
        let (value, conversion) = converter.convert(sum)?;
        let value = Figure::exact(value, clauses.currency);
        let node = Derivation::new(format!("{name}, left out"), value, rule);
        nodes.push(node.sources(sum.sources.clone()).children(conversion));
    }
    nodes.sort_by(|left, right| left.label.cmp(&right.label));
    parts.append(&mut nodes);
    Ok(())
}
