//! Content Credentials (C2PA) of a file: what its manifest says, and whether the signature holds.
//!
//! Read by the crate `c2pa`, where the program was built with the feature of that name; otherwise the
//! answer is that it was not. Nothing is fetched from anywhere, and nobody is trusted but the
//! authorities that are passed in. A file that the crate cannot bear is broken, never the end of the
//! program.

#[cfg(feature = "c2pa")]
mod manifest_store;

use super::{MAX_TEXT_BYTES, ReadClaim};
use crate::record::{ClaimSource, Generation, Name, Parameter};
use std::collections::BTreeMap;
use std::fmt;

/// Largest file whose Content Credentials are read: all of it is hashed and kept in memory.
pub const MAX_CREDENTIALS_BYTES: usize = 256 * 1024 * 1024;

/// What there is to say about the Content Credentials of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// This program was built without the reader.
    NotBuilt,
    /// A kind of file, or one of a size, in which they are not looked for.
    NotRead {
        /// Why not.
        reason: &'static str,
    },
    /// The file has none.
    Absent,
    /// They are there, and something about them does not hold.
    Broken {
        /// The codes of what does not hold, as the specification of C2PA names them.
        failures: Vec<String>,
        /// What they say all the same, where that much can be read.
        manifest: Option<Box<CredentialManifest>>,
    },
    /// They hold together and with the file.
    Holds {
        /// Whether whoever signed is vouched for by an authority that was passed in.
        trusted: bool,
        /// What they say.
        manifest: Box<CredentialManifest>,
    },
}

/// The active manifest of a file: what it says of the file, and who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialManifest {
    /// What the manifest is called in the file.
    pub label: String,
    /// The programs that made it.
    pub generators: Vec<String>,
    /// The digital source types that its actions name.
    pub source_types: Vec<String>,
    /// Who vouches for whoever signed: the organisation in the certificate.
    pub issuer: Option<String>,
    /// Who signed: the common name in the certificate.
    pub common_name: Option<String>,
    /// When it was signed, as a time-stamping authority says.
    pub signed_at: Option<String>,
    /// The manifest as JSON, verbatim.
    pub json: String,
}

impl Credentials {
    /// The stable name of the state: `not_built`, `not_read`, `absent`, `broken`, `valid` or `trusted`.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::NotBuilt => "not_built",
            Self::NotRead { .. } => "not_read",
            Self::Absent => "absent",
            Self::Broken { .. } => "broken",
            Self::Holds { trusted: false, .. } => "valid",
            Self::Holds { trusted: true, .. } => "trusted",
        }
    }

    /// What they say, whether it holds or not.
    pub fn manifest(&self) -> Option<&CredentialManifest> {
        match self {
            Self::NotBuilt | Self::NotRead { .. } | Self::Absent => None,
            Self::Broken { manifest, .. } => manifest.as_deref(),
            Self::Holds { manifest, .. } => Some(manifest),
        }
    }

    /// The claim that a record keeps of them; none where the file has none, or they say more than is
    /// taken from a file.
    pub fn claim(&self) -> Option<ReadClaim> {
        let manifest = self.manifest().filter(|manifest| manifest.json.len() <= MAX_TEXT_BYTES)?;
        Some(ReadClaim {
            source: ClaimSource::C2pa,
            place: Name::new("C2PA manifest store").ok()?,
            fields: self.fields(),
            verbatim: manifest.json.clone().into_bytes(),
            generation: Generation::default(),
            prompts: Vec::new(),
        })
    }

    /// What does not hold.
    pub fn failures(&self) -> &[String] {
        match self {
            Self::Broken { failures, .. } => failures,
            Self::NotBuilt | Self::NotRead { .. } | Self::Absent | Self::Holds { .. } => &[],
        }
    }

    /// The fields of the claim that a record keeps, its validation among them; none where the file has
    /// no Content Credentials. Texts are shortened to what a name may be.
    pub fn fields(&self) -> BTreeMap<Parameter, Name> {
        let Some(manifest) = self.manifest() else {
            return BTreeMap::new();
        };
        let failures = self.failures().join(", ");
        let (generators, types) =
            (manifest.generators.join(", "), manifest.source_types.join(", "));
        let texts = [
            ("validation", Some(self.state())),
            ("failures", Some(failures.as_str())),
            ("manifest", Some(manifest.label.as_str())),
            ("generator", Some(generators.as_str())),
            ("digitalSourceType", Some(types.as_str())),
            ("issuer", manifest.issuer.as_deref()),
            ("commonName", manifest.common_name.as_deref()),
            ("signedAt", manifest.signed_at.as_deref()),
        ];
        let field = |(name, text): (&str, Option<&str>)| {
            Some((Parameter(Name::new(name).ok()?), name_of(text?)?))
        };
        texts.into_iter().filter_map(field).collect()
    }
}

/// A text as a name: without what a name may not have, and cut where it is too long.
fn name_of(text: &str) -> Option<Name> {
    let kept = text.chars().filter(|character| Name::new(format!("a{character}a")).is_ok());
    let kept: String = kept.take(Name::MAX_CHARS).collect();
    Name::new(kept.trim()).ok()
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt => f.write_str("not looked for: built without Content Credentials"),
            Self::NotRead { reason } => write!(f, "not looked for: {reason}"),
            Self::Absent => f.write_str("none"),
            Self::Broken { failures, .. } => write!(f, "broken: {}", failures.join(", ")),
            Self::Holds { trusted: true, .. } => f.write_str("valid, by a trusted signer"),
            Self::Holds { trusted: false, .. } => {
                f.write_str("valid, by a signer for whom nobody vouches here")
            }
        }
    }
}

/// Reads the Content Credentials of a file. `anchors` are certificates of authorities that may vouch for
/// signers, in PEM; nobody is trusted where none are given.
///
/// ```
/// use deedbook::intake::{Credentials, credentials};
/// let told = credentials(b"no picture", None);
/// assert!(matches!(told, Credentials::NotBuilt | Credentials::NotRead { .. }));
/// ```
pub fn credentials(bytes: &[u8], anchors: Option<&str>) -> Credentials {
    #[cfg(feature = "c2pa")]
    return manifest_store::read(bytes, anchors);
    #[cfg(not(feature = "c2pa"))]
    {
        // Without the reader there is nothing to do with them.
        let _ = (bytes, anchors);
        Credentials::NotBuilt
    }
}

#[cfg(test)]
mod tests;
