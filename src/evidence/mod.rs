//! Evidence that stands by itself: what a few entries of a ledger show, without the ledger.
//!
//! What it is for: [`Case`] takes a part of a ledger's entries through the same admission as the
//! ledger did, and tells what follows: title, creation, money, claims that conflict. What it never
//! does: read a ledger, a clock or the network, or decide who is right: statements are claims and
//! contracts, and what a court makes of them is another matter.

mod case;
mod case_error;
mod case_money;
mod case_names;
mod compare;
mod comparison;
mod report;

pub use case::{Case, CaseTitle};
pub use case_error::CaseError;
pub use case_money::{CaseAccount, CasePayment};
pub use compare::{Side, compare};
pub use comparison::{
    Agreement, ClaimedWork, Comparison, DifferingEntry, Earlier, Fork, Head, Heads, OneSided,
    Order, SharedContent, SharedStatement,
};
pub use report::{Cosigned, Proof, TimeStamped, report};
