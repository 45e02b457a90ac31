//! From what is payable and what is received to what is owed.

use super::late::{Stretch, interest};
use super::{Derivation, Figure, Instalment, Line, PeriodFigures, Receipt, RoyaltyError, Sources};
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::record::{EntryNumber, LateInterest, Timestamp};
use std::collections::VecDeque;

const DAY_MS: i64 = 86_400_000;

/// A claim: what one period, one instalment or one fee makes payable.
pub(super) struct Yield {
    /// The period, or what the fee is for.
    pub(super) label: String,
    /// How much; zero or more.
    pub(super) earned: Amount,
    /// When it falls due.
    pub(super) due_at: Timestamp,
    /// What is added where it is paid late.
    pub(super) late_interest: Option<LateInterest>,
    /// How it came about.
    pub(super) derivation: Derivation,
}

/// The payments of one line.
pub(super) struct Received {
    total: Amount,
    sources: Sources,
    payments: Vec<(Timestamp, EntryNumber, Amount)>,
}

impl Received {
    /// None yet.
    pub(super) fn none(currency: Currency) -> Self {
        Self { total: Amount::zero(currency), sources: Sources::none(), payments: Vec::new() }
    }

    /// Counts one payment.
    pub(super) fn add(&mut self, receipt: &Receipt) -> Result<(), RoyaltyError> {
        self.total = self.total.checked_add(receipt.amount)?;
        self.sources.add(receipt.entry);
        self.payments.push((receipt.on, receipt.entry, receipt.amount));
        Ok(())
    }

    /// Takes back what was given back at a moment: the latest payments up to then first. What was
    /// given back before it was paid takes the first payments after.
    pub(super) fn take_back(&mut self, on: Timestamp, amount: Amount) -> Result<(), RoyaltyError> {
        if amount.minor() > self.total.minor() {
            return Err(RoyaltyError::RefundExceedsPayments { refunded: amount, paid: self.total });
        }
        self.total = self.total.checked_sub(amount)?;
        self.sort();
        let then = self.payments.partition_point(|(paid_on, _, _)| *paid_on <= on);
        let (before, after) = self.payments.split_at_mut(then);
        let mut left = amount.minor();
        for (_, _, paid) in before.iter_mut().rev().chain(after) {
            let taken = left.min(paid.minor());
            left -= taken;
            *paid = Amount::new(paid.minor() - taken, paid.currency())?;
        }
        self.payments.retain(|(_, _, paid)| paid.minor() > 0);
        Ok(())
    }

    /// What was paid until a moment and not given back, in minor units.
    pub(super) fn minor_until(&self, on: Timestamp) -> i128 {
        let until = self.payments.iter().filter(|(paid_on, _, _)| *paid_on <= on);
        until.map(|(_, _, amount)| amount.minor()).sum()
    }

    fn sort(&mut self) {
        self.payments.sort_unstable_by_key(|(on, entry, amount)| (*on, *entry, amount.minor()));
    }
}

/// How a line is settled.
pub(super) struct Terms {
    pub(super) work: Option<EntryNumber>,
    pub(super) rounding: Rounding,
    pub(super) as_of: Timestamp,
}

/// What payments did to the claims.
struct Matched {
    instalments: Vec<Instalment>,
    payable: Amount,
    due: Amount,
    interest: Fraction,
    interest_nodes: Vec<Derivation>,
    fallen_due: Vec<Derivation>,
    not_yet_due: Vec<Derivation>,
    /// What is left of the payments.
    left: Amount,
}

/// Lets payments pay what falls due first and draws the line at a moment. The claims are put in
/// the order in which they fall due; interest is paid last.
pub(super) fn settle(
    terms: &Terms,
    mut yields: Vec<Yield>,
    mut received: Received,
    earned: Option<Amount>,
    periods: Vec<PeriodFigures>,
) -> Result<Line, RoyaltyError> {
    let paid = received.total;
    let currency = paid.currency();
    yields.sort_by_key(|part| part.due_at);
    received.sort();
    let matched = pay(terms, yields, &received, currency)?;
    let interest = Amount::from_fraction(matched.interest, currency, terms.rounding)?;
    let due = matched.due;
    let owed = due.checked_add(interest)?.checked_sub(paid)?;
    let on_interest = matched.left.minor().min(interest.minor());
    let credit = Amount::new(matched.left.minor() - on_interest, currency)?;
    let mut steps = vec![
        Derivation::new("due", due, "the sum of what has fallen due").children(matched.fallen_due),
    ];
    let (left, right) = (Figure::from(due).number(), Figure::from(paid).number());
    let mut working = format!("{left} - {right}");
    let mut rule = "due less paid";
    if !matched.interest_nodes.is_empty() {
        let number = Figure::from(interest).number();
        let exact = Figure::exact(matched.interest, currency).number();
        let text = format!("on what is paid late: {exact}, fixed ({})", terms.rounding);
        steps.push(
            Derivation::new("late interest", interest, text).children(matched.interest_nodes),
        );
        working = format!("{left} + {number} interest - {right}");
        rule = "due and interest less paid";
    }
    steps.push(payments(&matched.instalments, received, on_interest, credit)?);
    let payable = matched.payable;
    if !matched.not_yet_due.is_empty() {
        let rule = "earned so far; counts when it falls due";
        let step = Derivation::new("not yet due", payable.checked_sub(due)?, rule);
        steps.push(step.children(matched.not_yet_due));
    }
    let derivation = Derivation::new("owed", owed, rule).working(working).children(steps);
    let instalments = matched.instalments;
    let next_due = instalments
        .iter()
        .find(|part| part.due_at > terms.as_of && part.outstanding.is_positive())
        .map(|part| (part.due_at, part.outstanding));
    Ok(Line {
        work: terms.work,
        currency,
        earned: earned.unwrap_or(payable),
        payable,
        due,
        interest,
        paid,
        owed,
        credit,
        next_due,
        moved_in: None,
        instalments,
        periods,
        derivation,
    })
}

fn pay(
    terms: &Terms,
    yields: Vec<Yield>,
    received: &Received,
    currency: Currency,
) -> Result<Matched, RoyaltyError> {
    let mut queue: VecDeque<_> = received.payments.iter().copied().collect();
    let mut matched = Matched {
        instalments: Vec::with_capacity(yields.len()),
        payable: Amount::zero(currency),
        due: Amount::zero(currency),
        interest: Fraction::ZERO,
        interest_nodes: Vec::new(),
        fallen_due: Vec::new(),
        not_yet_due: Vec::new(),
        left: received.total,
    };
    for part in yields {
        let mut stretches = Vec::new();
        let mut outstanding = part.earned;
        while outstanding.is_positive() {
            let Some((on, entry, amount)) = queue.pop_front() else { break };
            let used = Amount::new(amount.minor().min(outstanding.minor()), currency)?;
            outstanding = outstanding.checked_sub(used)?;
            stretches.push(Stretch { amount: used, until: on });
            let rest = amount.checked_sub(used)?;
            if rest.is_positive() {
                queue.push_front((on, entry, rest));
            }
        }
        stretches.push(Stretch { amount: outstanding, until: terms.as_of });
        let payment = part.earned.checked_sub(outstanding)?;
        matched.left = matched.left.checked_sub(payment)?;
        matched.payable = matched.payable.checked_add(part.earned)?;
        let is_due = part.due_at <= terms.as_of;
        if let (Some(clause), true) = (part.late_interest, is_due)
            && let Some((value, node)) = interest(clause, &part.label, part.due_at, &stretches)?
        {
            matched.interest = matched.interest.checked_add(value)?;
            matched.interest_nodes.push(node);
        }
        if is_due {
            matched.due = matched.due.checked_add(part.earned)?;
            matched.fallen_due.push(part.derivation);
        } else {
            matched.due = matched.due.checked_add(payment)?;
            if payment.is_positive() {
                let label = format!("{} paid before its day", part.label);
                let rule = "a claim that is paid early is due with its payment";
                matched.fallen_due.push(Derivation::new(label, payment, rule));
            }
            matched.not_yet_due.push(part.derivation);
        }
        matched.instalments.push(Instalment {
            label: part.label,
            earned: part.earned,
            due_at: part.due_at,
            paid: payment,
            outstanding,
            overdue_days: overdue_days(part.due_at, outstanding, terms.as_of),
        });
    }
    Ok(matched)
}

fn overdue_days(due_at: Timestamp, outstanding: Amount, as_of: Timestamp) -> Option<u32> {
    if due_at > as_of || !outstanding.is_positive() {
        return None;
    }
    u32::try_from((as_of.as_millis() - due_at.as_millis()) / DAY_MS).ok()
}

/// What payments were applied to, and what is left of them.
fn payments(
    instalments: &[Instalment],
    received: Received,
    on_interest: i128,
    credit: Amount,
) -> Result<Derivation, RoyaltyError> {
    let mut applied: Vec<_> = instalments
        .iter()
        .filter(|part| part.paid.is_positive())
        .map(|part| {
            let label = format!("applied to {}", part.label);
            Derivation::new(label, part.paid, "payments pay what falls due first")
        })
        .collect();
    if on_interest > 0 {
        let amount = Amount::new(on_interest, credit.currency())?;
        applied.push(Derivation::new("applied to interest", amount, "interest is paid last"));
    }
    if credit.is_positive() {
        let rule = "what payments exceed everything earned by";
        applied.push(Derivation::new("credit", credit, rule));
    }
    Ok(Derivation::new("paid", received.total, "the sum of confirmed payments")
        .sources(received.sources)
        .children(applied))
}

/// A moment for people: the date alone where it is the start of a day.
pub(super) fn written(moment: Timestamp) -> String {
    if moment.as_millis().rem_euclid(DAY_MS) == 0 {
        format!("on {}", moment.date())
    } else {
        format!("at {moment}")
    }
}
