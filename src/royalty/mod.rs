//! What clauses yield: a pure function from (terms, dated events, dates) to figures, each with
//! its derivation.
//!
//! What it is for: [`profit_share`] and [`fee`] say what is earned, due, paid and owed under one
//! contract at a moment, and every figure carries a [`Derivation`] that a person can follow with
//! a pencil. What it never does: read a clock, a file or a ledger, know who the parties are,
//! guess at an exchange rate, use floating point, or round anywhere but at the one place named
//! below. The order in which events and receipts are handed in makes no difference.
//!
//! # The order of steps of a profit share
//!
//! For each settlement period of the UTC calendar that has an event, oldest first:
//!
//! 1. *gross*: revenue less refunds. It may be below zero. (Conversion into the settlement
//!    currency belongs here; until then an event of another currency is refused.)
//! 2. *deductions*: expenses of the categories that the terms allow, where the base is net.
//!    Expenses of other categories are shown as left out. (Caps on deductions belong here.)
//! 3. *base*: gross less deductions.
//! 4. *loss*, `full` or `none`: with `full` a base below zero is carried, and later bases are
//!    reduced by what was carried until it is used up; with `none` a base below zero counts as
//!    zero and is forgotten.
//! 5. *rate*: the rate times the base after loss, exact. (Tiers belong here.)
//! 6. *loss*, `share`: the rate applies to the base below zero as well; the yield below zero is
//!    carried and reduces later yields until it is used up. This is step 4 after the rate, and
//!    the ways part where the rate differs between periods.
//! 7. (Places for the minimum guarantee, reserve and release, recoupment of an advance, cap,
//!    withholding, threshold with roll-over, in this order.)
//! 8. *fixing*: the exact yields of all periods to date are summed and rounded by the rule that
//!    the terms name; the period's figure is that sum less what earlier periods fixed.
//! 9. *payments*: receipts pay the oldest instalment first. (Late interest belongs here.)
//!
//! What a period yields before fixing is never below zero, because steps 4 and 6 carry or forget
//! what is; so the sum to date never falls, its rounding never falls, and no fixed figure is
//! below zero. The fixed figures of any number of periods differ from their exact sum by less
//! than one minor unit.
//!
//! A period is due so many days after its end; what is paid before is due with its payment, so
//! that a payer who is early is not shown as owed money. Until it ends it has earned what the events so
//! far yield. No statement of account is closed yet: an event dated into a period that is over
//! changes what that period yields, from the moment the event is known.

mod account;
mod derivation;
mod error;
mod event;
mod fee;
mod figure;
mod profit_share;
mod receipt;
mod settlement;
mod settlement_span;
mod sources;
mod tally;
#[cfg(test)]
mod tests;

pub use account::{Account, Instalment, Line};
pub use derivation::Derivation;
pub use error::RoyaltyError;
pub use event::Event;
pub use fee::{FeeObligation, fee};
pub use figure::Figure;
pub use profit_share::profit_share;
pub use receipt::Receipt;
pub use settlement_span::SettlementSpan;
pub use sources::{MAX_SHOWN_ENTRIES, Sources};
