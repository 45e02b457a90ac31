//! From the gross of a period to what one clause of rates yields: base, loss, rate, loss.

use super::deduct::Deducted;
use super::gross::Gross;
use super::scale::{Height, Progress, take};
use super::{Derivation, Facts, Figure, Opening, RoyaltyError};
use crate::money::{Currency, Fraction};
use crate::record::{Base, Category, Loss, RateLine};
use std::collections::BTreeMap;

/// A clause of rates as it stands in one version of the terms.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) base: Base,
    pub(super) loss: Loss,
    pub(super) rates: &'a [RateLine],
    pub(super) currency: Currency,
}

/// What passes from period to period under one clause of rates.
pub(super) struct RuleCourse {
    lines: BTreeMap<Option<Category>, Progress>,
    /// A yield below zero that waits for later yields; zero or less.
    loss: Fraction,
}

impl RuleCourse {
    /// The beginning, or what an opening balance says.
    pub(super) fn begin(rule: Rule<'_>, opening: Option<&Opening>) -> Result<Self, RoyaltyError> {
        let lines = rule.rates.iter().map(|line| (line.kind.clone(), Progress::START));
        let mut course = Self { lines: lines.collect(), loss: Fraction::ZERO };
        let Some(opening) = opening else { return Ok(course) };
        for reached in &opening.reached {
            let Some(line) = course.lines.get_mut(&reached.kind) else {
                let found = reached.kind.as_ref().map_or("everything", Category::as_str);
                let found = found.to_owned();
                return Err(RoyaltyError::OpeningKind { entry: opening.entry, found });
            };
            line.to_date = Height { base: reached.base.as_fraction(), units: reached.units.into() };
        }
        let loss = Fraction::ZERO.checked_sub(opening.loss.as_fraction())?;
        match (rule.loss, course.lines.get_mut(&None)) {
            (Loss::Full, Some(line)) => line.loss = loss,
            (Loss::Full, None) | (Loss::Share, _) => course.loss = loss,
            (Loss::None, _) => {}
        }
        Ok(course)
    }

    pub(super) fn begin_period(&mut self) {
        self.lines.values_mut().for_each(Progress::begin_period);
    }

    pub(super) fn begin_version(&mut self) {
        self.lines.values_mut().for_each(Progress::begin_version);
    }

    /// What waits for later periods: of bases, and of yields; zero or less.
    pub(super) fn waiting(&self) -> Result<(Fraction, Fraction), RoyaltyError> {
        let mut base = Fraction::ZERO;
        for line in self.lines.values() {
            base = base.checked_add(line.loss)?;
        }
        Ok((base, self.loss))
    }

    /// What the clause yields: zero or more, exact.
    pub(super) fn yields(
        &mut self,
        rule: Rule<'_>,
        facts: &Facts<'_>,
        gross: &Gross,
        deducted: &Deducted,
        steps: &mut Vec<Derivation>,
    ) -> Result<Fraction, RoyaltyError> {
        let mut sum = Fraction::ZERO;
        let (mut workings, mut nodes) = (Vec::new(), Vec::new());
        let is_one = rule.rates.len() == 1;
        for line in rule.rates {
            let height = gross.of(line.kind.as_ref(), rule.rates, facts)?;
            if !is_one && height.base.is_zero() && height.units == 0 && self.idle(line) {
                continue;
            }
            let mut inner = Vec::new();
            let base = if line.kind.is_none() && is_one {
                base_of(rule, gross, deducted, &mut inner)?
            } else {
                height.base
            };
            let progress = self.lines.entry(line.kind.clone()).or_insert(Progress::START);
            let base = carry_base(rule, base, progress, &mut inner)?;
            let by = Height { base, units: height.units };
            let (value, node) = take(&line.scale, progress, by, rule.currency)?;
            sum = sum.checked_add(value)?;
            workings.push(Figure::exact(value, rule.currency).number());
            if is_one {
                steps.append(&mut inner);
                steps.push(node);
            } else {
                let name = line.kind.as_ref().map_or("all other kinds", Category::as_str);
                inner.push(node);
                let rule_text = "this kind of revenue has its own rate";
                let value = Figure::exact(value, rule.currency);
                nodes.push(
                    Derivation::new(format!("yield of {name}"), value, rule_text).children(inner),
                );
            }
        }
        let shared = match rule.base {
            Base::Net => deducted.shared,
            Base::Gross => Fraction::ZERO,
        };
        let after = sum.checked_sub(shared)?;
        if !is_one || !shared.is_zero() {
            let mut working = workings.join(" + ");
            if !shared.is_zero() {
                let shared = Figure::exact(shared, rule.currency).number();
                working = format!("{working} - {shared} of expenses");
            }
            let value = Figure::exact(after, rule.currency);
            let text = "the yields of all kinds, less the payee's share of expenses";
            steps.push(
                Derivation::new("yield in all", value, text).working(working).children(nodes),
            );
        }
        self.carry_yield(rule, after, steps)
    }

    fn idle(&self, line: &RateLine) -> bool {
        self.lines.get(&line.kind).is_none_or(|progress| progress.loss.is_zero())
    }

    /// A yield below zero waits for later yields, or is forgotten.
    fn carry_yield(
        &mut self,
        rule: Rule<'_>,
        exact: Fraction,
        steps: &mut Vec<Derivation>,
    ) -> Result<Fraction, RoyaltyError> {
        let write = |minor| Figure::exact(minor, rule.currency).number();
        let carried = self.loss;
        if carried.is_zero() && !exact.is_negative() {
            return Ok(exact);
        }
        let available = match rule.loss {
            Loss::Full | Loss::Share => exact.checked_add(carried)?,
            Loss::None => exact,
        };
        let payable = available.max(Fraction::ZERO);
        let value = Figure::exact(payable, rule.currency);
        let label = "yield after loss";
        match rule.loss {
            Loss::None => {
                let text = "each period stands for itself: a yield below zero counts as zero";
                steps.push(Derivation::new(label, value, text));
                return Ok(payable);
            }
            Loss::Full | Loss::Share => self.loss = available.min(Fraction::ZERO),
        }
        let who = match rule.loss {
            Loss::Share => "the provider carries its share",
            Loss::Full | Loss::None => "a yield below zero is carried in full",
        };
        let (ending, text) = if available.is_negative() {
            let left = write(Fraction::ZERO.checked_sub(available)?);
            (", at least 0", format!("{who}: {left} of it waits for later yields"))
        } else {
            ("", format!("{who}: it is used up"))
        };
        let waiting = write(Fraction::ZERO.checked_sub(carried)?);
        let working = format!("{} - {waiting} carried{ending}", write(exact));
        steps.push(Derivation::new(label, value, text).working(working));
        Ok(payable)
    }
}

/// The base: gross, less what is deducted from it.
fn base_of(
    rule: Rule<'_>,
    gross: &Gross,
    deducted: &Deducted,
    steps: &mut Vec<Derivation>,
) -> Result<Fraction, RoyaltyError> {
    let write = |minor| Figure::exact(minor, rule.currency).number();
    let (base, step) = match rule.base {
        Base::Net => {
            let base = gross.net.checked_sub(deducted.from_base)?;
            let value = Figure::exact(base, rule.currency);
            let step = Derivation::new("base", value, "net: gross less deductions");
            let working = format!("{} - {}", write(gross.net), write(deducted.from_base));
            (base, step.working(working))
        }
        Base::Gross => {
            let value = Figure::exact(gross.net, rule.currency);
            (gross.net, Derivation::new("base", value, "gross, as the terms say"))
        }
    };
    steps.push(step);
    Ok(base)
}

/// A loss of the base is carried in full, or forgotten, or left to the yield.
fn carry_base(
    rule: Rule<'_>,
    base: Fraction,
    progress: &mut Progress,
    steps: &mut Vec<Derivation>,
) -> Result<Fraction, RoyaltyError> {
    let write = |minor| Figure::exact(minor, rule.currency).number();
    match rule.loss {
        Loss::Share => Ok(base),
        Loss::None if !base.is_negative() => Ok(base),
        Loss::None => {
            let text = "each period stands for itself: a base below zero counts as zero";
            let zero = Figure::exact(Fraction::ZERO, rule.currency);
            steps.push(Derivation::new("base after loss", zero, text));
            Ok(Fraction::ZERO)
        }
        Loss::Full => {
            let carried = progress.loss;
            let available = base.checked_add(carried)?;
            let chargeable = available.max(Fraction::ZERO);
            progress.loss = available.min(Fraction::ZERO);
            if carried.is_zero() && !base.is_negative() {
                return Ok(chargeable);
            }
            let (ending, text) = if available.is_negative() {
                let left = write(Fraction::ZERO.checked_sub(available)?);
                (
                    ", at least 0",
                    format!("loss carried in full: {left} of it waits for later bases"),
                )
            } else {
                ("", "loss carried in full: it is used up".to_owned())
            };
            let waiting = write(Fraction::ZERO.checked_sub(carried)?);
            let working = format!("{} - {waiting} carried{ending}", write(base));
            let value = Figure::exact(chargeable, rule.currency);
            steps.push(Derivation::new("base after loss", value, text).working(working));
            Ok(chargeable)
        }
    }
}
