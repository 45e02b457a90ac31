//! From what is earned and what is received to what is owed.

use super::{Derivation, Figure, Instalment, Line, Receipt, RoyaltyError, Sources};
use crate::money::{Amount, Currency};
use crate::record::{EntryNumber, Timestamp};

const DAY_MS: i64 = 86_400_000;

/// What one period or one fee yields.
pub(super) struct Yield {
    /// The period, or what the fee is for.
    pub(super) label: String,
    /// How much; zero or more.
    pub(super) earned: Amount,
    /// When it falls due.
    pub(super) due_at: Timestamp,
    /// How it came about.
    pub(super) derivation: Derivation,
}

/// The payments of one line.
pub(super) struct Received {
    total: Amount,
    sources: Sources,
}

impl Received {
    /// None yet.
    pub(super) fn none(currency: Currency) -> Self {
        Self { total: Amount::zero(currency), sources: Sources::none() }
    }

    /// Counts one payment.
    pub(super) fn add(&mut self, receipt: &Receipt) -> Result<(), RoyaltyError> {
        self.total = self.total.checked_add(receipt.amount)?;
        self.sources.add(receipt.entry);
        Ok(())
    }
}

/// Lets payments pay what falls due first and draws the line at a moment. The yields must come
/// in the order in which they fall due.
pub(super) fn settle(
    work: Option<EntryNumber>,
    yields: Vec<Yield>,
    received: Received,
    as_of: Timestamp,
) -> Result<Line, RoyaltyError> {
    let paid = received.total;
    let currency = paid.currency();
    let (mut earned, mut due) = (Amount::zero(currency), Amount::zero(currency));
    let mut credit = paid;
    let mut instalments = Vec::with_capacity(yields.len());
    let (mut fallen_due, mut not_yet_due) = (Vec::new(), Vec::new());
    for part in yields {
        let payment = Amount::new(credit.minor().min(part.earned.minor()), currency)?;
        credit = credit.checked_sub(payment)?;
        earned = earned.checked_add(part.earned)?;
        if part.due_at <= as_of {
            due = due.checked_add(part.earned)?;
            fallen_due.push(part.derivation);
        } else {
            due = due.checked_add(payment)?;
            if payment.is_positive() {
                let label = format!("{} paid before its day", part.label);
                let rule = "a claim that is paid early is due with its payment";
                fallen_due.push(Derivation::new(label, payment, rule));
            }
            not_yet_due.push(part.derivation);
        }
        let outstanding = part.earned.checked_sub(payment)?;
        instalments.push(Instalment {
            label: part.label,
            earned: part.earned,
            due_at: part.due_at,
            paid: payment,
            outstanding,
            overdue_days: overdue_days(part.due_at, outstanding, as_of),
        });
    }
    let owed = due.checked_sub(paid)?;
    let mut steps = vec![
        Derivation::new("due", due, "the sum of what has fallen due").children(fallen_due),
        payments(&instalments, received, credit),
    ];
    if !not_yet_due.is_empty() {
        let rule = "earned so far; counts when it falls due";
        let step = Derivation::new("not yet due", earned.checked_sub(due)?, rule);
        steps.push(step.children(not_yet_due));
    }
    let (left, right) = (Figure::from(due).number(), Figure::from(paid).number());
    let derivation = Derivation::new("owed", owed, "due less paid")
        .working(format!("{left} - {right}"))
        .children(steps);
    let next_due = instalments
        .iter()
        .find(|part| part.due_at > as_of && part.outstanding.is_positive())
        .map(|part| (part.due_at, part.outstanding));
    Ok(Line { work, currency, earned, due, paid, owed, credit, next_due, instalments, derivation })
}

fn overdue_days(due_at: Timestamp, outstanding: Amount, as_of: Timestamp) -> Option<u32> {
    if due_at > as_of || !outstanding.is_positive() {
        return None;
    }
    u32::try_from((as_of.as_millis() - due_at.as_millis()) / DAY_MS).ok()
}

/// What payments were applied to, and what is left of them.
fn payments(instalments: &[Instalment], received: Received, credit: Amount) -> Derivation {
    let mut applied: Vec<_> = instalments
        .iter()
        .filter(|part| part.paid.is_positive())
        .map(|part| {
            let label = format!("applied to {}", part.label);
            Derivation::new(label, part.paid, "payments pay what falls due first")
        })
        .collect();
    if credit.is_positive() {
        let rule = "what payments exceed everything earned by";
        applied.push(Derivation::new("credit", credit, rule));
    }
    Derivation::new("paid", received.total, "the sum of confirmed payments")
        .sources(received.sources)
        .children(applied)
}

/// A moment for people: the date alone where it is the start of a day.
pub(super) fn written(moment: Timestamp) -> String {
    if moment.as_millis().rem_euclid(DAY_MS) == 0 {
        format!("on {}", moment.date())
    } else {
        format!("at {moment}")
    }
}
