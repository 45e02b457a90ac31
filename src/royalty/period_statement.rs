//! The statement of account of one period: what was owed before, what the period earned and how, what
//! was paid, what is owed after it. It is drawn from accounts that the engine computed, by whoever has
//! them: the ledger, or a part of one.
//!
//! The balance counts what is payable for the periods so far, due or not, the instalments of fee,
//! advance and guarantee that fell due, and interest, less confirmed payments; so that each
//! statement opens with what the one before closed with.

use super::profit_share::MOVED_IN;
use super::statement_row::{Rows, of_period};
use super::{Account, Derivation, Figure, Group, Line, RoyaltyError, SettlementSpan, StatementRow};
use crate::money::{Amount, Currency};
use crate::record::{EntryNumber, RecordId, Timestamp};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A period, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodStatement {
    /// One for each work that is accounted for by itself, else one.
    pub lines: Vec<PeriodLine>,
}

/// The period of one work, or of the contract as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodLine {
    /// The work, where it is for one.
    pub work: Option<EntryNumber>,
    /// The currency of every figure.
    pub currency: Currency,
    /// What was owed before the period.
    pub opening: Amount,
    /// What is owed after it, due or not.
    pub closing: Amount,
    /// When what is payable for the period falls due.
    pub due_at: Option<Timestamp>,
    /// The rows, in order.
    pub rows: Vec<StatementRow>,
    /// What each period earned, this one last.
    pub earned: Vec<Earned>,
    /// How the figures of the period came about; none where nothing happened in it.
    pub derivation: Option<Derivation>,
}

/// What one period earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Earned {
    /// The period.
    #[serde(serialize_with = "as_text")]
    pub period: SettlementSpan,
    /// What it earned.
    #[serde(serialize_with = "as_decimal")]
    pub amount: Amount,
}

/// The statement of the period before, where that was closed and not disputed: it claimed what was known
/// then, and what became known since is made up for in the next.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'a> {
    /// The period before.
    pub span: SettlementSpan,
    /// Its account, as known when it was closed.
    pub account: &'a Account,
}

impl PeriodStatement {
    /// Draws a period from the account as of its end, that as of the moment before its start (of no
    /// lines, where the contract was not yet made), and what was claimed for the period before.
    ///
    /// # Errors
    /// Figures out of range.
    pub fn draw(
        span: SettlementSpan,
        account: Account,
        opening: &Account,
        before: Option<Claimed<'_>>,
    ) -> Result<Self, RoyaltyError> {
        let opening = by_work(opening);
        let before = before.map(|it| (it.span, by_work(it.account)));
        let lines = account.lines.into_iter().map(|line| {
            let of_before = before.as_ref().map(|(span, lines)| (*span, lines.get(&line.work)));
            let claimed = of_before.map(|(span, line)| (span, line.copied()));
            // What the terms alone would have yielded before accounts moved here is in their balance.
            let is_new = line.moved_in.is_some_and(|(_, on)| span.contains(on));
            let earlier = opening.get(&line.work).copied().filter(|_| !is_new);
            PeriodLine::draw(span, line, earlier, claimed)
        });
        Ok(Self { lines: lines.collect::<Result<_, _>>()? })
    }

    /// What is owed at the end, over all lines.
    ///
    /// # Errors
    /// A sum out of range.
    pub fn balance(&self, currency: Currency) -> Result<Amount, RoyaltyError> {
        let mut closings = self.lines.iter().map(|line| line.closing);
        Ok(closings.try_fold(Amount::zero(currency), Amount::checked_add)?)
    }
}

/// The figures by which a closed statement is known, as canonical JSON: no white space, keys in
/// alphabetical order, and no words but names that are stable. Of each line its work, currency and rows; but
/// not what other holders are owed, which is not between the two sides.
pub fn figures<'a>(
    (contract, known_at): (RecordId, Timestamp),
    period: SettlementSpan,
    lines: impl IntoIterator<Item = (Option<RecordId>, Currency, &'a [StatementRow])>,
) -> String {
    let lines = lines.into_iter().map(|(work, currency, rows)| {
        let rows = rows.iter().filter(|row| row.group != Group::Shared);
        let rows = rows.map(|row| json!({ "item": row.item, "value": row.value }));
        let rows: Vec<_> = rows.collect();
        json!({ "currency": currency, "rows": rows, "work": work.map(|work| work.to_string()) })
    });
    let lines: Vec<_> = lines.collect();
    json!({
        "contract": contract.to_string(),
        "known_at": known_at.to_string(),
        "lines": lines,
        "period": period.to_string(),
    })
    .to_string()
}

impl PeriodLine {
    fn draw(
        span: SettlementSpan,
        line: Line,
        before: Option<&Line>,
        claimed: Option<(SettlementSpan, Option<&Line>)>,
    ) -> Result<Self, RoyaltyError> {
        let currency = line.currency;
        let zero = Amount::zero(currency);
        let opening = before.map_or(Ok(zero), |before| balance(before, span.start()))?;
        let closing = balance(&line, span.end())?;
        let mut rows = Rows::new();
        let opening = opened(&mut rows, opening, span, claimed)?;
        let figures = line.periods.iter().find(|figures| figures.span == span);
        let derivation = of_period(&line.derivation, &span.to_string()).cloned();
        if let (Some(figures), Some(derivation)) = (figures, &derivation) {
            rows.period(figures, derivation)?;
        }
        rows.group(Group::Balance);
        rows.add(
            "payable_for_period",
            "Payable for the period",
            figures.map_or(zero, |figures| figures.payable),
        );
        for part in &line.instalments {
            let is_of_period =
                line.periods.iter().any(|period| period.span.to_string() == part.label);
            if is_of_period || !span.contains(part.due_at) || !part.earned.is_positive() {
                continue;
            }
            match line.moved_in.filter(|_| part.label == MOVED_IN) {
                Some((entry, on)) => {
                    let working = format!("{entry}: how the account stood on {}", on.date());
                    rows.worked("instalment", "Moved here", part.earned, Some(working));
                }
                None => rows.add("instalment", &part.label, part.earned),
            }
        }
        let interest = line.interest.checked_sub(before.map_or(zero, |line| line.interest))?;
        if !interest.is_zero() {
            rows.add("late_interest", "Late interest", interest);
        }
        let paid = line.paid.checked_sub(before.map_or(zero, |line| line.paid))?;
        rows.add("payments", "Payments", paid.checked_neg()?);
        let rest = closing.as_fraction().checked_sub(rows.balance()?)?;
        if !rest.is_zero() {
            let rest = Figure::exact(rest, currency);
            rows.add("earlier_periods", "Change in the figures of earlier periods", rest);
        }
        rows.total("closing", "Closing balance", closing);
        if let Some(figures) = figures {
            rows.carried(figures)?;
        }
        let earned = line.periods.iter();
        let earned = earned.map(|period| Earned { period: period.span, amount: period.earned });
        Ok(Self {
            work: line.work,
            currency,
            opening,
            closing,
            due_at: figures.map(|figures| figures.due_at),
            rows: rows.rows,
            earned: earned.collect(),
            derivation,
        })
    }

    /// Says how a row came about, where the account does not say so.
    pub fn explain(&mut self, item: &str, working: Option<String>) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.item == item) {
            row.working = working;
        }
    }
}

/// Adds the opening balance: what the statement before closed with, and where that was closed
/// before everything was known, the true-up.
fn opened(
    rows: &mut Rows,
    known_now: Amount,
    span: SettlementSpan,
    claimed: Option<(SettlementSpan, Option<&Line>)>,
) -> Result<Amount, RoyaltyError> {
    let Some((span_before, before)) = claimed else {
        rows.total("opening", "Opening balance", known_now);
        return Ok(known_now);
    };
    let zero = Amount::zero(known_now.currency());
    let closed = before.map_or(Ok(zero), |line| balance(line, span.start()))?;
    rows.total("opening", "Opening balance", closed);
    let difference = known_now.checked_sub(closed)?;
    if !difference.is_zero() {
        rows.add("true_up", &format!("True-up of {span_before}"), difference);
    }
    Ok(closed)
}

/// The lines by their works.
fn by_work(account: &Account) -> BTreeMap<Option<EntryNumber>, &Line> {
    account.lines.iter().map(|line| (line.work, line)).collect()
}

/// What is owed at a moment, due or not: payable for periods that began before it, and instalments
/// that fell due before it, with interest, less what was paid.
fn balance(line: &Line, until: Timestamp) -> Result<Amount, RoyaltyError> {
    let mut sum = line.interest.checked_sub(line.paid)?;
    for period in line.periods.iter().filter(|period| period.span.start() < until) {
        sum = sum.checked_add(period.payable)?;
    }
    for part in line.instalments.iter().filter(|part| part.due_at < until) {
        if !line.periods.iter().any(|period| period.span.to_string() == part.label) {
            sum = sum.checked_add(part.earned)?;
        }
    }
    Ok(sum)
}

fn as_text<S: serde::Serializer>(value: &SettlementSpan, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

fn as_decimal<S: serde::Serializer>(value: &Amount, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&value.to_decimal())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a closing is known by is the same to the byte however a build keeps the keys of objects.
    #[test]
    fn the_figures_are_canonical_json() {
        let yuan: Currency = "CNY".parse().unwrap();
        let exact = Figure::exact("10000/3".parse().unwrap(), yuan);
        let row = |group, item, value| StatementRow {
            group,
            item,
            label: "in words".to_owned(),
            value,
            working: Some("how".to_owned()),
            is_total: false,
        };
        let amount = Figure::from(Amount::parse("1234.50", yuan).unwrap());
        let rows = [
            row(Group::Balance, "opening", amount),
            row(Group::Earnings, "base", exact),
            row(Group::Shared, "share", amount),
        ];
        let id = RecordId::from_bytes([7; 32]);
        let known_at = Timestamp::parse_start("2026-04-01").unwrap();
        let text =
            figures((id, known_at), "2026-Q1".parse().unwrap(), [(None, yuan, rows.as_slice())]);
        let expected = format!(
            r#"{{"contract":"{id}","known_at":"2026-04-01T00:00:00.000Z","lines":[{{"currency":"CNY","rows":[{{"item":"opening","value":{{"amount":"1234.50","currency":"CNY"}}}},{{"item":"base","value":{{"currency":"CNY","exact":"100/3"}}}}],"work":null}}],"period":"2026-Q1"}}"#
        );
        assert_eq!(text, expected);
    }
}
