//! From the gross of a period to what one clause of rates yields: base, loss, rate, loss. Where terms
//! change within a period its parts have rates of their own, and one loss.

use super::deduct::Deducted;
use super::gross::Gross;
use super::scale::{Height, Progress, take};
use super::{Derivation, Facts, Figure, Opening, RoyaltyError};
use crate::money::{Currency, Fraction};
use crate::record::{Base, Category, Loss, RateLine};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A clause of rates as it stands in one version of the terms.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) base: Base,
    pub(super) loss: Loss,
    pub(super) rates: &'a [RateLine],
    pub(super) currency: Currency,
}

/// A part of a period: all of it, or what came under one version of the terms.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) rule: Rule<'a>,
    /// The place of the version.
    pub(super) version: usize,
    pub(super) gross: &'a Gross,
    pub(super) deducted: &'a Deducted,
}

/// What a clause of rates yields in a period.
pub(super) struct Yielded {
    /// Of each part, exact, and its steps. It may be below zero where there are several.
    pub(super) parts: Vec<(Fraction, Vec<Derivation>)>,
    /// Of all of them: zero or more, exact.
    pub(super) value: Fraction,
    /// The steps from the parts to the whole.
    pub(super) steps: Vec<Derivation>,
}

/// The base of one line of rates in one part.
struct LineBase {
    height: Height,
    base: Fraction,
    /// What waited when the period began; zero or less.
    carried: Fraction,
    /// What is left for the rate.
    left: Fraction,
}

/// What passes from period to period under one clause of rates.
pub(super) struct RuleCourse {
    lines: BTreeMap<Option<Category>, Progress>,
    /// A yield below zero that waits for later yields; zero or less.
    loss: Fraction,
    version: usize,
}

impl RuleCourse {
    /// The beginning, or what an opening balance says.
    pub(super) fn begin(rule: Rule<'_>, opening: Option<&Opening>) -> Result<Self, RoyaltyError> {
        let lines = rule.rates.iter().map(|line| (line.kind.clone(), Progress::START));
        let mut course = Self { lines: lines.collect(), loss: Fraction::ZERO, version: 0 };
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

    /// What waits for later periods: of bases, and of yields; zero or less.
    pub(super) fn waiting(&self) -> Result<(Fraction, Fraction), RoyaltyError> {
        let mut base = Fraction::ZERO;
        for line in self.lines.values() {
            base = base.checked_add(line.loss)?;
        }
        Ok((base, self.loss))
    }

    /// What the clause yields in a period, whose parts come oldest first.
    pub(super) fn period(
        &mut self,
        facts: &Facts<'_>,
        parts: &[Part<'_>],
    ) -> Result<Yielded, RoyaltyError> {
        self.lines.values_mut().for_each(Progress::begin_period);
        let bases = self.bases(facts, parts)?;
        let (mut yields, mut sum, mut workings) = (Vec::new(), Fraction::ZERO, Vec::new());
        for (part, bases) in parts.iter().zip(&bases) {
            if part.version != self.version {
                self.version = part.version;
                self.lines.values_mut().for_each(Progress::begin_version);
            }
            let (value, steps) = self.part(*part, bases, parts.len() == 1)?;
            sum = sum.checked_add(value)?;
            workings.push(Figure::exact(value, part.rule.currency).number());
            yields.push((value, steps));
        }
        let Some(last) = parts.last() else {
            return Ok(Yielded { parts: yields, value: sum, steps: Vec::new() });
        };
        let mut steps = Vec::new();
        if parts.len() > 1 {
            let text = "the yields of the parts of the period: its profit is one sum";
            let value = Figure::exact(sum, last.rule.currency);
            let step = Derivation::new("yield of all parts", value, text);
            steps.push(step.working(workings.join(" + ")));
        }
        let value = self.carry_yield(last.rule, sum, &mut steps)?;
        Ok(Yielded { parts: yields, value, steps })
    }

    /// The bases of each part, by line of rates: what waited, and the parts below zero, are taken off
    /// the parts above zero, oldest first.
    fn bases(
        &mut self,
        facts: &Facts<'_>,
        parts: &[Part<'_>],
    ) -> Result<Vec<Vec<LineBase>>, RoyaltyError> {
        let mut bases = Vec::with_capacity(parts.len());
        for Part { rule, gross, deducted, .. } in parts {
            let mut of_part = Vec::with_capacity(rule.rates.len());
            for line in rule.rates {
                let height = gross.of(line.kind.as_ref(), rule.rates, facts)?;
                let base = match rule.base {
                    Base::Net if is_whole(rule.rates, line) => {
                        gross.net.checked_sub(deducted.from_base)?
                    }
                    Base::Gross if is_whole(rule.rates, line) => gross.net,
                    Base::Net | Base::Gross => height.base,
                };
                let carried =
                    self.lines.get(&line.kind).map_or(Fraction::ZERO, |progress| progress.loss);
                of_part.push(LineBase { height, base, carried, left: base });
            }
            bases.push(of_part);
        }
        let Some(first) = parts.first() else { return Ok(bases) };
        for (place, line) in first.rule.rates.iter().enumerate() {
            let progress = self.lines.entry(line.kind.clone()).or_insert(Progress::START);
            let mut column: Vec<_> = bases.iter_mut().filter_map(|it| it.get_mut(place)).collect();
            set_off(first.rule.loss, progress, &mut column)?;
        }
        Ok(bases)
    }

    /// What one part yields, exact.
    fn part(
        &mut self,
        Part { rule, deducted, gross, .. }: Part<'_>,
        bases: &[LineBase],
        is_alone: bool,
    ) -> Result<(Fraction, Vec<Derivation>), RoyaltyError> {
        let (mut sum, mut steps) = (Fraction::ZERO, Vec::new());
        let (mut workings, mut nodes) = (Vec::new(), Vec::new());
        let is_one = rule.rates.len() == 1;
        for (line, of_line) in rule.rates.iter().zip(bases) {
            let height = of_line.height;
            let is_idle = height.base.is_zero() && height.units == 0 && of_line.carried.is_zero();
            if !is_one && is_idle {
                continue;
            }
            let mut inner = Vec::new();
            if is_whole(rule.rates, line) {
                inner.push(base_step(rule, gross, deducted, of_line.base));
            }
            inner.extend(loss_step(rule, of_line, is_alone)?);
            let progress = self.lines.entry(line.kind.clone()).or_insert(Progress::START);
            let by = Height { base: of_line.left, units: height.units };
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
        Ok((after, steps))
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

/// Whether a line of rates is for everything, so that deductions come off its base.
fn is_whole(rates: &[RateLine], line: &RateLine) -> bool {
    rates.len() == 1 && line.kind.is_none()
}

/// The base: gross, less what is deducted from it.
fn base_step(rule: Rule<'_>, gross: &Gross, deducted: &Deducted, base: Fraction) -> Derivation {
    let write = |minor| Figure::exact(minor, rule.currency).number();
    let value = Figure::exact(base, rule.currency);
    match rule.base {
        Base::Net => Derivation::new("base", value, "net: gross less deductions").working(format!(
            "{} - {}",
            write(gross.net),
            write(deducted.from_base)
        )),
        Base::Gross => Derivation::new("base", value, "gross, as the terms say"),
    }
}

/// Takes what waited and the parts below zero off the parts above zero, oldest first. What is left
/// of them waits (`full`) or is forgotten (`none`); under `share` the yield carries it.
fn set_off(
    loss: Loss,
    progress: &mut Progress,
    parts: &mut [&mut LineBase],
) -> Result<(), RoyaltyError> {
    let mut below = match loss {
        Loss::Full => progress.loss,
        Loss::None => Fraction::ZERO,
        Loss::Share => return Ok(()),
    };
    for part in parts.iter() {
        below = below.checked_add(part.base.min(Fraction::ZERO))?;
    }
    for part in parts {
        let together = part.base.max(Fraction::ZERO).checked_add(below)?;
        part.left = together.max(Fraction::ZERO);
        below = together.min(Fraction::ZERO);
    }
    if loss == Loss::Full {
        progress.loss = below;
    }
    Ok(())
}

/// How a base came to what is left for the rate; nothing where it is left as it is.
fn loss_step(
    rule: Rule<'_>,
    LineBase { base, carried, left, .. }: &LineBase,
    is_alone: bool,
) -> Result<Option<Derivation>, RoyaltyError> {
    let write = |minor| Figure::exact(minor, rule.currency).number();
    let step = |text: Cow<'static, str>| {
        Derivation::new("base after loss", Figure::exact(*left, rule.currency), text)
    };
    let is_carried = rule.loss == Loss::Full && !carried.is_zero();
    if rule.loss == Loss::Share || base == left && !(is_carried && is_alone) {
        return Ok(None);
    }
    if !is_alone {
        let text = "what waited and the parts of the period below zero are taken off its parts \
                    above zero, oldest first";
        let taken = write(base.max(&Fraction::ZERO).checked_sub(*left)?);
        let step = step(text.into());
        return Ok(Some(if base.is_negative() {
            step
        } else {
            step.working(format!("{} - {taken}", write(*base)))
        }));
    }
    if rule.loss == Loss::None {
        let text = "each period stands for itself: a base below zero counts as zero";
        return Ok(Some(step(text.into())));
    }
    let available = base.checked_add(*carried)?;
    let (ending, text) = if available.is_negative() {
        let waits = write(Fraction::ZERO.checked_sub(available)?);
        (
            ", at least 0",
            format!("loss carried in full: {waits} of it waits for later bases").into(),
        )
    } else {
        ("", Cow::Borrowed("loss carried in full: it is used up"))
    };
    let waiting = write(Fraction::ZERO.checked_sub(*carried)?);
    Ok(Some(step(text).working(format!("{} - {waiting} carried{ending}", write(*base)))))
}
