//! What a file says of itself, as a reader found it in the file.

use super::{Commitment, Generation, Name, Parameter, RecordError};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

const MAX_FIELDS: usize = 200;

/// A claim that stands in the file itself: where, after whose convention, and what was read from it.
///
/// Anybody can write such a claim into a file. It is recorded because it stood there when the file was
/// registered, and for no other reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileClaim {
    /// Where in the file it stands: `tEXt parameters`, `Exif UserComment`, `alpha channel`.
    pub place: Name,
    /// What it says besides the generation, name by name, such as the members of a label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Parameter, Name>,
    /// Whose convention it follows.
    pub source: ClaimSource,
    /// A salted commitment to the exact bytes of the claim, which may hold prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<Commitment>,
    /// How the file says that it was generated; prompts are commitments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
}

/// Whose convention a claim follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimSource {
    /// AUTOMATIC1111 and the programs that write as it does.
    #[serde(rename = "automatic1111")]
    Automatic1111,
    /// ComfyUI: the executed prompt and the workflow.
    #[serde(rename = "comfyui")]
    ComfyUi,
    /// InvokeAI, in each of its forms.
    #[serde(rename = "invokeai")]
    InvokeAi,
    /// NovelAI.
    #[serde(rename = "novelai")]
    NovelAi,
    /// Fooocus.
    Fooocus,
    /// IPTC Photo Metadata 2025.1: the fields on AI, and the digital source type.
    Iptc,
    /// The implicit label of GB 45438-2025.
    AigcLabel,
    /// A C2PA manifest with its validation.
    C2pa,
}

impl ClaimSource {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automatic1111 => "automatic1111",
            Self::ComfyUi => "comfyui",
            Self::InvokeAi => "invokeai",
            Self::NovelAi => "novelai",
            Self::Fooocus => "fooocus",
            Self::Iptc => "iptc",
            Self::AigcLabel => "aigc-label",
            Self::C2pa => "c2pa",
        }
    }
}

impl fmt::Display for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FileClaim {
    pub(super) fn check(&self) -> Result<(), RecordError> {
        let found = self.fields.len();
        if found > MAX_FIELDS {
            let what = "fields of a claim";
            return Err(RecordError::List { what, found, needed: "at most 200" });
        }
        self.generation.as_ref().map_or(Ok(()), Generation::check)
    }
}
