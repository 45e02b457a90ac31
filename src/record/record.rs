//! The closed set of records and their envelope.

use super::{
    Account, Assignment, Confirmation, Contract, KeyAdded, KeyRevoked, Ledger, Party, Payment,
    RecordError, SplitAgreed, Terms, TermsWithdrawn, Timestamp, Work,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};
use std::fmt;

/// The version of the record format that this program writes and reads.
const VERSION: u64 = 1;

/// What every record can answer about itself.
pub trait Body {
    /// What the statement is about, as it stands in the `sub` claim of its header: a handle, a
    /// digest, the identifier of another statement.
    fn subject(&self) -> String;

    /// When the fact took effect, where the record says it. Records without this moment take
    /// effect when they are registered.
    fn effective_at(&self) -> Option<Timestamp> {
        None
    }

    /// The rules that a record must keep whatever the ledger holds.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(&self) -> Result<(), RecordError>;
}

macro_rules! records {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// One record: what a statement says. The set is closed; a further kind is a line here, a
        /// file of its own, a rule of admission and a rule in `schema/record-v1.cddl`, and the
        /// compiler lists the places to decide.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Record {
            $($(#[$doc])* $variant($variant)),+
        }

        /// The kind of a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $variant),+
        }

        impl Kind {
            /// Every kind, in the order in which a story meets them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl Record {
            /// The kind.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$variant(_) => Kind::$variant),+
                }
            }

            fn body(&self) -> &dyn Body {
                match self {
                    $(Self::$variant(body) => body),+
                }
            }

            fn serialize_body<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant(body) => map.serialize_value(body)),+
                }
            }
        }

        impl Kind {
            fn deserialize_body<'de, M: MapAccess<'de>>(self, map: &mut M) -> Result<Record, M::Error> {
                match self {
                    $(Self::$variant => map.next_value().map(Record::$variant)),+
                }
            }
        }

        $(
            impl From<$variant> for Record {
                fn from(body: $variant) -> Self {
                    Self::$variant(body)
                }
            }
        )+
    };
}

records! {
    /// The opening of the ledger: its name, origin, key and registration policy.
    Ledger = "ledger",
    /// A party enrols with its first key.
    Party = "party",
    /// A party adds a key.
    KeyAdded = "key-added",
    /// A party revokes a key.
    KeyRevoked = "key-revoked",
    /// A provider publishes a version of a standard form.
    Terms = "terms",
    /// A provider withdraws a version from a moment on.
    TermsWithdrawn = "terms-withdrawn",
    /// A party accepts a version of a standard form.
    Contract = "contract",
    /// A creator registers a work.
    Work = "work",
    /// A co-creator signs the split of a work.
    SplitAgreed = "split-agreed",
    /// A holder assigns a share of its rights.
    Assignment = "assignment",
    /// A payer reports a payment.
    Payment = "payment",
    /// A payee confirms that a payment arrived.
    Confirmation = "confirmation",
    /// The party that owes the accounts reports revenue, expenses and refunds.
    Account = "account",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Record {
    /// What the statement is about; see [`Body::subject`].
    pub fn subject(&self) -> String {
        self.body().subject()
    }

    /// When the fact took effect; see [`Body::effective_at`].
    pub fn effective_at(&self) -> Option<Timestamp> {
        self.body().effective_at()
    }

    /// The rules that the record must keep by itself; see [`Body::check`].
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), RecordError> {
        self.body().check()
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("v", &VERSION)?;
        map.serialize_entry("kind", self.kind().name())?;
        map.serialize_key("record")?;
        self.serialize_body(&mut map)?;
        map.end()
    }
}

struct EnvelopeVisitor;

impl EnvelopeVisitor {
    fn expect_key<'de, M: MapAccess<'de>>(map: &mut M, key: &'static str) -> Result<(), M::Error> {
        match map.next_key::<String>()? {
            Some(found) if found == key => Ok(()),
            Some(found) => Err(de::Error::custom(format_args!(
                "key `{found}` where `{key}` must stand"
            ))),
            None => Err(de::Error::missing_field(key)),
        }
    }
}

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a map of `v`, `kind` and `record`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Record, M::Error> {
        Self::expect_key(&mut map, "v")?;
        let version: u64 = map.next_value()?;
        if version != VERSION {
            return Err(de::Error::custom(RecordError::Version { found: version }));
        }
        Self::expect_key(&mut map, "kind")?;
        let name: String = map.next_value()?;
        let kind = Kind::ALL
            .iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| de::Error::custom(format_args!("unknown kind of record `{name}`")))?;
        Self::expect_key(&mut map, "record")?;
        let record = kind.deserialize_body(&mut map)?;
        match map.next_key::<String>()? {
            Some(key) => Err(de::Error::custom(format_args!("unknown key `{key}`"))),
            None => Ok(record),
        }
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}
