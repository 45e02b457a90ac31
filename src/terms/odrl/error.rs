//! Why a form cannot be said in ODRL.

use thiserror::Error;

/// A form that cannot be said in ODRL without leaving something out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OdrlError {
    /// A clause that JSON cannot hold.
    #[error("the clause `{clause}` cannot be written as JSON")]
    Clause {
        /// Its name in the profile.
        clause: &'static str,
    },
}
