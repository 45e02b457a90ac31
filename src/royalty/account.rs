//! What comes out: lines, their instalments, their derivation.

use super::Derivation;
use crate::money::{Amount, Currency};
use crate::record::{EntryNumber, Timestamp};

/// What is owed under one contract at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// For each work under a fee for each work, one line, in the order of works; else one line.
    /// Payments that a fee for each work cannot be matched with stand on a line without a work.
    pub lines: Vec<Line>,
}

/// One line of what is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The work, where the line is for one work.
    pub work: Option<EntryNumber>,
    /// The currency of every amount of the line.
    pub currency: Currency,
    /// What the clauses yield so far.
    pub earned: Amount,
    /// What of it has fallen due, or was paid before it did.
    pub due: Amount,
    /// What is confirmed received.
    pub paid: Amount,
    /// Due less paid; below zero where more was paid than was earned.
    pub owed: Amount,
    /// What of the payments exceeds everything earned, due or not.
    pub credit: Amount,
    /// The next date on which something falls due that is not paid yet, and how much of it.
    pub next_due: Option<(Timestamp, Amount)>,
    /// What falls due when, oldest first.
    pub instalments: Vec<Instalment>,
    /// How what is owed came about.
    pub derivation: Derivation,
}

/// A part of what is earned, with its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// The period, or what the fee is for.
    pub label: String,
    /// How much; zero or more.
    pub earned: Amount,
    /// The moment at which it falls due; as payment in time counts what came before.
    pub due_at: Timestamp,
    /// What payments cover of it.
    pub paid: Amount,
    /// Earned less paid; zero or more.
    pub outstanding: Amount,
    /// Whole days since it fell due, where something is outstanding; nothing where it is not due
    /// or is paid.
    pub overdue_days: Option<u32>,
}
