//! On whose word the origin of a work rests.

use serde::Serialize;

/// On whose word the origin of a work rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The provider of the contract attests a file of the work.
    AttestedByTheProvider,
    /// Other providers attest a file; the one of the contract does not, or there is no contract.
    AttestedByOthers,
    /// Nobody attests anything.
    CreatorsWordOnly,
}

impl Standing {
    /// Of a work with these attestations, each told by whether it is of the provider of its contract.
    ///
    /// ```
    /// use deedbook::narration::Standing;
    /// assert_eq!(Standing::of([false, true]), Standing::AttestedByTheProvider);
    /// assert_eq!(Standing::of([]), Standing::CreatorsWordOnly);
    /// ```
    pub fn of(by_the_provider: impl IntoIterator<Item = bool>) -> Self {
        let mut standing = Self::CreatorsWordOnly;
        for is_of_the_provider in by_the_provider {
            if is_of_the_provider {
                return Self::AttestedByTheProvider;
            }
            standing = Self::AttestedByOthers;
        }
        standing
    }

    /// In words, without a full stop.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::AttestedByTheProvider => "attested by the provider",
            Self::AttestedByOthers => "attested by others than the provider of a contract",
            Self::CreatorsWordOnly => "creator's word only",
        }
    }
}
