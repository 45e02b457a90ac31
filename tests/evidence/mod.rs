//! Evidence: what a part of a ledger shows, without the ledger.

mod case;
