//! A label, gone out: a copy of a file that says of itself that it is generated.

use super::{Body, Digest, Name, RecordError, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A party wrote the implicit label of GB 45438-2025 into a copy of a file, and perhaps the digital
/// source type of IPTC with it. The entries of this kind are the log of labelling; since nothing is
/// ever deleted, it lasts longer than the six months that Article 9 of the Measures for Labelling
/// AI-Generated Synthetic Content asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labelled {
    /// The work of which it is a file, on the word of whoever signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<RecordId>,
    /// The label as it stands in the copy.
    pub label: ImplicitLabel,
    /// Where in the copy it stands.
    pub carrier: Carrier,
    /// BLAKE3-256 of the copy.
    pub labelled: Digest,
    /// BLAKE3-256 of the file that was copied.
    pub original: Digest,
    /// The digital source type that the copy names, where its format has a place for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<SourceType>,
    /// When the copy was made.
    pub effective_at: Timestamp,
    /// To whom it was provided without a label that people see, where somebody asked for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_explicit: Option<WithoutExplicit>,
}

/// The members of the label `AIGC` of GB 45438-2025, Annex E, without its two reserved codes, whose
/// form the standard leaves to whoever writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImplicitLabel {
    /// `Label`: how sure it is that the content is generated.
    pub label: Certainty,
    /// `ContentProducer`: name or code of the service that generated it.
    pub producer: Name,
    /// `ProduceID`: the number that it gave the content.
    pub produce_id: Name,
    /// `ContentPropagator`: name or code of the service that passed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagator: Option<Name>,
    /// `PropagateID`: the number that it gave the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagate_id: Option<Name>,
}

/// What Article 9 of the Labelling Measures asks to be kept: whom the content was provided to without
/// an explicit label, under an agreement that makes the duty to label that of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithoutExplicit {
    /// The contract that makes duties and responsibility plain to the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<RecordId>,
    /// The pseudonym of the user who asked for it, never a name or an address.
    pub recipient: Name,
}

macro_rules! names {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $text:literal, $value:literal),+ $(,)?
        } $value_doc:literal $value_name:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            #[doc = $value_doc]
            pub const fn $value_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $value),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// How sure it is that a content is generated (GB 45438-2025, Annex E; Labelling Measures, Article 6).
    Certainty {
        /// It is generated: by whoever generated it, or by a label that it bears.
        Generated = "generated", "1",
        /// It may be: whoever uploaded it says so.
        Possible = "possible", "2",
        /// It is suspected to be: traces of it were found.
        Suspected = "suspected", "3",
    } "The value of `Label`." value
}

names! {
    /// A digital source type of IPTC NewsCodes that speaks of generated content.
    SourceType {
        /// Made by a model from its training.
        Generated = "generated", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        /// Made of several parts, at least one of them by a model.
        Composite = "composite",
            "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    } "The concept's address." uri
}

names! {
    /// Where in a file the label stands.
    Carrier {
        /// The property `TC260:AIGC` of an XMP packet (TC260-PG-20259A).
        Xmp = "xmp", "XMP TC260:AIGC",
        /// A text of a PNG with the keyword `AIGC` (TC260-PG-20259A, Annex B).
        PngText = "png-text", "PNG text AIGC",
        /// The key `AIGC` in the metadata of an MP4 (TC260-PG-20257A).
        Mp4 = "mp4", "moov.udta.meta AIGC",
        /// The mapping `AIGC` at the head of a Markdown file (TC260-PG-20258A).
        FrontMatter = "front-matter", "front matter AIGC",
    } "The place, in words." place
}

impl Body for Labelled {
    fn subject(&self) -> String {
        match self.work {
            Some(work) => format!("work:{work}"),
            None => format!("content:{}", self.original),
        }
    }

    fn effective_at(&self) -> Option<Timestamp> {
        Some(self.effective_at)
    }

    fn check(&self) -> Result<(), RecordError> {
        let out_of_range = |what, found, needed| RecordError::OutOfRange { what, found, needed };
        if self.labelled == self.original {
            let found = self.labelled.to_string();
            return Err(out_of_range("labelled copy", found, "another file than the original"));
        }
        match (&self.label.propagator, &self.label.propagate_id) {
            (Some(_), Some(_)) | (None, _) => Ok(()),
            (Some(propagator), None) => {
                let needed = "one that gave the content a number";
                Err(out_of_range("propagator of a label", propagator.to_string(), needed))
            }
        }
    }
}
