//! Whom the verifier trusts: the keys that whoever asks has from elsewhere. What is not named here
//! is taken on trust at most, and shown as such.

use crate::record::Thumbprint;
use crate::tlog::{CheckpointVerifier, Origin, TlogError};
use serde::Deserialize;
use thiserror::Error;

/// Longest policy that is read, in bytes.
const MAX_POLICY_SIZE_BYTES: usize = 64 * 1024;

/// A policy that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Longer than any policy.
    #[error("the policy has {found} bytes, must have at most {MAX_POLICY_SIZE_BYTES}")]
    TooLarge {
        /// Bytes.
        found: usize,
    },
    /// Not the TOML of a policy.
    #[error("the policy cannot be read: {reason}")]
    Malformed {
        /// Where, and what was expected.
        reason: String,
    },
    /// A text that is not the key of a register.
    #[error("`{key}` is not the key of a register: {error}")]
    Register {
        /// What the policy says, escaped.
        key: String,
        /// What is wrong with it.
        error: TlogError,
    },
}

/// Whom to trust.
///
/// ```
/// use deedbook::evidence::Policy;
/// let policy = Policy::from_toml("registers = []\n")?;
/// assert_eq!(policy, Policy::default());
/// # Ok::<(), deedbook::evidence::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The registers whose keys are known; none: the key in the bundle is taken on trust.
    pub registers: Vec<String>,
    /// Whether a bundle that does not prove to have everything is refused.
    pub must_be_complete: bool,
}

/// A policy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    registers: Vec<String>,
    #[serde(default)]
    must_be_complete: bool,
}

impl Policy {
    /// Reads a policy.
    ///
    /// `registers` lists verifier keys as C2SP signed-note writes them, `name+id+key`;
    /// `must_be_complete = true` refuses a bundle without the register's word that nothing is left
    /// out.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_POLICY_SIZE_BYTES {
            return Err(PolicyError::TooLarge { found: text.len() });
        }
        let written: Written = toml::from_str(text).map_err(|error| {
            let reason = error.message().chars().flat_map(char::escape_default).collect();
            PolicyError::Malformed { reason }
        })?;
        Ok(Self {
            registers: written.registers,
            must_be_complete: written.must_be_complete,
        })
    }

    /// Whether a register with this key is one of those that are trusted. Nothing where none is
    /// named, so that there is nothing to compare with.
    pub(super) fn trusts(&self, found: &CheckpointVerifier) -> Option<bool> {
        (!self.registers.is_empty()).then(|| self.registers.contains(&found.verifier_key()))
    }
}

/// The key of the register, and why it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerKey {
    /// The name in its checkpoints.
    pub origin: Origin,
    /// The key, as a policy names it.
    pub verifier_key: String,
    /// The fingerprint of the key (RFC 9679).
    pub thumbprint: Thumbprint,
    /// Whether the policy names it; otherwise it was found in the bundle and is taken on trust.
    pub is_trusted: bool,
}
