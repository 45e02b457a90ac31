//! Title: who holds what of a work, since when, on what ground, as the ledger knew it when.
//!
//! What it is for: [`title`] folds the [`Fact`]s about one work into its [`Holding`]s and the
//! [`Change`]s that led to them, or says which fact cannot be part of the chain. What it never
//! does: read a clock, a file or a database, look at anybody else's work, round a share, or
//! decide whether there is a copyright at all. It records claims and contracts.

mod chain;
mod change;
mod error;
mod extent;
mod fact;
mod holding;
mod holdings;
#[cfg(test)]
mod tests;

pub use chain::{Title, title};
pub use change::Change;
pub use error::TitleError;
pub use fact::{Event, Fact, Regime, Registration};
pub use holding::{Ground, GroundKind, Holding, Status};

/// Most holdings that are kept of one work, those of the past included: far more than contracts
/// between people make, and few enough to answer at once.
pub const MAX_HOLDINGS: usize = 10_000;
