//! What a period yields: gross, deductions, base, loss and rate of each of its parts, and the greater
//! or lesser of two clauses.

use super::deduct::{Deducted, DeductionCourse};
use super::gross::{Converter, Gross};
use super::rule_course::{Part, Rule, RuleCourse};
use super::settlement::written;
use super::tally::{Bounds, Tally};
use super::{Derivation, Facts, Figure, Opening, RoyaltyError};
use crate::money::Fraction;
use crate::record::{Alternative, Category, ProfitShare, Take};

/// What passes from period to period.
pub(super) struct YieldCourse {
    deductions: DeductionCourse,
    main: RuleCourse,
    alternative: Option<RuleCourse>,
}

/// What the parts of a period come to.
pub(super) struct PeriodYield {
    pub(super) revenue: Fraction,
    pub(super) refunds: Fraction,
    pub(super) deducted: Fraction,
    /// Category, what was spent, what is allowed of it.
    pub(super) deductions: Vec<(Category, Fraction, Fraction)>,
    /// By the clause, or by the greater or the lesser of two: zero or more.
    pub(super) yielded: Fraction,
    pub(super) steps: Vec<Derivation>,
}

/// What came in under one version of the terms.
struct PartSums<'a> {
    clauses: &'a ProfitShare,
    version: usize,
    gross: Gross,
    deducted: Deducted,
    steps: Vec<Derivation>,
}

impl YieldCourse {
    /// The beginning, or what an opening balance says.
    pub(super) fn begin(
        clauses: &ProfitShare,
        opening: Option<&Opening>,
    ) -> Result<Self, RoyaltyError> {
        let (main, alternative) = rules(clauses);
        let alternative = alternative.map(|(rule, _)| RuleCourse::begin(rule, opening));
        Ok(Self {
            deductions: DeductionCourse::default(),
            main: RuleCourse::begin(main, opening)?,
            alternative: alternative.transpose()?,
        })
    }

    /// What waits of losses for later periods: of bases, and of yields; zero or less.
    pub(super) fn waiting(&self) -> Result<(Fraction, Fraction), RoyaltyError> {
        self.main.waiting()
    }

    /// What a period yields; its tallies come oldest first, and `clauses` are those of the period.
    pub(super) fn period(
        &mut self,
        (bounds, facts): (&Bounds<'_>, &Facts<'_>),
        clauses: &ProfitShare,
        tallies: &[Tally],
    ) -> Result<PeriodYield, RoyaltyError> {
        self.deductions.begin_period();
        let mut parts = Vec::with_capacity(tallies.len());
        for tally in tallies {
            let clauses = clauses_of(bounds, tally.version);
            let converter = Converter { facts, clauses, tally, as_of: bounds.as_of };
            let mut steps = Vec::new();
            let gross = converter.gross(&mut steps)?;
            let deducted = self.deductions.deduct(&converter, &gross, &mut steps)?;
            parts.push(PartSums { clauses, version: tally.version, gross, deducted, steps });
        }
        let mut sums = PeriodYield {
            revenue: Fraction::ZERO,
            refunds: Fraction::ZERO,
            deducted: Fraction::ZERO,
            deductions: Vec::new(),
            yielded: Fraction::ZERO,
            steps: Vec::new(),
        };
        for part in &mut parts {
            sums.revenue = sums.revenue.checked_add(part.gross.revenue)?;
            sums.refunds = sums.refunds.checked_add(part.gross.refunds)?;
            sums.deducted = sums.deducted.checked_add(part.deducted.from_base)?;
            sums.deductions.append(&mut part.deducted.categories);
        }
        self.yields((bounds, facts), clauses, &mut parts, &mut sums)?;
        Ok(sums)
    }

    /// What the clause yields, or the greater or the lesser of two.
    fn yields(
        &mut self,
        (bounds, facts): (&Bounds<'_>, &Facts<'_>),
        clauses: &ProfitShare,
        parts: &mut [PartSums<'_>],
        sums: &mut PeriodYield,
    ) -> Result<(), RoyaltyError> {
        let own: Vec<Part<'_>> =
            parts.iter().map(|part| part.under(rules(part.clauses).0)).collect();
        let first = self.main.period(facts, &own)?;
        let other: Option<Vec<Part<'_>>> = parts
            .iter()
            .map(|part| rules(part.clauses).1.map(|(rule, _)| part.under(rule)))
            .collect();
        let second = match (self.alternative.as_mut(), other) {
            (Some(course), Some(other)) => Some(course.period(facts, &other)?),
            (Some(_) | None, _) => None,
        };
        let is_alone = parts.len() == 1;
        let mut of_parts: Vec<Vec<Derivation>> =
            parts.iter_mut().map(|part| std::mem::take(&mut part.steps)).collect();
        let Some(second) = second else {
            sums.yielded = first.value;
            let mut values = Vec::with_capacity(parts.len());
            for (steps, (value, more)) in of_parts.iter_mut().zip(first.parts) {
                steps.extend(more);
                values.push(value);
            }
            let rule = "events keep the rates of their day";
            sums.steps = together(bounds, parts, (&values, rule), of_parts);
            sums.steps.extend(first.steps);
            return Ok(());
        };
        let values = (first.value, second.value);
        let mut compared = Vec::new();
        for (label, mut clause) in [("first clause", first), ("second clause", second)] {
            let rule = "one of the two clauses that are compared";
            let node = |value| Derivation::new(label, Figure::exact(value, clauses.currency), rule);
            if is_alone {
                let own = clause.parts.pop().map(|(_, steps)| steps).unwrap_or_default();
                let steps = own.into_iter().chain(clause.steps);
                compared.push(node(clause.value).children(steps.collect()));
                continue;
            }
            for (steps, (value, more)) in of_parts.iter_mut().zip(clause.parts) {
                steps.push(node(value).children(more));
            }
            compared.push(node(clause.value).children(clause.steps));
        }
        let gross: Vec<Fraction> = parts.iter().map(|part| part.gross.net).collect();
        let rule = "gross; events keep the rates of their day";
        sums.steps = together(bounds, parts, (&gross, rule), of_parts);
        if !parts.is_empty() {
            sums.steps.extend(compared);
            let (value, step) = choose(clauses, values);
            sums.yielded = value;
            sums.steps.extend(step);
        }
        Ok(())
    }
}

impl PartSums<'_> {
    fn under<'a>(&'a self, rule: Rule<'a>) -> Part<'a> {
        Part { rule, version: self.version, gross: &self.gross, deducted: &self.deducted }
    }
}

/// The clauses of a version.
pub(super) fn clauses_of<'a>(bounds: &Bounds<'a>, version: usize) -> &'a ProfitShare {
    // Places of versions come from the list itself.
    bounds.versions.get(version).unwrap_or(&bounds.versions[0]).clauses
}

/// The steps of the only part, or one step for each.
fn together(
    bounds: &Bounds<'_>,
    parts: &[PartSums<'_>],
    (values, rule): (&[Fraction], &'static str),
    mut steps: Vec<Vec<Derivation>>,
) -> Vec<Derivation> {
    if parts.len() == 1 {
        return steps.pop().unwrap_or_default();
    }
    let under = |((part, value), steps): ((&PartSums<'_>, &Fraction), Vec<Derivation>)| {
        let from = bounds.versions.get(part.version).map(|version| version.from);
        let label = match from.filter(|_| part.version > 0) {
            Some(from) => format!("under the terms {}", written(from).replace("on ", "from ")),
            None => "under the terms before".to_owned(),
        };
        let value = Figure::exact(*value, part.clauses.currency);
        Derivation::new(label, value, rule).children(steps)
    };
    parts.iter().zip(values).zip(steps).map(under).collect()
}

/// The clause of rates, and the one that it is compared with.
fn rules(clauses: &ProfitShare) -> (Rule<'_>, Option<(Rule<'_>, Take)>) {
    let (loss, currency) = (clauses.loss, clauses.currency);
    let main = Rule { base: clauses.base, loss, rates: &clauses.rates, currency };
    let other = clauses.alternative.as_ref().map(|Alternative { base, take, rates }| {
        (Rule { base: *base, loss, rates, currency }, *take)
    });
    (main, other)
}

/// What the period yields by the greater or the lesser of two clauses.
fn choose(
    clauses: &ProfitShare,
    (first, second): (Fraction, Fraction),
) -> (Fraction, Option<Derivation>) {
    let Some(other) = &clauses.alternative else { return (first, None) };
    let (value, word) = match other.take {
        Take::Greater => (first.max(second), "greater"),
        Take::Lesser => (first.min(second), "lesser"),
    };
    let write = |minor| Figure::exact(minor, clauses.currency).number();
    let rule = format!("the {word} of the two clauses, compared in each period");
    let step = Derivation::new("yield of the period", Figure::exact(value, clauses.currency), rule);
    let working = format!("the {word} of {} and {}", write(first), write(second));
    (value, Some(step.working(working)))
}
