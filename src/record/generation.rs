//! How a work was generated, as its creator tells it.

use super::{Commitment, Name, RecordError};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap, fmt};

const MAX_PARAMETERS: usize = 200;
const MAX_PROMPTS: usize = 200;
const MAX_LORAS: usize = 50;

/// Model, parameters and commitments to the prompts. The prompts themselves stay in the vault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    /// The seed of the random numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The program that ran the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<Name>,
    /// The low-rank adaptations (LoRA) of the model with their weights, as the tool writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loras: Vec<Name>,
    /// The model and its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Name>,
    /// The pseudonym of the account with the provider, never a name or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Name>,
    /// Commitments to the prompts, in the order in which they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<Prompt>,
    /// Further parameters: steps, guidance, sampler, size.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<Parameter, Name>,
    /// The digest of the model, as the tool writes it, which may be shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_digest: Option<Name>,
}

/// A commitment to one prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// What the prompt was for.
    pub role: PromptRole,
    /// The salted commitment.
    pub commitment: Commitment,
}

/// What a prompt was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PromptRole {
    /// What the picture should show.
    Prompt,
    /// What it should not show.
    Negative,
}

impl fmt::Display for PromptRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prompt => "prompt",
            Self::Negative => "negative prompt",
        })
    }
}

/// The name of a parameter. Ordered as deterministic CBOR orders map keys: by length, then bytes.
///
/// ```
/// use deedbook::record::{Name, Parameter};
/// let [seed, steps, sampler] = ["seed", "steps", "sampler"].map(|n| Parameter(Name::new(n).unwrap()));
/// assert!(seed < steps && steps < sampler);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameter(pub Name);

impl Ord for Parameter {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.0.as_str(), other.0.as_str());
        a.len().cmp(&b.len()).then_with(|| a.cmp(b))
    }
}

impl PartialOrd for Parameter {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Generation {
    pub(super) fn check(&self) -> Result<(), RecordError> {
        for (what, found, max, needed) in [
            ("parameters", self.parameters.len(), MAX_PARAMETERS, "at most 200"),
            ("prompts", self.prompts.len(), MAX_PROMPTS, "at most 200"),
            ("LoRAs", self.loras.len(), MAX_LORAS, "at most 50"),
        ] {
            if found > max {
                return Err(RecordError::List { what, found, needed });
            }
        }
        if *self == Self::default() {
            return Err(RecordError::List {
                what: "generation",
                found: 0,
                needed: "something told, or left out",
            });
        }
        Ok(())
    }
}
