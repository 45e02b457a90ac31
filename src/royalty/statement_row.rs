//! The rows of a statement of account, in the order in which it is read. Computes nothing that the
//! account does not say: it adds, subtracts and turns signs.

use super::deduct::EXPENSES_ALLOWED;
use super::{Derivation, Figure, PeriodFigures, RoyaltyError};
use crate::money::{Amount, Fraction};
use serde::Serialize;

/// Which part of the statement a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// What was owed before the period, and after it: these rows add up.
    Balance,
    /// What the period earned, from gross to base and rate.
    Earnings,
    /// What of it is payable: these rows add up.
    Payable,
    /// What waits for later periods.
    Carried,
    /// What of it is owed to other holders, beside the account between the two sides: no part of what is
    /// closed.
    Shared,
}

impl Group {
    /// The heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Balance => "Balance",
            Self::Earnings => "Earnings of the period",
            Self::Payable => "Payable for the period",
            Self::Carried => "Carried forward",
            Self::Shared => "Shared with other holders, to date",
        }
    }
}

/// One row: a name and a figure; below zero where it is taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementRow {
    /// The part of the statement.
    pub group: Group,
    /// The stable name, for programs.
    pub item: &'static str,
    /// The name, for people.
    pub label: String,
    /// The figure.
    pub value: Figure,
    /// How it came about, where a line of the statement does not say so.
    pub working: Option<String>,
    /// Whether it sums up rows above it.
    pub is_total: bool,
}

/// Rows, as they are added.
pub(super) struct Rows {
    group: Group,
    pub(super) rows: Vec<StatementRow>,
}

impl Rows {
    pub(super) const fn new() -> Self {
        Self { group: Group::Balance, rows: Vec::new() }
    }

    pub(super) fn group(&mut self, group: Group) {
        self.group = group;
    }

    /// What the rows of the balance add up to so far, in minor units.
    pub(super) fn balance(&self) -> Result<Fraction, RoyaltyError> {
        let mut rows = self.rows.iter().filter(|row| row.group == Group::Balance);
        Ok(rows.try_fold(Fraction::ZERO, |sum, row| sum.checked_add(row.value.minor()))?)
    }

    /// Adds a row.
    pub(super) fn add(&mut self, item: &'static str, label: &str, value: impl Into<Figure>) {
        self.rows.push(StatementRow {
            group: self.group,
            item,
            label: label.to_owned(),
            value: value.into(),
            working: None,
            is_total: false,
        });
    }

    /// Adds a row with its working.
    pub(super) fn worked(
        &mut self,
        item: &'static str,
        label: &str,
        value: impl Into<Figure>,
        working: Option<String>,
    ) {
        self.add(item, label, value);
        if let Some(row) = self.rows.last_mut() {
            row.working = working;
        }
    }

    /// Adds a row that sums up.
    pub(super) fn total(&mut self, item: &'static str, label: &str, value: impl Into<Figure>) {
        self.add(item, label, value);
        if let Some(row) = self.rows.last_mut() {
            row.is_total = true;
        }
    }

    /// Adds a row unless it is nothing.
    fn occurring(
        &mut self,
        item: &'static str,
        label: &str,
        value: Amount,
        taken: bool,
    ) -> Result<(), RoyaltyError> {
        if !value.is_zero() {
            self.add(item, label, if taken { value.checked_neg()? } else { value });
        }
        Ok(())
    }

    /// The earnings of a period and what of them is payable.
    pub(super) fn period(
        &mut self,
        figures: &PeriodFigures,
        derivation: &Derivation,
    ) -> Result<(), RoyaltyError> {
        self.earnings(figures, derivation)?;
        self.group(Group::Payable);
        self.total("earned", "Earned", figures.earned);
        for (item, label, value, taken) in [
            (
                "against_guarantee",
                "Paid by instalments of the guarantee",
                figures.against_guarantee,
                true,
            ),
            ("reserved", "Reserved against returns", figures.reserved, true),
            ("released", "Released from reserves", figures.released, false),
            ("recouped", "Recouped from advances", figures.recouped, true),
            ("over_cap", "Over the cap", figures.over_cap, true),
            ("withheld", "Tax withheld", figures.withheld, true),
            ("rolled_in", "Rolled over from the period before", figures.rolled_in, false),
            ("rolled_over", "Below the threshold, rolled over", figures.rolled_over, true),
        ] {
            self.occurring(item, label, value, taken)?;
        }
        self.total("payable", "Payable", figures.payable);
        Ok(())
    }

    fn earnings(
        &mut self,
        figures: &PeriodFigures,
        derivation: &Derivation,
    ) -> Result<(), RoyaltyError> {
        self.group(Group::Earnings);
        self.add("revenue", "Revenue", figures.revenue);
        self.add("refunds", "Refunds", negative(figures.refunds)?);
        let gross = figures.revenue.minor().checked_sub(figures.refunds.minor())?;
        self.total("gross", "Gross", Figure::exact(gross, figures.revenue.currency()));
        for (category, spent, allowed) in &figures.deductions {
            let mut working = Vec::new();
            if spent != allowed {
                working.push(format!("{} spent, {} allowed", spent.number(), allowed.number()));
            }
            let share = format!("share of {category}");
            for part in called(derivation, &share).into_iter().filter_map(|it| it.working.as_ref())
            {
                working.push(format!("{part} is taken off the yield instead"));
            }
            let working = (!working.is_empty()).then(|| working.join("; "));
            let label = format!("Deduction: {category}");
            self.worked("deduction", &label, negative(*allowed)?, working);
        }
        if !figures.deducted.minor().is_zero() || !figures.deductions.is_empty() {
            self.total("deducted", "Deductions", negative(figures.deducted)?);
            // Where no cap is on their sum, it is what the rows above come to.
            if let [only] = called(derivation, "deductions").as_slice()
                && let Some(working) = &only.working
                && let Some(cap) = only.rule.strip_prefix(EXPENSES_ALLOWED)
                && let Some(cap) = cap.strip_prefix(", ")
                && let Some(row) = self.rows.last_mut()
            {
                row.working = Some(format!("{working}: {cap}"));
            }
        }
        let mut found = Vec::new();
        named(derivation, &[], &mut found);
        for Named { item, node, within } in &found {
            let mut label = capital(&node.label);
            if !within.is_empty() {
                label = format!("{label} ({})", within.join(", "));
            }
            let working = node.working.clone().unwrap_or_else(|| node.rule.to_string());
            self.worked(item, &label, node.value, Some(working));
        }
        let yields = found.iter().filter(|found| found.item == "yield");
        if !yields.map(|found| found.node.value).eq([figures.yielded]) {
            self.total("yielded", "Yield at the rates", figures.yielded);
        }
        if figures.top_up.minor() > Fraction::ZERO {
            self.add("top_up", "Topped up to the guarantee", figures.top_up);
        } else if !figures.top_up.minor().is_zero() {
            self.add("top_up", "Top-ups of earlier periods recouped", figures.top_up);
        }
        Ok(())
    }

    /// What waits for later periods.
    pub(super) fn carried(&mut self, figures: &PeriodFigures) -> Result<(), RoyaltyError> {
        self.group(Group::Carried);
        for (item, label, value) in [
            ("held_after", "Reserves still held", figures.held_after),
            ("unrecouped_after", "Advances not yet recouped", figures.unrecouped_after),
            ("rolled_after", "Below the threshold, payable later", figures.rolled_over),
        ] {
            self.occurring(item, label, value, false)?;
        }
        for (item, label, value) in [
            ("base_loss_after", "Loss of the base", figures.loss_after.0),
            ("yield_loss_after", "Loss of the yield", figures.loss_after.1),
        ] {
            if !value.minor().is_zero() {
                self.add(item, label, value);
            }
        }
        Ok(())
    }
}

/// The outermost steps of a derivation that are called so.
fn called<'a>(derivation: &'a Derivation, label: &str) -> Vec<&'a Derivation> {
    if derivation.label == label {
        return vec![derivation];
    }
    derivation.children.iter().flat_map(|child| called(child, label)).collect()
}

/// A step of the derivation of a period that has a row.
struct Named<'a> {
    /// Its stable name: `base` or `yield`.
    item: &'static str,
    node: &'a Derivation,
    /// The steps that it belongs to, from the outermost: a version of the terms, one of two clauses.
    within: Vec<&'a str>,
}

/// The bases and yields of a derivation, in order, without those below one of them.
fn named<'a>(derivation: &'a Derivation, within: &[&'a str], found: &mut Vec<Named<'a>>) {
    let first = derivation.label.split(' ').next().unwrap_or_default();
    if let Some(item) = ["base", "yield"].into_iter().find(|name| *name == first) {
        found.push(Named { item, node: derivation, within: within.to_vec() });
        return;
    }
    let mut within = within.to_vec();
    // The period itself is said above all rows.
    if !matches!(first, "payable" | "earned") {
        within.push(&derivation.label);
    }
    derivation.children.iter().for_each(|child| named(child, &within, found));
}

/// The derivation of a period: the step that says what is payable for it, or what it earned.
pub(super) fn of_period<'a>(derivation: &'a Derivation, period: &str) -> Option<&'a Derivation> {
    let words = ["payable", "earned"];
    if words.iter().any(|word| derivation.label == format!("{word} {period}")) {
        return Some(derivation);
    }
    derivation.children.iter().find_map(|child| of_period(child, period))
}

fn negative(figure: Figure) -> Result<Figure, RoyaltyError> {
    let minor = Fraction::ZERO.checked_sub(figure.minor())?;
    Ok(Figure::exact(minor, figure.currency()))
}

fn capital(label: &str) -> String {
    let mut rest = label.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_and_a_yield_say_of_which_terms_and_clause_they_are() {
        let yuan = "CNY".parse().unwrap();
        let step = |label: &'static str, below| {
            let none = Figure::exact(Fraction::ZERO, yuan);
            Derivation::new(label, none, "a step").children(below)
        };
        let clause =
            || step("first clause", vec![step("base", vec![step("base of it", Vec::new())])]);
        let part = step("under the terms before", vec![step("gross", Vec::new()), clause()]);
        let earned = step("earned 2026-Q1", vec![part, clause(), step("yield", Vec::new())]);
        let payable = step("payable 2026-Q1", vec![earned]);
        let mut found = Vec::new();
        named(&payable, &[], &mut found);
        let found: Vec<_> =
            found.iter().map(|named| (named.item, named.within.join(", "))).collect();
        let expected = [
            ("base", "under the terms before, first clause".to_owned()),
            ("base", "first clause".to_owned()),
            ("yield", String::new()),
        ];
        assert_eq!(found, expected);
    }
}
