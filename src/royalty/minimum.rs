//! What a guarantee that is topped up adds to the yield of a period, and what later periods take back of it.

use super::period_course::PeriodInput;
use super::{Derivation, Figure, RoyaltyError};
use crate::money::Fraction;
use crate::record::{Guarantee, Over, TopUp};

/// What was added to earlier periods and is not recouped yet.
#[derive(Default)]
pub(super) struct Minimum {
    /// By the number of the period, the oldest first.
    open: Vec<(u32, Fraction)>,
}

impl Minimum {
    /// What a guarantee adds to the yield of a period; below zero where the period recoups what was added
    /// to earlier ones. Never so much that less than the minimum of the period is left.
    pub(super) fn apply(
        &mut self,
        input: &PeriodInput<'_>,
        (earned_before, to_date): (i128, Fraction),
        steps: &mut Vec<Derivation>,
    ) -> Result<Fraction, RoyaltyError> {
        let Some(Guarantee::TopUp(top_up)) = &input.clauses.guarantee else {
            return Ok(Fraction::ZERO);
        };
        let (counts, reached) = match top_up.over {
            Over::Period => (input.is_over && input.is_in_term, input.yielded),
            Over::Term => {
                let before = Fraction::from_integer(earned_before);
                let reached = before.checked_add(to_date)?.checked_add(input.yielded)?;
                (input.is_over && input.is_last, reached)
            }
        };
        let minimum = top_up.minimum(input.number);
        let recouped = self.recoup(input, top_up, minimum.as_fraction(), steps)?;
        if !counts {
            return Ok(recouped);
        }
        let missing = minimum.as_fraction().checked_sub(reached)?.max(Fraction::ZERO);
        if top_up.recoup.is_some() && !missing.is_zero() {
            self.open.push((input.number, missing));
        }
        let rule = match top_up.over {
            Over::Period => "the minimum of the period, less what it yields, at least 0",
            Over::Term => "the minimum of the term, less what all of it yields, at least 0",
        };
        let currency = input.clauses.currency;
        let reached = Figure::exact(reached, currency).number();
        let step = Derivation::new("top-up", Figure::exact(missing, currency), rule);
        steps.push(step.working(format!("{} - {reached}", Figure::from(minimum).number())));
        Ok(missing.checked_add(recouped)?)
    }

    /// What the period takes back of what was added to earlier ones, as a figure below zero.
    fn recoup(
        &mut self,
        input: &PeriodInput<'_>,
        top_up: &TopUp,
        minimum: Fraction,
        steps: &mut Vec<Derivation>,
    ) -> Result<Fraction, RoyaltyError> {
        let zero = Fraction::ZERO;
        let Some(recoup) = top_up.recoup.filter(|_| input.is_in_term) else { return Ok(zero) };
        let beyond = input.yielded.checked_sub(minimum)?.max(zero);
        let (mut waiting, mut left) = (zero, beyond);
        for (number, missing) in &mut self.open {
            if !recoup.reaches(input.number, *number) {
                continue;
            }
            waiting = waiting.checked_add(*missing)?;
            let taken = left.min(*missing);
            left = left.checked_sub(taken)?;
            *missing = missing.checked_sub(taken)?;
        }
        self.open.retain(|(_, missing)| !missing.is_zero());
        let recouped = left.checked_sub(beyond)?;
        if !waiting.is_zero() {
            let currency = input.clauses.currency;
            let number = |minor| Figure::exact(minor, currency).number();
            let rule =
                "what was added to earlier periods, out of what this one yields beyond its minimum";
            let working = format!(
                "less the lesser of {} - {} and {} added",
                number(input.yielded),
                number(minimum),
                number(waiting)
            );
            let value = Figure::exact(recouped, currency);
            steps.push(Derivation::new("top-ups recouped", value, rule).working(working));
        }
        Ok(recouped)
    }
}
