//! From what a period yields to what is payable for it, in whole minor units.

use super::minimum::Minimum;
use super::{Derivation, Figure, RoyaltyError, SettlementSpan, Sources};
use crate::money::{Amount, Fraction, Rounding, allocate};
use crate::record::{EntryNumber, Over, ProfitShare, Timestamp};
use std::collections::BTreeMap;

/// What passes from period to period.
pub(super) struct PeriodCourse {
    /// What was earned elsewhere before the account was moved here.
    earned_before: i128,
    /// What was added to reach a minimum, and is not recouped.
    minimum: Minimum,
    exact_to_date: Fraction,
    fixed_to_date: i128,
    against_guarantee_to_date: i128,
    /// What the shares that are held back come to, exact.
    reservable_to_date: Fraction,
    reserved_to_date: i128,
    held: i128,
    /// What is released in which period.
    releases: BTreeMap<SettlementSpan, i128>,
    /// Advances that no period has taken up yet: when, how much, the entry.
    advances: Vec<(Timestamp, i128, Option<EntryNumber>)>,
    unrecouped: i128,
    recouped_to_date: i128,
    passed_to_date: i128,
    /// What the tax comes to, exact.
    taxable_to_date: Fraction,
    withheld_to_date: i128,
    rolled: i128,
}

/// A period as this stage takes it in.
pub(super) struct PeriodInput<'a> {
    pub(super) clauses: &'a ProfitShare,
    pub(super) span: SettlementSpan,
    pub(super) is_over: bool,
    pub(super) is_last: bool,
    /// Which period of the contract it is, from 0.
    pub(super) number: u32,
    /// Whether it lies in the term of the contract, so that a guarantee counts for it.
    pub(super) is_in_term: bool,
    /// The instalments of the guarantee together.
    pub(super) guaranteed: i128,
    pub(super) yielded: Fraction,
}

/// The whole figures of a period.
#[derive(Clone, Copy, Default)]
pub(super) struct Whole {
    pub(super) earned: i128,
    pub(super) against_guarantee: i128,
    pub(super) reserved: i128,
    pub(super) released: i128,
    pub(super) recouped: i128,
    pub(super) over_cap: i128,
    pub(super) withheld: i128,
    pub(super) rolled_in: i128,
    pub(super) rolled_over: i128,
    pub(super) payable: i128,
}

/// What comes out of a period.
pub(super) struct PeriodOutput {
    pub(super) whole: Whole,
    pub(super) top_up: Fraction,
    pub(super) held: i128,
    pub(super) unrecouped: i128,
    /// The figure payable, with the steps from what is earned.
    pub(super) derivation: Derivation,
}

impl PeriodCourse {
    pub(super) fn begin(
        earned_before: i128,
        unrecouped: i128,
        advances: Vec<(Timestamp, i128, Option<EntryNumber>)>,
    ) -> Self {
        Self {
            earned_before,
            minimum: Minimum::default(),
            exact_to_date: Fraction::ZERO,
            fixed_to_date: 0,
            against_guarantee_to_date: 0,
            reservable_to_date: Fraction::ZERO,
            reserved_to_date: 0,
            held: 0,
            releases: BTreeMap::new(),
            advances,
            unrecouped,
            recouped_to_date: 0,
            passed_to_date: 0,
            taxable_to_date: Fraction::ZERO,
            withheld_to_date: 0,
            rolled: 0,
        }
    }

    /// The periods in which something is released.
    pub(super) fn release_spans(&self) -> impl Iterator<Item = SettlementSpan> {
        self.releases.keys().copied()
    }

    /// Runs one period; `state` says in words when it is due.
    pub(super) fn period(
        &mut self,
        input: &PeriodInput<'_>,
        state: &str,
        mut steps: Vec<Derivation>,
    ) -> Result<PeriodOutput, RoyaltyError> {
        let top_up =
            self.minimum.apply(input, (self.earned_before, self.exact_to_date), &mut steps)?;
        let earned = self.fix(input, input.yielded.checked_add(top_up)?, state, &mut steps)?;
        let mut whole = Whole { earned: earned.0, ..Whole::default() };
        let mut nodes = vec![earned.1];
        let mut terms = vec![number(input, whole.earned)?];
        self.count_against_guarantee(input, &mut whole, &mut nodes, &mut terms)?;
        self.reserve(input, &mut whole, &mut nodes, &mut terms)?;
        self.recoup(input, &mut whole, &mut nodes, &mut terms)?;
        self.cap(input, &mut whole, &mut nodes, &mut terms)?;
        self.withhold(input, &mut whole, &mut nodes, &mut terms)?;
        self.roll_over(input, &mut whole, &mut nodes, &mut terms)?;
        let derivation = match (terms.len(), nodes.pop()) {
            (1, Some(earned)) => earned,
            (_, last) => {
                nodes.extend(last);
                let label = format!("payable {}", input.span);
                let value = amount(input, whole.payable)?;
                let rule = format!("what is left of what is earned; {state}");
                Derivation::new(label, value, rule).working(terms.join(" ")).children(nodes)
            }
        };
        let (held, unrecouped) = (self.held, self.unrecouped);
        Ok(PeriodOutput { whole, top_up, held, unrecouped, derivation })
    }

    /// The sum to date is rounded, less what earlier periods fixed.
    fn fix(
        &mut self,
        input: &PeriodInput<'_>,
        exact: Fraction,
        state: &str,
        steps: &mut Vec<Derivation>,
    ) -> Result<(i128, Derivation), RoyaltyError> {
        let (currency, rounding) = (input.clauses.currency, input.clauses.rounding);
        let write = |minor| Figure::exact(minor, currency).number();
        let before = self.exact_to_date;
        let to_date = before.checked_add(exact)?;
        let fixed = Amount::from_fraction(to_date, currency, rounding)?;
        let fixed_before = Amount::new(self.fixed_to_date, currency)?;
        let earned = fixed.checked_sub(fixed_before)?;
        self.exact_to_date = to_date;
        self.fixed_to_date = fixed.minor();
        let rule = "what all periods so far yield, exact";
        let step = Derivation::new("to date", Figure::exact(to_date, currency), rule);
        steps.push(step.working(format!("{} + {}", write(before), write(exact))));
        let rule = format!(
            "to date {}, fixed to {} ({rounding}), less what earlier periods fixed; {state}",
            write(to_date),
            Figure::from(fixed).number(),
        );
        let derivation = Derivation::new(format!("earned {}", input.span), earned, rule)
            .working(format!(
                "{} - {}",
                Figure::from(fixed).number(),
                Figure::from(fixed_before).number()
            ))
            .children(std::mem::take(steps));
        Ok((earned.minor(), derivation))
    }

    fn count_against_guarantee(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        let guaranteed = input.guaranteed;
        if guaranteed == 0 {
            return Ok(());
        }
        // What was earned elsewhere was settled elsewhere.
        let before = self.against_guarantee_to_date.max(self.earned_before.min(guaranteed));
        whole.against_guarantee = whole.earned.min((guaranteed - before).max(0));
        self.against_guarantee_to_date = before + whole.against_guarantee;
        let value = amount(input, whole.against_guarantee)?;
        let rule = "what is earned counts first against the guarantee, which its instalments pay";
        let working = format!(
            "the lesser of {} and {} guaranteed - {} before",
            number(input, whole.earned)?,
            number(input, guaranteed)?,
            number(input, before)?
        );
        nodes.push(Derivation::new("counted against the guarantee", value, rule).working(working));
        terms.push(format!("- {} guaranteed", number(input, whole.against_guarantee)?));
        Ok(())
    }

    fn reserve(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        let clauses = input.clauses;
        if let Some(reserve) = &clauses.reserve {
            let available = whole.earned - whole.against_guarantee;
            let share = reserve.share.as_fraction();
            let exact = Fraction::from_integer(available).checked_mul(share)?;
            self.reservable_to_date = self.reservable_to_date.checked_add(exact)?;
            // Never more than the period has, whatever the rounding.
            let to_date = clauses.rounding.round(self.reservable_to_date);
            let rule = fixed(input, self.reservable_to_date, self.reserved_to_date)?;
            whole.reserved = (to_date - self.reserved_to_date).clamp(0, available);
            self.reserved_to_date += whole.reserved;
            self.held += whole.reserved;
            let weights: Vec<_> =
                reserve.release.iter().map(|release| release.part.as_fraction()).collect();
            let held = amount(input, whole.reserved)?;
            let parts = allocate(held, &weights, clauses.split)?;
            for (release, part) in reserve.release.iter().zip(parts) {
                *self.releases.entry(input.span.plus(release.after)?).or_default() += part.minor();
            }
            let rule = format!("held back against returns; {rule}");
            let working = format!("{} x {}", reserve.share, number(input, available)?);
            nodes.push(Derivation::new("reserved", held, rule).working(working));
            terms.push(format!("- {} reserved", number(input, whole.reserved)?));
        }
        let scheduled = self.releases.remove(&input.span).unwrap_or(0);
        let ends = input.is_last && input.is_over;
        if ends {
            self.releases.clear();
        }
        whole.released = if ends { self.held } else { scheduled };
        self.held -= whole.released;
        if whole.released != 0 {
            let value = amount(input, whole.released)?;
            let rule = if ends {
                "the term ends: everything that is held back is released"
            } else {
                "released of what earlier periods held back, as scheduled"
            };
            nodes.push(Derivation::new("released", value, rule));
            terms.push(format!("+ {} released", number(input, whole.released)?));
        }
        Ok(())
    }

    fn recoup(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        let mut sources = Sources::none();
        let end = input.span.end();
        for (_, minor, entry) in self.advances.extract_if(.., |(on, _, _)| *on < end) {
            self.unrecouped += minor;
            entry.into_iter().for_each(|entry| sources.add(entry));
        }
        let available = whole.earned - whole.against_guarantee - whole.reserved + whole.released;
        let part = input.clauses.recoupment.map_or(Fraction::ONE, |part| part.as_fraction());
        let most = Rounding::Down.round(Fraction::from_integer(available).checked_mul(part)?);
        whole.recouped = most.min(self.unrecouped);
        if self.unrecouped == 0 {
            return Ok(());
        }
        let unrecouped = number(input, self.unrecouped)?;
        self.unrecouped -= whole.recouped;
        self.recouped_to_date += whole.recouped;
        let value = amount(input, whole.recouped)?;
        let available = number(input, available)?;
        let working = match input.clauses.recoupment {
            None => format!("the lesser of {available} and {unrecouped} unrecouped"),
            Some(part) => format!("the lesser of {part} x {available} and {unrecouped} unrecouped"),
        };
        let rule = format!(
            "advances are recouped from what is earned; {} stays unrecouped",
            number(input, self.unrecouped)?
        );
        nodes.push(Derivation::new("recouped", value, rule).working(working).sources(sources));
        terms.push(format!("- {} recouped", number(input, whole.recouped)?));
        Ok(())
    }

    fn cap(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        let available = whole.earned - whole.against_guarantee - whole.reserved + whole.released
            - whole.recouped;
        if let Some(cap) = input.clauses.cap {
            let counted = match cap.over {
                Over::Period => whole.recouped + whole.against_guarantee,
                Over::Term => {
                    self.earned_before
                        + self.fixed_against_guarantee()
                        + self.recouped_to_date
                        + self.passed_to_date
                }
            };
            let room = (cap.amount.minor() - counted).max(0);
            whole.over_cap = (available - room).max(0);
            if whole.over_cap > 0 {
                let rule = format!(
                    "{} in all over the {}, of which {} is used before",
                    cap.amount,
                    cap.over,
                    number(input, counted)?
                );
                let value = amount(input, whole.over_cap)?;
                let working = format!("{} - {}", number(input, available)?, number(input, room)?);
                nodes.push(Derivation::new("over the cap", value, rule).working(working));
                terms.push(format!("- {} over the cap", number(input, whole.over_cap)?));
            }
        }
        self.passed_to_date += available - whole.over_cap;
        Ok(())
    }

    /// What instalments of a guarantee paid of earnings here; earnings elsewhere are counted once.
    fn fixed_against_guarantee(&self) -> i128 {
        (self.against_guarantee_to_date - self.earned_before).max(0)
    }

    fn withhold(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        let Some(rate) = input.clauses.withholding else { return Ok(()) };
        let passed = whole.passed();
        let exact = Fraction::from_integer(passed).checked_mul(rate.as_fraction())?;
        self.taxable_to_date = self.taxable_to_date.checked_add(exact)?;
        let to_date = input.clauses.rounding.round(self.taxable_to_date);
        let rule = fixed(input, self.taxable_to_date, self.withheld_to_date)?;
        whole.withheld = (to_date - self.withheld_to_date).clamp(0, passed);
        self.withheld_to_date += whole.withheld;
        let value = amount(input, whole.withheld)?;
        let working = format!("{rate} x {}", number(input, passed)?);
        let rule = format!("tax that the payer keeps back; {rule}");
        nodes.push(Derivation::new("withheld", value, rule).working(working));
        terms.push(format!("- {} withheld", number(input, whole.withheld)?));
        Ok(())
    }

    fn roll_over(
        &mut self,
        input: &PeriodInput<'_>,
        whole: &mut Whole,
        nodes: &mut Vec<Derivation>,
        terms: &mut Vec<String>,
    ) -> Result<(), RoyaltyError> {
        whole.rolled_in = self.rolled;
        let net = whole.passed() - whole.withheld + whole.rolled_in;
        let ends = input.is_last && input.is_over;
        let short = input.clauses.threshold.filter(|least| net < least.minor() && !ends);
        whole.rolled_over = if short.is_some() { net } else { 0 };
        self.rolled = whole.rolled_over;
        whole.payable = net - whole.rolled_over;
        if whole.rolled_in != 0 {
            terms.push(format!("+ {} rolled in", number(input, whole.rolled_in)?));
            let rule = "what earlier periods left below the threshold";
            nodes.push(Derivation::new("rolled in", amount(input, whole.rolled_in)?, rule));
        }
        if let Some(least) = short.filter(|_| whole.rolled_over != 0) {
            terms.push(format!("- {} rolled over", number(input, whole.rolled_over)?));
            let rule = format!("below the threshold of {least}: it waits for the next period");
            nodes.push(Derivation::new("rolled over", amount(input, whole.rolled_over)?, rule));
        }
        Ok(())
    }
}

impl Whole {
    /// What is left after the cap.
    fn passed(&self) -> i128 {
        self.earned - self.against_guarantee - self.reserved + self.released
            - self.recouped
            - self.over_cap
    }
}

/// How a share is fixed: that of all periods to date is rounded, less what was taken before.
fn fixed(input: &PeriodInput<'_>, exact: Fraction, before: i128) -> Result<String, RoyaltyError> {
    let rounding = input.clauses.rounding;
    let (fixed, before) = (number(input, rounding.round(exact))?, number(input, before)?);
    let exact = Figure::exact(exact, input.clauses.currency).number();
    Ok(format!("to date {exact}, fixed to {fixed} ({rounding}), less {before} before"))
}

fn amount(input: &PeriodInput<'_>, minor: i128) -> Result<Amount, RoyaltyError> {
    Ok(Amount::new(minor, input.clauses.currency)?)
}

fn number(input: &PeriodInput<'_>, minor: i128) -> Result<String, RoyaltyError> {
    Ok(Figure::from(amount(input, minor)?).number())
}
