//! Whom the verifier trusts: the keys that whoever asks has from elsewhere. What is not named here
//! is taken on trust at most, and shown as such.

use crate::record::Thumbprint;
use crate::timestamp::{Certificate, TimestampError};
use crate::tlog::{self, CheckpointVerifier, Origin, WitnessPolicy};
use serde::Deserialize;
use thiserror::Error;

/// A policy that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Ledgers or witnesses that are not named as they must be.
    #[error(transparent)]
    Keys(#[from] tlog::PolicyError),
    /// A table of an authority without a certificate, or with something else.
    #[error("the policy cannot be read: an `[[authority]]` has a `certificate`, and nothing else")]
    Authority,
    /// A certificate that is not one.
    #[error("authority {place}: {error}")]
    Certificate {
        /// Which, from 1.
        place: usize,
        /// What is wrong with it.
        error: TimestampError,
    },
}

/// Whom to trust.
///
/// ```
/// use deedbook::evidence::Policy;
/// let policy = Policy::from_toml("quorum = 0\n")?;
/// assert_eq!(policy, Policy::default());
/// # Ok::<(), deedbook::evidence::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The registers whose keys are known; none: the key in the bundle is taken on trust. The
    /// witnesses, and how many of them must have cosigned the head of the log.
    pub witnesses: WitnessPolicy,
    /// The certificates to which time stamps must lead back in order not to be taken on trust.
    pub authorities: Vec<Certificate>,
    /// Whether a bundle is refused for which the register does not sign that nothing is left out.
    pub must_be_complete: bool,
}

/// What [`WitnessPolicy`] leaves to others.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    authority: Vec<Authority>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authority {
    certificate: String,
}

impl Policy {
    /// Reads a policy: the ledgers, witnesses and quorum of [`WitnessPolicy::from_toml`], and tables
    /// `[[authority]]`, each with a `certificate` in PEM.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let witnesses = WitnessPolicy::from_toml(text)?;
        let written: Written = toml::from_str(text).map_err(|_| PolicyError::Authority)?;
        let mut authorities = Vec::new();
        for (place, authority) in (1..).zip(written.authority) {
            let read = Certificate::all_from_file(authority.certificate.as_bytes());
            authorities.extend(read.map_err(|error| PolicyError::Certificate { place, error })?);
        }
        Ok(Self { witnesses, authorities, must_be_complete: false })
    }

    /// Whether a register with this key is one of those that are trusted. Nothing where none is
    /// named, so that there is nothing to compare with.
    pub(super) fn trusts(&self, found: &CheckpointVerifier) -> Option<bool> {
        let known = self.witnesses.ledgers();
        (!known.is_empty()).then(|| known.contains(found))
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
