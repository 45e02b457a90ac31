//! Evidence: what a part of a ledger shows, without the ledger.

mod attack;
mod bundle;
mod case;
mod command;
mod compare;
mod compared;
mod gathered;
mod hostile;
mod money;
mod mutation;
pub(crate) mod parts;
pub(crate) mod report;
mod seen;
mod told;
