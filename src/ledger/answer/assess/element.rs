//! The elements of the checklist, in its order. Says what each asks and nothing about a work.

use serde::{Serialize, Serializer};

macro_rules! elements {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $question:literal);+ $(;)?) => {
        /// What decisions looked at in a creation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Element {
            $($(#[$doc])* $variant),+
        }

        impl Element {
            /// Every element.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What it asks.
            pub const fn question(self) -> &'static str {
                match self {
                    $(Self::$variant => $question),+
                }
            }
        }
    };
}

elements! {
    /// Tool, model and version.
    Tool = "tool", "Which tool, model and version";
    /// Account and login.
    Account = "account", "Whose account, with what proof of login";
    /// Prompts and parameters.
    Prompts = "prompts", "Every prompt and parameter, with its time";
    /// Rejected attempts.
    Attempts = "attempts", "The attempts, and which were rejected";
    /// Why this one.
    Selection = "selection", "Why this one was chosen";
    /// Changes by hand.
    Edits = "edits", "What was changed by hand, before and after";
    /// Terms in force.
    Terms = "terms", "Which terms were in force, and how they were accepted";
    /// Others.
    Others = "others", "Who else took part";
    /// First publication.
    FirstPublication = "first-publication", "Where and when it was first published";
    /// Registration elsewhere.
    RegisteredElsewhere = "registered-elsewhere", "Whether it was registered elsewhere";
    /// AI origin.
    AiOrigin = "ai-origin", "Whether its AI origin was stated";
}

impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
