//! The closed set of records and their envelope.

use super::error::malformed;
use super::{
    Account, Assignment, Attestation, Commitment, Committed, Confirmation, Contract, Correction,
    ExchangeRate, KeyAdded, KeyRevoked, Labelled, Ledger, Licence, Opening, OpeningAgreed, Party,
    Payment, RecordError, SessionStarted, SessionSteps, SessionStopped, SplitAgreed,
    StatementAccepted, StatementClosed, StatementDisputed, Terms, TermsWithdrawn, Timestamp, Work,
};
use crate::cbor::{Item, Reader, push, push_text};
use serde::de::DeserializeOwned;
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

    /// The commitments to texts that are kept apart, in the order in which they are read.
    fn committed(&self) -> Vec<Committed<'_>> {
        Vec::new()
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
        ///
        /// ```
        /// use deedbook::record::{Kind, Record, RecordId, SplitAgreed};
        /// let record = Record::from(SplitAgreed { work: RecordId::of(b"a registration") });
        /// assert_eq!(record.kind(), Kind::SplitAgreed);
        /// assert!(record.subject().starts_with("work:"));
        /// ```
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

            fn write_body(&self, out: &mut Vec<u8>) -> Result<(), RecordError> {
                let written = match self {
                    $(Self::$variant(body) => ciborium::into_writer(body, out)),+
                };
                written.map_err(|error| malformed(error.to_string()))
            }
        }

        impl Kind {
            fn read_body(self, bytes: &[u8]) -> Result<Record, RecordError> {
                match self {
                    $(Self::$variant => read(bytes).map(Record::$variant)),+
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
    /// A holder lets others make works out of a work.
    Licence = "licence",
    /// A provider says what its service made, for which account and by which model.
    Attestation = "attestation",
    /// A party labels a copy of a file as generated.
    Labelled = "labelled",
    /// A payer reports a payment.
    Payment = "payment",
    /// A payee confirms that a payment arrived.
    Confirmation = "confirmation",
    /// The party that owes the accounts reports revenue, expenses and refunds.
    Account = "account",
    /// That party reverses a line of account.
    Correction = "correction",
    /// A side of a contract says where its accounts stood when they moved here.
    Opening = "opening",
    /// The other side agrees to that.
    OpeningAgreed = "opening-agreed",
    /// A party publishes an exchange rate with its source.
    ExchangeRate = "exchange-rate",
    /// The party that owes the accounts closes the statement of a period.
    StatementClosed = "statement-closed",
    /// The other side accepts it.
    StatementAccepted = "statement-accepted",
    /// The other side disputes it.
    StatementDisputed = "statement-disputed",
    /// A party begins to record a creation.
    SessionStarted = "session-started",
    /// It tells steps of it.
    SessionSteps = "session-steps",
    /// It ends the record.
    SessionStopped = "session-stopped",
}

impl Kind {
    fn from_name(name: &str) -> Result<Self, RecordError> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| malformed(format!("unknown kind of record `{name}`")))
    }
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

    /// The commitments that it makes, each with what it is to; see [`Body::committed`].
    pub fn committed(&self) -> Vec<Committed<'_>> {
        self.body().committed()
    }

    /// The commitments alone.
    pub fn commitments(&self) -> Vec<Commitment> {
        self.committed().into_iter().map(|it| it.commitment).collect()
    }

    /// The rules that the record must keep by itself; see [`Body::check`].
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), RecordError> {
        self.body().check()
    }

    /// The payload: canonical CBOR `{"v": 1, "kind": name, "record": body}`.
    pub(super) fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let mut out = Vec::with_capacity(512);
        push(&mut out, Item::Map(Some(3)));
        push_text(&mut out, "v");
        push(&mut out, Item::Positive(VERSION));
        push_text(&mut out, "kind");
        push_text(&mut out, self.kind().name());
        push_text(&mut out, "record");
        self.write_body(&mut out)?;
        Ok(out)
    }

    /// Reads a payload and checks the record. That nothing stands twice, behind the end or in
    /// another than the canonical form follows from comparing with the bytes written anew.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new("the payload", bytes);
        reader.expect(Item::Map(Some(3)), "a map of `v`, `kind` and `record` in the payload")?;
        reader.expect_key("v")?;
        let found = reader.positive("the version")?;
        if found != VERSION {
            return Err(RecordError::Version { found });
        }
        reader.expect_key("kind")?;
        let kind = Kind::from_name(reader.text("the kind of record")?)?;
        reader.expect_key("record")?;
        let record = kind.read_body(&bytes[reader.offset()..])?;
        record.check()?;
        if record.encode()? != bytes {
            return Err(RecordError::NotCanonical { what: "the payload" });
        }
        Ok(record)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    ciborium::from_reader(bytes).map_err(|error| match error {
        ciborium::de::Error::Semantic(_, reason) => malformed(reason),
        ciborium::de::Error::RecursionLimitExceeded => malformed("the record is nested too deep"),
        ciborium::de::Error::Io(_) => malformed("the record is cut off"),
        ciborium::de::Error::Syntax(_) => malformed("the record is not CBOR"),
    })
}
