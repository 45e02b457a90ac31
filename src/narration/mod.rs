//! What statements and titles say, in plain words and in JSON.
//!
//! What it is for: one sentence for each statement, one for each holding and each passing of title,
//! the same whether a ledger is asked or a bundle of evidence is read. Whoever tells it passes in
//! what the entries are called ([`Naming`]). What it never does: look anything up by itself, read a
//! clock, a file or a database, or decide who is right.

mod change;
mod conflict;
mod fact;
mod holder;
pub(crate) mod json;
mod label;
mod moment;
mod naming;
mod sentence;
mod standing;
mod visible;

pub use change::ChangeOfTitle;
pub use conflict::Conflict;
pub use fact::Fact;
pub use holder::{Basis, Holder};
pub use label::{ContractLabel, TermsLabel, WorkLabel};
pub use moment::{Moments, day_or_moment};
pub use naming::Naming;
pub use sentence::sentence;
pub use standing::Standing;
pub use visible::{push_visible, visible};
