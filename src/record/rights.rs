//! Kinds of right: the economic rights of the Copyright Law of the People's Republic of China.

use super::RecordError;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

macro_rules! rights {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// One economic right (Copyright Law of the PRC as amended in 2020, Article 10(1), items
        /// 5 to 17). Moral rights, items 1 to 4, are left out because they cannot be transferred.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Right {
            $($(#[$doc])* $variant),+
        }

        impl Right {
            /// Every right, in the order of the statute.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

rights! {
    /// Item 5: making copies.
    Reproduction = "reproduction",
    /// Item 6: giving copies to the public by sale or gift.
    Distribution = "distribution",
    /// Item 7: renting out audiovisual works and software.
    Rental = "rental",
    /// Item 8: showing originals or copies of works of art and photographs in public.
    Exhibition = "exhibition",
    /// Item 9: performing in public.
    Performance = "performance",
    /// Item 10: showing by projector.
    Projection = "projection",
    /// Item 11: broadcasting.
    Broadcasting = "broadcasting",
    /// Item 12: making available on an information network.
    NetworkDissemination = "network-dissemination",
    /// Item 13: fixing an adaptation as an audiovisual work.
    Filming = "filming",
    /// Item 14: making a new work out of it.
    Adaptation = "adaptation",
    /// Item 15: translating into another language.
    Translation = "translation",
    /// Item 16: compiling into a collection.
    Compilation = "compilation",
    /// Item 17: other rights that belong to the holder.
    Other = "other",
}

impl FromStr for Right {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        Self::ALL
            .iter()
            .copied()
            .find(|right| right.name() == text)
            .ok_or_else(|| RecordError::Right { found: text.to_owned() })
    }
}

/// A set of rights, never empty. In records: `"all"`, or the names in the order of the statute.
///
/// ```
/// use deedbook::record::{Right, Rights};
/// let some: Rights = "translation,adaptation".parse().unwrap();
/// assert_eq!(some.to_string(), "adaptation,translation");
/// assert!(Rights::ALL.contains(Right::Translation));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rights(u16);

impl Rights {
    /// All economic rights.
    pub const ALL: Self = Self((1 << Right::ALL.len()) - 1);

    /// The set of these rights; nothing when there are none.
    pub fn of(rights: impl IntoIterator<Item = Right>) -> Option<Self> {
        Self::from_bits(rights.into_iter().fold(0, |bits, right| bits | 1 << right as u8))
    }

    /// The set with these bits, bit 0 being the first right of the statute; nothing for the empty
    /// set or an unknown bit.
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits == 0 || bits > Self::ALL.0 { None } else { Some(Self(bits)) }
    }

    /// The bits of the set.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether the right is in the set.
    pub const fn contains(self, right: Right) -> bool {
        self.0 & (1 << right as u8) != 0
    }

    /// What both sets hold.
    pub const fn intersection(self, other: Self) -> Option<Self> {
        Self::from_bits(self.0 & other.0)
    }

    /// What this set holds and the other does not.
    pub const fn difference(self, other: Self) -> Option<Self> {
        Self::from_bits(self.0 & !other.0)
    }

    /// The rights, in the order of the statute.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |right| self.contains(*right))
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("all");
        }
        for (index, right) in self.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { "," }, right.name())?;
        }
        Ok(())
    }
}

impl FromStr for Rights {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        if text == "all" {
            return Ok(Self::ALL);
        }
        let rights = text.split(',').map(str::parse).collect::<Result<Vec<Right>, _>>()?;
        Self::of(rights).ok_or_else(|| RecordError::Right { found: text.to_owned() })
    }
}

impl Serialize for Rights {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::ALL {
            serializer.serialize_str("all")
        } else {
            // Through a vector: of an iterator without a known length the array would be indefinite.
            let names: Vec<_> = self.iter().map(Right::name).collect();
            names.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Rights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = super::territory::AllOr::deserialize(deserializer)?;
        names.joined().parse().map_err(de::Error::custom)
    }
}
