//! What a share of profit yields, period by period. The steps are those of the module
//! documentation, in their order.

use super::settlement::{Received, Yield, settle, written};
use super::tally::{Sum, Tally, allowed_categories, tally};
use super::{Account, Derivation, Event, Figure, Receipt, RoyaltyError};
use crate::money::{Amount, Fraction};
use crate::record::{Base, Loss, ProfitShare, Timestamp};

/// What is owed under a share of profit at a moment: one line for the contract.
///
/// Events and payments dated after `as_of` are not looked at. See the [module
/// documentation](super) for the order of steps. Every payment pays the contract, whatever work
/// it names.
///
/// # Errors
/// An event or a payment in another currency or of nothing; figures or dates out of range.
///
/// ```
/// use deedbook::money::Amount;
/// use deedbook::record::{
///     Base, Category, EntryNumber, LineKind, Loss, ProfitShare, SettlementPeriod, Timestamp,
/// };
/// use deedbook::royalty::{Event, profit_share};
///
/// let currency = "CNY".parse().unwrap();
/// let clauses = ProfitShare {
///     base: Base::Gross,
///     loss: Loss::Full,
///     rate: "5%".parse().unwrap(),
///     period: SettlementPeriod::Quarter,
///     currency,
///     due_days: 30,
///     rounding: "half-even".parse().unwrap(),
///     deductions: vec![],
/// };
/// let sale = Event {
///     entry: EntryNumber::new(12),
///     line: 0,
///     on: Timestamp::parse_start("2026-02-03").unwrap(),
///     kind: LineKind::Revenue,
///     category: Category::new("prints").unwrap(),
///     minor: 123_456,
///     currency,
///     work: None,
/// };
/// let as_of = Timestamp::parse_end("2026-06-30").unwrap();
/// let account = profit_share(&clauses, &[sale], &[], as_of).unwrap();
/// assert_eq!(account.lines[0].owed.to_string(), "61.73 CNY");
/// ```
pub fn profit_share(
    clauses: &ProfitShare,
    events: &[Event],
    receipts: &[Receipt],
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    let mut course = Course::default();
    let mut yields = Vec::new();
    for tally in tally(clauses, events, as_of)? {
        yields.push(course.period(clauses, &tally, as_of)?);
    }
    let mut received = Received::none(clauses.currency);
    for receipt in receipts.iter().filter(|receipt| receipt.on <= as_of) {
        receipt.check(clauses.currency)?;
        received.add(receipt)?;
    }
    Ok(Account { lines: vec![settle(None, yields, received, as_of)?] })
}

/// What passes from period to period.
struct Course {
    /// The base below zero that waits for later bases; zero or less, in minor units.
    loss_base_minor: i128,
    /// The yield below zero that waits for later yields; zero or less, in minor units.
    loss_yield: Fraction,
    /// The exact yields of all periods so far, in minor units.
    exact_to_date: Fraction,
    /// What these periods fixed, in minor units.
    fixed_to_date_minor: i128,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            loss_base_minor: 0,
            loss_yield: Fraction::ZERO,
            exact_to_date: Fraction::ZERO,
            fixed_to_date_minor: 0,
        }
    }
}

impl Course {
    fn period(
        &mut self,
        clauses: &ProfitShare,
        tally: &Tally,
        as_of: Timestamp,
    ) -> Result<Yield, RoyaltyError> {
        let mut steps = Vec::new();
        let gross = gross(clauses, tally, &mut steps)?;
        let base = deduct(clauses, tally, gross, &mut steps)?;
        let base = self.carry_base(clauses, base, &mut steps)?;
        let exact = apply_rate(clauses, base, &mut steps)?;
        let exact = self.carry_yield(clauses, exact, &mut steps)?;
        let label = format!("{}", tally.span);
        let due_at = tally.span.last_day()?.plus_days(clauses.due_days)?;
        let state = if !tally.span.is_over(as_of) {
            "the period has not ended".to_owned()
        } else {
            let (days, date) = (clauses.due_days, written(due_at));
            format!("due {days} days after the last day of the period, {date}")
        };
        let (earned, derivation) = self.fix(clauses, exact, &label, &state, &mut steps)?;
        Ok(Yield { label, earned, due_at, derivation: derivation.children(steps) })
    }

    /// Step 4: a loss of the base is carried in full, or forgotten.
    fn carry_base(
        &mut self,
        clauses: &ProfitShare,
        base: Amount,
        steps: &mut Vec<Derivation>,
    ) -> Result<Amount, RoyaltyError> {
        let currency = base.currency();
        match clauses.loss {
            Loss::Share => Ok(base),
            Loss::None if !base.is_negative() => Ok(base),
            Loss::None => {
                let rule = "each period stands for itself: a base below zero counts as zero";
                let zero = Amount::zero(currency);
                steps.push(Derivation::new("base after loss", zero, rule));
                Ok(zero)
            }
            Loss::Full => {
                let carried = Amount::new(self.loss_base_minor, currency)?;
                let available = base.checked_add(carried)?;
                let chargeable = Amount::new(available.minor().max(0), currency)?;
                self.loss_base_minor = available.minor().min(0);
                if carried.is_zero() && !base.is_negative() {
                    return Ok(chargeable);
                }
                let (ending, rule) = if available.is_negative() {
                    let left = number(available.checked_neg()?);
                    let rule = format!("loss carried in full: {left} of it waits for later bases");
                    (", at least 0", rule)
                } else {
                    ("", "loss carried in full: it is used up".to_owned())
                };
                let waiting = number(carried.checked_neg()?);
                let working = format!("{} - {waiting} carried{ending}", number(base));
                let step = Derivation::new("base after loss", chargeable, rule);
                steps.push(step.working(working));
                Ok(chargeable)
            }
        }
    }

    /// Step 6: a loss of the yield is carried, where the payee carries its share of losses.
    fn carry_yield(
        &mut self,
        clauses: &ProfitShare,
        exact: Fraction,
        steps: &mut Vec<Derivation>,
    ) -> Result<Fraction, RoyaltyError> {
        match clauses.loss {
            Loss::Full | Loss::None => return Ok(exact),
            Loss::Share => {}
        }
        let carried = self.loss_yield;
        let available = exact.checked_add(carried)?;
        let payable = available.max(Fraction::ZERO);
        self.loss_yield = available.min(Fraction::ZERO);
        if carried.is_zero() && !exact.is_negative() {
            return Ok(payable);
        }
        let write = |minor| Figure::exact(minor, clauses.currency).number();
        let (ending, rule) = if available.is_negative() {
            let left = write(Fraction::ZERO.checked_sub(available)?);
            let rule =
                format!("the provider carries its share: {left} of it waits for later yields");
            (", at least 0", rule)
        } else {
            ("", "the provider carries its share: it is used up".to_owned())
        };
        let waiting = write(Fraction::ZERO.checked_sub(carried)?);
        let working = format!("{} - {waiting} carried{ending}", write(exact));
        let value = Figure::exact(payable, clauses.currency);
        steps.push(Derivation::new("yield after loss", value, rule).working(working));
        Ok(payable)
    }

    /// Step 8: the sum to date is rounded, less what earlier periods fixed.
    fn fix(
        &mut self,
        clauses: &ProfitShare,
        exact: Fraction,
        label: &str,
        state: &str,
        steps: &mut Vec<Derivation>,
    ) -> Result<(Amount, Derivation), RoyaltyError> {
        let currency = clauses.currency;
        let write = |minor| Figure::exact(minor, currency).number();
        let fixed_before = Amount::new(self.fixed_to_date_minor, currency)?;
        let exact_before = self.exact_to_date;
        let exact_to_date = exact_before.checked_add(exact)?;
        let fixed_to_date = Amount::from_fraction(exact_to_date, currency, clauses.rounding)?;
        let earned = fixed_to_date.checked_sub(fixed_before)?;
        self.exact_to_date = exact_to_date;
        self.fixed_to_date_minor = fixed_to_date.minor();
        let rule = "what all periods so far yield, exact";
        let to_date = Figure::exact(exact_to_date, currency);
        let step = Derivation::new("to date", to_date, rule).working(format!(
            "{} + {}",
            write(exact_before),
            write(exact)
        ));
        steps.push(step);
        let rule = format!(
            "to date {}, fixed to {} ({}), less what earlier periods fixed; {state}",
            write(exact_to_date),
            number(fixed_to_date),
            clauses.rounding,
        );
        let derivation = Derivation::new(format!("earned {label}"), earned, rule).working(format!(
            "{} - {}",
            number(fixed_to_date),
            number(fixed_before)
        ));
        Ok((earned, derivation))
    }
}

fn number(amount: Amount) -> String {
    Figure::from(amount).number()
}

/// A sum of lines as a step.
fn given(label: &str, sum: &Sum, amount: Amount, rule: &str) -> Derivation {
    Derivation::new(label, amount, rule).sources(sum.sources.clone())
}

/// Step 1.
fn gross(
    clauses: &ProfitShare,
    tally: &Tally,
    steps: &mut Vec<Derivation>,
) -> Result<Amount, RoyaltyError> {
    let revenue = tally.revenue.amount(clauses.currency)?;
    let refunds = tally.refunds.amount(clauses.currency)?;
    let gross = revenue.checked_sub(refunds)?;
    let step = Derivation::new("gross", gross, "revenue less refunds")
        .working(format!("{} - {}", number(revenue), number(refunds)))
        .children(vec![
            given("revenue", &tally.revenue, revenue, "money received"),
            given("refunds", &tally.refunds, refunds, "revenue given back"),
        ]);
    steps.push(step);
    Ok(gross)
}

/// Steps 2 and 3.
fn deduct(
    clauses: &ProfitShare,
    tally: &Tally,
    gross: Amount,
    steps: &mut Vec<Derivation>,
) -> Result<Amount, RoyaltyError> {
    let currency = clauses.currency;
    let mut deductions = Amount::zero(currency);
    let (mut operands, mut parts) = (Vec::new(), Vec::new());
    for (category, sum) in allowed_categories(clauses).iter().zip(&tally.allowed) {
        if sum.minor == 0 {
            continue;
        }
        let amount = sum.amount(currency)?;
        deductions = deductions.checked_add(amount)?;
        operands.push(number(amount));
        let rule = "the terms allow this deduction";
        parts.push(given(category.as_str(), sum, amount, rule));
    }
    let rule = match clauses.base {
        Base::Net => "the terms do not allow this deduction",
        Base::Gross => "the base is gross: no expense is deducted",
    };
    for (category, sum) in &tally.left_out {
        let label = format!("{category}, left out");
        parts.push(given(&label, sum, sum.amount(currency)?, rule));
    }
    let base = gross.checked_sub(deductions)?;
    if clauses.base == Base::Net || !parts.is_empty() {
        let rule = "expenses of the categories that the terms allow";
        let step = Derivation::new("deductions", deductions, rule).children(parts);
        steps.push(if operands.len() > 1 { step.working(operands.join(" + ")) } else { step });
    }
    let step =
        match clauses.base {
            Base::Net => Derivation::new("base", base, "net: gross less deductions")
                .working(format!("{} - {}", number(gross), number(deductions))),
            Base::Gross => Derivation::new("base", base, "gross, as the terms say"),
        };
    steps.push(step);
    Ok(base)
}

/// Step 5.
fn apply_rate(
    clauses: &ProfitShare,
    base: Amount,
    steps: &mut Vec<Derivation>,
) -> Result<Fraction, RoyaltyError> {
    let exact = base.times(clauses.rate.as_fraction())?;
    let value = Figure::exact(exact, clauses.currency);
    let step = Derivation::new("yield", value, "the rate times the base, exact").working(format!(
        "{} x {}",
        clauses.rate,
        number(base)
    ));
    steps.push(step);
    Ok(exact)
}
