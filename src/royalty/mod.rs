//! What clauses yield: a pure function from (terms, dated events, dates) to figures, each with
//! its derivation.
//!
//! What it is for: [`profit_share`] and [`fee`] say what is earned, due, paid and owed under one
//! contract at a moment, and every figure carries a [`Derivation`] that a person can follow with
//! a pencil; [`split_remainder`] divides what remains among co-holders, [`derivative_split`] a
//! payment among the works that a work derives from. What it never does: read a clock, a file or a
//! ledger, know who the parties are, guess at an exchange rate, use floating point, or round
//! anywhere but where it is named below. The order in which events and receipts are handed in makes
//! no difference.
//!
//! # The order of steps of a profit share
//!
//! `schema/terms-v1.md` defines each step for those who compute it again. For each settlement period
//! of the UTC calendar in which something happens, oldest first:
//!
//! 1. *gross*, converted: revenue less refunds; it may be below zero;
//! 2. *deductions*: the allowed categories, up to their caps;
//! 3. *base*: gross, or gross less deductions; each kind of revenue its own where kinds have rates;
//! 4. *loss* of the base, `full` or `none`;
//! 5. *rate*: flat, by tiers, or for each unit; shares of expenses; *loss* of the yield; the greater
//!    or lesser of two clauses;
//! 6. *guarantee*, topped up, and what later periods recoup of that;
//! 7. *fixing*: the exact yields of all periods to date are summed and rounded by the rule that the
//!    terms name; the period's figure is that sum less what earlier periods fixed;
//! 8. *guarantee* in instalments, 9. *reserve and release*, 10. *recoupment*, 11. *cap*,
//!    12. *withholding*, 13. *threshold* with roll-over, in whole minor units;
//! 14. *payments* pay what falls due first; *late interest* on what is paid late.
//!
//! Each thing goes by the version of the terms that is in force on its own day: an event, an instalment,
//! a period on its last day. Terms that change within a period divide its steps 1 to 5; its loss and its
//! yield stay one sum.
//!
//! What a period yields before fixing is never below zero, because steps 4 and 5 carry or forget
//! what is; so the sum to date never falls, its rounding never falls, and no fixed figure is
//! below zero. The fixed figures of any number of periods differ from their exact sum by less
//! than one minor unit.
//!
//! Figures are fixed before the later steps and not after them, so that every line of a statement of
//! account is whole cents and adds up to the next.
//!
//! A period is due so many days after its end; what is paid before is due with its payment, so
//! that a payer who is early is not shown as owed money. Until it ends it has earned what the events so
//! far yield. No statement of account is closed here: an event dated into a period that is over
//! changes what that period yields, from the moment the event is known.

mod account;
mod called;
mod deduct;
mod derivation;
mod derivative;
mod error;
mod event;
mod exchange;
mod facts;
mod fee;
mod figure;
mod flow;
mod gross;
mod late;
mod minimum;
mod passed_on;
mod period_course;
mod period_statement;
mod period_yield;
mod proceeds;
mod proceeds_derivation;
mod profit_share;
mod receipt;
mod remainder;
mod rule_course;
mod scale;
mod settlement;
mod settlement_span;
mod sources;
mod statement_row;
mod tally;
mod term;
#[cfg(test)]
mod tests;
mod trial;

pub use account::{Account, Instalment, Line, PeriodFigures};
pub use called::Called;
pub use derivation::Derivation;
pub use derivative::{
    Derived, MAX_ANCESTORS, WorkPart, WorkShare, derivative_shares, derivative_split,
};
pub use error::RoyaltyError;
pub use event::{Categories, CategoryPlace, Event, MAX_CATEGORIES};
pub use exchange::{ExchangeRate, RateTable};
pub use facts::{Advance, Facts, Opening, Reached, Version};
pub use fee::{FeeObligation, FeeRefund, fee};
pub use figure::Figure;
pub use flow::{Flow, derivative_flows, receiving};
pub use gross::converted;
pub use passed_on::{PassedOn, passed_on};
pub use period_statement::{Claimed, Earned, PeriodLine, PeriodStatement, figures};
pub use proceeds::{Licensed, Onward, Proceeds, Received, WorkFacts, proceeds};
pub use profit_share::{GIVEN_BACK, MAX_PERIODS, MOVED_IN, changed_by, profit_share};
pub use receipt::Receipt;
pub use remainder::{
    Borne, Charge, ChargedPart, Dated, HeldPart, HeldStretch, HolderPart, Holders, Remainder,
    split_remainder,
};
pub use settlement_span::SettlementSpan;
pub use sources::{MAX_SHOWN_ENTRIES, Sources};
pub use statement_row::{Group, StatementRow};
pub use term::term_of;
pub use trial::trial;
