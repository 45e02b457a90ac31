//! Evidence: what a part of a ledger shows, without the ledger.

mod attack;
mod bundle;
mod case;
mod closed;
mod command;
mod compare;
mod compared;
mod creation;
mod gathered;
mod hostile;
mod limit;
mod money;
mod mutation;
mod opposing;
pub(crate) mod parts;
pub(crate) mod report;
mod seen;
mod told;
