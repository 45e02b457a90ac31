//! What was done with a work to make another one of it.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $phrase:literal);+ $(;)?) => {
        /// What was done with a work to make another one of it. What that needs the leave of whom for
        /// is the law's question, and a licence's.
        ///
        /// ```
        /// use deedbook::record::DerivationKind;
        /// assert_eq!(DerivationKind::named("training-input"), Some(DerivationKind::TrainingInput));
        /// assert_eq!(DerivationKind::Edit.in_words(), "edited from");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum DerivationKind {
            $($(#[$doc])* $variant),+
        }

        impl DerivationKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What stands between the work and the one that it was made from.
            pub const fn in_words(self) -> &'static str {
                match self {
                    $(Self::$variant => $phrase),+
                }
            }
        }
    };
}

kinds! {
    /// Changed by hand or by a program.
    Edit = "edit", "edited from";
    /// Enlarged, with details that were not there.
    Upscale = "upscale", "upscaled from";
    /// Parts of it generated anew.
    Inpaint = "inpaint", "inpainted from";
    /// Translated.
    Translation = "translation", "translated from";
    /// Taken into a collection.
    Compilation = "compilation", "compiled from";
    /// A model was trained or tuned with it.
    TrainingInput = "training-input", "made with a model trained on";
    /// A later version of the same work, by its creators.
    Version = "version", "a later version of";
}

impl DerivationKind {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for DerivationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
