//! What comes out: lines, their periods and instalments, their derivation.

use super::{Derivation, Figure, SettlementSpan};
use crate::money::{Amount, Currency};
use crate::record::{Category, EntryNumber, Timestamp};

/// What is owed under one contract at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// For each work under a fee for each work, or where works are accounted for one by one, one
    /// line, in the order of works; else one line. Payments that cannot be matched with a work
    /// stand on a line without a work.
    pub lines: Vec<Line>,
}

/// One line of what is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The work, where the line is for one work.
    pub work: Option<EntryNumber>,
    /// The currency of every amount of the line.
    pub currency: Currency,
    /// What the clauses yield so far, before anything is held back, recouped or kept back.
    pub earned: Amount,
    /// What falls due of it in all, sooner or later, as far as it is known now: after reserve,
    /// recoupment, cap, withholding and threshold, with the instalments of guarantee and advance.
    pub payable: Amount,
    /// What of that has fallen due, or was paid before it did.
    pub due: Amount,
    /// Interest on what was, or is, paid late.
    pub interest: Amount,
    /// What is confirmed received.
    pub paid: Amount,
    /// Due and interest less paid; below zero where more was paid than that.
    pub owed: Amount,
    /// What of the payments exceeds everything payable, due or not, and the interest.
    pub credit: Amount,
    /// The next date on which something falls due that is not paid yet, and how much of it.
    pub next_due: Option<(Timestamp, Amount)>,
    /// The opening balance, where the account was moved here from elsewhere: its entry and its day.
    pub moved_in: Option<(EntryNumber, Timestamp)>,
    /// What falls due when, oldest first.
    pub instalments: Vec<Instalment>,
    /// The figures of each period, oldest first; none under a fee.
    pub periods: Vec<PeriodFigures>,
    /// How what is owed came about.
    pub derivation: Derivation,
}

/// A part of what is payable, with its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// The period, or what the fee is for.
    pub label: String,
    /// How much is payable; zero or more.
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

/// The figures of one settlement period, in the order of steps.
///
/// `payable = earned - against_guarantee - reserved + released - recouped - over_cap - withheld +
/// rolled_in - rolled_over`, to the minor unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodFigures {
    /// The period.
    pub span: SettlementSpan,
    /// Whether it is over.
    pub is_over: bool,
    /// Whether the contract's term ends with it.
    pub is_last: bool,
    /// Money received, converted.
    pub revenue: Figure,
    /// Revenue given back, converted.
    pub refunds: Figure,
    /// For each category that may be deducted and was spent on: what was spent, what was allowed.
    pub deductions: Vec<(Category, Figure, Figure)>,
    /// What was deducted from the base.
    pub deducted: Figure,
    /// What the clauses of rates yield, after loss, exact.
    pub yielded: Figure,
    /// What the guarantee adds, exact.
    pub top_up: Figure,
    /// Yield and top-up, fixed to the minor unit.
    pub earned: Amount,
    /// What of it the instalments of the guarantee pay already.
    pub against_guarantee: Amount,
    /// What is held back against returns.
    pub reserved: Amount,
    /// What is released of earlier reserves.
    pub released: Amount,
    /// What goes to the recoupment of advances.
    pub recouped: Amount,
    /// What exceeds the cap.
    pub over_cap: Amount,
    /// Tax that the payer keeps back.
    pub withheld: Amount,
    /// What rolled over from the period before.
    pub rolled_in: Amount,
    /// What rolls over to the next period.
    pub rolled_over: Amount,
    /// What is payable for the period.
    pub payable: Amount,
    /// When it falls due.
    pub due_at: Timestamp,
    /// What is still held back at its end.
    pub held_after: Amount,
    /// What is still unrecouped of advances at its end.
    pub unrecouped_after: Amount,
    /// What waits of losses at its end: of the base and of the yield; zero or less.
    pub loss_after: (Figure, Figure),
}
