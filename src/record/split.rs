//! A co-creator signs the split of a work.

use super::{Body, RecordError, RecordId};
use serde::{Deserialize, Serialize};

/// The signer agrees to the shares that a registration names. Until every creator has, nobody can
/// dispose of a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitAgreed {
    /// The registration.
    pub work: RecordId,
}

impl Body for SplitAgreed {
    fn subject(&self) -> String {
        format!("work:{}", self.work)
    }

    fn check(&self) -> Result<(), RecordError> {
        Ok(())
    }
}
