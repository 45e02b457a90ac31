//! Evidence: what a part of a ledger shows, without the ledger.

mod attack;
mod bundle;
mod case;
mod command;
mod parts;
mod seen;
mod told;
