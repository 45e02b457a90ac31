//! Title: who holds what of a work, since when, on what ground. Pure.

mod error;
mod fact;
mod holding;

pub use error::{Title, TitleError, title};
pub use fact::{Event, Fact, Regime, Registration};
pub use holding::{Ground, GroundKind, Holding, Status};
