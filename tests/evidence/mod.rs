//! Evidence: what a part of a ledger shows, without the ledger.

mod attack;
mod bundle;
mod case;
mod command;
mod compare;
mod compared;
mod gathered;
mod hostile;
pub(crate) mod parts;
pub(crate) mod report;
mod seen;
mod told;
